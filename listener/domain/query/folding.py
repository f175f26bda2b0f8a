"""How texts and terms are made alike before they are compared."""

import functools
import re
import unicodedata
from typing import Final

from listener.domain.text import UNSPACED_RUN

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
# The rest of this class is invisible and goes out: soft hyphens, joiners, direction marks,
# variation selectors.
_VARIANT = re.compile(
    "[\xad\xb4\u0131\u02bc\u034f\u061c\u180e\u200b-\u200f\u2010\u2011\u2018\u2019\u2026\u202a-\u202e"
    "\u2060-\u2069\u2120\u2122\ufe00-\ufe0f\ufeff\uff01-\uff5e\U000e0100-\U000e01ef]"
)


def fold_for_match(text: str) -> str:
    """Fold a text once, for all the queries that are asked of it.

    Case, width, compatibility forms, the kinds of apostrophe and hyphen, and white space do not
    tell texts apart; diacritics do.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    folded = _VARIANT.sub(_variant, unicodedata.normalize("NFC", text))
    folded = unicodedata.normalize("NFKC", folded).casefold()
    if "\u0307" in folded:
        folded = folded.replace("i\u0307", "i")
    return " ".join(unicodedata.normalize("NFKC", folded).split())


@functools.lru_cache(maxsize=4096)
def glues(char: str) -> bool:
    """Say whether a character is a letter, digit or mark of a script written with spaces.

    Between two that glue there is no word boundary; between all others there is.
    """
    if char.isalnum() or char == "_":
        return char < "\u0e00" or not UNSPACED_RUN.match(char)
    return unicodedata.category(char).startswith("M") and not UNSPACED_RUN.match(char)


@functools.lru_cache(maxsize=4096)
def in_name(char: str) -> bool:
    """Say whether a character can be part of a #tag or a @handle, of any script."""
    return glues(char) or UNSPACED_RUN.match(char) is not None


def _variant(match: re.Match[str]) -> str:
    return _VARIANTS.get(match[0], "")
