"""A text as queries read it: folded once for all of them, and more only when one asks for it."""

import functools
import re
from collections.abc import Callable
from typing import Final, NamedTuple

from listener.domain.query.alignment import Alignment, Span, remembered
from listener.domain.query.document import Document
from listener.domain.query.folding import (
    fold_exactly,
    fold_for_match,
    fold_letters,
    glues,
    is_mark,
    keep_letters,
    simplified,
    without_diacritics,
)
from listener.domain.query.patterns import shortened
from listener.domain.query.stems import are_forms, grows_in_front, stem
from listener.domain.query.tags import Parts, parts_of_tags
from listener.domain.text import UNSPACED, whole_clusters

BREAK: Final = "\0"  # between a text and the parts of its tags: stands in no term, touches nothing

_MARKS_LIE_IN: Final = (
    *range(0x300, 0x12000), *range(0x16A00, 0x17000), *range(0x1BC00, 0x1BD00),
    *range(0x1CF00, 0x1D250), *range(0x1DA00, 0x1DB00), *range(0x1E000, 0x1E960),
)  # fmt: skip
_ASCII_TOKEN = re.compile(r"\w+")
_FOLD_LETTER: Final = remembered(fold_letters)
_KEEP_LETTER: Final = remembered(keep_letters)


class Forms(NamedTuple):
    """Different words of a text that are forms of one, and the numbers they have in it."""

    words: set[str]
    numbers: list[int]


class Reading:
    """What there is of one text. `about` gives what is known of it beside its words."""

    def __init__(self, raw: str, about: Callable[[], Document] | None = None) -> None:
        self.raw = raw
        self._about = about
        self.found: dict[object, tuple[str, ...] | None] = {}  # what was looked for already
        self._forms: dict[tuple[str, str], Forms] = {}
        self._stems: dict[tuple[str, str], dict[str, list[str]]] = {}
        self.hay = fold_for_match(raw)
        self.length = len(self.hay)  # without the parts of tags
        if "#" in self.hay:
            self._add_parts()

    @classmethod
    def of(cls, document: "str | Document | Reading") -> "Reading":
        """What there is of a text alone, of one that more is known of, or of one that was read."""
        if isinstance(document, Reading):
            return document
        if isinstance(document, str):
            return cls(document)
        return cls(whole(document.title, document.text), lambda: document)

    def _add_parts(self) -> None:
        folded = [(fold_for_match(parts.words), parts) for parts in parts_of_tags(self.raw)]
        self._tags: list[tuple[int, Parts]] = []
        for words, parts in folded:
            self._tags.append((len(self.hay) + 1, parts))
            self.hay += BREAK + words

    @functools.cached_property
    def document(self) -> Document:
        return Document(text=self.raw) if self._about is None else self._about()

    @functools.cached_property
    def exact(self) -> str:
        """The text with its case and signs; see `fold_exactly`."""
        return fold_exactly(self.raw)

    @functools.cached_property
    def bare(self) -> str:
        """The folded text without diacritics."""
        return without_diacritics(self.hay)

    @functools.cached_property
    def simple(self) -> str:
        """The folded text in simplified characters."""
        return simplified(self.hay)

    @functools.cached_property
    def tokens(self) -> list[Span]:
        """Where the words of the folded text lie; of unspaced scripts each character is one."""
        return [token.span() for token in self._token().finditer(self.hay)]

    @functools.cached_property
    def different_words(self) -> set[str]:
        """The words, once each: known much sooner than where they stand."""
        return set(self._token().findall(self.hay))

    def _token(self) -> re.Pattern[str]:
        return _ASCII_TOKEN if self.hay.isascii() else _any_token()

    @functools.cached_property
    def words(self) -> list[str]:
        """The words that `tokens` lie at."""
        return [self.hay[start:end] for start, end in self.tokens]

    @functools.cached_property
    def positions(self) -> dict[str, list[int]]:
        """The different words, each with its numbers among `words`."""
        found: dict[str, list[int]] = {}
        for number, word in enumerate(self.words):
            found.setdefault(word, []).append(number)
        return found

    def forms(self, language: str, word: str) -> Forms:
        """The words here that are forms of this one in a language."""
        if (language, word) not in self._forms:
            known = self._by_stem(language, "" if grows_in_front(language) else word[0])
            own = stem(language, word)
            candidates = {own, *known.get(own, ()), *known.get(word, ())} & self.different_words
            found = {other for other in candidates if are_forms(language, word, other)}
            where = self.positions if found else {}
            numbers = sorted(number for other in found for number in where[other])
            self._forms[language, word] = Forms(found, numbers)
        return self._forms[language, word]

    def _by_stem(self, language: str, letter: str) -> dict[str, list[str]]:
        """The different words that begin so, by their stems in a language."""
        known = self._stems.get((language, letter))
        if known is None:
            known = self._stems[language, letter] = {}
            for word in self.different_words:
                if word.startswith(letter):
                    known.setdefault(stem(language, word), []).append(word)
        return known

    @property
    def is_shortened(self) -> bool:
        """Whether somebody has taken the pains of `shortened` already."""
        return "shortened" in self.__dict__

    @functools.cached_property
    def shortened(self) -> set[str]:
        """The words, and all of them without one letter: what a slip is looked for among."""
        return set().union(*map(shortened, self.different_words))

    @functools.cached_property
    def _folded_alignment(self) -> Alignment:
        return Alignment(self.raw, self.hay[: self.length], _FOLD_LETTER)

    @functools.cached_property
    def _exact_alignment(self) -> Alignment:
        return Alignment(self.raw, self.exact, _KEEP_LETTER)

    @functools.cached_property
    def _bare_alignment(self) -> Alignment:
        return Alignment(self.hay, self.bare, without_diacritics)

    def raw_span(self, span: Span) -> Span:
        """Where a part of the folded text lies in the raw one; the part of a tag is all of it.

        An emoji is never torn: where 👍 is found in 👍🏽, all of it is the place.
        """
        if span[0] < self.length:
            if self.length == len(self.raw) and self.raw.isascii():
                return span  # lower case, blank for blank: nothing has moved
            return whole_clusters(self.raw, *self._folded_alignment.to_raw(span))
        _, parts = max((tag for tag in self._tags if tag[0] - 1 <= span[0]), key=lambda tag: tag[0])
        return parts.start, parts.end

    def span_of_exact(self, span: Span) -> Span:
        """Where a part of `exact` lies in the folded text."""
        return self._folded_alignment.to_folded(self._exact_alignment.to_raw(span))

    def span_of_bare(self, span: Span) -> Span:
        """Where a part of `bare` lies in the folded text."""
        return self._bare_alignment.to_raw(span)


