"""What is wrong with a query, where, and what to write instead."""

import re
import unicodedata
from typing import Final

from listener.domain.wording import Wording
from listener.errors import QueryError

OPERAND: Final = Wording('a word, a phrase or "("')
MORE: Final = Wording("there are more")

# What other query languages read in a way of their own. We say so rather than look for it literally
# and find nothing; in quotes all of it is literal.
_MISREADINGS: Final = tuple(
    (re.compile(pattern), why)
    for pattern, why in (
        (r"O?NEAR(/.*)?\Z", Wording("nearness is written a NEAR/5 b, with a number of words")),
        (r"~", Wording("a ~ stands right behind what it belongs to")),
        (r".*[,;、](?!\d)", Wording("a list is written with OR: acme OR delta")),
        (r".*\|", Wording('for "or" write OR')),
        (r"&&\Z", Wording('for "and" write AND, or only a space')),
        (r"\+[^\W\d]", Wording('a space already means "and": leave out the +')),
        (r"![\w@#]", Wording('for "not" write NOT, or - before the word')),
        (r"[–—−]", Wording("what excludes is a plain hyphen, or the word NOT")),
        (r"[\[{]|.*[\]}]\Z", Wording("to group, use ( and )")),
        (r"['‘‚‹›]", Wording('a phrase stands in double quotes: "acme air"')),
    )
)

_WIDEST = 76  # columns of a query that `show` prints
_BEFORE = 50  # of which so many before the mistake


def mistake(expected: str, position: int, why: str) -> QueryError:
    """Make the error that says what was expected where (people count from 1)."""
    words = Wording(
        "expected %(expected)s at character %(at)s: %(why)s",
        expected=expected,
        at=position + 1,
        why=why,
    )
    return QueryError(words, position)


def found(what: object) -> Wording:
    """What stands where something else was expected."""
    return Wording("found %(what)s", what=str(what))


def misreading(word: str) -> Wording | None:
    """Say why a bare word would not be read as its author thinks; None if nothing is wrong."""
    return next((why for pattern, why in _MISREADINGS if pattern.match(word)), None)


def show(error: QueryError, query: str) -> str:
    """Draw two lines: the query, or the part around the mistake, and a caret under its place."""
    line = "".join(char if char.isprintable() else " " for char in query)
    at = min(max(error.position, 0), len(line))
    start = max(0, min(at - _BEFORE, len(line) - _WIDEST))
    piece = line[start : start + _WIDEST]
    before, after = ("…" if start else ""), ("…" if start + _WIDEST < len(line) else "")
    indent = len(before) + sum(map(_columns, line[start:at]))
    return f"{before}{piece}{after}\n{' ' * indent}^"


def _columns(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
