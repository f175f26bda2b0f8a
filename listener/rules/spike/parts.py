"""Parts of a brand: which channels and topics have a detector of their own, and what it takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from listener.domain.part import EVERY, WHOLE, Part
from listener.domain.wording import Topic, Wording
from listener.rules.spike.settings import BUCKET_MINUTES, WINDOWS, thresholds_of

MOST = 24  # of one brand
LEAST_NEGATIVES = 5  # in two weeks; with less there is no usual to rise above
ALMOST_ALL = 0.8  # of a brand's negatives: such a part tells nothing that the brand does not
OVERLAPPING = 0.5  # of the negatives of the smaller of two parts: they tell of one trouble

_CHANNELS = {
    "social": Wording("social media"),
    "review": Wording("reviews"),
    "news": Wording("news"),
    "ticket": Wording("tickets"),
    "survey": Wording("surveys"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Risen:
    """A part whose own detector alerts, as the receipt of a larger trouble names it."""

    part: Part
    negative: int
    expected: float

    def as_json(self) -> dict[str, Any]:
        return {
            "channel": self.part.channel if self.part.channel != EVERY else None,
            "topic": self.part.topic or None,
            "negative": self.negative,
            "expected": round(self.expected, 3),
        }


def watched(negatives: Mapping[Part, int], most: int = MOST) -> tuple[Part, ...]:
    """Those parts that have a detector of their own, largest first, by two weeks' negatives."""
    whole = negatives.get(WHOLE, 0)
    worth = [
        part
        for part, count in negatives.items()
        if not part.is_whole and count >= LEAST_NEGATIVES and count < ALMOST_ALL * whole
    ]
    return tuple(sorted(worth, key=lambda part: (-negatives[part], part))[:most])


def rare_enough(alarm: Mapping[str, Any], sensitivity: str, parts: int) -> bool:
    """Whether a part's alarm would be one if all parts shared the chance that the brand has.

    So many detectors are so many chances to be wrong: the bound is divided by their number
    (Bonferroni).
    """
    buckets = int(alarm["window_minutes"]) // BUCKET_MINUTES
    budget = next((w.budget for w in WINDOWS if w.buckets >= buckets), 1.0)
    bound = thresholds_of(sensitivity).combined * budget / max(parts, 1)
    return float(alarm["p_value"]) < bound


def key_of(subject: str, part: Part = WHOLE) -> str:
    """The key of an incident: "spike:Acme", "spike:Acme:channel:review", ..."""
    if part.topic:
        return f"spike:{subject}:topic:{part.topic}"
    return f"spike:{subject}" if part.is_whole else f"spike:{subject}:channel:{part.channel}"


def place_of(subject: str, part: Part) -> str:
    """As a title begins: "Acme", "Acme in reviews", "Acme, billing"."""
    if part.topic:
        return Wording("%(subject)s, %(topic)s", subject=subject, topic=Topic(part.topic))
    return subject if part.is_whole else _in_channel(subject, part.channel)


def _in_channel(subject: str, channel: str) -> str:
    match channel:
        case "social":
            return Wording("%(subject)s on social media", subject=subject)
        case "review":
            return Wording("%(subject)s in reviews", subject=subject)
        case "news":
            return Wording("%(subject)s in the news", subject=subject)
        case "ticket":
            return Wording("%(subject)s in tickets", subject=subject)
        case "survey":
            return Wording("%(subject)s in surveys", subject=subject)
    return Wording("%(subject)s %(channel)s", subject=subject, channel=channel)


def short(part: Part) -> str:
    """As a list names it: "billing", "reviews"."""
    return Topic(part.topic) if part.topic else _CHANNELS.get(part.channel, part.channel)


def overlapping(one: frozenset[int], other: frozenset[int]) -> bool:
    """Whether two sets of mentions are mostly the same trouble."""
    smaller = min(len(one), len(other))
    return smaller > 0 and len(one & other) >= OVERLAPPING * smaller
