"""The inbox and the page of a mention, and what is done there by forms."""

import re
from urllib.parse import quote, urlencode

import pytest

from listener.domain.times import to_text
from listener.store import incidents
from listener.store.connection import Store
from tests.builders import HOUR, MINUTE, NOW, a_finding, a_mention, a_review
from tests.web.browser import FORM, Browser
from tests.web.conftest import HandClock
from tests.web.pressing import led_to, press
from tests.web.story import NASTY, a_complaint, take_in


def states(browser: Browser) -> dict[str, str]:
    """How many stand under each name that has a number."""
    return dict(re.findall(r"(Open|Overdue|Due soon|Waiting) (\d+)", browser.get("/inbox").words))


def test_what_runs_out_first_stands_first(browser: Browser, three: Store) -> None:
    words = browser.get("/inbox").words
    assert words.index("parcel 1") < words.index("parcel 2")
    assert "parcel 3" not in words
    assert states(browser) == {"Open": "2", "Overdue": "1", "Due soon": "1", "Waiting": "0"}
    newest = browser.get("/inbox?order=newest").words
    assert newest.index("parcel 2") < newest.index("parcel 1")


def order(browser: Browser, address: str) -> list[str]:
    """The mentions of a list, the first first."""
    return re.findall(r'<li data-row="\d+" data-name="([^"]+)"', browser.get(address).text)


def test_the_gravest_or_the_oldest_stands_first(
    browser: Browser, store: Store, clock: HandClock
) -> None:
    take_in(
        store,
        clock,
        a_complaint(1, ago=40 * MINUTE),
        a_complaint(2, ago=30 * MINUTE, followers=120_000),
        a_complaint(3, ago=20 * MINUTE, text="What does Acme cost?"),
        a_complaint(4, ago=10 * MINUTE),
        a_review(5, stars=1, said_at=NOW - HOUR, text="Acme is negative"),
        a_review(6, stars=3, said_at=NOW - 2 * HOUR, text="Acme is negative"),
    )
    assert order(browser, "/inbox?order=oldest") == ["play:6", "play:5", "x:1", "x:2", "x:3", "x:4"]
    assert order(browser, "/inbox?order=severity") == [
        "x:2", "play:5", "play:6", "x:1", "x:4", "x:3",
    ]  # fmt: skip
    with store.write() as db:
        severe = a_finding(key="severe:Acme:legal", rule="severe", evidence={"rows": [4]})
        incidents.open_incident(db, severe, NOW)
    assert order(browser, "/inbox?order=severity")[0] == "x:4"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("state=met", ["parcel 3"]),
        ("state=overdue", ["parcel 1"]),
        ("q=parcel+NOT+%22parcel+1%22", ["parcel 2"]),
        ("subject=Acme&state=nonsense&order=nonsense", ["parcel 1", "parcel 2"]),
        ("subject=Nobody", []),
        ("q=balloon", []),
    ],
)
def test_a_list_is_narrowed(browser: Browser, three: Store, address: str, shown: list[str]) -> None:
    words = browser.get(f"/inbox?{address}").words
    assert [f"parcel {n}" for n in (1, 2, 3) if f"negative about parcel {n}" in words] == shown


def test_a_search_with_a_mistake_says_so_and_loses_nothing(browser: Browser, three: Store) -> None:
    answer = browser.get("/inbox?q=((")
    assert answer.status == 200
    assert "The search cannot be read" in answer.words
    assert 'value="(("' in answer.text


def test_one_is_shown_beside_the_list_and_on_a_page_of_its_own(
    browser: Browser, three: Store
) -> None:
    beside = browser.get("/inbox?open=1").words
    alone = browser.get("/mentions/1").words
    assert browser.get("/mentions/x:1").words == alone
    for words in (beside, alone):
        assert "What it says" in words
        assert "seen" in words
    assert browser.get("/mentions/99").status == 404
    assert browser.get("/inbox?open=99").status == 200


def test_what_was_pressed_is_done_shown_and_on_record(browser: Browser, three: Store) -> None:
    answer = press(browser, {"act": "answer", "on": "x:1", "back": "/inbox?state=overdue&open=1"})
    assert answer.headers["location"].startswith("/inbox?state=overdue&open=1&done=answer&")
    assert "Marked as answered." in led_to(browser, answer).words
    assert states(browser)["Open"] == "1"
    assert "kim answered" in browser.get("/mentions/1").words


def test_many_are_done_at_once(browser: Browser, three: Store) -> None:
    answer = press(browser, {"act": "dismiss", "on": ["x:1", "x:2"]})
    assert "2 mentions. Dismissed" in led_to(browser, answer).words
    assert states(browser)["Open"] == "0"


def test_of_many_what_cannot_be_done_is_told(browser: Browser, three: Store) -> None:
    answer = press(browser, {"act": "dismiss", "on": ["x:1", "x:99"]})
    assert answer.status == 422
    assert "Done for 1, not for 1" in answer.words
    assert "x:99" in answer.words
    assert states(browser)["Open"] == "1"


