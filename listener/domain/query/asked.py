"""In which forms a term is asked for at a service that finds words as they stand."""

import functools
import itertools
import math
import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from listener.domain.query.folding import fold_for_match, simplified, without_diacritics
from listener.domain.query.nodes import HAN, ONE_SLIP, PLAIN, Exact, Term, Word
from listener.domain.query.terms import WILDCARD

MOST_FORMS: Final = 12
Alternatives = tuple[str, ...]  # any of them

_OPEN_END = re.compile(r"\*?([^*?]+)\*?")
_HAN: Final = range(0x4E00, 0xA000)  # the characters in use; others stand for themselves only


def forms_of(term: Term, *, knows_accents: bool) -> tuple[Alternatives, str]:
    """All that a term finds, or why that cannot be listed."""
    if isinstance(term, Exact):
        return (term.text,), ""
    if isinstance(term, Word) and not term.way and WILDCARD.search(fold_for_match(term.text)):
        return (), "has no wildcards"
    match term.way:
        case "":
            return (term.text,), ""
        case way if way == HAN:
            return _scripts_of(fold_for_match(term.text))
        case way if way == PLAIN:
            bare = without_diacritics(fold_for_match(term.text))
            return ((), "minds accents") if knows_accents else ((bare or term.text,), "")
        case way if way == ONE_SLIP:
            return (), "forgives no slips"
        case _:
            return (), "knows no inflected forms"


def as_written(term: Term) -> str:
    """The one form of a term that is always found; "" where a wildcard stands inside of it."""
    if not isinstance(term, Word) or term.way or not WILDCARD.search(term.text):
        return term.text
    found = _OPEN_END.fullmatch(term.text)
    return found[1] if found else ""


def _scripts_of(folded: str) -> tuple[Alternatives, str]:
    """A term in simplified and traditional characters, and in mixtures of them."""
    choices = [_same().get(simplified(char), char) for char in folded]
    if math.prod(map(len, choices)) > MOST_FORMS:
        return (), "knows no other script, and it can be written in too many ways"
    forms = ("".join(chars) for chars in itertools.product(*choices))
    return tuple(dict.fromkeys((folded, *forms))), ""


@functools.cache
def _same() -> Mapping[str, str]:
    """A simplified character -> itself, and all that are simplified to it."""
    found: dict[str, str] = defaultdict(str)
    for char in map(chr, _HAN):
        found[simplified(char)] += char
    return found
