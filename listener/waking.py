"""What was snoozed, and its end before its time, one layer for all doors."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from listener import named
from listener.domain.times import from_text
from listener.domain.wording import Wording
from listener.errors import UsageError
from listener.store import clocks, incidents, people, snoozes, wordings
from listener.store.connection import Store

MOST: Final = 200  # of each kind
DID: Final = "ended the snooze of"


def snoozed(store: Store, now: datetime) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The mentions and the incidents of which nothing is said for a while, the next to end first.

    `until` is a moment; `who` None where that is not on record.
    """
    with store.read() as db:
        of_mentions = snoozes.of_mentions(db, now, MOST)
        of_incidents = snoozes.of_incidents(db, now, MOST)
    return (
        [{**row, "until": from_text(row["until"])} for row in map(dict, of_mentions)],
        [
            {**row, "until": from_text(row["until"]), "title": wordings.title_of(row)}
            for row in of_incidents
        ],
    )


def wake_mention(store: Store, name: str, who: str, now: datetime) -> None:
    """End a mention's snooze. Raises UsageError where it has none."""
    with store.write() as db:
        mention_id = named.mention(db, name)
        found = [one for one in clocks.of(db, [mention_id]) if _is_snoozed(one.snoozed_until, now)]
        if not found:
            raise UsageError(Wording("%(name)s is not snoozed (any more).", name=name))
        clocks.keep(db, [replace(one, snoozed_until=None) for one in found], now)
        people.write_down(db, who, DID, named.called(db, mention_id), now)


def wake_incident(store: Store, number: int, who: str, now: datetime) -> None:
    """End an incident's snooze: who is to hear of it hears that it is open still."""
    with store.write() as db:
        incident = named.incident(db, number)
        if incident.resolved_at is not None or not _is_snoozed(incident.snoozed_until, now):
            words = Wording("incident %(number)s is not snoozed (any more).", number=number)
            raise UsageError(words)
        snoozes.end_of_incident(db, number, now)
        incidents.note(db, number, now, "snooze ended", who)
        people.write_down(db, who, DID, f"incident {number}", now)


def _is_snoozed(until: datetime | None, now: datetime) -> bool:
    return until is not None and until > now
