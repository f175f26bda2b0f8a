"""Searches as the services document them, over one post at a time: phrases of words, in any case,
whatever signs stand between them. What is no search there is a ValueError."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from tests.servers import x

Test = Callable[["Post"], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What a service knows of a post."""

    text: str
    author: str = "ann"
    language: str | None = None
    kind: str = "post"
    link: str = ""  # in its text, or to which it leads


_TOKEN: Final = re.compile(r"\w+|[^\w\s\x00-\x7f]")
_PIECE: Final = re.compile(r'\(|\)|(?:[a-z]+:)?"[^"]*"|[^\s()"]+')


def reddit(search: str) -> Test:
    """Reddit: AND, OR, parentheses; `author:` and `url:`. Which of the operators comes first where
    both stand beside each other is not documented, and refused here."""
    _check(search, 512)
    rest = iter([*_PIECE.findall(search), ""])
    test, end = _joined(rest, next(rest))
    if end:
        raise ValueError("there is more than one search")
    return test


def hacker_news(search: str) -> Test:
    """Algolia: all of it must be there, with accents or without. The author is a tag, which the
    collector makes of it."""
    test = _all_of(_bare(search), "author:")
    return lambda post: test(replace(post, text=_bare(post.text)))


def bluesky(search: str) -> Test:
    """Bluesky: all of it must be there. The author is a parameter, which the collector makes."""
    return _all_of(search, "from:")


def mastodon(search: str) -> Test:
    """Mastodon: a hashtag's timeline, or one phrase, in which no colon may stand."""
    if search.startswith("#"):
        if re.search(r"[\s\"]", search):
            raise ValueError("it is no hashtag")
        return lambda post: _has_tag(post.text, search)
    if not re.fullmatch(r'"[^":]+"', search):
        raise ValueError("it is no phrase")
    return _phrase(search)


def stack_exchange(search: str) -> Test:
    """Stack Exchange: a word, or a phrase in quotes."""
    if not re.fullmatch(r'[^\W_]+|"[^"]+"', search):
        raise ValueError("it could be an operator")
    return _phrase(search)


def on_x(search: str) -> Test:
    """X, with its accents: to its search a letter with one is the letter without."""
    if len(search) > 512:
        raise ValueError("it is too long")
    test = x.reading(_bare(search))
    return lambda post: test(as_on_x(post))


def as_on_x(post: Post) -> x.Post:
    links = [{"expanded_url": post.link}] if post.link else []
    types = {"reply": ["replied_to"], "quote": ["quoted"]}.get(post.kind, [])
    return {
        "text": _bare(post.text.replace(post.link, "https://t.co/1") if post.link else post.text),
        "username": post.author,
        "lang": post.language or "und",
        "referenced_tweets": [{"type": one} for one in types],
        "entities": {"urls": links},
    }


def _check(search: str, longest: int) -> None:
    if len(search) > longest:
        raise ValueError("it is too long")
    if "".join(_PIECE.findall(search)) != "".join(_outside_spaces(search)):
        raise ValueError("there is something that is no piece")


def _outside_spaces(search: str) -> Iterator[str]:
    yield from re.findall(r'"[^"]*"|\S', search)


def _joined(rest: Iterator[str], piece: str) -> tuple[Test, str]:
    tests, words = [], set()
    while True:
        test, piece = _one(rest, piece)
        tests.append(test)
        if piece not in ("AND", "OR"):
            break
        words.add(piece)
        piece = next(rest)
    if len(words) > 1:
        raise ValueError("AND and OR stand beside each other")
    every = all if words == {"AND"} else any
    return (lambda post: every(test(post) for test in tests)), piece


def _one(rest: Iterator[str], piece: str) -> tuple[Test, str]:
    if piece == "(":
        test, end = _joined(rest, next(rest))
        if end != ")":
            raise ValueError("a group does not end")
        return test, next(rest)
    if piece.startswith('"'):
        return _phrase(piece), next(rest)
    name, _, value = piece.partition(":")
    if name == "author" and re.fullmatch(r"[\w-]+", value):
        return (lambda post: post.author.casefold() == value), next(rest)
    if name == "url" and value.startswith('"'):
        wanted = value.strip('"').casefold()
        return (lambda post: wanted in post.link.casefold()), next(rest)
    raise ValueError(f"{piece} is no operator")


def _all_of(search: str, by: str) -> Test:
    _check(search, 512)
    tests: list[Test] = []
    for piece in _PIECE.findall(search):
        name = piece.removeprefix(by)
        if piece.startswith('"'):
            tests.append(_phrase(piece))
        elif name != piece and re.fullmatch(r"[\w.-]+", name):
            tests.append(lambda post, name=name: post.author.casefold() == name)  # type: ignore[misc]
        else:
            raise ValueError(f"{piece} is no operator")
    return lambda post: all(test(post) for test in tests)


def _phrase(quoted: str) -> Test:
    wanted = _TOKEN.findall(quoted.casefold())
    if not wanted:
        raise ValueError("there is no word in it")
    size = len(wanted)

    def stands_in(post: Post) -> bool:
        found = _TOKEN.findall(post.text.casefold())
        return any(found[at : at + size] == wanted for at in range(len(found)))

    return stands_in


def _has_tag(text: str, tag: str) -> bool:
    return tag in re.findall(r"(?<!\w)#\w+", text.casefold())


def _bare(text: str) -> str:
    split = unicodedata.normalize("NFD", text)
    return "".join(char for char in split if unicodedata.category(char) != "Mn")
