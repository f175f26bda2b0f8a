"""Run by `scraper.py` in a process of its own, with google-play-scraper: one request, one answer.

Nothing of ours imports this, and it imports nothing of ours: it may run under another Python. It
opens no connection. Of the library it uses what it knows of the questions and the answers: not its
network, nor its loop, which does not end where more reviews come than were asked for.
"""

import json
import sys
from typing import Any
from urllib.parse import quote, urlsplit

BUSY = "com.google.play.gateway.proto.PlayGatewayError"  # stands where the reviews would be
WANTED = (
    "reviewId",
    "userName",
    "content",
    "score",
    "thumbsUpCount",
    "appVersion",
    "at",
    "replyContent",
    "repliedAt",
)


def question(app: str, language: str, country: str, count: int, token: str) -> dict[str, Any]:
    """What to POST, and where: a page of the newest reviews."""
    from google_play_scraper import Sort  # noqa: PLC0415  # where it is missing, that is told
    from google_play_scraper.constants.request import Formats  # noqa: PLC0415

    parts = urlsplit(Formats.Reviews.build(lang=language, country=country))
    escaped = quote(token, safe="") or None
    body = Formats.Reviews.build_body(app, Sort.NEWEST.value, count, "null", "null", escaped)
    return {"path": f"{parts.path}?{parts.query}", "body": body.decode()}


def page(reply: str) -> dict[str, Any]:
    """The reviews of an answer, and the token of the next page, empty on the last.

    Or why there are none: "busy" or "shape". Times are unix seconds: the library makes local ones.
    """
    from google_play_scraper.constants.element import (  # noqa: PLC0415
        ElementSpec,
        ElementSpecs,
    )
    from google_play_scraper.constants.regex import Regex  # noqa: PLC0415

    fields = {name: ElementSpec(None, ElementSpecs.Review[name].data_map) for name in WANTED}
    try:
        inside = json.loads(Regex.REVIEWS.findall(reply)[0])[0][2]
        if inside is None:
            return {"refused": "busy" if BUSY in reply else "shape"}
        found = json.loads(inside)
        rows = (found[0] or []) if found else []
        values = [{name: one.extract_content(row) for name, one in fields.items()} for row in rows]
    except (ValueError, LookupError, TypeError, RecursionError):
        return {"refused": "shape"}
    return {"reviews": values, "token": _token(found)}


def _token(found: Any) -> str:
    try:
        token = found[-2][-1]
    except (LookupError, TypeError):
        return ""
    return token if isinstance(token, str) else ""


def main() -> None:
    request = json.load(sys.stdin.buffer)
    do = question if request.pop("do") == "question" else page
    try:
        answer = do(**request)
    except (ImportError, AttributeError, LookupError, TypeError) as error:
        answer = {"refused": "library", "why": f"{type(error).__name__}: {error}"}
    sys.stdout.buffer.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main()
