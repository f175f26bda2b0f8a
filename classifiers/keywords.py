"""Keywords of topics, found in a text in any language, all topics at once.

A keyword is a word or a phrase. `late` is that word alone; `deliver*` is any that begins so. In
Korean every keyword is a beginning, for particles follow it; in Chinese, Japanese and Thai, which
write no spaces, it may stand anywhere. Capitals, accents and traditional characters do not count;
nor does what Arabic writes before a word ("and", "with", "the").
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from classifiers.han import SIMPLIFIED
from classifiers.plain import plain_words
from classifiers.telling import Telling

READ_CHARACTERS: Final = 2000  # of a text; what it is about is said by then
_MARKS = re.compile(r"[\u0300-\u036f\u0640\u064b-\u0652]+")  # accents; Arabic vowels, stretching
_SAME = str.maketrans({**SIMPLIFIED, "ı": "i", "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه"})
_UNSPACED = r"\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_HAS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_WORD = re.compile(rf"[^\W_{_UNSPACED}]+(?:[\u0900-\u0dff][^\W_{_UNSPACED}]*)*")
_KOREAN = re.compile(r"[\uac00-\ud7a3]")
_ARABIC_BEFORE = ("وال", "بال", "فال", "كال", "لل", "ال", "و", "ب", "ل", "ف")
_PREFIX_FROM, _PREFIX_UPTO = 1, 20


def folded(text: str) -> str:
    """Write a text as keywords are compared."""
    text = text[:READ_CHARACTERS]
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFC", _MARKS.sub("", plain)).translate(_SAME)


def _words_of(plain: str) -> list[str]:
    if plain.isascii():
        return plain_words(plain)
    return _WORD.findall(plain)


class Keywords:
    """Finds which of some lists of keywords a text has words of."""

    def __init__(self, lists: Sequence[Sequence[str]]) -> None:
        self._words: dict[str, set[int]] = {}
        self._beginnings: dict[str, set[int]] = {}
        self._phrases: dict[str, list[tuple[str, int]]] = {}  # by their first word
        self._anywhere: dict[str, set[int]] = {}
        for number, keywords in enumerate(lists):
            for keyword in keywords:
                self._add(folded(keyword).strip(), number)
        self._lengths = sorted({len(each) for each in self._anywhere})
        self._telling = Telling(lambda word: tuple(self._of(word)))

    def _add(self, keyword: str, number: int) -> None:
        if not keyword.strip("* "):
            return
        if _HAS_UNSPACED.search(keyword):
            self._anywhere.setdefault(keyword.replace("*", ""), set()).add(number)
            return
        parts = _words_of(keyword)
        if len(parts) > 1:
            whole = f" {' '.join(parts)}" + ("" if keyword.endswith("*") else " ")
            self._phrases.setdefault(parts[0], []).append((whole, number))
        elif parts and (keyword.endswith("*") or _KOREAN.search(keyword)):
            self._beginnings.setdefault(parts[0], set()).add(number)
        elif parts:
            self._words.setdefault(parts[0], set()).add(number)

    def hits(self, text: str) -> Counter[int]:
        """Count the different keywords of each list that a text has; those of none are left out."""
        plain = folded(text)
        words = _words_of(plain)
        different = set(words)
        found = self._telling.of(different)
        starts = different & self._phrases.keys()
        if starts:
            found.update(self._as_phrases(f" {' '.join(words)} ", starts))
        if not plain.isascii() and _HAS_UNSPACED.search(plain):
            found.update(self._unspaced(plain))
        return Counter([number for _, number in found])

    def _as_phrases(self, line: str, starts: Iterable[str]) -> Iterator[tuple[str, int]]:
        for start in starts:
            for phrase, number in self._phrases[start]:
                if phrase in line:
                    yield phrase, number

    def _of(self, word: str) -> Iterator[tuple[str, int]]:
        for form in _forms(word):
            for number in self._words.get(form, ()):
                yield form, number
            for end in range(_PREFIX_FROM, min(len(form), _PREFIX_UPTO) + 1):
                for number in self._beginnings.get(form[:end], ()):
                    yield form[:end], number

    def _unspaced(self, plain: str) -> Iterator[tuple[str, int]]:
        for start in range(len(plain)):
            for length in self._lengths:
                part = plain[start : start + length]
                for number in self._anywhere.get(part, ()):
                    yield part, number


def _forms(word: str) -> Iterator[str]:
    """The word, and in Arabic what is left of it without what is written before it."""
    yield word
    if "\u0600" <= word[0] <= "\u06ff":
        for before in _ARABIC_BEFORE:
            if word.startswith(before) and len(word) - len(before) > 2:
                yield word[len(before) :]
