"""Which language a browser is answered in."""

import pytest

from listener.web.language import language_of
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


def test_a_page_says_its_language(browser: Browser) -> None:
    assert '<html lang="en">' in browser.get("/sources").text
    assert '<html lang="hu">' in browser.get("/sources", {"accept-language": "hu"}).text
