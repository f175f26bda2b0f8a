"""What people do, one layer for all doors: answer, dismiss, assign, correct, resolve, forget.

Every act of a person goes through here, whichever door it came by, and is one function that commits
as a whole: what it changes and who did it. What people only read is in `views.py`.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from listener import named
from listener.domain.incident import Event, as_finding
from listener.domain.label import Label, Sentiment, is_persons, standing
from listener.domain.manners import Reason
from listener.domain.mention import Evidence, Response
from listener.domain.relevance import Aside
from listener.domain.response import ResponseClock
from listener.domain.times import from_text, to_text
from listener.domain.wording import Wording
from listener.errors import NotifyError, UsageError
from listener.notifiers.base import Notifier, Receipt
from listener.notifiers.testing import test_digest, test_notice
from listener.store import (
    answering,
    asides,
    clocks,
    delivery_log,
    incidents,
    labels,
    matches,
    mentions,
    notices,
    outbox,
    people,
    relevance,
    undoable,
    withheld,
)
from listener.store.connection import Db, Row, Store
from listener.store.delivery_log import Past
from listener.store.incidents import Outlets
from listener.store.people import Forgotten


def answer(
    store: Store, name: str, who: str, now: datetime, at: datetime | None = None
) -> datetime | None:
    """Mark a mention as answered; `at`: when, if not now. The first answer counts.

    Returns since when it was marked already, if that stays; None where this changed something.
    """
    said_at = at or now
    if said_at > now:
        raise UsageError(f"marking {name} as answered: {at:%Y-%m-%d %H:%M} UTC is still to come.")
    with store.write() as db:
        mention_id = named.mention(db, name)
        row = _must_be_later(db, mention_id, name, said_at)
        response = Response(
            source=row["source"],
            source_id=f"{row['source_id']}#by-hand",
            said_at=said_at,
            parent_id=row["source_id"],
            author=who,
            evidence=Evidence.HAND,
        )
        before = answering.by_hand(db, response)
        if before is None:
            answering.add(db, [(response, None)], now)
        elif before[0] <= said_at:
            return before[0]
        else:
            answering.put_at(db, response)
            mentions.redo(db, "measure", [mention_id])
        found = clocks.of(db, [mention_id])
        clocks.keep(db, [_answered(c, said_at) for c in found], now)
        earlier = None if before is None else [to_text(before[0]), before[1]]
        _write_down(db, who, "answered", mention_id, now, before={"by_hand": earlier})
    return None


def _write_down(
    db: Db,
    who: str,
    did: str,
    mention_id: int,
    now: datetime,
    detail: str = "",
    *,
    before: Mapping[str, Any],
) -> None:
    """Whichever way it was named, the record knows it by its name. `before`: for who undoes it."""
    act = people.write_down(db, who, did, named.called(db, mention_id), now, detail)
    undoable.remember(db, act, mention_id, before)


def _answered(clock: ResponseClock, at: datetime) -> ResponseClock:
    """What the measure stage will say too; so that the inbox shows it at once."""
    human_at = min(at, clock.human_at or at)
    if clock.answered_at is not None and clock.answered_at <= at:
        return replace(clock, human_at=human_at)
    return replace(clock, answered_at=at, human_at=human_at, evidence=Evidence.HAND)


def _must_be_later(db: Db, mention_id: int, name: str, said_at: datetime) -> Row:
    row = mentions.heading(db, mention_id)
    asked_at = from_text(row["said_at"])
    if said_at < asked_at:
        at = f"{asked_at:%Y-%m-%d %H:%M}"
        raise UsageError(
            Wording(
                "marking %(name)s as answered: the answer cannot be older than the mention itself"
                " (said at %(at)s UTC).",
                name=name,
                at=at,
            )
        )
    return row


def dismiss(store: Store, name: str, who: str, now: datetime) -> None:
    """Stop waiting for an answer that is not needed."""
    with store.write() as db:
        mention_id = named.mention(db, name)
        found = _clocks(db, mention_id, name)
        clocks.keep(db, [replace(c, dismissed=True) for c in found], now)
        ran = [c.subject_id for c in found if not c.dismissed]
        _write_down(db, who, "dismissed", mention_id, now, before={"subjects": ran})


def snooze_named(
    store: Store, name: str, span: timedelta, who: str, outlets: Outlets, now: datetime
) -> tuple[str, datetime]:
    """Snooze a mention (SOURCE:ID), an incident (incident:3), or whichever has the number given.

    Returns what was snoozed, in words, and until when. Raises UsageError where a number is both.
    """
    kind, _, rest = name.partition(":")
    number = rest if kind == "incident" else name
    if not (number.isascii() and number.isdecimal()):
        return name, snooze(store, name, span, who, now)
    with store.read() as db:
        incident = incidents.get(db, int(number))
        is_open = incident is not None and incident.resolved_at is None
        waits = kind != "incident" and bool(clocks.of(db, [int(number)]))
    if is_open and waits:
        raise UsageError(
            f"snoozing {number}: there is a mention and an incident with this number; write"
            f" incident:{number}, or name the mention SOURCE:ID."
        )
    if kind == "incident" or is_open:
        until = snooze_incident(store, int(number), span, who, outlets, now)
        return f"incident {number}", until
    return name, snooze(store, name, span, who, now)


def snooze(store: Store, name: str, span: timedelta, who: str, now: datetime) -> datetime:
    """Say nothing of a mention for a while; its promise runs on. Returns until when."""
    if span <= timedelta(0):
        raise UsageError(f"snoozing {name}: name a time such as 30m, 4h or 2d.")
    with store.write() as db:
        mention_id = named.mention(db, name)
        until = now + span
        found = _clocks(db, mention_id, name)
        clocks.keep(db, [replace(c, snoozed_until=until) for c in found], now)
        slept = {c.subject_id: to_text(c.snoozed_until) if c.snoozed_until else None for c in found}
        before = {"snoozed_until": slept}
        _write_down(db, who, "snoozed", mention_id, now, until.isoformat(), before=before)
    return until


def _clocks(db: Db, mention_id: int, name: str) -> list[ResponseClock]:
    found = clocks.of(db, [mention_id])
    if not found and people.not_measured(db, mention_id):
        raise UsageError(
            Wording(
                "%(name)s has not been measured yet, so nobody knows whether it waits for an"
                " answer; `listener run --once` measures it, as a running daemon does by itself.",
                name=name,
            )
        )
    if not found:
        raise UsageError(
            Wording("%(name)s waits for no answer: it has no response clock.", name=name)
        )
    return found


def assign(store: Store, name: str, assignee: str, who: str, now: datetime) -> None:
    """Say who answers a mention."""
    with store.write() as db:
        mention_id = named.mention(db, name)
        before = {"assignee": people.assignee(db, mention_id)}
        people.assign(db, mention_id, assignee, now)
        _write_down(db, who, "assigned", mention_id, now, assignee, before=before)


def correct(
    store: Store,
    name: str,
    sentiment: Sentiment | None,
    topics: tuple[str, ...],
    who: str,
    now: datetime,
    intent: str | None = None,
) -> None:
    """Say what a mention really is: it wins over every model, and counts are made anew.

    Without a sentiment the one that it has stands, as taken over. Raises UsageError where it has
    none.
    """
    with store.write() as db:
        mention_id = named.mention(db, name)
        made = _said_by(db, mention_id, sentiment, who, now)
        whole = made.pop(None, None)
        if whole is None:
            raise UsageError(
                Wording("%(name)s has no label yet: say its sentiment too.", name=name)
            )
        told = ", ".join(filter(None, (whole.sentiment.value, intent)))
        said = [replace(whole, topics=topics, intent=intent), *made.values()]
        _label(db, mention_id, said, told, who, now)


def correct_towards(
    store: Store, name: str, subject: str, sentiment: Sentiment, who: str, now: datetime
) -> None:
    """Say what a mention says of one subject; what it says on the whole stays as it is.

    Raises UsageError where the subject's query never found the mention.
    """
    with store.write() as db:
        mention_id, subject_id = _found_for(db, name, subject)
        said = [_by_person(mention_id, subject_id, sentiment, who, now)]
        _label(db, mention_id, said, f"{sentiment.value} towards {subject}", who, now)


def _label(
    db: Db, mention_id: int, said: Sequence[Label], told: str, who: str, now: datetime
) -> None:
    """Keep what a person says, and have it counted."""
    last = labels.last_number(db)
    labels.add(db, said)
    mentions.redo(db, "measure", [mention_id])
    before = {"labels": labels.numbers_after(db, mention_id, last)}
    _write_down(db, who, "corrected", mention_id, now, told, before=before)


def _found_for(db: Db, name: str, subject: str) -> tuple[int, int]:
    """The numbers of a mention and of a subject whose query found it; else UsageError."""
    mention_id, subject_id = named.mention(db, name), named.subject(db, subject)
    if not matches.is_one(db, mention_id, subject_id):
        raise UsageError(
            Wording(
                "%(name)s was never found for %(subject)s; nothing was changed.",
                name=name,
                subject=subject,
            )
        )
    return mention_id, subject_id


def _by_person(
    mention_id: int, subject_id: int | None, sentiment: Sentiment, who: str, now: datetime
) -> Label:
    return Label(
        mention_id=mention_id,
        subject_id=subject_id,
        by=who,
        model=None,
        sentiment=sentiment,
        negative=float(sentiment is Sentiment.NEGATIVE),
        neutral=float(sentiment is Sentiment.NEUTRAL),
        positive=float(sentiment is Sentiment.POSITIVE),
        made_at=now,
    )


def _said_by(
    db: Db, mention_id: int, given: Sentiment | None, who: str, now: datetime
) -> dict[int | None, Label]:
    """What a person says of the whole text (None), and towards subjects that have labels of people.

    Where no sentiment is given, the text's own is taken over; it stands as long as a model's would.
    """
    known = labels.of(db, [mention_id]).get(mention_id, [])
    if given is not None:
        about = {one.subject_id for one in known if is_persons(one.by)} | {None}
        return {one: _by_person(mention_id, one, given, who, now) for one in about}
    whole = standing([one for one in known if one.subject_id is None], subject_id=0)
    if whole is None:
        return {}
    said = _by_person(mention_id, None, whole.sentiment, who, now)
    return {
        None: replace(
            said,
            negative=whole.negative,
            neutral=whole.neutral,
            positive=whole.positive,
            at_odds=whole.at_odds,
            taken_over=True,
        )
    }


def judge(
    store: Store, name: str, subject: str, who: str, now: datetime, *, relevant: bool
) -> None:
    """Say whether a mention is about a subject; it wins over every model, and teaches it.

    Raises UsageError where the subject's query never found the mention.
    """
    with store.write() as db:
        mention_id, subject_id = _found_for(db, name, subject)
        verdict = relevance.said_before(db, mention_id, subject_id)
        relevance.say(db, mention_id, subject_id, who, now, relevant=relevant)
        if relevant:
            asides.bring_back(db, [(mention_id, subject_id)])
        else:
            asides.put_aside(db, [(mention_id, subject_id, Aside.PERSON)])
        said = f"{'about' if relevant else 'not about'} {subject}"
        before = {"subject": subject_id, "verdict": verdict}
        _write_down(db, who, "corrected", mention_id, now, said, before=before)


def acknowledge(
    store: Store, number: int, who: str, outlets: list[str], now: datetime
) -> str | None:
    """Say that somebody looks after an incident: the first one does.

    Returns who looked after it already, if anybody did; None where this changed something.
    """
    with store.write() as db:
        incident = named.incident(db, number)
        if incident.acknowledged_by is not None:
            return incident.acknowledged_by
        incidents.acknowledge(db, number, now, who)
        people.write_down(db, who, "acknowledged", f"incident {number}", now)
        _edit(db, number, outlets, now)
    return None


def resolve(store: Store, number: int, who: str, outlets: list[str], now: datetime) -> None:
    """Say that an incident is over. It stays closed until the trouble begins anew."""
    with store.write() as db:
        incident = named.incident(db, number)
        if incident.resolved_at is not None:
            return
        incidents.resolve(db, number, now, who)
        people.write_down(db, who, "resolved", f"incident {number}", now)
        _edit(db, number, outlets, now)


def snooze_incident(
    store: Store, number: int, span: timedelta, who: str, outlets: Outlets, now: datetime
) -> datetime:
    """Say nothing of an incident for a while; if it is open then, it is told again.

    Returns until when.
    """
    if span <= timedelta(0):
        raise UsageError(f"snoozing incident {number}: name a time such as 30m, 4h or 2d.")
    with store.write() as db:
        incident = named.incident(db, number)
        if incident.resolved_at is not None:
            raise UsageError(
                Wording(
                    "snoozing incident %(number)s: it is over; there is nothing to hear.",
                    number=number,
                )
            )
        until = now + span
        incidents.snooze(db, number, until, now, who)
        for outlet in outlets.calling:
            again = notices.draft(
                as_finding(incident), outlet, Event.INCIDENT_REPEATED, number, now
            )
            withheld.remind(db, again, Reason.SNOOZED, until)
        people.write_down(db, who, "snoozed", f"incident {number}", now, until.isoformat())
        _edit(db, number, outlets.editing, now)
    return until


def note_work(
    store: Store,
    number: int,
    did: str,
    names: Sequence[str],
    who: str,
    outlets: Sequence[str],
    now: datetime,
) -> None:
    """Have an incident's messages show what was done about its mentions, and by whom."""
    with store.write() as db:
        people.write_down(db, who, did, f"incident {number}", now, str(len(names)))
        _edit(db, number, outlets, now)


