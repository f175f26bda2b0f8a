"""How what rules find is told: the one way from a finding to notices, with its manners."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from listener.domain.actions import Pack, signal_of
from listener.domain.incident import Event, Finding, Incident, Severity, as_finding
from listener.domain.judging import judge
from listener.domain.manners import (
    IN_SUMMARY,
    MOST_REPEATS,
    Act,
    Case,
    Ears,
    Kind,
    Manners,
    News,
    Question,
    Reason,
    Verdict,
    kind_of,
    larger_of,
    repeats,
)
from listener.store import incidents, notices, withheld
from listener.store.connection import Db
from listener.store.incidents import Outlets
from listener.store.notices import Draft
from listener.store.withheld import Became, Held
from listener.texts.actions import built_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Who hears of alerts, and what is held back from them."""

    outlets: Outlets
    manners: Manners = field(default_factory=Manners)
    edit_every: timedelta = timedelta(minutes=5)  # a lasting message is brought up to date
    changed_every: timedelta = timedelta(minutes=1)  # and where its first line shows too little
    pack: Pack = field(default_factory=lambda: Pack(actions=built_in("en")))

    @property
    def for_people(self) -> "Telling":
        """Told to those outlets only that call people."""
        return self._to([one for one in self.outlets.all if one in self.outlets.calling])

    @property
    def for_programs(self) -> "Telling":
        return self._to([one for one in self.outlets.all if one not in self.outlets.calling])

    def _to(self, outlets: Sequence[str]) -> "Telling":
        return replace(self, outlets=replace(self.outlets, all=outlets))


def with_action(finding: Finding, event: Event, telling: Telling) -> Finding:
    """A finding with what is to be done about it, and by whom, where an entry says so.

    What is over, or only shown anew, keeps what it has. A team that a promise names stays.
    """
    if kind_of(event) in (Kind.EDIT, Kind.ENDS, Kind.KEPT):
        return finding
    role = telling.pack.roles.get(finding.subject_id or 0)
    chosen = telling.pack.choose(signal_of(finding, event, role))
    return replace(
        finding,
        action=chosen.action or finding.action,
        team=finding.team or chosen.team or None,
    )


def tell(
    db: Db,
    finding: Finding,
    event: Event,
    incident_id: int | None,
    telling: Telling,
    now: datetime,
) -> int:
    """Tell each outlet, now, later or not at all, in the transaction of what happened.

    Returns how many notices were written: what is held is none yet.
    """
    case, finding = case_of(db, incident_id), with_action(finding, event, telling)
    return sum(
        _tell_one(db, notices.draft(finding, outlet, event, incident_id, now), case, telling, now)
        for outlet in telling.outlets.all
    )


def _tell_one(db: Db, one: Draft, case: Case, telling: Telling, now: datetime) -> int:
    verdict, ears = decide(db, one, case, telling, now)
    kind = kind_of(one.event)
    told = verdict.act in (Act.NOW, Act.QUIETLY)
    one = _with_held(db, one) if told else one
    _overtake(db, one, verdict, now)
    if told:
        return send(db, one, verdict, telling, now)
    if kind is not Kind.EDIT:
        _keep(db, one, verdict, now)
    shows = ears.edits and ears.has_message and verdict.act is not Act.SILENT
    return _edit(db, one, telling, now) if shows else 0


def _with_held(db: Db, one: Draft) -> Draft:
    """More of the same is told together with what was held back of it."""
    if one.incident_id is None or kind_of(one.event) is not Kind.BEGINS:
        return one
    held = withheld.held_of(db, one.incident_id, one.outlet)
    bodies = [*(h.body for h in held if h.event is one.event), one.body]
    mentions = dict.fromkeys(m for body in bodies for m in body["mentions"])
    return replace(one, body={**one.body, "mentions": list(mentions)})


def _keep(db: Db, one: Draft, verdict: Verdict, now: datetime) -> None:
    if verdict.act is Act.HOLD:
        withheld.hold(db, one, verdict.reason, verdict.until, verdict.waits_for)
    else:
        withheld.silence(db, one, verdict.reason, now)


def decide(db: Db, one: Draft, case: Case, telling: Telling, now: datetime) -> tuple[Verdict, Ears]:
    """What to do with a notice at its outlet."""
    ears = ears_of(db, one, telling, now)
    news = News(event=one.event, severity=Severity(one.body["severity"]), at=one.made_at)
    asked = Question(news=news, case=case, ears=ears, manners=telling.manners, now=now)
    return judge(asked), ears


def case_of(db: Db, incident_id: int | None) -> Case:
    """How the incident stands that is to be told of."""
    if incident_id is None:
        return Case()
    incident = incidents.get(db, incident_id)
    assert incident is not None, "it was written before it is told"
    return Case(
        acknowledged=incident.acknowledged_by is not None,
        snoozed_until=incident.snoozed_until,
        muted_by=muted_by(db, incident),
        reopened=incidents.reopened(db, incident_id),
    )


