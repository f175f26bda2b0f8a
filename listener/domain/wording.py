"""Sentences with names and numbers in them, that pages can say in another language."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any, ClassVar, Self

from listener.domain.times import in_words


class Wording(str):
    """A sentence in English, as every door prints it: `pattern` with what is `named` in it.

    What is named may be a wording too. `%(name)s` stands for a name, `%%` for a percent sign.
    """

    __slots__ = ("named", "pattern")
    pattern: str
    named: Mapping[str, object]

    def __new__(cls, pattern: str, /, **named: object) -> Self:
        made = super().__new__(cls, pattern % named)
        made.pattern, made.named = pattern, named
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, object]]:
        return (self.pattern,), dict(self.named)


class Homonym(Wording):
    """A wording that means something else elsewhere; `context` says what it means here."""

    __slots__ = ("context",)
    context: str

    def __new__(cls, context: str, pattern: str, /, **named: object) -> Self:
        made = super().__new__(cls, pattern, **named)
        made.context = context
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, object]]:
        return (self.context, self.pattern), dict(self.named)


class Plural(Wording):
    """A wording that goes with a number: `one` thing, or `many` where `number` is not 1."""

    __slots__ = ("many", "number", "one")
    one: str
    many: str
    number: int

    def __new__(cls, one: str, many: str, number: int, /, **named: object) -> Self:
        made = super().__new__(cls, one if number == 1 else many, **named)
        made.one, made.many, made.number = one, many, number
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, object]]:
        return (self.one, self.many, self.number), dict(self.named)


def listed(parts: Iterable[str], between: str = ", ") -> Wording:
    """One after the other; each may be a wording. Pages write `between` as their language does."""
    named = {f"part{number}": part for number, part in enumerate(parts)}
    return Wording(between.join(f"%({name})s" for name in named), **named)


class Joined(Wording):
    """One after the other; empty ones are left out. Each may be a wording.

    Pages put between them what their language does, each sort its own.
    """

    __slots__ = ()
    between: ClassVar[str] = ""

    def __new__(cls, *said: str) -> Self:
        named = {f"part{number}": one for number, one in enumerate(filter(None, said))}
        return super().__new__(cls, cls.between.join(f"%({name})s" for name in named), **named)

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, object]]:
        return tuple(self.named.values()), {}


class Sentences(Joined):
    """Whole sentences."""

    __slots__ = ()
    between = " "


class Names(Joined):
    """Names and words, as in a list of topics."""

    __slots__ = ()
    between = ", "


def together(names: Iterable[str]) -> str:
    """Names, the last ones joined by a word: "a and b and c". Empty of none."""
    last, *before = list(names)[::-1] or [""]
    for one in before:
        last = Wording("%(one)s and %(other)s", one=one, other=last)
    return last


class Span(str):
    """A duration as every door prints it; pages write `span` as their language does."""

    __slots__ = ("span",)
    span: timedelta

    def __new__(cls, span: timedelta) -> "Span":
        made = super().__new__(cls, in_words(span))
        made.span = span
        return made

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (self.span,)


class Moment(str):
    """A moment on the clock of a zone, as every door prints it; pages write it as their language
    does."""

    __slots__ = ("at", "zone")
    at: datetime
    zone: tzinfo

    def __new__(cls, at: datetime, zone: tzinfo) -> "Moment":
        made = super().__new__(cls, f"{at.astimezone(zone):%Y-%m-%d %H:%M}")
        made.at, made.zone = at, zone
        return made

    def __getnewargs__(self) -> tuple[Any, ...]:
        return self.at, self.zone


class Amount(str):
    """A number as every door prints it, in English: pages write it as their language does."""

    __slots__ = ()


class Topic(str):
    """A topic by its name: one that ships has a name in each language of the pages."""

    __slots__ = ()


class ChannelName(str):
    """A channel as queries have it; pages have a word for it."""

    __slots__ = ()
