"""Response clocks and the responses that stop them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from listener.domain.mention import Channel, Evidence, Response
from listener.domain.response import ClockState, ResponseClock, next_moment, settle
from listener.domain.times import from_text, from_text_or_none, to_text
from listener.store.connection import Db, Row, among

STILL_OPEN = "('waiting', 'due_soon', 'overdue')"
COLUMNS = (
    "mention_id, subject_id, channel, said_at, seen_at, due_at, warn_at, late, state, answered_at,"
    " human_at, evidence, dismissed, snoozed_until, told_warnings, told_overdue,"
    " told_closed"
)


def keep(db: Db, clocks: Iterable[ResponseClock], now: datetime) -> None:
    """Write clocks as they stand at `now`."""
    db.executemany(
        f"INSERT OR REPLACE INTO clock ({COLUMNS}, next_at, incident_id) VALUES"  # noqa: S608
        " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
        " (SELECT incident_id FROM clock WHERE mention_id = ?1 AND subject_id = ?2))",
        [_values(settle(clock, now), now) for clock in clocks],
    )


def _values(clock: ResponseClock, now: datetime) -> tuple[object, ...]:
    moment = next_moment(clock, now)
    return (
        clock.mention_id, clock.subject_id, clock.channel.value, to_text(clock.said_at),
        to_text(clock.seen_at), to_text(clock.due_at),
        json.dumps([to_text(w) for w in clock.warn_at]), clock.late, clock.state.value,
        _text(clock.answered_at), _text(clock.human_at),
        clock.evidence.value if clock.evidence else None, clock.dismissed,
        _text(clock.snoozed_until), clock.told_warnings, clock.told_overdue,
        clock.told_closed, _text(moment),
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


def told_and_open(db: Db, subject_id: int, channel: str, but: Sequence[int]) -> int:
    """How many of a brand and channel people have heard of, that still wait; but for some."""
    marks, given = among(but)
    row = db.execute(
        f"SELECT count(*) FROM clock WHERE state IN {STILL_OPEN}"  # noqa: S608
        " AND subject_id = ? AND channel = ? AND (told_warnings OR told_overdue)"
        f" AND mention_id NOT IN ({marks})",
        (subject_id, channel, *given),
    ).fetchone()
    return int(row[0])


def most_urgent(db: Db, incident_id: int, limit: int) -> list[ResponseClock]:
    """The clocks of an incident that still run, most urgent first."""
    rows = db.execute(
        f"SELECT {COLUMNS} FROM clock WHERE incident_id = ? AND state IN {STILL_OPEN}"  # noqa: S608
        " ORDER BY due_at, mention_id LIMIT ?",
        (incident_id, limit),
    )
    return [_clock(r) for r in rows]


def tally(db: Db, incident_id: int) -> dict[str, int]:
    """How many of an incident's clocks are in each state."""
    rows = db.execute(
        "SELECT state, count(*) AS n FROM clock WHERE incident_id = ? GROUP BY state",
        (incident_id,),
    )
    return {r["state"]: r["n"] for r in rows}


def open_of(db: Db, incident_id: int) -> int:
    """How many clocks of an incident still run."""
    row = db.execute(
        f"SELECT count(*) FROM clock WHERE incident_id = ? AND state IN {STILL_OPEN}",  # noqa: S608
        (incident_id,),
    ).fetchone()
    return int(row[0])


def join_incident(db: Db, clocks: Iterable[ResponseClock], incident_id: int) -> None:
    db.executemany(
        "UPDATE clock SET incident_id = ? WHERE mention_id = ? AND subject_id = ?",
        [(incident_id, c.mention_id, c.subject_id) for c in clocks],
    )


def let_go(db: Db, now: datetime) -> None:
    """Dismiss the clocks that run for subjects that are not active; nobody is told."""
    rows = db.execute(
        f"SELECT {COLUMNS} FROM clock WHERE state IN {STILL_OPEN}"  # noqa: S608
        " AND subject_id IN (SELECT id FROM subject WHERE NOT active)"
    ).fetchall()
    keep(db, [replace(_clock(r), dismissed=True, told_closed=True) for r in rows], now)


