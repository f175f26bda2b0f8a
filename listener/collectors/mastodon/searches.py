"""Queries as an instance of Mastodon is asked for them. Pure.

One thing at a time: a hashtag has a timeline of its own, everything else is searched for in quotes,
so that none is read as an operator.
"""

import re
from dataclasses import replace
from typing import Final

from listener.domain.query import Field, Query
from listener.domain.query.dialect import AskedField, Dialect, is_never, seen_or_quoted
from listener.domain.query.translation import Translation, translate

TAG = re.compile(r"#?([^\s#/?&%.\\\"]{1,100})")

_KINDS: Final = frozenset({"post", "reply", "quote"})
_COLON_INSIDE = re.compile(r"\w:\w")


def translated(query: Query, source: str = "", *, with_token: bool = True) -> Translation:
    """As few searches as find all that a query matches, and what they find beside it."""
    return translate(query, SEARCH if with_token else TAGS_ONLY, source)


def _write_tag(text: str) -> tuple[str, ...]:
    is_tag = text.startswith("#") and TAG.fullmatch(text)
    return (text.casefold(),) if is_tag else ()


def _write(text: str) -> tuple[str, ...]:
    """A colon ends a term there, also in quotes; where words touch it, it is a part of them."""
    if found := _write_tag(text):
        return found
    if _COLON_INSIDE.search(text):
        return ()
    return seen_or_quoted(" ".join(text.replace(":", " ").split()))


def _field(one: Field, excluded: bool) -> AskedField:
    return AskedField(never=is_never(one, "", _KINDS))


SEARCH: Final = Dialect(
    service="Mastodon",
    write=_write,
    field=_field,
    both=None,
    either=None,
    blind="sees no word in it, or a colon within one",
)
TAGS_ONLY: Final = replace(
    SEARCH, write=_write_tag, blind="is searched for words with an access_token only"
)
