"""What outlets were told: notices with their reasons, and what each outlet has heard by that."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from listener.domain.incident import Event, Finding
from listener.domain.manners import Kind, Reason, kind_of
from listener.domain.times import from_text, from_text_or_none, to_text
from listener.store.connection import Db, Row

READ_BACK = 200  # of the newest notices of an incident, for what an outlet has heard


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A notice before anybody has decided whether it is told. It holds no words of people."""

    outlet: str
    event: Event
    key: str
    incident_id: int | None
    made_at: datetime
    body: Mapping[str, Any]

    @property
    def id(self) -> str:
        """26 characters that the same notice always has, and no other."""
        said = json.dumps(
            [
                self.outlet, self.key, self.event.value, self.incident_id, to_text(self.made_at),
                list(self.body["mentions"]),
            ]
        )  # fmt: skip
        return hashlib.blake2b(said.encode(), digest_size=13).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What an outlet has heard of one incident."""

    has_message: bool = False
    knows: bool = False  # that it is going on, and not that it is over
    last_told: datetime | None = None
    last_loud: datetime | None = None
    repeats: int = 0  # reminders since anything else was said aloud


def draft(
    finding: Finding, outlet: str, event: Event, incident_id: int | None, now: datetime
) -> Draft:
    """What an outlet would be told of a finding."""
    return Draft(
        outlet=outlet,
        event=event,
        key=finding.key,
        incident_id=incident_id,
        made_at=now,
        body=body_of(finding),
    )


def body_of(finding: Finding) -> dict[str, Any]:
    """A finding as it is kept with a notice: our words, numbers, and the rows of mentions."""
    return {
        "key": finding.key,
        "rule": finding.rule,
        "subject_id": finding.subject_id,
        "channel": finding.channel,
        "topic": finding.topic,
        "severity": finding.severity.value,
        "title": finding.title,
        "why": finding.why,
        "action": finding.action,
        "team": finding.team,
        "mentions": list(finding.mentions),
        "evidence": dict(finding.evidence),
    }


def write(
    db: Db,
    one: Draft,
    *,
    reason: Reason,
    loud: bool,
    now: datetime,
    shadowed: bool = False,
    as_id: str | None = None,
) -> bool:
    """Put a notice into the outbox, in the transaction of what happened; False: it is there.

    `shadowed`: it is kept as told, and nobody gets it.
    """
    name = as_id or one.id
    added = db.execute(
        "INSERT OR IGNORE INTO notice (id, event, outlet, incident_id, made_at, body, reason,"
        " told_at, loud) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            name, one.event.value, one.outlet, one.incident_id, to_text(one.made_at),
            json.dumps(one.body, ensure_ascii=False), reason.value, to_text(now), loud,
        ),
    ).rowcount  # fmt: skip
    if added:
        db.execute(
            "INSERT INTO outbox (notice_id, outlet, state, next_try_at) VALUES (?, ?, ?, ?)",
            (name, one.outlet, "shadow" if shadowed else "waiting", to_text(now)),
        )
    return bool(added)


HEARD = """
SELECT n.event, coalesce(n.told_at, n.made_at) AS at, n.loud FROM notice AS n
JOIN outbox AS o ON o.notice_id = n.id
WHERE n.incident_id = ? AND n.outlet = ? AND (o.state <> 'shadow' OR ?)
ORDER BY o.id DESC LIMIT ?
"""
SUMMED = """
SELECT max(ended_at) FROM withheld WHERE incident_id = ? AND outlet = ? AND became = 'summed'
"""


RESTS_ON = """
SELECT body ->> '$.mentions' FROM (
  SELECT body, made_at FROM notice WHERE incident_id = ?1
  UNION ALL SELECT body, made_at FROM withheld WHERE incident_id = ?1)
