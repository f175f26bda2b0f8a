"""What is done at the inbox and with a mention."""

from playwright.sync_api import expect

from tests.builders import MINUTE
from tests.web.story import a_complaint, take_in
from tests.web.tour.place import Place
from tests.web.tour.tourist import Tourist


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
    assigned = "SELECT count(*) FROM work WHERE assignee = 'kim'"
    snoozed = "SELECT count(*) FROM clock WHERE snoozed_until IS NOT NULL"
    for name, words, sql, after in (
        ("Answered", "2 mentions. Marked as answered.", state.format("met"), 3),
        ("Dismiss", "2 mentions. Dismissed", state.format("dismissed"), 2),
        ("Assign to me", "2 mentions. Assigned.", assigned, 2),
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
    of = "SELECT {} WHERE mention_id = (SELECT id FROM mention WHERE source_id = '{}')"
    for number, name, words, what, after in (
        (10, "Answered", "Marked as answered.", "state FROM clock", "met"),
        (11, "Dismiss", "Dismissed", "state FROM clock", "dismissed"),
        (12, "Snooze", "Snoozed", "snoozed_until FROM clock", "2026-11-22T13:00:00.000Z"),
        (13, "Assign", "Assigned.", "assignee FROM work", "jo"),
    ):
        opens_mention(tour, place, number)
        if name == "Assign":
            tour.page.get_by_label("To whom").fill("jo")
        tour.press(tour.button(name, "#beside"), words)
        place.comes_to(of.format(what, number), after)


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
    place.comes_to(newest.format("topics"), '["delivery", "price"]')
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
    opens_mention(tour, place, 18)
    tour.page.locator("#note").fill("Told the courier.")
    tour.press(tour.button("Keep the note", "#beside"), "The note is kept.")
    if not tour.scripted:  # the list is what one is led back to
        opens_mention(tour, place, 18)
    expect(tour.page.locator("#beside .history")).to_contain_text("Told the courier.")
    place.comes_to("SELECT text FROM note", "Told the courier.")
    tour.press(tour.button("Undo", "#beside .history"), "Undone")
    if not tour.scripted:
        opens_mention(tour, place, 18)
    expect(tour.page.locator("#beside .history")).not_to_contain_text("Told the courier.")
    place.comes_to("SELECT count(*) FROM audit WHERE what = 'x:18'", 2)
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


INBOX = (
    finds_and_saves_a_view,
    acts_on_several,
    acts_on_one,
    corrects,
    notes_and_copies,
    acts_on_a_page_of_its_own,
    sees_what_is_new,
)
