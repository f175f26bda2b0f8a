"""The page behind a mail's link to unsubscribe, and the digest in the browser."""

from collections.abc import Iterator
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest

from listener.domain.digest import COMPANY
from listener.store import digests, subscriptions
from listener.store.connection import Store
from listener.store.digests import Reader
from listener.web.digests import POLICY
from listener.web.serve import SiteServer
from listener.web.site import make_site
from tests.builders import NOW
from tests.texts.digests import CRISIS, TEAM
from tests.web.browser import Browser

ONE_CLICK = "List-Unsubscribe=One-Click"


@pytest.fixture
def link(store: Store) -> str:
    with store.write() as db:
        token = subscriptions.token(db, "cx@example.com", COMPANY)
    return f"/unsubscribe/{token}"


def is_subscribed(store: Store) -> bool:
    with store.read() as db:
        return not subscriptions.unsubscribed(db)


def test_opening_the_link_asks_and_does_nothing(browser: Browser, store: Store, link: str) -> None:
    for method in ("GET", "HEAD"):
        assert browser.get(link, method=method).status == 200
    words = browser.get(link).words
    assert "cx@example.com gets this digest by mail. Stop sending it?" in words
    assert "form" in browser.get(link).tags
    assert is_subscribed(store)


@pytest.mark.parametrize("body", [ONE_CLICK, "leave=1", ""])
def test_one_click_ends_it(browser: Browser, store: Store, link: str, body: str) -> None:
    for _ in range(2):
        answer = browser.post(link, body)
        assert (answer.status, "does not get this digest any more" in answer.words) == (200, True)
    assert not is_subscribed(store)


def test_a_mail_program_may_send_its_click_as_a_form_with_parts(
    browser: Browser, store: Store, link: str
) -> None:
    part = (
        '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--'
    )
    assert (
        browser.post(link, part, {"content-type": "multipart/form-data; boundary=x"}).status == 200
    )
    assert not is_subscribed(store)


def test_the_page_has_a_way_back(browser: Browser, store: Store, link: str) -> None:
    browser.post(link, ONE_CLICK)
    assert "Stop sending it?" in browser.post(link, "again=1").words
    assert is_subscribed(store)


def test_a_token_that_is_none_of_ours_does_nothing(
    browser: Browser, store: Store, link: str
) -> None:
    for wrong in (f"{link}0", "/unsubscribe/1-0", "/unsubscribe/<b>"):
        for answer in (browser.get(wrong), browser.post(wrong, ONE_CLICK)):
            assert answer.status == 404
            assert "This link is not valid" in answer.words
            assert "cx@example.com" not in answer.text
    assert is_subscribed(store)


def test_only_these_pages_take_a_press(browser: Browser, link: str) -> None:
    assert browser.post("/", ONE_CLICK).status == 405
    assert browser.get(link, method="PUT").status == 405
    assert browser.post(link, ONE_CLICK, host="evil.example").status == 403


@pytest.fixture
def public(store: Store) -> Iterator[Browser]:
    """The pages behind a proxy that keeps their public name, in Hungarian."""
    site = make_site(
        store, lambda: NOW, None, "127.0.0.1", ZoneInfo("UTC"),
        public_url="https://Listener.example.com/x", language="hu",
    )  # fmt: skip
    server = SiteServer(site, host="127.0.0.1", port=0)
    yield Browser(server.start())
    server.stop()


def test_it_answers_to_its_public_name_in_the_readers_language(public: Browser, link: str) -> None:
    answer = public.get(link, host="listener.example.com")
    assert "Ne küldjük többé?" in answer.words
    assert '<html lang="hu">' in answer.text
    assert public.post(link, ONE_CLICK, host="listener.example.com:443").status == 200
    assert public.get("/", host="other.example.com").status == 403


def test_a_digest_is_read_in_the_browser_as_it_was_sent(browser: Browser, store: Store) -> None:
    assert browser.get("/digests/2026-W47").status == 404
    with store.write() as db:
        digests.add(db, CRISIS, [Reader("email", "cx@example.com")], "waiting", NOW)
    answer = browser.get("/digests/2026-W47")
    assert answer.status == 200
    assert answer.headers["content-security-policy"] == POLICY
    assert "script" not in answer.tags
    assert "Charged twice for one order" in answer.words
    assert 'href="/digests/2026-W47"' in browser.get("/").text


def test_a_team_s_digest_is_read_under_the_team_s_name(browser: Browser, store: Store) -> None:
    with store.write() as db:
        digests.add(db, TEAM, [Reader("email", "cx@example.com")], "waiting", NOW)
    assert browser.get("/digests/2026-W47").status == 404
    assert "/digests/2026-W47" not in browser.get("/").text
    assert browser.get(f"/digests/2026-W47?team={quote(TEAM.team)}").status == 200


@pytest.mark.parametrize("week", ["2026-W48", "2026-W99", "x", "..", "%3Cb%3E", "2026-W47/x"])
def test_a_week_that_is_none_is_no_page(browser: Browser, week: str) -> None:
    assert browser.get(f"/digests/{week}").status == 404
