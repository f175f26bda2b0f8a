"""A text for services that each read other markup: it calls nobody, and hides no address; pure."""

import re
from typing import Final

_LINK: Final = re.compile(r"(https?://\S+)")
_NO_SPACE: Final = "\u200b"  # is not seen, and takes a sign from the word it would act on
_IN_WORDS: Final = (
    ("@", f"@{_NO_SPACE}"),  # @everyone, @channel, <@U1>
    ("<", "‹"),  # <!channel>, <at user_id="all">, <#C1>, tags
    ("](", f"]{_NO_SPACE}("),  # [words](address)
)
_IN_LINKS: Final = (("@", "%40"), ("<", "%3C"), ("](", "%5D("))  # the same addresses


def inert(text: str) -> str:
    """The text with all that calls people, opens tags or hides addresses taken apart.

    Signs of emphasis stay: a service that knows only marked text may show *a* in bold.
    """
    parts = _LINK.split(text)  # every second one is a link
    return "".join(
        _replaced(part, _IN_LINKS if number % 2 else _IN_WORDS) for number, part in enumerate(parts)
    )


def _replaced(text: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for before, after in pairs:
        text = text.replace(before, after)
    return text
