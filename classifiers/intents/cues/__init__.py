"""Words that hint at an intent, in many languages.

In the lists a phrase stands between spaces; one that ends in `*` begins a word; in scripts without
spaces it stands anywhere. Before looking, letters are folded: case, accents of Latin letters,
apostrophes (can't is cant), traditional characters of Chinese.
"""

import functools
import itertools
import re
import unicodedata
from typing import Final, NamedTuple

from classifiers.han import SIMPLIFIED
from classifiers.intents.cues.east import EAST
from classifiers.intents.cues.north import NORTH
from classifiers.intents.cues.south import SOUTH
from classifiers.plain import plain_words
from classifiers.telling import Telling

KINDS: Final = (
    "defect", "tried", "help", "how", "wish", "buy", "leave", "bad", "good", "thanks", "waits",
    "settled", "danger", "details",
)  # fmt: skip

Listed = tuple[str, str]  # the phrase as it is looked for, its kind

_LINK = re.compile(r"(?:https?://|www\.)\S+|\blink$", re.IGNORECASE)
_MAY_LINK = re.compile("://|www|link$", re.IGNORECASE)
_HANDLE = re.compile(r"@\w+")
_GAP = re.compile(r"(?:[^\w\u0900-\u0963\u0e00-\u0e7f]|_)+")  # marks belong to words there
_APOSTROPHES = {ord(char): None for char in "'’‘`´"}
_ASCII_APOSTROPHES = b"'`"
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_SHORTEST_STEM = 2


def folded(text: str) -> str:
    """The words of a text as cues are looked for in them, a space before each and at the end."""
    if _MAY_LINK.search(text):
        text = _LINK.sub(" ", text)
    if "@" in text:
        text = _HANDLE.sub(" ", text)
    if text.isascii():
        return f" {' '.join(plain_words(text, _ASCII_APOSTROPHES))} "
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_APOSTROPHES)
    plain = plain.translate(_folds())
    return f" {_GAP.sub(' ', plain).strip()} "


def found(words: str) -> frozenset[str]:
    """The kinds of cues in a folded text."""
    index, said = _index(), words.split()
    different = set(said)
    kinds = _telling().of(different)
    pairs = index.by_pair.keys() & set(itertools.pairwise(said))
    phrases = [index.by_pair[pair] for pair in pairs]
    phrases += [index.half_open[word] for word in index.half_open.keys() & different]
    if not words.isascii():
        phrases += [index.by_character[c] for c in index.by_character.keys() & set(words)]
    kinds.update(kind for some in phrases for phrase, kind in some if phrase in words)
    return frozenset(kinds)


class _Index(NamedTuple):
    """All phrases, by what a text must have for them."""

    by_word: dict[str, set[str]]  # the kinds of single words
    by_stem: dict[str, set[str]]  # the kinds of beginnings of words
    by_pair: dict[tuple[str, str], list[Listed]]  # by their first two words
    half_open: dict[str, list[Listed]]  # by the first word, where the second is only begun
    by_character: dict[str, list[Listed]]  # by their first, in scripts without spaces
    longest: int  # characters of a stem


@functools.cache
def _telling() -> Telling[str]:
    return Telling(_of_word)


def _of_word(word: str) -> frozenset[str]:
    """What a word says by itself, or by its beginning."""
    index = _index()
    ends = range(_SHORTEST_STEM, min(len(word), index.longest) + 1)
    stems = [index.by_stem.get(word[:end], ()) for end in ends]
    return frozenset(index.by_word.get(word, ())).union(*stems)


@functools.cache
def _index() -> _Index:
    index = _Index({}, {}, {}, {}, {}, 0)
    for listed, kind in sorted(_listed()):
        phrase = folded(listed.rstrip("*")).strip()
        first, *others = phrase.split()
        is_open = listed.endswith("*")
        whole = (f" {phrase}" if is_open else f" {phrase} ", kind)
        if _UNSPACED.search(phrase):
            index.by_character.setdefault(phrase[0], []).append((phrase, kind))
        elif not others:
            (index.by_stem if is_open else index.by_word).setdefault(phrase, set()).add(kind)
        elif is_open and len(others) == 1:
            index.half_open.setdefault(first, []).append(whole)
        else:
            index.by_pair.setdefault((first, others[0]), []).append(whole)
    return index._replace(longest=max(map(len, index.by_stem)))


def _listed() -> set[Listed]:
    return {
        (phrase.strip(), kind)
        for language in (*NORTH.values(), *SOUTH.values(), *EAST.values())
        for kind, phrases in language.items()
        for phrase in phrases.split("|")
    }


@functools.cache
def _folds() -> dict[int, str]:
    """Latin letters without their accents, and simplified characters for traditional ones."""
    folds = {ord(old): new for old, new in SIMPLIFIED.items()}
    for code in range(0xC0, 0x250):
        base = unicodedata.normalize("NFKD", chr(code))[0]
        if base.isascii() and base != chr(code):
            folds[code] = base
    return folds | {ord("ß"): "ss", ord("ł"): "l", ord("ø"): "o", ord("ı"): "i", ord("đ"): "d"}
