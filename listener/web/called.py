"""What values are called by whoever reads a page: sentiments, channels, roles and the like.

In English a value is its own name, as queries have it. Where the digest has a word for it, pages
say the same one.
"""

from collections.abc import Mapping
from typing import Final

from listener.domain.incident import Severity
from listener.domain.label import Sentiment
from listener.domain.mention import Channel
from listener.texts.words import TABLES, say
from listener.web.words import SOURCE, later, translations

_KEYS: Final[Mapping[str, str]] = {
    **{one.value: one.value for one in Sentiment},
    **{one.value: f"severity.{one.value}" for one in Severity},
    **{one.value: f"channel.{one.value}" for one in Channel},
    "competitor": "voice.competitor",
    "influencer": "voice.influencer",
}
# So that the others are gathered; what a value is, not where it stands, decides its word.
_OTHERS: Final = (
    # roles of subjects, and how authors speak of them
    later("brand"),
    later("promoter"),
    later("passive"),
    later("critic"),
    # what a mention wants
    later("complaint"),
    later("question"),
    later("praise"),
    later("wish"),
    later("purchase"),
    later("churn"),
    later("defect"),
    # what stands first
    later("urgency"),
    later("severity"),
    later("oldest"),
    later("newest"),
    later("reach"),
    later("relevance"),
    # what happened in an hour of an incident
    later("began"),
    later("opened"),
    later("over"),
    # what else breaks into quiet hours
    later("response"),
)


def called(value: str, language: str) -> str:
    """The word for a value; one that nobody knows stands as it is."""
    if language != SOURCE and language in TABLES and value in _KEYS:
        return say(language, _KEYS[value])
    return translations(language).gettext(value) if value else ""
