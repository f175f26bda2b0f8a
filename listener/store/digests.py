"""Digests: made once for each period, recipient and kind, and kept as they were sent."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from listener.domain.digest import COMPANY, DigestData
from listener.domain.times import from_text, from_text_or_none, to_text
from listener.domain.week import Week
from listener.store import subscriptions
from listener.store.connection import Db, Row, among

MAIL: Final = "email"  # the way out that most digests are sent by


@dataclass(frozen=True, slots=True)
class Reader:
    """Who gets a digest: an address, or a channel; `outlet` is the way out."""

    outlet: str
    recipient: str


@dataclass(frozen=True, slots=True)
class KeptDigest:
    """One period for one recipient."""

    id: int
    week: str
    outlet: str
    recipient: str
    state: str  # waiting | sending | sent | failed | linked | unsubscribed
    data: DigestData
    message_id: str
    made_at: datetime
    attempts: int


def add(db: Db, data: DigestData, readers: Iterable[Reader], state: str, now: datetime) -> int:
    """Keep a report for its readers; those that have it already keep theirs.

    For those who unsubscribed it is kept as well, and not sent.
    """
    before = db.total_changes
    readers = tuple(readers)
    gone: Collection[str] = ()
    if state == "waiting":
        gone = subscriptions.without(db, [one.recipient for one in readers], data.kind)
    kept = json.dumps(data.to_json(), ensure_ascii=False)
    db.executemany(
        "INSERT OR IGNORE INTO digest (week, kind, outlet, recipient, state, data, message_id,"
        " made_at, next_try_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                str(data.week),
                data.kind,
                one.outlet,
                one.recipient,
                "unsubscribed" if one.recipient in gone else state,
                kept,
                message_id(data, one),
                to_text(now),
                to_text(now),
            )
            for one in readers
        ],
    )
    return db.total_changes - before


def message_id(data: DigestData, reader: Reader) -> str:
    """The same for ever, and another for each period, recipient and kind.

    A hash, for what a Message-ID cannot hold must not make two of them one.
    """
    whose = json.dumps([data.kind, reader.recipient])
    return f"digest-{data.week}-{hashlib.blake2b(whose.encode(), digest_size=13).hexdigest()}"


def last_week(db: Db, kind: str = COMPANY) -> Week | None:
    """The newest period a digest of a kind was made for."""
    row = db.execute("SELECT max(week) FROM digest WHERE kind = ?", (kind,)).fetchone()
    return None if row[0] is None else Week.parse(row[0])


def linked(db: Db, kind: str = COMPANY) -> tuple[Week, ...]:
    """The periods after the last that is mailed, oldest first: the next mail is to link to them."""
    rows = db.execute(
        "SELECT DISTINCT week FROM digest WHERE kind = ? AND state = 'linked' AND week > coalesce("
        "(SELECT max(week) FROM digest WHERE kind = ? AND state <> 'linked'), '') ORDER BY week",
        (kind, kind),
    )
    return tuple(Week.parse(row["week"]) for row in rows)


def made_at(db: Db, week: Week, kind: str = COMPANY) -> datetime | None:
    """When the digest of a period was made."""
    row = db.execute(
        "SELECT min(made_at) FROM digest WHERE week = ? AND kind = ?", (str(week), kind)
    ).fetchone()
    return from_text_or_none(row[0])


def data_of(db: Db, week: Week, kind: str = COMPANY) -> DigestData | None:
    """The figures that were sent for a period; None when no digest was made."""
    row = db.execute(
        "SELECT data FROM digest WHERE week = ? AND kind = ? LIMIT 1", (str(week), kind)
    ).fetchone()
    return None if row is None else DigestData.from_json(json.loads(row["data"]))


def weeks(db: Db, most: int) -> list[str]:
    """The newest periods that the company's digest was made for, newest first."""
    rows = db.execute(
        "SELECT DISTINCT week FROM digest WHERE kind = ? ORDER BY week DESC LIMIT ?",
        (COMPANY, most),
    )
    return [row["week"] for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A digest of a period, and what became of it: so many readers in each state."""

    week: Week
    kind: str
    made_at: datetime
    sent: int
    waiting: int
    failed: int
    kept: int  # to be read here, and not mailed


def made(db: Db, most: int) -> list[Made]:
    """The digests of the newest periods, newest first, the company's before those of teams."""
    rows = db.execute(
        "SELECT week, kind, min(made_at) AS made_at, sum(state = 'sent') AS sent,"
        " sum(state IN ('waiting', 'sending')) AS waiting, sum(state = 'failed') AS failed,"
        " sum(state IN ('linked', 'unsubscribed')) AS kept FROM digest"
        " WHERE week IN (SELECT DISTINCT week FROM digest ORDER BY week DESC LIMIT ?)"
        " GROUP BY week, kind ORDER BY week DESC, kind <> ?, kind",
        (most, COMPANY),
    )
    return [
        Made(
            week=Week.parse(row["week"]),
            kind=row["kind"],
            made_at=from_text(row["made_at"]),
            sent=row["sent"],
            waiting=row["waiting"],
            failed=row["failed"],
            kept=row["kept"],
        )
        for row in rows
    ]


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
        data = _with_quotes(json.loads(row["data"]), wanted)
        db.execute(
            "UPDATE digest SET data = ? WHERE id = ?",
            (json.dumps(data, ensure_ascii=False), row["id"]),
        )


def _with_quotes(kept: Any, wanted: Callable[[dict[str, Any]], bool]) -> Any:
    """The same, with those alone that are wanted of all that is called `quotes`, wherever it is."""
    if isinstance(kept, list):
        return [_with_quotes(one, wanted) for one in kept]
    if not isinstance(kept, dict):
        return kept
    left = {key: _with_quotes(value, wanted) for key, value in kept.items()}
    if "quotes" in kept:
        left["quotes"] = [one for one in kept["quotes"] if wanted(one)]
    return left


def next_to_send(db: Db, outlets: Collection[str], now: datetime) -> KeptDigest | None:
    """One that waits to be sent by any of these ways out."""
    marks, given = among(outlets)
    row = db.execute(
        "SELECT * FROM digest WHERE state IN ('waiting', 'sending') AND next_try_at <= ?"  # noqa: S608
        f" AND outlet IN ({marks}) ORDER BY week, id LIMIT 1",
        (to_text(now), *given),
    ).fetchone()
    return None if row is None else _digest(row)


def _digest(row: Row) -> KeptDigest:
    return KeptDigest(
        row["id"],
        row["week"],
        row["outlet"],
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
        "UPDATE digest SET state = 'waiting', error = ?, next_try_at = ?"
        " WHERE id = ? AND state = 'sending'",  # not where its reader unsubscribed meanwhile
        (error, to_text(at), digest_id),
    )


def give_up(db: Db, digest_id: int, error: str) -> None:
    db.execute(
        "UPDATE digest SET state = 'failed', error = ?, next_try_at = NULL WHERE id = ?",
        (error, digest_id),
    )


def next_try(db: Db, outlets: Collection[str]) -> datetime | None:
    """When the next one is to be sent by any of these ways out."""
    marks, given = among(outlets)
    row = db.execute(
        "SELECT min(next_try_at) FROM digest WHERE state IN ('waiting', 'sending')"  # noqa: S608
        f" AND outlet IN ({marks})",
        given,
    ).fetchone()
    return from_text_or_none(row[0])


def listing(db: Db) -> list[Row]:
    """Every digest: week, kind, recipient, state, made_at, sent_at, error; newest first."""
    return db.execute(
        "SELECT week, kind, recipient, state, made_at, sent_at, error FROM digest"
        " ORDER BY week DESC, id"
    ).fetchall()