def test_each_act_of_a_mention(browser: Browser, three: Store) -> None:
    pressed: list[dict[str, str | list[str]]] = [
        {"act": "assign", "on": "x:1", "to": "jo"},
        {"act": "snooze", "on": "x:1", "span": "4h"},
        {"act": "correct", "on": "x:1", "sentiment": "positive", "topics": "delivery, price"},
        {"act": "link", "on": "x:1", "issue": "SHOP-12"},
    ]
    for fields in pressed:
        assert press(browser, fields).status == 303
    words = browser.get("/mentions/1").words
    for told in ("kim assigned jo", "kim snoozed", "kim corrected positive", "kim linked SHOP-12"):
        assert told in words
    assert "kim : positive; delivery , price" in words
    assert "kim snoozed until Sun 22 Nov 17:00" in words


def test_who_was_overtaken_is_asked(browser: Browser, three: Store) -> None:
    assert press(browser, {"act": "assign", "on": "x:1", "to": "jo"}).status == 303
    late = press(browser, {"act": "dismiss", "on": "x:1", "seen": "0"})
    assert late.status == 409
    assert "kim did something about it: assigned" in late.words
    assert states(browser)["Open"] == "2"
    again = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', late.text))
    assert browser.post("/act", urlencode(again)).status == 303
    assert states(browser)["Open"] == "1"


@pytest.mark.parametrize(
    ("headers", "fields", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, {}, 403),
        ({"sec-fetch-site": "same-site"}, {}, 403),
        ({"origin": "https://evil.example"}, {}, 403),
        ({}, {"token": "guessed"}, 403),
        ({}, {"token": ""}, 403),
        ({}, {"act": "explode"}, 422),
        ({}, {"on": []}, 422),
        ({}, {"act": "snooze", "span": "for ever"}, 422),
        ({}, {"incident": "1", "act": "ack"}, 422),
    ],
)
def test_what_is_not_from_here_or_makes_no_sense_does_nothing(
    browser: Browser,
    three: Store,
    headers: dict[str, str],
    fields: dict[str, str | list[str]],
    status: int,
) -> None:
    wanted: dict[str, str | list[str]] = {"act": "dismiss", "on": "x:1"}
    answer = press(browser, wanted | fields, headers={**FORM, **headers})
    assert answer.status == status
    assert states(browser)["Open"] == "2"
    with three.read() as db:
        assert db.execute("SELECT count(*) FROM audit").fetchone()[0] == 0


def test_nobody_acts_by_the_public_address(public: Browser, three: Store) -> None:
    """Nobody signs in there yet: whoever comes by a proxy may read, and no more."""
    assert public.get("/inbox", host="listen.example").status == 200
    answer = press(public, {"act": "dismiss", "on": "x:1"}, host="listen.example")
    assert answer.status == 403
    assert states(public)["Open"] == "2"


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/\\evil.example", "/act", "/inbox\r\nx: y"]
)
def test_one_goes_back_to_pages_of_ours_only(browser: Browser, three: Store, back: str) -> None:
    answer = press(browser, {"act": "dismiss", "on": "x:1", "back": back})
    assert answer.headers["location"].startswith("/inbox?done=dismiss&undo=")


def test_text_of_people_is_inert_wherever_it_stands(
    browser: Browser, store: Store, clock: HandClock
) -> None:
    take_in(
        store,
        clock,
        a_complaint(1, text=f"negative Acme {NASTY}", author=NASTY, url="javascript:alert(1)"),
    )
    press(browser, {"act": "assign", "on": "x:1", "to": NASTY})
    press(browser, {"act": "correct", "on": "x:1", "topics": NASTY})
    for address in ("/inbox?open=1", "/mentions/1", f"/inbox?q={quote(NASTY)}", "/"):
        body = browser.get(address).text
        assert "<script>alert" not in body
        assert "javascript:" not in body
        assert "<b onmouseover" not in body


def test_a_text_is_shown_with_its_joined_signs(
    browser: Browser, store: Store, clock: HandClock
) -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    take_in(store, clock, a_complaint(1, text=f"Acme is negative {family}"))
    assert family in browser.get("/mentions/1").text


def test_a_deleted_text_is_gone(browser: Browser, three: Store) -> None:
    with three.write() as db:
        db.execute("UPDATE mention SET deleted_at = ?, text = '' WHERE id = 1", (to_text(NOW),))
    assert "The text was deleted" in browser.get("/mentions/1").words


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://demo.example/1", "This mention is made up, so there is no post to open"),
        ("https://forum.example.com/1", "Open at the source"),
    ],
)
def test_what_is_made_up_has_no_link_that_leads_nowhere(
    browser: Browser, store: Store, clock: HandClock, url: str, said: str
) -> None:
    take_in(store, clock, a_mention(1, url=url))
    page = browser.get("/mentions/x:1")
    assert said in page.words
    assert (f'href="{url}"' in page.text) is (said == "Open at the source")
