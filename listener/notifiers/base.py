"""What every notifier is: a way out to people, told once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol, runtime_checkable

from listener.domain.chart import Chart
from listener.domain.digest import DigestData
from listener.domain.incident import Event, Notice
from listener.errors import NotifyError

UNTIL_PUT_RIGHT: Final = timedelta(minutes=10)  # somebody has to: a flow is off, a key was changed
LONGEST_ASKED: Final = timedelta(hours=1)  # of what a service asks us to wait

_LATER: Final = frozenset({408, 425, 429})
_PUT_RIGHT: Final = frozenset({401, 402, 403, 404, 405, 407})


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A rendered report, ready to send to one recipient."""

    id: str  # stays the same at every attempt; the Message-ID is made of it
    week: str  # "2026-W47"
    recipient: str
    subject: str
    html: str
    text: str
    made_at: datetime
    data: DigestData | None = None  # for ways out that draw it themselves; None: there is text only
    unsubscribe: str | None = None  # where one click ends it; None: there is no such address


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Where a message landed, so that it can be updated and found again."""

    place: str  # the channel or the address
    ref: str  # the service's id of the message


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A notice on its way: `root` is the incident's first message there, if there is one.

    `unclear`: an earlier attempt may have been taken; it is looked up before it is sent again.
    """

    notice: Notice
    root: Receipt | None = None
    attempts: int = 0
    unclear: bool = False
    also: tuple[Notice, ...] = field(default=())  # folded into this message after an outage
    chart: Chart | None = None  # that the incident's message shows

    @property
    def news(self) -> tuple[Notice, ...]:
        """What is to be told: all but what only brings a message that lasts up to date."""
        both = (self.notice, *self.also)
        return tuple(notice for notice in both if notice.event is not Event.INCIDENT_UPDATED)


class Notifier(Protocol):
    """One way out. A frozen dataclass whose fields are the keys of `[notify.NAME]`.

    It never sleeps and never retries by itself: the outbox does. It raises `NotifyError` only,
    which tells whether trying again can help, and never shows a secret.
    """

    @property
    def name(self) -> str: ...

    @property
    def hears_alerts(self) -> bool:
        """Whether alerts are told here; a mailer that knows nobody to tell sends digests only."""

    @property
    def edits(self) -> bool:
        """Whether an incident's message lasts, and is edited when something changes.

        Such an outlet also gets `incident.updated`: then there is nothing new to tell, and only
        the lasting message is brought up to date.
        """

    @property
    def calls(self) -> bool:
        """Whether a message here calls people away from their work: then there are manners.

        What programs read, and what somebody watches, is told everything at once.
        """

    @property
    def at_least_seconds_apart(self) -> float:
        """The pause between two messages that the service asks for."""

    def send_incident(self, sending: Sending) -> Receipt:
        """Tell it. Where `sending.unclear`, look it up first; a message found is not sent again."""

    def send_digest(self, digest: Digest) -> Receipt: ...

    def check(self) -> str:
        """Try credentials and place, and say in a few words what was found. Raises NotifyError."""


@runtime_checkable
class HearsDigests(Protocol):
    """A notifier that can be sent digests by its own name, beside the addresses of `[digest]`."""

    @property
    def hears_digests(self) -> bool: ...


@runtime_checkable
class Redraws(Protocol):
    """A notifier whose messages can be changed after they were read."""

    def redraw(self, at: Receipt, sending: Sending) -> None:
        """Draw a message anew with the words that are still there; one that is gone is done.

        `sending.root` is the incident's lasting message, which may be this one. Doing it twice
        does no harm. Raises NotifyError; ChartRefusedError where all would be drawn but the chart.
        """


@runtime_checkable
class ShowsCharts(Protocol):
    """A notifier whose lasting messages can show a chart."""

    @property
    def charts(self) -> bool:
        """Whether that is wanted."""

    def upload(self, png: bytes, title: str) -> str:
        """Hand a picture over, to be shown later, and return its id; until then nobody sees it.

        An attempt that ends unclear is forgotten. Raises NotifyError.
        """


class ChartRefusedError(NotifyError):
    """The service will not show a chart: not yet, or not any more."""


@runtime_checkable
class Limited(Protocol):
    """A notifier that cannot keep all our promises; `listener check` says so."""

    @property
    def limits(self) -> str: ...


def refusal(words: str, status: int, wait: timedelta | None = None) -> NotifyError:
    """What an HTTP status that is no success means for the next attempt.

    What somebody must put right holds back all that comes after it, and waits; what is said of
    this very message is given up, so that the others are told.
    """
    if status in _PUT_RIGHT or 300 <= status < 400:
        return NotifyError(words, retry_after=UNTIL_PUT_RIGHT)
    if 400 <= status < 500 and status not in _LATER:
        return NotifyError(words, permanent=True)
    wait = None if wait is None else min(wait, LONGEST_ASKED)
    return NotifyError(words, unclear=status >= 500, retry_after=wait)


def check_teams(named: Iterable[str], known: Iterable[str]) -> None:
    """Raises ValueError for a team that is none of `[[teams]]`: it would never be told anything."""
    unknown = sorted(set(named) - set(known))
    if unknown:
        raise ValueError(f"teams: {', '.join(unknown)} is none of [[teams]]")
