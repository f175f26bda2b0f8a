"""A query that was read: its words, its tree, and what it finds in a text."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from listener.domain.query.document import Document
from listener.domain.query.fields import LATER, read_value
from listener.domain.query.grammar import read
from listener.domain.query.matching import Finder, compile_node
from listener.domain.query.near import Nearness, Placed
from listener.domain.query.nodes import And, Field, Near, Node, Term, leaves, wanted, without
from listener.domain.query.reading import Reading
from listener.domain.query.terms import finder

MOST_PLACES = 50


class Place(NamedTuple):
    """Where a term stands, in characters of the title, a line break and the text."""

    start: int
    end: int
    term: str  # as written in the query


Looker = Callable[[Reading], list[Placed]]


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for. Made by `parse`; two are equal when they mean the same tree."""

    text: str = field(compare=False)
    root: Node
    _find: Finder = field(init=False, compare=False, repr=False)
    _looking: list[Looker] | None = field(default=None, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_find", compile_node(self.root))

    def __str__(self) -> str:
        return self.text

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms looked for, as written, not those excluded: for services that search."""
        return tuple(dict.fromkeys(term.text for term in wanted(self.root)))

    @property
    def fields(self) -> frozenset[str]:
        """The names of the fields it asks for."""
        return frozenset(leaf.name for leaf, _ in leaves(self.root) if isinstance(leaf, Field))

    @property
    def known_later(self) -> frozenset[str]:
        """The fields it asks for which are not known yet when a mention comes in."""
        return self.fields & LATER

    def without(self, field: str) -> "Query | None":
        """The query where a field is not known: it finds at least the same. None: all there is."""
        root = without(self.root, field)
        return None if root is None else Query(self.text, root)

    def narrowed(self, fields: Mapping[str, str]) -> "Query":
        """The query where these fields hold as well. Raises BadValueError for a value that is none.

        A value is taken as it is, and no sign in it means anything.
        """
        known = [Field(name, *_as_read(name, value)) for name, value in fields.items()]
        parts = self.root.parts if isinstance(self.root, And) else (self.root,)
        return Query(self.text, And((*parts, *known))) if known else self

    def match(self, document: str | Document) -> tuple[str, ...] | None:
        """The terms that matched, as written in the query and in its order; None for no match."""
        return self.match_read(Reading.of(document))

    def match_read(self, text: Reading) -> tuple[str, ...] | None:
        """As `match`, of a text that was folded once for all queries."""
        found = self._find(text)
        return found if found is None or len(found) < 2 else tuple(dict.fromkeys(found))

    def places(self, document: str | Document | Reading) -> tuple[Place, ...]:
        """Where the terms stand that speak for a match, in the text's order; so many at most."""
        text = Reading.of(document)
        found: set[Place] = set()
        for look in self._lookers():
            found.update(
                Place(*text.raw_span(span), term) for span, term in look(text)[:MOST_PLACES]
            )
        return tuple(sorted(found)[:MOST_PLACES])

    def _lookers(self) -> list[Looker]:
        """What finds the places of each term that speaks for a match; made when first asked for."""
        if self._looking is None:
            wanted = {leaf for leaf, excluded in leaves(self.root) if not excluded}
            made = [looker(leaf) for leaf in wanted if not isinstance(leaf, Field)]
            object.__setattr__(self, "_looking", made)
        return self._looking or []


def _as_read(name: str, written: str) -> tuple[str, str, str]:
    op, value, high = read_value(name, written)
    return value, op, high


def looker(leaf: Term | Near) -> Looker:
    """What finds the places of a leaf, each with its term, those of one term in their order."""
    if isinstance(leaf, Near):
        return Nearness(leaf).places
    spans, term = finder(leaf).spans, leaf.text
    return lambda text: [(span, term) for span in spans(text)]


def parse(text: str, inflect: tuple[str, ...] = (), *, broad: bool = False) -> Query:
    """Read a query. Raises QueryError, which says where the mistake is and what was expected.

    `inflect`: languages (`stems.LANGUAGES`) whose inflections count for plain words. `broad`: it
    may consist of fields only, as a search or a filter may.
    """
    return Query(text, read(text, inflect="+".join(inflect), broad=broad))
