"""The pages of subjects: their figures are those of hand-made data, and lead to it."""

from dataclasses import replace
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest

from listener.daybook import Daybook
from listener.domain.digest import Counts, DigestData, Question, SubjectWeek
from listener.domain.incident import Quote
from listener.domain.period import Period
from listener.domain.subject import Role
from listener.domain.week import Schedule, Week
from listener.inbox import answer
from listener.outlook.desk import Outlook
from listener.outlook.subject import promises_of
from listener.stages.report.promises import promise_lines
from listener.stages.report.reporting import Reporting
from listener.stages.report.spans import Spans
from listener.store import digests, gone, incidents, models, sources, subjects
from listener.store.connection import Store
from listener.store.digests import Reader
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    a_finding,
    a_review,
    a_rival,
    a_subject,
    a_tombstone,
    an_answer,
)
from tests.web.browser import Browser
from tests.web.conftest import KNOWN, HandClock
from tests.web.followed import assert_all_lead_to_as_many, found, numbers
from tests.web.story import follow, put_topics, said, take_in

HOSTILE = "<script>alert(1)</script> \"'><img src=x onerror=alert(2)> {{ 7*7 }} %(num)s %s"


@pytest.fixture
def week(store: Store, clock: HandClock) -> Store:
    """Thirty of two days, twelve negative, on two channels, with a topic; and one of Boreal."""
    take_in(
        store,
        clock,
        *(said(n) for n in range(8)),
        *(said(n, "positive") for n in range(8, 20)),
        *(said(n, "neutral", said_at=NOW - 2 * DAY) for n in range(20, 26)),
        *(said(n, said_at=NOW - 2 * DAY) for n in range(26, 30)),
        said(30, text="Boreal is negative about me"),
        answers=(an_answer(1, said_at=NOW - 2 * HOUR - 30 * MINUTE),),
    )
    put_topics(
        store,
        {n: ("delivery",) if n < 8 else ("delivery", "price") for n in (*range(8), *range(26, 30))},
    )
    return store


def test_its_numbers_are_those_of_what_was_said_and_lead_there(
    browser: Browser, week: Store
) -> None:
    page = browser.get("/subjects/Acme?days=7")
    assert "Mentions 30 " in page.words
    assert "Called negative 40 % 12 negative of 30" in page.words
    assert "Positive 40 % 12 positive of 30" in page.words
    assert "delivery 12" in page.words
    assert "social 30 12 12 40 %" in page.words
    assert_all_lead_to_as_many(browser, "/subjects/Acme?days=7", at_least=15)


def test_copies_count_once_where_the_true_share_is_told(
    browser: Browser, store: Store, clock: HandClock
) -> None:
    texts = ["the same negative words of Acme, again and again and again"] * 3
    many = [said(n).text for n in range(27)]
    take_in(store, clock, *(said(n, text=text) for n, text in enumerate([*texts, *many])))
    page = browser.get("/subjects/Acme?days=7")
    once = next(one for one in numbers(browser, "/subjects/Acme?days=7") if "copies" in one.words)
    assert "Mentions 30 " in page.words
    assert (once.shown, once.found) == (28, 28)
    assert "Truly negative, about" in page.words


def test_what_was_not_measured_is_a_hole_and_no_zero(browser: Browser, week: Store) -> None:
    with week.write() as db:
        sources.lose(db, "x", "social", NOW - 40 * HOUR)
        sources.close_gap(db, "x", NOW - 20 * HOUR)
    page = browser.get("/subjects/Acme?days=7")
    assert page.text.count('class="day hole"') == 2 * 4  # two charts, four days before the first
    assert "Tue 17 Nov not measured" in page.words
    assert "Sat 21 Nov partly measured" in page.words
    assert "of these days were measured: a gap is no zero." in page.words


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("days=abc", "days is a number from 1 to 400"),
        ("days=0", "days is a number from 1 to 400"),
        ("days=-3", "days is a number from 1 to 400"),
        ("days=99999", "days is a number from 1 to 400"),
        ("days=٣", "days is a number from 1 to 400"),
        ("from=2026-13-01", "from and to are days, like 2026-11-01"),
        ("from=x%00&to=%22%3E", "from and to are days, like 2026-11-01"),
        ("from=2026-11-20&to=2026-11-10", "from is a day that has come, and not after to"),
        ("from=2027-01-01", "from is a day that has come, and not after to"),
        ("from=2020-01-01&to=2026-01-01", "from and to are at most 400 days apart"),
        ("to=0001-01-01", "from and to are days, like 2026-11-01"),
    ],
)
def test_days_that_make_no_sense_are_explained(
    browser: Browser, week: Store, asked: str, said: str
) -> None:
    for path in ("/subjects/Acme", "/compare", "/topics", "/subjects"):
        page = browser.get(f"{path}?{quote(asked, safe='=&%')}")
        assert page.status == 200
        assert f"These days cannot be shown: {said}." in page.words


