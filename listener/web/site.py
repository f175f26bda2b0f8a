"""The site: which address shows which page."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ExceptionHandler

from listener.accounts.passwords import Passwords, passwords
from listener.config.tables import WebTable
from listener.domain.actions import Pack
from listener.domain.events import KnownEvent
from listener.domain.reply import Reply
from listener.domain.role import Role
from listener.errors import UsageError
from listener.figures import Known
from listener.http import Http
from listener.settings import Desk
from listener.store.connection import Store
from listener.store.incidents import Outlets
from listener.views import BUILT_IN
from listener.web import (
    acting,
    api,
    done,
    hooks,
    pages,
    presence,
    presses,
    scripts,
    unsubscribing,
)
from listener.web.access import Access
from listener.web.behind import NO_OUTLETS, Behind
from listener.web.digests import POLICY, digest_page, digests_page
from listener.web.doorkeeper import METRICS, Doorkeeper
from listener.web.events import Events
from listener.web.figure_pages import FIGURES
from listener.web.guard import ACT, HEADERS, SLACK, Guard
from listener.web.health import problems
from listener.web.hooks import Deliver
from listener.web.inbox import inbox_page
from listener.web.incidents import incident_page, incidents_page
from listener.web.language import CHOOSE, chosen
from listener.web.mention import mention_page
from listener.web.metrics import metrics_text
from listener.web.overview import overview_page
from listener.web.pack import door as pack_door
from listener.web.presses import Receiving
from listener.web.pulse import Pulse
from listener.web.settings_site import SettingsDoor
from listener.web.signing_in import SigningIn
from listener.web.sources import sources_page
from listener.web.throttle import Throttle
from listener.web.visitor import visited
from listener.web.words import later

READERS: Final = 3  # threads that read for pages, each with a connection that lasts
READY_WITHIN: Final = 5.0  # seconds; then the database counts as one that does not answer
A_DAY: Final = "public, max-age=86400"


class _RowNumber(IntegerConvertor):
    """What SQLite can number a row with; longer ones lead nowhere."""

    regex = "[0-9]{1,18}"


register_url_convertor("row", _RowNumber())


def make_site(
    store: Store,
    now: Callable[[], datetime],
    pulse: Pulse | None,
    host: str,
    zone: ZoneInfo,
    deliver: Deliver | None = None,
    events: Sequence[KnownEvent] = (),
    *,
    receiving: Receiving = lambda: None,
    public_url: str = "",
    language: str = "en",
    pack: Callable[[], Pack] = lambda: BUILT_IN,
    replies: Callable[[], Sequence[Reply]] = tuple,
    who: str = "pages",
    hearing: Callable[[], Outlets] = lambda: NO_OUTLETS,
    known: Callable[[], Known] = Known,
    desk: Desk | None = None,
    role: Role = Role.ADMIN,
    web: Callable[[], WebTable] = WebTable,
    hashes: Passwords | None = None,
    throttle: Throttle | None = None,
) -> Starlette:
    """The pages over a store that is open. They answer to `host`, the host of `public_url` and
    localhost. `who` sits at them, for the record; `hearing` is told what is done about incidents;
    it, `pack`, `replies`, `known` and `web` are asked for each time, for settings change. `desk`
    runs on the config file. Whoever must sign in is told by `web`, and by who is there; `hashes`
    compares passwords, `throttle` counts tries.

    `deliver` takes what is sent to `/hooks/NAME`; what `receiving` gives takes what Slack asks.
    `pulse` None: nothing runs behind them. The store may be closed when the site's server has
    stopped.
    """
    behind = Behind(
        store=store,
        now=now,
        pulse=pulse,
        zone=zone,
        events=events,
        language=language,
        pack=pack,
        replies=replies,
        who=who,
        hearing=hearing,
        known=known,
        desk=desk,
        role=role,
        home=f"{public_url.rstrip('/')}/" if public_url else "",
    )
    settings = SettingsDoor()
    readers = ThreadPoolExecutor(READERS, thread_name_prefix="page")
    takers = ThreadPoolExecutor(1, thread_name_prefix="hook")  # they write, one at a time
    pressers = ThreadPoolExecutor(presses.WORKERS, thread_name_prefix="press")
    stream = Events(store, now)
    prober = ThreadPoolExecutor(1, thread_name_prefix="ready")  # may wait for a lock: pages do not
    keeper = Doorkeeper(behind, web, takers)
    way_in = SigningIn(
        behind,
        web,
        keeper=keeper,
        readers=readers,
        hashes=hashes or passwords(),
        throttle=throttle or Throttle(),
        http=Http(),
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            stream.shut()
            readers.shutdown(wait=False, cancel_futures=True)
            prober.shutdown(wait=False, cancel_futures=True)
            takers.shutdown(wait=True, cancel_futures=True)
            settings.close()
            way_in.close()
            pressers.shutdown(wait=True)  # what was acknowledged is carried out

    async def page(make: Callable[[Behind, Request], str], request: Request) -> Response:
        try:
            seen = visited(behind, request)
            html = await asyncio.get_running_loop().run_in_executor(readers, make, seen, request)
        except UsageError as error:  # of something that there is not
            raise HTTPException(404) from error
        name = request.path_params.get("name") or request.query_params.get("open", "")
        return HTMLResponse(html, background=presence.after(seen, name, takers))

    async def digest(request: Request) -> Response:
        week, team = request.path_params["week"], request.query_params.get("team", "")
        make = partial(digest_page, behind, week, team)
        html = await asyncio.get_running_loop().run_in_executor(readers, make)
        if html is None:
            raise HTTPException(404)
        return HTMLResponse(html, headers={"content-security-policy": POLICY})

    async def ready(_: Request) -> Response:
        return _readiness(await _answer_in_time(prober, behind))

    async def metrics(_: Request) -> Response:
        text = await asyncio.get_running_loop().run_in_executor(readers, metrics_text, behind)
        return Response(text, headers={"content-type": CONTENT_TYPE_LATEST})

    handlers: dict[int | type[Exception], ExceptionHandler] = {
        HTTPException: partial(_refused, behind),
        Exception: partial(_failed, behind),
    }
    site = Starlette(
        routes=[
            Route("/", partial(page, lambda behind, _: overview_page(behind))),
            Route("/sources", partial(page, lambda behind, _: sources_page(behind))),
            *(Route(path, partial(page, shown)) for path, shown in FIGURES),
            Route("/inbox", partial(page, _inbox)),
            Route("/mentions/{name:path}", partial(page, _mention)),
            Route("/incidents", partial(page, _incidents)),
            Route("/incidents/{number:row}", partial(page, _incident)),
            Route("/incidents/{number:row}/pack", pack_door(behind, readers)),
            *settings.routes(behind, page),
            Route(ACT, acting.door(behind, takers), methods=["POST"]),
            Route("/digests", partial(page, _digests)),
            Route("/digests/{week}", digest),
            *api.mounted(behind, readers, takers),
            Route(
                "/unsubscribe/{token}",
                unsubscribing.door(behind, readers, takers),
                methods=["GET", "POST"],
            ),
            *way_in.routes(),
            Route(f"{CHOOSE}{{language}}", chosen),
            Route("/healthz", _alive),
            Route("/readyz", ready),
            Route(METRICS, metrics),
            Route("/site.css", _stylesheet),
            Route("/static/{name}", scripts.script),
            Route("/events", stream.answer),
            Route(SLACK, presses.door(receiving, pressers), methods=["POST"]),
            Route("/hooks/{name}", hooks.door(deliver, takers), methods=["POST"]),
        ],
        middleware=[
            Middleware(Guard, host=host, public_url=public_url),
            Middleware(Access, keeper=keeper, readers=readers, refuse=partial(_told, behind)),
        ],
        exception_handlers=handlers,
        lifespan=lifespan,
    )
    site.state.events = stream
    return site


def _digests(behind: Behind, request: Request) -> str:
    return digests_page(behind)


def _inbox(behind: Behind, request: Request) -> str:
    return inbox_page(behind, request.query_params, done.read(request.query_params, behind))


def _mention(behind: Behind, request: Request) -> str:
    what = done.read(request.query_params, behind)
    return mention_page(behind, request.path_params["name"], what)


def _incidents(behind: Behind, request: Request) -> str:
    return incidents_page(behind, every="all" in request.query_params)


def _incident(behind: Behind, request: Request) -> str:
    what = done.read(request.query_params, behind)
    return incident_page(behind, request.path_params["number"], what)


async def _alive(_: Request) -> Response:
    return PlainTextResponse("alive\n")


async def _answer_in_time(prober: ThreadPoolExecutor, behind: Behind) -> list[str]:
    probe = asyncio.get_running_loop().run_in_executor(prober, problems, behind)
    try:
        return await asyncio.wait_for(probe, READY_WITHIN)
    except TimeoutError:
        return [f"the database did not answer within {READY_WITHIN:.0f} s"]


def _readiness(found: list[str]) -> Response:
    if not found:
        return PlainTextResponse("ready\n")
    return PlainTextResponse("".join(f"{problem}\n" for problem in found), 503)


async def _stylesheet(_: Request) -> Response:
    return Response(pages.stylesheet(), media_type="text/css", headers={"cache-control": A_DAY})


async def _refused(behind: Behind, request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and api.is_asked(request):
        return api.refused(error)
    status = error.status_code if isinstance(error, HTTPException) else 500
    words = later("There is no such page.") if status == 404 else later("This cannot be shown.")
    if isinstance(error, HTTPException) and status == 403:
        words = error.detail
    return _told(behind, request, status, words)


async def _failed(behind: Behind, request: Request, error: Exception) -> Response:
    """Says nothing of the fault: what it was goes to the log, with the page and no texts."""
    logging.getLogger(__name__).error("page %s failed: %s", request.url.path, type(error).__name__)
    if api.is_asked(request):
        return api.failed()
    words = later("This page could not be made. The fault is ours; the log of the daemon names it.")
    return _told(behind, request, 500, words)


def _told(behind: Behind, request: Request, status: int, words: str) -> Response:
    seen = replace(visited(behind, request), at="/")  # a page of ours: nothing of what was asked
    html = pages.render("error.html.j2", seen, here="", status=status, words=words)
    return HTMLResponse(html, status, headers=dict(HEADERS))
