"""How what rules find is told: the one way from a finding to notices, with its manners."""

from dataclasses import dataclass
from datetime import datetime

from listener.domain.incident import Event, Finding
from listener.store import incidents
from listener.store.connection import Db
from listener.store.incidents import Outlets


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Who hears of alerts, and what is held back from them."""

    outlets: Outlets


def tell(
    db: Db,
    finding: Finding,
    event: Event,
    incident_id: int | None,
    telling: Telling,
    now: datetime,
) -> int:
    """Write what is to be told, in the transaction of what happened; returns how many notices."""
    return incidents.tell(
        db, finding, event=event, incident_id=incident_id, outlets=telling.outlets, now=now
    )
