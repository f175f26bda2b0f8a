"""What a press in a chat needs to know: which mentions may be meant, and whether it is a new one.

What a press does is in `inbox.py`, as at every other door.
"""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final, TypeVar

from listener import named
from listener.domain.incident import Incident
from listener.domain.press import MOST_CHOICES, Choice, Press, Worked, is_same
from listener.domain.voice import quoted
from listener.store import clocks, incidents, matches, notices, overview, people, pressed
from listener.store.connection import Store

T = TypeVar("T")

_ONE_AT_A_TIME: Final = threading.Lock()
CHOICE_LENGTH: Final = 140


def only_once(store: Store, key: str, now: datetime, act: Callable[[], T]) -> T | None:
    """Carry out what was pressed, unless this very press was before; then None.

    One after the other, for a press may be handed over again while it is still carried out. If it
    fails it may be pressed again. Killed between the act and its note it is carried out twice,
    which no act of ours minds.
    """
    with _ONE_AT_A_TIME:
        with store.read() as db:
            if not pressed.is_new(db, key):
                return None
        done = act()
        with store.write() as db:
            pressed.note(db, key, now)
        return done


def choices(store: Store, number: int, *, mask: bool) -> list[Choice]:
    """The mentions of an incident that people may say something of, most urgent or telling first.

    `mask`: without addresses and numbers of people. Raises UsageError where there is no such
    incident.
    """
    with store.read() as db:
        incident = named.incident(db, number)
        ids = [c.mention_id for c in clocks.most_urgent(db, number, MOST_CHOICES)]
        ids += [i for i in notices.mentions_of(db, number) if i not in ids]
        voices = matches.voices_by_id(db, incident.subject_id, ids[:MOST_CHOICES])
    quotes = [quoted(voice, CHOICE_LENGTH, mask=mask) for voice in voices]
    return [
        Choice(name=q.name, subject=incident.subject, author=q.author, text=q.text) for q in quotes
    ]


def newest_act(store: Store) -> int:
    """Up to which act whoever looks now can know of what others did."""
    with store.read() as db:
        return people.newest_act(db)


def faster(store: Store, act: Press, what: str, seen: int | None, who: str) -> Worked | None:
    """The same that somebody else did about `what` (SOURCE:ID, "incident 3"), and `who` pressed
    without having seen it: after the act `seen`, which is the newest that was shown.
    """
    if seen is None:
        return None
    with store.read() as db:
        done = people.acts_of_others(db, what, seen, who)
    return next((one for one in reversed(done) if is_same(act, one)), None)


def subject_of(store: Store, number: int) -> str:
    """Whom an incident is about. Raises UsageError where there is no such incident."""
    with store.read() as db:
        return named.incident(db, number).subject


def open_incidents(store: Store) -> list[Incident]:
    with store.read() as db:
        return incidents.open_ones(db)


def open_clocks(store: Store, now: datetime) -> dict[str, int]:
    """How many mentions wait for an answer, by state."""
    with store.read() as db:
        return overview.open_clocks(db, now)
