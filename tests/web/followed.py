"""Following the numbers of a page to what they were counted from."""

import html
import re
from dataclasses import dataclass

from tests.web.browser import Browser

_NUMBER = re.compile(r'<a class="number" href="([^"]*)">(.*?)</a>', re.DOTALL)
_TAG = re.compile(r"<.*?>", re.DOTALL)
_COUNT = re.compile(r"([\d,]+)(?: \D.*)?")  # and no share, mean or time
_FOUND = re.compile(r'<h2 id="found">([\d,]+) mentions?</h2>')


@dataclass(frozen=True)
class Number:
    """A number of a page: what is read, where it leads, and how many are found there."""

    words: str
    address: str
    shown: int
    found: int | None


def numbers(browser: Browser, address: str) -> list[Number]:
    """All counts of a page that lead to a search."""
    read = [
        (html.unescape(_TAG.sub("", inner)).strip(), html.unescape(link))
        for link, inner in _NUMBER.findall(browser.get(address).text)
    ]
    counts = [(words, link, _COUNT.fullmatch(words)) for words, link in read]
    return [
        Number(words, link, _whole(count[1]), found(browser, link))
        for words, link, count in counts
        if count is not None and link.startswith("/search?")
    ]


def found(browser: Browser, address: str) -> int | None:
    """How many mentions a search says that there are."""
    heading = _FOUND.search(browser.get(address).text)
    return None if heading is None else _whole(heading[1])


def _whole(written: str) -> int:
    return int(written.replace(",", ""))


def assert_all_lead_to_as_many(browser: Browser, address: str, *, at_least: int) -> None:
    every = numbers(browser, address)
    assert [one for one in every if one.found != one.shown] == []
    assert sum(one.shown > 0 for one in every) >= at_least
