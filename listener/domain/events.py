"""Known events: a sale, a release, an outage; when, for whom, how many times the usual."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from math import sqrt

from listener.domain.wording import Amount, Wording

USUAL_FACTOR = 1.5
LEAST_RATIO = 1.5  # less than that many times the last one is not worth a word
LEAST_DEVIATIONS = 2.5  # two equal events differ by so much, in standard deviations, once in eighty
LOUDEST = 20.0  # a learned factor is no more than that
_YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b|['’][0-9]{2}\b")
_BETWEEN_WORDS = re.compile(r"[\W_]+")


class EventKind(StrEnum):
    """What kind of event; for readers, the numbers do not ask."""

    RELEASE = "release"
    SALE = "sale"
    HOLIDAY = "holiday"
    SEASON = "season"
    OUTAGE = "outage"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEvent:
    """One time it happens: from `since` up to `until` (excluded).

    `factor` times as many mentions as usual are expected; with `learn` it is only what holds until
    history has the last one.
    """

    name: str
    since: datetime
    until: datetime
    factor: float = USUAL_FACTOR
    learn: bool = False
    subjects: tuple[str, ...] = ()  # names; none: all
    kind: EventKind | None = None

    def concerns(self, subject: str) -> bool:
        return not self.subjects or subject.casefold() in {s.casefold() for s in self.subjects}

    def touches(self, since: datetime, until: datetime) -> bool:
        return self.since < until and since < self.until


def moment(name: str, at: datetime) -> KnownEvent:
    """Something that happens at one moment, for charts: as much is expected as ever."""
    return KnownEvent(name=name, since=at, until=at + timedelta(seconds=1), factor=1.0)


Span = tuple[datetime, datetime]  # from, and up to (excluded)


def days(first: date, last: date, zone: tzinfo) -> Span:
    """Whole days, the last one included, as the wall shows them in `zone`; in UTC."""
    return _midnight(first, zone), _midnight(last + timedelta(days=1), zone)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def touching(
    events: Sequence[KnownEvent], subject: str, since: datetime, until: datetime
) -> tuple[KnownEvent, ...]:
    """Those of a subject that have a moment in common with the span, the earliest first."""
    found = [e for e in events if e.touches(since, until) and e.concerns(subject)]
    return tuple(sorted(found, key=lambda e: (e.since, e.until, e.name)))


def on_day(events: Sequence[KnownEvent], subject: str, day: date, zone: tzinfo) -> tuple[str, ...]:
    """What those of a subject are called that touch a day, as the wall shows it in `zone`."""
    found = touching(events, subject, *days(day, day, zone))
    return tuple(dict.fromkeys(event.name for event in found))


def spread(named: Iterable[tuple[date, Sequence[str]]]) -> list[tuple[str, date, date]]:
    """Each name with the first and the last of the days it lasts, of days in order with their
    names; one that comes again after a pause stands twice.
    """
    found: list[tuple[str, date, date]] = []
    going_on: dict[str, int] = {}  # where the names of the day before stand
    for day, names in named:
        before, going_on = going_on, {}
        for name in names:
            at = before.get(name, len(found))
            first = found[at][1] if name in before else day
            found[at : at + 1] = [(name, first, day)]
            going_on[name] = at
    return found


def previous(events: Sequence[KnownEvent], event: KnownEvent) -> KnownEvent | None:
    """The last one before it that is called the same but for the year, for the same subjects."""
    stem = stem_of(event.name)
    earlier = [
        e
        for e in events
        if e.until <= event.since and stem_of(e.name) == stem and _share_a_subject(e, event)
    ]
    return max(earlier, key=lambda e: e.since, default=None)


def _share_a_subject(one: KnownEvent, other: KnownEvent) -> bool:
    if not one.subjects or not other.subjects:
        return True
    return any(other.concerns(subject) for subject in one.subjects)


def stem_of(name: str) -> str:
    """ "Black Friday 2026" and "black friday '25" are both "black friday"."""
    bare = _BETWEEN_WORDS.sub(" ", _YEAR.sub(" ", name)).strip().casefold()
    return bare or name.casefold()


def called(event: KnownEvent) -> str:
    """Its name with a year, so that it is told from those of other years."""
    if _YEAR.search(event.name):
        return event.name
    middle = event.since + (event.until - event.since) / 2  # it may begin on New Year's Eve in UTC
    return f"{event.name} {middle.year}"


def same_spans(event: KnownEvent, before: KnownEvent, now: datetime) -> tuple[Span, Span] | None:
    """Since the event began, and as long in the one before; no longer than either has lasted.

    None before it began.
    """
    lasted = min(now, event.until) - event.since
    lasted = min(lasted, before.until - before.since)
    if lasted <= timedelta(0):
        return None
    return (event.since, event.since + lasted), (before.since, before.since + lasted)


def higher_than_before(
    negatives: int, negatives_then: int | None, lasted: timedelta, before: str
) -> str | None:
    """Say that there are clearly more than in the same span of the one before, which is `before`.

    `negatives_then` is None where nothing was measured then. Clearly: the two counts, were they
    of one Poisson rate, would differ by so much about once in eighty times (Przyborowski and
    Wilenski, 1940, in its normal approximation).
    """
    if negatives_then is None or negatives <= negatives_then:
        return None
    if (negatives - negatives_then) / sqrt(negatives + negatives_then) < LEAST_DEVIATIONS:
        return None
    in_hours = lasted <= timedelta(days=2)
    if negatives_then == 0:
        count = Amount(negatives)
        if in_hours:
            return Wording(
                "%(count)s negatives where the same hours of %(event)s had none",
                count=count,
                event=before,
            )
        return Wording(
            "%(count)s negatives where the same days of %(event)s had none",
            count=count,
            event=before,
        )
    ratio = negatives / negatives_then
    if ratio < LEAST_RATIO:
        return None
    times = Amount(f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.1f}".removesuffix(".0"))
    if in_hours:
        return Wording(
            "already %(times)s times as many negatives as in the same hours of %(event)s",
            times=times,
            event=before,
        )
    return Wording(
        "already %(times)s times as many negatives as in the same days of %(event)s",
        times=times,
        event=before,
    )


def learned_factor(during: float, around: float, *, least: int = 20, counted: int) -> float | None:
    """How many times the usual the last one was, from mentions an hour during and around it.

    None where history holds too little of it: fewer than `least` mentions counted in all.
    """
    if counted < least or around <= 0:
        return None
    return min(max(during / around, 1.0), LOUDEST)
