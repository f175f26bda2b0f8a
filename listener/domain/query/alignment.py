"""Where a place of a folded text lies in the text as it was written."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from functools import lru_cache

from listener.domain.query.folding import is_mark

Span = tuple[int, int]  # from, and the first character no more of it
Fold = Callable[[str], str]  # a function that leaves white space as it is

_WORDS = re.compile(r"\s+|\S+")
_JOINS_BACK = re.compile("[\u1160-\u11ff\uff9e\uff9f]")  # Hangul in parts, narrow kana's voicing
_KNOWN = 16_384


class Alignment:
    """Pairs the pieces of a folded text with the pieces of the raw one, in order.

    Letters that fold together are one piece, with their marks; where even that does not add up,
    whole words are, and in the worst case the whole text is.
    """

    def __init__(self, raw: str, folded: str, fold: Fold) -> None:
        for pieces in (_letters(raw), _words(raw), [raw]):
            if self._pair(pieces, folded, fold):
                return
        self._raw, self._folded = [0, len(raw)], [0, len(folded)]

    def _pair(self, pieces: list[str], folded: str, fold: Fold) -> bool:
        """Lay the pieces beside the folded text; white space was made one blank, or none."""
        raw_starts, folded_starts, parts = [], [], []
        at, length = 0, 0
        was_blank = True  # as if there were one before the text: what leads is cut off
        for piece in pieces:
            made = fold(piece)
            kept = _collapsed(made, after_blank=was_blank)
            raw_starts.append(at)
            folded_starts.append(length)
            parts.append(kept)
            at, length = at + len(piece), length + len(kept)
            was_blank = kept.endswith(" ") if kept else was_blank
        if "".join(parts).rstrip(" ") != folded:
            return False
        self._raw, self._folded = [*raw_starts, at], [*folded_starts, length]
        return True

    def to_raw(self, span: Span) -> Span:
        """The part of the raw text that a part of the folded one, which is not empty, came from."""
        first = bisect_right(self._folded, span[0]) - 1
        after = bisect_left(self._folded, span[1])
        return self._raw[first], self._raw[min(after, len(self._raw) - 1)]

    def to_folded(self, span: Span) -> Span:
        """The part of the folded text that a part of the raw one became."""
        first = bisect_right(self._raw, span[0]) - 1
        after = bisect_left(self._raw, span[1])
        return self._folded[first], self._folded[min(after, len(self._folded) - 1)]


def _letters(raw: str) -> list[str]:
    pieces: list[str] = []
    for char in raw:
        if pieces and (is_mark(char) or _JOINS_BACK.match(char)):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _words(raw: str) -> list[str]:
    return _WORDS.findall(raw)


def _collapsed(made: str, *, after_blank: bool) -> str:
    if made.isascii() and len(made) == 1:
        return (" " if not after_blank else "") if made.isspace() else made
    return "".join(_runs(made, after_blank=after_blank))


def _runs(made: str, *, after_blank: bool) -> Iterator[str]:
    for run in _WORDS.findall(made):
        if not run.isspace():
            yield run
            after_blank = False
        elif not after_blank:
            yield " "
            after_blank = True


def remembered(fold: Fold) -> Fold:
    """The same function, with what it made of single letters at hand."""
    return lru_cache(maxsize=_KNOWN)(fold)
