"""Settings that people change while the daemon runs, one layer for all doors.

A change is made to the file, and then taken up as SIGHUP would have it: what is in force is always
what the file says. What is wrong with a changed file is told before anything is written.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Protocol

from listener.app import App, plugins
from listener.config import Config, check_queries, loads
from listener.config.edits import Edit, edited, told
from listener.config.masked import Line, difference
from listener.config.writing import Content, OvertakenError, prepare, why_not_writable
from listener.domain.wording import Wording
from listener.errors import ConfigError, UsageError
from listener.store import people

LONGEST_ON_RECORD: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How the settings were read the last time. `mark`: of the file, as `Content` has it.

    changed: the keys that other values were taken of. waiting: those that need a restart.
    mistakes: why the file was not taken up; the settings from before go on then.
    """

    at: datetime
    mark: str
    changed: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    mistakes: tuple[str, ...] = ()


class Desk(Protocol):
    """Whoever runs on a config file, and reads it again when asked."""

    @property
    def path(self) -> Path: ...

    @property
    def app(self) -> App:
        """What is set up at the moment."""

    @property
    def taken(self) -> Taken: ...

    def take_up(self) -> Taken | None:
        """Have the file read again, as SIGHUP does; None where that takes too long to wait for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The config file as it stands, and what may be done with it.

    document: as TOML reads it; empty where it cannot be read. mistakes: why it is not in force.
    """

    name: str
    mark: str
    document: Mapping[str, Any] = field(repr=False)
    is_in_force: bool
    mistakes: tuple[str, ...]
    locked: str | None  # why it cannot be written; None: it can


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A change that the reader of the file has nothing against; not written yet."""

    edit: Edit
    mark: str
    text: str = field(repr=False)
    lines: tuple[Line, ...]


def sheet(desk: Desk) -> Sheet:
    """The file that the daemon runs on. Raises ConfigError where there is none that is text."""
    content = Content.of(desk.path)
    is_in_force = content.mark == desk.taken.mark and not desk.taken.mistakes
    mistakes = desk.taken.mistakes if content.mark == desk.taken.mark else ()
    try:
        if not is_in_force:
            _checked(desk, content.text)
    except ConfigError as error:
        mistakes = tuple(error.mistakes)
    return Sheet(
        name=desk.path.name,
        mark=content.mark,
        document=_document(content.text),
        is_in_force=is_in_force,
        mistakes=mistakes,
        locked=why_not_writable(desk.path),
    )


def _document(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return {}


def propose(desk: Desk, edit: Edit, seen: str) -> Proposal:
    """What a change would make of the file; nothing is written.

    seen: the mark of the file that the person saw. Raises OvertakenError where it is another one by
    now, ConfigError with every mistake that the changed file would have, UsageError where it cannot
    be changed so.
    """
    content = Content.of(desk.path)
    if content.mark != seen:
        raise OvertakenError(desk.path.name, content)
    return proposed(desk, edit, content)


def proposed(desk: Desk, edit: Edit, content: Content) -> Proposal:
    """As `propose`, of the file as it stands, whoever changed it."""
    if not _document(content.text):
        _checked(desk, content.text)  # says what is wrong with it
    text = edited(content.text, edit)
    if text == content.text:
        raise UsageError(Wording("Nothing is different; there is nothing to write."))
    config = _checked(desk, text)
    secrets = config.secrets | desk.app.config.secrets
    lines = tuple(difference(content.text, text, secrets))
    return Proposal(edit=edit, mark=content.mark, text=text, lines=lines)


def adopt(desk: Desk, proposal: Proposal, who: str, now: datetime) -> Taken | None:
    """Write a change, on record, and have it taken up; None: that takes longer than we wait.

    Raises OvertakenError where the file changed meanwhile, UsageError where it cannot be written.
    """
    ready = prepare(desk.path, proposal.text, proposal.mark)
    what = f"{desk.path.name}: {proposal.edit.where}"
    given = told(proposal.edit)[:LONGEST_ON_RECORD]
    try:
        with desk.app.store.write() as db:
            people.write_down(db, who, proposal.edit.did, what, now, given)
            ready.put()  # the last thing: if it cannot be done, it is not on record
    finally:
        ready.drop()
    return desk.take_up()


def _checked(desk: Desk, text: str) -> Config:
    """Raises ConfigError with every mistake, queries that fail their tests among them."""
    config = loads(text, desk.path, plugins(desk.app.clock))
    check_queries(config)
    return config
