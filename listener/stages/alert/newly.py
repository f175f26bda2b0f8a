"""What single mentions have come since a rule last looked, and the life of what they open."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from listener.domain.incident import Event, Finding, Incident, as_finding, as_over
from listener.domain.promise import Promise
from listener.domain.times import from_text
from listener.stages.alert.telling import Telling, tell, with_action
from listener.store import incidents, labels, newly
from listener.store.connection import Db, Store
from listener.store.newly import Marks, New

LATE_AFTER: Final = timedelta(hours=24)  # where a channel has no promise
QUIET: Final = timedelta(hours=24)  # nothing more of the kind for so long: it is over
LONGEST_BACKLOG: Final = timedelta(days=28)
REMEMBERED: Final = timedelta(days=92)  # so long an edit, or a correction, tells nothing again


@dataclass(frozen=True, slots=True)
class Newly:
    """The matches to judge now, and how far that is."""

    upto: Marks
    fresh: tuple[New, ...]


def look(
    db: Db,
    rule: str,
    subject_ids: Sequence[int],
    promises: Mapping[str, Promise],
    now: datetime,
    late_after: timedelta = LATE_AFTER,
) -> Newly | None:
    """What was measured since the rule last looked; None: nothing, as nearly always.

    What was first seen later than `late_after` of its channel's promise, or else the one given, is
    history, and is left out. The first time that a rule looks at a database, so is what was said
    that long ago.
    """
    since = newly.looked(db, rule)
    upto = newly.measured(db, since)
    if upto == since or not subject_ids:
        return None
    first = since == (0, 0)
    late = {channel: promise.late_after for channel, promise in promises.items()}
    longest = max([late_after, *late.values()])
    found = newly.mentions(
        db, subject_ids, since.mentions, upto.mentions, now - longest - LONGEST_BACKLOG
    )
    fresh = [
        one
        for one in found
        if (now if first else from_text(one.seen_at)) - from_text(one.said_at)
        <= late.get(one.channel, late_after)
    ]
    if not first:
        known = {(one.mention_id, one.subject_id) for one in found}
        edited = newly.edited(db, subject_ids, since.edits, upto.edits, now - LATE_AFTER)
        fresh += [one for one in edited if (one.mention_id, one.subject_id) not in known]
    return Newly(upto, tuple(fresh))


def done(db: Db, rule: str, upto: Marks) -> None:
    """Note how far a rule has looked, in the transaction of what it found."""
    labels.set_progress(db, rule, upto.mentions)
    labels.set_progress(db, f"{rule} edits", upto.edits)


def add(
    db: Db,
    finding: Finding,
    event: Event,
    join: Callable[[Finding, Finding], Finding],
    telling: Telling,
    now: datetime,
) -> int:
    """Tell of new mentions, in the incident of their kind: the open one, or a new one.

    `join` puts what is new together with what the open incident has gathered. What a person has
    resolved stays so: what comes after that is another one.
    """
    last, finding = incidents.latest(db, finding.key), with_action(finding, event, telling)
    if last is None or last.resolved_at is not None:
        incident_id = incidents.open_incident(db, finding, now)
        return tell(db, finding, event, incident_id, telling, now)
    finding = join(finding, as_finding(last))
    incidents.update(db, last.id, finding, now)
    return tell(db, finding, event, last.id, telling, now)


def end_quiet(
    store: Store, rule: str, telling: Telling, now: datetime, quiet: timedelta = QUIET
) -> int:
    """End the incidents of a rule to which nothing came for long; their messages show it."""
    with store.read() as db:
        oldest = newly.quiet_since(db, rule)
    if oldest is None or now - from_text(oldest) < quiet:
        return 0
    with store.write() as db:
        over = [i for i in incidents.open_ones(db, rule) if now - i.updated_at >= quiet]
        return sum(end(db, incident, telling, now) for incident in over)


def end(db: Db, incident: Incident, telling: Telling, now: datetime) -> int:
    """End an incident that calls nobody again: its messages show it, and programs are told."""
    incidents.resolve(db, incident.id, now)
    return tell_over(db, incident, telling, now)


def tell_over(db: Db, incident: Incident, telling: Telling, now: datetime) -> int:
    """Tell programs that an incident is over, and people only by its messages."""
    people, programs = telling.for_people, telling.for_programs
    return tell(db, as_finding(incident), Event.INCIDENT_UPDATED, incident.id, people, now) + tell(
        db, as_over(incident, now), Event.INCIDENT_RESOLVED, incident.id, programs, now
    )


def next_end(store: Store, rule: str, quiet: timedelta = QUIET) -> datetime | None:
    """When time alone will end an incident of a rule; None: none is open."""
    with store.read() as db:
        oldest = newly.quiet_since(db, rule)
    return None if oldest is None else from_text(oldest) + quiet
