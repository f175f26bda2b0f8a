"""What the search of a service understands."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from listener.domain.query.asked import Alternatives
from listener.domain.query.nodes import Field

_TRADE_MARKS: Final = str.maketrans("™℠", "  ")


class AskedField(NamedTuple):
    """How a field is asked for at a service; empty where it is left to us."""

    asked: Alternatives = ()  # any of them
    alone: bool = False  # whether a search may consist of it
    never: bool = False  # whether it holds for nothing at the service
    broader: str = ""  # what is sorted out here although it is asked for
    missed: str = ""
    why: str = ""  # it is left to us


def _left_to_us(one: Field, excluded: bool) -> AskedField:
    return AskedField()


def _none(text: str) -> Alternatives:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What the search of a service understands."""

    service: str  # its name, as people write it
    write: Callable[[str], Alternatives]  # what stands for a term; none where it sees no word in it
    exclude: Callable[[str], Alternatives] = _none  # the same for its NOT, as few as we would
    excludes_more: str = ""  # what it leaves out beside that, told where a NOT is asked for
    field: Callable[[Field, bool], AskedField] = _left_to_us
    both: str | None = " "  # between what must all be there; None: one thing at a time
    either: str | None = " OR "  # between alternatives; None: each is a search of its own
    both_in_parentheses: bool = False
    longest: int = 512
    suffix: str = ""  # of every search
    knows_accents: bool = True  # whether it tells letters from those with accents
    blind: str = "sees no word in it"  # why it cannot be asked for a term that is not written

    @property
    def room(self) -> int:
        return self.longest - len(self.suffix) - len("()")


def plain_text(text: str) -> str:
    """A term without what could be read as more than words: quotes, backslashes, line breaks."""
    folded = unicodedata.normalize("NFKC", text.translate(_TRADE_MARKS))
    return " ".join(folded.replace('"', " ").replace("\\", " ").split())


def quoted(text: str) -> Alternatives:
    """A term in quotes, for services that look for the words in them; none where there is none."""
    return (f'"{text}"',) if any(map(str.isalnum, text)) else ()


def seen_or_quoted(text: str) -> Alternatives:
    """As `quoted`, for services that also look for a picture."""
    has_picture = any(unicodedata.category(char) == "So" for char in text)
    return (f'"{text}"',) if has_picture else quoted(text)


def is_never(one: Field, host: str, kinds: frozenset[str]) -> bool:
    """Whether a field holds for nothing at a service that knows no stars. `host`: to which all its
    mentions link, if to one; `kinds`: those of its mentions."""
    match one.name:
        case "site":
            return bool(host) and not f".{host}".endswith(f".{one.value}")
        case "kind":
            return one.value not in kinds
        case _:
            return one.name == "stars"
