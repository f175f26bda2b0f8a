"""What a survey's row says in numbers, in its fields `nps`, `csat` and `ces`."""

import math
from collections.abc import Mapping
from typing import Any, Final

from listener.domain.stars import USUAL_SCALE

NPS, CSAT, CES = "nps", "csat", "ces"
SCORES: Final = (CSAT, NPS, CES)  # in the order in which they stand in for missing words
WIDEST: Final = {NPS: 10}
LOWEST: Final = {NPS: 0}
MOST: Final = 1000  # as of stars


def score(raw: Mapping[str, Any], name: str) -> tuple[float, int] | None:
    """A score and its scale; None where there is none, or one that lies outside."""
    scale = WIDEST.get(name) or _number(raw.get(f"{name}_scale")) or USUAL_SCALE
    given = _number(raw.get(name))
    if given is None or not 2 <= scale <= MOST or not LOWEST.get(name, 1) <= given <= scale:
        return None
    return given, int(scale)


def first_score(raw: Mapping[str, Any]) -> tuple[float, int] | None:
    """What an answer without words is judged by."""
    return next(filter(None, (score(raw, name) for name in SCORES)), None)


def _number(value: Any) -> float | None:
    try:
        number = math.nan if value is None or isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
