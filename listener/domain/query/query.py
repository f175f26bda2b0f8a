"""A query that was read: its words, its tree, and what it finds in a text."""

from dataclasses import dataclass, field

from listener.domain.query.folding import fold_for_match
from listener.domain.query.grammar import read
from listener.domain.query.matching import Finder, compile_node
from listener.domain.query.nodes import Node, needles, wanted


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for. Made by `parse`; two are equal when they mean the same tree."""

    text: str = field(compare=False)
    root: Node
    _find: Finder = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_find", compile_node(self.root))

    def __str__(self) -> str:
        return self.text

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms looked for, as written, not those excluded: for services that search."""
        return tuple(dict.fromkeys(term.text for term in wanted(self.root)))

    @property
    def needles(self) -> tuple[str, ...]:
        """Terms of which each match holds at least one, as written; see `nodes.needles`."""
        return tuple(dict.fromkeys(term.text for term in needles(self.root)))

    @property
    def handles(self) -> tuple[str, ...]:
        """The handles among the terms, folded, without their @."""
        names = (fold_for_match(term) for term in self.terms)
        return tuple(name[1:] for name in names if name[0] == "@" and " " not in name)

    def match(self, text: str) -> tuple[str, ...] | None:
        """The terms that matched, as written in the query and in its order; None for no match."""
        return self.match_folded(fold_for_match(text))

    def match_folded(self, folded: str) -> tuple[str, ...] | None:
        """As `match`, of a text that `fold_for_match` has folded: once for all queries."""
        found = self._find(folded)
        return found if found is None or len(found) < 2 else tuple(dict.fromkeys(found))


def parse(text: str) -> Query:
    """Read a query. Raises QueryError, which says where the mistake is and what was expected."""
    return Query(text, read(text))
