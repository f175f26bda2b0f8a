"""Topics that rise and fall, themes, and reviews that contradict themselves."""

from datetime import date

import pytest

from listener.store import themes
from listener.store.connection import Store
from listener.store.themes import Count
from tests.builders import DAY, HOUR, NOW, a_review
from tests.web.browser import Browser
from tests.web.conftest import HandClock
from tests.web.followed import assert_all_lead_to_as_many, found, numbers
from tests.web.story import put_topics, said, take_in


@pytest.fixture
def fortnight(store: Store, clock: HandClock) -> Store:
    """Of forty before two negative of billing, of forty since fifteen; of delay as many as ever."""
    clock.at = NOW - 8 * DAY
    then = NOW - 8 * DAY - HOUR
    take_in(
        store,
        clock,
        said(100, "neutral", said_at=NOW - 14 * DAY),
        *(said(n, said_at=then) for n in range(8)),
        *(said(n, "positive", said_at=then) for n in range(8, 40)),
    )
    clock.at = NOW
    take_in(
        store,
        clock,
        *(said(n) for n in range(40, 61)),
        *(said(n, "positive") for n in range(61, 80)),
    )
    billing = dict.fromkeys((0, 1, *range(40, 55)), ("billing",))
    put_topics(store, billing | dict.fromkeys((*range(2, 8), *range(55, 61)), ("delay",)))
    return store


def test_what_rose_beyond_chance_stands_first_and_leads_to_both_weeks(
    browser: Browser, fortnight: Store
) -> None:
    page = browser.get("/topics").words
    assert "Rising 1 billing 15 2 15 2 ▲ 32 rose" in page
    assert "All others 1 delay 6 6 6 6 = 0 chance alone may do that" in page
    assert page.index("billing") < page.index("delay")
    assert_all_lead_to_as_many(browser, "/topics", at_least=8)


def test_another_subject_and_other_days(browser: Browser, fortnight: Store) -> None:
    page = browser.get("/topics?subject=boreal&days=14").words
    assert "Topics Boreal" in page
    assert "Nothing was said of a defined topic." in page
    assert browser.get("/topics?subject=Nobody").status == 404
    page = browser.get("/topics?days=14").words
    assert "billing 17 – 17 – – nothing to compare with" in page


def test_without_anybody_it_says_so(browser: Browser, store: Store) -> None:
    assert "Nobody is followed yet." in browser.get("/topics").words


def test_a_theme_has_its_words_its_age_and_a_voice(browser: Browser, fortnight: Store) -> None:
    until = date(2026, 11, 22)
    with fortnight.write() as db:
        (acme, *_) = (row[0] for row in db.execute("SELECT id FROM subject ORDER BY id"))
        (example,) = db.execute("SELECT id FROM mention WHERE source_id = '41'").fetchone()
        number = themes.add(db, acme, 'garden · "<b>river', "m@1", b"", date(2026, 11, 15))
        themes.keep(db, acme, until, 40, [Count(number, 9, 7, 6, 0, (example,))])
    page = browser.get("/topics")
    assert 'garden · "<b>river' in page.words
    assert "no topic covers it" in page.words
    assert "9 mentions, 7 negative, by 6 people in the seven days before Sun 22 Nov" in page.words
    assert "first heard of on 15 Nov 2026" in page.words
    assert "parcel 41" in page.words
    assert "and finds more or fewer" in page.words
    assert "b" not in page.tags
    words = "/search?q=subject%3AAcme+%28%22garden%22+OR+%22+%3Cb%3Eriver%22%29+since"
    assert words in page.text


def test_reviews_that_contradict_themselves_are_counted_and_found(
    browser: Browser, store: Store, clock: HandClock
) -> None:
    reviews = [a_review(n, 5, text=said(n).text, said_at=NOW - HOUR, label=None) for n in range(4)]
    take_in(store, clock, *reviews, name="play")
    with store.write() as db:
        db.execute("UPDATE label SET at_odds = mention_id % 2")
    assert "2 reviews say clearly the contrary of their stars." in browser.get("/topics").words
    (one,) = [one for one in numbers(browser, "/topics") if "disagreeing" in one.address]
    assert (one.shown, one.found) == (2, 2)


def test_a_topic_with_signs_in_its_name_is_found(
    browser: Browser, store: Store, clock: HandClock
) -> None:
    take_in(store, clock, *(said(n) for n in range(3)))
    put_topics(store, {0: ('wi-fi & "power"',), 1: ("(late)",), 2: ("航空 délai",)})
    assert_all_lead_to_as_many(browser, "/topics", at_least=6)
    assert found(browser, "/search?q=topic:%22%E8%88%AA%E7%A9%BA+d%C3%A9lai%22") == 1
