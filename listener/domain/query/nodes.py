"""What a query is made of. Written as a string, a node reads back as an equal node."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Word:
    """A word, a @handle, a #tag or a domain, as its author wrote it."""

    text: str
    position: int = field(default=0, compare=False, repr=False)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Phrase:
    """What stands in quotes: words next to each other, signs literally."""

    text: str
    position: int = field(default=0, compare=False, repr=False)

    def __str__(self) -> str:
        return f'"{self.text}"'


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Node", ...]

    def __str__(self) -> str:
        return " ".join(_in_parentheses(part, And, Or) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Node", ...]

    def __str__(self) -> str:
        return " OR ".join(_in_parentheses(part, Or) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Not:
    part: "Node"
    position: int = field(default=0, compare=False, repr=False)

    def __str__(self) -> str:
        return f"NOT {_in_parentheses(self.part, And, Or)}"


Term = Word | Phrase
Node = Term | And | Or | Not


def wanted(node: Node, *, negated: bool = False) -> Iterator[Term]:
    """The terms that speak for a match, in the order they were written; not those excluded."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from wanted(part, negated=negated)
        case Not(part):
            yield from wanted(part, negated=not negated)
        case _:
            if not negated:
                yield node


def needles(node: Node, *, negated: bool = False) -> tuple[Term, ...]:
    """Terms of which each match holds at least one: what to ask a service that knows no operators.

    Of parts that must all be there the one with the fewest terms is asked for, of several such the
    one whose shortest term is longest. Empty for what asks for nothing; see `unanchored`.
    """
    match node:
        case And(parts) | Or(parts):
            found = [needles(part, negated=negated) for part in parts]
            if isinstance(node, And) != negated:
                return min(filter(None, found), key=_cost, default=())
            return tuple(term for terms in found for term in terms) if all(found) else ()
        case Not(part):
            return needles(part, negated=not negated)
        case _:
            return () if negated else (node,)


def _cost(terms: tuple[Term, ...]) -> tuple[int, int]:
    return len(terms), -min(len(term.text) for term in terms)


def unanchored(node: Node) -> Not | None:
    """The first NOT that could match by itself, and so nearly everything; None if all is well.

    A conjunction needs one part that asks for something, a disjunction needs it of every part;
    under a NOT the two change places (De Morgan).
    """
    return None if _asks(node, negated=False) else _first_not(node)


def _asks(node: Node, *, negated: bool) -> bool:
    match node:
        case And(parts) | Or(parts):
            enough = any if isinstance(node, And) != negated else all
            return enough(_asks(part, negated=negated) for part in parts)
        case Not(part):
            return _asks(part, negated=not negated)
        case _:
            return not negated


def _first_not(node: Node) -> Not | None:
    match node:
        case Not():
            return node
        case And(parts):
            return next(filter(None, map(_first_not, parts)), None)
        case Or(parts):
            careless = (part for part in parts if not _asks(part, negated=False))
            return next(filter(None, map(_first_not, careless)), None)
        case _:
            return None


def _in_parentheses(node: Node, *kinds: type[Node]) -> str:
    return f"({node})" if isinstance(node, kinds) else str(node)
