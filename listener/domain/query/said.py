"""What is amiss between a query and a text, in words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC
from typing import TYPE_CHECKING, Final

from listener.domain.query.document import Document
from listener.domain.query.fields import host_of
from listener.domain.query.nodes import Field, Leaf, Node, Pack

if TYPE_CHECKING:
    from listener.domain.query.query import Place

MOST_LISTED: Final = 4
LONGEST_SHOWN: Final = 60


def shown(found: str) -> str:
    """A part of a text in quotes, on one line, not too long."""
    line = "".join(char for char in " ".join(found.split()) if char.isprintable())
    return f'"{line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…"}"'


def listed(words: Iterable[str], joined: str) -> str:
    """Some of several things, and how many more there are."""
    each = list(dict.fromkeys(words))
    more = f"{joined}{len(each) - MOST_LISTED} more" if len(each) > MOST_LISTED else ""
    return joined.join(each[:MOST_LISTED]) + more


def excluded_words(part: Node, standing: "Mapping[Leaf, Sequence[Place]]") -> str:
    """What is excluded and is there all the same, and where."""
    found = listed([_at(leaf, places) for leaf, places in standing.items()], ", ")
    if isinstance(part, Pack):
        return f"excluded by {part}: {found}"
    return f"excluded by {found or part}"


def _at(leaf: Leaf, places: "Sequence[Place]") -> str:
    return f"{leaf} at character {places[0].start + 1}" if places else str(leaf)


def field_words(fields: Sequence[Field], document: Document) -> str:
    """What is known of a mention in place of what was asked for."""
    by_name: dict[str, list[Field]] = {}
    for field in fields:
        by_name.setdefault(field.name, []).append(field)
    return listed([_other(name, asked, document) for name, asked in by_name.items()], ", ")


def _other(name: str, asked: Sequence[Field], document: Document) -> str:
    if name in ("is", "has"):
        return listed([_IS_NOT[field.value] for field in asked], ", ")
    known = _KNOWN[name](document)
    if known is None:
        return f"{name} is not known"
    wanted = listed([str(field).partition(":")[2] for field in asked], " or ")
    return f"{name} is {known}, not {wanted}"


def _number(value: float | None) -> str | None:
    return None if value is None else f"{value:g}" if value < 1_000_000 else str(int(value))


def _moment(document: Document) -> str | None:
    said_at = document.said_at
    return None if said_at is None else f"{said_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


_IS_NOT: Final = {
    "question": "it is no question",
    "repost": "it is no repost",
    "verified": "its author is not verified",
    "link": "it has no link",
}


def _needs(about: Document) -> str | None:
    if about.needs_answer is None:
        return None
    return "answer" if about.needs_answer else "none"


_KNOWN: Final[dict[str, Callable[[Document], str | None]]] = {
    "author": lambda about: about.author or None,
    "site": lambda about: host_of(about.url),
    "lang": lambda about: about.language,
    "channel": lambda about: about.channel,
    "source": lambda about: about.source,
    "kind": lambda about: about.kind,
    "stars": lambda about: _number(about.stars),
    "followers": lambda about: _number(about.followers),
    "likes": lambda about: _number(about.likes),
    "since": _moment,
    "until": _moment,
    "sentiment": lambda about: about.sentiment,
    "label": lambda about: ", ".join(about.labels) or None,
    "intent": lambda about: about.intent,
    "needs": _needs,
    "topic": lambda about: ", ".join(about.topics) or None,
    "state": lambda about: about.state,
    "team": lambda about: ", ".join(about.teams) or None,
    "subject": lambda about: about.subject,
    "above": lambda about: ", ".join(about.above) or None,
    "below": lambda about: ", ".join(about.below) or None,
}
