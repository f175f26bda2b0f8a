"""A subject's period in a digest: its counts, days, topics, and what was found and asked; pure."""

from dataclasses import dataclass
from datetime import date

from listener.domain.incident import Quote
from listener.domain.label import Sentiment
from listener.domain.subject import Role
from listener.domain.themes import Move

TELLING = 20  # a share of fewer is too few to tell


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
    whole: Counts | None = None  # all that was said, where this is a part of it; None: it is all
    whole_before: Counts | None = None
    days: tuple[Day, ...] = ()  # fourteen, oldest first
    topics: tuple[Theme, ...] = ()  # all of them, most negative first
    terms: tuple[Theme, ...] = ()  # shown where there are no topics
    patterns: tuple[Pattern, ...] = ()  # those that moved first
    questions: tuple[Question, ...] = ()  # most people first

    @property
    def labelled(self) -> int:
        """Mentions that a topic's share is of."""
        return (self.whole or self.now).labelled

    @property
    def labelled_before(self) -> int | None:
        before = self.before if self.whole is None else self.whole_before
        return None if before is None else before.labelled
