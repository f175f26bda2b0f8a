"""What every collector is: a source that gives its pages one at a time."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol, Self, runtime_checkable

from listener.domain.mention import Batch, Channel
from listener.domain.query import Query
from listener.domain.query.translation import Translation
from listener.domain.subject import Subject

Cursor = Mapping[str, Any]


class Collector(Protocol):
    """One configured source. A frozen dataclass whose fields are the keys of its table.

    The fields `name` and those marked `handed=True` in their metadata are filled by `app.py`
    and are no keys. A collector never sleeps, never touches the database, and raises
    `CollectorError` only.
    """

    @property
    def name(self) -> str:
        """The source's name, as in `[collectors.NAME]`."""

    @property
    def service(self) -> str:
        """The type of the source; accounts of subjects are named by it."""

    @property
    def every(self) -> timedelta:
        """How often it is asked."""

    @property
    def channel(self) -> Channel:
        """The channel of its mentions, where they do not tell; also of its gaps."""

    def fetch(self, cursor: Cursor | None, now: datetime) -> Batch:
        """One page after `cursor`; None for the first. The same cursor gives the same page again.

        Raises CollectorError, which says what to do, and loses nothing: the cursor stays.
        """

    def committed(self, batch: Batch) -> None:
        """Told after a batch was stored for good. Called again for a batch stored twice."""

    def check(self) -> str:
        """Try the source cheaply and say in a few words what was found. Raises CollectorError."""


@runtime_checkable
class Searches(Protocol):
    """A collector whose service searches for us."""

    @property
    def follows(self) -> tuple[Subject, ...]:
        """For whose queries it searches."""

    @classmethod
    def translated(cls, query: Query) -> Translation:
        """What its service can be asked for a query at best."""

    def asks(self, query: Query) -> Translation:
        """What this source asks for a query."""


def searched_for(source: Searches) -> tuple[str, ...]:
    """All searches of a source, in the order of its subjects."""
    queries = (subject.query for subject in source.follows if subject.query is not None)
    return tuple(dict.fromkeys(each for query in queries for each in source.asks(query).searches))


@runtime_checkable
class Paced(Protocol):
    """A collector that is later than its `every` tells."""

    def pace(self) -> str:
        """How late it is, said without asking anybody. Raises CollectorError."""


@runtime_checkable
class Paid(Protocol):
    """A collector whose service is paid for what it gives."""

    @property
    def monthly_budget_usd(self) -> float | None:
        """What it may cost in a month; None for no limit."""

    @property
    def page_usd(self) -> float:
        """What a page can cost at most; `Batch.cost_usd` and `lost_usd` say what it did."""

    @property
    def canary_usd(self) -> float:
        """What its canary costs, which is less than that; 0 where it has none."""


@runtime_checkable
class Canary(Protocol):
    """A collector that can tell silence from breakage."""

    def canary(self, now: datetime) -> bool:
        """Whether its service answers a question that always has an answer. Raises CollectorError.

        Asked after hours in which nothing came.
        """


@runtime_checkable
class Rechecks(Protocol):
    """A collector whose service tells what became of a post that was read before."""

    @property
    def recheck_most(self) -> int:
        """So many ids may be asked for at once."""

    def recheck(self, source_ids: Sequence[str], now: datetime) -> Batch:
        """Tombstones of those that are gone, and mentions of those that changed.

        The batch's cursor and `complete` mean nothing. Raises CollectorError.
        """


@runtime_checkable
class Reaches(Collector, Protocol):
    """A collector that can read back as far as one likes, or as its service lets it."""

    def reaching(self, since: datetime) -> Self:
        """The same one, whose first walk goes back to a moment and not a number of pages."""
