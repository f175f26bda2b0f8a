"""The built-in source: an invented airline, its rival, and what people say of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Final

from listener.collectors.base import Cursor
from listener.collectors.demo.plan import FEWEST_DAYS, Plan
from listener.collectors.demo.story import Story, said_between, story
from listener.collectors.demo.telling import Event
from listener.collectors.demo.world import SUBJECTS
from listener.domain.mention import Batch, Channel, Mention, Response
from listener.errors import CollectorError, Trouble

__all__ = ["FEWEST_DAYS", "PAGE", "SUBJECTS", "Demo", "Event", "Story", "story"]

PAGE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """Tells the demo as if a service did: first the days before now, then on as time passes.

    Without an end: every two to three weeks the influencer praises and the payment page breaks.
    All of it follows from the seed and from the cursor, which keeps when the demo began.
    """

    name: str = field(default="demo", metadata={"handed": True})
    seed: int = 1
    days: int = field(default=14, metadata={"between": (FEWEST_DAYS, 366)})  # of history at first
    crisis: bool = True
    every: timedelta = timedelta(minutes=1)
    channel: Channel = Channel.SOCIAL

    @property
    def service(self) -> str:
        return "demo"

    def __post_init__(self) -> None:
        if self.days < FEWEST_DAYS:
            raise ValueError(f"days must be at least {FEWEST_DAYS}")

    def fetch(self, cursor: Cursor | None, now: datetime) -> Batch:
        """One page of what was said from the cursor's time on and before `now`."""
        now = now.astimezone(UTC)
        epoch, since = _read(cursor) if cursor else (now - timedelta(days=self.days),) * 2
        events, until = _page(self._plan(epoch), since, now)
        return Batch(
            mentions=tuple(event for event in events if isinstance(event, Mention)),
            responses=tuple(event for event in events if isinstance(event, Response)),
            cursor={"epoch": epoch.isoformat(), "upto": until.isoformat()},
            complete=until >= now,
        )

    def committed(self, batch: Batch) -> None:
        """Nothing to do: nobody waits for it."""

    def check(self) -> str:
        return f"built in, {self.days} days of history, seed {self.seed}"

    def _plan(self, epoch: datetime) -> Plan:
        return Plan(
            seed=self.seed, epoch=epoch, days=self.days, crisis=self.crisis, source=self.name
        )


def _page(plan: Plan, since: datetime, now: datetime) -> tuple[list[Event], datetime]:
    """At most PAGE events, and the moment up to which they are all there are.

    What was said in the same second stays on one page, so that a time is enough of a cursor.
    """
    events = list(islice(said_between(plan, since, now), PAGE + 1))
    if len(events) <= PAGE:
        return events, max(since, now)
    until = events[PAGE].said_at
    return [event for event in events if event.said_at < until], until


def _read(cursor: Mapping[str, Any]) -> tuple[datetime, datetime]:
    try:
        return datetime.fromisoformat(cursor["epoch"]), datetime.fromisoformat(cursor["upto"])
    except (KeyError, TypeError, ValueError):
        raise CollectorError(
            "the demo's cursor cannot be read; start again with an empty database",
            kind=Trouble.SHAPE,
        ) from None
