"""Response clocks: what waits for an answer, until when, and what was told of it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from listener.domain.mention import Channel, Evidence
from listener.domain.response import ClockState, ResponseClock, next_moment, settle
from listener.domain.times import from_text, from_text_or_none, to_text
from listener.store.connection import Db, Row, among

STILL_OPEN = "('waiting', 'due_soon', 'overdue')"
COLUMNS = (
    "mention_id, subject_id, channel, said_at, seen_at, due_at, warn_at, late, state, answered_at,"
    " human_at, evidence, dismissed, snoozed_until, told_warnings, told_overdue,"
    " told_closed, promise, within_s, hours, team, escalate_to, escalate_at, told_escalated"
)


def keep(db: Db, clocks: Iterable[ResponseClock], now: datetime) -> None:
    """Write clocks as they stand at `now`."""
    db.executemany(
        f"INSERT OR REPLACE INTO clock ({COLUMNS}, next_at, incident_id, escalation_id) VALUES"  # noqa: S608
        " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
        " (SELECT incident_id FROM clock WHERE mention_id = ?1 AND subject_id = ?2),"
        " (SELECT escalation_id FROM clock WHERE mention_id = ?1 AND subject_id = ?2))",
        [_values(settle(clock, now), now) for clock in clocks],
    )


def _values(clock: ResponseClock, now: datetime) -> tuple[object, ...]:
    return (
        clock.mention_id, clock.subject_id, clock.channel.value, to_text(clock.said_at),
        to_text(clock.seen_at), to_text(clock.due_at),
        json.dumps([to_text(w) for w in clock.warn_at]), clock.late, clock.state.value,
        _text(clock.answered_at), _text(clock.human_at),
        clock.evidence.value if clock.evidence else None, clock.dismissed,
        _text(clock.snoozed_until), clock.told_warnings, clock.told_overdue,
        clock.told_closed, clock.promise,
        None if clock.within is None else clock.within.total_seconds(), clock.hours, clock.team,
        clock.escalate_to, _text(clock.escalate_at), clock.told_escalated,
        _text(next_moment(clock, now)),
    )  # fmt: skip


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else to_text(moment)


def of(db: Db, mention_ids: Sequence[int]) -> list[ResponseClock]:
    """The clocks of these mentions."""
    marks, given = among(mention_ids)
    rows = db.execute(
        f"SELECT {COLUMNS} FROM clock WHERE mention_id IN ({marks})",  # noqa: S608
        given,
    )
    return [_clock(r) for r in rows]


def due(db: Db, now: datetime, limit: int = 10_000) -> list[ResponseClock]:
    """The clocks that have something to say by now, most urgent first."""
    rows = db.execute(
        f"SELECT {COLUMNS} FROM clock WHERE next_at <= ? ORDER BY due_at, mention_id LIMIT ?",  # noqa: S608
        (to_text(now), limit),
    )
    return [_clock(r) for r in rows]


def next_due(db: Db) -> datetime | None:
    """When the next clock will have something to say."""
    row = db.execute("SELECT min(next_at) FROM clock WHERE next_at IS NOT NULL").fetchone()
    return from_text_or_none(row[0])


def told_and_open(db: Db, subject_id: int, channel: str, team: str, but: Sequence[int]) -> int:
    """How many of a brand, channel and team people have heard of, that still wait; but for some.

    `team` empty: those of no team.
    """
    marks, given = among(but)
    row = db.execute(
        f"SELECT count(*) FROM clock WHERE state IN {STILL_OPEN}"  # noqa: S608
        " AND subject_id = ? AND channel = ? AND coalesce(team, '') = ?"
        f" AND (told_warnings OR told_overdue) AND mention_id NOT IN ({marks})",
        (subject_id, channel, team, *given),
    ).fetchone()
    return int(row[0])


OF_INCIDENT = "(incident_id = ?1 OR escalation_id = ?1)"  # the one that told of it, or escalated it


def most_urgent(db: Db, incident_id: int, limit: int) -> list[ResponseClock]:
    """The clocks of an incident that still run, most urgent first."""
    rows = db.execute(
        f"SELECT {COLUMNS} FROM clock WHERE {OF_INCIDENT} AND state IN {STILL_OPEN}"  # noqa: S608
        " ORDER BY due_at, mention_id LIMIT ?2",
        (incident_id, limit),
    )
    return [_clock(r) for r in rows]


def tally(db: Db, incident_id: int) -> dict[str, int]:
    """How many of an incident's clocks are in each state."""
    rows = db.execute(
        f"SELECT state, count(*) AS n FROM clock WHERE {OF_INCIDENT} GROUP BY state",  # noqa: S608
        (incident_id,),
    )
    return {r["state"]: r["n"] for r in rows}


def open_of(db: Db, incident_id: int) -> int:
    """How many clocks of an incident still run."""
    row = db.execute(
        f"SELECT count(*) FROM clock WHERE {OF_INCIDENT} AND state IN {STILL_OPEN}",  # noqa: S608
        (incident_id,),
    ).fetchone()
    return int(row[0])


def join_incident(db: Db, clocks: Iterable[ResponseClock], incident_id: int) -> None:
    db.executemany(
        "UPDATE clock SET incident_id = ? WHERE mention_id = ? AND subject_id = ?",
        [(incident_id, c.mention_id, c.subject_id) for c in clocks],
    )


def join_escalation(db: Db, clocks: Iterable[ResponseClock], incident_id: int) -> None:
    """Note by which incident another team heard of clocks; they stay with their own as well."""
    db.executemany(
        "UPDATE clock SET escalation_id = ? WHERE mention_id = ? AND subject_id = ?",
        [(incident_id, c.mention_id, c.subject_id) for c in clocks],
    )


