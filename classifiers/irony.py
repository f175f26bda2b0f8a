"""Whether praise may not be meant: by how people word irony.

The wordings stand in `models/phrases/irony.txt`. They tell some of it, and nothing certain: who
asks should take a label for less sure, not for its contrary.
"""

import functools
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from classifiers.han import SIMPLIFIED

PHRASES: Final = Path(__file__).parent / "models" / "phrases" / "irony.txt"
UNKNOWN: Final = "und"
_GAP: Final = "[^.!?。！？\n]{0,40}?"
_MORE: Final = {
    "丟": "丢",
    "閃": "闪",
    "壞": "坏",
    "錯": "错",
    "無": "无",
    "潰": "溃",
    "厲": "厉",
    "週": "周",
}
_SIMPLIFY: Final = str.maketrans({**SIMPLIFIED, **_MORE})


def may_be_ironic(text: str, language: str | None = None) -> bool:
    """Whether a wording of a text's language is found in it; of any, where that is not known."""
    told = (language or UNKNOWN).partition("-")[0]
    return _wordings(told).search(text.lower().translate(_SIMPLIFY)) is not None


@functools.cache
def _wordings(language: str) -> re.Pattern[str]:
    found: list[str] = []
    section = harm = ""
    for line in PHRASES.read_text("utf-8").splitlines():
        if not line or line.startswith("# "):
            continue
        if named := re.fullmatch(r"\[(\w+)\]", line):
            section = named[1]
        elif line.startswith("harm = "):
            harm = line.removeprefix("harm = ")
        elif UNKNOWN in (language, section) or section == language:
            found.append(line.replace("{harm}", harm).replace("…", _GAP).replace(" ", r"\s+"))
    return re.compile(_any_of(found))


def _any_of(wordings: Sequence[str]) -> str:
    """One expression for all; where a word has to begin is looked at once, not for each of them."""
    at_words = [f"(?:{one[2:]})" for one in wordings if one.startswith(r"\b")]
    anywhere = [f"(?:{one})" for one in wordings if not one.startswith(r"\b")]
    return "|".join([*anywhere, *([rf"\b(?:{'|'.join(at_words)})"] if at_words else [])])
