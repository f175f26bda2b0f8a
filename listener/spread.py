"""How far an incident went: channels, people, copies, promises; competitors in the same hours."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from listener import named
from listener.domain.incident import Incident
from listener.domain.masking import masked_text
from listener.domain.times import from_text
from listener.store import spread
from listener.store.connection import Db, Store

LONGEST: Final = timedelta(hours=48)
MOST_COPIED: Final = 5
MOST_LOUD: Final = 8
WEEKS: Final = 4  # before, of which the same hours tell what is usual


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """What was said of an incident's subject while it lasted; on its channel, if it has one."""

    since: datetime
    until: datetime
    channels: list[dict[str, Any]]
    copied: list[dict[str, Any]]
    loudest: list[dict[str, Any]]
    rivals: list[dict[str, Any]]  # name, mentions, negative, usual (None: nobody knows)
    outcomes: dict[str, int]


def of_incident(store: Store, number: int, now: datetime, *, mask: bool = False) -> Spread:
    """From when it began until it was over, two days at most. `mask`: for what leaves the house.

    Raises UsageError where there is no such incident.
    """
    with store.read() as db:
        incident = named.incident(db, number)
        since, until = _span(incident, now)
        asked = (db, incident.subject_id, since, until, incident.channel)
        return Spread(
            since=since,
            until=until,
            channels=[dict(row) for row in spread.channels(*asked)],
            copied=[_masked(dict(row), "text", mask) for row in spread.copied(*asked, MOST_COPIED)],
            loudest=[
                _masked(dict(row), "author", mask) for row in spread.loudest(*asked, MOST_LOUD)
            ],
            rivals=[
                _rival(db, row["id"], row["name"], since, until)
                for row in spread.others(db, incident.subject_id)
            ],
            outcomes=spread.outcomes(db, incident.subject_id, since, until),
        )


def _span(incident: Incident, now: datetime) -> tuple[datetime, datetime]:
    began = incident.evidence.get("started_at")
    since = from_text(began) if isinstance(began, str) else incident.opened_at
    return since, min(incident.resolved_at or now, since + LONGEST)


def _masked(row: dict[str, Any], key: str, mask: bool) -> dict[str, Any]:
    return row | {key: masked_text(row[key])} if mask and row[key] else row


def _rival(db: Db, subject_id: int, name: str, since: datetime, until: datetime) -> dict[str, Any]:
    """A competitor in the same hours, and in those of the weeks before."""
    counted = spread.negatives(db, subject_id, since, until)
    before = [
        found[1]
        for weeks in range(1, WEEKS + 1)
        for back in [timedelta(weeks=weeks)]
        if (found := spread.negatives(db, subject_id, since - back, until - back)) is not None
    ]
    return {
        "name": name,
        "mentions": counted[0] if counted else None,
        "negative": counted[1] if counted else None,
        "usual": round(sum(before) / len(before), 1) if before else None,
    }
