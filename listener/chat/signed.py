"""Slack's signed requests, for those who have a public address instead of an app-level token.

What they ask for is done by the same handler as in Socket Mode.
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qs

from slack_sdk.signature import Clock, SignatureVerifier

from listener.app import App
from listener.chat.handler import Answer, Handler
from listener.chat.late import tell_late
from listener.chat.outlets import calls_of
from listener.chat.payload import Payload, UnreadableError
from listener.notifiers.slack import Slack

SIGNATURE, MOMENT = "x-slack-signature", "x-slack-request-timestamp"
MOST_FIELDS: Final = 100  # of a form; a command of Slack's has about fifteen
VERIFICATION: Final = "url_verification"
LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that is Slack's own, not carried out yet."""

    app: Callable[[], App]
    outlet: str
    kind: str
    payload: Payload

    def answer(self) -> Answer | None:
        """Do what is asked for; what Slack is answered. Raises what is a fault of ours."""
        if self.kind == VERIFICATION:
            return {"challenge": self.payload.get("challenge")}
        return self._handler.handle(self.kind, self.payload)

    def tell_late(self, answer: Answer) -> None:
        """Bring an answer to whoever asked, though Slack waits for it no more."""
        tell_late(self.app, self.outlet, self._handler, self.kind, self.payload, answer)

    @property
    def _handler(self) -> Handler:
        return Handler(self.app, lambda: calls_of(self.app(), self.outlet))


def receive(app: Callable[[], App], body: bytes, headers: Mapping[str, str]) -> Asked | None:
    """Read a request; `headers` by their names in lower case.

    None where no outlet's secret has signed it within five minutes of now.
    """
    now = app().clock.now()
    for outlet, one in app().notifiers.items():
        if isinstance(one, Slack) and is_signed(one.signing_secret, body, headers, now):
            return Asked(app, outlet, *_read(body))
    return None


def is_signed(secret: str, body: bytes, headers: Mapping[str, str], now: datetime) -> bool:
    """Whether Slack signed this body lately (v0: HMAC-SHA256 of time and body).

    Never, where the secret is empty. The SDK's check raises at what cannot be Slack's.
    """
    moment, signature = headers.get(MOMENT, ""), headers.get(SIGNATURE, "")
    if not secret.strip() or not (moment.isascii() and moment.isdigit() and len(moment) <= 12):
        return False
    try:
        verifier = SignatureVerifier(secret, _At(now))
        return verifier.is_valid(body, moment, signature)
    except (UnicodeDecodeError, TypeError):  # the body is no UTF-8, the signature no ASCII
        return False


class _At(Clock):
    """The SDK's clock, stopped at our time."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> float:
        return self._now.timestamp()


def _read(body: bytes) -> tuple[str, dict[str, Any]]:
    """What kind of request it is, as Socket Mode names them, and its payload."""
    try:
        return _parsed(body.decode())
    except UnreadableError as error:
        LOG.warning("Slack sent what is not ours: %s", error)
        return "", {}


def _parsed(text: str) -> tuple[str, dict[str, Any]]:
    if text.lstrip().startswith("{"):
        event = _object(text)
        is_verification = event.get("type") == VERIFICATION
        return (VERIFICATION if is_verification else "events_api"), event
    try:
        form = parse_qs(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise UnreadableError("a form with too many fields") from None
    if any(len(values) > 1 for values in form.values()):
        raise UnreadableError("a form that says one thing twice")
    fields = {name: values[0] for name, values in form.items()}
    if "payload" in fields:
        return "interactive", _object(fields["payload"])
    return ("slash_commands" if "command" in fields else ""), fields


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise UnreadableError("what is no JSON") from None
    if not isinstance(found, dict):
        raise UnreadableError("JSON that is no object")
    return found
