"""Sentences with names and numbers in them, that pages can say in another language."""

from collections.abc import Mapping


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
