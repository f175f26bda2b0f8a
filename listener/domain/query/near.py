"""Two terms near each other."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from listener.domain.query.alignment import Span
from listener.domain.query.nodes import Near, Term
from listener.domain.query.reading import Reading
from listener.domain.query.terms import Finder, finder

Placed = tuple[Span, str]  # where a term stands, and the term as written


@dataclass(frozen=True, slots=True)
class Side:
    """The terms of one side of a Near, as written, each with its finder."""

    terms: tuple[tuple[str, Finder], ...]

    @classmethod
    def of(cls, terms: tuple[Term, ...]) -> "Side":
        return cls(tuple((term.text, finder(term)) for term in dict.fromkeys(terms)))

    def places(self, text: Reading) -> list[Placed]:
        return [
            (span, term)
            for term, found in self.terms
            for span in found.spans(text)
            if span[1] <= text.length  # the parts of tags are neighbours of nothing
        ]


class Nearness:
    """Tells which terms of a Near stand together."""

    def __init__(self, node: Near) -> None:
        self._left = Side.of(node.left)
        self._right = Side.of(node.right)
        self._within = node.within
        self._ordered = node.ordered

    def terms(self, text: Reading) -> tuple[str, ...] | None:
        """The terms of the pairs that are near enough; None if there is none."""
        pairs = self.places(text)
        return tuple(dict.fromkeys(term for _, term in pairs)) or None

    def places(self, text: Reading) -> list[Placed]:
        """The places that stand in a pair, those of the left terms first."""
        if not self._may_hold(text):
            return []
        left, right = self._left.places(text), self._right.places(text)
        starts = [start for start, _ in text.tokens]
        followed = _followed(left, right, starts, self._within)
        led = _led(left, right, starts, self._within)
        if not self._ordered:
            followed |= _led(right, left, starts, self._within)
            led |= _followed(right, left, starts, self._within)
        return [place for place in left if place[0] in followed] + [
            place for place in right if place[0] in led
        ]

    def _may_hold(self, text: Reading) -> bool:
        sides = (self._left, self._right)
        return all(any(found.holds(text) for _, found in side.terms) for side in sides)


def _followed(
    before: Sequence[Placed], after: Sequence[Placed], starts: Sequence[int], within: int
) -> set[Span]:
    """The spans of `before` which one of `after` follows soon enough: the next one is enough."""
    begins = sorted(span[0] for span, _ in after)
    found = set()
    for span, _ in before:
        at = bisect_left(begins, span[1])
        if at < len(begins) and _words_between(span[1], begins[at], starts) <= within:
            found.add(span)
    return found


def _led(
    before: Sequence[Placed], after: Sequence[Placed], starts: Sequence[int], within: int
) -> set[Span]:
    """The spans of `after` which one of `before` comes right before: the last one is enough."""
    ends = sorted(span[1] for span, _ in before)
    found = set()
    for span, _ in after:
        at = bisect_left(ends, span[0] + 1) - 1
        if at >= 0 and _words_between(ends[at], span[0], starts) <= within:
            found.add(span)
    return found


def _words_between(end: int, start: int, starts: Sequence[int]) -> int:
    """How many words begin after one place ends and before the other begins."""
    return bisect_left(starts, start) - bisect_left(starts, end)
