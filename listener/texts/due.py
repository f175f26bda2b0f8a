"""A calendar of answers that are due (iCalendar, RFC 5545); pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One answer. `id` stays the same as long as it is due."""

    id: str
    at: datetime
    title: str
    text: str
    link: str


def calendar(*, title: str, now: datetime, answers: Iterable[Due]) -> bytes:
    """One event for each answer, of a quarter of an hour up to when it is due."""
    from icalendar import Calendar, Event  # noqa: PLC0415  # takes a tenth of a second

    made = Calendar()
    made.add("prodid", "-//listener//listener//EN")
    made.add("version", "2.0")
    made.add("name", title)
    made.add("x-wr-calname", title)
    made.add("refresh-interval", 15 * MINUTE, parameters={"value": "DURATION"})
    for one in answers:
        event = Event()
        event.add("uid", one.id)
        event.add("dtstamp", now)
        event.add("dtstart", one.at - 15 * MINUTE)
        event.add("dtend", one.at)
        event.add("summary", one.title)
        event.add("description", one.text)
        event.add("url", one.link)
        event.add("transp", "TRANSPARENT")  # it takes nobody's time
        made.add_component(event)
    return bytes(made.to_ical())
