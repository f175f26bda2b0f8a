"""The scripts of the pages: ours alone, few, and each under an address that changes with it."""

from functools import cache
from hashlib import blake2b
from importlib.resources import files
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

ALLOWED: Final = ("here.js", "inbox.js", "keys.js", "settings.js")
FOR_EVER: Final = "public, max-age=31536000, immutable"
A_WHILE: Final = "public, max-age=300"


@cache
def content(name: str) -> bytes:
    return files("listener.web").joinpath("static", name).read_bytes()


@cache
def _version(name: str) -> str:
    return blake2b(content(name), digest_size=6).hexdigest()


def address(name: str) -> str:
    """Where browsers find a script as it is now."""
    return f"/static/{name}?v={_version(name)}"


async def script(request: Request) -> Response:
    """What stands at an address; 404 for what is no script of ours."""
    name = request.path_params["name"]
    if name not in ALLOWED:
        raise HTTPException(404)
    is_now = request.query_params.get("v") == _version(name)
    headers = {"cache-control": FOR_EVER if is_now else A_WHILE}
    return Response(content(name), media_type="text/javascript", headers=headers)
