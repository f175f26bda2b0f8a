"""Pressing buttons of the pages, as a browser without scripts does."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from tests.web.browser import FORM, Answer, Browser


def token(browser: Browser) -> str:
    found = re.search(r'name="token" value="([^"]+)"', browser.get("/inbox?open=1").text)
    assert found is not None
    return found[1]


def press(
    browser: Browser,
    fields: Mapping[str, str | list[str]],
    *,
    headers: Mapping[str, str] = FORM,
    host: str | None = None,
) -> Answer:
    sent: dict[str, str | list[str]] = {"token": token(browser), "back": "/inbox", **fields}
    return browser.post("/act", urlencode(sent, doseq=True), headers, host=host)


def led_to(browser: Browser, answer: Answer) -> Answer:
    """The page that an answer leads back to."""
    assert answer.status == 303, answer.text
    return browser.get(answer.headers["location"])


def undo_button(page: str) -> str | None:
    """By what number a page lets its reader undo what was done."""
    found = re.search(r'<button name="undo" value="(\d+)"[^>]*>Undo</button>', page)
    return found[1] if found else None
