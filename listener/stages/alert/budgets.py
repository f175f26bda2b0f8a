"""Budgets of sources: who is asked no more this month is told once."""

from datetime import datetime

from listener.domain.budget import next_month
from listener.domain.incident import Event, Finding, Severity
from listener.domain.times import to_json
from listener.stages.alert.telling import tell
from listener.stages.alert.watch import Watch
from listener.store import spending
from listener.store.connection import Store
from listener.store.spending import Stop


def watch(store: Store, watch: Watch, now: datetime) -> int:
    """Tell of the sources whose budget is spent; returns how many notices were written."""
    with store.read() as db:
        stops = spending.untold(db, now)
    count = 0
    for stop in stops:
        with store.write() as db:
            count += tell(db, _finding(stop, now), Event.BUDGET_SPENT, None, watch.telling, now)
            spending.told(db, stop.source, now)
    return count


def _finding(stop: Stop, now: datetime) -> Finding:
    goes_on = next_month(now)
    return Finding(
        key=f"budget:{stop.source}",
        rule="budget",
        subject_id=None,
        channel=stop.channel,
        severity=Severity.HIGH,
        title=f"{stop.source} is not read until {goes_on:%Y-%m-%d}: its budget is spent",
        why=f"{stop.why}.",
        action=f"Raise monthly_budget_usd of [collectors.{stop.source}], or make its searches"
        " narrower.",
        evidence={
            "source": stop.source,
            "spent_usd": round(stop.usd, 6),
            "until": to_json(goes_on),
        },
    )
