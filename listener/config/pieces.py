"""Where the tables of a TOML text lie: its bytes stay what they are outside of what is changed."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})'  # strings of several lines: they may end in quotes
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|[\[\]{}\n]",
    re.DOTALL,
)
_BLANK: Final = re.compile(r"[ \t]*(?:\r?\n|\Z)")
_FIRST: Final = re.compile(r"[ \t]*(.)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A table as it is written, in characters of the text; `path` is () above the first header.

    `end`: behind its last key. What follows up to the next header is comments: those right below
    the last key are its own, those right above a header are that one's.
    """

    path: tuple[str, ...]
    is_listed: bool  # [[in two brackets]]
    start: int
    body: int  # behind the line of its header
    end: int


def pieces(text: str) -> list[Piece]:
    """The tables of a text that tomllib can read, in the order in which they stand."""
    found = [Piece((), is_listed=False, start=0, body=0, end=0)]
    for kind, start, end in _statements(text):
        if kind == "[":
            path, is_listed = _named(text[start:end])
            found.append(Piece(path, is_listed=is_listed, start=start, body=end, end=end))
        else:
            last = found[-1]
            found[-1] = Piece(last.path, last.is_listed, last.start, last.body, end)
    return found


def _statements(text: str) -> Iterator[tuple[str, int, int]]:
    """Each header ("[") and each key ("="), from the start of its line to the start of the next."""
    at = 0
    while at < len(text):
        blank = _BLANK.match(text, at)
        if blank is not None:
            at = max(blank.end(), at + 1)
            continue
        end, first = _end_of(text, at), _first(text, at)
        if first != "#":
            yield "[" if first == "[" else "=", at, end
        at = end


def _first(text: str, at: int) -> str:
    """The first sign of a line that is not blank."""
    found = _FIRST.match(text, at)
    return found[1] if found else ""


def _end_of(text: str, at: int) -> int:
    """Behind the line on which what begins here ends."""
    depth = 0
    for token in _TOKEN.finditer(text, at):
        match token[0]:
            case "[" | "{":
                depth += 1
            case "]" | "}":
                depth -= 1
            case "\n" if depth <= 0:
                return token.end()
            case _:
                pass
    return len(text)


def _named(header: str) -> tuple[tuple[str, ...], bool]:
    """The keys of a header, and whether it stands in two brackets."""
    path, value = [], tomllib.loads(header)
    while value:
        key, inner = next(iter(value.items()))
        path.append(key)
        if isinstance(inner, list):
            return tuple(path), True
        value = inner
    return tuple(path), False


def own_end(text: str, piece: Piece) -> int:
    """Behind a table and the comments right below its last key, if a blank line ends them."""
    at = piece.end
    while at < len(text):
        if _BLANK.match(text, at):
            return at
        if _first(text, at) != "#":
            return piece.end  # the comments are those of the next header
        at = _end_of(text, at)
    return at
