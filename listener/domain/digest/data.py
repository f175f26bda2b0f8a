"""One report whole, as it is kept; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self, cast

from listener.domain.digest.lines import (
    AsideRow,
    Gap,
    Late,
    PersonLine,
    Praise,
    PromiseLine,
    RecoveryLine,
    SourceRow,
    SpikeLine,
    Untold,
    VoiceRow,
)
from listener.domain.digest.plain import plain, read
from listener.domain.digest.subject import SubjectWeek
from listener.domain.subject import Role
from listener.domain.week import Every, Week

COMPANY: Final = "company"  # the kind of the digest of everything


def kind_of(team: str) -> str:
    """The kind of a team's digest; of no team, the company's."""
    return f"team:{team}" if team else COMPANY


def team_of(kind: str) -> str:
    """Whose digest one of a kind is; empty: the company's."""
    return "" if kind == COMPANY else kind.removeprefix("team:")


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestData:
    """One report. It is kept as sent: what comes later does not change it."""

    week: Week
    every: Every = Every.WEEK
    start: datetime
    end: datetime
    zone: str
    language: str = "en"
    team: str = ""  # whose it is: of what it can act on alone; empty: the company's
    owned: tuple[str, ...] = ()  # the topics of that team
    made_at: datetime
    subjects: tuple[SubjectWeek, ...]  # brands first
    coverage: tuple[Gap, ...] = ()
    aside: tuple[AsideRow, ...] = ()
    sources: tuple[SourceRow, ...] = ()
    spikes: tuple[SpikeLine, ...] = ()
    untold: Untold | None = None  # None: shadow was not on
    promises: tuple[PromiseLine, ...] = ()
    recoveries: tuple[RecoveryLine, ...] = ()
    share_of_voice: tuple[VoiceRow, ...] = ()
    late_arrivals: int = 0  # said in the period before, and seen when its digest had been made
    late: Late | None = None  # None: there is none, or it was kept before this was
    total_usd: float | None = None  # what all sources ever cost, when the digest was made
    spent_usd: float | None = None  # since the digest before was made; None: nobody knows
    people: tuple[PersonLine, ...] = ()  # promoters first
    praise: Praise | None = None  # None: there was none, or it was not looked for
    missed: tuple[Week, ...] = ()  # periods that ended unmailed: made, and linked to
    model: str = ""  # what the sentiment was read with

    @property
    def kind(self) -> str:
        return kind_of(self.team)

    @property
    def brands(self) -> tuple[SubjectWeek, ...]:
        return tuple(s for s in self.subjects if s.role is Role.BRAND)

    @property
    def waited(self) -> int:
        """How many waited for an answer."""
        return sum(promise.due for promise in self.promises)

    @property
    def nothing_said(self) -> bool:
        """Whether nobody said anything, and nobody waited."""
        return not self.waited and not any(subject.now.mentions for subject in self.subjects)

    @property
    def fully_read(self) -> bool:
        return not self.coverage and all(s.error is None for s in self.sources)

    def to_json(self) -> dict[str, Any]:
        """Plain values for `json.dumps`; times to the millisecond, spans in seconds."""
        return cast(dict[str, Any], plain(self))

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote, also an older one without the newer fields."""
        return cast(Self, read(cls, kept))
