"""What somebody wrote, with the places marked where a query found its terms; cut around them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Self

from listener.domain.text import cluster_start, excerpt

Span = tuple[int, int]  # from, and the first character no more of it

Places = Iterable[Sequence[Any]]  # (start, end), and what else there is of each

_BLANKS: Final = re.compile(r"\s+")
_ENDS: Final = re.compile(r"\A | \Z")


class Piece(NamedTuple):
    """A part of a text, never empty."""

    text: str
    is_marked: bool


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and what is marked in it: places in order, apart from each other. Made by `of`."""

    text: str
    spans: tuple[Span, ...] = ()

    @classmethod
    def of(cls, text: str, places: Places) -> Self:
        """Mark places. What is no place in this text is left out: it may have been edited since."""
        length = len(text)
        return cls(text, _apart((one[0], one[1]) for one in places if _is_within(one, length)))

    @classmethod
    def joined(cls, pieces: Iterable[Piece]) -> Self:
        """The text that has these pieces."""
        text, spans = "", []
        for piece in pieces:
            if piece.is_marked:
                spans.append((len(text), len(text) + len(piece.text)))
            text += piece.text
        return cls(text, tuple(spans))

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The text in its parts, marked ones and others."""
        return tuple(piece for piece in self._pieces() if piece.text)

    def _pieces(self) -> Iterator[Piece]:
        at = 0
        for start, end in self.spans:
            yield Piece(self.text[at:start], is_marked=False)
            yield Piece(self.text[start:end], is_marked=True)
            at = end
        yield Piece(self.text[at:], is_marked=False)

    def written(self, plain: Callable[[str], str], mark: Callable[[str], str]) -> str:
        """The whole as markup: each part as these write it."""
        return "".join((mark if one.is_marked else plain)(one.text) for one in self.pieces)

    def replace(self, pattern: re.Pattern[str], new: str) -> Self:
        """Put something in the place of what is found; `new` may name groups, as in `re.sub`.

        What is marked stays so. What was in part replaced is marked as a whole.
        """
        is_plain = "\\" not in new  # and need not be read at every place, of which there are many
        return self.edited(
            [
                (found.span(), new if is_plain else found.expand(new))
                for found in pattern.finditer(self.text)
            ]
        )

    def edited(self, edits: Sequence[tuple[Span, str]]) -> Self:
        """Put other words in some places, which are in order and apart; marked as by `replace`."""
        if not edits:
            return self
        parts, at = [], 0
        for (start, end), new in edits:
            parts += [self.text[at:start], new]
            at = end
        places = _Moved(edits)
        spans = [(places.start(start), places.end(end)) for start, end in self.spans]
        return type(self).of("".join([*parts, self.text[at:]]), spans)

    def first(self, most: int) -> Self:
        """The same with only so many places marked."""
        return type(self)(self.text, self.spans[:most])

    def around(self, length: int) -> Self:
        """One line of at most `length` characters, … included, that shows the first place.

        It begins where the text does, if the place is seen then.
        """
        line = self.replace(_BLANKS, " ").replace(_ENDS, "")
        head = excerpt(line.text, length)
        if head == line.text:
            return line
        seen = len(head) - 1
        begin = 0
        if line.spans and line.spans[0][1] > seen:
            first = line.spans[0][0]
            whole_end = len(line.text) - length + 1  # from there all that follows is seen
            begin = _begin(line.text, first, min(first - length // 3, whole_end))
        if begin == 0:
            return line._seen(head, 0, seen)
        rest = excerpt(line.text[begin:], length - 1)
        cut = begin + len(rest) < len(line.text)
        return line._seen(f"…{rest}", begin - 1, len(rest) + (0 if cut else 1))

    def _seen(self, text: str, begin: int, end: int) -> Self:
        """The part of us that `text` shows: it begins at `begin`, and is ours up to its `end`."""
        spans = ((start - begin, min(stop - begin, end)) for start, stop in self.spans)
        return type(self)(text, tuple((start, stop) for start, stop in spans if start < stop))


class _Moved:
    """Where places lie after some edits."""

    def __init__(self, edits: Sequence[tuple[Span, str]]) -> None:
        self._starts = [start for (start, _), _ in edits]
        self._ends = [end for (_, end), _ in edits]
        self._grown = [0]
        for (start, end), new in edits:
            self._grown.append(self._grown[-1] + len(new) - (end - start))

    def start(self, at: int) -> int:
        """Of a beginning; within what was replaced it is where that begins."""
        number = bisect_right(self._ends, at)
        inside = number < len(self._starts) and self._starts[number] < at
        return (self._starts[number] if inside else at) + self._grown[number]

    def end(self, at: int) -> int:
        """Of an end; within what was replaced it is where that ends."""
        number = bisect_left(self._starts, at)
        inside = number > 0 and at < self._ends[number - 1]
        return (self._ends[number - 1] if inside else at) + self._grown[number]


def _is_within(place: Sequence[Any], length: int) -> bool:
    start, end = place[:2]
    return isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= length


def _apart(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans in order; those that overlap or touch are one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def _begin(line: str, first: int, at: int) -> int:
    """Where an excerpt begins that shows the place at `first`: at a word, if one begins."""
    start = cluster_start(line, max(at, 0))
    if not start or line[start - 1] == " ":
        return start
    space = line.find(" ", start, first)
    return start if space < 0 else space + 1


def told_places(places: Places, title: str) -> list[list[Any]]:
    """Places of a match as they lie in "title: text", which is one sign longer than it was read."""
    if not title:
        return [list(place) for place in places]
    after = len(title)
    return [[*(at + (at > after) for at in place[:2]), *place[2:]] for place in places]
