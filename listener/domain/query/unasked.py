"""What a service cannot be asked for, in sentences."""

from collections.abc import Iterable, Sequence
from typing import Final

from listener.domain.query.joining import Left, Part
from listener.domain.query.nodes import And, Field, Node, Not, Or
from listener.domain.query.query import Query

NO_WORD: Final = "has no word to look for"


def reasons(parts: Iterable[Part]) -> str:
    """Why parts are left out, once each."""
    left = (one for part in parts for one in part.broader if isinstance(one, Left))
    return "; ".join(dict.fromkeys(one.why for one in left if one.why))


def why_nothing(query: Query, part: Part, service: str) -> str:
    left = [one for one in part.broader if isinstance(one, Left)]
    if left and _has_word(query.root):
        return "; ".join(told(left, "cannot be asked for"))
    return f"nothing of it can be asked at {service}: it {NO_WORD}"


def _has_word(node: Node, *, negated: bool = False) -> bool:
    """Whether a part of a query names something to look for, be it beside what does not."""
    match node:
        case And(parts) | Or(parts):
            enough = all if negated and isinstance(node, And) else any
            return enough(_has_word(part, negated=negated) for part in parts)
        case Not(part):
            return _has_word(part, negated=not negated)
        case Field():
            return False
        case _:
            return not negated


def told(broader: Iterable[Left | str], what: str) -> tuple[str, ...]:
    """As sentences; what is left to us for the same reason in one."""
    found: dict[str, list[str]] = {}
    for one in dict.fromkeys(broader):
        if isinstance(one, Left):
            found.setdefault(one.why, []).append(one.said)
        else:
            found[one] = []
    return tuple(_sentence(why, said, what) for why, said in found.items())


def _sentence(why: str, said: Sequence[str], what: str) -> str:
    return ": ".join(filter(None, (_listed(said, what) if said else "", why)))


def _listed(said: Sequence[str], what: str) -> str:
    be = "" if what.startswith("cannot") else "is " if len(said) == 1 else "are "
    return f"{', '.join(said)} {be}{what}"
