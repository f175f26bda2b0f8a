"""Signing in by a password: who gets in, with which cookie, and what each role may do."""

import re
from urllib.parse import urlencode

import pytest

from listener.accounts import users
from listener.accounts.passwords import passwords
from listener.domain.role import Role
from listener.store.connection import Store
from tests.builders import NOW
from tests.web.browser import FORM, Answer, Browser

PASSWORD = "correct horse battery"
HERE = {**FORM, "sec-fetch-site": "same-origin"}


@pytest.fixture(autouse=True)
def people(store: Store) -> None:
    for name, role in (("ann", Role.AGENT), ("rob", Role.READER), ("ada", Role.ADMIN)):
        users.add(store, name, role, PASSWORD, "test", NOW, passwords())


def cookies(answer: Answer) -> str:
    """Those that were set, and not taken away, as a browser sends them."""
    lines = answer.headers.get("set-cookie", "").split("\n")
    return "; ".join(one.partition(";")[0] for one in lines if one and "Max-Age=0" not in one)


def form_of(browser: Browser) -> tuple[str, str]:
    """The token of a new form, and the cookie it goes with."""
    page = browser.get("/signin")
    found = re.search(r'name="token" value="([^"]+)"', page.text)
    assert found is not None
    return found[1], cookies(page)


def try_to(
    browser: Browser,
    name: str,
    password: str = PASSWORD,
    wanted: str = "/inbox",
    cookie: str = "",
    **more: str,
) -> Answer:
    token, before = form_of(browser)
    fields = {"token": token, "name": name, "password": password, "next": wanted, **more}
    headers = {**HERE, "cookie": "; ".join(filter(None, (before, cookie)))}
    return browser.post("/signin", urlencode(fields), headers)


def test_without_signing_in_every_page_leads_to_the_way_in(browser: Browser) -> None:
    answer = browser.get("/inbox?state=met", {"sec-fetch-mode": "navigate"})
    assert answer.status == 303
    assert answer.headers["location"] == "/signin?next=%2Finbox%3Fstate%3Dmet"
    assert browser.get("/api/v1/mentions").status == 401
    assert browser.get("/metrics").status == 401
    assert browser.get("/healthz").status == 200


def test_the_right_password_opens_and_the_cookie_is_for_this_site_alone(browser: Browser) -> None:
    answer = try_to(browser, "ann")
    assert (answer.status, answer.headers["location"]) == (303, "/inbox")
    for line in answer.headers["set-cookie"].lower().split("\n"):
        assert "httponly" in line
        assert "samesite=lax" in line
    page = browser.get("/inbox", {"cookie": cookies(answer)})
    assert page.status == 200
    assert "ann" in page.words


@pytest.mark.parametrize(("name", "password"), [("ann", "wrong password"), ("nobody", PASSWORD)])
def test_a_wrong_password_and_a_name_that_is_not_there_read_the_same(
    browser: Browser, name: str, password: str
) -> None:
    answer = try_to(browser, name, password)
    assert answer.status == 403
    assert cookies(browser.get("/inbox", {"cookie": cookies(answer)})) == ""
    told = answer.words.replace(name, "NAME")
    assert told == try_to(browser, "carol", "something else").words.replace("carol", "NAME")


def test_a_session_that_was_set_before_is_not_the_one_that_is_signed_in(browser: Browser) -> None:
    planted = "listener=" + "a" * 43
    answer = try_to(browser, "ann", cookie=planted)
    assert answer.status == 303
    assert cookies(answer) != planted
    assert browser.get("/inbox", {"cookie": planted}).status == 303


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", ""]
)
def test_nobody_is_led_elsewhere(browser: Browser, wanted: str) -> None:
    assert try_to(browser, "ann", wanted=wanted).headers["location"] == "/"


def test_a_form_of_elsewhere_signs_nobody_in(browser: Browser) -> None:
    token, before = form_of(browser)
    body = urlencode({"token": token, "name": "ann", "password": PASSWORD})
    elsewhere = {**FORM, "sec-fetch-site": "cross-site", "cookie": before}
    assert browser.post("/signin", body, elsewhere).status == 403
    assert browser.post("/signin", body, HERE).status == 403  # without its cookie
    assert try_to(browser, "ann", token="forged").status == 403


def test_who_tries_too_often_waits(browser: Browser) -> None:
    tries = [try_to(browser, "ann", f"wrong password {n}").status for n in range(7)]
    assert tries[:5] == [403] * 5
    assert tries[-1] == 429
    assert try_to(browser, "ann").status == 429  # the right one waits, too


def test_signing_out_ends_the_session_on_the_server(browser: Browser) -> None:
    cookie = cookies(try_to(browser, "ann"))
    page = browser.get("/inbox", {"cookie": cookie})
    token = re.search(r'action="/signout".*?name="token" value="([^"]+)"', page.text, re.DOTALL)
    assert token is not None
    done = browser.post("/signout", urlencode({"token": token[1]}), {**HERE, "cookie": cookie})
    assert done.status == 303
    assert browser.get("/inbox", {"cookie": cookie}).status == 303


def test_a_new_password_and_disabling_end_all_sessions(browser: Browser, store: Store) -> None:
    first, second = cookies(try_to(browser, "ann")), cookies(try_to(browser, "rob"))
    users.set_password(store, "ann", PASSWORD + " new", "test", NOW, passwords())
    users.disable(store, "rob", "test", NOW)
    assert browser.get("/inbox", {"cookie": first}).status == 303
    assert browser.get("/inbox", {"cookie": second}).status == 303
    assert try_to(browser, "rob").status == 403


@pytest.mark.parametrize(("name", "status"), [("rob", 403), ("ann", 422)])
def test_a_reader_cannot_act_and_an_agent_can(browser: Browser, name: str, status: int) -> None:
    """422: the act is taken up, and there is no such mention."""
    cookie = cookies(try_to(browser, name))
    page = browser.get("/inbox", {"cookie": cookie})
    found = re.search(r'data-token="([^"]+)"', page.text)
    fields = {"act": "answer", "on": "x:nothing", "token": found[1] if found else ""}
    answer = browser.post("/act", urlencode(fields), {**HERE, "cookie": cookie})
    assert answer.status == status
