"""Reply templates: what to answer, in the languages of those who write; pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

PLACEHOLDERS: Final = ("author", "brand", "topic", "link")
GAP: Final = "…"  # stands where nobody knows the word; a draft is read before it is sent
_PLACE: Final = re.compile(r"\{([^{}]*)\}")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A template with its text in some languages (BCP 47). `topics`: only for these; none: for all.

    Raises ValueError for a placeholder or a language that is none.
    """

    name: str
    text: Mapping[str, str]
    topics: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.text:
            raise ValueError('text is empty: give it a text in a language, { en = "..." }')
        for language, text in self.text.items():
            if not _LANGUAGE.fullmatch(language):
                raise ValueError(f"text {language!r} is no language; write en, hu or zh-Hans")
            if not text.strip():
                raise ValueError(f"text {language} is empty")
            _check(language, text)

    def is_for(self, topics: tuple[str, ...]) -> bool:
        """Whether it is meant for a mention with these topics."""
        wanted = {topic.casefold() for topic in self.topics}
        return not wanted or not wanted.isdisjoint(topic.casefold() for topic in topics)


def _check(language: str, text: str) -> None:
    unknown = [place for place in _PLACE.findall(text) if place not in PLACEHOLDERS]
    if unknown:
        known = ", ".join(f"{{{one}}}" for one in PLACEHOLDERS)
        raise ValueError(f"text {language} has {{{unknown[0]}}}; there is {known}")


def filled(text: str, words: Mapping[str, str | None]) -> str:
    """The text with its placeholders filled in, and gaps where there is no word for one."""
    return _PLACE.sub(lambda place: words.get(place[1]) or GAP, text)
