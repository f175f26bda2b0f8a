"""What reports are about, when they are due, and who gets which."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from listener.domain.actions import Pack
from listener.domain.digest import kind_of
from listener.domain.events import KnownEvent
from listener.domain.promise import Promise
from listener.domain.subject import Role, Subject
from listener.domain.week import Schedule
from listener.store.digests import Reader

NOBODY_SAID = Pack()


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A report for some readers: the company's, of everything, or what one team can act on."""

    team: str = ""  # empty: the company's
    topics: tuple[str, ...] = ()  # that the team owns
    readers: tuple[Reader, ...] = ()

    @property
    def kind(self) -> str:
        return kind_of(self.team)

    def owns(self, topic: str | None) -> bool:
        """Whether a topic is the team's; capitals do not count."""
        return topic is not None and topic.casefold() in {one.casefold() for one in self.topics}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting:
    """What a report is about, when it is due, and who gets it."""

    subjects: tuple[Subject, ...]
    promises: Mapping[str, Promise]
    schedule: Schedule
    zone: ZoneInfo
    language: str
    readers: tuple[Reader, ...]  # of the company's
    teams: tuple[Edition, ...] = ()  # one for each team; those with readers are sent
    model: str = ""
    vectors: str | None = None  # by which questions are compared; None: there are none
    events: tuple[KnownEvent, ...] = ()
    pack: Pack = NOBODY_SAID  # what to do about whom
    mask: bool = True  # addresses and numbers of people are taken out of their words

    @property
    def company(self) -> Edition:
        return Edition(readers=self.readers)

    @property
    def editions(self) -> Iterator[Edition]:
        """Those that somebody reads."""
        return (one for one in (self.company, *self.teams) if one.readers)

    @property
    def brands(self) -> tuple[Subject, ...]:
        return tuple(s for s in self.subjects if s.role is Role.BRAND)
