"""Stage five: what was written is told, outlet by outlet, in order, each notice once.

Words that were deleted at their source after they were told leave the messages that show them.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from listener.domain.chart import Chart
from listener.domain.incident import Incident, Notice, Quote, Severity
from listener.domain.press import Worked
from listener.domain.voice import quoted
from listener.errors import NotifyError
from listener.notifiers.base import ChartRefusedError, Notifier, Receipt, Redraws, Sending
from listener.store import (
    charts,
    clocks,
    incidents,
    matches,
    mentions,
    notices,
    outbox,
    people,
    shown,
    subjects,
)
from listener.store.connection import Db, Store
from listener.store.outbox import Outgoing
from listener.store.shown import Stale

QUOTES, QUOTE_LENGTH = 14, 300
IN_FLIGHT = timedelta(seconds=12)  # longer than a notifier's time-out: then it cannot land any more
LONGEST_WAIT = timedelta(minutes=2)  # nothing overtakes it, and an hour's promise does not wait
REDRAWN_AFTER = timedelta(minutes=2)  # a failure; doubled with each one
MOST_DOUBLED = 8
CHART_AFTER = timedelta(seconds=20)  # one that cannot be shown yet
MOST_FAULTS = 3  # attempts, before a notice that we cannot tell lets the others pass


def notify(
    store: Store, outlet: str, notifier: Notifier, now: datetime, *, mask: bool = True
) -> bool:
    """Send the next notice of one outlet, or else draw a message anew; False: there is neither.

    `mask`: addresses and numbers of people are taken out of their words.
    What else waits there of the same incident goes into the same message, and shares its end.
    Write the intent, send, write where it landed. After an unclear end the notifier looks the
    message up by its id before it is sent again, and not before it can no longer be in flight.
    """
    outs, sending = _intended(store, outlet, now, mask)
    if sending is None:
        return _redraw(store, outlet, notifier, now, mask)
    try:
        receipt = notifier.send_incident(sending)
    except NotifyError as error:
        _failed(store, outs, error, now)
    except Exception as error:  # a fault in one way out must not stop the others; its words may
        why = f"telling {outlet}: a fault of ours, {type(error).__name__}"  # show a secret
        last = outs[0].attempts + 1 >= MOST_FAULTS
        _failed(store, outs, NotifyError(why, permanent=last, unclear=True), now)
    else:
        with store.write() as db:
            for one in outs:
                outbox.landed(db, one, receipt.place, receipt.ref, now)
            if notifier.edits and sending.root is None and not sending.unclear:
                outbox.cover(db, outs[0], receipt.place, receipt.ref, now)
            if isinstance(notifier, Redraws):
                _note_shown(db, outlet, receipt, sending, now)
    return True


def _intended(
    store: Store, outlet: str, now: datetime, mask: bool
) -> tuple[list[Outgoing], Sending | None]:
    """What is to be sent next, once it is written down that it will be; None: nothing is."""
    with store.write() as db:
        out = outbox.next_out(db, outlet, now)
        if out is None:
            return [], None
        outs = [out, *outbox.also_out(db, out, now)]
        sending = Sending(
            notice=_notice(db, out, mask),
            root=_root(out),
            attempts=out.attempts,
            unclear=any(one.unclear for one in outs),
            also=tuple(_notice(db, one, mask) for one in outs[1:]),
            chart=_chart(db, out),
        )
        for one in outs:
            outbox.intend(db, one.id)
        return outs, sending


def _note_shown(db: Db, outlet: str, receipt: Receipt, sending: Sending, now: datetime) -> None:
    """Note whose words stand in which message; what an unclear attempt showed is not known."""
    quotes = [quote for one in (sending.notice, *sending.also) for quote in one.quotes]
    ids = {found for quote in quotes if (found := mentions.find(db, quote.name)) is not None}
    hold = mentions.held(db, ids)
    for place in filter(None, (receipt, sending.root)):
        shown.note(db, outlet, place.place, place.ref, hold)
        if sending.unclear or hold != ids:
            shown.ask(db, outlet, place.place, place.ref, now)


def _redraw(store: Store, outlet: str, notifier: Notifier, now: datetime, mask: bool) -> bool:
    """Draw one message anew, without the words that are gone; False when none waits."""
    if not isinstance(notifier, Redraws):
        return False
    with store.read() as db:
        stale = shown.next_stale(db, outlet, now)
        if stale is None:
            return False
        outs = shown.notices_of(db, stale)
        told = [_notice(db, out, mask) for out in outs]
        chart = _chart(db, outs[0]) if outs else None
    try:
        if told:
            sending = Sending(
                notice=told[0], root=_root(outs[0]), also=tuple(told[1:]), chart=chart
            )
            notifier.redraw(Receipt(place=stale.place, ref=stale.ref), sending)
    except ChartRefusedError as error:
        _without_chart(store, stale, outs[0], str(error), now)
    except NotifyError as error:
        usual = REDRAWN_AFTER * 2 ** min(stale.attempts, MOST_DOUBLED)
        wait = None if error.permanent else max(error.retry_after or usual, usual)
        _not_drawn(store, stale, str(error), now + wait if wait else None)
    except Exception as error:  # as above
        _not_drawn(store, stale, f"a fault of ours, {type(error).__name__}", None)
    else:
        with store.write() as db:
            shown.drawn(db, stale)
    return True


def _without_chart(store: Store, stale: Stale, out: Outgoing, why: str, now: datetime) -> None:
    """Try again, at last without the chart: it must not keep the rest from being drawn."""
    last = stale.attempts + 1 >= MOST_FAULTS
    with store.write() as db:
        if last and out.incident_id is not None:
            charts.forget(db, out.outlet, out.incident_id, why)
        shown.retry(db, stale, why, now if last else now + CHART_AFTER)


def _not_drawn(store: Store, stale: Stale, why: str, again: datetime | None) -> None:
    with store.write() as db:
        shown.retry(db, stale, why, again)


def _chart(db: Db, out: Outgoing) -> Chart | None:
    return charts.of(db, out.outlet, out.incident_id) if out.incident_id is not None else None


def _root(out: Outgoing) -> Receipt | None:
    if out.root_place is None or out.root_ref is None:
        return None
    return Receipt(place=out.root_place, ref=out.root_ref)


def _failed(store: Store, outs: Sequence[Outgoing], error: NotifyError, now: datetime) -> None:
    """One message, one end: all that was folded into it waits, or is given up, together."""
    unclear = error.unclear or any(out.unclear for out in outs)
    wait = error.retry_after or min(
        LONGEST_WAIT, timedelta(seconds=2.0 ** min(outs[0].attempts, 10))
    )
    if error.unclear:
        wait = max(wait, IN_FLIGHT)
    with store.write() as db:
        for out in outs:
            if error.permanent:
                outbox.give_up(db, out, str(error), unclear=unclear)
            else:
                outbox.retry(db, out, str(error), unclear=unclear, at=now + wait)


def recover(store: Store, now: datetime) -> int:
    """After a start: what was on its way when we died is looked up before it is sent again."""
    with store.write() as db:
        return outbox.interrupted(db, now, now + IN_FLIGHT)


def _notice(db: Db, out: Outgoing, mask: bool) -> Notice:
    """The notice as it is told now: words of people are read at this moment, not before."""
    body = out.body
    incident = incidents.get(db, out.incident_id) if out.incident_id is not None else None
    return Notice(
        id=out.notice_id,
        event=out.event,
        outlet=out.outlet,
        at=out.made_at,
        subject=subjects.names(db).get(body["subject_id"], ""),
        channel=body["channel"],
        topic=body["topic"],
        severity=Severity(body["severity"]),
        title=body["title"],
        why=body["why"],
        action=body["action"],
        team=body.get("team"),
        incident=out.incident_id,
        mentions=tuple(matches.names_of(db, body["mentions"])),
        quotes=_quotes(db, out, incident, mask),
        evidence=body["evidence"],
        incident_title=incident.title if incident else "",
        incident_why=incident.why if incident else "",
        incident_action=incident.action if incident else "",
        incident_state=_state(incident),
        incident_severity=incident.severity if incident else None,
        taken_by=incident.acknowledged_by if incident else None,
        snoozed_until=incident.snoozed_until if incident else None,
        snoozed_by=_snoozed_by(db, incident),
        quietly=bool(body.get("quietly")),
        worked=_worked(db, out.incident_id),
        upto=people.newest_act(db),
    )


def _worked(db: Db, number: int | None) -> Worked | None:
    name = f"incident {number}"
    return people.last_acts(db, [name]).get(name) if number is not None else None


def _snoozed_by(db: Db, incident: Incident | None) -> str | None:
    if incident is None or incident.snoozed_until is None:
        return None
    return incidents.snoozed_by(db, incident.id)


def _state(incident: Incident | None) -> str:
    if incident is None or incident.resolved_at is not None:
        return "resolved" if incident else "open"
    return "acknowledged" if incident.acknowledged_by else "open"


def _quotes(db: Db, out: Outgoing, incident: Incident | None, mask: bool) -> tuple[Quote, ...]:
    """The mentions a message shows: of a promise all that wait, else those the notice rests on.

    A reminder, or an edit, rests on none of its own: then those that were told of last.
    """
    subject_id = out.body["subject_id"]
    running = {}
    ids = list(out.body["mentions"])
    if incident is not None and incident.rule == "response":
        running = {c.mention_id: c for c in clocks.most_urgent(db, incident.id, QUOTES)}
        running |= {c.mention_id: c for c in clocks.of(db, ids[:QUOTES])} if ids else {}
        ids += [i for i in running if i not in ids]
    elif incident is not None and not ids:
        ids = notices.mentions_of(db, incident.id)
    voices = matches.voices_by_id(db, subject_id, ids[:QUOTES])
    quotes = {voice.id: quoted(voice, QUOTE_LENGTH, mask=mask) for voice in voices}
    acts = people.last_acts(db, [quote.name for quote in quotes.values()]) if quotes else {}
    return tuple(
        replace(
            quote,
            worked=acts.get(quote.name),
            due_at=running[i].due_at if i in running else None,
            state=running[i].state.value if i in running else None,
        )
        for i, quote in quotes.items()
    )
