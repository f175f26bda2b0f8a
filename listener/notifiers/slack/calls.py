"""One call to Slack: through its SDK, and what a failure means for the next attempt."""

import logging
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from slack_sdk.webhook import WebhookClient, WebhookResponse

from listener.errors import NotifyError

Method = Callable[..., SlackResponse]

MOST_PAGES: Final = 40  # Slack allows about 50 calls a minute

CODE: Final = re.compile(r"[a-z][a-z0-9_]{1,60}")
_SCOPES: Final = re.compile(r"[a-z:,._ ]{1,200}")
SILENT: Final = logging.Logger("slack_sdk", level=logging.CRITICAL + 1)  # it logs what it sends

_BAD_CREDENTIAL: Final = "put a valid bot token (xoxb-...) into `token`"
_BAD_SHAPE: Final = "the message is not as Slack wants it; please report this"
_FORBIDDEN: Final = "the workspace forbids it; ask its owner"
_PERMANENT: Final[Mapping[str, str]] = {
    "invalid_auth": _BAD_CREDENTIAL,
    "not_authed": _BAD_CREDENTIAL,
    "token_revoked": _BAD_CREDENTIAL,
    "token_expired": _BAD_CREDENTIAL,
    "account_inactive": _BAD_CREDENTIAL,
    "not_allowed_token_type": _BAD_CREDENTIAL,
    "no_permission": _BAD_CREDENTIAL,
    "channel_not_found": "create it, or correct `channel`; a private one is seen by members only",
    "is_archived": "unarchive the channel, or set another `channel`",
    "not_in_channel": "invite the bot into the channel: /invite @its-name",
    "missing_scope": "give the app this scope and install it again",
    "restricted_action": _FORBIDDEN,
    "restricted_action_read_only_channel": _FORBIDDEN,
    "restricted_action_thread_only_channel": _FORBIDDEN,
    "restricted_action_non_threadable_channel": _FORBIDDEN,
    "ekm_access_denied": _FORBIDDEN,
    "team_access_not_granted": _FORBIDDEN,
    "access_denied": _FORBIDDEN,
    "invalid_blocks": _BAD_SHAPE,
    "invalid_blocks_format": _BAD_SHAPE,
    "msg_blocks_too_long": _BAD_SHAPE,
    "msg_too_long": _BAD_SHAPE,
    "no_text": _BAD_SHAPE,
    "invalid_arguments": _BAD_SHAPE,
    "invalid_metadata_format": _BAD_SHAPE,
    "invalid_metadata_schema": _BAD_SHAPE,
    "metadata_too_large": _BAD_SHAPE,
    "unknown_method": "`base_url` does not lead to Slack's Web API",
}
# Of these Slack says that the call may have been carried out all the same.
_HALF_DONE: Final = frozenset({"fatal_error", "internal_error", "service_unavailable"})
_TOO_MANY: Final = frozenset({"ratelimited", "rate_limited"})


class Act(StrEnum):
    """What a call is for; it decides what an unclear end of it means."""

    POST = "post"  # the message may stand in the channel
    UPDATE = "update"  # doing it twice does no harm
    LOOK_UP = "look up"  # what was unclear before stays so
    CHECK = "check"
    UPLOAD = "take a picture"  # what is unclear is forgotten: nobody sees it


class RefusedError(NotifyError):
    """Slack's own no; `code` is its word for why."""

    code: str = ""


