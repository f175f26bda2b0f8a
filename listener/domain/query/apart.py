"""Why the two sides of a NEAR are not near: how far apart they stand, or which is absent."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from listener.domain.query.amiss import Kind, Nearly
from listener.domain.query.near import Placed, Side
from listener.domain.query.nodes import Near, Term
from listener.domain.query.query import Place
from listener.domain.query.reading import Reading
from listener.domain.query.said import listed, shown


def apart(near: Near, text: Reading) -> Nearly | None:
    """Both sides stand somewhere, but not near enough; or only one of them does."""
    left, right = _standing(near.left, text), _standing(near.right, text)
    if not left and not right:
        return None
    if not left or not right:
        absent, present = (near.left, near.right) if right else (near.right, near.left)
        names = listed(map(str, absent), " or "), listed(map(str, present), " or ")
        return Nearly(Kind.MISSING, f"lacks {names[0]} near {names[1]}")
    starts = [start for start, _ in text.tokens]
    onward, back = _closest(left, right, starts), _closest(right, left, starts)
    pair = onward if near.ordered else min(filter(None, (onward, back)), default=None)
    if pair is not None:
        one, other = shown(pair.before[1]), shown(pair.after[1])
        words = f"{one} and {other} have {pair.words} words between them, not {near.within} at most"
    elif back is not None:
        words = f"{shown(back.before[1])} stands before {shown(back.after[1])}"
    else:
        words = f"the parts of {near} overlap"
    return Nearly(Kind.FAR, words, _pair(pair or back, text))


class _Pair(NamedTuple):
    words: int  # between them
    before: Placed
    after: Placed


def _closest(before: Sequence[Placed], after: Sequence[Placed], starts: list[int]) -> _Pair | None:
    """The pair with the fewest words between it, each of `before` with the next of `after`."""
    begins = [span[0] for span, _ in after]
    best: _Pair | None = None
    for placed in before:
        at = bisect_left(begins, placed[0][1])
        if at == len(begins):
            continue
        words = bisect_left(starts, begins[at]) - bisect_left(starts, placed[0][1])
        if best is None or words < best.words:
            best = _Pair(words, placed, after[at])
    return best


def _pair(pair: _Pair | None, text: Reading) -> tuple[Place, ...]:
    if pair is None:
        return ()
    return tuple(Place(*text.raw_span(span), term) for span, term in (pair.before, pair.after))


def _standing(side: tuple[Term, ...], text: Reading) -> list[Placed]:
    return sorted(Side.of(side).places(text))
