"""Signing in and out by a password: sessions, cookies, forged requests, guessing."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher

from listener.accounts import users
from listener.accounts.passwords import Passwords
from listener.clock import monotonic
from listener.config.signing_in import Auth
from listener.config.tables import WebTable
from listener.domain.role import Role
from listener.domain.times import to_text
from listener.store import sessions
from listener.store.connection import Store
from listener.web.cookies import derived
from listener.web.origin import own_path
from listener.web.throttle import ALL, EACH, KEPT, PER_ADDRESS, PER_NAME, Throttle, network
from tests.builders import DAY, HOUR, MINUTE, NOW, SECOND
from tests.store.kept import on_disk, rows
from tests.web.browser import Browser
from tests.web.conftest import HandClock
from tests.web.visitors import (
    PASSWORD,
    PUBLIC,
    Counting,
    Person,
    Place,
    Tick,
    add_user,
    served,
    signed_in,
)

WRONG = "That did not work. Check the name and the password, and try again."


@pytest.fixture
def place(store: Store, clock: HandClock) -> Iterator[Place]:
    """Eve, an agent, may sign in."""
    add_user(store)
    with served(store, clock, WebTable(public_url=f"https://{PUBLIC}")) as made:
        yield made


def record(store: Store) -> list[tuple[str, str, str]]:
    return [(r["who"], r["did"], r["what"]) for r in rows(store, "SELECT * FROM audit ORDER BY id")]


def open_sessions(store: Store) -> int:
    return len(rows(store, "SELECT * FROM session"))


def wait_for_note(store: Store, at: datetime) -> None:
    """That somebody was there is written down beside the answer, which does not wait for it."""
    patience = monotonic() + 10
    while max(r["seen_at"] for r in rows(store, "SELECT seen_at FROM session")) < to_text(at):
        assert monotonic() < patience


# Whether one must


def test_without_a_user_nobody_need_sign_in(store: Store, clock: HandClock) -> None:
    with served(store, clock) as place:
        person = Person(place)
        assert person.get("/inbox").status == 200
        assert "Sign out" not in person.get("/").words
        assert person.get("/signin").headers["location"] == "/"
        assert person.cookies == {}


def test_with_the_first_user_everybody_must_at_once(store: Store, clock: HandClock) -> None:
    with served(store, clock) as place:
        person = Person(place)
        assert person.get("/inbox").status == 200
        add_user(store)
        assert person.get("/inbox").headers["location"] == "/signin?next=%2Finbox"


def test_where_the_settings_say_so_everybody_must(store: Store, clock: HandClock) -> None:
    with served(store, clock, WebTable(auth=Auth.ALWAYS)) as place:
        answer = Person(place).get("/")
        assert (answer.status, answer.headers["location"]) == (303, "/signin")
        page = Person(place).get("/signin")
        assert "Nobody can sign in yet" in page.words
        assert "listener user add NAME" in page.words
        assert 'type="password"' not in page.text


def test_where_others_come_everybody_must(store: Store, clock: HandClock) -> None:
    with served(store, clock, WebTable(host="0.0.0.0"), host="0.0.0.0") as place:
        for host in ("192.168.1.7:8765", "cx.lan", None):
            assert Person(place, host).get("/inbox").status == 303
        add_user(store)
        person = signed_in(place, host="cx.lan:8765")
        assert person.get("/inbox").status == 200


@pytest.mark.parametrize(
    "path", ["/", "/inbox?state=met", "/sources", "/mentions/x:1", "/digests/2026-W47", "/nowhere"]
)
def test_every_page_leads_to_the_form_and_back(place: Place, path: str) -> None:
    person = Person(place)
    answer = person.get(path)
    assert answer.status == 303
    assert answer.headers["location"].startswith("/signin")
    assert person.try_password(wanted=path).headers["location"] == path


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/site.css", "/unsubscribe/x"])
def test_what_machines_and_readers_of_mail_need_is_open(place: Place, path: str) -> None:
    assert Browser(place.port).get(path).status in (200, 404)


def test_hooks_and_slack_are_told_by_their_signatures(place: Place) -> None:
    for path in ("/hooks/x", "/slack/events"):
        assert Browser(place.port).post(path, "{}").status == 404  # nothing takes them here


def test_a_script_is_told_and_not_led_away(place: Place) -> None:
    answer = Person(place).get("/inbox", {"sec-fetch-mode": "cors"})
    assert (answer.status, answer.text) == (401, "You are not signed in, or not any more.\n")


# In and out


def test_who_signs_in_is_named_on_every_page_and_on_the_record(place: Place, store: Store) -> None:
    person = signed_in(place, "EVE")
    for path in ("/", "/inbox", "/sources", "/nowhere"):
        words = person.get(path).words
        assert "Signed in: eve Sign out" in words
    assert record(store) == [("admin", "added", "user eve"), ("eve", "signed in", "user eve")]
    assert person.get("/signin?next=/inbox").headers["location"] == "/inbox"


def test_signing_out_ends_the_session_for_good(place: Place, store: Store) -> None:
    person = signed_in(place)
    stolen = dict(person.cookies)
    answer = person.post("/signout", {"token": person.token()})
    assert (answer.status, answer.headers["location"]) == (303, "/signin?out")
    assert "You are signed out." in person.get("/signin?out").words
    assert "listener" not in person.cookies
    assert Person(place, cookies=stolen).get("/inbox").status == 303
    assert open_sessions(store) == 0
    assert record(store)[-1] == ("eve", "signed out", "user eve")


def test_two_browsers_have_two_sessions(place: Place, store: Store) -> None:
    one, other = signed_in(place), signed_in(place)
    assert one.session != other.session
    one.post("/signout", {"token": one.token()})
    assert other.get("/inbox").status == 200


def test_a_session_is_long_random_and_nowhere_on_disk(place: Place, store: Store) -> None:
    person = signed_in(place)
    assert len(person.session) >= 43  # 256 bits
    assert person.session.encode() not in on_disk(store)
    assert PASSWORD.encode() not in on_disk(store)


def test_a_session_ends_when_nobody_comes_and_at_last_anyhow(
    place: Place, store: Store, clock: HandClock
) -> None:
    person, idle = signed_in(place), signed_in(place)
    while clock.at < NOW + 30 * DAY - 11 * HOUR:
        clock.at += 11 * HOUR
        assert person.get("/sources").status == 200
        wait_for_note(store, clock.at)
    assert person.get("/sources").status == 200
    assert idle.get("/sources").status == 303
    clock.at = NOW + 30 * DAY
    assert person.get("/sources").status == 303


def test_who_was_away_for_twelve_hours_signs_in_again(place: Place, clock: HandClock) -> None:
    person = signed_in(place)
    clock.at += 12 * HOUR - SECOND
    assert person.get("/sources").status == 200
    clock.at += 12 * HOUR
    assert person.get("/sources").status == 303


def test_sessions_that_are_over_are_forgotten(store: Store) -> None:
    add_user(store)
    with store.write() as db:
        sessions.begin(db, 1, NOW)
        sessions.begin(db, 1, NOW + 13 * HOUR)
    assert open_sessions(store) == 1


def test_another_password_signs_out_everywhere(place: Place, store: Store) -> None:
    people = [signed_in(place), signed_in(place)]
    new = "a wholly other phrase"
    hashes = Passwords(Counting())
    assert users.set_password(store, "eve", new, "admin", NOW, hashes) == 2
    assert [one.get("/inbox").status for one in people] == [303, 303]
    assert people[0].try_password().status == 403
    assert people[0].try_password(new).status == 303


def test_who_is_disabled_is_out_at_once(place: Place, store: Store) -> None:
    person = signed_in(place)
    users.disable(store, "eve", "admin", NOW)
    assert person.get("/inbox").status == 303
    answer = person.try_password()
    assert answer.status == 403
    assert WRONG in answer.words
    users.enable(store, "eve", "admin", NOW)
    assert person.get("/inbox").status == 303  # the old session does not come back
    assert person.try_password().status == 303


def test_a_user_who_is_removed_is_out_and_stays_on_the_record(place: Place, store: Store) -> None:
    add_user(store, "bob", Role.ADMIN)
    person = signed_in(place)
    users.remove(store, "eve", "admin", NOW)
    assert person.get("/inbox").status == 303
    assert ("eve", "signed in", "user eve") in record(store)


def test_another_role_holds_at_once(place: Place, store: Store) -> None:
    person = signed_in(place)
    users.set_role(store, "eve", Role.READER, "admin", NOW)
    assert person.post("/act", {"token": person.token(), "act": "answer"}).status == 403


def test_a_hash_of_other_settings_is_made_anew(place: Place, store: Store) -> None:
    dated = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    with store.write() as db:
        db.execute("UPDATE user SET password = ?", (dated,))
    first = signed_in(place)
    (kept,) = rows(store, "SELECT password FROM user")
    assert "m=8,t=1,p=1" in kept["password"]
    assert first.get("/sources").status == 200
    signed_in(place)
    assert rows(store, "SELECT password FROM user") == [kept]


# Guessing


def test_a_wrong_name_and_a_wrong_password_are_told_alike(place: Place, store: Store) -> None:
    wrong = Person(place).try_password("not the password")
    unknown = Person(place).try_password("not the password", name="bob")
    assert (wrong.status, unknown.status) == (403, 403)
    assert WRONG in wrong.words
    assert wrong.words == unknown.words
    assert record(store)[1:] == [
        ("somebody", "failed to sign in as", "user eve"),
        ("somebody", "failed to sign in as", "user ?"),
    ]


def test_whatever_is_tried_a_password_is_compared_once(place: Place, store: Store) -> None:
    add_user(store, "pat", password=None)
    add_user(store, "dis")
    users.disable(store, "dis", "admin", NOW)
    tries = [("eve", "wrong"), ("nobody", PASSWORD), ("pat", ""), ("dis", PASSWORD), ("", ""),
             ("eve", PASSWORD)]  # fmt: skip
    compared = []
    for name, password in tries:
        before = place.hasher.compared
        Person(place).try_password(password, name=name)
        compared.append(place.hasher.compared - before)
    assert compared == [1] * len(tries)


def test_what_was_written_as_a_name_is_not_kept(place: Place, store: Store) -> None:
    Person(place).try_password("eve", name="my secret password")
    assert b"my secret password" not in on_disk(store)


def test_five_tries_a_minute_and_no_more(place: Place) -> None:
    person = Person(place)
    assert [person.try_password("wrong").status for _ in range(EACH)] == [403] * EACH
    compared = place.hasher.compared
    refused = person.try_password(PASSWORD)
    assert (refused.status, refused.headers["retry-after"]) == (429, "60")
    assert "Too many tries. Wait 60 seconds" in refused.words
    assert place.hasher.compared == compared
    place.tick.at += 60
    assert person.try_password(PASSWORD).status == 303


def test_names_nobody_has_are_slowed_down_alike(place: Place) -> None:
    person = Person(place)
    for name in ("eve", "nobody"):
        statuses = [person.try_password("wrong", name=name).status for _ in range(EACH + 1)]
        assert statuses == [403] * EACH + [429]


def test_signing_in_is_no_guess(place: Place) -> None:
    for _ in range(EACH + 2):
        signed_in(place)


def test_many_names_from_one_place_are_slowed_down() -> None:
    throttle = Throttle(Tick())
    waits = [throttle.wait("10.0.0.1", f"name{n}") for n in range(PER_ADDRESS + 1)]
    assert [bool(wait) for wait in waits] == [False] * PER_ADDRESS + [True]
    assert throttle.wait("10.0.0.2", "name0") == 0


def test_one_name_from_many_places_is_slowed_down() -> None:
    throttle = Throttle(Tick())
    waits = [throttle.wait(f"10.0.0.{n}", "Eve" if n % 2 else "eve") for n in range(PER_NAME + 1)]
    assert [bool(wait) for wait in waits] == [False] * PER_NAME + [True]


def test_all_in_all_there_is_a_bound_and_it_passes() -> None:
    tick = Tick()
    throttle = Throttle(tick)
    waits = [throttle.wait(f"10.0.{n}.1", f"name{n}") for n in range(ALL + 1)]
    assert [bool(wait) for wait in waits] == [False] * ALL + [True]
    tick.at += 60
    assert throttle.wait("10.0.0.1", "name") == 0


def test_the_memory_of_tries_is_bounded() -> None:
    tick = Tick()
    throttle = Throttle(tick)
    for n in range(KEPT):
        tick.at += 1.1
        throttle.wait(f"10.{n >> 8}.{n & 255}.1", f"name{n}")
    assert throttle.remembered <= KEPT


def test_half_of_an_ipv6_address_is_one_place() -> None:
    assert network("2001:db8:1:2:3::4") == network("2001:db8:1:2:ffff::9")
    assert network("2001:db8:1:2::1") != network("2001:db8:1:3::1")
    assert network("::ffff:10.0.0.1") == network("10.0.0.1") == "10.0.0.1"


# What others might send


def test_a_session_that_somebody_planted_is_not_used(place: Place, store: Store) -> None:
    add_user(store, "mallory")
    mallory = signed_in(place, "mallory")
    victim = Person(place, cookies={"listener": mallory.session})
    victim.get("/signin?out")
    answer = victim.post("/signin", signing_form(victim))
    assert answer.status == 303
    assert victim.session not in ("", mallory.session)
    assert "Signed in: eve" in victim.get("/sources").words
    assert mallory.get("/sources").status == 303  # and opens nothing any more


def signing_form(person: Person) -> dict[str, str]:
    """As the page of somebody who is not signed in yet has it."""
    fresh = Person(person.place, person.host)
    fresh.get("/signin")
    person.cookies |= {k: v for k, v in fresh.cookies.items() if k.endswith("-form")}
    before = next(v for k, v in person.cookies.items() if k.endswith("-form"))
    return {"token": derived(before, "form"), "next": "/", "name": "eve", "password": PASSWORD}


def test_an_id_that_the_browser_brought_is_never_taken_over(place: Place) -> None:
    chosen = "a" * 43
    person = Person(place, cookies={"listener": chosen})
    assert person.get("/sources").status == 303
    assert person.try_password().status == 303
    assert person.session not in ("", chosen)
    assert Person(place, cookies={"listener": chosen}).get("/sources").status == 303


@pytest.mark.parametrize(
    "forged",
    ["", "x", "é", "' OR 1=1 --", "x" * 5000, "eve", "1", "\x00", "null", "../../etc/passwd"],
)
def test_a_forged_cookie_opens_nothing(place: Place, forged: str) -> None:
    signed_in(place)
    sent = {"cookie": f"listener={forged}".encode().decode("latin-1")}
    try:
        answer = Browser(place.port).get("/inbox", sent)
    except ValueError:
        return  # not even a header
    assert answer.status in (303, 400)


def test_another_browsers_form_signs_nobody_in(place: Place) -> None:
    """Else a page elsewhere could sign somebody in as mallory, and see what they do."""
    mallorys = Person(place)
    form = signing_form(mallorys)
    assert Person(place).post("/signin", form).status == 403
    victim = Person(place)
    victim.get("/signin")
    answer = victim.post("/signin", form)
    assert (answer.status, victim.session) == (403, "")
    assert "too old" in answer.words
    assert mallorys.post("/signin", form).status == 303


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_form_from_elsewhere_signs_nobody_in_or_out(place: Place, site: str) -> None:
    person = Person(place)
    answer = person.post("/signin", signing_form(person), {"sec-fetch-site": site})
    assert (answer.status, person.session) == (403, "")
    inside = signed_in(place)
    token = inside.token()
    answer = inside.post("/signout", {"token": token}, {"sec-fetch-site": site})
    assert answer.status == 403
    assert inside.get("/sources").status == 200


def test_a_browser_that_tells_the_origin_alone_is_believed(place: Place) -> None:
    person = Person(place)
    form = signing_form(person)
    bare = Browser(place.port)
    sent = {"content-type": "application/x-www-form-urlencoded",
            "cookie": "; ".join(f"{k}={v}" for k, v in person.cookies.items())}  # fmt: skip
    body = "&".join(f"{k}={v.replace(' ', '+')}" for k, v in form.items())
    evil = bare.post("/signin", body, {**sent, "origin": "https://evil.example"})
    assert evil.status == 403
    own = bare.post("/signin", body, {**sent, "origin": f"http://127.0.0.1:{place.port}"})
    assert own.status == 303


def test_signing_out_takes_the_token_of_the_session(place: Place) -> None:
    person, other = signed_in(place), signed_in(place)
    for token in ("", "x", other.token(), person.session):
        assert person.post("/signout", {"token": token}).status == 403
    assert person.get("/sources").status == 200
    assert person.get("/signout").status == 405


def test_an_act_takes_the_token_of_the_session(place: Place) -> None:
    person, other = signed_in(place), signed_in(place)
    act = {"act": "answer", "on": "x:1", "back": "/inbox"}
    assert person.post("/act", {**act, "token": other.token()}).status == 403
    assert person.post("/act", {**act, "token": person.token()}).status == 422  # there is no x:1
    cross = {"sec-fetch-site": "cross-site"}
    assert person.post("/act", {**act, "token": person.token()}, cross).status == 403


def test_an_act_after_the_session_says_that_it_is_over(place: Place, clock: HandClock) -> None:
    person = signed_in(place)
    token = person.token()
    clock.at += DAY
    answer = person.post("/act", {"act": "answer", "on": "x:1", "token": token})
    assert answer.status == 401
    assert "You are signed out." in answer.words
    assert 'href="/signin"' in answer.text


ELSEWHERE = [
    "https://evil.example/", "//evil.example", "/\\evil.example", "\\/evil.example",
    "evil.example", "javascript:alert(1)", "/../signout", "/inbox/../../etc/passwd",
    "/%2e%2e/%2E%2E/x", "/a%2f..%2fb", "/%5c..%5cx", "/./x", "/x\r\nset-cookie: a=b", "/x\ty",
    "/x y", "/é", "///x", "/a//b", "/x\\y", "/signin?next=/signin", "/signout", "/signin/oidc",
    "", "?", "#", "/" + "x" * 2000,
]  # fmt: skip


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_nobody_is_led_elsewhere(place: Place, wanted: str) -> None:
    assert own_path(wanted) == "/"
    assert Person(place).try_password(wanted=wanted).headers["location"] == "/"
    person = Person(place)
    assert person.try_password(next=wanted).headers["location"] == "/"


@pytest.mark.parametrize(
    "wanted", ["/", "/inbox", "/inbox?q=a+b&open=3", "/mentions/x:1", "/mentions/a%20b", "/x#y"]
)
def test_everybody_is_led_to_our_pages(wanted: str) -> None:
    assert own_path(wanted) == wanted


def test_what_was_typed_comes_back_inert(place: Place) -> None:
    nasty = '"><script>alert(1)</script>'
    answer = Person(place).try_password("x", name=nasty, wanted=f"/inbox?q={nasty}")
    assert "<script>" not in answer.text
    assert "alert(1)" in answer.text  # as a name that may be corrected


def test_a_form_that_is_none_and_one_that_is_huge(place: Place) -> None:
    person = Person(place)
    person.get("/signin")
    for body, status in (("\x00", 403), ("a=b&" * 5000, 403), ("x" * 1_100_000, 400)):
        answer = Browser(place.port).post("/signin", body)
        assert answer.status == status


# Cookies


def test_a_cookie_over_http_is_for_this_site_alone(place: Place) -> None:
    answer = Person(place).try_password()
    session = next(c for c in answer.cookies if c.startswith("listener="))
    parts = {part.strip().lower() for part in session.split(";")[1:]}
    assert parts == {"httponly", "path=/", "samesite=lax", "max-age=2592000"}


def test_a_cookie_over_https_is_bound_to_the_host(place: Place) -> None:
    answer = Person(place, PUBLIC).try_password()
    session = next(c for c in answer.cookies if c.startswith("__Host-listener="))
    parts = {part.strip().lower() for part in session.split(";")[1:]}
    assert parts == {"httponly", "path=/", "samesite=lax", "secure", "max-age=2592000"}
    gone = [c for c in answer.cookies if c.startswith("__Host-listener-form=")]
    assert "Max-Age=0" in gone[0]


def test_by_the_public_address_a_cookie_that_another_host_may_set_is_not_looked_at(
    place: Place,
) -> None:
    person = signed_in(place)
    assert Person(place, PUBLIC, {"listener": person.session}).get("/inbox").status == 303
    bound = {"__Host-listener": person.session}
    assert Person(place, PUBLIC, bound).get("/inbox").status == 200


def test_who_is_signed_in_acts_by_the_public_address_too(place: Place) -> None:
    person = signed_in(place, host=PUBLIC)
    act = {"act": "answer", "on": "x:1", "back": "/inbox", "token": person.token()}
    assert person.post("/act", act).status == 422  # there is no x:1


def test_no_page_of_who_is_signed_in_is_kept_by_caches(place: Place) -> None:
    person = signed_in(place)
    for path in ("/", "/signin", "/nowhere"):
        assert person.get(path).headers["cache-control"] == "no-store"


def test_a_request_is_noted_once_a_minute(place: Place, store: Store, clock: HandClock) -> None:
    person = signed_in(place)
    clock.at += timedelta(seconds=59)
    person.get("/sources")
    assert rows(store, "SELECT seen_at FROM session") == [{"seen_at": "2026-11-22T12:00:00.000Z"}]
    clock.at += SECOND
    person.get("/sources")
    wait_for_note(store, NOW + MINUTE)
