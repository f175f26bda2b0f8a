"""What the pages say, by gettext: English stands in the templates, the others in .po files here.

`make words` gathers what is new into them. They are read as they are, so nothing is compiled ahead.
With the cookie `language=en-XA` each phrase stands in marks: what has none cannot be translated.
"""

import re
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from listener.domain.wording import (
    Amount,
    ChannelName,
    Homonym,
    Moment,
    Names,
    Plural,
    Sentences,
    Span,
    Topic,
    Wording,
)
from listener.texts import numbers
from listener.texts.words import MARKED, channel_name, marked, say, sentence_gap, topic_name

SOURCE: Final = "en"
_NAMED: Final = re.compile(r"%\(\w+\)s")
_BETWEEN: Final = {", ": "list_comma", ": ": "colon", "; ": "clause"}  # by the digest's tables
_SIGNS: Final = re.compile("|".join(_BETWEEN))


@cache
def languages() -> frozenset[str]:
    """Those that the pages can be read in: English, plain and marked, and each with a file here."""
    names = (file.name for file in files(__name__).iterdir())
    return frozenset(
        {SOURCE, MARKED, *(name.removesuffix(".po") for name in names if name.endswith(".po"))}
    )


def later(message: str) -> str:
    """Marks a phrase that is said later, in the language of whoever reads it."""
    return message


def meant(context: str, message: str) -> tuple[str, str]:
    """Marks a phrase as `later` does, that means something else elsewhere; `called` takes both."""
    return context, message


class _Marking(NullTranslations):
    """English in marks."""

    def gettext(self, message: str) -> str:
        return marked(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return marked(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return marked(message)

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return self.ngettext(msgid1, msgid2, n)


def in_words(language: str, message: str, **named: object) -> str:
    """A phrase in a language, with what is named in it: `%(who)s`."""
    if isinstance(message, Wording):
        named = {name: _again(language, value) for name, value in message.named.items()}
        return pattern(language, message) % named
    said = translations(language).gettext(message) if _has_words(message) else message
    return said % named if named else said


def pattern(language: str, words: Wording) -> str:
    """A wording in a language, with its gaps; of one that is nothing but gaps the signs between."""
    known = translations(language)
    if isinstance(words, Homonym):
        return known.pgettext(words.context, words.pattern)
    if isinstance(words, Plural):
        return known.ngettext(words.one, words.many, words.number)
    if isinstance(words, Sentences):
        return sentence_gap(language).join(f"%({name})s" for name in words.named)
    if isinstance(words, Names):
        return say(language, "list_names").join(f"%({name})s" for name in words.named)
    if _has_words(_NAMED.sub("", words.pattern)):
        return known.gettext(words.pattern)
    if (
        isinstance(known, GNUTranslations)
        and (said := known.gettext(words.pattern)) != words.pattern
    ):
        return said
    return _SIGNS.sub(lambda sign: say(language, _BETWEEN[sign[0]]), words.pattern)


def is_translated(language: str, words: Wording) -> bool:
    """Whether all of a wording can be said in a language; one of another version may be unknown."""
    inner = (one for one in words.named.values() if isinstance(one, Wording))
    has_words = _has_words(_NAMED.sub("", words.pattern))
    return (not has_words or pattern(language, words) != words.pattern) and all(
        is_translated(language, one) for one in inner
    )


def _has_words(message: str) -> bool:
    """Whether there is something to translate: no date, and not "", of which it says a head."""
    return any(letter.isalpha() for letter in message)


def _again(language: str, value: object) -> object:
    return in_words(language, value) if isinstance(value, Wording) else figure(language, value)


def figure(language: str, value: object) -> object:
    """What is named in a sentence, as the language writes it: a duration, a moment, a topic."""
    if isinstance(value, Span):
        return numbers.duration(value.span, language)
    if isinstance(value, Moment):
        return numbers.moment(value.at, value.zone, language, year=True)
    if isinstance(value, Amount):
        return numbers.rewritten(value, language)
    if isinstance(value, Topic):
        return topic_name(language, value)
    if isinstance(value, ChannelName):
        return channel_name(language, value)
    return value


def so_many(language: str, one: str, many: str, count: int, **named: object) -> str:
    """A phrase that goes with a number: `%(num)s`, written as the language writes it."""
    said = translations(language).ngettext(one, many, count)
    return said % {"num": numbers.number(count, language), **named}


@cache
def translations(language: str) -> NullTranslations:
    """The phrases of a language; English, and one that we do not have, say what stands there."""
    if language == MARKED:
        return _Marking()
    file = files(__name__).joinpath(f"{language}.po")
    if language == SOURCE or not file.is_file():
        return NullTranslations()
    compiled = BytesIO()
    with file.open("rb") as written:
        write_mo(compiled, read_po(written, locale=language.replace("-", "_")))
    compiled.seek(0)
    return GNUTranslations(compiled)
