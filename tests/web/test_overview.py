from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from listener.domain.events import KnownEvent, days
from listener.store import incidents, sources
from listener.store.connection import Store
from listener.web.serve import SiteServer
from listener.web.site import make_site
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    a_finding,
    a_review,
    a_subject,
    an_answer,
)
from tests.fakes import FakeModel
from tests.web.browser import Browser
from tests.web.conftest import FakePulse, HandClock
from tests.web.followed import assert_all_lead_to_as_many
from tests.web.story import a_complaint, follow, said, take_in


def test_an_empty_database_says_so(browser: Browser) -> None:
    words = browser.get("/").words
    assert "Nothing was collected yet." in words
    assert "No brand is followed yet." in words
    assert "No source was read yet." in words
    assert "No incident is open." in words
    assert "nothing has happened yet" in words
    assert "nobody can be waiting yet" in words


def test_followed_but_silent_is_not_shown_as_zero(browser: Browser, store: Store) -> None:
    follow(store)
    words = browser.get("/").words
    assert "Acme no mention Nothing was said, or nothing was measured." in words
    assert "Boreal" not in words  # a competitor has no promises and no bars here


def test_what_waits_stands_by_its_urgency(browser: Browser, store: Store, clock: HandClock) -> None:
    take_in(
        store,
        clock,
        a_complaint(1, ago=10 * MINUTE),
        a_complaint(2, ago=2 * HOUR + 5 * MINUTE),
        a_complaint(3, ago=HOUR + MINUTE),
        answers=(an_answer(3, said_at=NOW - MINUTE),),
    )
    words = browser.get("/").words
    assert "Overdue 1 Due soon 0 Waiting 1" in words
    first, second = words.index("1 h 5 min over"), words.index("50 min left")
    assert first < words.index("parcel 2") < second < words.index("parcel 1")
    assert "parcel 3" not in words
    assert "person2 to Acme on social" in words
    assert "Sun 22 Nov 10:55" in words  # on the clock of Budapest


def test_a_label_in_doubt_is_marked(browser: Browser, store: Store, clock: HandClock) -> None:
    take_in(store, clock, a_complaint(1), model=FakeModel(confidence=0.5))
    take_in(store, clock, a_complaint(2))
    words = browser.get("/").words
    assert words.count("negative? person") + words.count("negative? x:1") == 1
    assert "negative x:2" in words


def test_a_review_without_words_shows_its_stars(
    browser: Browser, store: Store, clock: HandClock
) -> None:
    take_in(store, clock, a_review(1, stars=1, text="", brand="Acme"))
    words = browser.get("/").words
    assert "★ 1/5" in words
    assert "deleted" not in words


def test_time_makes_overdue_also_where_no_daemon_noticed(
    browser: Browser, store: Store, clock: HandClock
) -> None:
    take_in(store, clock, a_complaint(1))
    clock.at = NOW + 3 * HOUR
    words = browser.get("/").words
    assert "Overdue 1 Due soon 0 Waiting 0" in words
    assert "2 h 10 min over" in words


def test_only_the_ten_most_urgent_are_listed(
    browser: Browser, store: Store, clock: HandClock
) -> None:
    take_in(store, clock, *(a_complaint(n, ago=n * MINUTE) for n in range(1, 15)))
    words = browser.get("/").words
    assert "The 10 most urgent of 14" in words
    assert "parcel 14" in words
    assert "parcel 4 " not in words


def test_incidents_of_two_channels_are_told_apart_in_each_language(
    browser: Browser, store: Store
) -> None:
    follow(store)
    with store.write() as db:
        for channel in ("social", "review"):
            due = a_finding(
                key=f"response:Acme:{channel}", rule="response", channel=channel,
                title=f"Acme on {channel}: 3 overdue",
            )  # fmt: skip
            incidents.open_incident(db, due, NOW)
    english = browser.get("/").words
    assert "Acme on social: 3 overdue" in english
    assert "Acme on review: 3 overdue" in english
    words = browser.get("/", {"cookie": "language=hu"}).words
    for number, channel in ((1, "Közösségi média"), (2, "Értékelések")):
        assert f"{number}. incidens {channel}" in words


