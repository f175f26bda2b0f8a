"""Single TOML values, turned into the type a field asks for; mistakes are noted, none raised."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from listener.config.secrets import MissingSecretError, SecretResolver, is_reference
from listener.config.words import meant, suggestion, what_was_found


class _Bad:
    """Stands for a value that could not be read; why is among the mistakes."""


BAD: Final = _Bad()

_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_MONTHS = {"mo": timedelta(days=30.44), "y": timedelta(days=365.25)}
_DURATION = re.compile(r"(?:[0-9]{1,12}(?:\.[0-9]{1,6})?(?:mo|[smhdwy]))+")
_DURATION_PART = re.compile(r"([0-9.]+)(mo|[smhdwy])")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


@dataclass(kw_only=True)
class Reading:
    """One reading of one file: where it lies, what its secrets are, what was found wrong."""

    file: str
    folder: Path
    secrets: SecretResolver
    mistakes: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def mistake(self, text: str) -> None:
        self.mistakes.append(f"{self.file}: {text}")

    def note(self, text: str) -> None:
        self.notes.append(f"{self.file}: {text}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The key that is being read, and what its field says of it."""

    reading: Reading
    table: str  # "[respond.social]"
    key: str
    secret: bool = False
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def wrong(self, why: str) -> _Bad:
        self.reading.mistake(f"{self.table} {self.key} {why}")
        return BAD

    def expected(self, what: str, value: Any) -> _Bad:
        return self.wrong(f"must be {what}; found {what_was_found(value, hidden=self.secret)}")

    def inside(self, part: str) -> "Place":
        return replace(self, key=f"{self.key}{part}")


def _text(value: Any, place: Place) -> Any:
    if not isinstance(value, str):
        return place.expected("a text in quotes", value)
    return _secret(value, place) if place.secret else value


def _secret(text: str, place: Place) -> Any:
    if text and not is_reference(text) and not place.metadata.get("literal"):
        place.reading.note(
            f"{place.table} {place.key} is written out; keep it in the environment"
            ' ("env:NAME") or in a file ("file:PATH")'
        )
    try:
        return place.reading.secrets.read(text)
    except MissingSecretError as error:
        return place.wrong(f"is not there: {error}")


def _whole(value: Any, place: Place) -> Any:
    if isinstance(value, bool) or not isinstance(value, int):
        return place.expected("a whole number", value)
    return _bounded(value, place)


def _number(value: Any, place: Place) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return place.expected("a number", value)
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    return _bounded(number, place) if math.isfinite(number) else place.expected("a number", value)


def _bounded(value: Any, place: Place) -> Any:
    least, most = place.metadata.get("between", (None, None))
    if least is not None and not least <= value <= most:
        return place.expected(f"between {least} and {most}", value)
    return value


def _truth(value: Any, place: Place) -> Any:
    return value if isinstance(value, bool) else place.expected("true or false", value)


def _duration(value: Any, place: Place) -> Any:
    months = bool(place.metadata.get("months"))
    example = '"90d" or "13mo"' if months else '"30s", "5m", "1h" or "7d"'
    span = duration(value, months=months) if isinstance(value, str) else None
    if span is None:
        return place.expected(f"a duration such as {example}", value)
    least, most = place.metadata.get("between", (None, None))
    if least is not None and not least <= span <= most:
        return place.wrong(f"is too {'short' if span < least else 'long'}")
    return span


def duration(text: str, *, months: bool = False) -> timedelta | None:
    """Read "5m", "1h30m", "2w"; with `months` also "13mo" (of 30.44 days) and "2y". Else None."""
    if not _DURATION.fullmatch(text):
        return None
    units = _UNITS | _MONTHS if months else _UNITS
    span = timedelta()
    try:
        for count, unit in _DURATION_PART.findall(text):
            span += float(count) * units[unit]
    except (KeyError, OverflowError):
        return None
    return span


def _time_of_day(value: Any, place: Place) -> Any:
    if isinstance(value, time):
        return value
    parts = _TIME.fullmatch(value) if isinstance(value, str) else None
    if parts is None:
        return place.expected('a time of day such as "09:00"', value)
    return time(int(parts[1]), int(parts[2]))


def _zone(value: Any, place: Place) -> Any:
    if not isinstance(value, str):
        return place.expected('a time zone such as "Europe/Budapest"', value)
    try:
        return ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        return place.wrong(f"{what_was_found(value)} is no time zone{_zone_meant(value)}")


def _zone_meant(value: str) -> str:
    """Also by the city alone."""
    zones = sorted(available_timezones())
    named = {zone.rpartition("/")[2]: zone for zone in zones} | {zone: zone for zone in zones}
    guess = meant(value, named)
    return f"; did you mean {named[guess]}?" if guess else '; write one such as "Europe/Budapest"'


def _path(value: Any, place: Place) -> Any:
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        return place.expected("a path", value)
    return under(place.reading.folder, Path(value))


def under(folder: Path, path: Path) -> Path:
    """A path as the file means it: relative to the folder the file lies in."""
    try:
        path = path.expanduser()
    except RuntimeError:  # nobody is at home; it will be said when the path is used
        return path
    return folder / path


def choose(value: Any, choices: Mapping[Any, Any], place: Place) -> Any:
    if isinstance(value, str | int) and not isinstance(value, bool) and value in choices:
        return choices[value]
    names = [str(choice) for choice in choices]
    if not isinstance(value, str):
        return place.expected(f"one of {', '.join(names)}", value)
    found = what_was_found(value, hidden=place.secret)
    return place.wrong(f"{found} is unknown{suggestion(value, names)}")


PLAIN: Final[Mapping[Any, Callable[[Any, Place], Any]]] = {
    str: _text,
    int: _whole,
    float: _number,
    bool: _truth,
    timedelta: _duration,
    time: _time_of_day,
    ZoneInfo: _zone,
    Path: _path,
}
