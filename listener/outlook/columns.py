"""A subject's days, or weeks: what was said in each, how sure that is, and what else happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from listener.domain.digest import Counts, Day
from listener.domain.events import on_day
from listener.domain.measures import Figure
from listener.domain.measures.averages import star_average
from listener.domain.part import WHOLE
from listener.domain.period import Span, Step
from listener.figures import negative_shares
from listener.outlook.desk import Desk, counts_of
from listener.store import measures, unmeasured
from listener.store.daily import Tally
from listener.store.measures import Labelled

FULLY: Final = 0.98  # of a day, or of all days


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """The share of negatives, copies counted once: as it is called, and as it truly may be.

    corrected: None where nobody knows how often the classifier is wrong.
    """

    raw: Figure
    corrected: Figure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A day or a week. `measured` is the share of it that was measured, 0 to 1."""

    step: Step
    counts: Counts
    measured: float
    events: tuple[str, ...]

    @property
    def day(self) -> Day:
        """As charts of days take it."""
        return Day(
            date=self.step.first, counts=self.counts, measured=self.measured, events=self.events
        )

    @property
    def is_measured(self) -> bool:
        return self.measured > 0 or self.counts.mentions > 0

    @property
    def is_partly(self) -> bool:
        """Whether some of it was not measured; five minutes of a day are no hole."""
        return self.is_measured and self.measured < FULLY


@dataclass(frozen=True, slots=True, kw_only=True)
class Sounding:
    """How what was said in a column sounds."""

    column: Column
    shares: Shares
    stars: Figure


def sounding(desk: Desk, subject_id: int, found: Sequence[Column]) -> list[Sounding]:
    """The same columns, with how negative they are."""
    return [
        Sounding(
            column=column,
            shares=shares(desk, subject_id, _spans(desk, column.step)),
            stars=star_average(stars(desk, subject_id, _spans(desk, column.step))),
        )
        for column in found
    ]


def _spans(desk: Desk, step: Step) -> list[Span]:
    return [day.span for day in desk.days_in(step)]


def columns(desk: Desk, subject_id: int, name: str) -> list[Column]:
    """The columns of a period, the oldest first."""
    steps, events = desk.period.steps, desk.events_of(name)
    zone = desk.period.zone
    heard = unmeasured.heard(desk.db, [step.span for step in steps])
    found = []
    for step, measured in zip(steps, heard, strict=True):
        days = desk.days_in(step)
        whole = desk.parts(subject_id, [day.span for day in days]).get(WHOLE, Tally())
        named = (e for day in days if events for e in on_day(events, name, day.first, zone))
        found.append(
            Column(
                step=step,
                counts=counts_of(whole),
                measured=measured,
                events=tuple(dict.fromkeys(named)),
            )
        )
    return found


def shares(desk: Desk, subject_id: int, spans: Sequence[Span]) -> Shares:
    """The shares of negatives of spans taken together."""
    found: list[Labelled] = []
    for span in spans:
        found += desk.page.of("labelled", subject_id, span, measures.labelled)
    figures = {one.measure: one for one in negative_shares(found, desk.rates)}
    return Shares(raw=figures["negative_share_raw"], corrected=figures.get("negative_share"))


def stars(desk: Desk, subject_id: int, spans: Sequence[Span]) -> list[float]:
    """The stars of reviews in spans taken together, of one to five."""
    found: list[float] = []
    for span in spans:
        found += desk.page.of("stars", subject_id, span, measures.stars)
    return found
