"""What people read, one layer for all doors: what waits, incidents and receipts, sources, exports.

Nothing here changes anything; the answers are plain values that a door can show. What people do is
in `inbox.py`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from listener import named
from listener.collectors import EXPERIMENTAL
from listener.collectors.streams import failing
from listener.domain.budget import NOTHING_YET, Cost
from listener.domain.incident import Incident
from listener.domain.times import to_json, to_text
from listener.store import (
    clocks,
    incidents,
    matches,
    mentions,
    overview,
    people,
    search,
    sources,
    spending,
)
from listener.store.connection import Row, Store
from listener.store.overview import Overview, Standing
from listener.store.people import InboxFilter

ACTIONS = {
    "overdue": "answer now",
    "due_soon": "answer next",
    "waiting": "answer",
    "met": "",
    "missed": "",
    "dismissed": "",
}


def waiting(
    store: Store,
    *,
    states: tuple[str, ...] = ("waiting", "due_soon", "overdue"),
    subject: str | None = None,
    words: str | None = None,
    limit: int = 100,
    now: datetime | None = None,
) -> list[dict[str, Any]]:
    """What waits for an answer, most urgent first. `words`: only mentions that hold them.

    States are those of `now`; without it, those that a rule saw last.
    """
    with store.read() as db:
        ids = tuple(search.find(db, words, 10_000)) if words else None
        rows = people.inbox(db, InboxFilter(states, subject, ids, limit, now))
    return [_inbox_row(row) for row in rows]


def _inbox_row(row: Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "row": row["mention_id"],
        "subject": row["subject"],
        "channel": row["channel"],
        "state": row["state"],
        "due_at": row["due_at"],
        "said_at": row["said_at"],
        "seen_at": row["seen_at"],
        "sentiment": row["sentiment"],
        "confidence": row["confidence"],
        "topics": json.loads(row["topics"]) if row["topics"] else [],
        "intent": "question" if row["question"] else None,
        "assignee": row["assignee"],
        "action": ACTIONS[row["state"]],
        "author": row["author"],
        "stars": row["stars"],
        "stars_scale": row["stars_scale"],
        "text": f"{row['title']}: {row['text']}" if row["title"] else row["text"],
    }


def search_for(store: Store, words: str, limit: int) -> list[dict[str, Any]]:
    """The mentions that hold all these words, newest first."""
    with store.read() as db:
        return [dict(row) for row in mentions.listing(db, search.find(db, words, limit))]


def incident_list(store: Store, *, every: bool) -> list[dict[str, Any]]:
    """The incidents, gravest first; those that are over only with `every`."""
    with store.read() as db:
        found = incidents.all_ones(db) if every else incidents.open_ones(db)
    return [
        {
            "id": one.id,
            "rule": one.rule,
            "severity": one.severity.value,
            "state": _state(one),
            "subject": one.subject,
            "channel": one.channel,
            "title": one.title,
            "opened_at": to_json(one.opened_at),
            "resolved_at": to_json(one.resolved_at) if one.resolved_at else None,
        }
        for one in found
    ]


def _state(incident: Incident) -> str:
    if incident.resolved_at is not None:
        return "resolved"
    return "acknowledged" if incident.acknowledged_by else "open"


def receipt(store: Store, number: int) -> dict[str, Any]:
    """Everything an incident rests on, and its history."""
    with store.read() as db:
        incident = named.incident(db, number)
        history = [dict(row) for row in incidents.history(db, number)]
    return {
        "incident": incident.id,
        "subject": incident.subject,
        "rule": incident.rule,
        "severity": incident.severity.value,
        "title": incident.title,
        "why": incident.why,
        "action": incident.action,
        "opened_at": incident.opened_at.isoformat(),
        "resolved_at": incident.resolved_at.isoformat() if incident.resolved_at else None,
        "acknowledged_by": incident.acknowledged_by,
        "evidence": dict(incident.evidence),
        "history": history,
    }


def source_list(store: Store, now: datetime) -> list[dict[str, Any]]:
    """Every source: how it fares, how late it is, which of its streams fail, and what it cost."""
    with store.read() as db:
        rows, costs = sources.listing(db), spending.costs(db, now)
    return [_source(row, costs.get(row["name"], NOTHING_YET), now) for row in rows]


def _source(row: Row, cost: Cost, now: datetime) -> dict[str, Any]:
    last = datetime.fromisoformat(row["last_success"]) if row["last_success"] else None
    return {
        "name": row["name"],
        "type": row["type"],
        "experimental": row["type"] in EXPERIMENTAL,
        "last_success": row["last_success"],
        "lag_s": round((now - last).total_seconds()) if last else None,
        "gap_since": row["gap_since"],
        "next_run": row["next_run"] if row["active"] else None,
        "error": row["error"],
        "failing": _failing(row) if row["active"] else [],
        "spent_usd": round(cost.spent_usd, 6),
        "month_usd": _rounded(cost.month_usd, 6),
        "forecast_usd": _rounded(cost.forecast_usd, 2),
        "usd_per_mention": _rounded(cost.mention_usd, 4),
        "mentions": row["mentions"],
        "rejected": row["rejected"],
    }


def _failing(row: Row) -> list[dict[str, str | None]]:
    return [
        {"stream": one.stream, "since": to_text(one.since) if one.since else None, "why": one.why}
        for one in failing(json.loads(row["cursor"]) if row["cursor"] else None)
    ]


def _rounded(usd: float | None, decimals: int) -> float | None:
    return None if usd is None else round(usd, decimals)


def export(store: Store, kind: str, since: datetime) -> Iterator[dict[str, Any]]:
    """The rows of one kind since a moment."""
    with store.read() as db:
        for row in people.export(db, kind, since):
            yield {key: row[key] for key in row.keys()}  # noqa: SIM118  # a Row iterates its values


@dataclass(frozen=True, slots=True)
class Summary:
    """How a database stands: each subject's counts, and the clocks by state."""

    subjects: list[tuple[str, str, int, int]]  # name, role, mentions, negative
    clocks: dict[str, int]


def summary(store: Store) -> Summary:
    with store.read() as db:
        return Summary(matches.counts(db), clocks.states(db))


def at_a_glance(store: Store, zone: ZoneInfo, now: datetime) -> Overview:
    """What waits, what is wrong, and each brand's last fourteen days."""
    with store.read() as db:
        return overview.overview(db, zone, now)


def standing(store: Store, now: datetime) -> Standing:
    """How promises, incidents and outlets stand, and what was set aside."""
    with store.read() as db:
        return overview.standing(db, now)


def last_changed(store: Store) -> datetime | None:
    """When anything was last collected, told or done."""
    with store.read() as db:
        return overview.last_changed(db)


def troubles(store: Store, *, writing: bool) -> list[str]:
    """Why the database cannot be worked with, if it cannot."""
    return overview.problems(store, writing=writing)
