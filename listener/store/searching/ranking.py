"""Which of the texts that were found say most about what was looked for.

score = rarity x frequency, summed over the terms found, + nearness + recency

- rarity: ln(1 + n / df) of a term, among the n texts that are ranked (Sparck Jones, 1972)
- frequency: tf / (tf + 1), so that a word said twice counts more, and said ten times hardly more
- nearness: 1 where all terms found stand right beside each other, less with every word between
- recency: 1 for today, a half for thirty days ago
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from math import log
from typing import Final

from listener.domain.query.alignment import Span
from listener.domain.query.near import Nearness
from listener.domain.query.nodes import Field, Near, leaves
from listener.domain.query.query import Query
from listener.domain.query.terms import finder
from listener.domain.times import from_text
from listener.store.searching.documents import Text

HALF_LIFE_DAYS: Final = 30.0
MOST_SPANS: Final = 20  # of one term in one text; more say nothing more
LETTERS_OF_A_WORD: Final = 6


class Ranking:
    """Scores texts by what a query found in them."""

    def __init__(self, query: Query) -> None:
        wanted = [leaf for leaf, excluded in leaves(query.root) if not excluded]
        self._nears = [Nearness(leaf) for leaf in wanted if isinstance(leaf, Near)]
        self._terms = {
            leaf.text: finder(leaf) for leaf in wanted if not isinstance(leaf, (Field, Near))
        }

    def scores(self, texts: Sequence[Text], now: datetime) -> list[float]:
        """How well each text fits, in the order they are given."""
        found = [self._found(text) for text in texts]
        held = Counter(term for terms in found for term in terms)
        rarity = {term: log(1 + len(texts) / count) for term, count in held.items()}
        return [
            sum(rarity[term] * len(spans) / (len(spans) + 1) for term, spans in terms.items())
            + _nearness(list(terms.values()))
            + _recency(text.said_at, now)
            for text, terms in zip(texts, found, strict=True)
        ]

    def _found(self, text: Text) -> dict[str, list[Span]]:
        named = set(text.terms)
        found = {
            term: spans[:MOST_SPANS]
            for term, look in self._terms.items()
            if term in named and (spans := look.spans(text.reading))
        }
        for near in self._nears:
            for span, term in near.places(text.reading)[:MOST_SPANS]:
                found.setdefault(term, []).append(span)
        return found


def _nearness(places: Sequence[list[Span]]) -> float:
    """How close together each term stands once: by the shortest part that holds them all."""
    if len(places) < 2:
        return 0.0
    ordered = sorted((span, term) for term, spans in enumerate(places) for span in spans)
    latest: dict[int, Span] = {}
    shortest = float("inf")
    for span, term in ordered:
        latest[term] = span
        if len(latest) == len(places):
            inside = sum(end - start for start, end in latest.values())
            between = span[1] - min(start for start, _ in latest.values()) - inside
            shortest = min(shortest, max(between, 0))
    return 1 / (1 + shortest / LETTERS_OF_A_WORD)


def _recency(said_at: str, now: datetime) -> float:
    days = max((now - from_text(said_at)).total_seconds(), 0.0) / 86_400
    return float(0.5 ** (days / HALF_LIFE_DAYS))
