"""The inbox by keys alone, by two people, with news that come by themselves, in a real browser."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from listener import inbox
from listener.domain.role import Role
from listener.store.connection import Store
from tests.builders import MINUTE, NOW
from tests.store.kept import one, rows
from tests.web.browser import Browser
from tests.web.conftest import HandClock
from tests.web.desks import desk, looking, needs_chromium, until
from tests.web.story import a_complaint, take_in

pytestmark = needs_chromium
MANY = 24
Recorder = Callable[[str, object], None]


@pytest.fixture
def many(store: Store, clock: HandClock) -> Store:
    """What waits, number 1 first."""
    said = [a_complaint(n, ago=50 * MINUTE - n * MINUTE) for n in range(1, MANY + 1)]
    take_in(store, clock, *said)
    return store


@pytest.fixture
def page(chromium: Chromium, kim: Browser, many: Store) -> Iterator[Page]:
    with looking(chromium, kim, "/inbox") as shown:
        ready(shown)
        yield shown


def ready(page: Page) -> None:
    page.wait_for_function("document.documentElement.classList.contains('scripted')")


def row(page: Page, number: int) -> str:
    """Where the row of a mention is."""
    return f'#rows > li[data-name="x:{number}"]'


def shows(page: Page, number: int) -> None:
    """The mention is open beside the list."""
    expect(page.locator("#beside")).to_have_attribute("data-name", f"x:{number}")


def focused(page: Page) -> str | None:
    name: str | None = page.evaluate("document.activeElement.closest('#rows > li')?.dataset.name")
    return name


def at(page: Page, number: int) -> None:
    """The focus is on the row of a mention."""
    page.wait_for_function(
        "name => document.activeElement.closest('#rows > li')?.dataset.name === name",
        arg=f"x:{number}",
    )


def open_count(page: Page) -> str:
    return page.locator("#states [aria-current] .count").inner_text()


def told(page: Page, words: str) -> None:
    expect(page.locator("#live")).to_contain_text(words)


def states(store: Store) -> dict[str, int]:
    found = rows(store, "SELECT state, count(*) AS n FROM clock GROUP BY state")
    return {one["state"]: one["n"] for one in found}


def test_twenty_mentions_are_dealt_with_in_so_many_presses(
    page: Page, many: Store, record_property: Recorder
) -> None:
    presses = 0

    def press(key: str) -> None:
        nonlocal presses
        presses += 1
        page.keyboard.press(key)

    press("j")
    for number in range(1, 21):
        press("e" if number % 2 else "d")
    at(page, 21)
    told(page, "Dismissed")
    until(lambda: states(many).get("met") == 10 and states(many).get("dismissed") == 10)
    assert open_count(page) == str(MANY - 20)
    record_property("presses", presses)
    assert presses <= 60, presses
    assert presses == 21


def test_with_a_mention_open_the_next_one_opens(page: Page, many: Store) -> None:
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    shows(page, 1)
    assert "open=1" in page.url
    page.keyboard.press("e")
    shows(page, 2)
    assert "open=2" in page.url
    page.keyboard.press("j")
    shows(page, 3)
    page.keyboard.press("Escape")
    expect(page.locator("#beside")).to_have_count(0)
    at(page, 3)


def test_what_was_done_is_undone_and_has_the_focus_again(page: Page, many: Store) -> None:
    for key in ("j", "j", "d"):
        page.keyboard.press(key)
    at(page, 3)
    expect(page.locator(row(page, 2))).to_have_count(0)
    page.keyboard.press("z")
    told(page, "Undone")
    at(page, 2)
    assert open_count(page) == str(MANY)
    order = page.locator("#rows > li").evaluate_all("rows => rows.map((row) => row.dataset.name)")
    assert order[:3] == ["x:1", "x:2", "x:3"]


def test_several_are_chosen_and_undone_together(page: Page, many: Store) -> None:
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    told(page, "2 chosen")
    page.keyboard.press("d")
    at(page, 3)
    told(page, "2 mentions. Dismissed")
    page.keyboard.press("z")
    told(page, "2 mentions. Undone")
    at(page, 1)
    assert open_count(page) == str(MANY)


def test_assigning_and_snoozing_go_on_and_the_rows_stay(page: Page, many: Store) -> None:
    page.keyboard.press("j")
    page.keyboard.press("a")
    at(page, 2)
    expect(page.locator(row(page, 1))).to_contain_text("with kim")
    page.keyboard.press("s")
    at(page, 3)
    told(page, "Snoozed")
    assert one(many, "SELECT snoozed_until FROM clock WHERE mention_id = 2") == (
        "2026-11-22T13:00:00.000Z"
    )


def test_a_note_is_written_and_kept_by_keys(page: Page, many: Store) -> None:
    page.keyboard.press("j")
    page.keyboard.press("n")
    expect(page.locator("#note")).to_be_focused()
    page.keyboard.type("jd? told the courier.")  # keys that are written act on nothing
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    told(page, "The note is kept.")
    expect(page.locator("#beside .history")).to_contain_text("told the courier.")
    page.keyboard.press("z")
    told(page, "Undone")
    expect(page.locator("#beside .history")).not_to_contain_text("told the courier.")


def test_a_note_that_was_begun_waits_while_one_looks_elsewhere(page: Page, many: Store) -> None:
    page.keyboard.press("j")
    page.keyboard.press("n")
    page.keyboard.type("add")  # so soon that the mention is not open yet: nothing is done
    expect(page.locator("#note")).to_be_focused()
    page.locator("#note").fill("half a")
    page.keyboard.press("Escape")
    page.locator(f"{row(page, 2)} a").click()
    shows(page, 2)
    page.keyboard.press("k")
    expect(page.locator("#note")).to_have_value("half a")
    assert rows(many, "SELECT * FROM audit") == []


def test_keys_that_are_pressed_fast_act_one_after_the_other(page: Page, many: Store) -> None:
    page.keyboard.type("jddejd")
    at(page, 6)
    until(lambda: states(many).get("dismissed") == 3 and states(many).get("met") == 1)
    done = rows(many, "SELECT what, did FROM audit ORDER BY id")
    assert [act["what"] for act in done] == ["x:1", "x:2", "x:3", "x:5"]


def test_a_correction_by_keys(page: Page, many: Store) -> None:
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect(page.locator("#sentiment")).to_be_focused()
    page.keyboard.press("p")  # positive
    page.keyboard.press("Tab")
    page.locator('#beside [data-key="correct"] button').first.focus()
    page.keyboard.press("Enter")
    told(page, "Corrected")
    assert one(many, "SELECT sentiment FROM label WHERE by = 'kim'") == "positive"


def test_the_source_opens_beside(
    chromium: Chromium,
    kim: Browser,
    store: Store,
    clock: HandClock,
) -> None:
    take_in(store, clock, a_complaint(1, url=f"http://127.0.0.1:{kim.port}/healthz"))
    with looking(chromium, kim, "/inbox") as page:
        ready(page)
        page.keyboard.press("j")
        with page.context.expect_page() as opened:
            page.keyboard.press("r")
        assert opened.value.url.endswith("/healthz")


def test_pages_are_gone_to_and_the_search_is_found_by_keys(page: Page) -> None:
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("jjgn")
    expect(page.locator("#q")).to_have_value("jjgn")
    page.keyboard.press("Escape")
    for second, path in (("n", "/incidents"), ("o", "/"), ("i", "/inbox")):
        page.keyboard.press("g")
        page.keyboard.press(second)
        page.wait_for_url(re.compile(f":\\d+{path}$"))
        ready(page)


def test_the_keys_are_listed_and_can_be_switched_off(page: Page) -> None:
    page.keyboard.press("?")
    dialog = page.locator("#keys")
    expect(dialog).to_be_visible()
    for _ in range(5):  # the focus stays inside
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main, header, footer') === null")
    page.locator("#keys-on").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    page.reload()
    ready(page)
    page.keyboard.press("j")
    page.keyboard.press("?")
    assert focused(page) is None
    expect(dialog).not_to_be_visible()
    page.get_by_role("button", name="Keys (?)").click()
    page.locator("#keys-on").check()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    at(page, 1)


def test_a_new_mention_arrives_and_moves_nothing(
    page: Page, many: Store, clock: HandClock, record_property: Recorder
) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")
    at(page, 2)
    before = page.locator(row(page, 2)).bounding_box()
    page.evaluate("window.began = performance.now()")
    take_in(many, clock, a_complaint(99, ago=59 * MINUTE))
    expect(page.locator("#news")).to_have_text("1 new: show it (.)")
    record_property("seen_after_ms", page.evaluate("Math.round(performance.now() - began)"))
    assert open_count(page) == str(MANY + 1)
    shown = page.locator(row(page, 2)).bounding_box()
    assert (shown, focused(page)) == (before, "x:2")
    expect(page.locator(row(page, 99))).to_have_count(0)
    page.keyboard.press(".")
    expect(page.locator("#rows > li").first).to_have_attribute("data-name", "x:99")
    expect(page.locator("#news")).not_to_be_visible()
    at(page, 2)


def test_one_who_looks_at_an_empty_inbox_sees_what_comes(
    chromium: Chromium,
    kim: Browser,
    store: Store,
    clock: HandClock,
) -> None:
    with looking(chromium, kim, "/inbox") as page:
        ready(page)
        expect(page.locator("#list-empty")).to_be_visible()
        take_in(store, clock, a_complaint(1))
        expect(page.locator(row(page, 1))).to_be_visible()


def test_two_people_see_each_other_and_what_the_other_did(
    page: Page,
    chromium: Chromium,
    jo: Browser,
    many: Store,
) -> None:
    with looking(chromium, jo, "/inbox") as other:
        ready(other)
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        expect(other.locator(row(other, 1))).to_contain_text("kim is on it")
        other.locator(f"{row(other, 1)} a").click()
        expect(other.locator("#beside")).to_contain_text("kim is on it")
        expect(page.locator("#beside")).to_contain_text("jo is on it")
        other.keyboard.press("Escape")
        expect(page.locator("#beside")).not_to_contain_text("jo is on it")
        page.keyboard.press("d")
        expect(other.locator(row(other, 1))).to_contain_text("No longer in this list")
        assert other.locator("#states [aria-current] .count").inner_text() == str(MANY - 1)
        page.keyboard.press("a")
        expect(other.locator(row(other, 2))).to_contain_text("with kim")


def test_who_was_overtaken_is_asked_over_the_list(
    page: Page,
    many: Store,
) -> None:
    page.route("**/inbox?*part=1*", lambda route: route.abort())  # news do not come through
    inbox.assign(many, "x:1", "jo", "jo", NOW)
    page.keyboard.press("j")
    page.keyboard.press("d")
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("jo did something about it: assigned")
    assert "dismissed" not in states(many)
    dialog.get_by_role("button", name="Do mine as well").click()
    expect(page.locator("#done")).to_contain_text("Dismissed")
    assert states(many)["dismissed"] == 1


def test_buttons_do_what_keys_do_without_leaving_the_page(page: Page, many: Store) -> None:
    page.evaluate("window.same = true")
    page.locator(f"{row(page, 3)} a").click()
    page.locator("#beside").get_by_role("button", name="Answered").click()
    shows(page, 4)
    page.locator("#done").get_by_role("button", name="Undo").click()
    told(page, "Undone")
    at(page, 3)
    assert page.evaluate("window.same")


def test_the_server_that_went_is_told_and_nothing_is_lost(page: Page) -> None:
    page.keyboard.press("j")
    page.route("**/act", lambda route: route.abort())
    page.keyboard.press("d")
    told(page, "The server did not answer")
    expect(page.locator(row(page, 1))).to_be_visible()


def test_without_a_script_it_is_all_there_but_the_keys(
    chromium: Chromium,
    kim: Browser,
    many: Store,
) -> None:
    with looking(chromium, kim, "/inbox", java_script_enabled=False) as page:
        page.locator(f"{row(page, 1)} a").click()
        page.locator("#beside").get_by_role("button", name="Dismiss").click()
        assert states(many)["dismissed"] == 1
        page.locator("#done").get_by_role("button", name="Undo").click()
        assert "dismissed" not in states(many)
        expect(page.get_by_role("button", name="Keys (?)")).not_to_be_visible()
        expect(page.locator("#keys")).not_to_be_visible()


def test_a_mention_on_a_page_of_its_own_has_the_keys_of_its_buttons(
    chromium: Chromium,
    kim: Browser,
    many: Store,
) -> None:
    with looking(chromium, kim, "/mentions/1") as page:
        ready(page)
        page.keyboard.press("d")
        expect(page.locator("#done")).to_contain_text("Dismissed")
        ready(page)
        page.keyboard.press("z")
        expect(page.locator("#done")).to_contain_text("Undone")
        ready(page)
        page.keyboard.press("n")
        expect(page.locator("#note")).to_be_focused()
    assert "dismissed" not in states(many)


def test_who_may_only_read_moves_and_opens_and_does_nothing(
    chromium: Chromium,
    many: Store,
    clock: HandClock,
) -> None:
    with (
        desk(many.path, clock, "rita", Role.READER) as pages,
        looking(chromium, pages, "/inbox") as page,
    ):
        ready(page)
        for key in ("j", "j", "d", "e", "a", "s", "x", "z"):
            page.keyboard.press(key)
        at(page, 2)
        page.keyboard.press("Enter")
        shows(page, 2)
        for key in ("d", "n", "c"):
            page.keyboard.press(key)
        page.keyboard.press("j")
        shows(page, 3)
        take_in(many, clock, a_complaint(99, ago=59 * MINUTE))
        expect(page.locator("#news")).to_be_visible()
        expect(page.locator("dialog[open]")).to_have_count(0)
    assert rows(many, "SELECT * FROM audit") == []
    assert rows(many, "SELECT * FROM presence") == []
