"""A config file as people may see it: references to secrets as they stand, secrets never."""

import re
from collections.abc import Collection, Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any, Final, NamedTuple

from listener.config.secrets import is_reference, is_secret
from listener.config.words import key_text

SET: Final = "set"  # what stands for a secret that is written out
AROUND: Final = 2  # lines shown beside what differs
_WHEREVER: Final = frozenset({"dead_man_url", "service_account", "client_id"})
_OF_NOTIFY: Final = frozenset({"url", "urls", "teams"})  # there they let whoever has them in
_ASSIGNED: Final = re.compile(
    r"(?P<before>.*?(?:token|password|secret|key|urls?|service_account|client_id|teams)[\"']?"
    r"\s*=\s*)(?P<value>.*)",
    re.IGNORECASE,
)
_WHO: Final = re.compile(r"(?<=://)[^/@\s]+(?=@)")  # of an address: a name and a password
_REFERENCE: Final = re.compile(r"[\"'](?:env|file):[^\"']*[\"']")


class Line(NamedTuple):
    """A line of a comparison: what was ("-"), what will be ("+"), what stays (" "), a gap ("")."""

    sign: str
    text: str


def difference(before: str, after: str, secrets: Collection[str]) -> list[Line]:
    """What differs between two config files, with a few lines around it."""
    old, new = before.splitlines(), after.splitlines()
    lines: list[Line] = []
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND):
        if lines or group[0][1]:
            lines.append(Line("", ""))
        for kind, start, end, first, last in group:
            if kind == "equal":
                lines += [Line(" ", _masked(line, secrets)) for line in old[start:end]]
                continue
            lines += [Line("-", _masked(line, secrets)) for line in old[start:end]]
            lines += [Line("+", _masked(line, secrets)) for line in new[first:last]]
    return lines


def _masked(line: str, secrets: Collection[str]) -> str:
    found = _ASSIGNED.fullmatch(line)
    if found is not None and not _REFERENCE.match(found["value"]):
        line = f"{found['before']}{SET}"
    return _hidden(line, secrets)


def _hidden(text: str, secrets: Collection[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, SET)
    return _WHO.sub(SET, text)


class Table(NamedTuple):
    """A table as its header names it, and its keys with their values in words."""

    header: str
    keys: list[tuple[str, str]]


def tables(document: Mapping[str, Any], secrets: Collection[str]) -> Iterator[Table]:
    """The tables of a file, those below others after them, without the secrets in them."""
    for name, value in document.items():
        yield from _tables(value, (name,), secrets)


def _tables(value: Any, path: tuple[str, ...], secrets: Collection[str]) -> Iterator[Table]:
    name = ".".join(map(key_text, path))
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        for one in value:
            yield Table(f"[[{name}]]", [_key(path, key, one[key], secrets) for key in one])
        return
    if not isinstance(value, dict):
        yield Table("", [_key((), path[-1], value, secrets)])
        return
    below = {key: inner for key, inner in value.items() if _is_table(inner)}
    own = [_key(path, key, value[key], secrets) for key in value if key not in below]
    if own or not below:
        yield Table(f"[{name}]", own)
    for key, inner in below.items():
        yield from _tables(inner, (*path, key), secrets)


def _is_table(value: Any) -> bool:
    is_list = isinstance(value, list) and bool(value)
    return isinstance(value, dict) or (is_list and all(isinstance(one, dict) for one in value))


def _key(path: tuple[str, ...], key: str, value: Any, secrets: Collection[str]) -> tuple[str, str]:
    names = (*path[1:], key)
    hidden = any(is_secret(name, {}) or name in _WHEREVER for name in names)
    hidden = hidden or (path[:1] == ("notify",) and not _OF_NOTIFY.isdisjoint(names))
    return key, _value(key, value, secrets, hidden=hidden)


def _value(key: str, value: Any, secrets: Collection[str], *, hidden: bool) -> str:
    match value:
        case str() if hidden:
            return value if is_reference(value) else SET
        case str():
            return _hidden(value, secrets)
        case bool():
            return "true" if value else "false"
        case list():
            return ", ".join(_value(key, one, secrets, hidden=hidden) for one in value)
        case dict():
            parts = (
                f"{name} = {_value(name, one, secrets, hidden=hidden or is_secret(name, {}))}"
                for name, one in value.items()
            )
            return "; ".join(parts)
        case _:
            return SET if hidden else str(value)
