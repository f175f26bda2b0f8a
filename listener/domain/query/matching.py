"""From a query's tree to a function that tells which terms a text holds."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from listener.domain.query.fields import test_of
from listener.domain.query.near import Nearness
from listener.domain.query.nodes import (
    And,
    Exact,
    Field,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Pack,
    Phrase,
    Word,
    leaves,
)
from listener.domain.query.reading import Reading
from listener.domain.query.terms import finder

# The terms found, as written; () when it holds for what is absent; None when it does not hold.
Finder = Callable[[Reading], tuple[str, ...] | None]

_NOTHING: tuple[str, ...] = ()


def compile_node(node: Node) -> Finder:
    """Make a finder of a tree; a NOT is carried down to the leaves (De Morgan).

    What it costs grows with the length of the text times the number of different terms, and no
    faster.
    """
    times = Counter(leaf for leaf, _ in leaves(node))
    return _Compiler(frozenset(leaf for leaf, count in times.items() if count > 1)).finder(node)


class _Part(NamedTuple):
    """A finder, and what the folded text has to hold or else it finds nothing; "" if unknown."""

    must_hold: str
    find: Finder


class _Compiler:
    """Makes finders. What is asked `again` and again is looked for once in each text."""

    def __init__(self, again: frozenset[Leaf]) -> None:
        self._again = again

    def finder(self, node: Node, *, negated: bool = False) -> Finder:
        match node:
            case Not(part):
                return self.finder(part, negated=not negated)
            case Pack():
                found = self.finder(node.root)
                return _absent(found) if negated else found
            case And(parts) | Or(parts):
                made = [self._part(part, negated=negated) for part in parts]
                return _every(made) if isinstance(node, And) != negated else _some(made)
            case _:
                found = self._found(node)
                return _absent(found) if negated else found

    def _part(self, node: Node, *, negated: bool) -> _Part:
        """Nearly always a term is not there at all: to see that has to be the cheapest."""
        must_hold = ""
        if isinstance(node, Word | Phrase | Exact) and not negated:
            must_hold = finder(node).must_hold
        return _Part(must_hold, self.finder(node, negated=negated))

    def _found(self, leaf: Leaf) -> Finder:
        found = _present(leaf)
        return _remembered(leaf, found) if leaf in self._again else found


def _present(leaf: Leaf) -> Finder:
    if isinstance(leaf, Near):
        return Nearness(leaf).terms
    if isinstance(leaf, Field):
        return _when(test_of(leaf), _NOTHING)
    return _when(finder(leaf).holds, (leaf.text,))


def _absent(found: Finder) -> Finder:
    return lambda text: _NOTHING if found(text) is None else None


def _remembered(leaf: Leaf, found: Finder) -> Finder:
    def find(text: Reading) -> tuple[str, ...] | None:
        if leaf not in text.found:
            text.found[leaf] = found(text)
        return text.found[leaf]

    return find


def _when(holds: Callable[[Reading], bool], found: tuple[str, ...]) -> Finder:
    return lambda text: found if holds(text) else None


def _every(parts: Sequence[_Part]) -> Finder:
    def find(text: Reading) -> tuple[str, ...] | None:
        terms: tuple[str, ...] = ()
        hay = text.hay
        for must_hold, each in parts:
            found = each(text) if must_hold in hay else None
            if found is None:
                return None
            terms += found
        return terms

    return find


def _some(parts: Sequence[_Part]) -> Finder:
    def find(text: Reading) -> tuple[str, ...] | None:
        terms: tuple[str, ...] | None = None
        hay = text.hay
        for must_hold, each in parts:
            if must_hold not in hay:
                continue
            found = each(text)
            if found is not None:
                terms = found if terms is None else terms + found
        return terms

    return find
