"""What the words of a text say by themselves, each looked up on its own.

Most words say nothing, and come again and again: those are remembered, and passed over at once.
"""

import functools
from collections.abc import Callable, Collection
from typing import Final, Generic, TypeVar

T = TypeVar("T")

REMEMBERED: Final = 20_000  # words that say something, and as many that say nothing
LONGEST: Final = 40  # characters of a word that is remembered


class Telling(Generic[T]):
    """Looks words up by a function of one word, which always gives the same."""

    def __init__(self, of_word: Callable[[str], Collection[T]]) -> None:
        self._of_word = of_word
        self._remembered = functools.lru_cache(REMEMBERED)(of_word)
        self._silent: set[str] = set()

    def of(self, words: set[str]) -> set[T]:
        """Give all that these words say."""
        found: set[T] = set()
        for word in words - self._silent:
            if len(word) > LONGEST:
                found.update(self._of_word(word))
            elif said := self._remembered(word):
                found.update(said)
            else:
                self._pass_over(word)
        return found

    def _pass_over(self, word: str) -> None:
        if len(self._silent) >= REMEMBERED:
            self._silent.clear()
        self._silent.add(word)