def _edit(db: Db, number: int, outlets: Sequence[str], now: datetime) -> None:
    """Have the messages that last show what has changed, wherever it was told."""
    told = notices.told_outlets(db, number)
    incidents.tell(
        db,
        as_finding(named.incident(db, number)),
        event=Event.INCIDENT_UPDATED,
        incident_id=number,
        outlets=Outlets((), [o for o in outlets if o in told]),
        now=now,
    )


def retry(
    store: Store, names: tuple[str, ...], now: datetime, outlets: list[str]
) -> tuple[int, int]:
    """Try again what was set aside: texts the model could not bear, messages nobody took."""
    with store.write() as db:
        ids = [named.mention(db, name) for name in names] or None
        messages = 0 if names else outbox.revive(db, outlets, now, outbox.TOO_OLD)
        return labels.release(db, ids), messages


def tell_again(
    store: Store, names: Sequence[str], outlets: Sequence[str], who: str, now: datetime
) -> None:
    """Have deliveries that were given up tried once more, all of those named or none.

    Raises UsageError where trying could not help, or would tell twice what was told.
    """
    with store.write() as db:
        for name in names:
            why = _why_not_again(delivery_log.find(db, name), outlets, now)
            if why is not None:
                raise UsageError(f"delivery {name}: {why}.")
            delivery_log.revive(db, name, now)
            people.write_down(db, who, "sent again", f"delivery {name}", now)


