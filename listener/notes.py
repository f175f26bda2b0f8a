"""Notes on mentions and incidents: what people write for each other; nobody outside is told."""

from datetime import datetime
from typing import Final

from listener import named
from listener.domain.text import normalise
from listener.domain.wording import Wording
from listener.errors import UsageError
from listener.store import incidents, notes, people, undoable
from listener.store.connection import Store
from listener.store.notes import NOTED

LONGEST: Final = 2000  # characters


def on_mention(store: Store, name: str, text: str, who: str, now: datetime) -> None:
    """Keep a note on a mention; it goes when the mention's words go. Raises UsageError for none."""
    said = _written(text)
    with store.write() as db:
        mention_id = named.mention(db, name)
        act = people.write_down(db, who, NOTED, named.called(db, mention_id), now)
        notes.add(db, act, said, mention_id=mention_id)
        undoable.remember(db, act, mention_id, {})


def on_incident(store: Store, number: int, text: str, who: str, now: datetime) -> None:
    """Keep a note on an incident. Raises UsageError for none."""
    said = _written(text)
    with store.write() as db:
        named.incident(db, number)
        act = people.write_down(db, who, NOTED, f"incident {number}", now)
        incidents.note(db, number, now, NOTED, who)
        notes.add(db, act, said, incident_id=number)


def _written(text: str) -> str:
    said = normalise(text, LONGEST).text
    if not said:
        raise UsageError(Wording("A note needs words: write some first."))
    return said
