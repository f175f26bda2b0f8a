"""Why a text that a query does not find is nearly found: in words, and where."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final, Generic, NamedTuple, TypeVar

from listener.domain.query.alignment import Span
from listener.domain.query.amiss import KINDS, Kind, Nearly
from listener.domain.query.apart import apart
from listener.domain.query.document import Document
from listener.domain.query.fields import test_of
from listener.domain.query.folding import fold_for_match, glues
from listener.domain.query.matching import compile_node
from listener.domain.query.nodes import (
    HAN,
    ONE_SLIP,
    PLAIN,
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
    Term,
    leaves,
)
from listener.domain.query.query import Place, Query, looker
from listener.domain.query.reading import Reading
from listener.domain.query.said import excluded_words, field_words, listed, shown
from listener.domain.query.terms import WILDCARD, finder
from listener.domain.query.ways import can_have

T = TypeVar("T")

_SHORTEST_INSIDE: Final = 3  # letters; what is shorter stands inside of everything


class Nearest(Generic[T]):
    """Keeps some of what is nearly found: of each kind as many as there is room for."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[Kind, list[T]] = {}
        self.counts: Counter[Kind] = Counter()

    def add(self, kind: Kind, one: T) -> None:
        self.counts[kind] += 1
        kept = self._kept.setdefault(kind, [])
        if len(kept) < self._most:
            kept.append(one)

    @property
    def kept(self) -> list[T]:
        """The nearest kinds first, each in the order in which they came."""
        kinds = [self._kept[kind] for kind in Kind if kind in self._kept]
        turns = sorted(
            (turn, number) for number, ones in enumerate(kinds) for turn in range(len(ones))
        )
        taken = sorted((number, turn) for turn, number in turns[: self._most])
        return [kinds[number][turn] for number, turn in taken]


class _Lack(NamedTuple):
    """What keeps a text from being found: one of these leaves is to hold, or this part not to."""

    missing: tuple[Leaf, ...] = ()
    excluded: Not | None = None


class _Variant(NamedTuple):
    """Another way to read a term, that would find it."""

    kind: Kind
    spans: Callable[[Reading], list[Span]]


class Nearby:
    """Tells why texts are nearly found by one query.

    What it costs grows with the length of the text times the number of terms, and no faster.
    """

    def __init__(self, query: Query) -> None:
        self._query = query
        self._tests: dict[int, Callable[[Reading], bool]] = {}  # by id: the tree lives as we do
        self._variants: dict[int, tuple[_Variant, ...]] = {}

    def why(self, document: str | Document | Reading) -> Nearly | None:
        """What is amiss; None where the text is found, and where it is not even nearly."""
        text = Reading.of(document)
        lacks = self._lacks(self._query.root, text)
        hard = [lack for lack in lacks if lack.excluded is None]
        if not lacks or len(hard) > 1 or (hard and len(lacks) > 1):
            return None
        if hard:
            return self._missed(hard[0].missing, text)
        parts = [lack.excluded for lack in lacks if lack.excluded is not None]
        return self._kept_out(parts, text)

    # What keeps it out

    def _lacks(self, node: Node, text: Reading) -> tuple[_Lack, ...]:
        match node:
            case And(parts):
                return tuple(lack for part in parts for lack in self._lacks(part, text))
            case Or(parts):
                return self._least(parts, text)
            case Not(Not(part)):
                return self._lacks(part, text)
            case Not():
                return () if self._holds(node, text) else (_Lack(excluded=node),)
            case Pack():
                return self._lacks(node.root, text)
            case _:
                return () if self._holds(node, text) else (_Lack(missing=(node,)),)

    def _least(self, parts: Sequence[Node], text: Reading) -> tuple[_Lack, ...]:
        """What the nearest of several alternatives lacks; of several as near, one of all theirs."""
        found: list[tuple[_Lack, ...]] = []
        for part in parts:
            lacks = self._lacks(part, text)
            if not lacks:
                return ()
            found.append(lacks)
        least = min(found, key=_cost)
        if _cost(least) != (1, 1):
            return least
        alike = [lacks[0].missing for lacks in found if _cost(lacks) == (1, 1)]
        return (_Lack(missing=tuple(leaf for missing in alike for leaf in missing)),)

    def _holds(self, node: Leaf | Not, text: Reading) -> bool:
        test = self._tests.get(id(node))
        if test is None:
            test = self._tests[id(node)] = _test(node)
        return test(text)

    # What that means

    def _kept_out(self, parts: Sequence[Not], text: Reading) -> Nearly:
        places: list[Place] = []
        words = []
        for node in parts:
            standing = [
                leaf
                for leaf, excluded in leaves(node.part)
                if not excluded and self._holds(leaf, text)
            ]
            first = {leaf: _places(leaf, text) for leaf in standing}
            words.append(excluded_words(node.part, first))
            places += [place for found in first.values() for place in found]
        return Nearly(Kind.EXCLUDED, listed(words, " and "), tuple(sorted(set(places))))

    def _missed(self, missing: tuple[Leaf, ...], text: Reading) -> Nearly | None:
        missing = tuple(dict.fromkeys(missing))
        found = [one for leaf in missing if (one := self._near_miss(leaf, text)) is not None]
        if found:
            return min(found, key=lambda one: KINDS.index(one.kind))
        if not self._something_else_holds(missing, text):
            return None
        fields = [leaf for leaf in missing if isinstance(leaf, Field)]
        if len(fields) == len(missing):
            return Nearly(Kind.FIELD, field_words(fields, text.document))
        return Nearly(Kind.MISSING, f"lacks {listed(map(str, missing), ' or ')}")

    def _something_else_holds(self, missing: tuple[Leaf, ...], text: Reading) -> bool:
        return any(
            self._holds(leaf, text)
            for leaf, excluded in leaves(self._query.root)
            if not excluded and leaf not in missing
        )

    def _near_miss(self, leaf: Leaf, text: Reading) -> Nearly | None:
        if isinstance(leaf, Near):
            return apart(leaf, text)
        if isinstance(leaf, Field):
            return None
        variants = self._variants.get(id(leaf))
        if variants is None:
            variants = self._variants[id(leaf)] = tuple(_variants(leaf))
        for kind, spans in variants:
            if found := spans(text):
                start, end = text.raw_span(found[0])
                words = _WORDS[kind].format(found=shown(text.raw[start:end]), term=leaf)
                return Nearly(kind, words, (Place(start, end, leaf.text),))
        return None


