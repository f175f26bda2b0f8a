"""Ready-made queries for what mostly disturbs: to exclude, or to look at alone.

They find what the rules of `domain/spam.py` find: what offers something and asks for something, and
complains of nothing.
"""

import functools
import re
from collections.abc import Iterable
from typing import Final

from listener.domain import spam

NAMES: Final = tuple(spam.OFFERS)

_BARE = re.compile(r"\w{3,}\*|\w+")


@functools.cache
def text_of(name: str) -> str:
    """A pack as the query that it stands for."""
    offer = spam.OFFERS[spam.SpamRule(name)]
    asks = [*_terms(offer.asks), *(["has:link"] if offer.link else [])]
    return (
        f"({' OR '.join(_terms(offer.offers))}) ({' OR '.join(asks)})"
        f" NOT ({' OR '.join(_terms(spam.COMPLAINTS))})"
    )


def _terms(words: Iterable[str]) -> list[str]:
    """Words as terms of a query: what is more than a word stands in quotes."""
    return [word if _BARE.fullmatch(word) else f'"{word.strip()}"' for word in words]