def _why_not_again(past: Past | None, outlets: Sequence[str], now: datetime) -> str | None:
    if past is None:
        return "there is none; `listener deliveries` lists them"
    if past.state != "failed":
        return f"only what failed is sent again, and it is {past.state}"
    if past.outlet == delivery_log.DIGEST:
        return None
    if past.outlet not in outlets:
        return f"there is no [notify.{past.outlet}] any more"
    if past.made_at < to_text(now - outbox.TOO_OLD):
        return f"it is more than {outbox.TOO_OLD.days} days old, and would help nobody"
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """How one test message fared. `place`: where it landed; None where it did not, for `error`."""

    what: str  # "slack", "email, digests to cx@example.com"
    place: str | None = None
    error: str | None = None


def send_test(
    notifiers: Mapping[str, Notifier], digests_to: Mapping[str, Sequence[str]], now: datetime
) -> Iterator[Tested]:
    """Send a test message to everybody these ways out reach. `digests_to`: who reads digests.

    It changes no row, so it needs no database, and is not on record.
    """
    for name, one in notifiers.items():
        readers = digests_to.get(name, ())
        if one.hears_alerts:
            yield _tried(name, partial(one.send_incident, test_notice(name, now)))
        elif not readers:
            nobody = f"nobody to write to: name somebody in [notify.{name}] to, or in [digest] to"
            yield Tested(what=name, error=nobody)
        for reader in readers:
            what = f"{name}, digests to {reader}"
            yield _tried(what, partial(one.send_digest, test_digest(reader, now)))