def let_go(db: Db, now: datetime) -> None:
    """Dismiss the clocks that run for subjects that are not active; nobody is told."""
    rows = db.execute(
        f"SELECT {COLUMNS} FROM clock WHERE state IN {STILL_OPEN}"  # noqa: S608
        " AND subject_id IN (SELECT id FROM subject WHERE NOT active)"
    ).fetchall()
    keep(db, [replace(_clock(r), dismissed=True, told_closed=True) for r in rows], now)


MEMORY = (
    "mention_id, subject_id, dismissed, snoozed_until, told_warnings, told_overdue, told_closed,"
    " told_escalated"
)
REMEMBER = f"""
INSERT OR REPLACE INTO former_clock ({MEMORY}) SELECT {MEMORY} FROM clock
WHERE mention_id = ?1 AND subject_id = ?2 AND answered_at IS NULL
  AND (dismissed OR snoozed_until NOTNULL OR told_warnings OR told_overdue)
"""  # noqa: S608  # ours, without a value


def drop(db: Db, mention_id: int, subject_ids: Iterable[int]) -> None:
    """Take away clocks whose mention no longer deserves an answer and had none.

    What people did with them, and what they were told, is remembered for when they come back.
    """
    keys = [(mention_id, s) for s in subject_ids]
    db.executemany(REMEMBER, keys)
    db.executemany(
        "DELETE FROM clock WHERE mention_id = ? AND subject_id = ? AND answered_at IS NULL", keys
    )


def come_back(db: Db, clocks: Sequence[ResponseClock]) -> list[ResponseClock]:
    """New clocks with what was known of them, where they were taken away before."""
    marks, given = among([c.mention_id for c in clocks])
    rows = db.execute(
        f"SELECT {MEMORY} FROM former_clock WHERE mention_id IN ({marks})",  # noqa: S608
        given,
    )
    known = {(r["mention_id"], r["subject_id"]): r for r in rows}
    if not known:
        return list(clocks)
    back = [_as_known(c, known.get((c.mention_id, c.subject_id))) for c in clocks]
    db.executemany(
        "DELETE FROM former_clock WHERE mention_id = ? AND subject_id = ?",
        [(c.mention_id, c.subject_id) for c in clocks],
    )
    return back


def _as_known(clock: ResponseClock, row: Row | None) -> ResponseClock:
    if row is None:
        return clock
    return replace(
        clock,
        dismissed=bool(row["dismissed"]),
        snoozed_until=from_text_or_none(row["snoozed_until"]),
        told_warnings=min(row["told_warnings"], len(clock.warn_at)),
        told_overdue=bool(row["told_overdue"]),
        told_closed=bool(row["told_closed"]),
        told_escalated=bool(row["told_escalated"]),
    )


def said_between(
    db: Db, since: datetime, until: datetime, now: datetime
) -> list[tuple[str, ResponseClock]]:
    """The clocks of what was said in a half-open span, each with its subject, as they are now."""
    rows = db.execute(
        "SELECT s.name, c.* FROM clock AS c JOIN subject AS s ON s.id = c.subject_id"
        " WHERE c.said_at >= ? AND c.said_at < ? ORDER BY c.said_at, c.mention_id",
        (to_text(since), to_text(until)),
    )
    return [(r["name"], settle(_clock(r), now)) for r in rows]


class Answered(NamedTuple):
    """A question and its first answer; `hours`: the calendar that its clock ran by."""

    said_at: datetime
    answered_at: datetime
    hours: str


def answered(db: Db, subject_id: int, since: datetime, until: datetime) -> list[Answered]:
    """What was said of a subject in a half-open span and has an answer."""
    rows = db.execute(
        "SELECT said_at, answered_at, hours FROM clock WHERE subject_id = ? AND said_at >= ?"
        " AND said_at < ? AND answered_at NOTNULL",
        (subject_id, to_text(since), to_text(until)),
    )
    return [Answered(from_text(said), from_text(at), hours) for said, at, hours in rows]


def states(db: Db) -> dict[str, int]:
    """How many clocks are in each state."""
    rows = db.execute("SELECT state, count(*) AS n FROM clock GROUP BY state")
    return {r["state"]: r["n"] for r in rows}


def _clock(row: Row) -> ResponseClock:
    return ResponseClock(
        mention_id=row["mention_id"],
        subject_id=row["subject_id"],
        channel=Channel(row["channel"]),
        said_at=from_text(row["said_at"]),
        seen_at=from_text(row["seen_at"]),
        due_at=from_text(row["due_at"]),
        warn_at=tuple(from_text(w) for w in json.loads(row["warn_at"])),
        late=bool(row["late"]),
        answered_at=from_text_or_none(row["answered_at"]),
        human_at=from_text_or_none(row["human_at"]),
        evidence=Evidence(row["evidence"]) if row["evidence"] else None,
        dismissed=bool(row["dismissed"]),
        snoozed_until=from_text_or_none(row["snoozed_until"]),
        told_warnings=row["told_warnings"],
        told_overdue=bool(row["told_overdue"]),
        told_closed=bool(row["told_closed"]),
        promise=row["promise"],
        within=None if row["within_s"] is None else timedelta(seconds=row["within_s"]),
        hours=row["hours"],
        team=row["team"],
        escalate_to=row["escalate_to"],
        escalate_at=from_text_or_none(row["escalate_at"]),
        told_escalated=bool(row["told_escalated"]),
        state=ClockState(row["state"]),
    )
