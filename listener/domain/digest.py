"""What a digest says: every figure of one report, and what follows from the figures; pure."""

import dataclasses
import math
import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Self, cast, get_args, get_origin, get_type_hints

from listener.domain.incident import Quote, Severity
from listener.domain.label import Sentiment
from listener.domain.mention import Channel
from listener.domain.subject import Role
from listener.domain.themes import Move
from listener.domain.times import from_text, to_json
from listener.domain.week import Every, Week

TELLING = 20  # a share of fewer is too few to tell
CHANCE = 0.05  # a change that chance makes oftener than this is not called one


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole: 128 of 412."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """From 0 to 1; None where there is nothing to have a share of."""
        return self.part / self.whole if self.whole else None

    @property
    def tells(self) -> bool:
        return self.whole >= TELLING


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Mentions and what was said in them; those without a label are in `mentions` only."""

    mentions: int = 0
    negative: int = 0
    neutral: int = 0
    positive: int = 0
    beaten: int = 0  # that only say that another subject is better: no voice of this one

    @property
    def voice(self) -> int:
        """Mentions that count in the share of voice."""
        return self.mentions - self.beaten

    @property
    def labelled(self) -> int:
        return self.negative + self.neutral + self.positive

    def share(self, sentiment: Sentiment) -> Share:
        return Share(int(getattr(self, sentiment.value)), self.labelled)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A local day's bar. `measured` is the share of the day that was measured, 0 to 1."""

    date: date
    counts: Counts
    measured: float = 1.0
    events: tuple[str, ...] = ()  # known ones on it


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A topic or a term, in this period and in the one before (None: not known)."""

    name: str
    mentions: int
    negative: int
    mentions_before: int | None = None
    negative_before: int | None = None
    quotes: tuple[Quote, ...] = ()  # most telling first; two are shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A theme that was found without being looked for, in the seven days before the end."""

    name: str
    mentions: int
    negative: int
    people: int
    move: Move
    before: float | None  # mentions of such a week before, on the average; None: not known
    is_undefined: bool  # no topic covers it
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What several people asked, told by the most typical of their questions."""

    people: int
    mentions: int
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectWeek:
    """A subject's period. `before` None: the period before was not measured."""

    name: str
    role: Role
    now: Counts
    before: Counts | None = None
    days: tuple[Day, ...] = ()  # fourteen, oldest first
    topics: tuple[Theme, ...] = ()  # all of them, most negative first
    terms: tuple[Theme, ...] = ()  # shown where there are no topics
    patterns: tuple[Pattern, ...] = ()  # those that moved first
    questions: tuple[Question, ...] = ()  # most people first


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
class DigestData:
    """One report. It is kept as sent: what comes later does not change it."""

    week: Week
    every: Every = Every.WEEK
    start: datetime
    end: datetime
    zone: str
    language: str = "en"
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
    late_arrivals: int = 0  # said in a period whose digest was sent before they came
    missed: tuple[Week, ...] = ()  # periods that ended unmailed: made, and linked to
    model: str = ""  # what the sentiment was read with

    @property
    def brands(self) -> tuple[SubjectWeek, ...]:
        return tuple(s for s in self.subjects if s.role is Role.BRAND)

    @property
    def fully_read(self) -> bool:
        return not self.coverage and all(s.error is None for s in self.sources)

    def to_json(self) -> dict[str, Any]:
        """Plain values for `json.dumps`; times to the millisecond, spans in seconds."""
        return cast(dict[str, Any], _plain(self))

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote, also an older one without the newer fields."""
        return cast(Self, _read(cls, kept))


def _plain(value: Any) -> Any:
    if isinstance(value, Week):
        return str(value)
    if isinstance(value, datetime):
        return to_json(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if dataclasses.is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    return value.value if isinstance(value, StrEnum) else value


_READERS: dict[Any, Callable[[Any], Any]] = {
    Week: Week.parse,
    datetime: from_text,
    date: date.fromisoformat,
    timedelta: lambda seconds: timedelta(seconds=seconds),
    float: float,
}


def _read(kind: Any, kept: Any) -> Any:
    if get_origin(kind) is types.UnionType:
        return None if kept is None else _read(get_args(kind)[0], kept)
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], item) for item in kept)
    if kind in _READERS:
        return _READERS[kind](kept)
    if dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        names = (f.name for f in dataclasses.fields(kind) if f.name in kept)
        return cast(Any, kind)(**{name: _read(hints[name], kept[name]) for name in names})
    return kind(kept) if issubclass(kind, StrEnum) else kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """From one share to another, in percentage points; `certain`: hardly by chance."""

    points: float
    p_value: float
    certain: bool


def change(now: Share, before: Share | None) -> Change | None:
    """How far a share moved; None where one of the two is a share of nothing.

    The chi-squared test of two proportions with Egon Pearson's N - 1, good down to expected
    counts of one (Campbell, 2007, Statistics in Medicine 26), at 95 %; two-sided.
    """
    if before is None or now.value is None or before.value is None:
        return None
    moved = now.value - before.value
    total = now.whole + before.whole
    pooled = (now.part + before.part) / total
    spread = pooled * (1 - pooled) * (1 / now.whole + 1 / before.whole) * total / (total - 1)
    p_value = math.erfc(abs(moved) / math.sqrt(2 * spread)) if spread > 0 else 1.0
    certain = now.tells and before.tells and p_value < CHANCE
    return Change(points=100 * moved, p_value=p_value, certain=certain)


def theme_change(theme: Theme, subject: SubjectWeek) -> Change | None:
    """How far a theme's part in everything said of the subject moved, negatives only."""
    if theme.negative_before is None or subject.before is None:
        return None
    return change(
        Share(theme.negative, subject.now.labelled),
        Share(theme.negative_before, subject.before.labelled),
    )


