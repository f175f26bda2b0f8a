"""What every command is given: where the settings are, and how to open what they name."""

import getpass
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from listener.clock import Clock, WallClock
from listener.errors import UsageError

if TYPE_CHECKING:
    from listener.app import App
    from listener.config import Config
    from listener.domain.actions import Pack
    from listener.store.connection import Store

DEFAULT = Path("config.toml")


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of `listener`, with its global options."""

    config_path: Path | None = None
    database: Path | None = None
    verbose: bool = False
    clock: Clock = field(default_factory=WallClock)

    @property
    def path(self) -> Path:
        return self.config_path or DEFAULT

    def config(
        self,
        *,
        secrets: bool = False,
        optional: bool = False,
        streams: dict[str, Any] | None = None,
    ) -> "Config":
        """Read the settings, and say once what is worth saying of them.

        `secrets`: resolve references, for what talks to services. `optional`: without a file that
        was not named, the built-in defaults do.
        """
        from listener import config as settings  # noqa: PLC0415
        from listener.app import plugins  # noqa: PLC0415

        known = plugins(self.clock, streams)
        if optional and self.config_path is None and not DEFAULT.exists():
            document: dict[str, Any] = {}
            read = settings.from_document(
                document, DEFAULT.absolute(), known, subjects_needed=False
            )
        else:
            read = settings.load(self.path, known, secrets=secrets)
        if self.database is not None:
            listener = replace(read.listener, database=self.database.absolute())
            read = replace(read, listener=listener)
        for note in read.notes if self.verbose or secrets else ():
            click.echo(f"note: {note}", err=True)
        return read

    def source(self, name: str) -> Any:
        """One source of the settings, without its secrets, or None; the rest is not checked."""
        from listener import config as settings  # noqa: PLC0415
        from listener.app import plugins  # noqa: PLC0415

        if self.config_path is None and not DEFAULT.exists():
            return None
        return settings.load_collector(self.path, plugins(self.clock), name)

    def app(self, *, secrets: bool = True, create: bool = False) -> "App":
        """Everything real, for these settings. `create`: a database that is missing is made."""
        from listener.app import open_app  # noqa: PLC0415

        config = self.config(secrets=secrets)
        if not create:
            _must_be_there(config.listener.database)
        return open_app(config, self.clock)

    def store(self, *, create: bool = False) -> "Store":
        """The database alone, for commands that need no more. `create`: a missing one is made."""
        from listener.store.connection import Store  # noqa: PLC0415

        path = self.database or self.config().listener.database
        if not create:
            _must_be_there(path)
        return Store(path).open(self.clock.now())

    def pack(self) -> "Pack":
        """What to do about what waits, by the settings; without any, by what is built in."""
        from listener import config as settings  # noqa: PLC0415
        from listener.texts import actions  # noqa: PLC0415

        if self.config_path is None and not DEFAULT.exists():
            return actions.pack("en")
        read = settings.load_actions(self.path)
        return actions.pack(read.listener.language.value, read.actions, read.topic_teams)

    def who(self) -> str:
        """The name of the person at the shell, for the record."""
        try:
            return getpass.getuser()
        except (OSError, KeyError):
            return "shell"


def _must_be_there(database: Path) -> None:
    """A mistyped name must not give an empty database, that looks as if all were well."""
    if not database.exists():
        raise UsageError(
            f"there is no database {database}; `listener run`, `import` or `check` makes one,"
            " or name another with --db."
        )