def test_days_are_those_of_the_zone(browser: Browser, store: Store, clock: HandClock) -> None:
    midnight = NOW.replace(hour=23, minute=0) - 2 * DAY  # of Budapest, where it is 21 November
    take_in(store, clock, said(1, said_at=midnight), said(2, said_at=midnight - MINUTE))
    address = "/subjects/Acme?from=2026-11-21&to=2026-11-21"
    assert "Mentions 1 " in browser.get(address).words
    assert_all_lead_to_as_many(browser, address, at_least=2)


def test_promises_lead_to_those_that_waited(browser: Browser, week: Store) -> None:
    page = browser.get("/subjects/Acme?days=7").words
    assert "social, within 1 h To answer 12 In time 1 Late 4 Open 7 Of them overdue 7" in page
    assert "Answer, in the middle 30 min" in page
    kept = [
        one for one in numbers(browser, "/subjects/Acme?days=7") if "state%3Amet" in one.address
    ]
    assert {one.shown for one in kept} == {1}


def test_promises_are_those_of_the_digest_and_a_stopped_clock_is_seen_at_once(
    browser: Browser, week: Store, clock: HandClock
) -> None:
    def shown() -> list[tuple[int, ...]]:
        with outlook.opened(period) as desk:
            lines = promises_of(desk, subjects.listed(desk.db)[0])
        return [(one.due, one.kept, one.late, one.open, one.overdue, one.n) for one in lines]

    def told() -> list[tuple[int, ...]]:
        with week.read() as db:
            lines = list(promise_lines(db, reporting, spans, NOW))
        return [(one.due, one.kept, one.late, one.open, one.overdue, one.n) for one in lines]

    zone = ZoneInfo("Europe/Budapest")
    period = Period.of_days(7, zone, NOW)
    outlook = Outlook(store=week, book=Daybook(), known=KNOWN, events=(), language="en")
    spans = Spans(period.before.since, *period.span)
    reporting = Reporting(
        subjects=(replace(a_subject(), id=1),),
        promises=KNOWN.promises,
        schedule=Schedule(),
        zone=zone,
        language="en",
        readers=(),
    )
    with week.write() as db:  # as the rules see it, who look at clocks all the time
        db.execute("UPDATE clock SET state = 'overdue' WHERE state = 'due_soon'")
    before = shown()
    assert before == told()
    answer(week, "x:2", "kim", NOW)
    assert shown() == told() != before
    acted = shown()
    take_in(week, clock, answers=(an_answer(3, said_at=NOW - MINUTE),))
    assert shown() == told() != acted


def test_a_competitor_promises_nothing(browser: Browser, week: Store) -> None:
    page = browser.get("/subjects/boreal?days=7")  # in any case
    assert page.status == 200
    assert "Boreal competitor" in page.words
    assert "Promises" not in page.words
    assert_all_lead_to_as_many(browser, "/subjects/Boreal?days=7", at_least=2)


def test_stars_and_their_recovery(browser: Browser, store: Store, clock: HandClock) -> None:
    reviews = [a_review(n, 1 + n % 5, text=said(n).text, said_at=NOW - 3 * HOUR) for n in range(10)]
    take_in(store, clock, *reviews, name="play")
    with store.write() as db:
        db.execute(
            "INSERT INTO mention_version (mention_id, title, text, stars, until)"
            " SELECT id, '', '', 1, '2026-11-22T11:00:00.000Z' FROM mention WHERE source_id = '3'"
        )
        db.execute(
            "INSERT INTO response (source, source_id, mention_id, said_at, seen_at, evidence, text,"
            " automatic)"
            " SELECT 'play', 'a', id, '2026-11-22T10:00:00.000Z', said_at, '', '', 0 FROM mention"
            " WHERE source_id = '3'"
        )
    page = browser.get("/subjects/Acme?days=7").words
    assert "Stars 3.00 between" in page
    assert "of 10 reviews" in page
    assert "1 rating was changed after an answer: 1 up, 0 down; from 1.0 to 4.0 stars" in page
    assert_all_lead_to_as_many(browser, "/subjects/Acme?days=7", at_least=6)


def test_what_was_deleted_counts_and_that_is_said(
    browser: Browser, store: Store, clock: HandClock
) -> None:
    take_in(store, clock, *(said(n) for n in range(3)))
    with store.write() as db:
        gone.bury(db, [a_tombstone(1)], NOW)
    (first, *_) = numbers(browser, "/subjects/Acme?days=7")
    assert (first.shown, first.found) == (3, 3)
    page = browser.get(first.address).words
    assert "1 of them cannot be shown: its text was deleted at its source." in page


