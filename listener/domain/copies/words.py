"""What of a text is compared: its letters in a row, in any script, and whether it was cut off."""

import re
from dataclasses import dataclass
from functools import cached_property
from operator import add
from typing import Final

from listener.domain.text import letters

LONGEST: Final = 3000  # letters; what an article says further down is not looked at
LEAST: Final = 32  # letters; a change of one word leaves too little of less
LEAST_DENSE: Final = 14

# A character is about as much as half a word: Han, kana, bopomofo, syllables of Hangul.
_DENSE = re.compile(
    "[\u2e80-\u2fdf\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af]+"
)
_TAGS: Final = ("#", "@", "http://", "https://", "www.")
_INSIDE = re.compile(r"(?<=[\w,;] )[^\W\d_]\w{2,}")
_ENDS_CUT = re.compile(r"(?:…|\.\.\.|⋯)\W{0,6}\Z")  # also where somebody put a face behind it
_QUOTED = re.compile(
    "“[^“”]{20,}”|„[^„“”]{20,}[“”]|«[^«»]{20,}»|»[^«»]{20,}«|「[^「」]{10,}」|『[^『』]{10,}』"
    '|"[^"]{20,}"|^>.*$',
    re.MULTILINE,
)


@dataclass(frozen=True)
class Words:
    """A text, ready to be compared."""

    letters: str
    dense: bool  # most of it in a script whose characters say much
    cut: bool  # it ends with …
    body: str  # without the tags at its end

    @cached_property
    def shingles(self) -> frozenset[str]:
        return self.shingles_to(len(self.letters))

    def shingles_to(self, end: int) -> frozenset[str]:
        """The runs of a few letters, at each place before `end`."""
        return shingled(self.letters[:end], dense=self.dense)

    @cached_property
    def own(self) -> str | None:
        """The letters beside what it quotes; None: it quotes nothing."""
        beside = _QUOTED.sub(" ", self.body)
        return letters(beside) if len(beside) != len(self.body) else None

    @cached_property
    def names(self) -> frozenset[str]:
        """The words with a capital inside a sentence: of whom, where and when it tells."""
        words = _INSIDE.findall(self.body)
        return frozenset(word for word in words if word[0].isupper() and not word.isupper())


def shingled(row: str, *, dense: bool) -> frozenset[str]:
    """Pairs of characters that say much, or runs of four letters."""
    pairs = list(map(add, row, row[1:]))
    return frozenset(pairs if dense else map(add, pairs, pairs[2:]))


def read(text: str) -> Words | None:
    """A text as it is compared; None when it says too little to be anybody's copy.

    Hashtags, handles and links at its end do not count: a repost adds its own.
    """
    body, cut = _without_tags(text)
    row = letters(body)[:LONGEST]
    dense = not row.isascii() and sum(map(len, _DENSE.findall(row))) * 2 > len(row)
    if len(row) < (LEAST_DENSE if dense else LEAST):
        return None
    return Words(row, dense, cut, body)


def _without_tags(text: str) -> tuple[str, bool]:
    """A text up to the tags, handles and links at its end, and whether it was cut off."""
    rest = text.rstrip()
    cut = _is_cut(rest)
    while rest:
        begin = max(rest.rfind(" "), rest.rfind("\n")) + 1
        if not rest.startswith(_TAGS, begin):
            break
        rest = rest[:begin].rstrip()
        cut = cut or _is_cut(rest)
    return rest, cut


def _is_cut(text: str) -> bool:
    return _ENDS_CUT.search(text, max(0, len(text) - 10)) is not None
