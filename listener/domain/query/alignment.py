"""Where a place of a folded text lies in the text as it was written."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from functools import lru_cache
from itertools import accumulate
from typing import Final

from listener.domain.query.folding import is_mark

Span = tuple[int, int]  # from, and the first character no more of it
Fold = Callable[[str], str]  # a function that leaves white space as it is

_WORD = re.compile(r"\S+")
_JOINS_BACK = re.compile("[\u1160-\u11ff\uff9e\uff9f]")  # Hangul in parts, narrow kana's voicing
_KNOWN: Final = 16_384


class Alignment:
    """Pairs the words of a folded text with those of the raw one, and their letters when asked.

    Letters that fold together are one piece, with their marks; where that does not add up the whole
    word is, and in the worst case the whole text is. `fold` has to leave alone how many characters
    a word in ASCII has.
    """

    def __init__(self, raw: str, folded: str, fold: Fold) -> None:
        self._fold = fold
        self._words: list[tuple[str, str]] = []  # as written, and folded
        self._raw: list[int] = []  # where they begin
        self._folded: list[int] = []
        self._letters: dict[int, tuple[list[int], list[int]]] = {}
        at = 0
        for word in _WORD.finditer(raw):
            written = word[0]
            made = written if written.isascii() else " ".join(fold(written).split())
            if made:
                self._words.append((written, made))
                self._raw.append(word.start())
                self._folded.append(at)
                at += len(made) + 1
        if max(at - 1, 0) != len(folded) or not self._is_as_made(folded):
            self._words, self._raw, self._folded = [(raw, folded)], [0], [0]

    def _is_as_made(self, folded: str) -> bool:
        places = zip(self._words, self._folded, strict=True)
        return all(
            written.isascii() or folded.startswith(made, at) for (written, made), at in places
        )

    def to_raw(self, span: Span) -> Span:
        """The part of the raw text that a part of the folded one, which is not empty, came from."""
        return self._moved(span, self._folded, self._raw, to_raw=True)

    def to_folded(self, span: Span) -> Span:
        """The part of the folded text that a part of the raw one became."""
        return self._moved(span, self._raw, self._folded, to_raw=False)

    def _moved(self, span: Span, here: list[int], there: list[int], *, to_raw: bool) -> Span:
        first = bisect_right(here, span[0]) - 1
        last = bisect_left(here, span[1]) - 1
        start, _ = self._piece(first, span[0] - here[first], span[0] + 1 - here[first], to_raw)
        _, end = self._piece(last, span[1] - 1 - here[last], span[1] - here[last], to_raw)
        return there[first] + start, there[last] + end

    def _piece(self, word: int, start: int, end: int, to_raw: bool) -> Span:
        """Where the letters of a word that a part of it belongs to lie on the other side."""
        if self._words[word][0].isascii():
            return start, end
        raw, folded = self._starts(word)
        here, there = (folded, raw) if to_raw else (raw, folded)
        first = max(bisect_right(here, start) - 1, 0)
        return there[first], there[min(bisect_left(here, end), len(there) - 1)]

    def _starts(self, word: int) -> tuple[list[int], list[int]]:
        """Where the letters of a word begin, as written and folded; and where it ends."""
        if word not in self._letters:
            written, made = self._words[word]
            pieces = _letters(written)
            folded = _without_double_blanks([self._fold(piece) for piece in pieces])
            if "".join(folded).rstrip(" ") != made:
                pieces, folded = [written], [made]
            self._letters[word] = _sums(pieces), _sums(folded)
        return self._letters[word]


def _without_double_blanks(pieces: list[str]) -> list[str]:
    """The same pieces, of which none is a blank at the beginning or behind another."""
    kept: list[str] = []
    after_blank = True
    for piece in pieces:
        kept.append("" if after_blank and piece.isspace() else piece)
        after_blank = piece.isspace() or (after_blank and not piece)
    return kept


def _sums(pieces: list[str]) -> list[int]:
    return list(accumulate(map(len, pieces), initial=0))


def _letters(word: str) -> list[str]:
    pieces: list[str] = []
    for char in word:
        if pieces and (is_mark(char) or _JOINS_BACK.match(char)):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def remembered(fold: Fold) -> Fold:
    """The same function, with what it made of single letters at hand."""
    return lru_cache(maxsize=_KNOWN)(fold)