def test_an_open_incident_says_why(browser: Browser, store: Store) -> None:
    follow(store)
    with store.write() as db:
        number = incidents.open_incident(db, a_finding(action="Say that you know."), NOW - HOUR)
    words = browser.get("/").words
    assert "Acme: 25 negative mentions in 15 min Usually about 1. Say that you know." in words
    assert f"Incident {number} open for 1 h" in words
    assert "nobody has acknowledged it" in words
    with store.write() as db:
        incidents.acknowledge(db, number, NOW, "kata")
    assert "kata looks after it" in browser.get("/").words
    with store.write() as db:
        incidents.resolve(db, number, NOW)
    assert "No incident is open." in browser.get("/").words


def test_days_are_bars_and_the_same_numbers_as_a_table(
    browser: Browser, store: Store, clock: HandClock
) -> None:
    take_in(
        store,
        clock,
        *(a_complaint(n, ago=3 * DAY) for n in range(3)),
        a_complaint(3, ago=3 * DAY, text="Acme, all good"),
        a_complaint(4, ago=MINUTE),
    )
    answer = browser.get("/")
    assert "5 mentions , 4 negative ( too few to tell )" in answer.words
    assert "Thu 19 Nov: 4 mentions, 3 negative" in answer.words
    assert "Thu 19 Nov partly measured 4 3 1 0 too few to tell" in answer.words
    assert "Fri 20 Nov 0 0 0 0 –" in answer.words
    assert "Sun 22 Nov, so far 1 1 0 0 too few to tell" in answer.words
    assert "Tue 10 Nov not measured" in answer.words
    assert answer.text.count('class="negative"') == 2


def test_who_is_heard_and_what_was_promised_stand_there_and_lead_on(
    browser: Browser, store: Store, clock: HandClock
) -> None:
    take_in(
        store,
        clock,
        *(said(n) for n in range(24)),
        said(24, text=said(24).text.replace("Acme", "Boreal")),
        answers=tuple(an_answer(n, said_at=NOW - 2 * HOUR - MINUTE) for n in range(6)),
    )
    page = browser.get("/").words
    assert "24 mentions , 24 negative (100 %)" in page
    assert "social, answered within 1 h: 25 % 6 in time , 0 late , 18 open" in page
    assert "Share of voice Subject Mentions Share Acme 24 96 % Boreal 1 4 %" in page
    assert_all_lead_to_as_many(browser, "/", at_least=8)
    assert '<a class="number" href="/inbox?state=overdue">18</a>' in browser.get("/").text


def test_a_gap_is_not_a_zero(browser: Browser, store: Store, clock: HandClock) -> None:
    take_in(store, clock, a_complaint(1, ago=10 * DAY), a_complaint(2))
    with store.write() as db:
        sources.lose(db, "x", "social", NOW - 5 * DAY)
        sources.close_gap(db, "x", NOW - 2 * DAY - 6 * HOUR)
    words = browser.get("/").words
    assert "Thu 19 Nov not measured" in words
    assert "Fri 20 Nov: 0 mentions, 0 negative, partly measured" in words
    assert "Fri 20 Nov partly measured 0 0 0 0 –" in words
    assert "Sat 21 Nov 0 0 0 0 –" in words


HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(2)> \"'><svg onload=alert(3)>"
    " {{ 7*7 }} \u202egnp.exe\u202c \u2066x Acme negative"
)


