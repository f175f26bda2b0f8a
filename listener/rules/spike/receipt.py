"""What a spike rests on, for those who want to check it: the evidence, complete and in JSON."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

from listener.domain.part import Part
from listener.domain.times import to_json
from listener.domain.voice import Repeated, Voice, repeated
from listener.rules.spike.parts import short
from listener.rules.spike.scene import SpikeScene
from listener.rules.spike.tails import volume_tail
from listener.rules.spike.whose import Compared

COPIED = 3  # clusters of copies that are named
REACHING = 3  # of those with most followers
TOPICS = 5
BUCKETS_A_YEAR = 365.25 * 288
TOPIC_AT_LEAST = 3
TOPIC_LIFT = 2.0
TOPIC_CHANCE = 0.01

_OF_THE_ALARM = (
    "window_minutes", "mentions", "negative", "expected", "lift", "p_value", "p_volume", "p_share",
    "p_given_others", "share", "usual_share", "excess_per_hour", "learning", "started_at", "at",
)  # fmt: skip


def receipt(scene: SpikeScene, terms: Sequence[str], compared: Compared) -> dict[str, Any]:
    """All there is to know of a spike but people's words."""
    alarm, said = scene.alarm, scene.negatives
    firsts = [v for v in said if v.copy_of is None]
    found = {name: alarm[name] for name in _OF_THE_ALARM}
    found |= {
        "episode": alarm["opened_at"],
        "chance": chance_in_words(float(alarm["p_value"])),
        "authors": scene.people.authors,
        "clusters": scene.people.clusters,
        "copies": scene.people.copies,
        "copied": {r.first.name: _spread(r) for r in repeated(said, COPIED)},
        "terms": list(terms),
        "channels": dict(scene.people.channels),
        "topics": dict(_topics(said).most_common(TOPICS)),
        "topics_risen": risen_topics(_topics(firsts), scene.topics),
        "first_mention": _brief(said[0]),
        "loudest": _brief(_loudest(said)[0]) | {"followers": _loudest(said)[0].followers},
        "reached": [
            _brief(v) | {"followers": v.followers} for v in _loudest(said)[:REACHING] if v.followers
        ],
        "parts": [risen.as_json() for risen in scene.parts],
        "mostly": [short(part) for part in mostly(scene)],
        "whose": compared.whose.value,
        "rivals": list(compared.rivals),
        "events": list(scene.events),
    }
    if scene.beyond_last:
        found["beyond_last"] = scene.beyond_last
    if "expected_usual" in alarm:
        found["expected_usual"] = alarm["expected_usual"]
    return found


def mostly(scene: SpikeScene) -> tuple[Part, ...]:
    """The parts of a larger trouble that rose by themselves, the fullest first."""
    return tuple(r.part for r in sorted(scene.parts, key=lambda r: -r.negative)[:3])


def risen_topics(
    now: Mapping[str, int], usual: Mapping[str, float]
) -> list[dict[str, str | float]]:
    """The topics with clearly more negatives than such a window usually has, fullest first.

    Clearly: twice as many, at least three, and by chance (Poisson) less than once in a hundred.
    """
    found: list[dict[str, str | float]] = []
    for topic, count in sorted(now.items(), key=lambda pair: (-pair[1], pair[0])):
        mean = max(usual.get(topic, 0.0), 0.01)
        if count < max(TOPIC_AT_LEAST, ceil(TOPIC_LIFT * mean)):
            continue
        if volume_tail(count, mean, mean) < TOPIC_CHANCE:
            found.append({"topic": topic, "negative": count, "usual": round(mean, 2)})
    return found[:TOPICS]


def chance_in_words(p_value: float) -> str:
    """How often chance alone would do this, were every five-minute slice a separate try."""
    years = 1 / max(p_value, 1e-15) / BUCKETS_A_YEAR
    if years >= 10_000:
        return "By chance less than once in ten thousand years."
    if years >= 1:
        return f"By chance about once in {_roughly(years)} years."
    days = years * 365.25
    return f"By chance about once in {_roughly(days)} days." if days >= 1 else "This may be chance."


def _roughly(number: float) -> str:
    """To one digit, for more would not be true."""
    return f"{float(f'{number:.1g}'):,.0f}"


def _topics(said: Sequence[Voice]) -> Counter[str]:
    return Counter(topic for voice in said for topic in voice.topics)


def _loudest(said: Sequence[Voice]) -> list[Voice]:
    return sorted(said, key=lambda v: -(v.followers or 0))


def _spread(one: Repeated) -> dict[str, Any]:
    return {
        "mentions": one.mentions,
        "authors": one.authors,
        "sources": list(one.sources),
        "first_said_at": to_json(one.first.said_at),
        "last_said_at": to_json(one.last_said_at),
    }


def _brief(voice: Voice) -> dict[str, Any]:
    return {"id": voice.name, "said_at": to_json(voice.said_at)}
