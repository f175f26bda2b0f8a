"""Which of our languages a browser is answered in, and how somebody chooses another."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from listener.texts.words import LANGUAGES
from listener.web.origin import own_path

COOKIE: Final = "language"
CHOOSE: Final = "/language/"
NAMES: Final = {"en": "English", "hu": "Magyar", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}
_LASTS: Final = timedelta(days=400)  # longer no browser keeps one
# What browsers ask for, by its beginning; Chinese by where its script is written.
_ASKED: Final = {
    "zh-hant": "zh-Hant",
    "zh-tw": "zh-Hant",
    "zh-hk": "zh-Hant",
    "zh-mo": "zh-Hant",
    "zh": "zh-Hans",
    "hu": "hu",
    "en": "en",
}


async def chosen(request: Request) -> Response:
    """Keeps a language in a cookie, and leads back: only its reader sees any of it."""
    language = request.path_params["language"]
    if language not in NAMES:
        raise HTTPException(404)
    answer = RedirectResponse(own_path(request.query_params.get("back", "/")), 303)
    answer.set_cookie(
        COOKIE,
        language,
        max_age=int(_LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
    )
    return answer


def language_of(
    cookies: Mapping[str, str],
    accepted: str | None,
    otherwise: str,
    ours: Collection[str] = LANGUAGES,
) -> str:
    """The language somebody chose, else the first of those the browser asks for that is ours."""
    chosen = cookies.get(COOKIE)
    if chosen is not None and chosen in ours:
        return chosen
    for _, wanted in sorted(_wanted(accepted or ""), key=lambda pair: -pair[0]):
        found = next((one for asked, one in _ASKED.items() if _is(wanted, asked)), None)
        if found is not None and found in ours:
            return found
    return otherwise if otherwise in ours else "en"


def _is(asked: str, known: str) -> bool:
    return asked == known or asked.startswith(f"{known}-")


def _wanted(accepted: str) -> list[tuple[float, str]]:
    """Each language of an Accept-Language header (RFC 9110, 12.5.4) with its weight."""
    wanted = []
    for part in accepted[:500].split(","):
        name, _, quality = part.partition(";")
        try:
            weight = float(quality.strip().removeprefix("q=")) if quality else 1.0
        except ValueError:
            continue
        if weight > 0:
            wanted.append((weight, name.strip().lower()))
    return wanted
