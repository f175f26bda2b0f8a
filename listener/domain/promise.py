"""What people are promised: which mentions deserve an answer, how soon, and from whom; pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from listener.domain.intent import Intent
from listener.domain.label import Sentiment
from listener.domain.mention import Channel, MentionId
from listener.domain.query import Document, Query, parse
from listener.domain.response import Calendar, ResponseClock, due_at

ALWAYS: Final = "always"
UNKNOWN_YET: Final = frozenset({"state", "team"})  # fields of queries that say what comes of this


class Deserves(StrEnum):
    """What makes a mention deserve an answer (`which` of a promise)."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"
    QUESTION = "question"
    COMPLAINT = "complaint"
    PRAISE = "praise"
    WISH = "wish"
    PURCHASE = "purchase"
    CHURN = "churn"
    DEFECT = "defect"
    NEEDS_ANSWER = "needs_answer"


INTENTS: Final = frozenset(Deserves(intent.value) for intent in Intent)
BY_LABEL: Final = INTENTS | {Deserves.NEEDS_ANSWER}  # what labels say beside their sentiment


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A mention as a promise sees it, for one subject."""

    sentiment: Sentiment | None
    question: bool = False  # by its words
    intent: str | None = None  # by its label; None where nobody gave one
    needs_answer: bool | None = None  # the same
    document: Document | None = None  # only made where a query asks for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """How soon a channel's mentions are answered: a table `[respond.CHANNEL]`.

    `only` and `never` are queries: mentions that `only` does not find, and those that `never`
    finds, deserve no answer. Raises QueryError where one cannot be read.
    """

    within: timedelta  # working time, where `hours` names a calendar
    warn_at: tuple[float, ...] = (0.5, 0.8)  # shares of `within`
    which: tuple[Deserves, ...] = (Deserves.NEGATIVE,)
    hours: str = ALWAYS
    late_after: timedelta = timedelta(hours=24)  # first seen later than this: missed, and quiet
    only: str = ""
    never: str = ""
    team: str = ""
    escalate_to: str = ""
    escalate_after: timedelta | None = None  # past due; working time, as `within`
    name: str = field(default="", metadata={"handed": True})  # "social, Acme, billing"
    calendar: Calendar | None = field(default=None, metadata={"handed": True})  # that of `hours`
    others: tuple["Special", ...] = field(default=(), metadata={"handed": True})
    _only: Query | None = field(default=None, init=False, compare=False, repr=False)
    _never: Query | None = field(default=None, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_only", _read(self.only))
        object.__setattr__(self, "_never", _read(self.never))

    @property
    def fields(self) -> frozenset[str]:
        """The fields of mentions that its queries ask for."""
        return frozenset().union(*(query.fields for query in (self._only, self._never) if query))

    @property
    def asks(self) -> bool:
        """Whether it has to see the mention itself."""
        return self._only is not None or self._never is not None

    @property
    def all(self) -> Iterator["Promise"]:
        """This one and those of its special cases."""
        yield self
        yield from (special.promise for special in self.others)

    @property
    def by_topic(self) -> bool:
        """Whether the topics of a mention matter to it."""
        return any(special.topics for special in self.others)

    def made_to(self, subject: str, topics: tuple[str, ...]) -> "Promise":
        """The promise that holds for a subject and topics: the most special, of equals the first.

        Special is what names more: a subject and a topic, before one of them alone.
        """
        if not self.others:
            return self
        fits = [special for special in self.others if special.fits(subject, topics)]
        return max(fits, key=lambda special: special.weight).promise if fits else self

    def covers(self, asked: Asked) -> bool:
        """Whether a mention deserves an answer. One without a label may still be a question."""
        return self._is_of_a_kind(asked) and self._is_from_whom(asked)

    def _is_of_a_kind(self, asked: Asked) -> bool:
        if asked.question and Deserves.QUESTION in self.which:
            return True
        if asked.needs_answer and Deserves.NEEDS_ANSWER in self.which:
            return True
        if asked.intent in INTENTS and Deserves(asked.intent) in self.which:
            return True
        return asked.sentiment is not None and Deserves(asked.sentiment.value) in self.which

    def _is_from_whom(self, asked: Asked) -> bool:
        if asked.document is None:
            return True
        if self._only is not None and self._only.match(asked.document) is None:
            return False
        return self._never is None or self._never.match(asked.document) is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Special:
    """A promise for some subjects or topics of a channel: a table `[[respond.CHANNEL.for]]`."""

    subjects: frozenset[str] = frozenset()  # names, in small letters; empty: all
    topics: frozenset[str] = frozenset()  # the same
    promise: Promise

    @property
    def weight(self) -> int:
        return bool(self.subjects) + bool(self.topics)

    def fits(self, subject: str, topics: tuple[str, ...]) -> bool:
        return (not self.subjects or subject.casefold() in self.subjects) and (
            not self.topics or not self.topics.isdisjoint(topic.casefold() for topic in topics)
        )


def calendars_of(promises: Iterable[Promise]) -> dict[str, Calendar]:
    """The calendars that promises run by, by their names."""
    every = (promise for one in promises for promise in one.all)
    return {promise.hours: promise.calendar for promise in every if promise.calendar is not None}


def _read(query: str) -> Query | None:
    return parse(query, broad=True) if query else None


DEFAULT_PROMISES = {
    Channel.SOCIAL: Promise(
        within=timedelta(hours=1), which=(Deserves.NEGATIVE, Deserves.QUESTION), name="social"
    ),
    Channel.REVIEW: Promise(within=timedelta(days=7), late_after=timedelta(days=14), name="review"),
}


def start_clock(
    mention_id: MentionId,
    subject_id: int,
    channel: Channel,
    said_at: datetime,
    seen_at: datetime,
    promise: Promise,
    judged_at: datetime | None = None,
) -> ResponseClock:
    """Start the clock when the person spoke, not when we noticed.

    What is first seen past `late_after` is late; by a calendar only if it is past due as well, so
    that what was said on a Friday evening is still in time on Monday. judged_at: when it was found
    to deserve an answer, where another label or an edit says so: past `late_after` it is late, too.
    """
    due = due_at(said_at, promise.within, promise.calendar)
    known_at = max(seen_at, judged_at or seen_at)
    late = known_at - said_at > promise.late_after
    clock = ResponseClock(
        mention_id=mention_id,
        subject_id=subject_id,
        channel=channel,
        said_at=said_at,
        seen_at=seen_at,
        due_at=due,
        late=late and (promise.calendar is None or known_at > due),
    )
    return promised(clock, promise)


def promised(clock: ResponseClock, promise: Promise) -> ResponseClock:
    """A clock with the deadlines of a promise; what was told of it stays told."""
    calendar, over = promise.calendar, promise.escalate_after
    warn_at = tuple(
        due_at(clock.said_at, promise.within * share, calendar) for share in sorted(promise.warn_at)
    )
    return replace(
        clock,
        promise=promise.name,
        within=promise.within,
        hours=promise.hours,
        team=promise.team or None,
        due_at=due_at(clock.said_at, promise.within, calendar),
        warn_at=warn_at,
        told_warnings=min(clock.told_warnings, len(warn_at)),
        escalate_to=promise.escalate_to or None,
        escalate_at=due_at(clock.said_at, promise.within + over, calendar) if over else None,
    )
