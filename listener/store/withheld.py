"""What outlets were not told, or not yet: held until a moment, or kept with the reason only."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from listener.domain.incident import Event
from listener.domain.manners import Reason
from listener.domain.times import from_text, from_text_or_none, to_text
from listener.store.connection import Db, Row
from listener.store.notices import Draft


class Became(StrEnum):
    """What came of what was withheld."""

    TOLD = "told"
    SUMMED = "summed"  # a line of a summary
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A notice that waits for its moment."""

    id: str
    outlet: str
    event: Event
    incident_id: int | None
    made_at: datetime
    reason: Reason
    until: datetime | None
    body: Mapping[str, Any]

    @property
    def draft(self) -> Draft:
        return Draft(
            outlet=self.outlet,
            event=self.event,
            key=self.body["key"],
            incident_id=self.incident_id,
            made_at=self.made_at,
            body=self.body,
        )


INSERT = """
INSERT INTO withheld (id, outlet, event, incident_id, made_at, reason, until, waits_for, became,
  ended_at, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO NOTHING
"""


def hold(
    db: Db, one: Draft, reason: Reason, until: datetime | None, waits_for: int | None = None
) -> None:
    """Keep a notice for later: until a moment, or until an incident is over."""
    _insert(db, one, one.id, reason, until=until, waits_for=waits_for)


def silence(db: Db, one: Draft, reason: Reason, now: datetime) -> None:
    """Keep that something was not told, and why."""
    _insert(db, one, one.id, reason, became=Became.SILENT, ended_at=now)


def remind(db: Db, one: Draft, reason: Reason, until: datetime) -> None:
    """Have an outlet reminded of an incident at a moment; an earlier wish for that is forgotten."""
    forget_reminder(db, one.outlet, one.incident_id)
    name = f"{one.event.value}:{one.outlet}:{one.incident_id}"
    _insert(db, one, name, reason, until=until)


def forget_reminder(db: Db, outlet: str, incident_id: int | None) -> None:
    """Nobody is to be reminded of an incident any more."""
    db.execute(
        "DELETE FROM withheld WHERE incident_id = ? AND outlet = ? AND event = ?"
        " AND became IS NULL",
        (incident_id, outlet, Event.INCIDENT_REPEATED.value),
    )


def _insert(
    db: Db,
    one: Draft,
    name: str,
    reason: Reason,
    *,
    until: datetime | None = None,
    waits_for: int | None = None,
    became: Became | None = None,
    ended_at: datetime | None = None,
) -> None:
    db.execute(
        INSERT,
        (
            name, one.outlet, one.event.value, one.incident_id, to_text(one.made_at), reason.value,
            to_text(until) if until else None, waits_for, became.value if became else None,
            to_text(ended_at) if ended_at else None, json.dumps(one.body, ensure_ascii=False),
        ),
    )  # fmt: skip


DUE = """
SELECT * FROM withheld WHERE became IS NULL AND (until <= ?
  OR waits_for IN (SELECT id FROM incident WHERE resolved_at IS NOT NULL))
ORDER BY made_at, id
"""


def due(db: Db, now: datetime) -> list[Held]:
    """What is to be decided anew by now: its moment has come, or what it waited for is over."""
    return [_held(row) for row in db.execute(DUE, (to_text(now),))]


def open_ones(db: Db) -> list[Held]:
    """All that is held, oldest first."""
    rows = db.execute("SELECT * FROM withheld WHERE became IS NULL ORDER BY made_at, id")
    return [_held(row) for row in rows]


def held_of(db: Db, incident_id: int, outlet: str) -> list[Held]:
    """What is held of an incident for an outlet, oldest first."""
    return [one for one in open_of(db, incident_id) if one.outlet == outlet]


def open_of(db: Db, incident_id: int) -> list[Held]:
    """What is held of an incident, oldest first."""
    rows = db.execute(
        "SELECT * FROM withheld WHERE incident_id = ? AND became IS NULL ORDER BY made_at, id",
        (incident_id,),
    )
    return [_held(row) for row in rows]


def next_due(db: Db) -> datetime | None:
    """When the next of what is held is due."""
    row = db.execute("SELECT min(until) FROM withheld WHERE became IS NULL").fetchone()
    return from_text_or_none(row[0])


def hold_on(
    db: Db, held: Held, reason: Reason, until: datetime | None, waits_for: int | None
) -> None:
    """Hold something longer, for another reason."""
    db.execute(
        "UPDATE withheld SET reason = ?, until = ?, waits_for = ? WHERE id = ?",
        (reason.value, to_text(until) if until else None, waits_for, held.id),
    )


def end(db: Db, held: Held, became: Became, now: datetime, reason: Reason | None = None) -> None:
    """Say what came of it; with a reason, that is why it was not told."""
    moment = to_text(now)
    name = f"{held.id}@{moment}" if held.event is Event.INCIDENT_REPEATED else held.id
    db.execute(
        "UPDATE withheld SET id = ?, became = ?, ended_at = ?, reason = ?, waits_for = NULL"
        " WHERE id = ?",
        (name, became.value, moment, (reason or held.reason).value, held.id),
    )


def withheld_of(db: Db, incident_id: int) -> list[Row]:
    """What was not told of an incident, or not at once: made_at, outlet, event, reason, became."""
    return db.execute(
        "SELECT made_at AS at, outlet, event, reason, until, became FROM withheld"
        " WHERE incident_id = ? AND event <> ? ORDER BY made_at, id",
        (incident_id, Event.INCIDENT_REPEATED.value),
    ).fetchall()


def sweep(db: Db, before: datetime, limit: int) -> None:
    """Delete what came to its end long ago."""
    db.execute(
        "DELETE FROM withheld WHERE id IN (SELECT id FROM withheld WHERE became IS NOT NULL"
        " AND ended_at < ? ORDER BY ended_at LIMIT ?)",
        (to_text(before), limit),
    )


def merged(held: list[Held]) -> Held:
    """Several of one sort as one: the newest, with the mentions of all."""
    mentions = dict.fromkeys(m for one in held for m in one.body["mentions"])
    newest = held[-1]
    return replace(newest, body={**newest.body, "mentions": list(mentions)})


def _held(row: Row) -> Held:
    return Held(
        id=row["id"],
        outlet=row["outlet"],
        event=Event(row["event"]),
        incident_id=row["incident_id"],
        made_at=from_text(row["made_at"]),
        reason=Reason(row["reason"]),
        until=from_text_or_none(row["until"]),
        body=json.loads(row["body"]),
    )
