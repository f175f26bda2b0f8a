"""What the full-text index is asked for: never less than a query finds, often a little more."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice, product
from typing import Final

from listener.domain.query.fields import EQUAL
from listener.domain.query.folding import fold_for_match, simplified, without_diacritics
from listener.domain.query.nodes import (
    HAN,
    ONE_SLIP,
    PLAIN,
    And,
    Exact,
    Field,
    Near,
    Node,
    Not,
    Or,
    Pack,
    Term,
    Word,
)
from listener.domain.query.patterns import Glob
from listener.domain.query.stems import languages
from listener.domain.query.terms import MARKS, WILDCARD
from listener.domain.query.tokens import IRREGULAR, cut, is_word, known, pairs
from listener.store import vocabulary
from listener.store.connection import Db
from listener.store.search import MOST_LABELS

INDEXED_FIELDS: Final = frozenset({"channel", "source", "kind", "site"})
MOST_WORDS: Final = 500  # that one open word may stand for; FTS5 looks at each for every row
MOST_IN_ALL: Final = 2_000
MOST_WALKS: Final = 5  # through the whole vocabulary
DEEPEST: Final = 12  # levels; FTS5's parser has room for a few more
HAN_RANGES: Final = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x323B0))


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words one after the other."""

    words: tuple[str, ...]

    def __str__(self) -> str:
        return f'"{" ".join(self.words)}"'


@dataclass(frozen=True, slots=True)
class Beginning:
    """A word that begins so."""

    word: str

    def __str__(self) -> str:
        return f'"{self.word}" *'


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple["Condition", ...]

    def __str__(self) -> str:
        return f"({' AND '.join(map(str, self.parts))})"


@dataclass(frozen=True, slots=True)
class Any:
    parts: tuple["Condition", ...]

    def __str__(self) -> str:
        return f"({' OR '.join(map(str, self.parts))})"


Condition = Phrase | Beginning | All | Any
_ODD: Final = Phrase((IRREGULAR,))


class Asking:
    """Makes conditions of a query's parts; None is no condition: whatever there is may do."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._left = MOST_IN_ALL
        self._walks = MOST_WALKS
        self.notes: list[str] = []  # what could only be asked for more broadly

    def of(self, node: Node, depth: int = 0) -> Condition | None:
        """What each text has in the index for which a part of a query holds."""
        if depth > DEEPEST:
            return None
        match node:
            case And(parts):
                return _all(self.of(part, depth + 1) for part in parts)
            case Or(parts):
                return _any([self.of(part, depth + 1) for part in parts])
            case Near():
                sides = (node.left, node.right)
                return _all(_any([self._of_term(term) for term in side]) for side in sides)
            case Pack():
                return self.of(node.root, depth)
            case Field():
                return _of_field(node)
            case Not():
                return None
            case _:
                return self._of_term(node)

    def _of_term(self, term: Term) -> Condition | None:
        if isinstance(term, Exact):
            found = _literally(fold_for_match(term.text))
            return None if found is None else Any((found, _ODD))
        needle = fold_for_match(term.text)
        match term.way:
            case "":
                is_wild = isinstance(term, Word) and WILDCARD.search(needle)
                return self._of_form(needle) if is_wild else _literally(needle)
            case str(way) if way == HAN:
                return _in_all_variants(simplified(needle))
            case str(way) if way == PLAIN:
                return self._plainly(without_diacritics(needle) or needle)
            case str(way) if way == ONE_SLIP:
                return self._words(needle, vocabulary.one_slip_from(self._db, needle))
            case way:
                return _all(self._inflected(word, languages(way)) for word in needle.split(" "))

    def _of_form(self, needle: str) -> Condition | None:
        glob = Glob(needle.lstrip(MARKS) if needle[0] in MARKS else needle)
        if vocabulary.is_open_on_both_sides(glob):
            self._walks -= 1
            if self._walks < 0:
                self.notes.append(f"{needle}: more than {MOST_WALKS} words are open on both sides")
                return None
        found = self._words(needle, vocabulary.of_form(self._db, glob))
        beginning = glob.first.partition("?")[0]
        return Any((Beginning(beginning), _ODD)) if found is None and beginning else found

    def _plainly(self, bare: str) -> Condition | None:
        """Signs lose strokes too, and are left out."""
        pieces = cut(bare)
        words = (
            self._words(word, vocabulary.without_marks(self._db, word))
            for word in pieces.words
            if is_word(word)
        )
        return _all((*words, *map(_of_run, pieces.runs)))

    def _inflected(self, word: str, spoken: tuple[str, ...]) -> Condition | None:
        forms = (
            form for language in spoken for form in vocabulary.forms_of(self._db, language, word)
        )
        return self._words(word, (word, *forms))

    def _words(self, written: str, words: Iterable[str]) -> Condition | None:
        """One of these words; None where there are too many to ask for each."""
        most = min(MOST_WORDS, self._left)
        found = list(dict.fromkeys(islice(words, most + 1)))
        if len(found) > most:
            self.notes.append(f"{written} stands for more than {most} words")
            return None
        self._left -= len(found)
        return Any((*(Phrase((word,)) for word in found), _ODD))


def _of_field(field: Field) -> Condition | None:
    if field.name not in INDEXED_FIELDS or field.op != EQUAL:
        return None
    if field.value.count(".") >= MOST_LABELS:
        return None
    return Phrase((known(field.name, field.value),))


def _literally(needle: str) -> Condition | None:
    """The words of a term one after the other, and its runs; None for signs we do not keep."""
    pieces = cut(needle)
    words = (Phrase(tuple(pieces.words)),) if pieces.words else ()
    return _all((*words, *map(_of_run, pieces.runs)))


def _of_run(run: str) -> Condition:
    return Beginning(run) if len(run) == 1 else Phrase(tuple(pairs(run)[:-1]))


def _in_all_variants(needle: str) -> Condition | None:
    """The words as they are; each pair of characters in simplified or traditional ones."""
    pieces = cut(needle)
    words = (Phrase((word,)) for word in pieces.words)
    return _all((*words, *(found for run in pieces.runs for found in _variants_of(run))))


def _variants_of(run: str) -> list[Condition]:
    if len(run) == 1:
        return [Any(tuple(map(Beginning, _written(run))))]
    return [
        Any(tuple(Phrase(("".join(pair),)) for pair in product(*map(_written, couple))))
        for couple in pairs(run)[:-1]
    ]


def _written(char: str) -> tuple[str, ...]:
    """The characters that are this one once they are simplified."""
    return tuple(dict.fromkeys((char, *_variants().get(char, ()))))


@functools.cache
def _variants() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for first, after in HAN_RANGES:
        for char in map(chr, range(first, after)):
            simple = simplified(char)
            if simple != char:
                found[simple] = (*found.get(simple, ()), char)
    return found


def _all(parts: Iterable[Condition | None]) -> Condition | None:
    kept = tuple(dict.fromkeys(part for part in parts if part is not None))
    if len(kept) > 1:
        return All(kept)
    return kept[0] if kept else None


def _any(parts: list[Condition | None]) -> Condition | None:
    kept = tuple(dict.fromkeys(part for part in parts if part is not None))
    if None in parts or not kept:
        return None
    return Any(kept) if len(kept) > 1 else kept[0]
