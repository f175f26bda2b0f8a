"""Which language a browser is answered in."""

from urllib.parse import urlencode

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


def test_somebody_can_choose_a_language_and_stays_where_they_were(browser: Browser) -> None:
    page = browser.get("/incidents?all").text
    assert '<a href="/language/hu?back=%2Fincidents%3Fall" lang="hu" hreflang="hu">' in page
    answer = browser.get("/language/hu?back=%2Fincidents%3Fall")
    assert (answer.status, answer.headers["location"]) == (303, "/incidents?all")
    assert answer.headers["set-cookie"].startswith("language=hu; ")
    page = browser.get("/incidents?all", {"cookie": "language=hu", "accept-language": "zh"}).text
    assert '<html lang="hu">' in page


@pytest.mark.parametrize(
    "back", ["https://else.example/", "//else.example/", "\\\\else.example", ""]
)
def test_a_choice_leads_nowhere_else(browser: Browser, back: str) -> None:
    answer = browser.get(f"/language/hu?{urlencode({'back': back})}")
    assert (answer.status, answer.headers["location"]) == (303, "/")


def test_there_is_no_page_in_a_language_that_we_do_not_speak(browser: Browser) -> None:
    assert browser.get("/language/xx").status == 404