def muted_by(db: Db, incident: Incident) -> int | None:
    """The open incident that this one is a part of: the brand's, of one of its topics.

    A competitor's trouble is told by the spike of a brand that rose in the same hours.
    """
    if incident.rule == "competitor":
        return incidents.spike_that_names(db, incident.subject)
    keys = incidents.open_keys(db, incident.subject_id, incident.rule)
    larger = larger_of(incident.key, keys)
    return None if larger is None else keys[larger]


def ears_of(db: Db, one: Draft, telling: Telling, now: datetime) -> Ears:
    """What an outlet has heard, and how often it has called today."""
    outlets, manners = telling.outlets, telling.manners
    calls, edits = one.outlet in outlets.calling, one.outlet in outlets.editing
    ears = Ears(calls=calls, edits=edits, knows=one.incident_id is None)
    if one.incident_id is not None:
        shadow = in_shadow(db, manners, now)
        found = notices.heard(db, one.incident_id, one.outlet, one.event, shadow=shadow)
        ears = replace(
            ears,
            has_message=found.has_message,
            knows=found.knows,
            last_told=found.last_told,
            last_loud=found.last_loud,
        )
    if not calls or kind_of(one.event) is Kind.EDIT:
        return ears
    today, promises = notices.interruptions(db, one.outlet, one.body["team"], manners.day_of(now))
    groups = notices.groups(db, one.outlet)
    return replace(ears, today=today, promises_today=promises, groups=groups)


def send(db: Db, one: Draft, verdict: Verdict, telling: Telling, now: datetime) -> int:
    """Put a notice into the outbox, and note when its readers are to be reminded."""
    if verdict.act is Act.QUIETLY:
        one = replace(one, body={**one.body, "quietly": True})
    written = notices.write(
        db,
        one,
        reason=verdict.reason,
        loud=verdict.loud,
        now=now,
        shadowed=is_shadowed(db, one.outlet, telling.manners, now),
    )
    if written:
        remind(db, one, telling, now)
    return int(written)


def remind(db: Db, one: Draft, telling: Telling, now: datetime) -> None:
    """Have readers reminded later of what goes on, unless they were so often enough."""
    if one.incident_id is None or one.outlet not in telling.outlets.calling:
        return
    if kind_of(one.event) is Kind.ENDS:
        withheld.forget_reminder(db, one.outlet, one.incident_id)
        return
    incident = incidents.get(db, one.incident_id)
    if incident is None or not repeats(incident.rule, incident.severity):
        return
    shadow = in_shadow(db, telling.manners, now)
    found = notices.heard(db, incident.id, one.outlet, one.event, shadow=shadow)
    if found.repeats < MOST_REPEATS:
        again = notices.draft(
            as_finding(incident), one.outlet, Event.INCIDENT_REPEATED, incident.id, now
        )
        withheld.remind(db, again, Reason.REPEAT, now + telling.manners.repeat_every)


def _edit(db: Db, one: Draft, telling: Telling, now: datetime) -> int:
    """Bring the message that lasts up to date, which nobody hears."""
    edit = replace(one, event=Event.INCIDENT_UPDATED, made_at=now)
    return int(
        notices.write(
            db,
            edit,
            reason=Reason.CHANGED,
            loud=False,
            now=now,
            shadowed=is_shadowed(db, one.outlet, telling.manners, now),
        )
    )


def _overtake(db: Db, one: Draft, verdict: Verdict, now: datetime) -> None:
    """What is held of the same incident, and is no news any more, is told no more.

    Lines of a summary stay: it says what is over by then.
    """
    kind = kind_of(one.event)
    if one.incident_id is None or kind in (Kind.EDIT, Kind.PROMISE, Kind.KEPT):
        return
    told = verdict.act in (Act.NOW, Act.QUIETLY)
    for held in withheld.held_of(db, one.incident_id, one.outlet):
        why = _overtaken(held, kind, told=told)
        if why is not None and held.event is Event.INCIDENT_REPEATED:
            withheld.forget_reminder(db, held.outlet, held.incident_id)
        elif why is not None:
            withheld.end(db, held, Became.SILENT, now, why)


def _overtaken(held: Held, kind: Kind, *, told: bool) -> Reason | None:
    if told:
        return Reason.TOLD_SINCE
    if held.reason in IN_SUMMARY:
        return None
    ends = kind_of(held.event) is Kind.ENDS
    if (kind is Kind.ENDS and not ends) or (kind is Kind.BACK and ends):
        return Reason.GONE
    return None


def in_shadow(db: Db, manners: Manners, now: datetime) -> bool:
    """Whether the time goes on in which only one outlet, or none, is told."""
    if not manners.shadow:
        return False
    until = notices.shadow_until(db, manners.shadow)
    return until is None or now < until


def is_shadowed(db: Db, outlet: str, manners: Manners, now: datetime) -> bool:
    return outlet != manners.shadow_to and in_shadow(db, manners, now)
