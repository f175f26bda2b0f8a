"""From a query's tree to a function that tells which terms a folded text holds."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from listener.domain.query.folding import fold_for_match, glues, in_name
from listener.domain.query.nodes import And, Node, Not, Or, Phrase, Word
from listener.domain.text import UNSPACED

# The terms found, as written; () when it holds for what is absent; None when it does not hold.
Finder = Callable[[str], tuple[str, ...] | None]

_GLUED: Final = re.compile(rf"[^\W{UNSPACED}]+")


def compile_node(node: Node, *, negated: bool = False) -> Finder:
    """Make a finder of a node; a NOT is carried down to the terms (De Morgan).

    What it costs grows with the length of the text times the number of terms, and no faster.
    """
    match node:
        case Not(part):
            return compile_node(part, negated=not negated)
        case And(parts) | Or(parts):
            finders = [compile_node(part, negated=negated) for part in parts]
            return _every(finders) if isinstance(node, And) != negated else _some(finders)
        case Word(text) | Phrase(text):
            return _absent(text) if negated else _present(text)


def _present(text: str) -> Finder:
    needle, found = fold_for_match(text), (text,)
    alone = _alone(needle)
    # Nearly always the term is not there at all: what comes first has to be the cheapest.
    return lambda folded: found if needle in folded and alone(folded) else None


def _absent(text: str) -> Finder:
    needle = fold_for_match(text)
    alone = _alone(needle)
    return lambda folded: None if needle in folded and alone(folded) else ()


def _every(finders: Sequence[Finder]) -> Finder:
    def find(folded: str) -> tuple[str, ...] | None:
        terms: tuple[str, ...] = ()
        for finder in finders:
            found = finder(folded)
            if found is None:
                return None
            terms += found
        return terms

    return find


def _some(finders: Sequence[Finder]) -> Finder:
    def find(folded: str) -> tuple[str, ...] | None:
        terms: tuple[str, ...] | None = None
        for finder in finders:
            found = finder(folded)
            if found is not None:
                terms = found if terms is None else terms + found
        return terms

    return find


def _alone(needle: str) -> Callable[[str], bool]:
    """Make a test whether a folded term stands in a folded text by itself, not inside a word.

    A handle or a tag also keeps its distance: @acme is not in bob@acme.com, #航空 not in #航空公司.
    """
    is_marked = needle[0] in "@#" and len(needle) > 1
    first_glues, last_glues = glues(needle[0]), glues(needle[-1])
    held_before = glues if first_glues or is_marked else None
    held_after = glues if last_glues else None
    if is_marked and " " not in needle and in_name(needle[-1]) and not last_glues:
        held_after = in_name
    size = len(needle)

    def is_held(folded: str, at: int) -> bool:
        end = at + size
        if held_before is not None and at and held_before(folded[at - 1]):
            return True
        return held_after is not None and end < len(folded) and held_after(folded[end])

    def alone(folded: str) -> bool:
        at = folded.find(needle)
        while at >= 0 and is_held(folded, at):
            # What begins inside the same word is held too: skip it, or "aaaa…" takes for ever.
            word = _GLUED.match(folded, at) if first_glues else None
            at = folded.find(needle, word.end() if word else at + 1)
        return at >= 0

    return alone