def got_better(subject: SubjectWeek) -> tuple[Theme, ...]:
    """The topics that fewer people complain of, by more than chance; the largest fall first."""
    moved = [(theme_change(theme, subject), theme) for theme in subject.topics]
    fell = [(c.points, t) for c, t in moved if c is not None and c.certain and c.points < 0]
    return tuple(theme for _, theme in sorted(fell, key=lambda pair: pair[0]))


def share_of_voice(subjects: Iterable[SubjectWeek]) -> tuple[VoiceRow, ...]:
    """Brands and competitors by mentions; empty where there is nobody to compare with.

    The share is net of comparisons; copies count, as everywhere in the digest.
    """
    heard = [s for s in subjects if s.role is not Role.INFLUENCER]
    total = sum(s.now.voice for s in heard)
    total_before = sum(s.before.voice for s in heard if s.before is not None)
    if total == 0 or len(heard) < 2:
        return ()
    rows = (
        VoiceRow(
            name=s.name,
            role=s.role,
            mentions=s.now.mentions,
            share=s.now.voice / total,
            share_before=s.before.voice / total_before if s.before and total_before else None,
            negative=s.now.negative,
            labelled=s.now.labelled,
        )
        for s in heard
    )
    return tuple(sorted(rows, key=lambda row: -row.mentions))


class Outcome(StrEnum):
    """What a period amounts to, in one word."""

    NOTHING = "nothing"  # nobody said anything, and we listened
    UNHEARD = "unheard"  # nothing came in, and we did not listen all the time
    FEW = "few"
    FIRST = "first"  # nothing to compare with
    STEADY = "steady"  # no more than chance
    WORSE = "worse"
    BETTER = "better"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One sentence's worth of a subject's period; `cause`: what the negatives are mostly about."""

    outcome: Outcome
    subject: SubjectWeek
    change: Change | None = None
    cause: Theme | None = None


CAUSE_AT_LEAST = 0.25  # a theme in fewer of the negatives is no cause


def verdict(data: DigestData) -> Verdict | None:
    """The verdict on the brand that got worse the most, else on the first; None without one."""
    found = [verdict_on(brand, fully_read=data.fully_read) for brand in data.brands]
    worse = [v for v in found if v.outcome is Outcome.WORSE and v.change is not None]
    if worse:
        return max(worse, key=lambda v: v.change.points if v.change else 0.0)
    return next((v for v in found if v.subject.now.mentions), found[0] if found else None)


def verdict_on(subject: SubjectWeek, *, fully_read: bool) -> Verdict:
    now = subject.now.share(Sentiment.NEGATIVE)
    moved = change(now, subject.before.share(Sentiment.NEGATIVE) if subject.before else None)
    if subject.now.mentions == 0:
        outcome = Outcome.NOTHING if fully_read else Outcome.UNHEARD
    elif not now.tells:
        outcome = Outcome.FEW
    elif moved is None or subject.before is None or subject.before.labelled < TELLING:
        outcome = Outcome.FIRST
    elif not moved.certain:
        outcome = Outcome.STEADY
    else:
        outcome = Outcome.WORSE if moved.points > 0 else Outcome.BETTER
    return Verdict(outcome=outcome, subject=subject, change=moved, cause=_cause(subject))


def _cause(subject: SubjectWeek) -> Theme | None:
    top = max(subject.topics or subject.terms, key=lambda t: t.negative, default=None)
    if top is None or top.negative < max(3.0, CAUSE_AT_LEAST * subject.now.negative):
        return None
    return top