WHERE json_array_length(body, '$.mentions') ORDER BY made_at DESC LIMIT 1
"""


def mentions_of(db: Db, incident_id: int) -> list[int]:
    """The rows of the mentions that the last news of an incident rests on, most telling first.

    Whether it was told or held back.
    """
    found = db.execute(RESTS_ON, (incident_id,)).fetchone()
    return [] if found is None else list(json.loads(found[0]))


def heard(db: Db, incident_id: int, outlet: str, event: Event, *, shadow: bool) -> Heard:
    """What an outlet has heard of an incident; `shadow`: what it would have, counts too.

    `last_told` and `last_loud` are of any news; for what is told of promises, of this sort of it.
    """
    rows = db.execute(HEARD, (incident_id, outlet, shadow, READ_BACK)).fetchall()
    news = [row for row in rows if kind_of(Event(row["event"])) is not Kind.EDIT]
    summed = from_text_or_none(db.execute(SUMMED, (incident_id, outlet)).fetchone()[0])
    like = _like(news, event)
    told = max((from_text(row["at"]) for row in like), default=None)
    loud = [from_text(row["at"]) for row in like if row["loud"]] + ([summed] if summed else [])
    ended = bool(news) and kind_of(Event(news[0]["event"])) is Kind.ENDS
    since_end = summed is not None and (not news or summed > from_text(news[0]["at"]))
    return Heard(
        has_message=bool(rows),
        knows=since_end or (bool(news) and not ended),
        last_told=told,
        last_loud=max(loud, default=None),
        repeats=_repeats(news),
    )


def _like(news: Sequence[Row], event: Event) -> list[Row]:
    if kind_of(event) in (Kind.PROMISE, Kind.KEPT):
        return [row for row in news if row["event"] == event.value]
    return list(news)


def _repeats(news: Sequence[Row]) -> int:
    count = 0
    for row in news:
        if row["event"] == Event.INCIDENT_REPEATED:
            count += 1
        elif row["loud"]:
            break
    return count


def interruptions(db: Db, outlet: str, team: str | None, since: datetime) -> tuple[int, int]:
    """How often an outlet's readers of one team were interrupted, and how often by promises."""
    row = db.execute(
        "SELECT count(*), coalesce(sum(event LIKE 'response.%'), 0) FROM notice"
        " WHERE outlet = ? AND loud AND told_at >= ? AND json_extract(body, '$.team') IS ?",
        (outlet, to_text(since), team),
    ).fetchone()
    return row[0], row[1]


def quietly(db: Db, outlet: str, team: str | None, since: datetime) -> int:
    """How many notices went to threads because the day's interruptions were spent."""
    row = db.execute(
        "SELECT count(*) FROM notice WHERE outlet = ? AND reason = ? AND made_at >= ?"
        " AND json_extract(body, '$.team') IS ?",
        (outlet, Reason.BUDGET.value, to_text(since), team),
    ).fetchone()
    return int(row[0])


def groups(db: Db, outlet: str) -> int:
    """How many open incidents an outlet was told of."""
    row = db.execute(
        "SELECT count(*) FROM incident AS i WHERE i.resolved_at IS NULL AND EXISTS"
        " (SELECT 1 FROM notice AS n WHERE n.incident_id = i.id AND n.outlet = ?)",
        (outlet,),
    ).fetchone()
    return int(row[0])


def told_outlets(db: Db, incident_id: int) -> set[str]:
    """The outlets that have been told anything of this incident."""
    rows = db.execute(
        "SELECT DISTINCT n.outlet FROM notice AS n JOIN outbox AS o ON o.notice_id = n.id"
        " WHERE n.incident_id = ? AND o.state <> 'shadow'",
        (incident_id,),
    )
    return {r["outlet"] for r in rows}


def told_of(db: Db, incident_id: int) -> list[Row]:
    """What was told of an incident: at, outlet, event, reason, state, oldest first."""
    return db.execute(
        "SELECT coalesce(n.told_at, n.made_at) AS at, n.outlet, n.event, n.reason, o.state"
        " FROM notice AS n JOIN outbox AS o ON o.notice_id = n.id WHERE n.incident_id = ?"
        " ORDER BY o.id",
        (incident_id,),
    ).fetchall()


SHADOW = "shadow_since"


def begin_shadow(db: Db, now: datetime) -> None:
    """Note when the daemon first ran here: shadow counts from then, and is noted but once."""
    db.execute("INSERT OR IGNORE INTO meta (key, value) VALUES (?, ?)", (SHADOW, to_text(now)))


def shadow_until(db: Db, span: timedelta) -> datetime | None:
    """When shadow ends; None: the daemon has not run yet, so it has not begun."""
    row = db.execute("SELECT value FROM meta WHERE key = ?", (SHADOW,)).fetchone()
    return None if row is None else from_text(row["value"]) + span


SHADOWED = """
SELECT n.event, n.incident_id, n.made_at, n.body, s.name AS subject FROM notice AS n
JOIN outbox AS o ON o.notice_id = n.id
LEFT JOIN subject AS s ON s.id = json_extract(n.body, '$.subject_id')
WHERE o.state = 'shadow' AND n.made_at >= ? AND n.made_at < ?
  AND n.event NOT IN ('incident.updated', 'digest.sent')
GROUP BY n.event, n.incident_id, n.made_at, json_extract(n.body, '$.key')
ORDER BY n.made_at
"""


def shadowed(db: Db, start: datetime, end: datetime) -> list[tuple[Event, dict[str, Any], Row]]:
    """What would have been told in a span, each once however many outlets there are."""
    rows = db.execute(SHADOWED, (to_text(start), to_text(end))).fetchall()
    return [(Event(row["event"]), json.loads(row["body"]), row) for row in rows]
