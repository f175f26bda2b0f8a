"""What a person said of an incident, or of a day: real trouble, or a false alarm."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """It is of an incident (`incident`, its `key`, its life), or of a day of a subject."""

    subject: str
    incident: int | None = None
    key: str | None = None
    opened_at: datetime | None = None
    resolved_at: datetime | None = None
    day: date | None = None
    real: bool
    note: str = ""
    who: str
    at: datetime

    @property
    def verdict(self) -> str:
        return verdict_of(self.real)


def verdict_of(real: bool) -> str:
    return "real" if real else "false alarm"