def whole(title: str, text: str) -> str:
    """What is read of a mention: its title, if it has one, and its text."""
    return f"{title}\n{text}" if title else text


@functools.cache
def _any_token() -> re.Pattern[str]:
    """Runs of what glues, and single characters of scripts without spaces, with their marks."""
    return re.compile(rf"[{UNSPACED}](?:{marks()})*|(?:[^\W{UNSPACED}]|{gluing_marks()})+")


@functools.cache
def marks() -> str:
    """An expression for one mark of any script."""
    return _class([char for char in map(chr, _MARKS_LIE_IN) if is_mark(char)])


@functools.cache
def gluing_marks() -> str:
    """An expression for one mark of a script with spaces."""
    return _class([char for char in map(chr, _MARKS_LIE_IN) if is_mark(char) and glues(char)])


def _class(chars: list[str]) -> str:
    """An expression for one of these characters, in their order.

    In two classes: one that goes beyond 16 bits is looked through range by range.
    """
    near, far = ([c for c in chars if (c <= "\uffff") == is_near] for is_near in (True, False))
    return f"[{_ranges(near)}]|(?=[\U00010000-\U0010ffff])[{_ranges(far)}]"


def _ranges(chars: list[str]) -> str:
    """Characters in their order as the body of a character class, which is quick if it is short."""
    found: list[list[str]] = []
    for char in chars:
        if found and ord(char) == ord(found[-1][1]) + 1:
            found[-1][1] = char
        else:
            found.append([char, char])
    return "".join(f"{first}-{last}" for first, last in found)
