import string

import pytest

from listener.texts.words import LANGUAGES, TABLES, counted, say


def fields(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_phrase(language: str) -> None:
    assert set(TABLES[language]) == set(TABLES["en"])


# Where a language says less or more than English does: "one mention" has no number in it.
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_has_the_same_fields(language: str) -> None:
    differing = {
        key
        for key, phrase in TABLES[language].items()
        if fields(phrase) != fields(TABLES["en"][key])
    }
    assert differing == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_is_left_in_english(language: str) -> None:
    same = {key for key, phrase in TABLES[language].items() if phrase == TABLES["en"][key]}
    neutral = {key for key in same if not any(c.isalpha() for c in _without_fields(key))}
    assert language == "en" or same - neutral <= {"figure.n"}


def _without_fields(key: str) -> str:
    phrase = TABLES["en"][key]
    return "".join(text for text, _, _, _ in string.Formatter().parse(phrase))


def test_scripts_are_not_mixed() -> None:
    simplified, traditional = (
        "".join(TABLES["zh-Hans"].values()),
        "".join(TABLES["zh-Hant"].values()),
    )
    pairs = (
        ("负", "負"),
        ("来", "來"),
        ("无", "無"),
        ("周", "週"),
        ("应", "應"),
        ("时", "時"),
        ("复", "復"),
    )
    for hans, hant in pairs:
        assert hant not in simplified
        assert hans not in traditional


def test_one_is_said_as_one() -> None:
    assert counted("en", "points", "1", points="1") == "1 point"
    assert counted("en", "points", "0.4", points="0.4") == "0.4 points"


def test_a_language_we_do_not_have_reads_english() -> None:
    assert say("de", "spikes.title") == "Spikes"
