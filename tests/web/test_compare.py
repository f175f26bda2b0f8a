"""Brands and competitors side by side: their figures, and what they lead to."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from listener.store import comparisons
from listener.store.comparisons import Compared
from listener.store.connection import Store
from tests.builders import DAY, HOUR, NOW, a_review, a_rival, a_subject, an_answer
from tests.web.browser import Browser
from tests.web.conftest import HandClock
from tests.web.followed import assert_all_lead_to_as_many, numbers
from tests.web.story import follow, put_topics, said, take_in


def of_boreal(number: int, sounds: str) -> str:
    return said(number, sounds).text.replace("Acme", "Boreal")


@pytest.fixture
def two(store: Store, clock: HandClock) -> Store:
    """Thirty of Acme, twelve negative, and twenty of Boreal, five negative; and reviews."""
    take_in(
        store,
        clock,
        *(said(n) for n in range(12)),
        *(said(n, "positive") for n in range(12, 30)),
        *(said(n, text=of_boreal(n, "negative")) for n in range(30, 35)),
        *(said(n, text=of_boreal(n, "neutral")) for n in range(35, 50)),
        answers=(an_answer(1, said_at=NOW - 2 * HOUR),),
    )
    reviews = [
        a_review(n, 4, text=said(n, "positive").text, said_at=NOW - DAY) for n in range(50, 60)
    ]
    take_in(store, clock, *reviews, name="play")
    topics: dict[int, Sequence[str]] = dict.fromkeys(range(12), ("price",))
    put_topics(store, topics | dict.fromkeys(range(12, 20), ("staff",)))
    return store


def test_each_has_its_figures(browser: Browser, two: Store) -> None:
    page = browser.get("/compare?days=7").words
    assert "Subject Acme brand Boreal competitor" in page
    assert "Mentions 40 20 " in page
    assert "Share of voice 67 % 33 %" in page  # 40 and 20 of 60
    assert "Called negative 30 % 12 of 40 25 % 5 of 20" in page
    assert "Positive 70 % 28 of 40 0 % 0 of 20" in page
    assert "Stars 4.00 4.00 – 4.00; of 10 –" in page
    assert "social: 1 h" in page
    assert "Praised for staff 8 of 8" in page
    assert "Blamed for price 12 of 12" in page


def test_every_number_leads_to_as_many(browser: Browser, two: Store) -> None:
    assert_all_lead_to_as_many(browser, "/compare?days=7", at_least=12)


def test_what_only_compares_is_no_voice_and_who_is_better_is_told(
    browser: Browser, two: Store
) -> None:
    with two.write() as db:
        acme, boreal = (row[0] for row in db.execute("SELECT id FROM subject ORDER BY id"))
        ids = [
            row[0]
            for row in db.execute(
                "SELECT mention_id FROM match WHERE subject_id = ? ORDER BY mention_id LIMIT 8",
                (boreal,),
            )
        ]
        db.executemany(
            "INSERT INTO match (mention_id, subject_id, origin, said_at, channel, sentiment)"
            " SELECT mention_id, ?, origin, said_at, channel, sentiment FROM match"
            " WHERE mention_id = ?",
            [(acme, mention_id) for mention_id in ids],
        )
        comparisons.add(db, [Compared(mention_id, acme, boreal) for mention_id in ids], "m@1")
        db.execute("UPDATE bucket SET touched = touched + 1")
    page = browser.get("/compare?days=7")
    assert "Share of voice 77 %" in page.words  # 40 of 40 and 12: the buckets know no more of Acme
    assert "without 8 that only compare" in page.words
    (only,) = [one for one in numbers(browser, "/compare?days=7") if "-above" in one.address]
    assert (only.shown, only.found) == (8, 8)
    assert "Better than Mentions, copies once Acme Boreal 8" in page.words
    (preferred,) = [one for one in numbers(browser, "/compare?days=7") if "+above" in one.address]
    assert (preferred.shown, preferred.found) == (8, 8)


def test_a_rise_is_told_where_chance_does_not_explain_it(
    browser: Browser, store: Store, clock: HandClock
) -> None:
    clock.at = NOW - 10 * DAY
    old = [said(n, "positive", said_at=NOW - 10 * DAY - 2 * HOUR) for n in range(40)]
    take_in(store, clock, *(replace(one, said_at=NOW - 13 * DAY) for one in old[:1]), *old[1:])
    clock.at = NOW
    take_in(store, clock, *(said(n) for n in range(40, 70)))
    assert "100 % 30 of 30; ▲ 100 points" in browser.get("/compare?days=7").words


def test_with_nobody_it_says_so(browser: Browser, store: Store) -> None:
    assert "No brand and no competitor is followed yet." in browser.get("/compare").words
    follow(store, a_subject(), a_rival())
    page = browser.get("/compare").words
    assert "Acme brand Boreal competitor" in page
    assert "Nobody compared two of them in these days." in page
