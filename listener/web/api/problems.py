"""What a program is told when it cannot be answered: RFC 9457, with words that help."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.responses import Response

from listener.files import json_line

MEDIA: Final = "application/problem+json"
ASK: Final = {"www-authenticate": 'Bearer realm="listener"'}
KIND: Final = "urn:listener:problem:"

# By kind: the status, and what it is called.
KINDS: Final[Mapping[str, tuple[int, str]]] = {
    "request": (400, "The request cannot be read"),
    "token": (401, "A token is needed"),
    "scope": (403, "This token is not good for that"),
    "unknown": (404, "There is no such thing"),
    "method": (405, "This cannot be done here"),
    "overtaken": (409, "Somebody else did something about it"),
    "precondition": (412, "Somebody else did something about it"),
    "length": (413, "The body is too long"),
    "media-type": (415, "The body is of another type"),
    "refused": (422, "This cannot be done"),
    "fault": (500, "The fault is ours"),
}
OF_STATUS: Final = {status: kind for kind, (status, _) in KINDS.items()}


class ProblemError(Exception):
    """Why a request is not carried out. `mistakes`: each with where it is, and what it is."""

    def __init__(
        self,
        kind: str,
        detail: str,
        *,
        mistakes: Sequence[Mapping[str, Any]] = (),
        more: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind, self.detail = kind, detail
        self.mistakes, self.more, self.headers = mistakes, more or {}, headers

    @property
    def response(self) -> Response:
        status, title = KINDS[self.kind]
        told: dict[str, Any] = {
            "type": KIND + self.kind,
            "title": title,
            "status": status,
            "detail": self.detail,
            **self.more,
        }
        if self.mistakes:
            told["errors"] = list(self.mistakes)
        headers = dict(self.headers or {})
        return Response(json_line(told), status, headers=headers, media_type=MEDIA)


def mistake(where: str, name: str, detail: str, **more: Any) -> dict[str, Any]:
    """One mistake in a request. `where`: query, path, header or body."""
    return {"in": where, "name": name, "detail": detail, **more}
