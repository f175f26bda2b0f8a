"""Many queries asked of one text at once: only those are evaluated that can hold.

Each query has needles, terms of which every match holds one. Of each needle one piece is kept that
the text must have: a word, two neighbouring characters, a sign, or one end of a word. A text is
taken apart once, and its pieces name the queries to look at (as percolators of search engines do).
"""

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from listener.domain.query.folding import (
    bare_term,
    fold_for_match,
    glues,
    simplified,
)
from listener.domain.query.nodes import HAN, ONE_SLIP, PLAIN, Exact, Node, Term, Word, needles
from listener.domain.query.patterns import Glob, shortened
from listener.domain.query.query import Query
from listener.domain.query.reading import Reading
from listener.domain.query.stems import languages, stem
from listener.domain.query.terms import MARKS, WILDCARD, Finder, finder
from listener.domain.query.tokens import has_odd_signs
from listener.domain.text import UNSPACED_RUN

Terms = tuple[str, ...]
_Asked = tuple[int, Finder]  # a query, and which of its needles a piece belongs to

_ENDS: Final = (1, 2, 3, 4, 5, 6, 8)  # so many letters of an end are asked for: few lengths
_FEW: Final = 60  # pieces: sooner looked for one by one than a text is taken apart
_PIECES: Final = re.compile(r"\w+|[^\w\s]")  # of folded texts; runs without spaces are cut later


class Many:
    """Queries by number, asked together."""

    def __init__(self, queries: Sequence[Query]) -> None:
        self._queries = tuple(queries)
        self._always: list[int] = []  # nothing tells beforehand whether they can hold
        self._exact: set[int] = set()  # where odd signs hide the pieces of an exact term
        self._words = _Index()  # by pieces of the folded text
        self._bare = _Index()  # of the same without diacritics
        self._simple = _Index()  # of the same in simplified characters
        self._stems: dict[str, _Index] = defaultdict(_Index)  # by language
        self._slips = _Index()  # by a word that one letter was taken from
        self._fronts: dict[int, _Index] = defaultdict(_Index)  # first letters of words, by number
        self._backs: dict[int, _Index] = defaultdict(_Index)
        for number, query in enumerate(self._queries):
            self._add(number, query.root)

    def _add(self, number: int, root: Node) -> None:
        keys = needles(root, _has_key)
        if not keys:
            self._always.append(number)
        for term in keys:
            self._add_term(number, term)

    def _add_term(self, number: int, term: Term) -> None:
        if isinstance(term, Exact):
            self._exact.add(number)
        self._add_keys((number, finder(term)), term)

    def _add_keys(self, number: _Asked, term: Term) -> None:
        way = "" if isinstance(term, Exact) else term.way
        needle = fold_for_match(term.text)
        if way == PLAIN:
            self._bare.add(_rarest(bare_term(needle)), number)
        elif way == HAN:
            self._simple.add(_rarest(simplified(needle)), number)
        elif way == ONE_SLIP:
            for form in shortened(needle):
                self._slips.add(form, number)
        elif way:
            self._words.add(_rarest(needle), number)
            for language in languages(way):
                word = max(needle.split(" "), key=len)
                self._stems[language].add(word, number)
                self._stems[language].add(stem(language, word), number)
        elif isinstance(term, Word) and WILDCARD.search(needle):
            self._add_end(number, Glob(needle.lstrip(MARKS)))
        else:
            self._words.add(_rarest(needle), number)

    def _add_end(self, number: _Asked, glob: Glob) -> None:
        """By the longer end of a word with wildcards that is fixed."""
        front, back = re.split(r"[?*]", glob.first)[0], re.split(r"[?*]", glob.last)[-1]
        size = max(size for size in _ENDS if size <= max(len(front), len(back)))
        if len(front) >= len(back):
            self._fronts[size].add(front[:size], number)
        else:
            self._backs[size].add(back[-size:], number)

    def match(self, text: Reading) -> list[tuple[int, Terms]]:
        """The queries that hold, in their order, each with the terms that were found."""
        found = []
        for number in sorted(self._candidates(text)):
            terms = self._queries[number].match_read(text)
            if terms is not None:
                found.append((number, terms))
        return found

    def _candidates(self, text: Reading) -> set[int]:
        """The queries of which a needle is there, or that have none."""
        numbers = set(self._always)
        if self._exact and has_odd_signs(text.raw):
            numbers |= self._exact
        for number, needle in self._hit(text):
            if number not in numbers and needle.holds(text):
                numbers.add(number)
        return numbers

    def _hit(self, text: Reading) -> Iterator[_Asked]:
        """The needles of which the text has the piece. Words are only cut where one asks for it."""
        yield from self._words.look_in(text.hay)
        if self._bare:
            yield from self._bare.look_in(text.bare)
        if self._simple:
            yield from self._simple.look_in(text.simple)
        if self._slips:
            yield from self._slips.look_up(text.shortened)
        if self._stems or self._fronts or self._backs:
            yield from self._hit_by_words(text.different_words)

    def _hit_by_words(self, words: set[str]) -> Iterator[_Asked]:
        for language, index in self._stems.items():
            yield from index.look_up({stem(language, word) for word in words}.union(words))
        for size, index in self._fronts.items():
            yield from index.look_up({word[:size] for word in words})
        for size, index in self._backs.items():
            yield from index.look_up({word[-size:] for word in words})


class _Index:
    """Which needles to look at for a piece of text."""

    def __init__(self) -> None:
        self._asked: dict[str, list[_Asked]] = {}
        self._pieces: set[str] = set()  # its keys: two sets are compared without a look at each

    def __bool__(self) -> bool:
        return bool(self._asked)

    def add(self, piece: str, asked: _Asked) -> None:
        self._asked.setdefault(piece, []).append(asked)
        self._pieces.add(piece)

    def look_in(self, hay: str) -> Iterator[_Asked]:
        """By the pieces of a text; where few are asked for, those that stand in it anywhere."""
        if len(self._pieces) > _FEW:
            yield from self.look_up(_pieces(hay))
            return
        for piece, asked in self._asked.items():
            if piece in hay:
                yield from asked

    def look_up(self, pieces: set[str]) -> Iterator[_Asked]:
        for piece in self._pieces & pieces:
            yield from self._asked[piece]


def _has_key(term: Term) -> bool:
    """Whether a piece of a term is fixed: not of *air*, which may begin and end with anything."""
    if not isinstance(term, Word) or term.way or not WILDCARD.search(term.text):
        return True
    word = fold_for_match(term.text).lstrip(MARKS)
    return word[0] not in "*?" or word[-1] not in "*?"


def _pieces(hay: str) -> set[str]:
    """The words, signs, pairs of neighbours and single characters that a text consists of."""
    if hay.isascii():
        return set(_PIECES.findall(hay))
    pieces: set[str] = set()
    for piece in _PIECES.findall(hay):
        pieces.update(_cut(piece))
    return pieces


def _cut(piece: str) -> Iterator[str]:
    for at, run in enumerate(UNSPACED_RUN.split(piece)):
        if at % 2 == 0:
            if run:
                yield run
        else:
            yield from run
            yield from map("".join, itertools.pairwise(run))


def _rarest(needle: str) -> str:
    """The piece of a needle that the fewest texts have, as far as its length tells."""
    pieces = _pieces(needle)
    return max(pieces, key=lambda piece: (_weight(piece), piece))


def _weight(piece: str) -> float:
    """Two characters of a script without spaces say about as much as a word of five letters."""
    if glues(piece[0]):
        return len(piece)
    return 2.5 * len(piece) if UNSPACED_RUN.match(piece) else 1