def test_what_people_wrote_never_becomes_markup(
    browser: Browser, store: Store, clock: HandClock
) -> None:
    follow(store, a_subject("Acme"), a_subject('<b onclick="x()">'))
    take_in(
        store, clock, a_complaint(1, text=HOSTILE, author=HOSTILE, source_id=HOSTILE), name=HOSTILE
    )
    with store.write() as db:  # past the door, as an older version may have left it
        db.execute("UPDATE mention SET text = ?", (HOSTILE,))
        db.execute("UPDATE author SET handle = ?", (HOSTILE,))
        db.execute("UPDATE source_state SET error = ?", (HOSTILE,))
        db.execute("UPDATE subject SET active = 1")
        db.execute(
            "INSERT INTO work (mention_id, assignee, updated_at) VALUES (1, ?, '')", (HOSTILE,)
        )
        finding = a_finding(title=HOSTILE, why=HOSTILE, action=HOSTILE)
        number = incidents.open_incident(db, finding, NOW)
        incidents.acknowledge(db, number, NOW, HOSTILE)
    for path in ("/", "/sources"):
        answer = browser.get(path)
        assert answer.status == 200
        assert "<script>alert(1)</script>" in answer.words
        assert not {"script", "img", "b", "style", "iframe", "form", "object"} & set(answer.tags)
        assert not {"onerror", "onload", "onclick", "style"} & answer.attributes
        assert "{{ 7*7 }}" in answer.words
        assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(answer.text)


def test_a_text_that_was_deleted_is_shown_as_such(
    browser: Browser, store: Store, clock: HandClock
) -> None:
    take_in(store, clock, a_complaint(1))
    with store.write() as db:
        db.execute("UPDATE mention SET text = ''")
    assert "The text was deleted." in browser.get("/").words


def test_a_daemon_in_trouble_is_named_on_every_page(browser: Browser, pulse: FakePulse) -> None:
    assert "The daemon has trouble." not in browser.get("/").words
    pulse.found = ["the loop 'think' does not move"]
    for path in ("/", "/sources"):
        assert "the loop 'think' does not move" in browser.get(path).words


def test_the_last_change_is_told(browser: Browser, store: Store, clock: HandClock) -> None:
    take_in(store, clock, replace(a_complaint(1), said_at=NOW - HOUR))
    clock.at = NOW + 2 * DAY
    words = browser.get("/").words
    assert "last changed Sun 22 Nov 13:00 (2 d ago)" in words
    assert str(store.path) in words
    assert "Times are those of Europe/Budapest ." in words


@pytest.mark.parametrize("path", ["/", "/sources", "/nowhere"])
def test_a_page_has_what_a_screen_reader_looks_for(
    browser: Browser, store: Store, clock: HandClock, path: str
) -> None:
    take_in(store, clock, a_complaint(1))
    answer = browser.get(path)
    assert '<html lang="en">' in answer.text
    assert answer.tags.count("h1") == 1
    assert {"main", "nav", "header", "footer", "title"} <= set(answer.tags)
    assert '<a class="skip" href="#main">' in answer.text
    if path != "/nowhere":
        assert f'<a href="{path}" aria-current="page">' in answer.text


def test_known_events_stand_in_the_chart_beside_it_and_in_the_table(
    store: Store, clock: HandClock
) -> None:
    zone = ZoneInfo("Europe/Budapest")
    begin, end = days((NOW - 3 * DAY).date(), (NOW - 2 * DAY).date(), zone)
    sale = KnownEvent(name="Winter <sale>", since=begin, until=end, subjects=("Acme",))
    other = replace(sale, name="Rival's sale", subjects=("Boreal",))
    take_in(store, clock, a_complaint(1, ago=3 * DAY))
    site = make_site(store, clock.now, None, "127.0.0.1", zone, events=(sale, other))
    server = SiteServer(site, host="127.0.0.1", port=0)
    page = Browser(server.start()).get("/")
    server.stop()
    assert "Winter <sale> , 19 – 20 Nov 2026" in page.words
    assert "1 mention, 1 negative, partly measured; Winter <sale>" in page.words
    assert page.words.count("Winter <sale>") == 1 + 2 + 2  # the legend, two bars, two rows
    assert page.text.count('class="event"') == 2
    assert "Rival" not in page.words


def test_without_events_nothing_is_said_of_them(
    browser: Browser, store: Store, clock: HandClock
) -> None:
    take_in(store, clock, a_complaint())
    assert "key event" not in browser.get("/").text
