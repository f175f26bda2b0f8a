"""Whether praise may not be meant: by how people word irony.

The wordings stand in `models/phrases/irony.txt`. They tell some of it, and nothing certain: who
asks should take a label for less sure, not for its contrary.
"""

import functools
import re
from pathlib import Path
from typing import Final

from classifiers.han import SIMPLIFIED

PHRASES: Final = Path(__file__).parent / "models" / "phrases" / "irony.txt"
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


def may_be_ironic(text: str) -> bool:
    """Whether one of the wordings is found in a text, in any of their languages."""
    return _wordings().search(text.lower().translate(_SIMPLIFY)) is not None


@functools.cache
def _wordings() -> re.Pattern[str]:
    found: list[str] = []
    harm = ""
    for line in PHRASES.read_text("utf-8").splitlines():
        if not line or line.startswith("# ") or re.fullmatch(r"\[\w+\]", line):
            continue
        if line.startswith("harm = "):
            harm = line.removeprefix("harm = ")
        else:
            found.append(line.replace("{harm}", harm).replace("…", _GAP).replace(" ", r"\s+"))
    return re.compile("|".join(f"(?:{one})" for one in found))
