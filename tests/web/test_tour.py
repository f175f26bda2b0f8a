"""Every page and every action in Chromium, as a person does it: with scripts, and without them.

What is offered on the way and not pressed fails, and so does an address that was not asked for: an
action that is new has to be toured, too.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Locator, expect
from starlette.applications import Starlette

from listener import inbox
from listener.accounts.passwords import Passwords
from listener.app import app_over, plugins
from listener.clock import WallClock
from listener.config import load
from listener.config.writing import Content
from listener.domain.digest import COMPANY
from listener.domain.role import Role
from listener.settings import Taken
from listener.store import search, subscriptions
from listener.store.connection import Store
from listener.web.done import SAID
from listener.web.serve import SiteServer
from listener.web.settings_forms import KINDS
from listener.web.site import make_site
from tests.builders import HOUR, MINUTE, NOW
from tests.store.kept import one, rows
from tests.web.api.told import tell
from tests.web.conftest import KNOWN, HandClock
from tests.web.desks import needs_chromium, until
from tests.web.story import a_complaint, take_in
from tests.web.test_settings import FILE, OneDesk
from tests.web.touring import Tourist, untoured
from tests.web.visitors import PASSWORD, Counting, add_user

pytestmark = needs_chromium

# What no person at the pages asks for: programs do. A provider's way in is in test_oidc.py.
FOR_PROGRAMS = {
    "GET /healthz", "GET /readyz", "GET /metrics", "POST /slack/events", "POST /hooks/{name}",
    "GET /feeds/mentions.atom", "GET /feeds/incidents.atom", "GET /feeds/due.ics",
    "GET /signin/oidc", "GET /signin/oidc/done",
}  # fmt: skip
BY_SCRIPTS = {"GET /static/{name}", "GET /events"}
MANY = 20  # mentions that wait, beside those of the story


@dataclass
class Place:
    """What is toured: a site with people, a file of settings, mentions and an incident."""

    site: Starlette
    store: Store
    clock: HandClock
    file: Path
    letter: str  # what a mail's link to unsubscribe says

    def one(self, sql: str) -> object:
        return one(self.store, sql)

    def comes_to(self, sql: str, value: object) -> None:
        """The database says so, at once or in a moment."""
        until(lambda: bool(self.one(sql) == value))


@pytest.fixture
def place(store: Store, clock: HandClock, tmp_path: Path) -> Place:
    tell(store, clock)
    take_in(store, clock, *[a_complaint(n, ago=n * MINUTE) for n in range(10, 10 + MANY)])
    search.index_new(store)
    add_user(store, "kim", Role.ADMIN)
    add_user(store, "jo", Role.AGENT)
    with store.write() as db:
        letter = subscriptions.token(db, "cx@example.com", COMPANY)
    file = tmp_path / "config.toml"
    file.write_text(FILE, encoding="utf-8")
    usual = WallClock()
    app = app_over(store, load(file, plugins(usual)), usual)
    site = make_site(
        store,
        clock.now,
        None,
        "127.0.0.1",
        ZoneInfo("UTC"),
        desk=OneDesk(file, app, Taken(at=NOW, mark=Content.of(file).mark)),
        known=lambda: KNOWN,
        hashes=Passwords(Counting()),
    )
    return Place(site, store, clock, file, letter)


@contextmanager
def touring(chromium: Chromium, place: Place, *, scripted: bool) -> Iterator[Tourist]:
    server = SiteServer(place.site, host="127.0.0.1", port=0)
    base = f"http://127.0.0.1:{server.start()}"
    context = chromium.new_context(
        java_script_enabled=scripted, viewport={"width": 1280, "height": 900}
    )
    context.set_default_timeout(10_000)
    try:
        yield Tourist(context.new_page(), base, scripted)
    finally:
        context.close()
        server.stop()


@pytest.mark.parametrize("scripted", [True, False], ids=["with scripts", "without scripts"])
def test_every_page_is_seen_and_every_action_is_done(
    chromium: Chromium, place: Place, scripted: bool
) -> None:
    with touring(chromium, place, scripted=scripted) as tour:
        for step in STEPS:
            step(tour, place)
    assert tour.faults == []
    left_out = FOR_PROGRAMS if scripted else FOR_PROGRAMS | BY_SCRIPTS
    assert untoured(place.site, tour.asked) == left_out
    assert sorted(tour.offered - tour.pressed) == []
    done = {pressed.split()[2] for pressed in tour.pressed if pressed.startswith("post /act ")}
    assert done == set(SAID)
    written = {one.split()[3] for one in tour.pressed if one.startswith("post /settings/change wr")}
    assert written == set(KINDS)


# The way in


def signs_in(tour: Tourist, place: Place) -> None:
    tour.go("/inbox?order=newest", "Sign in")
    for password, words in (("nothing like it", "That did not work"), (PASSWORD, "Signed in: kim")):
        tour.page.get_by_label("Name").fill("kim")
        tour.page.get_by_label("Password").fill(password)
        tour.press(tour.button("Sign in"), words)
    assert tour.page.url == f"{tour.base}/inbox?order=newest"
    assert place.one("SELECT count(*) FROM session") == 1


def signs_out(tour: Tourist, place: Place) -> None:
    tour.press(tour.button("Sign out", "header"), "You are signed out.")
    assert place.one("SELECT count(*) FROM session") == 0
    tour.go("/settings", "Sign in")


# The pages that are looked at


def looks_around(tour: Tourist, place: Place) -> None:
    for path, words in (
        ("/", "Promises"),
        ("/sources", "What came in"),
        ("/incidents", "Acme: 9 negative"),
        ("/subjects", "Acme"),
        ("/digests", "2026-W47"),
        ("/no-such-page", "There is no such page."),
    ):
        tour.go(path, words)
    tour.go("/digests")
    tour.page.locator("main li a").first.click()
    tour.reads("Acme")
    for path in ("/subjects/Acme", "/compare", "/topics"):
        tour.go(path)
        tour.press(tour.button("Show"), "")
    tour.go("/search")
    tour.page.get_by_label("Words and fields").fill("courier")
    tour.press(tour.button("Search"), "1 mention")


def reads_the_keys(tour: Tourist, place: Place) -> None:
    keys = tour.page.locator("#keys")
    tour.go("/")
    if not tour.scripted:
        expect(keys).not_to_be_visible()
        return
    tour.press(tour.button("Keys (?)", "footer"), "Keys")
    expect(keys).to_be_visible()
    tour.press(tour.button("Close", "#keys"), "")
    expect(keys).not_to_be_visible()


# The inbox


def finds_and_saves_a_view(tour: Tourist, place: Place) -> None:
    tour.go("/inbox")
    tour.page.get_by_label("Search").fill("parcel NOT courier")
    tour.press(tour.button("Show"), "about parcel 10")
    names = "SELECT group_concat(name) FROM saved_view"
    tour.opens("Save this view")
    tour.page.locator("#save").fill("Parcels")
    tour.press(tour.button("Save"), "The view is saved")
    assert place.one(names) == "Parcels"
    tour.opens("Rename or remove this view")
    tour.page.locator("#rename").fill("Lost parcels")
    tour.press(tour.button("Rename"), "The view has another name")
    assert place.one(names) == "Lost parcels"
    tour.opens("Rename or remove this view")
    tour.press(tour.button("Remove"), "The view is removed")
    assert place.one(names) is None


def acts_on_several(tour: Tourist, place: Place) -> None:
    state = "SELECT count(*) FROM clock WHERE state = '{}'"
    snoozed = "SELECT count(*) FROM clock WHERE snoozed_until IS NOT NULL"
    for name, words, sql, after in (
        ("Answered", "2 mentions. Marked as answered.", state.format("met"), 3),
        ("Dismiss", "2 mentions. Dismissed", state.format("dismissed"), 2),
        ("Assign to me", "2 mentions. Assigned.", "SELECT count(*) FROM clock WHERE assignee = 'kim'", 2),
        ("Snooze", "2 mentions. Snoozed", snoozed, 2),
    ):  # fmt: skip
        tour.go("/inbox")
        before = place.one(sql)
        for box in tour.page.locator("#rows input[type=checkbox]").all()[-2:]:
            box.check()
        tour.press(tour.button(name, ".bulk"), words)
        place.comes_to(sql, after)
        tour.press(tour.button("Undo", "#done"), "2 mentions. Undone")
        place.comes_to(sql, before)


def acts_on_one(tour: Tourist, place: Place) -> None:
    of = "FROM clock WHERE mention_id = (SELECT id FROM mention WHERE source_id = '{}')"
    for number, name, words, what, after in (
        (10, "Answered", "Marked as answered.", "state", "met"),
        (11, "Dismiss", "Dismissed", "state", "dismissed"),
        (12, "Snooze", "Snoozed", "snoozed_until", "2026-11-22T13:00:00.000Z"),
        (13, "Assign", "Assigned.", "assignee", "jo"),
    ):
        opens_mention(tour, place, number)
        if name == "Assign":
            tour.page.get_by_label("To whom").fill("jo")
        tour.press(tour.button(name, "#beside"), words)
        place.comes_to(f"SELECT {what} {of.format(number)}", after)


def opens_mention(tour: Tourist, place: Place, number: int) -> None:
    row = place.one(f"SELECT id FROM mention WHERE source_id = '{number}'")
    tour.go(f"/inbox?open={row}", f"about parcel {number}")


def corrects(tour: Tourist, place: Place) -> None:
    newest = "SELECT {} FROM label WHERE by = 'kim' ORDER BY id DESC LIMIT 1"
    beside = tour.page.locator("#beside")

    def corrected() -> None:
        tour.press(tour.button("Correct", "#beside"), "Corrected: your word wins")

    def begins(number: int) -> None:
        opens_mention(tour, place, number)
        tour.opens("Correct")

    begins(14)
    beside.get_by_label("Sentiment").select_option("neutral")
    beside.get_by_label("Topics").fill("delivery, price")
    beside.get_by_label("Intent").select_option("question")
    corrected()
    place.comes_to(newest.format("sentiment"), "neutral")
    place.comes_to(newest.format("topics"), '["delivery","price"]')
    place.comes_to(newest.format("intent"), "question")
    begins(15)
    beside.get_by_label("Sentiment").select_option("positive")
    beside.get_by_label("Towards").select_option("Acme")
    corrected()
    place.comes_to("SELECT count(*) FROM audit WHERE did LIKE 'corrected%'", 3)
    begins(16)
    beside.get_by_label("Towards").select_option("Acme")
    beside.get_by_label("It is not about the subject").check()
    corrected()
    place.comes_to("SELECT count(*) FROM clock WHERE state = 'dismissed'", 1)
    begins(17)
    beside.get_by_label("Issue of your tracker").fill("CX-17")
    tour.press(tour.button("Tie to it", "#beside"), "Tied to the issue.")
    place.comes_to("SELECT count(*) FROM audit WHERE detail LIKE '%CX-17%'", 1)


def notes_and_copies(tour: Tourist, place: Place) -> None:
    kept = "SELECT count(*) FROM note WHERE text = 'Told the courier.' AND deleted_at IS NULL"
    opens_mention(tour, place, 18)
    tour.page.locator("#note").fill("Told the courier.")
    tour.press(tour.button("Keep the note", "#beside"), "The note is kept.")
    expect(tour.page.locator("#beside .history")).to_contain_text("Told the courier.")
    assert rows(place.store, "SELECT text FROM note")
    tour.press(tour.button("Undo", "#beside .history"), "Undone")
    expect(tour.page.locator("#beside .history")).not_to_contain_text("Told the courier.")
    assert kept
    tour.opens("Drafts of a reply")
    expect(tour.page.locator("#draft-1")).to_be_visible()
    if tour.scripted:
        tour.press(tour.button("Copy", "#beside"), "")
        selected = "document.activeElement.value.slice(document.activeElement.selectionStart)"
        words = tour.page.locator("#draft-1").input_value()
        tour.page.wait_for_function(f"words => {selected} === words", arg=words)


def acts_on_a_page_of_its_own(tour: Tourist, place: Place) -> None:
    tour.go("/mentions/x:19", "about parcel 19")
    tour.press(tour.button("Answered"), "Marked as answered.")
    tour.press(tour.button("Undo", "#done"), "Undone")
    assert place.one("SELECT count(*) FROM audit WHERE what = 'x:19'") == 2


def sees_what_is_new(tour: Tourist, place: Place) -> None:
    tour.go("/inbox")
    take_in(place.store, place.clock, a_complaint(90, ago=MINUTE))
    if tour.scripted:
        news = tour.page.locator("#news")
        expect(news).to_have_text("1 new: show it (.)")
        tour.press(news, "about parcel 90")
    else:
        tour.go("/inbox", "about parcel 90")


# Incidents


def looks_after_an_incident(tour: Tourist, place: Place) -> None:
    tour.go("/incidents")
    tour.page.get_by_role("link", name="Acme: 9 negative").click()
    tour.look()
    tour.press(tour.button("Acknowledge"), "You look after it.")
    assert place.one("SELECT acknowledged_by FROM incident") == "kim"
    tour.press(tour.button("Snooze"), "Snoozed")
    assert place.one("SELECT snoozed_until FROM incident") is not None
    tour.page.get_by_label("Note for your colleagues").fill("The courier is late.")
    tour.press(tour.button("Keep the note"), "The courier is late.")
    for name, words, verdict in (
        ("False alarm", "Marked as a false alarm.", "false"),
        ("It was real", "Marked as real.", "real"),
    ):
        tour.page.get_by_label("What was it?").fill("a strike")
        tour.press(tour.button(name), words)
        assert place.one("SELECT did FROM audit ORDER BY id DESC LIMIT 1") == f"marked {verdict}"
    pack = tour.download(tour.page.get_by_role("link", name="Crisis pack"))
    assert "The courier is late." in pack.read_text(encoding="utf-8")


def resolves_an_incident(tour: Tourist, place: Place) -> None:
    tour.go("/incidents/1")
    tour.press(tour.button("Resolve"), "Resolved.")
    assert place.one("SELECT resolved_at FROM incident") is not None


# Settings


def ends_snoozes(tour: Tourist, place: Place) -> None:
    tour.go("/settings/snoozes", "Acme: 9 negative")
    inbox.snooze(place.store, "x:20", HOUR, "jo", NOW)
    for sql, name in (
        ("SELECT count(*) FROM incident WHERE snoozed_until IS NOT NULL", "#incidents"),
        ("SELECT count(*) FROM clock WHERE snoozed_until IS NOT NULL", "#mentions"),
    ):
        tour.go("/settings/snoozes")
        before = place.one(sql)
        ended = tour.page.locator(f"section:has({name}) button").first
        tour.press(ended, "The snooze is over.")
        assert isinstance(before, int)
        assert place.one(sql) == before - 1


def writes(tour: Tourist, place: Place, shows: Locator, change: str) -> None:
    """Look at the change, go back to it, look again, and write it."""
    tour.press(shows, "Is this right?")
    expect(tour.page.locator(".diff")).to_contain_text(change)
    back = tour.button("Go on changing it")
    if back.count():
        tour.press(back, "")
        again = tour.page.locator("form", has=tour.page.locator('[name="was"]'))
        tour.press(again.get_by_role("button", name="Show the change").first, "Is this right?")
    tour.press(tour.button("Write it"), "Written to config.toml, and in force.")


def follows(tour: Tourist, place: Place) -> None:
    tour.go("/settings", "Follow somebody else")
    tour.page.get_by_role("link", name="Follow somebody else").click()
    tour.look()
    tour.page.get_by_label("Name").fill("Cumulus")
    tour.page.locator("#query").fill("courier")
    tour.press(tour.button("Try it"), "1 mention")
    tour.page.locator("#query").fill("cumulus")
    writes(tour, place, tour.button("Show the change"), 'query = "cumulus"')
    assert 'name = "Cumulus"' in place.file.read_text(encoding="utf-8")
    tour.go("/settings/subject?name=Boreal")
    tour.page.locator("#query").fill("boreal OR borealis")
    writes(tour, place, tour.button("Show the change"), "borealis")
    tour.go("/settings/subject?name=Cumulus")
    writes(tour, place, tour.button("Follow it no longer"), "cumulus")
    assert "Cumulus" not in place.file.read_text(encoding="utf-8")
    query = "SELECT count(*) FROM subject WHERE name = 'Boreal'"
    assert place.one(query) == 1


def defines_topics(tour: Tourist, place: Place) -> None:
    tour.go("/settings/topics")
    tour.page.get_by_role("link", name="Define a topic").click()
    tour.look()
    tour.page.get_by_label("Name").fill("price")
    tour.page.locator("#examples").fill("far too dear")
    writes(tour, place, tour.button("Show the change"), "far too dear")
    tour.go("/settings/topic?name=delivery")
    tour.page.locator("#keywords").fill("parcel*")
    writes(tour, place, tour.button("Show the change"), "parcel*")
    tour.go("/settings/topic?name=price")
    writes(tour, place, tour.button("Remove this topic"), "price")
    assert "parcel*" in (text := place.file.read_text(encoding="utf-8"))
    assert "far too dear" not in text


def says_who_is_told(tour: Tourist, place: Place) -> None:
    for section, field, value in (
        ("digest", "#digest-to", "boss@example.com"),
        ("alerts", "#alerts-to", "night@example.com"),
        ("quiet", "#quiet_hours", "sat-sun 00:00-24:00"),
        ("team-1", "#slack-1", "#parcels"),
    ):
        tour.go("/settings/people")
        tour.page.locator(field).fill(value)
        within = f"section[aria-labelledby={section}]"
        writes(tour, place, tour.button("Show the change", within), value)
        assert value in place.file.read_text(encoding="utf-8")


def reads_the_file_again(tour: Tourist, place: Place) -> None:
    place.file.write_text(
        place.file.read_text(encoding="utf-8").replace("acme", "acme OR akme", 1), encoding="utf-8"
    )
    tour.go("/settings", "The file was changed since it was read.")
    tour.press(tour.button("Take it up now"), "The file was read again, and is in force.")
    tour.go("/settings/file", "akme")
    tour.press(tour.button("Take it up now"), "The file was read again, and is in force.")


def stops_the_mail(tour: Tourist, place: Place) -> None:
    gone = "SELECT count(*) FROM subscription WHERE unsubscribed_at IS NOT NULL"
    tour.go(f"/unsubscribe/{place.letter}", "Stop sending it?")
    tour.press(tour.page.get_by_role("button"), "does not get this digest any more")
    assert place.one(gone) == 1
    tour.press(tour.page.get_by_role("button"), "Stop sending it?")
    assert place.one(gone) == 0


STEPS = (
    signs_in,
    looks_around,
    reads_the_keys,
    finds_and_saves_a_view,
    acts_on_several,
    acts_on_one,
    corrects,
    notes_and_copies,
    acts_on_a_page_of_its_own,
    sees_what_is_new,
    looks_after_an_incident,
    ends_snoozes,
    follows,
    defines_topics,
    says_who_is_told,
    reads_the_file_again,
    resolves_an_incident,
    stops_the_mail,
    lambda tour, _: tour.go("/inbox"),
    signs_out,
)
