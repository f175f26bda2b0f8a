"""A page is paid for before it is asked for, and what it did not cost comes back."""

from collections.abc import Callable
from datetime import datetime

from listener.collectors.base import Collector, Paid
from listener.domain.budget import Budget
from listener.domain.mention import Batch
from listener.errors import CollectorError, Trouble
from listener.store import spending
from listener.store.connection import Db, Store


def ask(
    store: Store, collector: Collector, doing: str, ask: Callable[[], Batch], now: datetime
) -> tuple[Batch, float] | CollectorError:
    """Pay for a page and ask for it: the page and what was booked, or the error.

    A fault in one collector is told as an error too, and stops no other.
    """
    booked = 0.0
    try:
        booked = _pay_before(store, collector, now)
        return ask(), booked
    except CollectorError as error:
        _pay_back(store, collector, booked, error, now)
        return error
    except Exception as error:  # a fault in one collector must not stop the others
        ours = fault(f"{doing} {collector.name}", error)
        _pay_back(store, collector, booked, ours, now)
        return ours


def _pay_before(store: Store, collector: Collector, now: datetime) -> float:
    """Book what a page can cost at most, and say how much that is.

    Raises CollectorError where this month's budget does not allow it.
    """
    if not isinstance(collector, Paid):
        return 0.0
    with store.write() as db:
        budget = Budget(
            limit_usd=collector.monthly_budget_usd,
            spent_usd=spending.of_month(db, collector.name, now),
        )
        refused = budget.why_not(collector.name, collector.page_usd, now)
        if refused is None:
            spending.book(db, collector.name, collector.page_usd, now)
            spending.go_on(db, collector.name, now)
        else:
            spending.stop(db, collector.name, str(refused), now)
    if refused is not None:
        raise refused
    return collector.page_usd


def _pay_back(
    store: Store, collector: Collector, booked: float, error: CollectorError, now: datetime
) -> None:
    """Take back what was booked for a page that a service did not give.

    Of those whose answers were lost on their way the first one of a day stays booked.
    """
    if not booked:
        return
    with store.write() as db:
        if not (error.may_be_billed and spending.lose(db, collector.name, now)):
            spending.book(db, collector.name, error.cost_usd - booked, now)


def fault(doing: str, error: Exception) -> CollectorError:
    """A fault in our own code, as an error of the source that it met."""
    words = f"{doing}: a fault of ours, {type(error).__name__}: {error}"
    return CollectorError(words, kind=Trouble.SHAPE)


def settle_cost(db: Db, collector: Collector, batch: Batch, booked: float, at: datetime) -> None:
    """Book what a page that was kept has cost, in the place of what was feared."""
    cost_usd = batch.cost_usd
    if batch.lost_usd and spending.lose(db, collector.name, at):
        cost_usd += batch.lost_usd
    if cost_usd != booked:
        spending.book(db, collector.name, cost_usd - booked, at)
