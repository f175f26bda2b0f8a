"""Queries in X's own search language. Pure.

A search finds at least what its query matches: what X cannot be asked for is left out of it, and
the Matcher decides here. AND binds before OR, and only a single term is ever excluded.
"""

import re
import unicodedata
from typing import Final

from listener.domain.query import Field, Query
from listener.domain.query.dialect import AskedField, Dialect, is_never
from listener.domain.query.translation import Translation, translate

LONGEST: Final = 512  # characters of a search
NO_REPOSTS: Final = "-is:retweet"
HOST: Final = "x.com"  # to which every mention of X links

_HANDLE = re.compile(r"@[A-Za-z0-9_]{1,15}")
_NAME = re.compile(r"[a-z0-9_]{1,50}")
_TAG = re.compile(r"#\w+")
_WORD = re.compile(r"[^\W_]+")
_ASCII_WORDS = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
_DOMAIN = re.compile(r"(?:[\w-]+\.)+[^\W\d_]{2,}(?:/\S*)?")
_SCHEME = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)
_OPERATORS: Final = frozenset({"and", "or", "not"})
KINDS: Final = frozenset({"post", "reply", "quote"})  # of its mentions
_LANGUAGES: Final = frozenset({
    "am", "ar", "bg", "bn", "bo", "bs", "ca", "ckb", "cs", "cy", "da", "de", "dv", "el", "en", "es",
    "et", "eu", "fa", "fi", "fr", "gu", "he", "hr", "ht", "hu", "hy", "id", "is", "it", "ja", "ka",
    "km", "kn", "ko", "lo", "lt", "lv", "ml", "mr", "my", "ne", "nl", "no", "or", "pa", "pl", "ps",
    "pt", "ro", "ru", "sd", "si", "sk", "sl", "sr", "sv", "ta", "te", "th", "tl", "tr", "ug", "uk",
    "ur", "vi",
})  # fmt: skip
"""Those that X knows by one code. Chinese and Hindi have several, and X does not say by which of
them a post is found."""
UNKNOWN: Final = "lang:und"  # where X cannot tell, we do
_OLD_CODES: Final = {"he": "iw", "id": "in"}


def translated(query: Query, source: str = "") -> Translation:
    """As few searches as find all that a query matches, and what they find beside it."""
    return translate(query, X_SEARCH, source)


def answers_of(handle: str) -> str:
    """The search for what an account answers."""
    return f"from:{handle} is:reply"


def posts_of(handle: str) -> str:
    """The search for all that an account writes."""
    return f"from:{handle} {NO_REPOSTS}"


def _write(text: str) -> tuple[str, ...]:
    """A term as X is asked for it; none where X would see no word in it."""
    if _HANDLE.fullmatch(text) or _TAG.fullmatch(text):
        return (text,)
    phrase = _SCHEME.sub("", text.lstrip("@#"))
    if not any(char.isalnum() or unicodedata.category(char) == "So" for char in phrase):
        return ()
    if _DOMAIN.fullmatch(phrase):
        return f'url:"{phrase}"', f'"{phrase}"'  # most are links, which X keeps apart from the text
    bare = _WORD.fullmatch(phrase) and phrase.casefold() not in _OPERATORS
    return (phrase,) if bare else (f'"{phrase}"',)


def _exclude(text: str) -> tuple[str, ...]:
    """What X leaves out for a NOT.

    Where a term holds other signs X looks for its words, whatever stands between them; of letters
    with accents it leaves out those without, too.
    """
    kinds = (_HANDLE, _TAG, _ASCII_WORDS)
    if not any(kind.fullmatch(text) for kind in kinds):
        return ()
    return tuple(f"-{each}" for each in _write(text))


def _field(one: Field, excluded: bool) -> AskedField:
    match one.name:
        case "author":
            return _by_author(one.value, excluded)
        case "lang":
            return _in_language(one.value, excluded)
        case "kind" if one.value in KINDS:
            return _of_kind(one.value, excluded)
        case "has" if not excluded:
            return AskedField(("has:links",), broader="pictures and videos are links to X")
        case "has":
            return AskedField(why="to X pictures and videos are links, too")
        case _:
            return AskedField(never=is_never(one, HOST, KINDS))


def _by_author(name: str, excluded: bool) -> AskedField:
    if name.endswith("*"):
        return AskedField(why="X has no wildcards")
    if not _NAME.fullmatch(name):
        return AskedField(never=True)
    return AskedField((f"{'-' if excluded else ''}from:{name}",), alone=True)


def _in_language(language: str, excluded: bool) -> AskedField:
    if language not in _LANGUAGES:
        return AskedField(why="X has no code for it, or more than one")
    code = _OLD_CODES.get(language, language)
    if excluded:
        return AskedField((f"-lang:{code}",))
    broader = "posts whose language X cannot tell are asked for, too"
    return AskedField((f"lang:{code}", UNKNOWN), broader=broader)


def _of_kind(kind: str, excluded: bool) -> AskedField:
    """A reply that quotes is a reply here, and both at X."""
    if kind == "reply":
        return AskedField(("-is:reply" if excluded else "is:reply",))
    if excluded:
        return AskedField(why="X cannot leave it out alone")
    return AskedField(("is:quote" if kind == "quote" else "-is:reply -is:quote",))


X_SEARCH: Final = Dialect(
    service="X",
    write=_write,
    exclude=_exclude,
    excludes_more=(
        "NOT at X also leaves out words that differ in accents only, and phrases with signs"
        " between their words"
    ),
    field=_field,
    longest=LONGEST,
    suffix=f" {NO_REPOSTS}",
    knows_accents=False,
)
