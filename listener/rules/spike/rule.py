"""The spike rule: from a detector's alarm to a finding, if people are behind the numbers."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from itertools import zip_longest
from typing import Any, Literal

from listener.domain.incident import Finding, Severity
from listener.domain.label import is_sure
from listener.domain.times import in_words, to_json
from listener.domain.voice import Repeated, Voice, clusters, distinct_authors, repeated
from listener.rules.base import SpikeScene
from listener.texts.terms import risen_terms

CROWD = 5  # people, not one angry person, and things said, not copies of one
CROWD_WHILE_LEARNING = 8  # in two weeks chance brings five together; what is usual is not known yet
CRITICAL_AUTHORS = 20
COPIED = 3  # clusters of copies that the receipt names
BUCKETS_A_YEAR = 365.25 * 288

ACTION = (
    "Read what they share, answer in public while they are still there, and tell the team that"
    " can mend the cause."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpikeRule:
    """A brand's negatives rise beyond what chance explains (the method: `Detector`).

    It does not count: the detector did. It asks whether enough people surely said enough
    different things, and says why in words. Doubtful labels are counted, but make no crowd.
    """

    sensitivity: Literal["calm", "balanced", "sensitive"] = "balanced"

    def __call__(self, scene: SpikeScene) -> Finding | None:
        """The finding, or None while it is too few people or too few different words."""
        sure = tuple(v for v in scene.negatives if is_sure(v.confidence))
        crowd = CROWD_WHILE_LEARNING if scene.alarm.get("learning") else CROWD
        if distinct_authors(sure) < crowd or clusters(sure) < crowd:
            return None
        authors, told_apart = distinct_authors(scene.negatives), clusters(scene.negatives)
        alarm = scene.alarm
        terms = _terms(scene)
        severity = _severity(str(alarm["severity"]), authors)
        window = in_words(timedelta(minutes=int(alarm["window_minutes"])))
        return Finding(
            key=key_of(scene.subject),
            rule="spike",
            subject_id=scene.subject_id,
            severity=severity,
            title=f"{scene.subject}: {alarm['negative']} negative mentions in {window}",
            why=_why(scene, terms, window),
            action=ACTION,
            mentions=_most_telling(scene.negatives),
            evidence=_receipt(scene, authors, told_apart, terms),
        )


def key_of(subject: str) -> str:
    return f"spike:{subject}"


def _severity(detected: str, authors: int) -> Severity:
    severity = Severity(detected)
    if severity is Severity.CRITICAL and authors < CRITICAL_AUTHORS:
        return Severity.HIGH
    return severity


def _terms(scene: SpikeScene) -> tuple[str, ...]:
    firsts = [v.text for v in scene.negatives if v.copy_of is None]
    found = risen_terms(firsts, scene.usual, names=(scene.subject,), k=5)
    return tuple(term.word for term in found)


def _why(scene: SpikeScene, terms: tuple[str, ...], window: str) -> str:
    """One line; all figures stand in the receipt."""
    alarm = scene.alarm
    copies = sum(v.copy_of is not None for v in scene.negatives)
    said = [
        f"{alarm['negative']} of {alarm['mentions']} mentions in {window} are negative:"
        f" {float(alarm['share']):.0%}, usually {float(alarm['usual_share']):.0%}"
        + (f" ({copies} copies not counted)." if copies else ".")
    ]
    if terms:
        said.append("Words that rose: " + ", ".join(terms) + ".")
    if alarm.get("learning"):
        said.append("Less than two weeks of history: still learning what is usual.")
    return " ".join(said)


def chance_in_words(p_value: float) -> str:
    """How often chance alone would do this, were every five-minute slice a separate try."""
    years = 1 / max(p_value, 1e-15) / BUCKETS_A_YEAR
    if years >= 10_000:
        return "By chance less than once in ten thousand years."
    if years >= 1:
        return f"By chance about once in {years:,.0f} years."
    days = years * 365.25
    return f"By chance about once in {days:,.0f} days." if days >= 1 else "This may be chance."


def _most_telling(negatives: tuple[Voice, ...]) -> tuple[int, ...]:
    """The first; then, each language in turn, those that reach most; copies only by their first."""
    firsts = [v for v in negatives if v.copy_of is None] or list(negatives)
    by_language: dict[str | None, list[Voice]] = {}
    for voice in sorted(firsts[1:], key=lambda v: (-(v.followers or 0), v.said_at)):
        by_language.setdefault(voice.language, []).append(voice)
    crowds = sorted(by_language.values(), key=len, reverse=True)
    in_turn = [v for row in zip_longest(*crowds) for v in row if v is not None]
    return tuple(v.id for v in (*firsts[:1], *in_turn))[:20]


def _receipt(
    scene: SpikeScene, authors: int, told_apart: int, terms: tuple[str, ...]
) -> dict[str, Any]:
    alarm, first = scene.alarm, scene.negatives[0]
    loudest = max(scene.negatives, key=lambda v: v.followers or 0)
    receipt = {
        name: alarm[name]
        for name in ("window_minutes", "mentions", "negative", "expected", "lift", "p_value",
                     "p_volume", "p_share", "share", "usual_share", "excess_per_hour", "learning")
    }  # fmt: skip
    return receipt | {
        "chance": chance_in_words(float(alarm["p_value"])),
        "authors": authors,
        "clusters": told_apart,
        "copies": sum(v.copy_of is not None for v in scene.negatives),
        "copied": {r.first.name: _spread(r) for r in repeated(scene.negatives, COPIED)},
        "started_at": alarm["started_at"],
        "episode": alarm["opened_at"],
        "at": alarm["at"],
        "terms": list(terms),
        "channels": dict(Counter(v.channel for v in scene.negatives)),
        "topics": dict(Counter(t for v in scene.negatives for t in v.topics).most_common(5)),
        "first_mention": _brief(first),
        "loudest": _brief(loudest) | {"followers": loudest.followers},
    }


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
