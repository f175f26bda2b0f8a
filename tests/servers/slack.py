"""A server that speaks Slack's Web API as far as we use it, and goes wrong when told to.

As a process, for harnesses that kill the client:

    python -m tests.servers.slack --ledger FILE --faults refuse=.05,hangup=.07,429=.05,slow=.02 \
        --seed 1 --delay-ms 0-120

It prints its address, and answers GET /ledger with what it accepted and what is in flight.
"""

import argparse
import json
import select
import signal
import socket
import sys
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from email.parser import BytesParser
from email.policy import HTTP
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs

from listener.clock import Clock, WallClock
from tests.servers import slack_limits
from tests.servers.faults import Fault, FaultPlan, Kind, chances
from tests.servers.room import Message, Room
from tests.servers.slack_files import Files

Answer = dict[str, Any]
BOT = {"user": "listener", "user_id": "U00000BOT", "bot_id": "B00000BOT", "team": "Acme Air"}
MOST_SHOWN = 999
UPLOAD = "/upload/v1/"  # where files are posted to


class SlackServer:
    """Start it, hand `url` to the client as base_url, and read what arrived.

    Channels not named in `channels` are made when first posted to; where any is named, others are
    not found. `token` is the only one taken; any where None. `lacks`: a scope that it has not.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        channels: Sequence[str] = (),
        ledger: Path | None = None,
        plan: FaultPlan | None = None,
        token: str | None = None,
        lacks: str = "",
        delay_ms: tuple[float, float] = (0, 0),
        clock: Clock | None = None,
    ) -> None:
        self.room = Room(channels, ledger, clock or WallClock())
        self.files = Files()
        self.plan = plan or FaultPlan()
        self.token = token
        self.lacks = lacks
        self.delay_ms = delay_ms
        self.calls: Counter[str] = Counter()
        self.socket_url: Callable[[], str] | None = None  # where apps.connections.open leads
        self.windows: list[Answer] = []  # views.open
        self.opened: dict[str, Answer] = {}  # the same, by the trigger that opened it
        self.homes: dict[str, Answer] = {}  # views.publish, by user
        self.whispers: list[Answer] = []  # chat.postEphemeral
        self.late_answers: list[Answer] = []  # to commands, by their response_url
        self._exchanged: set[str] = set()  # triggers: each opens one window
        self.in_flight = 0
        self.stopping = threading.Event()
        self._lock = threading.Lock()
        self._http = _Server(("127.0.0.1", port), _Handler)
        self._http.slack = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/api/"

    @property
    def response_url(self) -> str:
        """Where a command may be answered later."""
        return self.url.removesuffix("api/") + "commands/1"

    def start(self) -> Self:
        self._thread.start()
        return self

    def stop(self) -> None:
        self.stopping.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def next(self, *faults: Fault | Kind, method: str = "chat.postMessage") -> None:
        """Let these meet the next calls of a method."""
        made = [Fault(kind=fault) if isinstance(fault, Kind) else fault for fault in faults]
        self.plan.add(method, made)

    def messages(self, channel: str | None = None) -> list[Message]:
        """What was accepted, oldest first, replies too."""
        place = None if channel is None else self.room.id_of(channel)
        return [m for m in self.room.messages() if place is None or m.channel == place]

    def accepted(self, notice_id: str) -> int:
        """How many messages carry a notice, also folded into another."""
        return sum(message.ids.count(notice_id) for message in self.room.messages())

    def ledger(self) -> Answer:
        """What GET /ledger answers."""
        accepted = [
            {
                "ts": message.ts,
                "channel": message.channel,
                "thread_ts": message.thread_ts,
                "ids": message.ids,
                "text": message.shown.get("text"),
                "edits": len(message.edits),
            }
            for message in self.room.messages()
        ]
        return {"in_flight": self.in_flight, "calls": dict(self.calls), "accepted": accepted}

    def flying(self, step: int) -> None:
        with self._lock:
            self.in_flight += step

    def pause(self) -> None:
        self.stopping.wait(self.plan.delay(*self.delay_ms) / 2)

    # What each method answers

    def answer(self, method: str, body: Answer, token: str, fault: Fault | None) -> Answer:
        made = _METHODS.get(method)
        if made is None:
            return _no("unknown_method")
        if not token:
            return _no("not_authed")
        if method == "apps.connections.open":
            return self._connect(token)
        if self.token is not None and token != self.token:
            return _no("invalid_auth")
        if method.startswith("files.") and self.lacks == "files:write":
            return _no("missing_scope") | {"needed": self.lacks, "provided": "chat:write"}
        return made(self, body, fault)

    def _auth_test(self, body: Answer, fault: Fault | None) -> Answer:
        return {"ok": True, "url": "https://acme.slack.com/", **BOT}

    def _post(self, body: Answer, fault: Fault | None) -> Answer:
        place = self.room.id_of(str(body.get("channel", "")))
        if place is None:
            return _no("channel_not_found")
        if not body.get("text") and not body.get("blocks"):
            return _no("no_text")
        if refused := slack_limits.of_message(body):
            return _no(refused)
        thread = body.get("thread_ts")
        if thread and not self.room.thread(place, thread):
            return _no("thread_not_found")
        if missing := self.files.why_not(body.get("blocks")):
            return missing
        message = self.room.post(place, body, fault.kind.value if fault else None)
        return {"ok": True, "channel": place, "ts": message.ts, "message": _shown(message)}

    def _update(self, body: Answer, fault: Fault | None) -> Answer:
        place, ts = str(body.get("channel")), str(body.get("ts"))
        if not self.room.has_id(place):
            return _no("channel_not_found")
        if refused := slack_limits.of_message(body):
            return _no(refused)
        if missing := self.files.why_not(body.get("blocks")):
            return missing
        kept = {name: value for name, value in body.items() if name not in ("channel", "ts")}
        message = self.room.edit(place, ts, kept)
        if message is None:
            return _no("message_not_found")
        return {"ok": True, "channel": place, "ts": ts, "text": message.shown.get("text")}

    def _history(self, body: Answer, fault: Fault | None) -> Answer:
        place = str(body.get("channel"))
        if not self.room.has_id(place):  # reading takes no name, as with Slack
            return _no("channel_not_found")
        return _page(self.room.history(place, float(body.get("oldest") or 0)), body, "messages")

    def _replies(self, body: Answer, fault: Fault | None) -> Answer:
        place = str(body.get("channel"))
        if not self.room.has_id(place):
            return _no("channel_not_found")
        thread = self.room.thread(place, str(body.get("ts")))
        return _page(thread, body, "messages") if thread else _no("thread_not_found")

    def _list(self, body: Answer, fault: Fault | None) -> Answer:
        return _page(self.room.channels(), body, "channels")

    def _info(self, body: Answer, fault: Fault | None) -> Answer:
        for channel in self.room.channels():
            if channel["id"] == body.get("channel"):
                return {"ok": True, "channel": channel | {"is_member": True}}
        return _no("channel_not_found")

    def _begin_upload(self, body: Answer, fault: Fault | None) -> Answer:
        return self.files.begin(body, self.url.removesuffix("api/"))

    def _complete_upload(self, body: Answer, fault: Fault | None) -> Answer:
        return self.files.complete(body)

    def _connect(self, token: str) -> Answer:
        if not token.startswith("xapp-"):
            return _no("not_allowed_token_type")
        return (
            _no("internal_error")
            if self.socket_url is None
            else {
                "ok": True,
                "url": self.socket_url(),
            }
        )

    def _open_window(self, body: Answer, fault: Fault | None) -> Answer:
        trigger = str(body.get("trigger_id", ""))
        if not trigger:
            return _no("invalid_trigger_id")
        view = _as_json(body["view"])
        if refused := slack_limits.of_view(view):
            return _no(refused)
        with self._lock:
            if trigger in self._exchanged:
                return _no("exchanged_trigger_id")
            self._exchanged.add(trigger)
        self.windows.append(view)
        self.opened[trigger] = view
        return {"ok": True, "view": {"id": f"V{len(self.windows)}"}}

    def _publish(self, body: Answer, fault: Fault | None) -> Answer:
        view = _as_json(body["view"])
        if refused := slack_limits.of_view(view):
            return _no(refused)
        self.homes[str(body["user_id"])] = view
        return {"ok": True, "view": {"id": "VHOME"}}

    def _whisper(self, body: Answer, fault: Fault | None) -> Answer:
        if refused := slack_limits.of_message(body):
            return _no(refused)
        self.whispers.append(body)
        return {"ok": True, "message_ts": "1.0"}


_METHODS: dict[str, Callable[[SlackServer, Answer, Fault | None], Answer]] = {
    "auth.test": SlackServer._auth_test,
    "chat.postMessage": SlackServer._post,
    "chat.update": SlackServer._update,
    "conversations.history": SlackServer._history,
    "conversations.replies": SlackServer._replies,
    "conversations.list": SlackServer._list,
    "conversations.info": SlackServer._info,
    "apps.connections.open": SlackServer._auth_test,
    "files.getUploadURLExternal": SlackServer._begin_upload,
    "files.completeUploadExternal": SlackServer._complete_upload,
    "views.open": SlackServer._open_window,
    "views.publish": SlackServer._publish,
    "chat.postEphemeral": SlackServer._whisper,
}


def _as_json(found: Any) -> Answer:
    made: Answer = json.loads(found) if isinstance(found, str) else found
    return made


def _no(code: str) -> Answer:
    return {"ok": False, "error": code}


def _page(found: Sequence[Any], body: Answer, name: str) -> Answer:
    """A page of a listing; the cursor is where the next begins."""
    limit = min(int(body.get("limit") or 100), MOST_SHOWN)
    start = int(str(body.get("cursor") or "0").removeprefix("at:"))
    end = start + limit
    with_metadata = str(body.get("include_all_metadata", "")).lower() in ("1", "true")
    shown = [
        _shown(item, with_metadata=with_metadata) if isinstance(item, Message) else item
        for item in found[start:end]
    ]
    cursor = f"at:{end}" if end < len(found) else ""
    return {
        "ok": True,
        name: shown,
        "has_more": bool(cursor),
        "response_metadata": {"next_cursor": cursor},
    }


def _shown(message: Message, *, with_metadata: bool = True) -> Answer:
    kept = ("text", "blocks", "thread_ts", *(("metadata",) if with_metadata else ()))
    body = {name: message.shown[name] for name in kept if name in message.shown}
    return {"type": "message", "ts": message.ts, "user": BOT["user_id"], **body}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    slack: SlackServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # clients are killed here
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        if self.path != "/ledger":
            self.send_error(404)
            return
        self._send(200, self.server.slack.ledger())

    def do_POST(self) -> None:
        slack = self.server.slack
        if self.path.startswith(UPLOAD):
            self._take_file(slack)
            return
        if self.path.startswith("/commands/"):
            slack.late_answers.append(_parsed(self.headers.get("Content-Type", ""), self._body()))
            self._send(200, {"ok": True})
            return
        method = self.path.removeprefix("/api/")
        body = _parsed(self.headers.get("Content-Type", ""), self._body())
        sending = int(method.startswith("chat."))
        slack.flying(sending)
        try:
            slack.calls[method] += 1
            self._serve(slack, method, body)
        finally:
            slack.flying(-sending)

    def _take_file(self, slack: SlackServer) -> None:
        content, fault = self._body(), slack.plan.draw(UPLOAD)
        slack.calls[UPLOAD] += 1
        if fault is not None and self._before(fault):
            return
        status = slack.files.take(self.path.removeprefix(UPLOAD), content)
        if fault is None or not self._after(slack, fault):
            self._send(status, {"ok": status == HTTPStatus.OK})

    def _serve(self, slack: SlackServer, method: str, body: Answer) -> None:
        fault = slack.plan.draw(method)
        slack.pause()
        if fault is not None and self._before(fault):
            return
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        answer = slack.answer(method, body, token or str(body.get("token", "")), fault)
        slack.pause()
        if fault is not None and self._after(slack, fault):
            return
        self._send(200, answer)

    def _before(self, fault: Fault) -> bool:
        """Refuse without taking anything; True where that was done."""
        if fault.kind is Kind.TOO_MANY:
            self._send(429, _no("ratelimited"), {"Retry-After": str(fault.retry_after)})
        elif fault.kind is Kind.ERROR:
            self._send(200, _no(fault.code))
        elif fault.kind is Kind.REFUSE and fault.status:
            self._send(fault.status, None)
        elif fault.kind is Kind.REFUSE:
            self._hang_up()
        else:
            return False
        return True

    def _after(self, slack: SlackServer, fault: Fault) -> bool:
        """Spoil the answer to what was taken; True where there is none to send any more."""
        if fault.kind is Kind.SLOW:
            self._wait(slack, fault.seconds)
            return False
        if fault.kind is Kind.GARBAGE:
            self._send(200, None)
        else:
            self._hang_up()
        return True

    def _wait(self, slack: SlackServer, seconds: float) -> None:
        """Keep the client waiting, but no longer than it lives: the dead are not in flight."""
        step = 0.02
        while seconds > 0 and not slack.stopping.wait(step):
            seconds -= step
            if select.select([self.connection], [], [], 0)[0]:
                return

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _send(
        self, status: int, answer: Answer | None, headers: dict[str, str] | None = None
    ) -> None:
        sent = b"<html>not Slack</html>" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        kind = "text/html" if answer is None else "application/json"
        for name, value in {"Content-Type": kind, "Content-Length": len(sent)}.items():
            self.send_header(name, str(value))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # as the parent has it
        """Say nothing."""


def _parsed(kind: str, body: bytes) -> Answer:
    """The arguments of a call, as JSON, as a form, or as the SDK's parts of a form."""
    if kind.startswith("application/json"):
        return dict(json.loads(body or b"{}"))
    if kind.startswith("multipart/"):
        parts = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
        texts = {p.get_param("name", header="content-disposition"): p for p in parts.iter_parts()}
        return _unpacked({str(name): str(p.get_content()).strip() for name, p in texts.items()})
    return _unpacked({name: values[0] for name, values in parse_qs(body.decode()).items()})


def _unpacked(form: dict[str, str]) -> Answer:
    """In a form blocks and metadata are JSON inside a text."""
    return {
        name: json.loads(value) if name in ("blocks", "metadata") else value
        for name, value in form.items()
    }


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="tests.servers.slack")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--ledger", type=Path)
    parser.add_argument("--faults", default="")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--delay-ms", default="0-0")
    parser.add_argument("--slow-seconds", type=float, default=15.0)
    given = parser.parse_args(arguments)
    least, _, most = given.delay_ms.partition("-")
    plan = FaultPlan(chances=chances(given.faults), seed=given.seed, seconds=given.slow_seconds)
    delay_ms = (float(least), float(most or least))
    server = SlackServer(port=given.port, ledger=given.ledger, plan=plan, delay_ms=delay_ms)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.stopping.set())
    with server:
        sys.stdout.write(server.url + "\n")
        sys.stdout.flush()
        server.stopping.wait()


if __name__ == "__main__":
    main()
