"""Values as JSON keeps them, and back: how a digest is stored; pure."""

import dataclasses
import types
from collections.abc import Callable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, cast, get_args, get_origin, get_type_hints

from listener.domain.times import from_text, to_json
from listener.domain.week import Week


def plain(value: Any) -> Any:
    if isinstance(value, Week):
        return str(value)
    if isinstance(value, datetime):
        return to_json(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if dataclasses.is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    return value.value if isinstance(value, StrEnum) else value


_READERS: dict[Any, Callable[[Any], Any]] = {
    Week: Week.parse,
    datetime: from_text,
    date: date.fromisoformat,
    timedelta: lambda seconds: timedelta(seconds=seconds),
    float: float,
}


def read(kind: Any, kept: Any) -> Any:
    if get_origin(kind) is types.UnionType:
        return None if kept is None else read(get_args(kind)[0], kept)
    if get_origin(kind) is tuple:
        return tuple(read(get_args(kind)[0], item) for item in kept)
    if kind in _READERS:
        return _READERS[kind](kept)
    if dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        names = (f.name for f in dataclasses.fields(kind) if f.name in kept)
        return cast(Any, kind)(**{name: read(hints[name], kept[name]) for name in names})
    return kind(kept) if issubclass(kind, StrEnum) else kept
