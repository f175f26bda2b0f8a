"""Answers that come after Slack has stopped waiting: brought to whoever asked another way."""

import logging
from collections.abc import Callable
from typing import Final

from listener.app import App
from listener.chat.handler import Answer, Handler
from listener.chat.outlets import slack_of
from listener.chat.payload import Payload
from listener.errors import NotifyError
from listener.http import HttpError, check_base_url
from listener.notifiers.slack.calls import send_to

LOG: Final = logging.getLogger(__name__)


def tell_late(
    app: Callable[[], App], outlet: str, handler: Handler, kind: str, payload: Payload, said: Answer
) -> None:
    """Bring the answer to a command by the address that Slack gave for it, and what was wrong with
    a window, which has closed by now, to whoever saved it."""
    if kind == "interactive":
        handler.tell_late(payload, said)
    elif kind == "slash_commands":
        _to_command(app(), outlet, payload, said)


def _to_command(app: App, outlet: str, payload: Payload, said: Answer) -> None:
    url = payload.get("response_url")
    if not isinstance(url, str):
        LOG.warning("an answer came too late for Slack to show it")
        return
    try:
        check_base_url(url, "response_url")
    except HttpError as error:
        LOG.warning("Slack's address for a late answer is not used: %s", error)
        return
    sent = send_to(url, said, slack_of(app, outlet).timeout_seconds, outlet)
    if isinstance(sent, NotifyError):
        LOG.warning("Slack would not show a late answer: %s", sent)
    elif sent.status_code >= 300:
        LOG.warning("Slack would not show a late answer: HTTP %s", sent.status_code)
