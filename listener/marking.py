"""What people say of alerts afterwards: this was real, this was a false alarm."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from listener import named
from listener.domain.mark import verdict_of
from listener.errors import UsageError
from listener.store import marks, people
from listener.store.connection import Store

LONGEST_NOTE = 500


def mark_incident(
    store: Store, number: int, who: str, now: datetime, *, real: bool, note: str = ""
) -> None:
    """Say what an incident was; what anybody said of it before is replaced, and stays on record."""
    with store.write() as db:
        named.incident(db, number)
        marks.put_on_incident(db, number, who, now, real=real, note=_in_short(note))
        people.write_down(db, who, "marked", f"incident {number}", now, _said(real, note))


def mark_day(
    store: Store,
    subject: str,
    day: date,
    zone: ZoneInfo,
    who: str,
    now: datetime,
    *,
    real: bool,
    note: str = "",
) -> None:
    """Say that there was trouble on a day, or none, whether or not anything alerted.

    `zone`: the listener's, in which the day is one. Raises UsageError for a day to come.
    """
    if day > now.astimezone(zone).date():
        raise UsageError(f"marking {day} of {subject}: that day is still to come.")
    with store.write() as db:
        subject_id = named.subject(db, subject)
        marks.put_on_day(db, subject_id, day, who, now, real=real, note=_in_short(note))
        people.write_down(db, who, "marked", f"{day} of {subject}", now, _said(real, note))


def unmark_incident(store: Store, number: int, who: str, now: datetime) -> None:
    """Take back what was said of an incident. Raises UsageError where nothing was."""
    with store.write() as db:
        named.incident(db, number)
        if not marks.take_off_incident(db, number):
            raise UsageError(f"incident {number} is not marked; nothing was changed.")
        people.write_down(db, who, "unmarked", f"incident {number}", now)


def unmark_day(store: Store, subject: str, day: date, who: str, now: datetime) -> None:
    """Take back what was said of a day. Raises UsageError where nothing was."""
    with store.write() as db:
        if not marks.take_off_day(db, named.subject(db, subject), day):
            raise UsageError(f"{day} of {subject} is not marked; nothing was changed.")
        people.write_down(db, who, "unmarked", f"{day} of {subject}", now)


def _said(real: bool, note: str) -> str:
    verdict = verdict_of(real)
    return f"{verdict}: {_in_short(note)}" if note.strip() else verdict


def _in_short(note: str) -> str:
    return " ".join(note.split())[:LONGEST_NOTE]
