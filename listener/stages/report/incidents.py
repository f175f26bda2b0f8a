"""What happened in a period: spikes with their end, and what shadow kept from people."""

from collections import Counter
from datetime import datetime

from listener.domain.digest import SpikeLine, Untold, UntoldLine, UntoldRule
from listener.domain.incident import Incident, Severity
from listener.domain.times import from_text
from listener.store import notices
from listener.store.connection import Db

GOOD_PART = 0.25
GRAVEST = 3  # of what shadow kept from people


def spike_line(incident: Incident) -> SpikeLine:
    evidence = incident.evidence
    return SpikeLine(
        subject=incident.subject,
        title=incident.title,
        severity=incident.severity,
        opened_at=incident.opened_at,
        resolved_at=incident.resolved_at,
        peak_mentions=int(evidence.get("mentions", 0)),
        peak_negative=int(evidence.get("negative", 0)),
        why=incident.why,
        acknowledged_by=incident.acknowledged_by,
        incident=incident.id,
        rule=incident.rule,
        window_minutes=evidence.get("window_minutes"),
        expected=evidence.get("expected"),
        authors=evidence.get("authors"),
        topics=topics_of(incident),
    )


def topics_of(incident: Incident) -> tuple[str, ...]:
    """What an incident is about: its own topic, or those that a good part of its mentions share."""
    if incident.topic:
        return (incident.topic,)
    told, whole = incident.evidence.get("topics"), incident.evidence.get("mentions", 0)
    if not isinstance(told, dict):
        return ()
    return tuple(topic for topic, n in told.items() if n >= GOOD_PART * whole)


def untold(db: Db, start: datetime, end: datetime) -> Untold | None:
    """What would have been told in a period while shadow was on; None where nothing was kept."""
    found = notices.shadowed(db, start, end)
    if not found:
        return None
    rules = Counter(str(body.get("rule", "")) for _, body, _ in found)
    gravest: dict[object, UntoldLine] = {}
    for _, body, row in found:
        line = UntoldLine(
            title=body["title"],
            severity=Severity(body["severity"]),
            at=from_text(row["made_at"]),
            rule=str(body.get("rule", "")),
            subject=row["subject"] or "",
        )
        key = row["incident_id"] or body.get("key")
        known = gravest.get(key)
        if known is None or line.severity.rank > known.severity.rank:
            gravest[key] = line
    order = sorted(gravest.values(), key=lambda line: (-line.severity.rank, line.at))
    return Untold(
        rules=tuple(UntoldRule(rule=rule, messages=n) for rule, n in rules.most_common()),
        gravest=tuple(order[:GRAVEST]),
    )
