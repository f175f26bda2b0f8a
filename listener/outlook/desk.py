"""What every figure is made from, for one reader at one moment."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from listener.daybook import Daybook, Page
from listener.domain.digest import Counts
from listener.domain.events import KnownEvent, moment
from listener.domain.measures.prevalence import Rates
from listener.domain.part import WHOLE, Part
from listener.domain.period import Period, Span, Step
from listener.domain.wording import Wording
from listener.figures import Known, rates_known
from listener.store import daily, models, unmeasured
from listener.store.connection import Db, Store
from listener.store.daily import Tally
from listener.texts.words import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """A database with all that is known beside it. `language`: of the names of our own events."""

    store: Store
    book: Daybook
    known: Known
    events: Sequence[KnownEvent]
    language: str

    @contextmanager
    def opened(self, period: Period) -> "Iterator[Desk]":
        """Everything as it stands at one moment, for some days."""
        with self.store.read() as db:
            yield Desk(self, db, self.book.refresh(db), period)


class Desk:
    """One reader's view: the same snapshot for all figures of a page."""

    def __init__(self, outlook: Outlook, db: Db, page: Page, period: Period) -> None:
        self.db, self.page, self.period = db, page, period
        self.known, self._outlook = outlook.known, outlook
        self._added: dict[tuple[int, datetime, datetime] | None, dict[Part, Tally]] = {}

    @property
    def now(self) -> datetime:
        return self.period.now

    def parts(self, subject_id: int, spans: Sequence[Span]) -> dict[Part, Tally]:
        """What was counted in spans together: of the whole, and of each channel and topic.

        Spans follow each other without a gap.
        """
        key = (subject_id, spans[0].since, spans[-1].until) if spans else None
        if key in self._added:
            return self._added[key]
        counted: dict[Part, list[Tally]] = {}
        for span in spans:
            for part, tally in self.page.of("parts", subject_id, span, _parts).items():
                counted.setdefault(part, []).append(tally)
        found = {part: Tally.added(tallies) for part, tallies in counted.items()}
        self._added[key] = found
        return found

    def counts(self, subject_id: int, spans: Sequence[Span]) -> Counts:
        """The same figures as the digest has them."""
        whole = self.parts(subject_id, spans).get(WHOLE, Tally())
        beaten = (self.page.of("beaten", subject_id, one, daily.beaten) for one in spans)
        return counts_of(whole, sum(beaten))

    @cached_property
    def days(self) -> list[Span]:
        """Those of the period."""
        return [step.span for step in self._days]

    @cached_property
    def days_before(self) -> tuple[Span, ...]:
        """Those before it."""
        return self.period.days_before

    @cached_property
    def _days(self) -> tuple[Step, ...]:
        return self.period.days

    def days_in(self, step: Step) -> list[Step]:
        """The days of a week, or the one day it is."""
        first = (step.first - self.period.first).days
        return list(self._days[first : first + (step.last - step.first).days + 1])

    @cached_property
    def rates(self) -> dict[str, tuple[Rates, Wording]]:
        """How well negatives are told, by family; see `figures.rates_known`."""
        return rates_known(self.db, self.known)

    @cached_property
    def is_known_before(self) -> bool:
        """Whether anything was measured in the time before, to compare with."""
        began = unmeasured.began(self.db)
        return began is not None and began < self.period.before.since + timedelta(days=1)

    def events_of(self, subject: str) -> Sequence[KnownEvent]:
        """Known events, and the moments at which another model took over."""
        since, until = self.period.span
        steps = [
            moment(say(self._outlook.language, "model.step", model=use.model), use.since)
            for use in models.steps(self.db, since)
            if use.since < until
        ]
        return [one for one in (*self._outlook.events, *steps) if one.concerns(subject)]


def _parts(db: Db, subject_id: int, since: datetime, until: datetime) -> dict[Part, Tally]:
    return daily.counted(db, subject_id, daily.parts(db, subject_id), since, until)


def counts_of(tally: Tally, beaten: int = 0) -> Counts:
    return Counts(
        mentions=tally.mentions,
        negative=tally.negative,
        neutral=tally.neutral,
        positive=tally.positive,
        beaten=beaten,
    )
