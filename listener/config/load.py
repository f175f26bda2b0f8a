"""Reads a config file whole: every mistake in it is found, and named by its key."""

import os
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from listener.config import planned, sections
from listener.config.actions import actions
from listener.config.calendars import calendars, teams
from listener.config.events import events
from listener.config.notify import manners, ways_out
from listener.config.replies import replies
from listener.config.respond import Known, promises
from listener.config.secrets import SecretResolver
from listener.config.subjects import subjects
from listener.config.table import read_table
from listener.config.tables import Config, Team
from listener.config.topics import routed, topics
from listener.config.values import Reading
from listener.config.words import key_text, suggestion, what_was_found
from listener.domain.subject import Subject
from listener.errors import ConfigError

SOONEST = timedelta(seconds=1)
_SOURCE_NAME = re.compile(r"[^\s:/\\]{1,64}")  # mentions are named SOURCE:ID
_TOML_PLACE = re.compile(r"\s*\(at (line \d+, column \d+|end of document)\)$")

Handed = Callable[[str, str], Mapping[str, Any]]


def _nothing(kind: str, name: str) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugins:
    """What can stand in the file: the dataclasses of the plug-ins, by their names there.

    `handed(kind, name)` gives what a plug-in needs and the file does not say: an HTTP session, say.
    `kind` is "collectors", "rules" or "notify", `name` the table's. It may give more than a plug-in
    has fields for. The field `name` is always handed, and is no key; so is `follows` of a
    collector or a rule: the subjects of the file.
    """

    collectors: Mapping[str, type[Any]] = field(default_factory=dict)
    rules: Mapping[str, type[Any]] = field(default_factory=dict)
    notifiers: Mapping[str, type[Any]] = field(default_factory=dict)
    handed: Handed = _nothing


def load(
    path: Path, plugins: Plugins, *, secrets: bool = True, environ: Mapping[str, str] | None = None
) -> Config:
    """Read and check the file. Raises ConfigError with every mistake.

    `secrets` False is for commands that need none: references are not followed, and a plug-in that
    will not be built without its secret is left out. Notifiers and collectors are of no use then.
    """
    return loads(_text(path), path, plugins, secrets=secrets, environ=environ)


def load_collector(path: Path, plugins: Plugins, name: str) -> Any:
    """One source of the file without its secrets, or None; what stands beside it is not checked."""
    tables = _document(_text(path), path).get("collectors")
    if not isinstance(tables, dict) or name not in tables:
        return None
    alone = {"collectors": {name: tables[name]}}
    config = from_document(alone, path, plugins, secrets=False, subjects_needed=False)
    return config.collectors.get(name)


def load_actions(path: Path) -> Config:
    """What the file says of actions, teams and topics; what stands beside it is not checked."""
    tables = _document(_text(path), path)
    wanted = {"listener", "teams", "topics", "actions"}
    alone = {key: table for key, table in tables.items() if key in wanted}
    return from_document(alone, path, Plugins(), secrets=False, subjects_needed=False)


def _text(path: Path) -> str:
    return decoded(bytes_of(path), path)


def bytes_of(path: Path) -> bytes:
    """What the file holds. Raises ConfigError where it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ConfigError([f"{path}: there is no such file; `listener init` writes one"]) from None
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise ConfigError([f"{path}: cannot be read: {reason}"]) from None


def decoded(content: bytes, path: Path) -> str:
    """The text of a file. Raises ConfigError where it is none."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError([f"{path.name}: line {line}: is not UTF-8 text"]) from None


def loads(
    text: str,
    path: Path,
    plugins: Plugins,
    *,
    secrets: bool = True,
    environ: Mapping[str, str] | None = None,
) -> Config:
    """As `load`, of a text; `path` is where it lies, or would."""
    document = _document(text, path)
    return from_document(document, path, plugins, secrets=secrets, environ=environ)


