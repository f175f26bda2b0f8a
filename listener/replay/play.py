"""Replay: the very same cycle over dated mentions, in virtual time, as fast as the machine can."""

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from listener import cycle
from listener.app import App
from listener.clock import VirtualClock
from listener.domain.door import as_classified
from listener.domain.mention import Batch, Channel, Mention, Response
from listener.stages.classify import Model

if TYPE_CHECKING:
    from listener.stages.classify import Labelled

SEEN_AFTER = timedelta(seconds=30)  # each mention is collected so long after it was said
AHEAD = 2000  # texts that are labelled in one go
A_WHILE = timedelta(minutes=1)  # a source that was not read for longer has fallen behind
A_MOMENT = timedelta(milliseconds=1)
LONGEST_WAIT = timedelta(days=400)  # for `until_quiet`: nothing we promise takes longer

Event = Mention | Response


def visible_at(event: Event) -> datetime:
    """When an event is seen: a mention half a minute after it was said, an answer at once."""
    return event.said_at + SEEN_AFTER if isinstance(event, Mention) else event.said_at


@dataclass(kw_only=True)
class PastSource:
    """A collector over events that are known beforehand; each is seen when its time has come."""

    name: str = "replay"
    service: str = "replay"
    channel: Channel = Channel.SOCIAL
    every: timedelta = timedelta(seconds=1)
    events: Sequence[Event] = ()  # by the time they are seen
    _next: int = field(default=0, repr=False)

    def next_at(self) -> datetime | None:
        """When the next event is seen; None after the last."""
        return visible_at(self.events[self._next]) if self._next < len(self.events) else None

    def fetch(self, cursor: Mapping[str, Any] | None, now: datetime) -> Batch:
        seen = list(self._seen_by(now))
        self._next += len(seen)
        return Batch(
            mentions=tuple(e for e in seen if isinstance(e, Mention)),
            responses=tuple(e for e in seen if isinstance(e, Response)),
        )

    def _seen_by(self, now: datetime) -> Iterator[Event]:
        for event in islice(self.events, self._next, None):
            if visible_at(event) > now:
                return
            yield event

    def committed(self, batch: Batch) -> None:
        """Nothing has to be noted: the database is new."""

    def check(self) -> str:
        return f"{len(self.events)} events"


def in_order(streams: Iterable[Iterable[Event]]) -> list[Event]:
    """Several streams as one, by the time their events are seen; a tie keeps the streams' order."""
    return list(heapq.merge(*(sorted(s, key=visible_at) for s in streams), key=visible_at))


class Foresight:
    """A model for a replay: it labels what is to come in large batches, and remembers.

    Labels are those the model gives one by one; only the work is done beforehand.
    """

    def __init__(self, model: Model, events: Sequence[Event]) -> None:
        self._model = model
        self._texts = (as_classified(e) for e in events if isinstance(e, Mention))
        self._known: dict[str, Labelled] = {}

    @property
    def version(self) -> str:
        return self._model.version

    def predict_each(self, texts: Sequence[str]) -> "list[Labelled]":
        missing = [text for text in texts if text not in self._known]
        if missing:
            ahead = [t for t in islice(self._texts, AHEAD) if t not in self._known]
            wanted = list(dict.fromkeys([*missing, *ahead]))
            self._known |= dict(zip(wanted, self._model.predict_each(wanted), strict=True))
        return [self._known[text] for text in texts]

    def close(self) -> None:
        self._model.close()


def play(
    app: App,
    clock: VirtualClock,
    past: PastSource,
    *,
    until: datetime | None = None,
    until_quiet: bool = False,
    progress: Callable[[datetime], None] = lambda now: None,
) -> datetime:
    """Let time pass from event to event and from deadline to deadline; returns when it ended.

    It ends half a minute after the last event (or at `until`), or, with `until_quiet`, when no
    clock and no incident is open any more.
    """
    said = max((event.said_at for event in past.events), default=None)
    read_at = clock.now()
    end = until or (said + SEEN_AFTER if said is not None else clock.now())
    while (moment := _next_moment(app, clock, past, end, until_quiet=until_quiet)) is not None:
        clock.advance(moment)
        now = clock.now()
        at = past.next_at()
        if (at is not None and at <= now) or now - read_at >= A_WHILE:
            cycle.read_source(app, past.name)  # silence, too, is only known by reading
            read_at = now
        cycle.think(app, now)
        cycle.tell_all(app, now)
        progress(now)
    clock.advance(end)
    cycle.read_source(app, past.name)
    cycle.think(app, clock.now())
    cycle.let_out(app, clock.now())
    cycle.tell_all(app, clock.now())
    return clock.now()


def _next_moment(
    app: App, clock: VirtualClock, past: PastSource, end: datetime, *, until_quiet: bool
) -> datetime | None:
    now, event = clock.now(), past.next_at()
    due = cycle.next_due(app, now)
    if event is not None and (due is None or event <= due):
        return event
    if due is None:
        return None
    due = max(due, now + A_MOMENT)  # what was due by now has been seen to
    if due <= end or event is not None:
        return due if event is None else min(due, event)
    return due if until_quiet and due <= end + LONGEST_WAIT else None
