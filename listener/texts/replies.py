"""Drafts of replies to a mention, in its writer's language, for a person to copy and send; pure.

Nothing posts them. A name of a template that is built in is a phrase of the pages.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from listener.domain.reply import Reply, filled
from listener.texts.drafts import DRAFTS, FALLBACK, nearest
from listener.texts.escape import one_line

LONGEST_WORD: Final = 200

BUILT_IN: Final = (
    Reply(
        name="Sorry, tell us more",
        text={
            "en": "Hi {author}, we are sorry about this. Please send us the details in a direct"
            " message, so that we can put it right.",
            "hu": "Kedves {author}! Sajnáljuk, ami történt. Kérjük, írja meg a részleteket privát"
            " üzenetben, hogy rendbe tehessük.",
            "zh-Hans": "{author}，您好！给您带来不便，我们深表歉意。请私信告诉我们详细情况，"
            "以便我们尽快处理。",
            "zh-Hant": "{author}，您好！造成您的不便，我們深感抱歉。請私訊告訴我們詳細情況，"
            "以便我們盡快處理。",
        },
    ),
    Reply(
        name="Thank you",
        text={
            "en": "Hi {author}, thank you for taking the time to write about {brand}. We have"
            " passed it on to the team.",
            "hu": "Kedves {author}! Köszönjük, hogy időt szánt arra, hogy írjon nekünk."
            " Továbbítottuk a csapatnak.",
            "zh-Hans": "{author}，您好！感谢您抽出时间分享对 {brand} 的感受，我们已转达给团队。",
            "zh-Hant": "{author}，您好！感謝您抽空分享對 {brand} 的感受，我們已轉達給團隊。",
        },
    ),
    Reply(
        name="It is fixed now",
        text={
            language: named.replace("{name}", "{author}") for language, (named, _) in DRAFTS.items()
        },
    ),
)


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft, and the language it is in; `fell_back`: not that of the writer."""

    name: str
    text: str
    language: str
    fell_back: bool


def drafted(
    replies: Iterable[Reply],
    language: str | None,
    topics: tuple[str, ...],
    words: Mapping[str, str | None],
) -> list[Drafted]:
    """The templates that fit a mention, filled in, those for its topics first.

    language: the writer's (BCP 47), if known. words: for the placeholders; of people, so each is
    put on one line.
    """
    clean = {key: one_line(word, LONGEST_WORD) if word else None for key, word in words.items()}
    fitting = [one for one in replies if one.is_for(topics)]
    found = []
    for reply in sorted(fitting, key=lambda one: not one.topics):
        theirs = nearest(language, reply.text)
        taken = theirs or (FALLBACK if FALLBACK in reply.text else next(iter(reply.text)))
        text = filled(reply.text[taken], clean)
        found.append(Drafted(reply.name, text, taken, fell_back=theirs is None))
    return found
