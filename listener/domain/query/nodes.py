"""What a query is made of. Written as a string, a node reads back as an equal node."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

ONE_SLIP: Final = "1"
PLAIN: Final = "plain"
HAN: Final = "han"


@dataclass(frozen=True, slots=True)
class Word:
    """A word, a @handle, a #tag or a domain, as its author wrote it; `*` and `?` are wildcards.

    `way` is how it may differ in a text: "" not at all, or what stands behind its ~: ONE_SLIP,
    PLAIN, HAN, or languages whose inflections count, joined by +.
    """

    text: str
    way: str = ""
    position: int = field(default=0, compare=False, repr=False)

    def __str__(self) -> str:
        return self.text + _written(self.way)


@dataclass(frozen=True, slots=True)
class Phrase:
    """What stands in quotes: words next to each other, signs literally. `way` as for a Word."""

    text: str
    way: str = ""
    position: int = field(default=0, compare=False, repr=False)

    def __str__(self) -> str:
        return f'"{self.text}"{_written(self.way)}'


@dataclass(frozen=True, slots=True)
class Exact:
    """What stands in backticks: case and signs as written."""

    text: str
    position: int = field(default=0, compare=False, repr=False)

    def __str__(self) -> str:
        return f"`{self.text}`"


Term = Word | Phrase | Exact


@dataclass(frozen=True, slots=True)
class Near:
    """One of `left` and one of `right`, with at most `within` words between them."""

    left: tuple[Term, ...]
    right: tuple[Term, ...]
    within: int
    ordered: bool = False  # the left one comes first
    position: int = field(default=0, compare=False, repr=False)

    def __str__(self) -> str:
        operator = f"{'O' if self.ordered else ''}NEAR/{self.within}"
        return f"{_alternatives(self.left)} {operator} {_alternatives(self.right)}"


@dataclass(frozen=True, slots=True)
class Field:
    """What is known of a mention beside its words.

    `op` is ":" for equal, "<", "<=", ">", ">=", or ".." for from `value` to `high`, both included.
    """

    name: str
    value: str
    op: str = ":"
    high: str = ""
    position: int = field(default=0, compare=False, repr=False)

    def __str__(self) -> str:
        if self.op == "..":
            return f"{self.name}:{self.value}..{self.high}"
        value = f'"{self.value}"' if _needs_quotes(self.value) else self.value
        return f"{self.name}:{'' if self.op == ':' else self.op}{value}"


@dataclass(frozen=True, slots=True)
class Pack:
    """One of our ready-made queries, by its name."""

    name: str
    root: "Node" = field(compare=False, repr=False)
    position: int = field(default=0, compare=False, repr=False)

    def __str__(self) -> str:
        return f"pack:{self.name}"


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


Leaf = Term | Near | Field
Node = Leaf | Pack | And | Or | Not


class Signed(NamedTuple):
    """A leaf, and whether it is excluded where it stands (NOTs carried down, De Morgan)."""

    leaf: Leaf
    excluded: bool


def leaves(node: Node, *, negated: bool = False) -> Iterator[Signed]:
    """All leaves in the order they were written."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part, negated=negated)
        case Not(part):
            yield from leaves(part, negated=not negated)
        case Pack():
            for leaf, excluded in leaves(node.root):
                yield Signed(leaf, excluded or negated)  # its own exceptions are not asked for
        case _:
            yield Signed(node, negated)


def wanted(node: Node) -> Iterator[Term]:
    """The terms that speak for a match, in the order they were written; not those excluded."""
    for leaf, excluded in leaves(node):
        if excluded or isinstance(leaf, Field):
            continue
        yield from (*leaf.left, *leaf.right) if isinstance(leaf, Near) else (leaf,)


def needles(
    node: Node,
    can_ask: Callable[[Term], bool] = lambda term: True,
    *,
    negated: bool = False,
) -> tuple[Term, ...]:
    """Terms of which each match holds at least one, among those that `can_ask` accepts.

    For a service that knows no operators, or an index. Of parts that must all be there the one with
    the fewest terms is taken, of several such the one whose shortest term is longest. Empty for
    what asks for nothing.
    """
    match node:
        case And(parts) | Or(parts):
            found = [needles(part, can_ask, negated=negated) for part in parts]
            if isinstance(node, And) != negated:
                return min(filter(None, found), key=_cost, default=())
            return tuple(term for terms in found for term in terms) if all(found) else ()
        case Not(part):
            return needles(part, can_ask, negated=not negated)
        case Pack():
            return needles(node.root, can_ask, negated=negated)
        case Near():
            sides = (side for side in (node.left, node.right) if all(map(can_ask, side)))
            return () if negated else min(sides, key=_cost, default=())
        case Field():
            return ()
        case _:
            return (node,) if not negated and can_ask(node) else ()


def without(node: Node, field: str, *, negated: bool = False) -> Node | None:
    """What is left of a query where a field is not known: it finds at least the same.

    None: nothing is left, and it finds everything.
    """
    match node:
        case And(parts) | Or(parts):
            kept = [without(part, field, negated=negated) for part in parts]
            if isinstance(node, And) == negated and None in kept:
                return None
            left = tuple(part for part in kept if part is not None)
            join = And if isinstance(node, And) != negated else Or
            return (join(left) if len(left) > 1 else left[0]) if left else None
        case Not(part):
            return without(part, field, negated=not negated)
        case Field() if node.name == field:
            return None
        case _:
            return Not(node) if negated else node


def _cost(terms: tuple[Term, ...]) -> tuple[int, int]:
    return len(terms), -min(len(term.text) for term in terms)


def unanchored(node: Node, asks: Callable[[Field], bool]) -> Not | Field | None:
    """The first part that could match by itself, and so nearly everything; None if all is well.

    A conjunction needs one part that asks for something, a disjunction needs it of every part;
    under a NOT the two change places (De Morgan). `asks` says which fields ask for something.
    """
    return None if looks_for(node, asks, negated=False) else _first_careless(node, asks)


def looks_for(node: Node, asks: Callable[[Field], bool], *, negated: bool) -> bool:
    """Whether a part asks for something, and does not only exclude."""
    match node:
        case And(parts) | Or(parts):
            enough = any if isinstance(node, And) != negated else all
            return enough(looks_for(part, asks, negated=negated) for part in parts)
        case Not(part):
            return looks_for(part, asks, negated=not negated)
        case Pack():
            return not negated
        case Field():
            return not negated and asks(node)
        case _:
            return not negated


def _first_careless(node: Node, asks: Callable[[Field], bool]) -> Not | Field | None:
    match node:
        case Not():
            return node
        case Field():
            return None if asks(node) else node
        case And(parts) | Or(parts):
            is_or = isinstance(node, Or)
            guilty = (p for p in parts if not is_or or not looks_for(p, asks, negated=False))
            found = (_first_careless(part, asks) for part in guilty)
            return next((each for each in found if each is not None), None)
        case _:
            return None


def _written(way: str) -> str:
    return f"~{way}" if way else ""


def _needs_quotes(value: str) -> bool:
    return not value or any(char.isspace() or char in '()"`' for char in value) or value[0] == "-"


def _alternatives(terms: tuple[Term, ...]) -> str:
    return str(terms[0]) if len(terms) == 1 else f"({' OR '.join(map(str, terms))})"


def _in_parentheses(node: Node, *kinds: type[Node]) -> str:
    return f"({node})" if isinstance(node, kinds) else str(node)
