"""The pages of figures, by their addresses."""

from collections.abc import Callable
from typing import Final

from starlette.requests import Request

from listener.web.behind import Behind
from listener.web.compare import compare_page
from listener.web.search import search_page
from listener.web.subject import subject_page
from listener.web.subjects import subjects_page
from listener.web.topics import topics_page

Shown = Callable[[Behind, Request], str]


def _subject(behind: Behind, request: Request) -> str:
    return subject_page(behind, request.path_params["name"], request.query_params)


FIGURES: Final[tuple[tuple[str, Shown], ...]] = (
    ("/subjects", lambda behind, request: subjects_page(behind, request.query_params)),
    ("/subjects/{name:path}", _subject),
    ("/compare", lambda behind, request: compare_page(behind, request.query_params)),
    ("/topics", lambda behind, request: topics_page(behind, request.query_params)),
    ("/search", lambda behind, request: search_page(behind, request.query_params)),
)
