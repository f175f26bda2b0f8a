"""Which language a browser is answered in."""

import pytest

from listener.web.language import language_of
from listener.web.words import languages
from tests.web.browser import Browser


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (None, "en"),
        ("hu-HU,hu;q=0.9,en;q=0.5", "hu"),
        ("en;q=0.3, zh-TW;q=0.7", "zh-Hant"),
        ("zh-CN", "zh-Hans"),
        ("zh-Hant-CN", "zh-Hant"),
        ("fr, de;q=0.8", "en"),
        ("hu;q=0, zh;q=x, *", "en"),
        ("hungarian", "en"),
    ],
)
def test_the_first_that_we_have_is_taken(accepted: str | None, language: str) -> None:
    assert language_of({}, accepted, "en") == language


def test_what_somebody_chose_comes_before_what_the_browser_asks_for() -> None:
    assert language_of({"language": "hu"}, "zh", "en") == "hu"
    assert language_of({"language": "xx"}, "zh", "en") == "zh-Hans"


def test_only_a_language_that_the_pages_speak_is_taken() -> None:
    assert language_of({"language": "hu"}, "hu, zh-TW", "en", {"en", "zh-Hant"}) == "zh-Hant"
    assert language_of({}, "hu", "hu", {"en"}) == "en"


def test_a_page_says_the_language_that_it_is_in(browser: Browser) -> None:
    """One that is translated has its file, and no other is said to be spoken."""
    assert '<html lang="en">' in browser.get("/sources").text
    hungarian = "hu" if "hu" in languages() else "en"
    page = browser.get("/sources", {"accept-language": "hu"})
    assert f'<html lang="{hungarian}">' in page.text
