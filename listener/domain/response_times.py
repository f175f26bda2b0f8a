"""Response times over many clocks: how many were in time, how long they took; pure."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from listener.domain.response import OPEN, Calendar, ClockState, ResponseClock, elapsed
from listener.domain.times import to_json


class By(StrEnum):
    """What response times are shown by."""

    TEAM = "team"
    CHANNEL = "channel"
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True)
class Times:
    """How long answers took: of all of them, or of those by people."""

    answered: int = 0
    in_time: int = 0  # by the moment they were due
    average: timedelta | None = (
        None  # total time to the first answer / number of answered questions
    )
    median: timedelta | None = None
    p90: timedelta | None = None  # nine of ten took no longer


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseTimes:
    """What was asked, and how it was answered; dismissed clocks are not counted.

    Times are those of the calendar that a clock ran by, else of the clock on the wall.
    """

    questions: int
    open: int
    overdue: int  # a part of `open`
    late: int  # answered too late, or first seen too late
    by_anybody: Times
    by_people: Times
    oldest_open: datetime | None  # when it was said
    detection_median: timedelta | None  # from said to seen, always by the clock on the wall
    detection_p90: timedelta | None

    @property
    def share_in_time(self) -> float | None:
        """Of those that were answered or whose time is up; the others may still be in time."""
        return _share(self.by_anybody.in_time, self._decided)

    @property
    def people_share_in_time(self) -> float | None:
        """The same, where only people's answers count."""
        return _share(self.by_people.in_time, self._decided)

    @property
    def _decided(self) -> int:
        return self.by_anybody.in_time + self.late + self.overdue


def measured(clocks: Iterable[ResponseClock], calendars: Mapping[str, Calendar]) -> ResponseTimes:
    """The response times of settled clocks. `calendars`: by the names that clocks run by."""
    counted = [c for c in clocks if c.state is not ClockState.DISMISSED]
    still = [c for c in counted if c.state in OPEN]
    lags = [c.seen_at - c.said_at for c in counted]
    return ResponseTimes(
        questions=len(counted),
        open=len(still),
        overdue=sum(c.state is ClockState.OVERDUE for c in still),
        late=sum(c.state is ClockState.MISSED for c in counted),
        by_anybody=_times(counted, lambda c: c.answered_at, calendars),
        by_people=_times(counted, lambda c: c.human_at, calendars),
        oldest_open=min((c.said_at for c in still), default=None),
        detection_median=_median(lags),
        detection_p90=_p90(lags),
    )


def took(clock: ResponseClock, until: datetime, calendars: Mapping[str, Calendar]) -> timedelta:
    """From the question to an answer, in working time where the clock runs by a calendar."""
    return elapsed(clock.said_at, until, calendars.get(clock.hours))


def _times(
    clocks: Sequence[ResponseClock],
    answered_at: Callable[[ResponseClock], datetime | None],
    calendars: Mapping[str, Calendar],
) -> Times:
    answered = [(clock, at) for clock in clocks if (at := answered_at(clock)) is not None]
    if not answered:
        return Times()
    spans = [took(clock, at, calendars) for clock, at in answered]
    return Times(
        answered=len(answered),
        in_time=sum(at <= clock.due_at for clock, at in answered),
        average=sum(spans, start=timedelta(0)) / len(spans),
        median=_median(spans),
        p90=_p90(spans),
    )


def _median(spans: Sequence[timedelta]) -> timedelta | None:
    """The middle one, or halfway between the two in the middle."""
    ordered, middle = sorted(spans), len(spans) // 2
    if not spans:
        return None
    return ordered[middle] if len(spans) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _p90(spans: Sequence[timedelta]) -> timedelta | None:
    """The nearest rank: the shortest that nine of ten do not exceed."""
    return sorted(spans)[math.ceil(0.9 * len(spans)) - 1] if spans else None


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


ALL = "all"


def grouped(
    clocks: Iterable[tuple[str, ResponseClock]], by: By, calendars: Mapping[str, Calendar]
) -> list[tuple[str, ResponseTimes]]:
    """Response times by team, channel or subject, by name, and of all together at the end.

    Each clock comes with the name of its subject. Those of no team stand under an empty name.
    """
    every = list(clocks)
    groups: dict[str, list[ResponseClock]] = {}
    for subject, clock in every:
        names = {By.TEAM: clock.team or "", By.CHANNEL: clock.channel.value, By.SUBJECT: subject}
        groups.setdefault(names[by], []).append(clock)
    lines = [(name, measured(group, calendars)) for name, group in sorted(groups.items())]
    return [*lines, (ALL, measured([c for _, c in every], calendars))] if lines else []


def as_row(name: str, times: ResponseTimes, by: By, now: datetime) -> dict[str, Any]:
    """A line of the report as other programs read it; times in seconds."""
    oldest = times.oldest_open
    return {
        by.value: name,
        "questions": times.questions,
        "answered": times.by_anybody.answered,
        "in_time": times.by_anybody.in_time,
        "late": times.late,
        "open": times.open,
        "overdue": times.overdue,
        "share_in_time": times.share_in_time,
        "average_s": _seconds(times.by_anybody.average),
        "median_s": _seconds(times.by_anybody.median),
        "p90_s": _seconds(times.by_anybody.p90),
        "people_answered": times.by_people.answered,
        "people_in_time": times.by_people.in_time,
        "people_share_in_time": times.people_share_in_time,
        "people_average_s": _seconds(times.by_people.average),
        "people_median_s": _seconds(times.by_people.median),
        "people_p90_s": _seconds(times.by_people.p90),
        "oldest_open": to_json(oldest) if oldest else None,
        "oldest_open_s": _seconds(now - oldest) if oldest else None,
        "detection_median_s": _seconds(times.detection_median),
        "detection_p90_s": _seconds(times.detection_p90),
    }


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None else round(span.total_seconds(), 3)