@dataclass(frozen=True, slots=True)
class Calls:
    """Makes calls for one outlet. It raises NotifyError only, made of our words and Slack's code:
    the SDK's words can show the token."""

    client: WebClient
    outlet: str

    def call(self, method: Method, act: Act, **arguments: Any) -> SlackResponse:
        """Call Slack once."""
        try:
            return method(**arguments)
        except SlackApiError as error:
            trouble = self._refusal(error.response, act)
        except Exception as error:  # the SDK lets every kind through
            trouble = self._no_answer(error, act)
        raise trouble  # outside, so that the SDK's error does not hang on ours

    def pages(self, method: Method, act: Act, **arguments: Any) -> Iterator[SlackResponse]:
        """All pages of a listing. Raises rather than end before the end."""
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            page = self.call(method, act, cursor=cursor, **arguments)
            yield page
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
        raise self.refuse("there is too much to look through in Slack; look there yourself", act)

    def refuse(self, why: str, act: Act) -> NotifyError:
        """What trying again cannot help."""
        return NotifyError(
            f"[notify.{self.outlet}] {why}", permanent=True, unclear=act is Act.LOOK_UP
        )

    def _refusal(self, answer: SlackResponse, act: Act) -> NotifyError:
        """What Slack's answer means."""
        data = answer.data if isinstance(answer.data, dict) else {}
        code, status = str(data.get("error")), answer.status_code
        told = f"[notify.{self.outlet}] Slack would not {act}"
        if status == HTTPStatus.TOO_MANY_REQUESTS or code in _TOO_MANY:
            wait = seconds(header(answer, "retry-after"))
            unclear = act is Act.LOOK_UP
            return NotifyError(f"{told}: too many messages", unclear=unclear, retry_after=wait)
        if not CODE.fullmatch(code):
            unclear = _stays_unclear(act, taken=status < 300 or status >= 500)
            return NotifyError(f"{told}: HTTP {status}, and no answer of Slack's", unclear=unclear)
        advice = _PERMANENT.get(code)
        refused = RefusedError(
            f"{told}: {code}{_scope(data)}" + (f"; {advice}" if advice else ""),
            permanent=advice is not None,
            unclear=_stays_unclear(act, taken=status >= 500 or code in _HALF_DONE),
        )
        refused.code = code
        return refused

    def _no_answer(self, error: Exception, act: Act) -> NotifyError:
        """What an attempt without an answer means."""
        if isinstance(error, ValueError) and not isinstance(error, UnicodeDecodeError):
            return self.refuse("`token` or `base_url` holds what cannot be sent", act)
        told = f"[notify.{self.outlet}] Slack was not reached to {act}: {kind_of(error)}"
        return NotifyError(told, unclear=_stays_unclear(act, taken=not never_sent(error)))


def connect(token: str, base_url: str, timeout_seconds: float, outlet: str) -> Calls:
    """A client that tries once, and says nothing in the log."""
    client = WebClient(
        token=token,
        base_url=base_url,
        timeout=timeout_seconds,  # type: ignore[arg-type]  # goes to the socket, which takes it
        retry_handlers=[],  # its retry after a lost connection would post twice
        logger=SILENT,
    )
    return Calls(client, outlet)


def send_to(
    url: str, body: dict[str, Any], timeout_seconds: float, outlet: str
) -> WebhookResponse | NotifyError:
    """Post once to an address that Slack gave. What failed is given back, so that no error that
    shows the address hangs on ours."""
    client = WebhookClient(
        url,
        timeout=timeout_seconds,  # type: ignore[arg-type]  # goes to the socket
        retry_handlers=[],  # its retry after a lost connection would post twice
        logger=SILENT,
    )
    try:
        return client.send_dict(body)
    except Exception as error:  # the SDK lets every kind through
        why = f"[notify.{outlet}] Slack was not reached: {kind_of(error)}"
        return NotifyError(why, unclear=not never_sent(error))


def header(answer: SlackResponse | WebhookResponse, name: str) -> str | None:
    """A header of an answer; `name` in small letters."""
    for key, value in answer.headers.items():
        if key.lower() == name:
            return str(value)
    return None


def _stays_unclear(act: Act, *, taken: bool) -> bool:
    """Whether a message must be looked up before it is sent; `taken`: it may have been."""
    return act is Act.LOOK_UP or (act is Act.POST and taken)


def never_sent(error: Exception) -> bool:
    """Whether the connection was never made, so that nothing can have been taken."""
    reason = error.reason if isinstance(error, URLError) else None
    never = (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)
    return isinstance(reason, never)


def kind_of(error: Exception) -> str:
    """The class of what went wrong, below what the SDK wrapped it in."""
    reason = error.reason if isinstance(error, URLError) else error
    return type(reason).__name__ if isinstance(reason, Exception) else type(error).__name__


def _scope(data: Mapping[str, Any]) -> str:
    needed = str(data.get("needed") or "")
    return f" ({needed})" if _SCOPES.fullmatch(needed) else ""


def seconds(value: str | None) -> timedelta | None:
    """A `Retry-After` in seconds, an hour at the most."""
    if value is None or not value.isdecimal():
        return None
    return timedelta(seconds=min(max(int(value), 1), 3600))