def from_document(
    document: dict[str, Any],
    path: Path,
    plugins: Plugins,
    *,
    secrets: bool = True,
    environ: Mapping[str, str] | None = None,
    subjects_needed: bool = True,
) -> Config:
    """As `load`, of dicts and lists as `tomllib` makes them. For commands that need no file.

    `subjects_needed` False lets a config follow nobody.
    """
    resolver = SecretResolver(
        folder=path.parent, environ=os.environ if environ is None else environ, resolve=secrets
    )
    reading = Reading(file=path.name, folder=path.parent, secrets=resolver)
    config = _config(document, path, plugins, reading, subjects_needed=subjects_needed)
    if reading.mistakes:
        raise ConfigError([resolver.hide(mistake) for mistake in reading.mistakes])
    return config


def document_of(path: Path) -> dict[str, Any]:
    """What the file holds, as TOML reads it, unchecked. Raises ConfigError where it is none."""
    return _document(_text(path), path)


def _document(text: str, path: Path) -> dict[str, Any]:
    return _toml(text.replace("\r\n", "\n"), path.name)


def _toml(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        why = _syntax(str(error), text)
    except (ValueError, RecursionError):  # a number too long to read; brackets in brackets in ...
        why = "is not valid TOML: a number is too long, or lists are nested too deep"
    raise ConfigError([f"{file}: {why}"])


def _syntax(message: str, text: str) -> str:
    place = _TOML_PLACE.search(message)
    said = _TOML_PLACE.sub("", message)
    if place is None or place[1] == "end of document":
        lines = text.split("\n")
        where = f"line {len(lines)}, column {len(lines[-1]) + 1}"
    else:
        where = place[1]
    quotes = said.startswith(("Invalid value", "Expected newline"))
    return f"{where}: {said}{'; are quotes missing?' if quotes else ''}"


def _config(
    document: dict[str, Any],
    path: Path,
    plugins: Plugins,
    reading: Reading,
    *,
    subjects_needed: bool,
) -> Config:
    sections.check_names(document, reading)
    followed = subjects(document, reading, plugins.collectors, needed=subjects_needed)
    follows = tuple(table.subject for table in followed)
    listener = sections.listener(document, reading)
    working = sections.tables_in(document, "calendars", reading)
    made = calendars(working, reading, listener.timezone)
    named = teams(document, reading, sections.is_address)
    known = Known(
        calendars={name: made.get(name) for name in working},
        teams=[team.name for team in named],
        subjects=[subject.name for subject in follows],
    )
    defined = topics(document, reading, known.teams)
    promised = promises(sections.tables_in(document, "respond", reading), reading, known)
    web = sections.web(document, reading)
    return Config(
        path=path,
        listener=listener,
        subjects=followed,
        collectors=_collectors(document, plugins, reading, follows),
        classify=sections.classify(document, reading),
        calendars=made,
        promises=routed(promised, defined),
        teams=named,
        topics=defined,
        rules=_rules(document, plugins, reading, follows),
        notifiers=_notifiers(document, plugins, reading, named, web.public_url),
        manners=manners(document, listener.timezone, reading),
        digest=sections.digest(document, reading),
        web=web,
        spam=sections.spam(document, reading),
        measures=sections.measures(document, reading),
        actions=actions(document, reading, known.teams),
        replies=replies(document, reading),
        events=events(document, reading, (s.name for s in follows), listener.timezone),
        notes=tuple(reading.secrets.hide(note) for note in reading.notes),
        secrets=frozenset(reading.secrets.found),
    )


def _collectors(
    document: Mapping[str, Any],
    plugins: Plugins,
    reading: Reading,
    follows: tuple[Subject, ...],
) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, table in sections.tables_in(document, "collectors", reading).items():
        where = f"[collectors.{key_text(name)}]"
        if not _SOURCE_NAME.fullmatch(name) or not name.isprintable():
            reading.mistake(f"{where} must have a name without spaces, colons and slashes")
            continue
        kind = table.get("type", name)
        if not isinstance(kind, str):
            reading.mistake(f"{where} type must be a text in quotes; found {what_was_found(kind)}")
        elif kind in plugins.collectors:
            keys = {key: value for key, value in table.items() if key != "type"}
            given = {"follows": follows}
            cls = plugins.collectors[kind]
            built = _plugin(plugins, "collectors", name, cls, keys, reading, given)
            if built is not None:
                made[name] = built
                _check_pace(built, where, reading)
        elif kind in planned.COLLECTORS:
            reading.note(f"{where} {planned.LATER}")
        else:
            known = sorted({*plugins.collectors, *planned.COLLECTORS})
            reading.mistake(
                f"{where} type {what_was_found(kind)} is unknown{suggestion(kind, known)}"
            )
    return made


def _check_pace(collector: Any, where: str, reading: Reading) -> None:
    every = getattr(collector, "every", SOONEST)
    if isinstance(every, timedelta) and every < SOONEST:
        reading.mistake(f"{where} every must be 1s or more")


def _rules(
    document: Mapping[str, Any],
    plugins: Plugins,
    reading: Reading,
    follows: tuple[Subject, ...],
) -> dict[str, Any]:
    """Every rule there is: those without a table with their defaults, if they need no key."""
    tables = sections.tables_in(document, "rules", reading)
    _note_others(tables, "rules", plugins.rules, planned.RULES, reading)
    aside = replace(reading, mistakes=[], notes=[])  # a rule that needs a key waits for its table
    given = {"follows": follows}
    made = {
        name: _plugin(
            plugins,
            "rules",
            name,
            cls,
            tables.get(name, {}),
            reading if name in tables else aside,
            given,
        )
        for name, cls in plugins.rules.items()
    }
    return {name: rule for name, rule in made.items() if rule is not None}


def _notifiers(
    document: Mapping[str, Any],
    plugins: Plugins,
    reading: Reading,
    named: tuple[Team, ...],
    pages: str,
) -> dict[str, Any]:
    """The ways out. Each is told where the teams read there (in channels, but for mail), and where
    our pages are found."""
    channels = {team.name: team.slack for team in named if team.slack}
    addresses = {team.name: team.email for team in named if team.email}
    known = tuple(team.name for team in named)
    document = {"notify": ways_out(document)}
    made: dict[str, Any] = {}
    for name, table in sections.tables_in(document, "notify", reading).items():
        cls = _way_out(name, table, plugins, reading)
        if cls is not None:
            keys = {key: value for key, value in table.items() if key != "type"}
            readers = addresses if table.get("type", name) == "email" else channels
            given = {"teams": readers, "known_teams": known, "pages": pages}
            made[name] = _plugin(plugins, "notify", name, cls, keys, reading, given)
    return {name: notifier for name, notifier in made.items() if notifier is not None}


def _way_out(
    name: str, table: Mapping[str, Any], plugins: Plugins, reading: Reading
) -> type[Any] | None:
    """The class that a table is read into: that of its `type`, or else of its name."""
    kind, where = table.get("type", name), f"[notify.{key_text(name)}]"
    if not isinstance(kind, str):
        reading.mistake(f"{where} type must be a text in quotes; found {what_was_found(kind)}")
        return None
    if kind not in plugins.notifiers and kind == name:
        _note_others([name], "notify", plugins.notifiers, planned.NOTIFIERS, reading)
    elif kind not in plugins.notifiers:
        hint = suggestion(kind, sorted(plugins.notifiers))
        reading.mistake(f"{where} type {what_was_found(kind)} is unknown{hint}")
    return plugins.notifiers.get(kind)


def _note_others(
    names: Iterable[str],
    kind: str,
    known: Mapping[str, Any],
    later: frozenset[str],
    reading: Reading,
) -> None:
    for name in names:
        where = f"[{kind}.{key_text(name)}]"
        if name not in known and name in later:
            reading.note(f"{where} {planned.LATER}")
        elif name not in known:
            hint = suggestion(name, sorted({*known, *later}), f"[{kind}.", "]")
            reading.mistake(f"{where} is unknown{hint}")


def _plugin(
    plugins: Plugins,
    kind: str,
    name: str,
    cls: type[Any],
    table: Mapping[str, Any],
    reading: Reading,
    given: Mapping[str, Any] | None = None,
) -> Any:
    handed = {**plugins.handed(kind, name), "name": name, **(given or {})}
    return read_table(cls, table, reading, f"[{kind}.{key_text(name)}]", handed=handed)
