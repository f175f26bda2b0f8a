"""Words that hint at an intent, in many languages.

In the lists a phrase stands between spaces; one that ends in `*` begins a word; in scripts without
spaces it stands anywhere. Before looking, letters are folded: case, accents of Latin letters,
apostrophes (can't is cant), traditional characters of Chinese.
"""

import functools
import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from classifiers.han import SIMPLIFIED
from classifiers.intents.cues.east import EAST
from classifiers.intents.cues.north import NORTH
from classifiers.intents.cues.south import SOUTH

KINDS: Final = (
    "defect", "tried", "help", "how", "wish", "buy", "leave", "bad", "good", "thanks", "waits",
    "settled", "danger", "details",
)  # fmt: skip

Listed = tuple[str, str]  # the phrase as it is looked for, its kind

_LINK = re.compile(r"(?:https?://|www\.)\S+|\blink$", re.IGNORECASE)
_HANDLE = re.compile(r"@\w+")
_GAP = re.compile(r"(?:[^\w\u0900-\u0963\u0e00-\u0e7f]|_)+")  # marks belong to words there
_APOSTROPHES = {ord(char): None for char in "'’‘`´"}
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_SHORTEST_STEM = 2
_LONGEST = 40  # characters of a word that decide
_REMEMBERED = 20_000  # words, and the cues that may begin with them: most come again


def folded(text: str) -> str:
    """The words of a text as cues are looked for in them, a space before each and at the end."""
    plain = unicodedata.normalize("NFKC", _HANDLE.sub(" ", _LINK.sub(" ", text))).casefold()
    plain = plain.translate(_APOSTROPHES)
    if not plain.isascii():
        plain = plain.translate(_folds())
    return f" {_GAP.sub(' ', plain).strip()} "


def found(words: str) -> frozenset[str]:
    """The kinds of cues in a folded text."""
    return frozenset(kind for phrase, kind in _candidates(words) if phrase in words)


def _candidates(words: str) -> Iterator[Listed]:
    """What begins with a word of the text, with the beginning of one, or with a character."""
    for word in set(words.split()):
        yield from _beginning_with(word[:_LONGEST])
    if not words.isascii():
        _, _, by_character, _ = _index()
        for character in set(words):
            yield from by_character.get(character, ())


@functools.lru_cache(_REMEMBERED)
def _beginning_with(word: str) -> tuple[Listed, ...]:
    by_word, by_stem, _, longest = _index()
    ends = range(_SHORTEST_STEM, min(len(word), longest) + 1)
    stems = [listed for end in ends for listed in by_stem.get(word[:end], ())]
    return (*by_word.get(word, ()), *stems)


@functools.cache
def _index() -> tuple[
    dict[str, list[Listed]], dict[str, list[Listed]], dict[str, list[Listed]], int
]:
    """All phrases: by their first word, by a stem that is all of them, by their first character.

    The last is how long the longest stem is.
    """
    by_word: dict[str, list[Listed]] = {}
    by_stem: dict[str, list[Listed]] = {}
    by_character: dict[str, list[Listed]] = {}
    for listed, kind in sorted(_listed()):
        phrase = folded(listed.rstrip("*")).strip()
        if _UNSPACED.search(phrase):
            by_character.setdefault(phrase[0], []).append((phrase, kind))
        elif listed.endswith("*") and " " not in phrase:
            by_stem.setdefault(phrase, []).append((f" {phrase}", kind))
        else:
            end = "" if listed.endswith("*") else " "
            by_word.setdefault(phrase.split()[0], []).append((f" {phrase}{end}", kind))
    return by_word, by_stem, by_character, max(map(len, by_stem))


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
