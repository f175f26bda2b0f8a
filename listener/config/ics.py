"""Reads the events of an .ics file (iCalendar, RFC 5545), also those that are repeated."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from listener.domain.events import Span, days
from listener.errors import ListenerError

MOST: Final = 5_000  # times that the events of one file happen in the years that are asked for
DAY: Final = timedelta(days=1)
YEARS: Final = 6 * 366 * DAY  # as many as are looked up at once
_TOO_OFTEN: Final = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})


class BrokenCalendarError(ListenerError):
    """Why a file cannot be read as a calendar; for the person who wrote the settings."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One time that an event of a calendar happens."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """A file of events. Two with the same content are the same."""

    content: bytes
    zone: ZoneInfo  # of whole days, and of times that name none

    def happenings(self, since: datetime, until: datetime) -> list[Happening]:
        """What happens in a span of years, in order. Raises BrokenCalendarError."""
        found: list[Happening] = []
        for calendar in self._calendars():
            for event in _occurrences(calendar, since, until):
                found.append(Happening(_name(event), self._span(event)))
                if len(found) > MOST:
                    raise BrokenCalendarError(f"its events happen more than {MOST:,} times")
        return sorted(found, key=lambda h: (h.span, h.name))

    def check(self) -> None:
        """Raises BrokenCalendarError for what could not be read later."""
        events = [e for calendar in self._calendars() for e in calendar.walk("VEVENT")]
        if not events:
            raise BrokenCalendarError("it holds no event (VEVENT)")
        for event in events:
            _check(event)
        begin = min(_moment(event.start, self.zone) for event in events)
        self.happenings(begin - DAY, begin + YEARS)

    def _calendars(self) -> list[Any]:
        from icalendar import Calendar  # noqa: PLC0415  # takes a tenth of a second

        try:
            text = self.content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise BrokenCalendarError("it is not UTF-8 text") from None
        try:
            found: list[Any] = Calendar.from_ical(text, multiple=True)
        except (ValueError, IndexError, KeyError) as error:
            raise BrokenCalendarError(f"it is no iCalendar file ({_in_short(error)})") from None
        if any(one.name != "VCALENDAR" for one in found):
            raise BrokenCalendarError(
                "it is no iCalendar file (it must begin with BEGIN:VCALENDAR)"
            )
        return found

    def _span(self, event: Any) -> Span:
        """From, and up to; what has no end of its own lasts a day."""
        start, end = event.start, event.end
        if not isinstance(start, datetime):
            last = end - DAY if not isinstance(end, datetime) else end.date()
            return days(start, max(start, last), self.zone)
        since, until = _moment(start, self.zone), _moment(end, self.zone)
        return since, until if until > since else since + DAY


def _occurrences(calendar: Any, since: datetime, until: datetime) -> Iterator[Any]:
    import recurring_ical_events  # noqa: PLC0415

    try:
        found = recurring_ical_events.of(calendar).between(since, until)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise BrokenCalendarError(
            f"an event cannot be repeated as it says ({_in_short(error)})"
        ) from (error)
    return (event for event in found if str(event.get("STATUS", "")).upper() != "CANCELLED")


def _check(event: Any) -> None:
    """Raises BrokenCalendarError for an event without a time, or one that is no event of days."""
    from icalendar import InvalidCalendar  # noqa: PLC0415

    name = _name(event)
    if event.errors:
        key, why = event.errors[0]
        raise BrokenCalendarError(f"the event {name!r} has a broken {key} ({_in_short(why)})")
    try:
        start, end = event.start, event.end
    except (InvalidCalendar, ValueError, TypeError, AttributeError) as error:
        raise BrokenCalendarError(
            f"the event {name!r} has no sound time ({_in_short(error)})"
        ) from None
    if isinstance(start, datetime) != isinstance(end, datetime):
        raise BrokenCalendarError(f"the event {name!r} begins at a time and ends on a day")
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        if _TOO_OFTEN.intersection(str(f).upper() for f in rule.get("FREQ", [])):
            raise BrokenCalendarError(f"the event {name!r} is repeated more often than daily")


def _name(event: Any) -> str:
    return " ".join(str(event.get("SUMMARY", "")).split())[:100] or "event"


def _moment(time: date, zone: ZoneInfo) -> datetime:
    """In UTC. A time that names no zone is the listener's, and so is a day."""
    if not isinstance(time, datetime):
        return days(time, time, zone)[0]
    return (time if time.tzinfo else time.replace(tzinfo=zone)).astimezone(UTC)


def _in_short(error: object) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 80 else text[:79] + "…"
