"""The errors of the house: an edge raises its own kind, and no other."""

from datetime import timedelta
from enum import StrEnum


class ListenerError(Exception):
    """What went wrong, in words for the person who runs the daemon."""


class ConfigError(ListenerError):
    """The settings are wrong; `mistakes` names every key, one line each."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class UsageError(ListenerError):
    """The command, or what it was given, cannot be carried out as it stands."""


class NotFoundError(UsageError):
    """What was named is not there."""


class StoreError(ListenerError):
    """The database cannot be used as it is."""


class LockTaken(StoreError):  # noqa: N818  # a state of the world, said as one
    """Another daemon holds the database; the message names it."""


class QueryError(ListenerError):
    """A query cannot be read; `position` is where (0-based, in characters), `line` shows it."""

    def __init__(self, message: str, position: int = 0) -> None:
        super().__init__(message)
        self.position = position


class Trouble(StrEnum):
    """What kept a collector from its source; it decides how long to wait, and whom to tell."""

    CREDENTIALS = "credentials"
    RATE = "rate"
    QUOTA = "quota"
    SERVER = "server"
    SHAPE = "shape"
    NETWORK = "network"
    SETTINGS = "settings"


class CollectorError(ListenerError):
    """A source could not be read. `retry_after` is what the service asked for, if it did.

    `reached` False: the question did not even get there. `may_be_billed`: an answer was lost on
    its way, this one or an earlier one of the same page, and may have to be paid all the same.
    `cost_usd`: what was spent for certain before it.
    """

    def __init__(
        self,
        message: str,
        *,
        kind: Trouble,
        retry_after: timedelta | None = None,
        reached: bool = True,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.reached = reached
        self.retry_after = retry_after
        self.may_be_billed = reached and kind in (Trouble.NETWORK, Trouble.SHAPE)
        self.cost_usd = 0.0


class NotifyError(ListenerError):
    """An outlet did not take a message.

    `permanent`: trying again cannot help. `unclear`: it may have been taken all the same, so it
    has to be looked up before it is sent again.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        unclear: bool = False,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.unclear = unclear
        self.retry_after = retry_after
