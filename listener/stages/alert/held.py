"""What was held back is decided anew when its moment comes: told, held on, or dropped."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from listener.domain.incident import Event, Incident, as_finding
from listener.domain.manners import IN_SUMMARY, Act, Kind, Reason, kind_of
from listener.domain.response import OPEN
from listener.stages.alert import summaries
from listener.stages.alert.telling import Telling, case_of, decide, remind, send
from listener.store import clocks, incidents, notices, withheld
from listener.store.connection import Db, Store
from listener.store.notices import Draft
from listener.store.withheld import Became, Held

STALE = timedelta(minutes=1)
TOGETHER = (Kind.PROMISE, Kind.KEPT, Kind.BEGINS)  # each is of other mentions


def release(store: Store, telling: Telling, now: datetime) -> int:
    """Tell what is due by now; returns how many notices were written."""
    with store.read() as db:
        if not withheld.due(db, now):
            return 0
    with store.write() as db:
        due = withheld.due(db, now)
        known = [one for one in due if one.outlet in telling.outlets.all]
        for one in due:
            if one not in known:
                withheld.end(db, one, Became.SILENT, now, Reason.GONE)  # nobody is there any more
        for_summary = [one for one in known if one.reason in IN_SUMMARY]
        alone = [one for one in known if one.reason not in IN_SUMMARY]
        told = sum(_decide_anew(db, group, telling, now) for group in _groups(alone))
        _wake(db, alone, now)
        return told + summaries.tell(db, for_summary, telling, now)


def let_all_out(store: Store, telling: Telling, now: datetime) -> int:
    """Tell what waits but to see whether it lasts: for the end of a replay, after which is nothing.

    Returns how many notices were written.
    """
    with store.write() as db:
        due = [one for one in withheld.open_ones(db) if one.reason is Reason.GROUP_WAIT]
        later = now + telling.manners.group_wait
        return sum(_decide_anew(db, [one], telling, later) for one in due)


def _groups(due: Sequence[Held]) -> list[list[Held]]:
    """What is told as one: of an incident all of one sort, unless it is told in turn."""
    groups: dict[object, list[Held]] = {}
    for one in due:
        together = one.incident_id is not None and kind_of(one.event) in TOGETHER
        key = (one.outlet, one.incident_id, one.event) if together else one.id
        groups.setdefault(key, []).append(one)
    return list(groups.values())


def _decide_anew(db: Db, group: list[Held], telling: Telling, now: datetime) -> int:
    held = withheld.merged(group)
    incident = incidents.get(db, held.incident_id) if held.incident_id is not None else None
    draft = _as_it_stands(db, held, len(group), incident, now)
    if draft is None:
        return _drop(db, group, Reason.GONE, now)
    verdict, _ = decide(db, draft, case_of(db, held.incident_id), telling, now)
    if verdict.act is Act.HOLD:
        for one in group:
            withheld.hold_on(db, one, verdict.reason, verdict.until, verdict.waits_for)
        return 0
    if verdict.act not in (Act.NOW, Act.QUIETLY):
        _drop(db, group, verdict.reason, now)
        if verdict.reason is Reason.BUDGET:  # of a reminder: tomorrow is another day
            remind(db, draft, telling, now)
        return 0
    _end(db, group, Became.TOLD, None, now)
    return send(db, draft, verdict, telling, now)


def _drop(db: Db, group: Sequence[Held], reason: Reason, now: datetime) -> int:
    _end(db, group, Became.SILENT, reason, now)
    return 0


def _end(
    db: Db, group: Sequence[Held], became: Became, reason: Reason | None, now: datetime
) -> None:
    for one in group:
        if one.event is Event.INCIDENT_REPEATED:
            withheld.forget_reminder(db, one.outlet, one.incident_id)
        else:
            withheld.end(db, one, became, now, reason)


def _wake(db: Db, due: Sequence[Held], now: datetime) -> None:
    """The snoozes that were over are so for good, once every outlet was told."""
    for incident_id in {one.incident_id for one in due if one.event is Event.INCIDENT_REPEATED}:
        incident = incidents.get(db, incident_id) if incident_id is not None else None
        if incident is not None and incident.snoozed_until and incident.snoozed_until <= now:
            incidents.wake(db, incident.id)


def _as_it_stands(
    db: Db, held: Held, merged: int, incident: Incident | None, now: datetime
) -> Draft | None:
    """What is to be told of it now; None: nothing any more."""
    draft, kind = held.draft, kind_of(held.event)
    if incident is None or kind is Kind.ENDS:
        back = incident is not None and incident.resolved_at is None
        return None if back else draft
    if kind is Kind.KEPT:
        return replace(draft, body=_standing(draft.body, incident) if merged > 1 else draft.body)
    if incident.resolved_at is not None:
        return None
    if kind is Kind.PROMISE:
        stale = merged > 1 or now - held.made_at >= STALE
        return _still_waiting(db, draft, incident, stale=stale)
    body = notices.body_of(as_finding(incident)) | {"mentions": draft.body["mentions"]}
    if kind is Kind.REPEATS:
        nobody = "" if incident.acknowledged_by else " Nobody has taken it."
        body["why"] = f"{incident.why}{nobody}"
        return replace(draft, made_at=now, body=body)
    return replace(draft, body=body)


def _still_waiting(db: Db, draft: Draft, incident: Incident, *, stale: bool) -> Draft | None:
    """Those of its mentions that nobody has answered meanwhile.

    `stale`: its words no longer hold, such as how long is left.
    """
    told = list(draft.body["mentions"])
    waiting = {c.mention_id for c in clocks.of(db, told) if c.state in OPEN}
    left = [m for m in told if m in waiting]
    if not left:
        return None
    body = _standing(draft.body, incident) if stale or left != told else draft.body
    return replace(draft, body={**body, "mentions": left})


def _standing(body: Mapping[str, object], incident: Incident) -> dict[str, object]:
    """The words of the incident as it stands, for what is no longer as it was said."""
    return {
        **body,
        "title": incident.title,
        "why": incident.why,
        "evidence": dict(incident.evidence),
    }


def next_due(store: Store) -> datetime | None:
    """When something that is held is due."""
    with store.read() as db:
        return withheld.next_due(db)
