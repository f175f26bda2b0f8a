"""Tags of several words in one: #AcmeAirDelay is acme air delay."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from listener.domain.query.folding import fold_exactly, in_name, is_mark, is_unseen

_HASH = re.compile("[#＃]")
_SHORTEST = 2  # letters of a name that is made of several words


class Parts(NamedTuple):
    """The words of a tag, and where the tag lies in the raw text."""

    words: str
    start: int
    end: int


def parts_of_tags(raw: str) -> Iterator[Parts]:
    """The tags that are made of several words."""
    for sign in _HASH.finditer(raw):
        end = sign.end()
        while end < len(raw) and (in_name(raw[end]) or is_mark(raw[end]) or is_unseen(raw[end])):
            end += 1
        if end - sign.end() < _SHORTEST:
            continue
        words = split(fold_exactly(raw[sign.end() : end]))
        if len(words) > 1:
            yield Parts(" ".join(words), sign.start(), end)


def split(name: str) -> list[str]:
    """The words of a name: each begins at a capital, or where letters and digits meet."""
    words: list[str] = []
    start = 0
    for at in range(1, len(name)):
        if _begins(name, at):
            words.append(name[start:at])
            start = at
    return [word for part in (*words, name[start:]) if (word := part.strip("_"))]


def _begins(name: str, at: int) -> bool:
    before, char = name[at - 1], name[at]
    if char == "_" or before == "_":
        return True
    if char.isdigit() != before.isdigit():
        return True
    if not char.isupper():
        return False
    return before.islower() or (before.isupper() and name[at + 1 : at + 2].islower())
