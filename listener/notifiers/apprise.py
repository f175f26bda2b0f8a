"""Apprise: Teams, Discord, Telegram, ntfy, PagerDuty, SMS and what else that library reaches."""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from listener.domain.incident import Notice, Severity
from listener.domain.manners import Kind, kind_of
from listener.errors import NotifyError
from listener.notifiers.base import UNTIL_PUT_RIGHT, Digest, Receipt, Sending, check_teams, refusal
from listener.texts.escape import one_line
from listener.texts.inert import inert
from listener.texts.mail import as_text
from listener.texts.notice import subject_line

if TYPE_CHECKING:
    from apprise import NotifyBase
    from apprise.result import AppriseResult

SECONDS: Final = 10.0  # of one address: what has not ended by then has failed

_LONGEST_TITLE: Final = 200
_MOST_BYTES: Final = 3_500  # of an alert: ntfy takes 4,096 with the title, Telegram not many more
_STATUS: Final = re.compile(r"error=(\d{3})\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Apprise:
    """Tells each address, at least once; after an unclear end, or a crash, perhaps twice.

    What one address has taken is not sent there again while the others are tried, until the
    process ends. The library is loaded when it is first used.
    """

    urls: tuple[str, ...] = field(repr=False, metadata={"secret": True})
    by_team: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict, repr=False, metadata={"secret": True, "written": "teams"}
    )
    digests: bool = False
    name: str = field(default="apprise", metadata={"handed": True})
    known_teams: tuple[str, ...] = field(default=(), metadata={"handed": True})
    zone: tzinfo = field(default=UTC, metadata={"handed": True})
    _taken: dict[str, set[str]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )  # the addresses that have a message which others have not, by its id

    def __post_init__(self) -> None:
        if not self.urls:
            raise ValueError("urls is missing: an address of Apprise's, such as ntfys://topic")
        check_teams(self.by_team, self.known_teams)

    @property
    def hears_alerts(self) -> bool:
        return True

    @property
    def hears_digests(self) -> bool:
        return self.digests

    @property
    def edits(self) -> bool:
        return False

    @property
    def calls(self) -> bool:
        return True

    @property
    def at_least_seconds_apart(self) -> float:
        return 1.0

    @property
    def limits(self) -> str:
        return "tells at least once: after a lost answer, or a crash, a message may come twice"

    def send_incident(self, sending: Sending) -> Receipt:
        """Tell the notice's team, or all addresses: one message, in plain text."""
        if not sending.news:
            return Receipt(place=self.name, ref=sending.notice.id)
        notice, *also = sending.news
        title, body = subject_line(notice), _cut(inert(as_text(notice, also, self.zone)))
        urls = self.by_team.get(notice.team or "", self.urls)
        return self._tell(notice.id, urls, title, body, _type_of(notice))

    def send_digest(self, digest: Digest) -> Receipt:
        return self._tell(digest.id, self.urls, digest.subject, inert(digest.text), "info")

    def check(self) -> str:
        """Whether the library knows the addresses. Nobody is asked: only a message would tell."""
        every = [*self.urls, *(url for urls in self.by_team.values() for url in urls)]
        names = dict.fromkeys(_name_of(self._service(url, n)) for n, url in enumerate(every, 1))
        return f"tells {', '.join(names)}; `listener send-test {self.name}` tries it"

    def _tell(self, name: str, urls: Sequence[str], title: str, body: str, kind: str) -> Receipt:
        services = {url: self._service(url, n) for n, url in enumerate(urls, 1)}
        taken = self._taken.setdefault(name, set())
        refused: list[tuple[str, int]] = []
        for url, service in services.items():
            if url in taken:
                continue
            status = _sent(service, inert(one_line(title, _LONGEST_TITLE)), body, kind)
            if status is None:
                taken.add(url)
            else:
                refused.append((_name_of(service), status))
        if refused:
            error = self._refused(refused)
            if error.permanent:
                del self._taken[name]
            raise error
        del self._taken[name]
        return Receipt(place=", ".join(map(_name_of, services.values())), ref=name)

    def _service(self, url: str, number: int) -> "NotifyBase":
        """The service of an address. Raises NotifyError, which shows no address."""
        service = _service(url)
        if service is None:
            why = (
                f"[notify.{self.name}] address {number} is none that Apprise knows, or lacks a part"
            )
            raise NotifyError(why, retry_after=UNTIL_PUT_RIGHT)
        return service

    def _refused(self, refused: Sequence[tuple[str, int]]) -> NotifyError:
        """What failed at some addresses; the first status that was told decides what is next."""
        told = ", ".join(f"{who} (HTTP {status})" if status else who for who, status in refused)
        words = f"[notify.{self.name}] not taken by {told}"
        status = next((status for _, status in refused if status), 0)
        return refusal(words, status) if status else NotifyError(words, unclear=True)


def _sent(service: "NotifyBase", title: str, body: str, kind: str) -> int | None:
    """Tell one service. None where it took the message, else the status it answered, 0 if none."""
    import apprise  # noqa: PLC0415

    room = apprise.Apprise(asset=service.asset)
    room.add(service)
    told = room.notify(
        body=body,
        title=title,
        notify_type=apprise.NotifyType(kind),
        body_format=apprise.NotifyFormat.TEXT,
    )
    return None if told else _status(told)


def _status(told: "AppriseResult") -> int:
    """The status in what the library logged; its other words show addresses, and are not read."""
    found = [match for entry in told.logs() if (match := _STATUS.search(entry.message))]
    return int(found[-1][1]) if found else 0


def _service(url: str) -> "NotifyBase | None":
    """An address as the library reads it: it tries once, waits for nothing, follows no redirect."""
    _silence()
    import apprise  # noqa: PLC0415  # loads a hundred and thirty services

    asset = apprise.AppriseAsset(
        app_id="listener",
        app_desc="listener",
        image_url_mask="",
        image_path_mask=False,
        async_mode=False,
        interpret_emojis=False,
        http_redirects=False,
        allow_templates=False,
        storage_mode="memory",
        service_timeout=SECONDS,
    )
    service = apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
    if service is None:
        return None
    service.service_retry = 0
    service.request_rate_per_sec = 0.0  # between the targets of one address it would sleep
    service.overflow_mode = apprise.OverflowMode.TRUNCATE
    return service


def _cut(text: str) -> str:
    """The first lines of a text that fit, each whole."""
    if len(text.encode()) <= _MOST_BYTES:
        return text
    ends = accumulate(len(line.encode()) for line in text.splitlines(keepends=True))
    fit = sum(end <= _MOST_BYTES for end in ends)
    return "".join([*text.splitlines(keepends=True)[:fit], "…\n"])


def _silence() -> None:
    """The library logs addresses, and these hold secrets."""
    logger = logging.getLogger("apprise")
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())


def _name_of(service: "NotifyBase") -> str:
    return str(service.service_name)


def _type_of(notice: Notice) -> str:
    """Apprise's four words for how grave something is."""
    if kind_of(notice.event) is Kind.ENDS and not notice.evidence.get("test"):
        return "success"
    grave = {Severity.CRITICAL: "failure", Severity.HIGH: "failure", Severity.WATCH: "warning"}
    return grave.get(notice.severity, "info")
