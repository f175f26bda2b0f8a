"""The spike rule: from a detector's alarm to a finding, if people are behind the numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import zip_longest
from typing import Literal

from listener.domain.incident import Finding, Severity
from listener.domain.label import is_sure
from listener.domain.part import EVERY
from listener.domain.voice import Voice, clusters, distinct_authors
from listener.domain.wording import Amount, Names, Plural, Sentences, Span, Wording, together
from listener.rules.spike.parts import key_of, place_of, short
from listener.rules.spike.receipt import chance_in_words, mostly, receipt
from listener.rules.spike.scene import SpikeScene
from listener.rules.spike.whose import Compared, compare
from listener.texts.terms import risen_terms

__all__ = ["SpikeRule", "chance_in_words", "key_of"]

CROWD = 5  # people, not one angry person, and things said, not copies of one
CROWD_WHILE_LEARNING = 8  # in two weeks chance brings five together; what is usual is not known yet
CRITICAL_AUTHORS = 20
STILL_LEARNING = Wording("Less than two weeks of history: still learning what is usual.")


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
        window = Span(timedelta(minutes=int(alarm["window_minutes"])))
        return Finding(
            key=key_of(scene.subject, part),
            rule="spike",
            subject_id=scene.subject_id,
            channel=part.channel if part.channel != EVERY else None,
            topic=part.topic or None,
            severity=_severity(str(alarm["severity"]), scene.people.authors),
            title=Wording(
                "%(place)s: %(negative)s negative mentions in %(window)s",
                place=place_of(scene.subject, part),
                negative=Amount(f"{alarm['negative']:,}"),
                window=window,
            ),
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


def _why(scene: SpikeScene, terms: tuple[str, ...], window: Span, compared: Compared) -> str:
    """One line; all figures stand in the receipt."""
    parts = Names(*map(short, mostly(scene)))
    return Sentences(
        _counted(scene, window),
        Wording("Mostly: %(parts)s.", parts=parts) if parts else "",
        words_that_rose(terms),
        compared.sentence,
        _event(scene),
        STILL_LEARNING if scene.alarm.get("learning") else "",
    )


def _counted(scene: SpikeScene, window: Span) -> Wording:
    alarm, copies = scene.alarm, scene.people.copies
    found = {
        "negative": Amount(f"{alarm['negative']:,}"),
        "mentions": Amount(f"{alarm['mentions']:,}"),
        "window": window,
        "share": Amount(f"{float(alarm['share']):.0%}"),
        "usual": Amount(f"{float(alarm['usual_share']):.0%}"),
    }
    if not copies:
        return Wording(
            "%(negative)s of %(mentions)s mentions in %(window)s are negative:"
            " %(share)s, usually %(usual)s.",
            **found,
        )
    return Plural(
        "%(negative)s of %(mentions)s mentions in %(window)s are negative:"
        " %(share)s, usually %(usual)s (%(copies)s copy not counted).",
        "%(negative)s of %(mentions)s mentions in %(window)s are negative:"
        " %(share)s, usually %(usual)s (%(copies)s copies not counted).",
        copies,
        copies=Amount(f"{copies:,}"),
        **found,
    )


def words_that_rose(terms: Sequence[str]) -> str:
    """Empty where none did."""
    return Wording("Words that rose: %(words)s.", words=Names(*terms)) if terms else ""


def _event(scene: SpikeScene) -> str:
    if not scene.events:
        return ""
    events = together(scene.events[:2])
    if not scene.beyond_last:
        return Wording("During %(events)s.", events=events)
    return Wording("During %(events)s: %(more)s.", events=events, more=scene.beyond_last)


def _most_telling(negatives: tuple[Voice, ...]) -> tuple[int, ...]:
    """The first; then, each language in turn, those that reach most; copies only by their first."""
    firsts = [v for v in negatives if v.copy_of is None] or list(negatives)
    by_language: dict[str | None, list[Voice]] = {}
    for voice in sorted(firsts[1:], key=lambda v: (-(v.followers or 0), v.said_at)):
        by_language.setdefault(voice.language, []).append(voice)
    crowds = sorted(by_language.values(), key=len, reverse=True)
    in_turn = [v for row in zip_longest(*crowds) for v in row if v is not None]
    return tuple(v.id for v in (*firsts[:1], *in_turn))[:20]
