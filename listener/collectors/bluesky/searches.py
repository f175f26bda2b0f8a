"""Queries in the language of Bluesky's search. Pure.

All terms stand in quotes, so that none is read as an operator: one that cannot be read is dropped
there, and an empty search finds everything. It knows no OR, and its minus is said not to work.
"""

import re
from typing import Final, NamedTuple

from listener.domain.query import Field, Query
from listener.domain.query.dialect import AskedField, Dialect, is_never, seen_or_quoted
from listener.domain.query.translation import Translation, translate

_HOST: Final = "bsky.app"  # to which every mention links
_KINDS: Final = frozenset({"post", "reply", "quote"})
_HANDLE = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_PIECE = re.compile(r'"[^"]*"|\S+')
_FROM: Final = "from:"


class Asked(NamedTuple):
    """The parameters of a search."""

    words: str
    author: str = ""


def translated(query: Query, source: str = "") -> Translation:
    """As few searches as find all that a query matches, and what they find beside it."""
    return translate(query, BLUESKY_SEARCH, source)


def asked(search: str) -> Asked:
    """What a search is asked with. The author is a parameter of its own: there a handle that is
    unknown is refused, in the words it would be left out."""
    pieces = _PIECE.findall(search)
    words = " ".join(piece for piece in pieces if piece.startswith('"'))
    authors = (piece.removeprefix(_FROM) for piece in pieces if piece.startswith(_FROM))
    return Asked(words, next(authors, ""))


def _field(one: Field, excluded: bool) -> AskedField:
    if one.name == "author" and not excluded and _HANDLE.fullmatch(one.value):
        return AskedField((f"{_FROM}{one.value}",))
    return AskedField(never=is_never(one, _HOST, _KINDS))


BLUESKY_SEARCH: Final = Dialect(service="Bluesky", write=seen_or_quoted, field=_field, either=None)
