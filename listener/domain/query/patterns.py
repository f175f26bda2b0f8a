"""Words that are left open: wildcards, and one slip."""

import re
from functools import lru_cache
from typing import Final

LONGEST_TO_SLIP: Final = 64
SHORTEST_TO_SLIP: Final = 4  # letters; every word of three is one slip from many others


class Glob:
    """A folded word with wildcards: `*` is any number of characters, `?` exactly one.

    What lies between the stars is looked for from left to right, the last at the end: no pattern
    takes longer than the length of the word times that of the pattern.
    """

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        pieces = re.split(r"\*+", pattern)
        self.first, self.last = pieces[0], pieces[-1]
        self.longest = max(re.split(r"[*?]", pattern), key=len)
        self._is_open = len(pieces) > 1
        self._least = sum(map(len, pieces))
        self._first, *between = map(_compiled, pieces)
        self._last = between.pop() if between else self._first
        self._between = [piece for piece in between if piece.pattern]

    def matches(self, word: str) -> bool:
        """Whether the whole word is of this form."""
        if len(word) < self._least or self._first.match(word) is None:
            return False
        if not self._is_open:
            return len(word) == self._least
        at, end = len(self.first), len(word) - len(self.last)
        for piece in self._between:
            found = piece.search(word, at, end)
            if found is None:
                return False
            at = found.end()
        return at <= end and self._last.match(word, end) is not None


def _compiled(piece: str) -> re.Pattern[str]:
    parts = (re.escape(part) for part in piece.split("?"))
    return re.compile(".".join(parts), re.DOTALL)


def is_one_slip(word: str, other: str) -> bool:
    """Whether two words differ by at most one letter, or by two neighbours in the wrong order.

    The restricted edit distance of Damerau (1964), up to 1.
    """
    if word == other:
        return True
    if len(word) > len(other):
        word, other = other, word
    at = next((n for n, char in enumerate(word) if char != other[n]), len(word))
    if len(other) == len(word) + 1:
        return word[at:] == other[at + 1 :]
    if len(other) != len(word):
        return False
    if word[at + 1 :] == other[at + 1 :]:
        return True
    swapped = word[at + 1 : at + 2] + word[at : at + 1]
    return swapped == other[at : at + 2] and word[at + 2 :] == other[at + 2 :]


@lru_cache(maxsize=8_192)  # common words come again and again
def shortened(word: str) -> frozenset[str]:
    """A word, and what is left of it without one letter.

    Of two words that are one slip apart these have one in common (as in Garbe's SymSpell, 2012).
    Nothing of words that are too long to be any.
    """
    if len(word) > LONGEST_TO_SLIP:
        return frozenset((word,))
    return frozenset((word, *[word[:at] + word[at + 1 :] for at in range(len(word))]))


def kept_ends(word: str) -> tuple[str, str]:
    """The beginning and the end of a word, one of which every word has that is one slip away."""
    size = (len(word) - 1) // 2
    return word[:size], word[len(word) - size :]
