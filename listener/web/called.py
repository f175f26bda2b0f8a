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
from listener.web.words import SOURCE, later, meant, translations

SHARED: Final[Mapping[str, str]] = {
    **{one.value: one.value for one in Sentiment},
    **{one.value: f"severity.{one.value}" for one in Severity},
    **{one.value: f"channel.{one.value}" for one in Channel},
    "competitor": "voice.competitor",
    "influencer": "voice.influencer",
}
# Values that are no words of English.
_SPELT: Final[Mapping[str, str]] = {
    "due_soon": later("due soon"),
}
# Values that mean something else where they stand for this.
_HOMONYMS: Final = frozenset({
    meant("why it needs an answer", "waits"),
    meant("why it is kept aside", "relevance"),
    meant("why it is kept aside", "person"),
})  # fmt: skip
# So that the others are gathered; for them what a value is, not where it stands, decides its word.
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
    # how what waits stands, and an incident
    later("open"),
    later("waiting"),
    later("overdue"),
    later("met"),
    later("missed"),
    later("dismissed"),
    later("acknowledged"),
    later("resolved"),
    # what people do
    later("answered"),
    later("assigned"),
    later("snoozed"),
    later("corrected"),
    later("linked"),
    later("unlinked"),
    later("noted"),
    later("undid"),
    later("went back to"),
    later("marked"),
    later("unmarked"),
    later("ended the snooze of"),
    later("snooze ended"),
    # what becomes of incidents
    later("escalated"),
    later("reopened"),
    # which of its mentions is quoted
    later("first"),
    later("reached most"),
    # who labelled it, where no person did, and an intent that a person took away
    later("model"),
    later("given"),
    later("none"),
    # why something needs an answer, or is kept aside
    later("asks"),
    later("help"),
    later("wronged"),
    later("leaving"),
    later("buying"),
    later("danger"),
    later("request"),
    later("spam"),
    # why an outlet was told of it, or was not
    later("it is new"),
    later("it is graver"),
    later("it is back"),
    later("it is over"),
    later("still open, and nobody has taken it"),
    later("its snooze is over"),
    later("a promise"),
    later("for your information"),
    later("brings a message up to date"),
    later("it may be over in a moment"),
    later("told of it a moment ago"),
    later("quiet hours"),
    later("the day's interruptions are spent"),
    later("too many incidents at once"),
    later("snoozed"),
    later("part of a larger incident"),
    later("it comes and goes"),
    later("somebody has taken it"),
    later("a reminder that is not due"),
    later("nobody here was told that it began"),
    later("told together with later news"),
    later("it was over before it was told"),
    later("shadow: nobody is told yet"),
    # what happened in an hour of an incident
    later("began"),
    later("opened"),
    later("over"),
    # what else breaks into quiet hours
    later("response"),
)


def called(value: str, language: str, context: str = "") -> str:
    """The word for a value, as it is meant here; one that nobody knows stands as it is."""
    if (context, value) in _HOMONYMS:
        return translations(language).pgettext(context, value)
    if language != SOURCE and language in TABLES and value in SHARED:
        return say(language, SHARED[value])
    return translations(language).gettext(_SPELT.get(value, value)) if value else ""
