"""The tables that are ours: how each is read, and what they must agree on."""

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from listener.config import planned
from listener.config.signing_in import OidcTable, ProxyTable
from listener.config.table import Check, read_table
from listener.config.tables import (
    ClassifyTable,
    DigestTable,
    ListenerTable,
    MeasuresTable,
    SpamTable,
    WebTable,
)
from listener.config.values import Reading
from listener.config.words import key_text, meant, quoted, suggestion, what_was_found

T = TypeVar("T")
OURS = frozenset({"default", "fast"})
LISTS = planned.LISTS | {"actions", "events", "replies", "subjects", "teams", "topics"}
TABLES = (
    "actions",
    "listener",
    "subjects",
    "collectors",
    "classify",
    "topics",
    "calendars",
    "respond",
    "teams",
    "rules",
    "notify",
    "digest",
    "web",
    "spam",
    "measures",
    "events",
    "replies",
)
_HOST = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]*|[0-9a-fA-F:.]+(%\w+)?")
_ADDRESS = re.compile(r"[^@\s<>,;:\"()\\]{1,64}@[^@\s<>,;:\"()\\]{1,190}")


def check_names(document: Mapping[str, Any], reading: Reading) -> None:
    """Note what stands at the top of the file and is unknown, and what is not built yet."""
    for key in document:
        if key in planned.LISTS | planned.TABLES:
            reading.note(f"{as_written(key)} {planned.LATER}")
        elif key not in TABLES:
            _unknown_at_top(key, document[key], reading)


def _unknown_at_top(key: str, value: Any, reading: Reading) -> None:
    if isinstance(value, dict | list):
        known = sorted({*TABLES, *planned.LISTS, *planned.TABLES})
        guess = meant(key, known)
        hint = f"did you mean {as_written(guess)}?" if guess else f"there is {', '.join(known)}"
        reading.mistake(f"[{key_text(key)}] is unknown; {hint}")
        return
    keys = [f.name for f in fields(ListenerTable)]
    hint = "; put it under [listener]" if key in keys else suggestion(key, TABLES, "[", "]")
    reading.mistake(f"{key_text(key)} stands in no table{hint}")


def as_written(name: str) -> str:
    return f"[[{name}]]" if name in LISTS else f"[{name}]"


def table_of(document: Mapping[str, Any], name: str, reading: Reading) -> dict[str, Any]:
    """A table of the file; empty where there is none, or where it is something else."""
    table = document.get(name, {})
    if isinstance(table, dict):
        return table
    reading.mistake(f"[{name}] must be a table; found {what_was_found(table)}")
    return {}


def tables_in(
    document: Mapping[str, Any], name: str, reading: Reading
) -> dict[str, dict[str, Any]]:
    """The tables `[name.KEY]`, by their KEY."""
    parts = table_of(document, name, reading)
    for key, part in parts.items():
        if not isinstance(part, dict):
            reading.mistake(
                f"[{name}] {key_text(key)} must be a table, written [{name}.{key_text(key)}];"
                f" found {what_was_found(part, hidden=True)}"
            )
    return {key: part for key, part in parts.items() if isinstance(part, dict)}


def _read(
    cls: type[T],
    name: str,
    document: Mapping[str, Any],
    reading: Reading,
    checks: Mapping[str, Check] | None = None,
) -> T:
    """A table; one with mistakes is read as if empty, so that the others are checked as well."""
    table = table_of(document, name, reading)
    return read_table(cls, table, reading, f"[{name}]", checks=checks) or cls()


def listener(document: Mapping[str, Any], reading: Reading) -> ListenerTable:
    checks = {"dead_man_url": _why_no_web_address}
    return _read(ListenerTable, "listener", document, reading, checks)


def _why_no_web_address(url: str) -> str | None:
    wrong = url and not is_web_address(url)
    return "must be an address that begins with https:// or http://" if wrong else None


def is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(host) and url.isprintable() and " " not in url


def classify(document: Mapping[str, Any], reading: Reading) -> ClassifyTable:
    table = _read(ClassifyTable, "classify", document, reading, {"sentiment": _why_no_model})
    name = table.sentiment
    if name in OURS:
        return table
    folder = _model_folder(name, reading.folder)
    if folder is not None:
        return replace(table, sentiment=str(folder))
    if "/" not in name:
        guess = meant(name, OURS)
        hint = f"did you mean {guess}?" if guess else "taken for the id of a Hugging Face model"
        reading.note(f"[classify] sentiment {quoted(name)} is no model of ours; {hint}")
    return table


def _why_no_model(name: str) -> str | None:
    named = name.strip() and name.isprintable()
    return None if named else "must name a model: default, fast, a directory or an id"


def _model_folder(name: str, folder: Path) -> Path | None:
    """The directory that is meant, if one is; an id such as "org/model" looks like one too."""
    try:
        path = folder / Path(name).expanduser()
        meant_so = name.startswith(("./", "../", "/", "~"))
        return path.absolute() if meant_so or path.is_dir() else None
    except (OSError, RuntimeError, ValueError):
        return None


def digest(document: Mapping[str, Any], reading: Reading) -> DigestTable:
    table = _read(DigestTable, "digest", document, reading, {"to": _why_no_addresses})
    notify = document.get("notify")
    if table.to and not (isinstance(notify, dict) and "email" in notify):
        reading.note("[digest] to names readers, but without [notify.email] nothing is mailed")
    return table


def _why_no_addresses(texts: tuple[str, ...]) -> str | None:
    wrong = ", ".join(what_was_found(text) for text in texts if not is_address(text))
    return f'must hold addresses such as "cx@example.com"; found {wrong}' if wrong else None


def is_address(text: str) -> bool:
    return text.isprintable() and _ADDRESS.fullmatch(text) is not None


def web(document: Mapping[str, Any], reading: Reading) -> WebTable:
    checks = {"host": _why_no_host, "public_url": _why_not_public}
    whole = table_of(document, "web", reading)
    own = {"web": {key: value for key, value in whole.items() if key not in ("proxy", "oidc")}}
    return replace(
        _read(WebTable, "web", own, reading, checks),
        proxy=_of_web(ProxyTable, "proxy", whole, reading),
        oidc=_of_web(OidcTable, "oidc", whole, reading),
    )


def _of_web(cls: type[T], name: str, web: Mapping[str, Any], reading: Reading) -> T | None:
    table = web.get(name)
    if isinstance(table, dict):
        return read_table(cls, table, reading, f"[web.{name}]")
    if table is not None:
        found = what_was_found(table, hidden=True)
        reading.mistake(f"[web] {name} must be a table, written [web.{name}]; found {found}")
    return None


def _why_not_public(url: str) -> str | None:
    """Links in mail carry who is meant: nobody on the way may read them."""
    plain = url.startswith("https://") and is_web_address(url) and not set('?#@<>"') & set(url)
    return None if not url or plain else "must be an address such as https://listener.example.com"


def measures(document: Mapping[str, Any], reading: Reading) -> MeasuresTable:
    return _read(MeasuresTable, "measures", document, reading)


def spam(document: Mapping[str, Any], reading: Reading) -> SpamTable:
    return _read(SpamTable, "spam", document, reading)


def _why_no_host(host: str) -> str | None:
    if _HOST.fullmatch(host):
        return None
    return f"must be an address of this machine, such as 127.0.0.1; found {what_was_found(host)}"
