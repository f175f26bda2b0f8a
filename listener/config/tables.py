"""The settings as the rest of the house sees them: read, checked, frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from listener.config.events import EventTable
from listener.config.signing_in import Auth, OidcTable, ProxyTable
from listener.domain.actions import Action
from listener.domain.calendar import WorkingHours
from listener.domain.manners import Manners
from listener.domain.measures.worth import lifetime_value
from listener.domain.mention import Channel
from listener.domain.promise import Promise
from listener.domain.query import Document
from listener.domain.reply import Reply
from listener.domain.spam import SpamRule
from listener.domain.subject import Role, Subject
from listener.domain.week import Every, Weekday


class Language(StrEnum):
    """Of digests and pages."""

    ENGLISH = "en"
    HUNGARIAN = "hu"
    SIMPLIFIED_CHINESE = "zh-Hans"
    TRADITIONAL_CHINESE = "zh-Hant"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenerTable:
    """`[listener]`."""

    database: Path = Path("listener.db")
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    language: Language = Language.ENGLISH
    keep: timedelta = field(
        default=13 * timedelta(days=30.44),
        metadata={"months": True, "between": (timedelta(days=1), timedelta(days=36_525))},
    )
    dead_man_url: str = field(
        default="", repr=False, metadata={"secret": True, "literal": True}
    )  # asked for after each whole cycle, so that somebody else notices when it stops


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectKeys:
    """One `[[subjects]]` as it is written."""

    name: str
    role: Role = Role.BRAND
    query: str = ""
    accounts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    inflect: tuple[str, ...] = ()
    about: str = ""
    must_match: Any = ()  # texts, and tables with one; `query_tests` reads them
    must_not_match: Any = ()


QueryTest = str | Document  # a text alone, or with what is known of it beside its words


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectTable:
    """One `[[subjects]]`: what we follow, and how `check` tests its query."""

    subject: Subject
    inflect: tuple[str, ...] = ()
    about: str = ""
    must_match: tuple[QueryTest, ...] = ()
    must_not_match: tuple[QueryTest, ...] = ()


class TopicsFrom(StrEnum):
    """Which topics mentions are given: those that ship and `[[topics]]`, these alone, or none."""

    BUILT_IN = "built-in"
    OWN = "own"
    OFF = "off"


class TopicsBy(StrEnum):
    """How topics are told: by vectors and words, or by words alone, which costs next to nothing."""

    VECTORS = "vectors"
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifyTable:
    """`[classify]`. A local directory is an absolute path here."""

    sentiment: str = "default"
    topics: TopicsFrom = TopicsFrom.BUILT_IN
    topics_by: TopicsBy = TopicsBy.VECTORS


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicTable:
    """One `[[topics]]`. `team` answers what is about it; empty: whoever answers the channel."""

    name: str
    description: str = ""
    examples: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    team: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """One `[[teams]]`: who answers, and where they read. Empty `slack`: where all do.

    digest: whether it gets one of its own, by mail, or else in its channel.
    """

    name: str
    slack: str = ""
    email: tuple[str, ...] = ()
    digest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SpamTable:
    """`[spam]`: the rules by which mentions are kept aside; [] is none."""

    rules: tuple[SpamRule, ...] = tuple(SpamRule)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuresTable:
    """`[measures]`: what only the user can say. The three figures of a customer go together."""

    yearly_revenue: float | None = None  # of one customer
    years: float | None = None  # that a customer stays
    acquisition_cost: float | None = None
    critic_up_to: float = field(default=6, metadata={"between": (0, 8)})  # of an NPS score

    def __post_init__(self) -> None:
        given = [self.yearly_revenue, self.years, self.acquisition_cost]
        if None in given and any(figure is not None for figure in given):
            raise ValueError(
                "wants yearly_revenue, years and acquisition_cost together, or none of them"
            )

    @property
    def customer_value(self) -> float | None:
        """What a customer brings in a lifetime; None where nobody has said."""
        if self.yearly_revenue is None or self.years is None or self.acquisition_cost is None:
            return None
        return lifetime_value(self.yearly_revenue, self.years, self.acquisition_cost)


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestTable:
    """`[digest]`. `at` is local time in the listener's zone; with no `to` nothing is mailed."""

    every: Every = Every.WEEK
    day: Weekday = Weekday.MONDAY
    at: time = time(9)
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WebTable:
    """`[web]`. Port 0: any free one. `public_url`: where readers of mail find the pages."""

    host: str = "127.0.0.1"
    port: int = field(default=8765, metadata={"between": (0, 65_535)})
    public_url: str = ""
    auth: Auth = Auth.AUTO
    proxy: ProxyTable | None = field(default=None, metadata={"handed": True})  # tables of their own
    oidc: OidcTable | None = field(default=None, metadata={"handed": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """One config file, read once and checked whole.

    `collectors`, `rules` and `notifiers` hold the plug-ins' own dataclasses, by the names of their
    tables: a rule also without a table, where it needs no key; the others only with one.
    """

    path: Path
    listener: ListenerTable
    subjects: tuple[SubjectTable, ...]
    collectors: Mapping[str, Any]
    classify: ClassifyTable
    promises: Mapping[Channel, Promise]
    rules: Mapping[str, Any]
    notifiers: Mapping[str, Any]
    digest: DigestTable
    web: WebTable
    spam: SpamTable = field(default_factory=SpamTable)
    actions: tuple[Action, ...] = ()
    replies: tuple[Reply, ...] = ()
    measures: MeasuresTable = field(default_factory=MeasuresTable)
    events: tuple[EventTable, ...] = ()
    calendars: Mapping[str, WorkingHours] = field(default_factory=dict)
    teams: tuple[Team, ...] = ()
    topics: tuple[TopicTable, ...] = ()
    manners: Manners = field(default_factory=Manners)  # the keys of `[notify]` itself
    notes: tuple[str, ...] = ()  # what is accepted, and is worth saying once
    secrets: frozenset[str] = field(default=frozenset(), repr=False)  # for the log to hide

    @property
    def topic_teams(self) -> dict[str, str]:
        """Who owns a topic, by its name."""
        return {topic.name: topic.team for topic in self.topics if topic.team}
