"""Our sentences on a page, with the names in them set apart and harmless."""

from typing import Final

from markupsafe import Markup, escape

from listener.domain.wording import Amount, Moment, Span, Wording
from listener.texts.escape import one_line
from listener.web.words import figure, in_words, pattern

LONGEST_ERROR: Final = 500


def said(language: str, words: str) -> str:
    """A sentence with its names set apart: what is none of our words has a direction of its own."""
    if isinstance(words, Span | Amount | Moment):
        return str(figure(language, words))
    if not isinstance(words, Wording):
        return one_line(in_words(language, words), LONGEST_ERROR)
    named = {name: _in(language, value) for name, value in words.named.items()}
    return escape(pattern(language, words)) % named


def _in(language: str, value: object) -> object:
    if isinstance(value, Wording):
        return said(language, value)
    is_ours = isinstance(value, Span | Moment)
    value = figure(language, value)
    if not isinstance(value, str):
        return value
    line = one_line(value, LONGEST_ERROR)
    named = not is_ours and any(letter.isalpha() for letter in line)
    return Markup("<bdi>{}</bdi>").format(line) if named else line
