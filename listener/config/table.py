"""Reads a TOML table into a frozen dataclass: its fields are the keys, its defaults the defaults.

A field marked `metadata={"handed": True}` is no key: who builds the dataclass hands it in. Other
marks: `secret` (a reference is followed, the value is never shown; also by a name that ends in
token, password, secret or key), `literal` (a secret that may be written out), `between` (least and
most), `months` (a duration may be in months), `written` (the key, where Python keeps that word).
What the dataclass itself refuses with a ValueError is reported as a mistake of its table; with a
ConfigError, as several.
"""

import dataclasses
import types
from collections.abc import Callable, Mapping
from dataclasses import Field, is_dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from listener.config.secrets import is_secret
from listener.config.values import BAD, PLAIN, Place, Reading, choose, under
from listener.config.words import key_text, meant, suggestion
from listener.errors import ConfigError, ListenerError

T = TypeVar("T")
Check = Callable[[Any], str | None]
_MISSING: Final = dataclasses.MISSING


def read_table(
    cls: type[T],
    table: Mapping[str, Any],
    reading: Reading,
    where: str,
    *,
    handed: Mapping[str, Any] | None = None,
    base: T | None = None,
    checks: Mapping[str, Check] | None = None,
) -> T | None:
    """Build `cls` from a table, or note every mistake in it and give None.

    `where` is the table as the file writes it: "[respond.social]". `handed` holds what is no key;
    what `cls` has no field for is left aside. `base` gives other defaults than those of `cls`.
    `checks` say what is wrong with the value of a key, if anything.
    """
    handed = handed or {}
    all_fields = [f for f in dataclasses.fields(cast(Any, cls)) if f.init]
    keys = {_written(f): f for f in all_fields if f.name not in handed and _is_key(f)}
    before = len(reading.mistakes), reading.secrets.left_out
    meant_keys = _unknown_keys(table, keys, reading, where)
    values = {f.name: handed[f.name] for f in all_fields if f.name in handed}
    hints = _hints(cls, keys)
    for name, key in keys.items():
        if name in table:
            place = _place(key, reading, where)
            values[key.name] = convert(table[name], hints[name], place)
            _check(values[key.name], (checks or {}).get(name), place)
            continue
        values[key.name] = _default(key, base, reading)
        if values[key.name] is _MISSING and name not in meant_keys:
            reading.mistake(f"{where} {name} is missing")
    if len(reading.mistakes) > before[0]:
        return None
    return _build(cls, values, reading, where, blank=reading.secrets.left_out > before[1])


def _written(field: Field[Any]) -> str:
    name: str = field.metadata.get("written", field.name)
    return name


def _is_key(field: Field[Any]) -> bool:
    return not field.metadata.get("handed") and not field.name.startswith("_")


def _check(value: Any, check: Check | None, place: Place) -> None:
    why = check(value) if check is not None and value is not BAD else None
    if why is not None:
        place.wrong(why)


def _unknown_keys(
    table: Mapping[str, Any], keys: Mapping[str, Any], reading: Reading, where: str
) -> set[str]:
    """Note the keys that are none, and tell which ones they were probably meant to be."""
    unknown = [key for key in table if key not in keys]
    free = [key for key in keys if key not in table] or list(keys)
    for key in unknown:
        reading.mistake(f"{where} {key_text(key)} is unknown{suggestion(key, free)}")
    return {guess for key in unknown if (guess := meant(key, free)) is not None}


def _hints(cls: type[Any], keys: Mapping[str, Field[Any]]) -> dict[str, Any]:
    """The types of the keys. What is handed in may have types that only mypy imports."""
    written = {name: key.type for name, key in keys.items()}
    holder = type("_", (), {"__annotations__": written, "__module__": cls.__module__})
    return get_type_hints(holder)


def _place(key: Field[Any], reading: Reading, where: str) -> Place:
    return Place(
        reading=reading,
        table=where,
        key=_written(key),
        secret=is_secret(key.name, key.metadata),
        metadata=key.metadata,
    )


def _default(key: Field[Any], base: Any, reading: Reading) -> Any:
    if base is not None:
        return getattr(base, key.name)
    default = key.default
    if default is _MISSING and key.default_factory is not _MISSING:
        default = key.default_factory()
    return under(reading.folder, default) if isinstance(default, Path) else default


def _build(
    cls: type[T], values: Mapping[str, Any], reading: Reading, where: str, *, blank: bool
) -> T | None:
    """`blank`: secrets were left out, so that what refuses the table may be their absence."""
    try:
        return cls(**values)
    except (ValueError, ListenerError) as error:
        if not blank:
            for why in error.mistakes if isinstance(error, ConfigError) else [str(error)]:
                reading.mistake(f"{where} {' '.join(why.split())}")
        return None


def convert(value: Any, hint: Any, place: Place) -> Any:
    """A TOML value as `hint` asks for it, or BAD, with the reason among the mistakes."""
    origin = get_origin(hint)
    if origin in _GENERIC:
        return _GENERIC[origin](value, hint, place)
    if hint is Any:
        return value
    if is_dataclass(hint):
        return _nested(value, hint, place)
    if hint in PLAIN:
        return PLAIN[hint](value, place)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return choose(value, {choice.value: choice for choice in hint}, place)
    raise TypeError(f"{place.table} {place.key}: no way to read {hint!r} from TOML")


def _literal(value: Any, hint: Any, place: Place) -> Any:
    return choose(value, {choice: choice for choice in get_args(hint)}, place)


def _optional(value: Any, hint: Any, place: Place) -> Any:
    """One of several types: the first that takes the value; the last says what is wrong with it."""
    hints = [option for option in get_args(hint) if option is not type(None)]
    for option in hints[:-1]:
        trial = replace(place.reading, mistakes=[], notes=[])
        result = convert(value, option, replace(place, reading=trial))
        if result is not BAD:
            place.reading.notes.extend(trial.notes)
            return result
    return convert(value, hints[-1], place)


def _list(value: Any, hint: Any, place: Place) -> Any:
    inner = get_args(hint)[0]
    alone = isinstance(inner, type) and issubclass(inner, str)
    values = [value] if alone and isinstance(value, str) else value
    if not isinstance(values, list):
        return place.expected("a list", value)
    read = [convert(part, inner, place.inside(f"[{n}]")) for n, part in enumerate(values, 1)]
    return BAD if any(part is BAD for part in read) else get_origin(hint)(read)


def _mapping(value: Any, hint: Any, place: Place) -> Any:
    if not isinstance(value, dict):
        return place.expected("a table", value)
    inner = get_args(hint)[1]
    read = {key: convert(part, inner, _part(place, key)) for key, part in value.items()}
    return BAD if any(part is BAD for part in read.values()) else read


def _part(place: Place, key: str) -> Place:
    """A key of a mapping is no field, so its own name may say that it is a secret."""
    return replace(place.inside(f".{key_text(key)}"), secret=place.secret or is_secret(key, {}))


def _nested(value: Any, hint: Any, place: Place) -> Any:
    if not isinstance(value, dict):
        return place.expected("a table", value)
    made = read_table(hint, value, place.reading, f"{place.table} {place.key}")
    return BAD if made is None else made


_GENERIC: Final[Mapping[Any, Callable[[Any, Any, Place], Any]]] = {
    Union: _optional,
    types.UnionType: _optional,
    Literal: _literal,
    tuple: _list,
    list: _list,
    frozenset: _list,
    dict: _mapping,
    Mapping: _mapping,
}
