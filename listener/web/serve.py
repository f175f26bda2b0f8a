"""Serving the site: a server in a thread of its own, and the demo's pages until Ctrl-C."""

import socket
import sys
import threading
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import uvicorn
from starlette.applications import Starlette

from listener import views
from listener.app import App, usual_config
from listener.clock import WallClock
from listener.domain.hosts import is_loopback
from listener.errors import ListenerError, UsageError
from listener.figures import Known
from listener.settings import Desk
from listener.store.connection import Store
from listener.web.doorkeeper import can_sign_in
from listener.web.hooks import Deliver
from listener.web.patience import MOST, Connection
from listener.web.presses import Receiving
from listener.web.pulse import Pulse
from listener.web.site import make_site

LOOPBACK: Final = "127.0.0.1"
START_WITHIN: Final = 10.0  # seconds


class SiteServer:
    """Uvicorn in a thread. It takes no signals and sets up no logs: whoever runs us does."""

    def __init__(
        self, site: Starlette, *, host: str, port: int, connection: type[Connection] = Connection
    ) -> None:
        self._host, self._port = host, port
        self._uvicorn = _Uvicorn(
            site.state.events.close,
            uvicorn.Config(
                site,
                log_config=None,
                access_log=False,
                lifespan="on",
                http=connection,
                ws="none",
                proxy_headers=False,  # else anybody near could name himself
                server_header=False,
                limit_concurrency=MOST,  # more are told to come again
                timeout_graceful_shutdown=2,
            ),
        )
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where the pages are, once it has started."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}/"

    def start(self) -> int:
        """Serve from now on; returns the port. Raises UsageError where it is taken."""
        listening = _listen(self._host, self._port)
        self._port = int(listening.getsockname()[1])
        self._thread = threading.Thread(
            target=self._serve, args=(listening,), name="web", daemon=True
        )
        self._thread.start()
        self._uvicorn.up.wait(START_WITHIN)
        if not self._uvicorn.started:
            raise ListenerError(f"the pages at {self.url} did not start; the log says why.")
        return self._port

    def _serve(self, listening: socket.socket) -> None:
        try:
            with closing(listening):
                self._uvicorn.run(sockets=[listening])
        finally:
            self._uvicorn.up.set()

    def stop(self, timeout_seconds: float = 5.0) -> None:
        """Let running answers end, then stop; what takes longer is cut off."""
        if self._thread is None:
            return
        self._uvicorn.should_exit = True
        self._thread.join(timeout_seconds)
        if self._thread.is_alive():
            self._uvicorn.force_exit = True
            self._thread.join(1.0)


class Server(SiteServer):
    """The daemon's pages. `settings`: what is set up at the moment."""

    def __init__(
        self,
        app: App,
        pulse: Pulse,
        *,
        host: str,
        port: int,
        who: str,
        settings: Callable[[], App],
        deliver: Deliver | None = None,
        receiving: Receiving = lambda: None,
        desk: Desk | None = None,
    ) -> None:
        if not is_loopback(host) and not can_sign_in(app.store, app.config.web):
            raise UsageError(
                f"[web] host {host} can be reached by others, and nobody can sign in: run"
                " `listener user add NAME --role admin` first, or set [web.oidc] or [web.proxy]."
            )
        zone = app.config.listener.timezone
        site = make_site(
            app.store,
            app.clock.now,
            pulse,
            host,
            zone,
            deliver,
            app.watch.events,
            receiving=receiving,
            public_url=app.public_url,
            language=app.config.listener.language.value,
            pack=lambda: settings().pack,
            replies=lambda: settings().config.replies,
            who=who,
            hearing=lambda: settings().hearing,
            known=lambda: Known.of_app(settings()),
            desk=desk,
            web=lambda: settings().config.web,
        )
        super().__init__(site, host=host, port=port)


class _Uvicorn(uvicorn.Server):
    """Says when it is up, and ends its streams before it stops: they would hold it up."""

    def __init__(self, end_streams: Callable[[], Awaitable[None]], config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = threading.Event()
        self._end_streams = end_streams

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._end_streams()
        await super().shutdown(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named TCP, or asyncio leaves Nagle's algorithm on: 40 ms for each answer on a kept connection.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise UsageError(
            f"showing the pages at {host}:{port}: {error.strerror}. Set [web] port to another,"
            " or to 0 for any free one."
        ) from error
    return listening


def serve_demo(database: Path, port: int, who: str) -> None:
    """Show the pages of a database that nothing else writes, until Ctrl-C; says where they are.

    `who` sits at them. They show it as it stood when it last changed: time does not run on in a
    story that is told.
    """
    if not database.is_file():
        raise UsageError(f"{database} is not there: there is nothing to show.")
    wall = WallClock()
    store = Store(database).open(wall.now())
    with closing(store):
        stood_at = views.last_changed(store) or wall.now()
        known = Known.of_config(usual_config(wall))
        site = make_site(
            store, lambda: stood_at, None, LOOPBACK, ZoneInfo("UTC"), who=who, known=lambda: known
        )
        server = _start_somewhere(site, port)
        sys.stdout.write(f"The pages are at {server.url} (Ctrl-C ends this).\n")
        sys.stdout.write(
            f"To begin: open {server.url}inbox, choose a mention, and press Answered."
            " Nothing is sent.\n"
        )
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            sys.stdout.write("\n")
        finally:
            server.stop()


def _start_somewhere(site: Starlette, port: int) -> SiteServer:
    try:
        server = SiteServer(site, host=LOOPBACK, port=port)
        server.start()
    except UsageError:
        sys.stdout.write(f"Port {port} is taken; another one is used.\n")
        server = SiteServer(site, host=LOOPBACK, port=0)
        server.start()
    return server
