"""What we say, in each of our languages; a language we do not have reads English."""

from collections.abc import Mapping
from typing import Final

from listener.texts import words_en, words_hu, words_zh_hans, words_zh_hant

TABLES: Mapping[str, Mapping[str, str]] = {
    "en": words_en.WORDS,
    "hu": words_hu.WORDS,
    "zh-Hans": words_zh_hans.WORDS,
    "zh-Hant": words_zh_hant.WORDS,
}
LANGUAGES = tuple(TABLES)
MARKED: Final = (
    "en-XA"  # English with each phrase in marks: what is without them cannot be translated
)


def say(language: str, key: str, **fields: object) -> str:
    """A phrase with its fields filled in. Raises KeyError for a key or a field that is missing."""
    said = TABLES.get(language, TABLES["en"])[key].format_map(fields)
    return marked(said) if language == MARKED else said


def topic_name(language: str, name: str) -> str:
    """A topic that ships, in a language; one that somebody defined stays as it was named."""
    return _named(language, f"topic.{name}", name)


def channel_name(language: str, name: str) -> str:
    """What a channel is called; in English as queries have it, and one of a plug-in anywhere."""
    return name if language == "en" else _named(language, f"channel.{name}", name)


def rule_name(language: str, name: str) -> str:
    """What a rule looks for, in a language; one of a plug-in stays as it is named."""
    return _named(language, f"rule.{name}", name)


def _named(language: str, key: str, otherwise: str) -> str:
    return say(language, key) if key in TABLES["en"] else otherwise


def sentence_gap(language: str) -> str:
    """What stands between one sentence and the next."""
    return "" if language.startswith("zh") else " "


def counted(language: str, key: str, count: str, **fields: object) -> str:
    """A phrase that goes with a number as it is written: `key.one` or `key.other`."""
    return say(language, f"{key}.{'one' if count == '1' else 'other'}", **fields)


def marked(phrase: str) -> str:
    """A phrase as the pseudo-language has it."""
    return f"⟦{phrase}⟧"
