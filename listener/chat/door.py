"""The connection to Slack by which presses come: Socket Mode, which needs no public address."""

import logging
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web import WebClient

from listener.app import App
from listener.chat.handler import Handler
from listener.chat.late import tell_late
from listener.chat.outlets import calls_of, slack_of
from listener.clock import monotonic
from listener.notifiers.slack import Slack

FIRST_PAUSE, LONGEST_PAUSE = 2.0, 300.0  # seconds, between attempts to connect
TOO_LATE: Final = 2.5  # seconds, of the three that Slack waits
WORKERS: Final = 4  # presses that are carried out at once; the store takes one writer anyway

LOG: Final = logging.getLogger(__name__)
_SILENT: Final = logging.Logger("slack_sdk.socket_mode", level=logging.CRITICAL + 1)


class Door:
    """Hears presses for one outlet until it is closed. Slack's SDK connects anew when it must.

    A request is acknowledged when it was carried out; one that is not, Slack hands over again.
    """

    def __init__(self, app: Callable[[], App], outlet: str) -> None:
        self._app, self._outlet = app, outlet
        self._handler = Handler(app, lambda: calls_of(app(), outlet))
        self._stop = threading.Event()
        self._client: SocketModeClient | None = None
        self._thread = threading.Thread(target=self._run, name=f"chat {outlet}", daemon=True)

    def start(self) -> "Door":
        self._thread.start()
        return self

    def close(self) -> None:
        self._stop.set()
        if self._client is not None:
            _close(self._client)

    def is_connected(self) -> bool:
        return self._client is not None and self._client.is_connected()

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while not self._stop.is_set():
            client = self._made()
            try:
                client.connect()
            except Exception as error:  # the SDK lets every kind through, and some show the token
                client.close()
                LOG.warning("buttons of %s are not heard: %s", self._outlet, _why(error))
                self._stop.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            self._client = client
            LOG.info("buttons of %s are heard", self._outlet)
            if self._stop.is_set():
                _close(client)
            return

    def _made(self) -> SocketModeClient:
        slack = slack_of(self._app(), self._outlet)
        client = SocketModeClient(
            app_token=slack.app_token,
            web_client=WebClient(
                base_url=slack.base_url, retry_handlers=[], logger=_SILENT, timeout=10
            ),
            logger=_SILENT,
            concurrency=WORKERS,
        )
        client.socket_mode_request_listeners.append(self._heard)
        return client

    def _heard(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        payload, began = request.payload or {}, monotonic()
        try:
            answer = self._handler.handle(request.type, payload)
        except Exception as error:  # not acknowledged: Slack hands it over again
            LOG.error("a press failed: %s", type(error).__name__, exc_info=True)
            return
        client.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload=answer))
        if answer is not None and monotonic() - began > TOO_LATE:
            tell_late(self._app, self._outlet, self._handler, request.type, payload, answer)


def doors(app: Callable[[], App]) -> list[Door]:
    """One for each outlet that has an app-level token."""
    named = app().notifiers.items()
    return [Door(app, name) for name, one in named if isinstance(one, Slack) and one.app_token]


def _close(client: SocketModeClient) -> None:
    """The SDK waits three seconds for what it reads; a connection that is shut down ends that."""
    session = client.current_session
    with suppress(OSError):
        if session is not None and session.sock is not None:
            session.sock.shutdown(socket.SHUT_RDWR)
    client.close()


def _why(error: Exception) -> str:
    """Slack's own word for it, or the kind of error: the SDK's words may show the token."""
    answer: Any = getattr(error, "response", None)
    code = answer.get("error") if hasattr(answer, "get") else None
    return str(code) if isinstance(code, str) else type(error).__name__
