"""The door for other programs: signed deliveries, taken before they are answered."""

from collections.abc import Callable, Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from listener.collectors.webhook import Refused
from listener.errors import ListenerError, UsageError
from listener.stages.collect import Page

Deliver = Callable[[str, bytes, Mapping[str, str]], Page | None]
MOST_BYTES: Final = 1_000_000


async def read_body(request: Request) -> bytes | None:
    """The body, or None where it is longer than a delivery may be."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return None
    return body


def answer(deliver: Deliver, name: str, body: bytes, headers: Mapping[str, str]) -> Response:
    """Take a delivery; the answer tells its sender what became of it."""
    try:
        page = deliver(name, body, headers)
    except UsageError as error:
        return JSONResponse({"error": str(error)}, 404)
    except Refused as error:
        return JSONResponse({"error": str(error)}, 401)
    except ListenerError:
        return JSONResponse({"error": "try again later"}, 503, {"retry-after": "60"})
    if page is None:
        return JSONResponse({"accepted": 0, "rejected": 0, "note": "taken before"}, 200)
    counts = {"accepted": page.accepted, "updated": page.updated, "rejected": page.rejected}
    return JSONResponse(counts, 202)
