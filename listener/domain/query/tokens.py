"""What a full-text index is fed of a text: the very words and characters that queries compare.

Texts and terms are cut here in the same way, so that an index finds at least what a query does.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from typing import Final, NamedTuple

from listener.domain.query.reading import BREAK, Reading, gluing_marks
from listener.domain.text import UNSPACED, UNSPACED_RUN

LONGEST: Final = 64  # characters of a word that the vocabulary keeps
# Begins what the index knows of a text beside its words: no word and no sign that we keep has it.
ABOUT: Final = "¶"
IRREGULAR: Final = f"{ABOUT}irregular"

# Signs that are kept, each as a word of its own: arrows, technical signs, emoji, currencies.
_SIGNS: Final = (
    "\xa2-\xa5\xa9\xae\u20a0-\u20cf\u2190-\u21ff\u2300-\u2bff\u3030\u303d\u3297\u3299"
    "\U0001f000-\U0001faff"
)
_ASCII_WORD = re.compile(r"\w+")
_WITHOUT_MARKS = re.compile(rf"[^\W{UNSPACED}]+|[{_SIGNS}]|[{UNSPACED}]+")
_LONG = re.compile(rf"[^ ]{{{LONGEST + 1}}}")  # perhaps a word

# Signs that a folded text writes with letters, as ℡ or ㎏: they are no letters where a term in
# backticks is looked for, and grow together with their neighbours where words are cut.
_ODD_RANGES: Final = (
    "\xa8\xaf\xb8\u02d8-\u02dd\u0384\u0385\u1fbd\u1fbf-\u1fc1\u1fcd-\u1fcf\u1fdd-\u1fdf\u1fed\u1fee"
    "\u1ffe\u2017\u203e\u20a8\u2100\u2101\u2103\u2105\u2106\u2109\u2116\u2121\u213b\u249c-\u24e9"
    "\u3250\u32c0-\u32cf\u3358-\u337a\u3380-\u33ff\ufdfc\ufe33\ufe34\ufe49-\ufe4f\uff3f\uffe3"
    "\U0001f110-\U0001f12e\U0001f130-\U0001f14f\U0001f16a-\U0001f16c\U0001f190"
)
_ODD = re.compile(f"[{_ODD_RANGES}]")


class Cut(NamedTuple):
    """A folded text in pieces. `words` in their order; `runs` of scripts without spaces."""

    words: list[str]
    runs: Sequence[str] = ()


def cut(folded: str) -> Cut:
    """The words and signs of a folded text, and its runs of characters without spaces."""
    if folded.isascii():
        return Cut(_ASCII_WORD.findall(folded))
    pieces: list[str] = _pieces(folded).findall(folded)
    if UNSPACED_RUN.search(folded) is None:
        return Cut(pieces)
    words: list[str] = []
    runs: list[str] = []
    for piece in pieces:
        (runs if UNSPACED_RUN.match(piece) else words).append(piece)
    return Cut(words, runs)


def is_word(piece: str) -> bool:
    """Whether a piece is a word, and not a sign."""
    return _glued().fullmatch(piece) is not None


def pairs(run: str) -> list[str]:
    """The overlapping pairs of a run, and its last character alone: each begins one of these."""
    return [*(run[at : at + 2] for at in range(len(run) - 1)), run[-1]]


class Columns(NamedTuple):
    """A text as the index is given it, and the words of it that the vocabulary is to know."""

    text: str
    cjk: str
    is_irregular: bool
    words: list[str]  # those that come twice are here twice


def columns(raw: str) -> Columns:
    """Cut a text for the index. It is irregular where a way to look for words may miss one."""
    hay = Reading(raw).hay
    if hay.isascii():
        return _kept(hay.replace(BREAK, " "), "", raw, _ASCII_WORD.findall(hay))
    words, runs = cut(hay)
    cjk = " ".join([pair for run in runs for pair in pairs(run)])
    is_odd = _marks().search(hay) is not None and _apart().search(hay) is not None
    return _kept(" ".join(words), cjk, raw, words, is_odd=is_odd)


def has_odd_signs(raw: str) -> bool:
    """Whether folding makes letters of a sign, which then grow together with their neighbours."""
    return not raw.isascii() and _ODD.search(raw) is not None


def _kept(text: str, cjk: str, raw: str, words: list[str], *, is_odd: bool = False) -> Columns:
    is_odd = is_odd or has_odd_signs(raw)
    if _LONG.search(text) is None:
        return Columns(text, cjk, is_odd, words)
    kept = [word for word in words if len(word) <= LONGEST]
    return Columns(text, cjk, is_odd or len(kept) < len(words), kept)


def known(name: str, value: str) -> str:
    """What the index is told of a field of a text: a word that nobody can write."""
    return ABOUT + blake2b(f"{name}:{value}".encode(), digest_size=6).hexdigest()


def made_by() -> str:
    """What the cutting depends on beside this code: an index made by another is of no use."""
    return f"2, Unicode {unicodedata.unidata_version}"


@cache
def _marks() -> re.Pattern[str]:
    """The marks of scripts with spaces, as `Reading.words` has them."""
    return re.compile(gluing_marks())


@cache
def _apart() -> re.Pattern[str]:
    """Such a mark behind a character of an unspaced script: there a word may begin after it."""
    return re.compile(f"[{UNSPACED}](?:{_marks().pattern})")


@cache
def _glued() -> re.Pattern[str]:
    return re.compile(rf"(?:[^\W{UNSPACED}]|{_marks().pattern})+")


@cache
def _with_marks() -> re.Pattern[str]:
    return re.compile(f"{_glued().pattern}|[{_SIGNS}]|[{UNSPACED}]+")


def _pieces(folded: str) -> re.Pattern[str]:
    """What cuts a text; marks that stand apart from their letters are rare, and slow to look at."""
    return _with_marks() if _marks().search(folded) else _WITHOUT_MARKS
