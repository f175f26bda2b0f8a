"""Every page and every action in Chromium, as a person does it: with scripts, and without them.

What is offered on the way and not pressed fails, and so does an address that was not asked for: an
action that is new has to be toured, too.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from listener.store.connection import Store
from listener.web.done import SAID
from listener.web.settings_forms import KINDS
from tests.web.conftest import HandClock
from tests.web.desks import needs_chromium
from tests.web.tour.of_inbox import INBOX
from tests.web.tour.of_settings import SETTINGS
from tests.web.tour.place import Place, a_place, touring
from tests.web.tour.tourist import Tourist, untoured
from tests.web.visitors import PASSWORD

pytestmark = needs_chromium

# What no person at the pages asks for: programs do. A provider's way in is in test_oidc.py.
FOR_PROGRAMS = {
    "GET /healthz", "GET /readyz", "GET /metrics", "POST /slack/events", "POST /hooks/{name}",
    "GET /feeds/mentions.atom", "GET /feeds/incidents.atom", "GET /feeds/due.ics",
    "GET /signin/oidc", "GET /signin/oidc/done",
}  # fmt: skip
BY_SCRIPTS = {"GET /static/{name}", "GET /events"}


@pytest.mark.parametrize("scripted", [True, False], ids=["with scripts", "without scripts"])
def test_every_page_is_seen_and_every_action_is_done(
    chromium: Chromium, store: Store, clock: HandClock, tmp_path: Path, scripted: bool
) -> None:
    place = a_place(store, clock, tmp_path)
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
        ("/", "Share of voice"),
        ("/sources", "Sources"),
        ("/incidents", "Acme: 9 negative"),
        ("/subjects", "Acme"),
        ("/digests", "2026-W47"),
        ("/no-such-page", "There is no such page."),
    ):
        tour.go(path, words)
    tour.go("/digests")
    tour.page.locator("main li a").first.click()
    tour.reads("Acme")
    for path in ("/subjects", "/subjects/Acme", "/compare", "/topics"):
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


def reads_in_other_languages(tour: Tourist, place: Place) -> None:
    tour.go("/inbox?order=newest")
    for name, code in (("Magyar", "hu"), ("简体中文", "zh-Hans"), ("English", "en")):
        tour.page.locator("footer").get_by_role("link", name=name).click()
        expect(tour.page.locator("html")).to_have_attribute("lang", code)
        assert tour.page.url == f"{tour.base}/inbox?order=newest"


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
        ("False alarm", "Marked as a false alarm.", "false alarm: a strike"),
        ("It was real", "Marked as real.", "real: a strike"),
    ):
        tour.page.get_by_label("What was it?").fill("a strike")
        tour.press(tour.button(name), words)
        assert place.one("SELECT detail FROM audit ORDER BY id DESC LIMIT 1") == verdict
    pack = tour.download(tour.page.get_by_role("link", name="Crisis pack"))
    assert "The courier is late." in pack.read_text(encoding="utf-8")


def resolves_an_incident(tour: Tourist, place: Place) -> None:
    tour.go("/incidents/1")
    tour.press(tour.button("Resolve"), "Resolved.")
    assert place.one("SELECT resolved_at FROM incident") is not None


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
    reads_in_other_languages,
    *INBOX,
    looks_after_an_incident,
    *SETTINGS,
    resolves_an_incident,
    stops_the_mail,
    lambda tour, _: tour.go("/inbox"),
    signs_out,
)
