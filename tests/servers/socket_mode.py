"""The other end of Slack's Socket Mode: hands envelopes over, and keeps the receipts."""

import asyncio
import json
import threading
import uuid
from contextlib import closing, suppress
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from listener.clock import monotonic

Answer = dict[str, Any]
PATIENCE = 10.0  # seconds


class SocketModeServer:
    """Start it, give `url` out as the answer to apps.connections.open, and hand envelopes over."""

    def __init__(self) -> None:
        self.receipts: dict[str, Answer] = {}  # by envelope
        self.connections = 0
        self._open: list[WebSocket] = []
        self._changed = threading.Condition()
        site = Starlette(routes=[WebSocketRoute("/link", self._serve)])
        self._server = uvicorn.Server(
            uvicorn.Config(site, port=0, log_config=None, lifespan="off", ws="wsproto")
        )
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def url(self) -> str:
        """Also once it has ended: then nobody answers there."""
        return f"ws://127.0.0.1:{self._port}/link?ticket={uuid.uuid4()}"

    def __enter__(self) -> Self:
        self._thread.start()
        until = monotonic() + PATIENCE
        while not self._server.started and monotonic() < until:
            self._thread.join(0.01)
        assert self._server.started
        self._port = self._server.servers[0].sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(PATIENCE)

    def hand(self, kind: str, payload: Answer, envelope: str | None = None) -> str:
        """Hand an envelope to the newest connection; returns its id. One id twice is a replay."""
        name = envelope or str(uuid.uuid4())
        said = {
            "envelope_id": name,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        self.wait_for(lambda: bool(self._open))
        made = self._open[-1].send_text(json.dumps(said))
        asyncio.run_coroutine_threadsafe(made, self._loop).result(PATIENCE)
        return name

    def receipt(self, name: str) -> Answer:
        """What an envelope was acknowledged with, once it was."""
        self.wait_for(lambda: name in self.receipts)
        return self.receipts[name]

    def hang_up(self) -> None:
        """End all connections, as Slack does every few hours."""
        for one in list(self._open):
            asyncio.run_coroutine_threadsafe(one.close(), self._loop).result(PATIENCE)

    def wait_for(self, holds: Any) -> None:
        with self._changed:
            assert self._changed.wait_for(holds, PATIENCE)

    async def _serve(self, socket: WebSocket) -> None:
        await socket.accept()
        with self._changed:
            self.connections += 1
            self._open.append(socket)
            self._changed.notify_all()
        with suppress(WebSocketDisconnect, RuntimeError):
            await socket.send_text(json.dumps({"type": "hello", "num_connections": 1}))
            while True:
                said = json.loads(await socket.receive_text())
                with self._changed:
                    self.receipts[said["envelope_id"]] = said.get("payload") or {}
                    self._changed.notify_all()
        with self._changed:
            self._open.remove(socket)
            self._changed.notify_all()

    def _run(self) -> None:
        with closing(asyncio.new_event_loop()) as self._loop:
            self._loop.run_until_complete(self._server.serve())
