"""What the pages ask of whatever runs behind them: whether it still moves."""

from datetime import datetime
from typing import Protocol


class Pulse(Protocol):
    """The daemon, as the health checks see it."""

    @property
    def last_tick(self) -> datetime | None:
        """When it last looked for what is due; None before the first time."""

    def problems(self, now: datetime) -> list[str]:
        """What keeps it from its work, a sentence each; empty where all is well."""