_WORDS: Final = {
    Kind.CASE: "{found} differs from {term} in case or signs",
    Kind.DIACRITICS: "{found} differs from {term} in its diacritics",
    Kind.CHARACTERS: "{found} is {term} in other characters",
    Kind.SIGNS: "{found} is {term} written otherwise",
    Kind.INSIDE: "{term} stands inside of {found}",
    Kind.SLIP: "{found} is one slip from {term}",
}


def _test(node: Leaf | Not) -> Callable[[Reading], bool]:
    if isinstance(node, Field):
        return test_of(node)
    if isinstance(node, Near | Not):
        find = compile_node(node)
        return lambda text: find(text) is not None
    return finder(node).holds


def _cost(lacks: Sequence[_Lack]) -> tuple[int, int]:
    return sum(lack.excluded is None for lack in lacks), len(lacks)


def _places(leaf: Leaf, text: Reading) -> tuple[Place, ...]:
    """The first place of each term that a leaf stands for; none of a field."""
    if isinstance(leaf, Field):
        return ()
    first = {term: span for span, term in reversed(looker(leaf)(text))}
    return tuple(sorted(Place(*text.raw_span(span), term) for term, span in first.items()))


def _variants(term: Term) -> Iterator[_Variant]:
    if isinstance(term, Exact):
        yield _Variant(Kind.CASE, finder(Phrase(term.text)).spans)
        return
    needle = fold_for_match(term.text)
    if not isinstance(term, Phrase) and WILDCARD.search(needle):
        return
    if term.way != PLAIN and can_have(term, PLAIN):
        yield _Variant(Kind.DIACRITICS, finder(replace(term, way=PLAIN)).spans)
    if term.way != HAN and any("\u3400" <= char <= "\U000323af" for char in needle):
        yield _Variant(Kind.CHARACTERS, finder(replace(term, way=HAN)).spans)
    if len(words := Reading(needle).words) > 1:
        yield _Variant(Kind.SIGNS, _Otherwise(words).spans)
    if sum(map(glues, needle)) >= _SHORTEST_INSIDE:
        yield _Variant(Kind.INSIDE, _Inside(needle).spans)
    if term.way != ONE_SLIP and can_have(term, ONE_SLIP):
        yield _Variant(Kind.SLIP, finder(replace(term, way=ONE_SLIP)).spans)


class _Inside:
    """Finds the longer word that a term stands inside of, where it stands nowhere by itself."""

    def __init__(self, needle: str) -> None:
        self._needle = needle

    def spans(self, text: Reading) -> list[Span]:
        hay = text.hay[: text.length]
        start = hay.find(self._needle)
        if start < 0:
            return []
        end = start + len(self._needle)
        while start and glues(hay[start - 1]):
            start -= 1
        while end < len(hay) and glues(hay[end]):
            end += 1
        return [(start, end)]


class _Otherwise:
    """Finds the words of a term with whatever signs between them, or written as one word."""

    def __init__(self, words: list[str]) -> None:
        self._words = words
        self._together = "".join(words)

    def spans(self, text: Reading) -> list[Span]:
        size = len(self._words)
        for at, word in enumerate(text.words):
            if word == self._words[0] and text.words[at : at + size] == self._words:
                return [(text.tokens[at][0], text.tokens[at + size - 1][1])]
            if word == self._together:
                return [text.tokens[at]]
        return []
