"""Digests: made once for each period and recipient, and kept as they were sent."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from listener.domain.digest import DigestData
from listener.domain.times import from_text, from_text_or_none, to_text
from listener.domain.week import Week
from listener.store import subscriptions
from listener.store.connection import Db, Row
from listener.store.subscriptions import COMPANY

QUOTING = ("topics", "terms", "patterns", "questions")  # what of a subject holds quotes


@dataclass(frozen=True, slots=True)
class KeptDigest:
    """One period for one recipient."""

    id: int
    week: str
    recipient: str
    state: str  # waiting | sending | sent | failed | linked | unsubscribed
    data: DigestData
    message_id: str
    made_at: datetime
    attempts: int


def add(db: Db, data: DigestData, recipients: Iterable[str], state: str, now: datetime) -> int:
    """Keep a report for its recipients; those that have it already keep theirs.

    For those who unsubscribed it is kept as well, and not sent.
    """
    before = db.total_changes
    recipients = tuple(recipients)
    gone = subscriptions.without(db, recipients, COMPANY) if state == "waiting" else ()
    kept = json.dumps(data.to_json(), ensure_ascii=False)
    db.executemany(
        "INSERT OR IGNORE INTO digest (week, recipient, state, data, message_id, made_at,"
        " next_try_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (
                str(data.week),
                to,
                "unsubscribed" if to in gone else state,
                kept,
                f"digest-{data.week}-{to}",
                to_text(now),
                to_text(now),
            )
            for to in recipients
        ],
    )
    return db.total_changes - before


def last_week(db: Db) -> Week | None:
    """The newest period a digest was made for."""
    row = db.execute("SELECT max(week) FROM digest").fetchone()
    return None if row[0] is None else Week.parse(row[0])


def made_at(db: Db, week: Week) -> datetime | None:
    """When the digest of a period was made."""
    row = db.execute("SELECT min(made_at) FROM digest WHERE week = ?", (str(week),)).fetchone()
    return from_text_or_none(row[0])


def data_of(db: Db, week: Week) -> DigestData | None:
    """The figures that were sent for a period; None when no digest was made."""
    row = db.execute("SELECT data FROM digest WHERE week = ? LIMIT 1", (str(week),)).fetchone()
    return None if row is None else DigestData.from_json(json.loads(row["data"]))


def weeks(db: Db, most: int) -> list[str]:
    """The newest periods that a digest was made for, newest first."""
    rows = db.execute("SELECT DISTINCT week FROM digest ORDER BY week DESC LIMIT ?", (most,))
    return [row["week"] for row in rows]


def take_out(db: Db, name: str) -> None:
    """Kept digests lose the quotes of a mention, named SOURCE:ID; their figures stay."""
    quoted = json.dumps(name, ensure_ascii=False)
    rows = db.execute("SELECT id, data FROM digest WHERE instr(data, ?)", (quoted,))
    _keep_quotes(db, rows.fetchall(), lambda quote: quote["name"] != name)


def take_out_old(db: Db, before: datetime) -> None:
    """Digests made before a moment lose all quotes; their figures stay."""
    rows = db.execute(
        "SELECT id, data FROM digest WHERE made_at < ? AND instr(data, '\"quotes\": [{')",
        (to_text(before),),
    )
    _keep_quotes(db, rows.fetchall(), lambda quote: False)


def _keep_quotes(db: Db, rows: Iterable[Row], wanted: Callable[[dict[str, Any]], bool]) -> None:
    for row in rows:
        data = json.loads(row["data"])
        for subject in data["subjects"]:
            for quoting in (one for part in QUOTING for one in subject.get(part, ())):
                quoting["quotes"] = [quote for quote in quoting["quotes"] if wanted(quote)]
        db.execute(
            "UPDATE digest SET data = ? WHERE id = ?",
            (json.dumps(data, ensure_ascii=False), row["id"]),
        )


def next_to_send(db: Db, now: datetime) -> KeptDigest | None:
    row = db.execute(
        "SELECT * FROM digest WHERE state IN ('waiting', 'sending') AND next_try_at <= ?"
        " ORDER BY week, id LIMIT 1",
        (to_text(now),),
    ).fetchone()
    return None if row is None else _digest(row)


def _digest(row: Row) -> KeptDigest:
    return KeptDigest(
        row["id"],
        row["week"],
        row["recipient"],
        row["state"],
        DigestData.from_json(json.loads(row["data"])),
        row["message_id"],
        from_text(row["made_at"]),
        row["attempts"],
    )


def sending(db: Db, digest_id: int) -> None:
    db.execute(
        "UPDATE digest SET state = 'sending', attempts = attempts + 1 WHERE id = ?", (digest_id,)
    )


def sent(db: Db, digest_id: int, now: datetime) -> None:
    db.execute(
        "UPDATE digest SET state = 'sent', sent_at = ?, error = NULL, next_try_at = NULL"
        " WHERE id = ?",
        (to_text(now), digest_id),
    )


def retry(db: Db, digest_id: int, error: str, at: datetime) -> None:
    db.execute(
        "UPDATE digest SET state = 'waiting', error = ?, next_try_at = ? WHERE id = ?",
        (error, to_text(at), digest_id),
    )


def give_up(db: Db, digest_id: int, error: str) -> None:
    db.execute(
        "UPDATE digest SET state = 'failed', error = ?, next_try_at = NULL WHERE id = ?",
        (error, digest_id),
    )


def next_try(db: Db) -> datetime | None:
    row = db.execute(
        "SELECT min(next_try_at) FROM digest WHERE state IN ('waiting', 'sending')"
    ).fetchone()
    return from_text_or_none(row[0])


def listing(db: Db) -> list[Row]:
    """Every digest: week, recipient, state, made_at, sent_at, error; newest first."""
    return db.execute(
        "SELECT week, recipient, state, made_at, sent_at, error FROM digest ORDER BY week DESC, id"
    ).fetchall()