def _tried(what: str, send: Callable[[], Receipt]) -> Tested:
    try:
        return Tested(what=what, place=send().place)
    except NotifyError as error:
        return Tested(what=what, error=str(error))


def _author(db: Db, who_said: str) -> tuple[str, list[int]]:
    """The source and the rows of a person; sources and ids may have colons in them."""
    parts = who_said.split(":")
    for cut in range(1, len(parts)):
        source = ":".join(parts[:cut])
        if rows := people.author_rows(db, source, ":".join(parts[cut:])):
            return source, rows
    raise UsageError(
        f"forgetting {who_said!r}: nobody is called so; nothing was erased. Name the person"
        " SOURCE:ID, by id or handle; `listener export --kind mentions` shows the source and the"
        " author of each mention."
    )


def forget(store: Store, who_said: str, who: str, now: datetime) -> Forgotten:
    """Erase a person, named SOURCE:ID, and what others only repeat of theirs.

    The record keeps that it was done, with a hash in the name's place. What others say of the
    person stays, and is counted: it is theirs, and their source would bring it back.
    """
    if not who_said.partition(":")[2]:
        raise UsageError(f"forgetting {who_said!r}: name the person SOURCE:ID, such as x:somebody.")
    with store.write() as db:
        source, rows = _author(db, who_said)
        done = Forgotten()
        for row in rows:
            done = done.plus(people.forget_author(db, row, now))
        hashed = hashlib.blake2b(who_said.encode(), digest_size=8).hexdigest()
        people.write_down(
            db, who, "forgot", f"{source}:#{hashed}", now, f"{done.mentions} mentions"
        )
    store.scrub()
    return done
