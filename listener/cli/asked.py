"""A query as somebody writes it at the shell."""

from typing import TYPE_CHECKING

from listener.errors import QueryError, UsageError

if TYPE_CHECKING:
    from listener.domain.query import Query


def read_query(written: str, inflect: tuple[str, ...] = ()) -> "Query":
    """A query for a search or a filter; what is wrong with it is shown at its place."""
    from listener.domain.query import parse  # noqa: PLC0415
    from listener.domain.query import show as pointed  # noqa: PLC0415

    try:
        return parse(written, inflect, broad=True)
    except QueryError as error:
        raise UsageError(f"{pointed(error, written)}\n{error}") from None
