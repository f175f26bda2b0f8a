"""Where a number leads: to a search, in the query language, that finds what was counted."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Final
from urllib.parse import quote, urlencode

from listener.domain.digest import PromiseLine
from listener.domain.label import Sentiment
from listener.domain.period import Span

# As a query takes a value without quotes.
_PLAIN: Final = re.compile(r"[\w.@#-]+")


class AnyOf(str):
    """Several values of a field, as a query has them: any of them will do."""

    __slots__ = ()

    @classmethod
    def of(cls, *values: str) -> "AnyOf":
        return cls(f"({' OR '.join(map(written, values))})")


_QUOTES: Final = re.compile(r'["“”„«»「」『』＂]')


def search_for(
    subject: str = "",
    span: Span | None = None,
    *asked: tuple[str, str],
    without_copies: bool = False,
    words: Sequence[str] = (),
) -> str:
    """The address of a search for what counts for a subject in a span, with other fields beside.

    words: any of them.

    A name that no query can hold, for it has a quotation mark in it, stands beside the query.
    """
    beside, fields = {}, []
    for name, value in (("subject", subject), *asked):
        if not isinstance(value, AnyOf) and not can_be_asked(value):
            beside[name] = value
        elif value:
            fields.append(f"{name}:{written(value)}")
    if words:
        fields.append(f"({' OR '.join(_quoted(word) for word in words)})")
    if without_copies:
        fields.append("-label:copy")
    if span is not None:
        fields += [f"since:{_moment(span.since)}", f"until:{_moment(span.until)}"]
    return f"/search?{urlencode({'q': ' '.join(fields)} | beside)}"


def reviews_of(subject: str, span: Span, source: str = "") -> str:
    """The reviews that gave a subject stars, copies once."""
    asked = (("source", source), ("channel", "review"), ("stars", "0..5"))
    return search_for(subject, span, *asked, without_copies=True)


def finder(subject: str, span: Span) -> Callable[..., str]:
    """What templates call to lead a number to its mentions."""

    def find(
        field: str = "", value: str = "", *, sentiment: str = "", without_copies: bool = False
    ) -> str:
        asked = [(field, value)] if field else []
        asked += [("sentiment", sentiment)] if sentiment else []
        return search_for(subject, span, *asked, without_copies=without_copies)

    return find


def written(value: str) -> str:
    """A value as a query has it."""
    if isinstance(value, AnyOf):
        return value
    return value if _PLAIN.fullmatch(value) and not value.startswith("-") else f'"{value}"'


def promise_finder(line: PromiseLine, subject: str, span: Span) -> Callable[..., str]:
    """What leads the numbers of a promise to the mentions that waited, by the state they are in."""

    def find(state: str) -> str:
        return search_for(subject, span, ("channel", line.channel.value), ("state", state))

    return find


def can_be_asked(value: str) -> bool:
    """Whether a query can hold a value: there is no way to write a quotation mark in it."""
    return not _QUOTES.search(value)


def _quoted(word: str) -> str:
    return f'"{_QUOTES.sub(" ", word)}"'


def _moment(at: datetime) -> str:
    at = at.astimezone(UTC)
    return f"{at:%Y-%m-%d}" if (at.hour, at.minute) == (0, 0) else f"{at:%Y-%m-%dT%H:%MZ}"


def subject_address(name: str, **asked: str) -> str:
    """The page of a subject."""
    shown = f"/subjects/{quote(name, safe='')}"
    return f"{shown}?{urlencode(asked)}" if asked else shown


def days_of(first: date, last: date) -> dict[str, str]:
    """What an address asks for to show these days."""
    return {"from": first.isoformat(), "to": last.isoformat()}


LABELLED: Final = AnyOf.of(*Sentiment)  # a sentiment, whatever it is
WAITED: Final = AnyOf.of("met", "missed", "open")  # all but what nobody has to answer any more
