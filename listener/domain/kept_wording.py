"""Wordings as plain values that a database can keep, and back from them; pure.

A text without more is itself. Each of the others is an object, told apart by its keys. What another
version wrote may lack something: `from_plain` says so, and whoever reads takes the English.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from listener.domain.wording import (
    Amount,
    ChannelName,
    Homonym,
    Joined,
    Names,
    Plural,
    Sentences,
    Span,
    Topic,
    Wording,
)

_TICK: Final = timedelta(microseconds=1)


def to_plain(value: object) -> Any:
    """A wording, or what is named in one, as JSON has it: text, numbers and objects of these.

    Of a moment its English is kept, for no sentence that lasts names one.
    """
    if isinstance(value, Wording):
        return _of_wording(value)
    if isinstance(value, Span):
        return {"span": value.span // _TICK}  # microseconds
    for name, kind in _NAMES.items():
        if isinstance(value, kind):
            return {name: str(value)}
    return value if isinstance(value, int | float) else str(value)  # as `%(name)s` writes it


def _of_wording(words: Wording) -> dict[str, Any]:
    if isinstance(words, Joined):
        sort = "sentences" if isinstance(words, Sentences) else "names"
        return {sort: [to_plain(one) for one in words.named.values()]}
    named = {"named": {name: to_plain(value) for name, value in words.named.items()}}
    if isinstance(words, Plural):
        return {"one": words.one, "many": words.many, "number": words.number, **named}
    said = {"say": words.pattern, **named}
    return {"context": words.context, **said} if isinstance(words, Homonym) else said


def from_plain(plain: Any) -> Any:
    """What `to_plain` was given. Raises ValueError for anything that it does not write."""
    if isinstance(plain, str | int | float):
        return plain
    if not isinstance(plain, Mapping):
        raise ValueError(f"{type(plain).__name__} is no wording")
    read = _READERS.get(frozenset(plain))
    if read is None:
        raise ValueError(f"no wording has {', '.join(plain)}")
    try:
        return read(plain)
    except (AttributeError, KeyError, TypeError, OverflowError) as error:
        raise ValueError(f"a wording that cannot be said: {error}") from error


def _named(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {name: from_plain(value) for name, value in plain["named"].items()}


_NAMES: Final[Mapping[str, type[str]]] = {
    "amount": Amount,
    "topic": Topic,
    "channel": ChannelName,
}
_READERS: Final[Mapping[frozenset[str], Callable[[Mapping[str, Any]], str]]] = {
    frozenset({"say", "named"}): lambda p: Wording(p["say"], **_named(p)),
    frozenset({"context", "say", "named"}): lambda p: Homonym(p["context"], p["say"], **_named(p)),
    frozenset({"one", "many", "number", "named"}): lambda p: Plural(
        p["one"], p["many"], int(p["number"]), **_named(p)
    ),
    frozenset({"sentences"}): lambda p: Sentences(*map(from_plain, p["sentences"])),
    frozenset({"names"}): lambda p: Names(*map(from_plain, p["names"])),
    frozenset({"span"}): lambda p: Span(p["span"] * _TICK),
    frozenset({"amount"}): lambda p: Amount(p["amount"]),
    frozenset({"topic"}): lambda p: Topic(p["topic"]),
    frozenset({"channel"}): lambda p: ChannelName(p["channel"]),
}
