"""The addresses of the settings, and the threads that answer what is posted to them."""

from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from listener.web import settings
from listener.web.behind import Behind
from listener.web.guard import CHANGE, TRY
from listener.web.settings_changing import change, door, try_address, try_form

MOST: Final = 8  # who wait for their turn

Page = Callable[[Callable[[Behind, Request], str], Request], Awaitable[Response]]


class SettingsDoor:
    """One change at a time, for there is one file; and one query is tried at a time, beside the
    readers of the other pages."""

    def __init__(self) -> None:
        self._changer = ThreadPoolExecutor(1, thread_name_prefix="settings")
        self._trier = ThreadPoolExecutor(1, thread_name_prefix="try")

    def routes(self, behind: Behind, page: Page) -> Sequence[Route]:
        """`page` answers with what is made of a request."""
        return [
            Route(settings.HERE, partial(page, _with_done(settings.subjects_page))),
            Route(f"{settings.HERE}/subject", partial(page, partial(_entry, "subject"))),
            Route(f"{settings.HERE}/topics", partial(page, _with_done(settings.topics_page))),
            Route(f"{settings.HERE}/topic", partial(page, partial(_entry, "topic"))),
            Route(f"{settings.HERE}/people", partial(page, _with_done(settings.people_page))),
            Route(f"{settings.HERE}/snoozes", partial(page, _with_done(settings.snoozes_page))),
            Route(f"{settings.HERE}/file", partial(page, _with_done(settings.file_page))),
            Route(TRY, partial(page, _tried)),
            Route(TRY, door(behind, self._trier, try_form, MOST), methods=["POST"]),
            Route(CHANGE, door(behind, self._changer, change, MOST), methods=["POST"]),
        ]

    def close(self) -> None:
        """What is being written is written to its end."""
        self._trier.shutdown(wait=False, cancel_futures=True)
        self._changer.shutdown(wait=True, cancel_futures=True)


def _with_done(make: Callable[[Behind, str | None], str]) -> Callable[[Behind, Request], str]:
    return lambda behind, request: make(behind, request.query_params.get("done"))


def _entry(what: str, behind: Behind, request: Request) -> str:
    name = request.query_params.get("name", "")
    return settings.entry_page(behind, settings.entry_of(settings.standing(behind), what, name))


def _tried(behind: Behind, request: Request) -> str:
    return try_address(behind, request.query_params)
