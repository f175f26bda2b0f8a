"""Drafts to people whose trouble is over."""

import pytest

from listener.texts.drafts import DRAFTS, draft


@pytest.mark.parametrize("language", DRAFTS)
def test_every_draft_names_the_brand_and_the_person(language: str) -> None:
    named = draft(language, "Acme", "kata")
    assert named.text.count("Acme") == 1
    assert "kata" in named.text
    assert (named.language, named.fell_back) == (language, False)
    nameless = draft(language, "Acme", None)
    assert "{" not in nameless.text + named.text
    assert "None" not in nameless.text


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-Hant-HK", "zh-Hant"),
        ("zh_TW", "zh-Hant"),
        ("yue", "zh-Hant"),
        ("pt-BR", "pt"),
        ("EN-gb", "en"),
    ],
)
def test_languages_are_read_as_sources_write_them(told: str, meant: str) -> None:
    assert draft(told, "Acme", None).language == meant


@pytest.mark.parametrize("told", [None, "", "sw", "und"])
def test_without_a_draft_in_the_language_it_is_in_english_and_says_so(told: str | None) -> None:
    made = draft(told, "Acme", None)
    assert (made.language, made.fell_back) == ("en", True)


def test_a_name_with_braces_stays_what_it_is() -> None:
    assert "{brand}" in draft("en", "Acme", "{brand}").text
