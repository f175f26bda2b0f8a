"""Queries in X's own search language. Pure.

A search finds at least what its query matches: what X cannot be asked for is left out of it, and
the Matcher decides here. AND binds before OR, and only a single term is ever excluded.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from listener.domain.query import And, Node, Not, Or, Query

LONGEST: Final = 512  # characters of a search
NO_REPOSTS: Final = "-is:retweet"
ROOM: Final = LONGEST - len(f"() {NO_REPOSTS}")
LONGEST_TERM: Final = 200

_HANDLE = re.compile(r"@[A-Za-z0-9_]{1,15}")
_TAG = re.compile(r"#\w+")
_WORD = re.compile(r"[^\W_]+")
_PLAIN_PHRASE = re.compile(r"[^\W_]+(?: [^\W_]+)*")
_DOMAIN = re.compile(r"(?:[\w-]+\.)+[^\W\d_]{2,}(?:/\S*)?")
_SCHEME = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)
_OPERATORS: Final = frozenset({"and", "or", "not"})
_TRADE_MARKS: Final = str.maketrans("™℠", "  ")

Alternatives = tuple[str, ...]  # any of them; each holds terms that go together


def searches(query: Query) -> tuple[str, ...]:
    """As few searches as find all that a query matches; none where X can be asked for nothing."""
    found = _alternatives(query.root) or _needles(query)
    return tuple(f"{_group(chunk)} {NO_REPOSTS}" for chunk in _packed(found, ROOM))


def answers_of(handle: str) -> str:
    """The search for what an account answers."""
    return f"from:{handle} is:reply"


def posts_of(handle: str) -> str:
    """The search for all that an account writes."""
    return f"from:{handle} {NO_REPOSTS}"


def _needles(query: Query) -> Alternatives:
    """What is left of a query of which a part cannot be asked for: the terms that can be."""
    return tuple(each for needle in query.needles for each in _term(needle))


def _alternatives(node: Node, *, negated: bool = False) -> Alternatives:
    """What to ask for to find all that a node matches; none where it cannot be asked for.

    A NOT is carried down to the terms (De Morgan).
    """
    match node:
        case Not(part):
            return _alternatives(part, negated=not negated)
        case And(parts) | Or(parts):
            if isinstance(node, And) != negated:
                return _all_of(parts, negated)
            found = [_alternatives(part, negated=negated) for part in parts]
            return tuple(each for one in found for each in one) if all(found) else ()
        case _:
            return () if negated else _term(node.text)


def _all_of(parts: Iterable[Node], negated: bool) -> Alternatives:
    groups: list[Alternatives] = []
    excluded: list[str] = []
    for part in parts:
        if found := _alternatives(part, negated=negated):
            groups.append(found)
        else:
            excluded += _excluded(part, negated=negated)
    return _joined(groups, excluded) if groups else ()


def _excluded(node: Node, *, negated: bool) -> Iterator[str]:
    """The terms that X can leave out for us, of a node that only excludes."""
    match node:
        case Not(part):
            yield from _excluded(part, negated=not negated)
        case And(parts) | Or(parts):
            if isinstance(node, And) != negated:
                for part in parts:
                    yield from _excluded(part, negated=negated)
        case _:
            text = _normal(node.text)
            if negated and len(text) <= LONGEST_TERM and _is_plain(text):
                yield from (f"-{each}" for each in _term(text))


def _is_plain(text: str) -> bool:
    """Whether X leaves out no more for a term than we would.

    Where a term holds other signs X looks for its words, whatever stands between them.
    """
    return any(kind.fullmatch(text) for kind in (_HANDLE, _TAG, _PLAIN_PHRASE))


def _term(text: str) -> Alternatives:
    """A term as X is asked for it; none where X would see no word in it."""
    text = _normal(text)
    if _HANDLE.fullmatch(text) or (_TAG.fullmatch(text) and len(text) <= LONGEST_TERM):
        return (text,)
    text = _SCHEME.sub("", text.lstrip("@#"))
    phrase = _cut(text)
    if not any(char.isalnum() or unicodedata.category(char) == "So" for char in phrase):
        return ()
    if phrase == text and _DOMAIN.fullmatch(text):
        return f'url:"{text}"', f'"{text}"'  # most are links, which X keeps apart from the text
    bare = _WORD.fullmatch(phrase) and phrase.casefold() not in _OPERATORS
    return (phrase,) if bare else (f'"{phrase}"',)


def _normal(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text.translate(_TRADE_MARKS))
    return " ".join(folded.replace('"', " ").replace("\\", " ").split())


def _cut(text: str) -> str:
    """The first words of a phrase that is too long: who has all of it has these."""
    words = text.split()
    while len(" ".join(words)) > LONGEST_TERM:
        words.pop()
    return " ".join(words)


def _joined(groups: Sequence[Alternatives], excluded: Sequence[str]) -> Alternatives:
    """One of each group, and nothing excluded. What finds no room is left to the Matcher."""
    if len(groups) == 1 and not excluded:
        return groups[0]
    whole = " ".join([*map(_group, groups), *excluded])
    if len(whole) <= ROOM:
        return (whole,)
    narrowest = min(range(len(groups)), key=lambda at: _cost(groups[at]))
    rest = [_group(group) for at, group in enumerate(groups) if at != narrowest]
    rest += excluded
    room = max(ROOM - len(" ".join(rest)) - len("() "), ROOM // 2)
    return tuple(_filled(_group(chunk), rest) for chunk in _packed(groups[narrowest], room))


def _cost(group: Alternatives) -> tuple[int, int]:
    return len(group), -min(map(len, group))


def _filled(text: str, more: Iterable[str]) -> str:
    for part in more:
        if len(text) + 1 + len(part) <= ROOM:
            text = f"{text} {part}"
    return text


def _packed(found: Iterable[str], room: int) -> Iterator[Alternatives]:
    """The same in as few chunks as there is room for; one that is longer stands alone."""
    chunk: tuple[str, ...] = ()
    for each in dict.fromkeys(found):
        if chunk and len(" OR ".join((*chunk, each))) > room:
            yield chunk
            chunk = ()
        chunk = (*chunk, each)
    if chunk:
        yield chunk


def _group(found: Alternatives) -> str:
    return found[0] if len(found) == 1 else f"({' OR '.join(found)})"
