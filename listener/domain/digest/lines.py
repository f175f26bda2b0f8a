"""The lines of a digest beside its subjects: spikes, promises, sources, gaps, rivals; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from listener.domain.actions import Standing
from listener.domain.digest.subject import Share
from listener.domain.incident import Quote, Severity
from listener.domain.mention import Channel
from listener.domain.subject import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What was said then at this source may be missing. `end` None: it still is."""

    source: str
    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AsideRow:
    """How many mentions of a subject are in no figure: about something else, or spam."""

    subject: str
    mentions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    name: str
    mentions: int
    negative: int
    last_success: datetime | None = None  # None: never
    error: str | None = None
    month_usd: float | None = None  # what it cost in the month the digest was made; None: nothing
    forecast_usd: float | None = None  # of that whole month
    mention_usd: float | None = None  # for a mention about a subject, in that month


@dataclass(frozen=True, slots=True, kw_only=True)
class SpikeLine:
    """A spike that was open in the period; `resolved_at` None: it still is."""

    subject: str
    title: str
    severity: Severity
    opened_at: datetime
    resolved_at: datetime | None = None
    peak_mentions: int
    peak_negative: int
    why: str = ""
    acknowledged_by: str | None = None
    incident: int | None = None
    rule: str = ""  # empty: it was kept before this was
    window_minutes: int | None = None  # in which that many were said; None: nobody knows
    expected: float | None = None  # negatives that are usual in it
    authors: int | None = None  # who said it
    topics: tuple[str, ...] = ()  # most of it is about, most first


@dataclass(frozen=True, slots=True, kw_only=True)
class UntoldRule:
    """How many messages of one rule would have been sent; `rule` is the name of its table."""

    rule: str
    messages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UntoldLine:
    """One of the gravest things nobody was told."""

    title: str
    severity: Severity
    at: datetime
    rule: str = ""  # empty, as the next: it was kept before these were
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Untold:
    """What would have been told while shadow was on: messages by rule, and the gravest."""

    rules: tuple[UntoldRule, ...]  # most messages first
    gravest: tuple[UntoldLine, ...]

    @property
    def messages(self) -> int:
        return sum(one.messages for one in self.rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseLine:
    """A channel's response promise. due = kept + late + open; `overdue` is a part of `open`."""

    channel: Channel
    subject: str = ""  # empty: all brands together
    within: timedelta
    due: int
    kept: int  # met
    late: int  # missed
    open: int
    overdue: int = 0
    oldest_open_h: float | None = None
    average_first_response_s: float | None = None
    median_first_response_s: float | None = None
    n: int = 0  # the answers behind the average and the median
    kept_before: int | None = None
    late_before: int | None = None  # missed or overdue

    @property
    def kept_share(self) -> Share:
        """Of those whose time is up or who were answered; the rest may still be kept."""
        return Share(self.kept, self.kept + self.late + self.overdue)

    @property
    def kept_share_before(self) -> Share | None:
        if self.kept_before is None or self.late_before is None:
            return None
        return Share(self.kept_before, self.kept_before + self.late_before)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryLine:
    """How ratings of a brand changed after they were answered; stars of five, on average."""

    subject: str
    up: int
    down: int
    before: float
    after: float
    median_s: float  # from the first answer to the change

    @property
    def n(self) -> int:
        return self.up + self.down


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceRow:
    """A subject's share of voice among brands and competitors; shares run from 0 to 1."""

    name: str
    role: Role
    mentions: int
    share: float
    share_before: float | None = None
    negative: int
    labelled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Praise:
    """Who spoke well of what a team does: worth a word of thanks, and worth telling the team."""

    mentions: int
    people: int  # one whose name is not known counts by herself
    quotes: tuple[Quote, ...] = ()  # of those whom most people hear


@dataclass(frozen=True, slots=True, kw_only=True)
class LateRow:
    """What of the period before came from one source when its digest had been made."""

    source: str
    mentions: int
    negative: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """What of the period before came too late: figures once sent do not change."""

    sources: tuple[LateRow, ...]  # most first
    quotes: tuple[Quote, ...] = ()  # of brands, most telling first

    @property
    def mentions(self) -> int:
        return sum(row.mentions for row in self.sources)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """A promoter to thank, or a critic to win back. The name is the quote's, and goes with it."""

    standing: Standing
    subject: str
    mentions: int
    negative: int
    positive: int
    reach: int = 0  # how many may have seen it; 0: nobody knows
    answered: bool = False  # any of what is praised, or blamed
    action: str = ""  # what to do
    quotes: tuple[Quote, ...] = ()  # one; none where it was taken out
