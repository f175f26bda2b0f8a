"""Sentences with names and numbers in them, that pages can say in another language."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from listener.domain.times import in_words


class Wording(str):
    """A sentence in English, as every door prints it: `pattern` with what is `named` in it.

    What is named may be a wording too. `%(name)s` stands for a name, `%%` for a percent sign.
    """

    __slots__ = ("named", "pattern")
    pattern: str
    named: Mapping[str, object]

    def __new__(cls, pattern: str, **named: object) -> "Wording":
        made = super().__new__(cls, pattern % named)
        made.pattern, made.named = pattern, named
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:
        return (self.pattern,), dict(self.named)


def listed(parts: Iterable[str], between: str = ", ") -> Wording:
    """One after the other; each may be a wording. There is nothing to translate between them."""
    named = {f"part{number}": part for number, part in enumerate(parts)}
    return Wording(between.join(f"%({name})s" for name in named), **named)


class Span(str):
    """A duration as every door prints it; pages write `span` as their language does."""

    __slots__ = ("span",)
    span: timedelta

    def __new__(cls, span: timedelta) -> "Span":
        made = super().__new__(cls, in_words(span))
        made.span = span
        return made


class Amount(str):
    """A number as every door prints it, in English: pages write it as their language does."""

    __slots__ = ()
