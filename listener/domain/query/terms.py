"""Where a single term stands in a text."""

import itertools
import re
from collections.abc import Callable, Iterator
from typing import Final, Protocol

from listener.domain.query.alignment import Span
from listener.domain.query.folding import (
    bare_term,
    fold_exactly,
    fold_for_match,
    glues,
    goes_on,
    in_name,
    is_mark,
    simplified,
)
from listener.domain.query.nodes import HAN, ONE_SLIP, PLAIN, Exact, Term, Word
from listener.domain.query.patterns import Glob, is_one_slip, kept_ends, shortened
from listener.domain.query.reading import Forms, Reading
from listener.domain.query.stems import languages
from listener.domain.text import UNSPACED, UNSPACED_RUN

MARKS: Final = "@#"
WILDCARD: Final = re.compile(r"[*?]")

_GLUED: Final = re.compile(rf"[^\W{UNSPACED}]+")
_FLAG_LETTERS: Final = "\U0001f1e6-\U0001f1ff"  # two of them are a flag
_FLAG_LETTER: Final = re.compile(f"[{_FLAG_LETTERS}]")
_FLAG: Final = re.compile(f"[{_FLAG_LETTERS}]{{2}}")
_TOUCHING: Final = frozenset("+#&@$%*^~")  # signs that make another name of what they touch


class Finder(Protocol):
    """Finds one term. What it costs grows with the text's length, and no faster."""

    @property
    def must_hold(self) -> str:
        """What the folded text holds wherever the term stands; "" where nothing is sure."""
        ...

    def holds(self, text: Reading) -> bool:
        """Whether the term stands somewhere."""
        ...

    def spans(self, text: Reading) -> list[Span]:
        """All its places in the folded text, which may overlap; without those inside of tags."""
        ...


def finder(term: Term) -> Finder:
    """Make the finder of a term."""
    if isinstance(term, Exact):
        return _Exactly(term.text)
    needle = fold_for_match(term.text)
    if term.way == PLAIN:
        return _Plain(needle)
    if term.way == HAN:
        return _Han(needle)
    if term.way == ONE_SLIP:
        return _Slip(needle)
    if term.way:
        return _Inflected(needle, languages(term.way))
    if isinstance(term, Word) and WILDCARD.search(needle):
        return _Wild(needle)
    return _Literal(needle)


