"""Known events: what a detector is told of them, and what is said of them in an alert."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from listener.domain.events import KnownEvent, Span, touching
from listener.domain.part import Part
from listener.domain.subject import Subject
from listener.domain.times import from_text, to_text
from listener.stages.alert import known
from listener.stages.alert.tick import Tick
from listener.stages.alert.watched import Series
from listener.store.connection import Db

AHEAD = timedelta(days=30)  # an event is told so long before it begins
BACK = timedelta(hours=24)  # what ended longer ago changes nothing any more


def tell(db: Db, brand: Subject, one: Series, tick: Tick) -> bool:
    """Tell a detector of the events it does not know yet, and of those that are none any more.

    Returns whether there were any.
    """
    if not tick.events and not one.events:
        return False
    since, until = (one.upto or tick.now) - BACK, tick.now + AHEAD
    wanted = _by_span(touching(tick.events, brand.name, since, until))
    keys: list[list[Any]] = sorted([*span, e.factor, e.learn] for span, e in wanted.items())
    if keys == [entry[:4] for entry in one.events]:
        return False
    for start, end, *_ in one.events:
        if (start, end) not in wanted and end > to_text(since):
            one.detector.expect(from_text(start), from_text(end), 1.0)
    sized = _by_span(known.expected(db, brand, tick.events, since, until))
    for event in sized.values():
        one.detector.expect(event.since, event.until, max(event.factor, 1.0))
    one.events = [[*key, sized[key[0], key[1]].factor] for key in keys]
    return True


def _by_span(events: Sequence[KnownEvent]) -> dict[tuple[str, str], KnownEvent]:
    """Each span once: a detector knows one factor of it, and that is the largest."""
    found: dict[tuple[str, str], KnownEvent] = {}
    for event in sorted(events, key=lambda e: e.factor):
        found[to_text(event.since), to_text(event.until)] = event
    return found


class Said(NamedTuple):
    """What an alert says of known events."""

    names: tuple[str, ...]
    beyond_last: str  # that there are more than last time; empty: nothing can be said of that


def said(db: Db, brand: Subject, part: Part, window: Span, tick: Tick) -> Said:
    """The events that touch a window, and whether it is worse than the last time."""
    names: dict[str, Any] = dict.fromkeys(
        event.name for event in touching(tick.events, brand.name, *window)
    )
    if not names or not part.is_whole:
        return Said(tuple(names), "")
    return Said(tuple(names), known.compared(db, brand, tick.events, tick.now) or "")
