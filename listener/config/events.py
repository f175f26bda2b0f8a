"""Reads `[[events]]`: what is known to come, in dates, in ranges, or from an .ics file."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from listener.config.arrays import place_of, tables_of
from listener.config.ics import YEARS, BrokenCalendarError, CalendarFile
from listener.config.table import read_table
from listener.config.values import Reading
from listener.config.words import quoted, suggestion, what_was_found
from listener.domain.events import USUAL_FACTOR, EventKind, KnownEvent, Span, days

LEARN: Final = "learn"
MOST_TIMES: Final = 100.0
REACH: Final = YEARS / 2  # how far back and ahead a repeated event is looked up
A_DAY: Final = timedelta(days=1)
EXAMPLE: Final = 'a day such as "2026-11-27", a time such as "2026-11-27T09:00", or "FROM..TO"'


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTable:
    """One `[[events]]`."""

    name: str  # empty: as its file calls each
    spans: tuple[Span, ...] = ()
    calendar: CalendarFile | None = None
    subjects: tuple[str, ...] = ()
    factor: float = USUAL_FACTOR
    learn: bool = False
    kind: EventKind | None = None

    def known(self, now: datetime) -> list[KnownEvent]:
        """Each time it happens, repeated ones from three years ago to three years from now."""
        found = [(self.name, span) for span in self.spans]
        if self.calendar is not None:
            told = self.calendar.happenings(now - REACH, now + REACH)
            found += [(self.name or one.name, one.span) for one in told]
        return [self._one(name, span) for name, span in found]

    def _one(self, name: str, span: Span) -> KnownEvent:
        return KnownEvent(
            name=name,
            since=span[0],
            until=span[1],
            factor=self.factor,
            learn=self.learn,
            subjects=self.subjects,
            kind=self.kind,
        )


def known_events(tables: Iterable[EventTable], now: datetime) -> tuple[KnownEvent, ...]:
    """All times of all events, the earliest first."""
    found = [event for table in tables for event in table.known(now)]
    return tuple(sorted(found, key=lambda e: (e.since, e.until, e.name)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Keys:
    """One `[[events]]` as it is written."""

    name: str = ""
    since: Any = field(default=None, metadata={"written": "from"})
    to: Any = None
    dates: Any = ()
    subjects: tuple[str, ...] = ()
    factor: Any = USUAL_FACTOR
    kind: EventKind | None = None
    file: Path | None = None


def events(
    document: Mapping[str, Any], reading: Reading, subjects: Iterable[str], zone: ZoneInfo
) -> tuple[EventTable, ...]:
    """All events without mistakes. `zone`: of whole days, and of times that name none."""
    written = tables_of(document.get("events", []), "[[events]]", reading)
    known = list(subjects)
    read = [_event(table, n, reading, known, zone) for n, table in enumerate(written, 1)]
    return tuple(table for table in read if table is not None)


def _event(
    table: dict[str, Any], number: int, reading: Reading, subjects: list[str], zone: ZoneInfo
) -> EventTable | None:
    where = place_of(table, number, "[[events]]")
    before = len(reading.mistakes)
    keys = read_table(_Keys, table, reading, where)
    if keys is None:
        return None
    calendar = _calendar(keys.file, zone, where, reading) if keys.file is not None else None
    made = EventTable(
        name=" ".join(keys.name.split())[:100],
        spans=_spans(keys, where, reading, zone),
        calendar=calendar,
        subjects=_subjects(keys.subjects, where, reading, subjects),
        factor=_factor(keys.factor, where, reading),
        learn=keys.factor == LEARN,
        kind=keys.kind,
    )
    if not made.name and keys.file is None:
        reading.mistake(f"{where} name is missing")
    return made if len(reading.mistakes) == before else None


def _calendar(path: Path, zone: ZoneInfo, where: str, reading: Reading) -> CalendarFile | None:
    try:
        calendar = CalendarFile(path.read_bytes(), zone)
        calendar.check()
    except OSError as error:
        why = "there is no such file" if isinstance(error, FileNotFoundError) else error.strerror
        reading.mistake(f"{where} file {quoted(path.name)} cannot be read: {why}")
        return None
    except BrokenCalendarError as why:
        reading.mistake(f"{where} file {quoted(path.name)} cannot be read: {why}")
        return None
    return calendar


def _spans(keys: _Keys, where: str, reading: Reading, zone: ZoneInfo) -> tuple[Span, ...]:
    ways = [keys.since is not None, bool(keys.dates), keys.file is not None]
    if keys.to is not None and keys.since is None:
        reading.mistake(f"{where} from is missing: it has a to")
    elif sum(ways) != 1:
        said = "says no time" if not any(ways) else "says its time twice"
        reading.mistake(f"{where} {said}: give it from and to, or dates, or a file")
    elif keys.since is not None:
        return _range(keys.since, keys.to, f"{where} from", reading, zone)
    elif not isinstance(keys.dates, list | tuple):
        return _listed(keys.dates, f"{where} dates", reading, zone)
    else:
        found = [
            _listed(one, f"{where} dates[{n}]", reading, zone)
            for n, one in enumerate(keys.dates, 1)
        ]
        return tuple(span for spans in found for span in spans)
    return ()


def _listed(value: Any, where: str, reading: Reading, zone: ZoneInfo) -> tuple[Span, ...]:
    first, _, last = value.partition("..") if isinstance(value, str) else (value, "", "")
    return _range(first, last or None, where, reading, zone)


def _range(first: Any, last: Any, where: str, reading: Reading, zone: ZoneInfo) -> tuple[Span, ...]:
    """Nothing where a mistake was noted. A last day is meant whole; a last time is its end."""
    begin, end = _time(first), _time(last) if last is not None else None
    for value, read in ((first, begin), (last, end)):
        if value is not None and read is None:
            reading.mistake(f"{where} must be {EXAMPLE}; found {what_was_found(value)}")
            return ()
    assert begin is not None, "it was read"
    since = _edge(begin, zone, of_the_end=False)
    until = since + A_DAY if end is None else _edge(end, zone, of_the_end=True)
    if end is None and not isinstance(begin, datetime):
        until = _edge(begin, zone, of_the_end=True)
    if until <= since:
        reading.mistake(f"{where} ends before it begins: {first} to {last}")
        return ()
    return ((since, until),)


def _edge(moment: date, zone: ZoneInfo, *, of_the_end: bool) -> datetime:
    if isinstance(moment, datetime):
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    return days(moment, moment, zone)[1 if of_the_end else 0]


def _time(value: Any) -> date | None:
    """A day or a moment, as TOML has it or as text; None for what is neither."""
    if isinstance(value, date):  # a datetime is one too
        return value
    text = value.strip() if isinstance(value, str) else ""
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            return read(text)
        except ValueError:
            continue
    return None


def _subjects(
    names: tuple[str, ...], where: str, reading: Reading, known: list[str]
) -> tuple[str, ...]:
    folded = {name.casefold(): name for name in known}
    for name in names:
        if name.casefold() not in folded:
            reading.mistake(
                f"{where} subjects: {quoted(name)} is not followed{suggestion(name, known)}"
            )
    return tuple(folded[name.casefold()] for name in names if name.casefold() in folded)


def _factor(value: Any, where: str, reading: Reading) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if value == LEARN:
        return USUAL_FACTOR
    if is_number and math.isfinite(value) and 1 <= value <= MOST_TIMES:
        return float(value)
    reading.mistake(
        f"{where} factor must be how many times the usual is expected, between 1 and"
        f' {MOST_TIMES:.0f}, or "{LEARN}"; found {what_was_found(value)}'
    )
    return USUAL_FACTOR