class Needle:
    """A folded term, and how it keeps its distance to what stands around it.

    A handle or a tag keeps more: @acme is not in bob@acme.com, #航空 not in #航空公司.
    """

    __slots__ = ("_after", "_before", "_first_glues", "_is_flag", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        is_marked = text[0] in MARKS and len(text) > 1
        self._first_glues = glues(text[0])
        self._is_flag = _FLAG_LETTER.search(text[0] + text[-1]) is not None
        self._before = glues if self._first_glues or is_marked else None
        self._after: Callable[[str], bool] = goes_on if glues(text[-1]) else is_mark
        if is_marked and " " not in text and in_name(text[-1]) and not glues(text[-1]):
            self._after = in_name

    def is_held(self, hay: str, at: int) -> bool:
        """Whether what stands around a place makes the needle a part of something else."""
        end = at + len(self.text)
        if self._before is not None and at and self._before(hay[at - 1]):
            return True
        return end < len(hay) and self._after(hay[end])

    def is_in(self, hay: str) -> bool:
        return self.text in hay and next(self.places(hay), None) is not None

    def places(self, hay: str) -> Iterator[int]:
        """All places, from left to right, that are not held."""
        places = self._free(hay)
        return self._between_flags(hay, places) if self._is_flag else places

    def _between_flags(self, hay: str, places: Iterator[int]) -> Iterator[int]:
        """Those of the places that neither begin nor end in the middle of a flag."""
        if self.text not in hay:
            return
        middles = {flag.start() + 1 for flag in _FLAG.finditer(hay)}
        for at in places:
            if middles.isdisjoint((at, at + len(self.text))):
                yield at

    def _free(self, hay: str) -> Iterator[int]:
        find, text = hay.find, self.text
        at = find(text)
        while at >= 0:
            if not self.is_held(hay, at):
                yield at
                at = find(text, at + 1)
                continue
            # What begins inside the same word is held too: skip it, or "aaaa…" takes for ever.
            word = _GLUED.match(hay, at) if self._first_glues else None
            at = find(text, word.end() if word else at + 1)


class _Literal:
    def __init__(self, needle: str) -> None:
        self.must_hold = needle
        self._needle = Needle(needle)

    def holds(self, text: Reading) -> bool:
        return self._needle.is_in(text.hay)

    def spans(self, text: Reading) -> list[Span]:
        return _spans(self._needle, text.hay)


class _Exactly:
    def __init__(self, written: str) -> None:
        self.must_hold = fold_for_match(written)
        self._written = fold_exactly(written)
        self._needle = Needle(self._written)

    def holds(self, text: Reading) -> bool:
        return self.must_hold in text.hay and next(self._places(text.exact), None) is not None

    def spans(self, text: Reading) -> list[Span]:
        if self.must_hold not in text.hay:
            return []
        size = len(self._written)
        return [text.span_of_exact((at, at + size)) for at in self._places(text.exact)]

    def _places(self, exact: str) -> Iterator[int]:
        size = len(self._written)
        for at in self._needle.places(exact):
            before, after = exact[at - 1 : at], exact[at + size : at + size + 1]
            is_numbered = before in MARKS and self._written[0].isdigit()
            front = not is_numbered and _touches(before, self._written[0])
            if not front and not _touches(after, self._written[-1]):
                yield at


def _touches(char: str, edge: str) -> bool:
    """Whether a neighbour, if there is one, makes another name of what stands in backticks.

    Nothing does at an edge of a script without spaces.
    """
    if not char or UNSPACED_RUN.match(edge):
        return False
    return glues(char) or char in _TOUCHING


class _Plain:
    must_hold = ""  # it may be written otherwise

    def __init__(self, needle: str) -> None:
        self._needle = Needle(bare_term(needle))

    def holds(self, text: Reading) -> bool:
        return self._needle.is_in(text.bare)

    def spans(self, text: Reading) -> list[Span]:
        return [text.span_of_bare(span) for span in _spans(self._needle, text.bare)]


class _Han:
    must_hold = ""  # it may be written otherwise

    def __init__(self, needle: str) -> None:
        self._needle = Needle(simplified(needle))

    def holds(self, text: Reading) -> bool:
        return self._needle.is_in(text.simple)

    def spans(self, text: Reading) -> list[Span]:
        return _spans(self._needle, text.simple)


class _Wild:
    def __init__(self, needle: str) -> None:
        self._mark = needle[0] if needle[0] in MARKS else ""
        self._glob = Glob(needle.removeprefix(self._mark))
        self.must_hold = self._glob.longest

    def holds(self, text: Reading) -> bool:
        return next(self._found(text), None) is not None

    def spans(self, text: Reading) -> list[Span]:
        return list(self._found(text))

    def _found(self, text: Reading) -> Iterator[Span]:
        must_hold = self.must_hold
        if must_hold not in text.hay:
            return
        for word, (start, end) in zip(text.words, text.tokens, strict=True):
            if must_hold not in word or not self._glob.matches(word):
                continue
            if not self._mark:
                yield start, end
            elif _is_marked(text.hay, start, self._mark):
                yield start - 1, end


def _is_marked(hay: str, start: int, mark: str) -> bool:
    return hay[start - 1 : start] == mark and (start == 1 or not glues(hay[start - 2]))


class _Slip:
    must_hold = ""

    def __init__(self, needle: str) -> None:
        self._word = needle
        self._forms = shortened(needle)
        self._front, self._back = kept_ends(needle)

    def holds(self, text: Reading) -> bool:
        return next(self._found(text), None) is not None

    def spans(self, text: Reading) -> list[Span]:
        return list(self._found(text))

    def _found(self, text: Reading) -> Iterator[Span]:
        if text.is_shortened and self._forms.isdisjoint(text.shortened):
            return
        least, most = len(self._word) - 1, len(self._word) + 1
        for word, span in zip(text.words, text.tokens, strict=True):
            if not least <= len(word) <= most:
                continue
            is_near = word.startswith(self._front) or word.endswith(self._back)
            if is_near and is_one_slip(self._word, word):
                yield span


class _Inflected:
    """Words one after the other with one blank between them, each a form of the term's."""

    must_hold = ""

    def __init__(self, needle: str, spoken: tuple[str, ...]) -> None:
        self._needle = Needle(needle)
        self._words = needle.split(" ")
        self._languages = spoken

    def holds(self, text: Reading) -> bool:
        return self._needle.is_in(text.hay) or next(self._found(text), None) is not None

    def spans(self, text: Reading) -> list[Span]:
        return sorted({*_spans(self._needle, text.hay), *self._found(text)})

    def _found(self, text: Reading) -> Iterator[Span]:
        for language in self._languages:
            forms = [text.forms(language, word) for word in self._words]
            if all(form.numbers for form in forms):
                yield from _in_a_row(text, forms)


def _in_a_row(text: Reading, forms: list[Forms]) -> Iterator[Span]:
    """Where one form of each word follows another; looked for from the rarest of them on."""
    words, tokens = text.words, text.tokens
    rarest = min(range(len(forms)), key=lambda at: len(forms[at].numbers))
    for number in forms[rarest].numbers:
        first, end = number - rarest, number - rarest + len(forms)
        if first < 0 or end > len(words):
            continue
        said = zip(words[first:end], forms, strict=True)
        are_forms = all(word in form.words for word, form in said)
        if are_forms and _are_neighbours(text.hay, tokens[first:end]):
            yield tokens[first][0], tokens[end - 1][1]


def _are_neighbours(hay: str, tokens: list[Span]) -> bool:
    return all(hay[one[1] : other[0]] == " " for one, other in itertools.pairwise(tokens))


def _spans(needle: Needle, hay: str) -> list[Span]:
    size = len(needle.text)
    return [(at, at + size) for at in needle.places(hay)]
