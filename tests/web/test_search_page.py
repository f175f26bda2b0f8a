"""The search over all mentions: what is found, counted, paged, narrowed and explained."""

import re
from urllib.parse import quote

import pytest

from listener.store import search
from listener.store.connection import Store
from tests.builders import DAY, HOUR, MINUTE, NOW, a_mention, an_answer
from tests.web.browser import Browser
from tests.web.conftest import HandClock
from tests.web.followed import found
from tests.web.story import put_topics, said, take_in


@pytest.fixture
def stored(store: Store, clock: HandClock) -> Store:
    """Sixty of Acme, the later ones negative, and one about nobody who is followed."""
    take_in(
        store,
        clock,
        *(said(n, "positive", said_at=NOW - DAY - n * MINUTE) for n in range(20)),
        *(said(n, said_at=NOW - n * MINUTE) for n in range(20, 60)),
        a_mention(99, text="A zebra about nobody", said_at=NOW - 2 * DAY, label=None),
        answers=(an_answer(30, said_at=NOW - 20 * MINUTE),),
    )
    put_topics(store, dict.fromkeys(range(20, 25), ("billing",)))
    search.index_new(store)
    return store


def parcels(browser: Browser, address: str) -> list[int]:
    return [int(n) for n in re.findall(r"parcel (\d+):", browser.get(address).words)]


def test_words_are_found_marked_and_counted(browser: Browser, stored: Store) -> None:
    page = browser.get("/search?q=zebra")
    assert "1 mention A zebra about nobody person99 on social" in page.words
    assert "<mark>zebra</mark>" in page.text
    assert "about nobody who is followed" in page.words
    assert found(browser, "/search?q=parcel") == 60
    assert found(browser, "/search?q=elephant") == 0
    assert "Nothing is like that." in browser.get("/search?q=elephant").words


def test_older_ones_follow_and_none_is_lost_or_shown_twice(browser: Browser, stored: Store) -> None:
    first = parcels(browser, "/search?q=parcel")
    assert first == [*range(20, 60), *range(10)]
    page = browser.get("/search?q=parcel")
    (older,) = re.findall(r'<a href="([^"]*)" rel="next">Older ones', page.text)
    address = older.replace("&amp;", "&")
    assert parcels(browser, address) == list(range(10, 20))
    assert found(browser, address) == 60
    assert "To the first page" in browser.get(address).words


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("subject=Acme", 60),
        ("subject=Nobody", 0),
        ("sentiment=negative", 40),
        ("subject=Acme&sentiment=positive", 20),
        ("topic=billing", 5),
        ("source=x&q=parcel", 60),
        ("source=play", 0),
        ("q=parcel&sentiment=negative&topic=billing", 5),
        ("q=zebra OR billing", 1),
        ("q=zebra OR topic:billing", 6),
        ("q=zebra OR topic:billing&sentiment=negative", 5),
        ("from=2026-11-22", 40),
        ("to=2026-11-21", 21),
        ("from=2026-11-20&to=2026-11-20", 1),
        ("state=met", 1),
        ("q=subject:acme -sentiment:negative", 20),
        ("q=parcel&order=relevance", 60),
        ("q=parcel&order=nonsense&after=nonsense", 60),
    ],
)
def test_a_search_is_narrowed(browser: Browser, stored: Store, asked: str, count: int) -> None:
    assert found(browser, f"/search?{quote(asked, safe='=&')}") == count


def test_the_best_come_first_where_that_is_asked(browser: Browser, stored: Store) -> None:
    assert "Older ones" not in browser.get("/search?q=parcel&order=relevance").words
    assert len(parcels(browser, "/search?q=parcel&order=relevance")) == 50


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("q=((", 'expected a word, a phrase or "(" at character 3'),
        ("q=stars:9", "expected stars of 5"),
        ("q=-parcel", "something to look for beside NOT"),
        ("q=foo:bar", "is no field; quote it"),
        ("sentiment=angry", "expected one of negative, neutral, positive"),
        ("from=yesterday", "from and to are days, like 2026-11-01"),
    ],
)
def test_what_cannot_be_read_is_explained_with_examples(
    browser: Browser, stored: Store, asked: str, words: str
) -> None:
    page = browser.get(f"/search?{quote(asked, safe='=&')}")
    assert page.status == 200
    assert "The search cannot be read." in page.words
    assert words in page.words
    assert 'refund OR "late parcel"' in page.words


def test_what_was_asked_stays_in_the_form(browser: Browser, stored: Store) -> None:
    page = browser.get('/search?q=%22a+"b&subject=Acme&topic=%22%3E&from=2026-11-01')
    assert 'value="&#34;a &#34;b"' in page.text
    assert '<option value="Acme" selected dir="auto">' in page.text
    assert 'value="&#34;&gt;"' in page.text
    assert 'value="2026-11-01"' in page.text


def test_without_a_question_the_newest_are_shown(browser: Browser, stored: Store) -> None:
    page = browser.get("/search")
    assert "The newest mentions" in page.words
    assert "What you can ask" in page.words
    assert parcels(browser, "/search")[:3] == [20, 21, 22]


def test_every_example_can_be_read(browser: Browser, stored: Store) -> None:
    page = browser.get("/search").text
    examples = re.findall(r'<dt><a href="([^"]*)">', page)
    assert len(examples) > 5
    for address in examples:
        assert "cannot be read" not in browser.get(address.replace("&amp;", "&")).words


def test_a_text_of_somebody_never_becomes_markup(
    browser: Browser, store: Store, clock: HandClock
) -> None:
    nasty = "Acme zebra <script>alert(1)</script> <img src=x onerror=alert(2)> \u202egnp"
    link = "javascript:alert(1)"
    take_in(store, clock, a_mention(1, text=nasty, title=nasty, url=link, said_at=NOW - HOUR))
    search.index_new(store)
    page = browser.get("/search?q=zebra")
    assert "<script>alert(1)</script>" in page.words
    assert not {"script", "img"} & set(page.tags)
    assert "javascript:" not in page.text
    assert "\u202e" not in page.text
