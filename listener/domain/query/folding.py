"""How texts and terms are made alike before they are compared."""

import functools
import re
import unicodedata
from typing import TYPE_CHECKING, Final

from listener.domain.text import UNSPACED_RUN

if TYPE_CHECKING:
    from opencc import OpenCC

_VARIANTS: Final = {
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "´": "'",
    "\u2010": "-",
    "\u2011": "-",
    "™": " ",  # or NFKC makes AcmeTM of it
    "℠": " ",
    "ı": "i",  # with İ below: Turkish capitals do not say which i they are
    # What NFKC would do too; but it is slow once there is work, and these are in most texts.
    "…": "...",
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
}
_INVISIBLE: Final = (
    "\xad\u034f\u061c\u0640\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff"
    "\U000e0100-\U000e01ef"  # soft hyphens, tatweel, joiners, direction marks, variation selectors
)
_VARIANT = re.compile(
    f"[{_INVISIBLE}\xb4\u0131\u02bc\u2010\u2011\u2018\u2019\u2026\u2120\u2122\uff01-\uff5e]"
)
_UNSEEN = re.compile(f"[{_INVISIBLE}]")

# One character that NFKC makes eighteen of, slowly: thousands of them are a hostile text.
_LONGEST: Final = "\ufdfa"
_AS_LONG: Final = unicodedata.normalize("NFKC", _LONGEST)
_MOST_LONG: Final = 1_000  # of one text are written out; no blessing is said more often

# What is taken off letters by ~plain: accents, and the points of Hebrew and Arabic. The marks of
# other scripts are vowels.
_DIACRITIC = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]"
)
_STROKES: Final = str.maketrans("đłøħŧ", "dloht")


def fold_for_match(text: str) -> str:
    """Fold a text once, for all the queries that are asked of it.

    Case, width, compatibility forms, the kinds of apostrophe and hyphen, and white space do not
    tell texts apart; diacritics do.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(fold_letters(text).split())


def fold_letters(text: str) -> str:
    """As `fold_for_match`, but white space stays as it is."""
    folded = _VARIANT.sub(_variant, unicodedata.normalize("NFC", text))
    folded = folded.replace(_LONGEST, _AS_LONG, _MOST_LONG).replace(_LONGEST, " ")
    folded = unicodedata.normalize("NFKC", folded).casefold()
    if "\u0307" in folded:
        folded = folded.replace("i\u0307", "i")
    if "\u0640" in folded:
        folded = folded.replace("\u0640", "")  # NFKC makes it of vowels that stand on a tatweel
    return unicodedata.normalize("NFKC", folded)


def fold_exactly(text: str) -> str:
    """Fold only what nobody sees: how letters are composed, what is invisible, white space."""
    return " ".join(keep_letters(text).split())


def keep_letters(text: str) -> str:
    """As `fold_exactly`, but white space stays as it is."""
    return text if text.isascii() else unicodedata.normalize("NFC", _UNSEEN.sub("", text))


def without_diacritics(folded: str) -> str:
    """Take the diacritics off a folded text."""
    if folded.isascii():
        return folded
    bare = _DIACRITIC.sub("", unicodedata.normalize("NFD", folded)).translate(_STROKES)
    return unicodedata.normalize("NFC", bare)


def bare_term(folded: str) -> str:
    """A folded term without its diacritics; as it is where it has nothing else."""
    bare = without_diacritics(folded)
    return bare if bare.strip() else folded


def simplified(folded: str) -> str:
    """Put the simplified character in the place of every traditional one, one for one."""
    return folded if folded.isascii() else "".join(map(_simplified, folded))


@functools.lru_cache(maxsize=16_384)
def _simplified(char: str) -> str:
    if not "\u3400" <= char <= "\U000323af":
        return char
    written: str = _converter().convert(char)
    return written if len(written) == 1 else char


@functools.cache
def _converter() -> "OpenCC":
    from opencc import OpenCC  # noqa: PLC0415  # its tables are only read when they are asked for

    return OpenCC("t2s")


@functools.lru_cache(maxsize=4096)
def glues(char: str) -> bool:
    """Say whether a character is a letter, digit or mark of a script written with spaces.

    Between two that glue there is no word boundary; between all others there is.
    """
    if char.isalnum() or char == "_":
        return char < "\u0e00" or not UNSPACED_RUN.match(char)
    return is_mark(char) and not UNSPACED_RUN.match(char)


@functools.lru_cache(maxsize=4096)
def is_mark(char: str) -> bool:
    """Say whether a character sits on the one before it."""
    return unicodedata.category(char).startswith("M")


def is_unseen(char: str) -> bool:
    """Say whether a character is invisible, and does not count."""
    return _UNSEEN.match(char) is not None


@functools.lru_cache(maxsize=4096)
def goes_on(char: str) -> bool:
    """Say whether a character can only continue a word or a letter that ends before it."""
    return glues(char) or is_mark(char)


@functools.lru_cache(maxsize=4096)
def in_name(char: str) -> bool:
    """Say whether a character can be part of a #tag or a @handle, of any script."""
    return glues(char) or UNSPACED_RUN.match(char) is not None


def _variant(match: re.Match[str]) -> str:
    return _VARIANTS.get(match[0], "")
