"""Each notice as one POST of the JSON that other programs read (DESIGN, section 8)."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from listener.domain.incident import Event, Notice, Severity, notice_json
from listener.errors import NotifyError
from listener.notifiers.base import UNTIL_PUT_RIGHT, Digest, Receipt, Sending, refusal
from listener.notifiers.webhook.signature import read_key, signed

if TYPE_CHECKING:
    from listener.http import Http, HttpError, Reply

_MOVED: Final = "sends us on to another address; put that one into `url`"
_OF_THIS_MESSAGE: Final = "did not accept this message"
_MEANS: Final[Mapping[int, str]] = {
    **dict.fromkeys((301, 302, 303, 307, 308), _MOVED),
    **dict.fromkeys((400, 409, 413, 415, 422), _OF_THIS_MESSAGE),
    401: "does not accept us; check `secret` and `url`",
    403: "does not accept us; check `secret` and `url`",
    404: "knows no such address; check `url`, and whether the flow behind it is switched on",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Posts to one address, at least once, each notice with an id that stays the same.

    An attempt that ends unclear is made again: who must not act twice keeps the ids it has seen.
    Several secrets sign each message once each. No redirect is followed.
    """

    url: str = field(repr=False, metadata={"secret": True, "literal": True})
    secret: tuple[str, ...] = field(repr=False)
    for_people: bool = False  # whether people read there, who are told with manners
    digests: bool = True
    timeout_seconds: float = field(default=10.0, metadata={"between": (1, 10)})
    http: "Http" = field(repr=False, metadata={"handed": True})
    now: Callable[[], datetime] = field(metadata={"handed": True})
    name: str = field(default="webhook", metadata={"handed": True})

    def __post_init__(self) -> None:
        from listener.http import HttpError, check_base_url  # noqa: PLC0415  # brings socket

        try:
            if self.url:  # without secrets both are empty, and the outlet has its name all the same
                check_base_url(self.url, "url", query=True)
        except HttpError as error:
            raise ValueError(str(error)) from None
        if not self.secret:
            raise ValueError("secret is missing: what is sent is signed with it")
        for secret in filter(None, self.secret):
            read_key(secret)

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
        return self.for_people

    @property
    def at_least_seconds_apart(self) -> float:
        return 0.0

    def send_incident(self, sending: Sending) -> Receipt:
        """Post each notice by itself. One that is refused for good does not stop the others."""
        refused: NotifyError | None = None
        for notice in sending.news:
            error = self._post(notice.id, notice)
            if error is not None and not error.permanent:
                raise error
            refused = refused or error
        if refused is not None:
            raise refused
        return Receipt(place=self._host, ref=sending.notice.id)

    def send_digest(self, digest: Digest) -> Receipt:
        name = hashlib.blake2b(digest.id.encode(), digest_size=13).hexdigest()
        told = Notice(
            id=name,
            event=Event.DIGEST_SENT,
            outlet=self.name,
            at=digest.made_at,
            subject="",
            severity=Severity.INFO,
            title=digest.subject,
            why="",
            evidence={"week": digest.week, "text": digest.text},
        )
        if (error := self._post(name, told)) is not None:
            raise error
        return Receipt(place=self._host, ref=name)

    def check(self) -> str:
        """Ask what may be done there, which does nothing: any answer will do."""
        answer = self._ask("OPTIONS", None, {})
        if isinstance(answer, Exception):
            raise self._error(answer)
        return f"{self._host} answers; `listener send-test {self.name}` posts something there"

    @property
    def _host(self) -> str:
        """All that is said of the address: its path may be a secret."""
        return urlsplit(self.url).hostname or "?"

    def _post(self, name: str, notice: Notice) -> NotifyError | None:
        """Post one notice; what was wrong, or None. The error hangs on no other: see `_ask`."""
        if not all(self.secret):
            return NotifyError(
                f"[notify.{self.name}] `secret` is empty", retry_after=UNTIL_PUT_RIGHT
            )
        text = json.dumps(notice_json(notice), ensure_ascii=False)
        body = text.encode("utf-8", "backslashreplace")  # half a character pair, as JSON has it
        keys = [read_key(secret) for secret in self.secret]
        headers = {"Content-Type": "application/json", **signed(name, body, keys, self.now())}
        answer = self._ask("POST", body, headers)
        taken = not isinstance(answer, Exception) and 200 <= answer.status < 300
        return None if taken else self._error(answer)

    def _ask(
        self, method: str, body: bytes | None, headers: Mapping[str, str]
    ) -> "Reply | HttpError":
        """The answer, or why there is none, given back: nothing that knows the address is raised"""
        from listener.http import HttpError  # noqa: PLC0415

        try:
            return self.http.ask(
                method,
                self.url,
                headers=headers,
                body=body,
                deadline_seconds=self.timeout_seconds,
            )
        except HttpError as error:
            return error

    def _error(self, problem: "Reply | HttpError") -> NotifyError:
        """What an answer means for the next attempt."""
        from listener.http import to_error  # noqa: PLC0415

        asked = f"[notify.{self.name}] {self._host}"
        found = to_error(problem, asked=asked, now=self.now(), means=_MEANS)
        if isinstance(problem, Exception):
            return NotifyError(str(found), unclear=found.reached)
        return refusal(str(found), problem.status, found.retry_after)
