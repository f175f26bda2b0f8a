"""Inflected forms: the stems of words, by the Snowball stemmers (Porter, 2001)."""

import functools
from collections.abc import Callable
from typing import Final

LANGUAGES: Final = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}

TURKISH: Final = "tr"
_VOWELS: Final = frozenset("aeıioöuü")
_BACK_VOWELS: Final = frozenset("aıou")

_GROWS_IN_FRONT: Final = "ar"
_MAY_CHANGE: Final = 2  # letters at the end of the shorter word: bokor, bokrok
_LONGEST: Final = 64  # characters of a word; what is longer is no word of a language


def languages(way: str) -> tuple[str, ...]:
    """The languages of a `way`; () when it is none of languages."""
    named = tuple(way.split("+"))
    return named if all(name in LANGUAGES for name in named) else ()


@functools.lru_cache(maxsize=65_536)
def stem(language: str, word: str) -> str:
    """The stem of a folded word in a language of `LANGUAGES`."""
    if len(word) > _LONGEST:
        return word
    if language == TURKISH:
        return _stemmer(language)(_harmonious(word)).replace("ı", "i")
    return _stemmer(language)(word)


def are_forms(language: str, one: str, other: str) -> bool:
    """Say whether two folded words are forms of one.

    Stems alone take too much: telekomnak and tel have the same one. So the words also have to begin
    alike, up to the last two letters of the shorter.
    """
    alike = max(min(len(one), len(other)) - _MAY_CHANGE, 1)
    if one[:alike] != other[:alike] and not grows_in_front(language):
        return False
    return not {one, stem(language, one)}.isdisjoint((other, stem(language, other)))


def grows_in_front(language: str) -> bool:
    """Whether the forms of a word may begin with other letters."""
    return language == _GROWS_IN_FRONT


def _harmonious(word: str) -> str:
    """A Turkish word with the ı that folding took: after a back vowel no other i can stand."""
    letters: list[str] = []
    back = False
    for char in word:
        letters.append("ı" if char == "i" and back else char)
        if char in _VOWELS:
            back = letters[-1] in _BACK_VOWELS
    return "".join(letters)


@functools.cache
def _stemmer(language: str) -> Callable[[str], str]:
    from Stemmer import Stemmer  # noqa: PLC0415  # only when it is asked for

    # Threads may share it: it works on one word without letting go of the interpreter's lock.
    stem_word: Callable[[str], str] = Stemmer(LANGUAGES[language]).stemWord
    return stem_word