def test_incidents_and_questions_stand_there(browser: Browser, week: Store) -> None:
    quote_ = Quote(name="x:1", text="Where is my parcel?", author=None, said_at=NOW, url=None)
    told = DigestData(
        week=Week(2026, 46),
        start=NOW - 14 * DAY,
        end=NOW - 7 * DAY,
        zone="UTC",
        made_at=NOW,
        subjects=(
            SubjectWeek(
                name="Acme",
                role=Role.BRAND,
                now=Counts(),
                questions=(Question(people=6, mentions=7, quotes=(quote_,)),),
            ),
        ),
    )
    with week.write() as db:
        number = incidents.open_incident(db, a_finding(), NOW - HOUR)
        digests.add(db, told, [Reader("email", "jo@example.com")], "sent", NOW)
    page = browser.get("/subjects/Acme?days=7")
    assert f'<a href="/incidents/{number}">' in page.text
    assert "6 people asked: Where is my parcel?" in page.words
    assert 'href="/digests/2026-W46"' in page.text
    assert "Asked most 6 people asked:" in browser.get("/topics").words


def test_names_and_texts_of_people_are_inert(
    browser: Browser, store: Store, clock: HandClock
) -> None:
    take_in(store, clock, *(said(n, author=HOSTILE) for n in range(20)))
    put_topics(store, dict.fromkeys(range(20), (HOSTILE,)))
    follow(store, a_subject(), a_rival(), replace(a_subject(), name=HOSTILE))
    with store.write() as db:
        incidents.open_incident(db, a_finding(title=HOSTILE, why=HOSTILE), NOW - HOUR)
    pages = [
        "/subjects",
        "/subjects/Acme",
        f"/subjects/{quote(HOSTILE, safe='')}",
        "/topics",
        f"/topics?subject={quote(HOSTILE)}",
        "/compare",
        f"/search?q={quote(HOSTILE)}",
        f"/search?subject={quote(HOSTILE)}",
        f"/search?topic={quote(HOSTILE)}&from={quote(HOSTILE)}",
        f"/search?q=author:*&source={quote(HOSTILE)}&order={quote(HOSTILE)}&after=9{quote('x')}",
    ]
    for path in pages:
        page = browser.get(path)
        assert page.status == 200, path
        assert not {"script", "img"} & set(page.tags), path
        assert not {"onerror", "style"} & page.attributes, path
        assert "49" not in page.words.split(), path


def test_a_name_that_no_query_can_hold_leads_there_all_the_same(
    browser: Browser, store: Store, clock: HandClock
) -> None:
    take_in(store, clock, *(said(n) for n in range(3)))
    with store.write() as db:
        db.execute("UPDATE subject SET name = 'The \"A\" cme' WHERE name = 'Acme'")
    assert_all_lead_to_as_many(browser, "/subjects/The%20%22A%22%20cme?days=7", at_least=3)


def test_nobody_is_found_under_another_name(browser: Browser, week: Store) -> None:
    assert browser.get("/subjects/Nobody").status == 404
    assert browser.get("/subjects/Acme/more").status == 404


def test_events_and_the_step_of_a_model_stand_above_the_charts(
    browser: Browser, week: Store
) -> None:
    with week.write() as db:
        models.begin(db, "fast@1", NOW - 20 * DAY)
        models.begin(db, "default@2", NOW - 2 * DAY)
    page = browser.get("/subjects/Acme?days=7")
    assert "default@2" in page.words
    assert page.text.count('class="event"') == 2  # in both charts, on one day
    assert page.words.count("default@2") == 2 * 3  # beside each chart, at its column, in its table
    assert "fast@1" not in page.words


def test_the_list_has_everybody(browser: Browser, week: Store) -> None:
    page = browser.get("/subjects?days=7")
    assert "Acme brand 30 12 12 40 %" in page.words
    assert "Boreal competitor 1 1 0 too few to tell" in page.words
    assert_all_lead_to_as_many(browser, "/subjects?days=7", at_least=4)


def test_a_day_that_changed_is_counted_anew(
    browser: Browser, store: Store, clock: HandClock
) -> None:
    take_in(store, clock, said(1, said_at=NOW - 2 * DAY))
    assert "Mentions 1 " in browser.get("/subjects/Acme?days=7").words
    take_in(store, clock, said(2, said_at=NOW - 2 * DAY), replace(said(3), said_at=NOW - DAY))
    assert "Mentions 3 " in browser.get("/subjects/Acme?days=7").words
    assert_all_lead_to_as_many(browser, "/subjects/Acme?days=7", at_least=4)


def test_without_anything_said_it_says_so(browser: Browser, store: Store) -> None:
    follow(store)
    page = browser.get("/subjects/Acme").words
    assert "Nothing was said in these days, or nothing was measured." in page
    assert "nothing to compare with" in page
    assert found(browser, "/search?q=subject:acme") == 0
