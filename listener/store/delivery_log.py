"""What each outlet was told, when, after how many attempts, and what became of it."""

from dataclasses import dataclass
from datetime import datetime

from listener.domain.times import to_text
from listener.store.connection import Db, Row

DIGEST = "digest"  # stands for the outlet of reports, and before the number of one
STATES = ("waiting", "sending", "sent", "failed", "shadow")

NOTICES = """
SELECT CAST(o.id AS TEXT) AS id, coalesce(n.told_at, n.made_at) AS at, o.outlet, n.event,
  n.incident_id AS incident, n.body ->> '$.title' AS title, o.state, o.attempts, o.sent_at,
  CASE WHEN o.state = 'waiting' THEN o.next_try_at END AS next_try_at, o.place, o.error
FROM outbox AS o JOIN notice AS n ON n.id = o.notice_id
WHERE (?1 IS NULL OR o.outlet = ?1) AND (?2 IS NULL OR o.state = ?2)
ORDER BY o.id DESC LIMIT ?3
"""
DIGESTS = """
SELECT 'digest:' || id AS id, made_at AS at, 'digest' AS outlet, 'digest.sent' AS event,
  NULL AS incident, week AS title, state, attempts, sent_at,
  CASE WHEN state = 'waiting' THEN next_try_at END AS next_try_at, recipient AS place, error
FROM digest
WHERE state <> 'linked' AND (?1 IS NULL OR ?1 = 'digest') AND (?2 IS NULL OR state = ?2)
ORDER BY id DESC LIMIT ?3
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One delivery, for whoever wants it made again."""

    outlet: str
    state: str
    made_at: str  # as the store writes moments


def listing(db: Db, *, outlet: str | None, state: str | None, limit: int) -> list[Row]:
    """Deliveries, newest first: of notices, and of digests, whose outlet is "digest"."""
    asked = (outlet, state, limit)
    found = [*db.execute(NOTICES, asked), *db.execute(DIGESTS, asked)]
    return sorted(found, key=lambda row: str(row["at"]), reverse=True)[:limit]


def find(db: Db, name: str) -> Past | None:
    """The delivery of an id that `listing` gave; None where there is none."""
    kind, number = _parts(name)
    if kind == DIGEST:
        found = db.execute("SELECT 'digest', state, made_at FROM digest WHERE id = ?", (number,))
    else:
        found = db.execute(
            "SELECT o.outlet, o.state, n.made_at FROM outbox AS o"
            " JOIN notice AS n ON n.id = o.notice_id WHERE o.id = ?",
            (number,),
        )
    row = found.fetchone()
    return None if row is None else Past(outlet=row[0], state=row[1], made_at=row[2])


def revive(db: Db, name: str, now: datetime) -> None:
    """Let what was given up be tried once more, by the same id; an unclear end stays unclear."""
    kind, number = _parts(name)
    table = "digest" if kind == DIGEST else "outbox"
    db.execute(
        f"UPDATE {table} SET state = 'waiting', next_try_at = ?"  # noqa: S608  # one of two names
        " WHERE id = ? AND state = 'failed'",
        (to_text(now), number),
    )


def _parts(name: str) -> tuple[str, int | None]:
    kind, colon, number = name.rpartition(":")
    known = number.isascii() and number.isdigit() and len(number) < 19
    return (kind if colon else "", int(number) if known and kind in ("", DIGEST) else None)
