"""The body of a request: JSON, of bounded length, and of the shape that the document says."""

from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.requests import Request

from listener.web.api.asked import NO_NUL, in_short, told
from listener.web.api.endpoint import JSON
from listener.web.api.problems import ProblemError
from listener.web.bodies import MOST_BYTES, read_body

Text = Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]


def _whole(given: Any) -> Any:
    """To JSON Schema 12.0 is an integer."""
    return int(given) if isinstance(given, float) and given.is_integer() else given


Whole = Annotated[int, Field(ge=0, le=2**50), BeforeValidator(_whole)]


class Sent(BaseModel):
    """A body."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


async def take_body(request: Request) -> bytes:
    """The bytes of a body. Raises ProblemError for one that is too long, or of another type."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != JSON:
        raise ProblemError("media-type", f"Send the body as {JSON}.")
    body = await read_body(request)
    if body is None:
        raise ProblemError(
            "length", f"The body is longer than {MOST_BYTES:,} bytes, or came too slowly."
        )
    return body


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def read_sent(shape: Any, body: bytes) -> Any:
    """A body of this shape. Raises ProblemError, which names every mistake."""
    try:
        return _adapter(shape).validate_json(body)
    except ValidationError as error:
        mistakes = told(error, {}, (), where="body")
        is_json = not any(one["type"] == "json_invalid" for one in error.errors())
    raise ProblemError("refused" if is_json else "request", in_short(mistakes), mistakes=mistakes)