def drop(db: Db, mention_id: int, subject_ids: Iterable[int]) -> None:
    """Take away clocks whose mention no longer deserves an answer and had none."""
    db.executemany(
        "DELETE FROM clock WHERE mention_id = ? AND subject_id = ? AND answered_at IS NULL",
        [(mention_id, s) for s in subject_ids],
    )


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
        state=ClockState(row["state"]),
    )


@dataclass(frozen=True, slots=True)
class Answered:
    """A response tied to a mention; `subject_id` None: a brand's, we do not know which."""

    mention_id: int
    subject_id: int | None
    said_at: datetime
    evidence: Evidence
    automatic: bool


def add_responses(
    db: Db, responses: Iterable[tuple[Response, int | None]], seen_at: datetime
) -> int:
    """Keep responses, also before their question; each with its brand, where it is known.

    Where the source keeps only the last edit of an answer, the first one seen stays.
    """
    before = db.total_changes
    db.executemany(
        "INSERT INTO response (source, source_id, subject_id, parent_id, thread_id, said_at,"
        " seen_at, author, text, automatic, evidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        [
            (
                r.source, r.source_id, subject_id, r.parent_id, r.thread_id, to_text(r.said_at),
                to_text(seen_at), r.author, r.text, r.automatic, r.evidence.value,
            )
            for r, subject_id in responses
        ],
    )  # fmt: skip
    return db.total_changes - before


def by_hand_at(db: Db, response: Response) -> datetime | None:
    """When a person had said that it was answered, if one had."""
    row = db.execute(
        "SELECT said_at FROM response WHERE source = ? AND source_id = ?",
        (response.source, response.source_id),
    ).fetchone()
    return None if row is None else from_text(row["said_at"])


def put_earlier(db: Db, response: Response) -> None:
    """Correct when a response was given, and by whom."""
    db.execute(
        "UPDATE response SET said_at = ?, author = ? WHERE source = ? AND source_id = ?",
        (to_text(response.said_at), response.author, response.source, response.source_id),
    )


def unjoined_responses(db: Db, upto: int) -> list[int]:
    """Responses that the measure stage has not looked at yet."""
    rows = db.execute("SELECT id FROM response WHERE id > ? ORDER BY id LIMIT 500", (upto,))
    return [r["id"] for r in rows]


DIRECT = """
SELECT r.id, m.id AS mention_id, r.subject_id, r.said_at, r.evidence, r.automatic
FROM response AS r JOIN mention AS m ON m.source = r.source AND m.source_id = r.parent_id
WHERE r.said_at >= m.said_at AND {which}
"""
THREAD = """
SELECT r.id, m.id AS mention_id, r.subject_id, r.said_at, 'thread' AS evidence, r.automatic
FROM response AS r JOIN mention AS m ON m.source = r.source AND m.thread_id = r.thread_id
WHERE r.thread_id IS NOT NULL AND r.said_at >= m.said_at
  AND m.source_id IS NOT r.parent_id AND {which}
"""


def answers_of(db: Db, mention_ids: Sequence[int]) -> list[Answered]:
    """What answered these mentions, wherever it was seen first, earliest first."""
    marks, ids = among(mention_ids)
    found = []
    for query in (DIRECT, THREAD):
        rows = db.execute(query.format(which=f"m.id IN ({marks})"), ids)
        found += [_answered(r) for r in rows]
    rows = db.execute(
        "SELECT mention_id, subject_id, said_at, evidence, automatic FROM response"  # noqa: S608
        f" WHERE evidence = 'hand' AND mention_id IN ({marks})",
        ids,
    )
    found += [_answered(r) for r in rows]
    return sorted(found, key=lambda a: a.said_at)


def questions_of(db: Db, response_ids: Sequence[int]) -> list[int]:
    """The mentions that these responses may answer; they are tied to the ones they name."""
    marks, ids = among(response_ids)
    found: set[int] = set()
    for query in (DIRECT, THREAD):
        rows = db.execute(query.format(which=f"r.id IN ({marks})"), ids).fetchall()
        found |= {r["mention_id"] for r in rows}
        db.executemany(
            "UPDATE response SET mention_id = ? WHERE id = ? AND mention_id IS NULL",
            [(r["mention_id"], r["id"]) for r in rows],
        )
    return sorted(found)


def _answered(row: Row) -> Answered:
    return Answered(
        row["mention_id"],
        row["subject_id"],
        from_text(row["said_at"]),
        Evidence(row["evidence"]),
        bool(row["automatic"]),
    )
