"""What is done at the settings: looked at, gone back to, written, and in force."""

from playwright.sync_api import expect

from listener import inbox
from listener.domain.times import to_text
from tests.builders import HOUR, NOW
from tests.web.tour.place import Place
from tests.web.tour.tourist import Tourist

SHOW = "Show the change"


def ends_snoozes(tour: Tourist, place: Place) -> None:
    tour.go("/settings/snoozes", "Acme: 9 negative")
    inbox.snooze(place.store, "x:20", HOUR, "jo", NOW)
    for sql, name in (
        (f"SELECT count(*) FROM incident WHERE snoozed_until > '{to_text(NOW)}'", "#incidents"),
        (f"SELECT count(*) FROM clock WHERE snoozed_until > '{to_text(NOW)}'", "#mentions"),
    ):
        tour.go("/settings/snoozes")
        before = place.one(sql)
        ended = tour.page.locator(f"section:has({name}) button").first
        tour.press(ended, "The snooze is over.")
        assert isinstance(before, int)
        assert place.one(sql) == before - 1


def writes(tour: Tourist, change: str, within: str = "main", name: str = SHOW) -> None:
    """Look at the change, go back to it, look again, and write it."""
    tour.press(tour.button(name, within), "Is this right?")
    expect(tour.page.locator(".diff")).to_contain_text(change)
    back = tour.button("Go on changing it")
    if back.count():
        tour.press(back, "")
        tour.press(tour.button(name, within), "Is this right?")
    tour.press(tour.button("Write it"), "Written to config.toml, and in force.")


def follows(tour: Tourist, place: Place) -> None:
    tour.go("/settings", "Follow somebody else")
    tour.page.get_by_role("link", name="Follow somebody else").click()
    tour.look()
    tour.page.get_by_label("Name").fill("Cumulus")
    tour.page.locator("#query").fill("courier")
    tour.press(tour.button("Try it"), "1 mention")
    tour.go("/settings/preview?of=Acme&q=courier", "1 mention")
    tour.go("/settings/subject")
    tour.page.get_by_label("Name").fill("Cumulus")
    tour.page.locator("#query").fill("cumulus")
    writes(tour, 'query = "cumulus"')
    assert 'name = "Cumulus"' in place.file.read_text(encoding="utf-8")
    tour.go("/settings/subject?name=Boreal")
    tour.page.locator("#query").fill("boreal OR borealis")
    writes(tour, "borealis")
    tour.go("/settings/subject?name=Cumulus")
    writes(tour, "cumulus", name="Follow it no longer")
    assert "Cumulus" not in place.file.read_text(encoding="utf-8")
    query = "SELECT count(*) FROM subject WHERE name = 'Boreal'"
    assert place.one(query) == 1


def defines_topics(tour: Tourist, place: Place) -> None:
    tour.go("/settings/topics")
    tour.page.get_by_role("link", name="Define a topic").click()
    tour.look()
    tour.page.get_by_label("Name").fill("price")
    tour.page.locator("#examples").fill("far too dear")
    writes(tour, "far too dear")
    tour.go("/settings/topic?name=delivery")
    tour.page.locator("#keywords").fill("parcel*")
    writes(tour, "parcel*")
    tour.go("/settings/topic?name=price")
    writes(tour, "price", name="Remove this topic")
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
        writes(tour, value, within)
        assert value in place.file.read_text(encoding="utf-8")


def reads_the_file_again(tour: Tourist, place: Place) -> None:
    place.file.write_text(
        place.file.read_text(encoding="utf-8").replace("acme", "acme OR akme", 1), encoding="utf-8"
    )
    tour.go("/settings", "The file was changed since it was read.")
    tour.press(tour.button("Take it up now"), "The file was read again, and is in force.")
    tour.go("/settings/file", "akme")
    tour.press(tour.button("Take it up now"), "The file was read again, and is in force.")


SETTINGS = (
    ends_snoozes,
    follows,
    defines_topics,
    says_who_is_told,
    reads_the_file_again,
)
