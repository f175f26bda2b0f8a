"""`[calendars.NAME]` and `[[teams]]`: when people work, and who they are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from listener.config.arrays import named
from listener.config.table import read_table
from listener.config.tables import Team
from listener.config.values import Reading
from listener.config.words import key_text, meant, quoted, suggestion, what_was_found
from listener.domain import days_off
from listener.domain.calendar import Hours, WorkingHours
from listener.domain.opening import EXAMPLE, read_days, read_hours, read_week
from listener.domain.promise import ALWAYS

Value = TypeVar("Value")
WHERE: Final = "[[teams]]"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarKeys:
    """A `[calendars.NAME]` as it is written."""

    hours: tuple[str, ...]
    timezone: ZoneInfo | None = None
    holidays: str = ""
    closed: Any = ()  # days and ranges of days
    open: Any = field(default_factory=dict)  # the hours of special days


def calendars(
    tables: Mapping[str, dict[str, Any]], reading: Reading, zone: ZoneInfo
) -> dict[str, WorkingHours]:
    """The calendars without mistakes. `zone`: that of those that name none."""
    made: dict[str, WorkingHours] = {}
    for name, table in tables.items():
        where = f"[calendars.{key_text(name)}]"
        if name == ALWAYS:
            reading.mistake(f'{where} must have another name: "{ALWAYS}" is day and night')
            continue
        found = len(reading.mistakes)
        keys = read_table(CalendarKeys, table, reading, where)
        if keys is not None:
            calendar = _calendar(keys, where, reading, zone)
            if len(reading.mistakes) == found:
                made[name] = calendar
    return made


def _calendar(keys: CalendarKeys, where: str, reading: Reading, zone: ZoneInfo) -> WorkingHours:
    place = keys.holidays.strip().upper().replace("_", "-")
    why = _why_unknown(place) if place else None
    if why is not None:
        reading.mistake(f"{where} holidays {quoted(keys.holidays)} {why}")
    calendar = WorkingHours(
        zone=keys.timezone or zone,
        week=_read(partial(read_week, keys.hours), f"{where} hours", reading) or ((),) * 7,
        holidays=_place(place) if why is None else "",
        closed=frozenset(_closed(keys.closed, f"{where} closed", reading)),
        open=_open(keys.open, f"{where} open", reading),
    )
    if not keys.hours:
        reading.mistake(f"{where} hours are missing: it would never open; write them as {EXAMPLE}")
    return calendar


def _read(read: Callable[[], Value], where: str, reading: Reading) -> Value | None:
    try:
        return read()
    except ValueError as error:
        reading.mistake(f"{where}: {' '.join(str(error).split())}")
        return None


def _closed(written: Any, where: str, reading: Reading) -> list[date]:
    days: list[date] = []
    for one in written if isinstance(written, list | tuple) else [written]:
        if isinstance(one, str):
            days += _read(partial(read_days, one), where, reading) or []
        elif isinstance(one, date) and not isinstance(one, datetime):
            days.append(one)
        else:
            reading.mistake(
                f'{where} must be days such as "2026-12-24" or "2026-12-27..2026-12-31";'
                f" found {what_was_found(one)}"
            )
    return days


def _open(written: Any, where: str, reading: Reading) -> dict[date, Hours]:
    if not isinstance(written, dict):
        reading.mistake(
            f'{where} must be a table such as {{ "2026-12-12" = "10:00-14:00" }};'
            f" found {what_was_found(written)}"
        )
        return {}
    found: dict[date, Hours] = {}
    for key, value in written.items():
        spans = [value] if isinstance(value, str) else value
        if not isinstance(spans, list) or not all(isinstance(span, str) for span in spans):
            reading.mistake(
                f'{where} {key_text(key)} must be hours such as "10:00-14:00";'
                f" found {what_was_found(value)}"
            )
            continue
        days = _read(partial(read_days, key), where, reading) or []
        hours = _read(partial(read_hours, " ".join(spans)), f"{where} {key_text(key)}", reading)
        found |= dict.fromkeys(days, hours or ())
    return found


def _place(place: str) -> str:
    """The country and its part as the library writes them; some parts are not all capitals."""
    country, dash, part = place.partition("-")
    parts = days_off.places().get(country, ())
    return country + dash + next((one for one in parts if one.upper() == part), part)


def _why_unknown(place: str) -> str | None:
    """What is wrong with the name of a country or of a part of one; None if nothing is."""
    known = days_off.places()
    country, _, part = place.partition("-")
    if country not in known:
        by_name = days_off.codes_by_name()
        guess = meant(place, [*by_name, *(code for code in known if len(code) == 2)])
        code = by_name.get(guess or "", guess)
        hint = f"did you mean {code}?" if code else 'write a country as "HU", a part as "DE-BY"'
        return f"is no country whose holidays are known; {hint}"
    if part and part not in {one.upper() for one in known[country]}:
        hint = suggestion(part, known[country], f"{country}-")
        return f"is unknown: {country} has no part {part}{hint}"
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _TeamKeys:
    name: str
    slack: str = ""
    email: tuple[str, ...] = ()
    digest: bool = False


def teams(
    document: Mapping[str, Any], reading: Reading, is_address: Callable[[str], bool]
) -> tuple[Team, ...]:
    """The teams without mistakes, each with a name of its own."""
    made = []
    written = document.get("teams", [])
    for where, keys, is_named in named(_TeamKeys, written, WHERE, "team", reading):
        if is_named:
            slack = keys.slack.strip()
            team = Team(name=keys.name, slack=slack, email=keys.email, digest=keys.digest)
            made.append(team)
            if team.digest and not _can_be_sent(team, document.get("notify")):
                reading.note(
                    f"{where} digest is sent nowhere: it wants email with [notify.email], or slack"
                    " with [notify.slack]"
                )
        wrong = [text for text in keys.email if not is_address(text)]
        if wrong:
            reading.mistake(
                f'{where} email must hold addresses such as "cx@example.com";'
                f" found {what_was_found(wrong[0])}"
            )
    return tuple(made)


def _can_be_sent(team: Team, notify: Any) -> bool:
    ways = notify if isinstance(notify, dict) else {}
    return bool((team.email and "email" in ways) or (team.slack and "slack" in ways))
