"""The period of a report, and the one before."""

from dataclasses import dataclass
from datetime import datetime

from listener.domain.week import Week
from listener.stages.report.reporting import Reporting


@dataclass(frozen=True, slots=True)
class Spans:
    """`before` to `start` is the period before, `start` to `end` this one; both half-open."""

    before: datetime
    start: datetime
    end: datetime


def spans_of(reporting: Reporting, week: Week) -> Spans:
    """Of the period that ends with a week."""
    schedule, zone = reporting.schedule, reporting.zone
    start, end = schedule.span(week, zone)
    before, _ = schedule.span(schedule.previous(week), zone)
    return Spans(before, start, end)
