"""Queries in the language of Reddit's search. Pure.

All terms stand in quotes, so that none is read as an operator. How it treats the forms of words is
not documented, so no NOT is asked for: it could leave out more, and reading costs nothing.
"""

import re
from typing import Final

from listener.domain.query import Field, Query
from listener.domain.query.dialect import AskedField, Dialect, is_never, quoted
from listener.domain.query.translation import Translation, translate

LONGEST: Final = 512  # characters of a search

_HOST: Final = "www.reddit.com"  # to which every mention links
_KINDS: Final = frozenset({"post", "comment"})
_NAME = re.compile(r"[a-z0-9_][a-z0-9_-]{0,29}")
_DOMAIN = re.compile(r"(?:[\w-]+\.)+[^\W\d_]{2,}(?:/\S*)?")


def translated(query: Query, source: str = "") -> Translation:
    """As few searches as find all posts that a query matches, and what they find beside them."""
    return translate(query, REDDIT_SEARCH, source)


def _write(text: str) -> tuple[str, ...]:
    """A domain may be what a post links to, which is no part of its text there."""
    found = quoted(text)
    return (*found, f'url:"{text}"') if _DOMAIN.fullmatch(text) else found


def _field(one: Field, excluded: bool) -> AskedField:
    if one.name == "author" and not excluded and _NAME.fullmatch(one.value):
        return AskedField((f"author:{one.value}",), alone=True)
    return AskedField(never=is_never(one, _HOST, _KINDS))


REDDIT_SEARCH: Final = Dialect(
    service="Reddit",
    write=_write,
    field=_field,
    both=" AND ",
    both_in_parentheses=True,
    longest=LONGEST,
)
