"""What the address of a request asks for, read strictly: nothing in it is passed over."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import parse_qsl

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import ErrorDetails

from listener.domain.when import moment_of
from listener.errors import UsageError
from listener.web.api.problems import ProblemError, mistake

MOST_PARAMETERS: Final = 50
LONGEST_NAME: Final = 200
LONGEST_QUERY: Final = 500
MOST_ROWS: Final = 200
NO_NUL: Final = r"^[^\x00]*$"
_SOME_DAY: Final = datetime(2000, 1, 1, tzinfo=UTC)  # to see whether a text names a moment


class Asked(BaseModel):
    """The parameters of an address, and what its path names."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Nothing(Asked):
    """An address without parameters."""


def digits(given: Any) -> Any:
    """Let a text through that is a whole number, and nothing that only looks like one."""
    if isinstance(given, str) and not (given.isascii() and given.isdigit() and len(given) < 17):
        raise ValueError("write a whole number")
    return given


def _moment(given: str) -> str:
    try:
        moment_of(given, _SOME_DAY)
    except UsageError as error:
        raise ValueError(str(error)) from None
    return given


_SPAN: Final = "[0-9]{1,3}w|[0-9]{1,4}[smhd]"
_TIME: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]{8,15}(Z|[+-][0-9]{2}:[0-9]{2}))?"
When = Annotated[
    str,
    Field(pattern=f"^({_SPAN}|{_TIME})$"),
    AfterValidator(_moment),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "format": "date-time"},
                {"type": "string", "format": "date"},
                {"type": "string", "pattern": f"^({_SPAN})$"},
            ]
        }
    ),
]
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, pattern=NO_NUL)]
Written = Annotated[
    str,
    Field(
        max_length=LONGEST_QUERY,
        pattern=NO_NUL,
        json_schema_extra={"format": "listener-query"},
    ),
]
Limit = Annotated[int, Field(ge=1, le=MOST_ROWS), BeforeValidator(digits)]
Number = Annotated[int, Field(ge=0, le=2**50), BeforeValidator(digits)]
Cursor = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, pattern="^[A-Za-z0-9_-]+$")]

A = TypeVar("A", bound=Asked)


def read_address(model: type[A], query: bytes, path: Mapping[str, Any]) -> A:
    """What an address asks for. Raises ProblemError, which names every mistake."""
    given: dict[str, Any] = dict(path)
    mistakes = []
    for name, value in _pairs(query):
        if name in given:
            why = "it is part of the path" if name in path else "it is named twice"
            mistakes.append(mistake("query", name[:LONGEST_NAME], why))
        given[name] = value
    if not mistakes:
        try:
            return model.model_validate(given)
        except ValidationError as error:
            mistakes = told(error, path, list(model.model_fields))
    raise ProblemError("request", in_short(mistakes), mistakes=mistakes)


def _pairs(query: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            query.decode("ascii"),
            keep_blank_values=True,
            max_num_fields=MOST_PARAMETERS,
            errors="strict",
        )
    except ValueError:
        raise ProblemError(
            "request",
            f"The parameters cannot be read: write them in UTF-8, {MOST_PARAMETERS} at most.",
        ) from None


def told(
    error: ValidationError, path: Mapping[str, Any], known: Sequence[str], where: str = "query"
) -> list[dict[str, Any]]:
    """The mistakes of a request, in words."""
    return [
        mistake(
            "path" if one["loc"] and one["loc"][0] in path else where,
            ".".join(map(str, (*one["loc"], *_tag(one))))[:LONGEST_NAME],
            _words(one, [name for name in known if name not in path]),
        )
        for one in error.errors(include_url=False, include_input=False)
    ]


def _tag(error: ErrorDetails) -> tuple[str, ...]:
    """The name by which shapes are told apart, where that is what is wrong."""
    if not error["type"].startswith("union_tag"):
        return ()
    return (str(error["ctx"]["discriminator"]).strip("'"),)


def _words(error: ErrorDetails, known: Sequence[str]) -> str:
    kind = error["type"]
    if kind == "extra_forbidden":
        return f"there is no such name; there is: {', '.join(known) or 'none'}"
    if kind == "union_tag_invalid":
        return f"there is no such one; there is: {error['ctx']['expected_tags']}"
    if kind in ("missing", "union_tag_not_found"):
        return "it is missing"
    if kind == "value_error":
        return str(error["ctx"]["error"])
    if kind == "string_pattern_mismatch":
        return "it is not written as the document says" if known else "it is not one"
    return error["msg"][:1].lower() + error["msg"][1:]


def in_short(mistakes: Sequence[Mapping[str, Any]]) -> str:
    """The first mistake, and how many more there are."""
    first = mistakes[0]
    rest = f" (and {len(mistakes) - 1} more)" if len(mistakes) > 1 else ""
    return f"{first['name'] or 'the ' + first['in']}: {first['detail']}{rest}."
