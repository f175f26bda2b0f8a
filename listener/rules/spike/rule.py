"""The spike rule: from a detector's alarm to a finding, if people are behind the numbers."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import zip_longest
from typing import Literal

from listener.domain.incident import Finding, Severity
from listener.domain.label import is_sure
from listener.domain.part import EVERY
from listener.domain.times import in_words
from listener.domain.voice import Voice, clusters, distinct_authors, so_many_copies
from listener.rules.spike.parts import key_of, place_of, short
from listener.rules.spike.receipt import chance_in_words, mostly, receipt
from listener.rules.spike.scene import SpikeScene
from listener.rules.spike.whose import Compared, compare
from listener.texts.terms import risen_terms

__all__ = ["SpikeRule", "chance_in_words", "key_of"]

CROWD = 5  # people, not one angry person, and things said, not copies of one
CROWD_WHILE_LEARNING = 8  # in two weeks chance brings five together; what is usual is not known yet
CRITICAL_AUTHORS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SpikeRule:
    """A brand's negatives rise beyond what chance explains (the method: `Detector`).

    It does not count: the detector did. It asks whether enough people surely said enough
    different things, and says why in words. Doubtful labels are counted, but make no crowd.
    """

    sensitivity: Literal["calm", "balanced", "sensitive"] = "balanced"

    def __call__(self, scene: SpikeScene) -> Finding | None:
        """The finding, or None while it is too few people or too few different words."""
        if not is_crowd(scene.negatives, learning=bool(scene.alarm.get("learning"))):
            return None
        alarm, part = scene.alarm, scene.part
        terms = _terms(scene)
        compared = compare(scene.subject, int(alarm["negative"]), scene.rivals)
        window = in_words(timedelta(minutes=int(alarm["window_minutes"])))
        place = place_of(scene.subject, part)
        return Finding(
            key=key_of(scene.subject, part),
            rule="spike",
            subject_id=scene.subject_id,
            channel=part.channel if part.channel != EVERY else None,
            topic=part.topic or None,
            severity=_severity(str(alarm["severity"]), scene.people.authors),
            title=f"{place}: {alarm['negative']:,} negative mentions in {window}",
            why=_why(scene, terms, window, compared),
            mentions=_most_telling(scene.negatives),
            evidence=receipt(scene, terms, compared),
        )


def is_crowd(negatives: tuple[Voice, ...], *, learning: bool) -> bool:
    """Whether enough people surely said enough different things."""
    sure = tuple(v for v in negatives if is_sure(v.confidence))
    crowd = CROWD_WHILE_LEARNING if learning else CROWD
    return distinct_authors(sure) >= crowd and clusters(sure) >= crowd


def _severity(detected: str, authors: int) -> Severity:
    severity = Severity(detected)
    if severity is Severity.CRITICAL and authors < CRITICAL_AUTHORS:
        return Severity.HIGH
    return severity


def _terms(scene: SpikeScene) -> tuple[str, ...]:
    firsts = [v.text for v in scene.negatives if v.copy_of is None]
    found = risen_terms(firsts, scene.usual, names=(scene.subject,), k=5)
    return tuple(term.word for term in found)


def _why(scene: SpikeScene, terms: tuple[str, ...], window: str, compared: Compared) -> str:
    """One line; all figures stand in the receipt."""
    alarm = scene.alarm
    copies = scene.people.copies
    said = [
        f"{alarm['negative']:,} of {alarm['mentions']:,} mentions in {window} are negative:"
        f" {float(alarm['share']):.0%}, usually {float(alarm['usual_share']):.0%}"
        + (f" ({so_many_copies(copies)} not counted)." if copies else ".")
    ]
    if scene.parts:
        said.append("Mostly: " + ", ".join(short(part) for part in mostly(scene)) + ".")
    if terms:
        said.append("Words that rose: " + ", ".join(terms) + ".")
    said.append(compared.sentence)
    said.append(_event(scene))
    if alarm.get("learning"):
        said.append("Less than two weeks of history: still learning what is usual.")
    return " ".join(part for part in said if part)


def _event(scene: SpikeScene) -> str:
    if not scene.events:
        return ""
    during = "During " + " and ".join(scene.events[:2])
    return f"{during}: {scene.beyond_last}." if scene.beyond_last else f"{during}."


def _most_telling(negatives: tuple[Voice, ...]) -> tuple[int, ...]:
    """The first; then, each language in turn, those that reach most; copies only by their first."""
    firsts = [v for v in negatives if v.copy_of is None] or list(negatives)
    by_language: dict[str | None, list[Voice]] = {}
    for voice in sorted(firsts[1:], key=lambda v: (-(v.followers or 0), v.said_at)):
        by_language.setdefault(voice.language, []).append(voice)
    crowds = sorted(by_language.values(), key=len, reverse=True)
    in_turn = [v for row in zip_longest(*crowds) for v in row if v is not None]
    return tuple(v.id for v in (*firsts[:1], *in_turn))[:20]
