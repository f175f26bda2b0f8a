"""Feeds: read by readers of news and by calendars, and text of people is inert in them."""

from typing import Any
from xml.etree import ElementTree

import feedparser
import icalendar
import pytest

from listener.domain.times import from_text
from listener.store import search
from listener.store.connection import Store
from tests.builders import HOUR, MINUTE, NOW
from tests.web.api.client import Client
from tests.web.browser import Browser
from tests.web.conftest import HandClock
from tests.web.story import a_complaint, take_in

NASTY = '</title><script>alert(1)</script>&lt;b>; ATTENDEE:x, \\n\r\nBEGIN:VEVENT "q"'


def feed(client: Client, path: str) -> feedparser.FeedParserDict:
    answer = client.ask(path)
    assert answer.status == 200
    found = feedparser.parse(answer.text)
    assert not found.bozo
    return found


def events(client: Client, path: str = "/feeds/due.ics") -> list[Any]:
    answer = client.ask(path)
    assert answer.status == 200
    assert all(len(line.encode()) <= 75 for line in answer.text.split("\r\n"))
    return list(icalendar.Calendar.from_ical(answer.text).walk("VEVENT"))


def test_mentions_are_a_feed(anybody: Client) -> None:
    found = feed(anybody, "/feeds/mentions.atom?q=parcel&limit=2")
    assert found.version == "atom10"
    assert found.feed.title == "Mentions: parcel"
    assert [one.id for one in found.entries] == [
        "urn:listener:mention:x:2",
        "urn:listener:mention:x:3",
    ]
    first = found.entries[0]
    assert first.title == "Acme · negative · Acme is negative about parcel 2"
    assert from_text(first.published) == NOW - 45 * MINUTE
    assert first.link == f"http://127.0.0.1:{anybody.browser.port}/mentions/2"


def test_incidents_are_a_feed(anybody: Client) -> None:
    found = feed(anybody, "/feeds/incidents.atom?subject=Acme")
    (one,) = found.entries
    assert (one.title, one.id) == ("high · Acme: 9 negative", "urn:listener:incident:1")
    assert "Usually about 1" in one.content[0].value


def test_answers_that_are_due_are_events(anybody: Client) -> None:
    overdue, soon = events(anybody)
    assert (
        overdue["summary"] == "Overdue: Acme · person1 · A title: Acme is negative about parcel 1"
    )
    assert str(soon["summary"]).startswith("Answer: Acme")
    assert overdue.end == NOW - HOUR
    assert overdue["uid"] != soon["uid"]
    assert [one["uid"] for one in events(anybody)] == [overdue["uid"], soon["uid"]]
    assert len(events(anybody, "/feeds/due.ics?limit=1")) == 1


def test_an_empty_feed_is_one(browser: Browser, anybody: Client) -> None:
    for path in ("/feeds/mentions.atom?q=balloon", "/feeds/incidents.atom?subject=Boreal"):
        assert feed(anybody, path).entries == []


def test_a_feed_names_itself_without_its_token(anybody: Client) -> None:
    root = ElementTree.fromstring(anybody.ask("/feeds/mentions.atom?q=%22parcel+1%22&limit=3").text)
    links = {one.get("rel"): one.get("href") for one in root.iter() if one.get("rel")}
    assert str(links["self"]).endswith("/feeds/mentions.atom?q=%22parcel+1%22&limit=3")


@pytest.fixture
def nasty(anybody: Client, store: Store, clock: HandClock) -> Client:
    said = a_complaint(9, text=f"Acme negative {NASTY}", title=NASTY, author=NASTY, ago=MINUTE)
    take_in(store, clock, said)
    search.index_new(store)
    return anybody


def test_text_of_people_is_inert_in_a_feed(nasty: Client) -> None:
    answer = nasty.ask("/feeds/mentions.atom?limit=2")
    assert "<script" not in answer.text
    root = ElementTree.fromstring(answer.text)
    assert {one.tag.partition("}")[2] for one in root.iter()} <= {
        "feed", "id", "title", "updated", "link", "entry", "published", "author", "name", "content",
    }  # fmt: skip
    contents = [one for one in root.iter() if one.tag.endswith("content")]
    assert [one.get("type") for one in contents] == ["text", "text"]
    assert NASTY.split("\r")[0] in str(contents[0].text)


def test_text_of_people_is_inert_in_a_calendar(nasty: Client) -> None:
    found = events(nasty)
    assert len(found) == 3
    assert {key for one in found for key in one} == {
        "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "URL", "TRANSP",
    }  # fmt: skip
    assert any("BEGIN:VEVENT" in str(one["summary"]) for one in found)


def test_links_lead_to_the_public_address(public: Browser, store: Store, clock: HandClock) -> None:
    take_in(store, clock, a_complaint(1))
    found = feedparser.parse(public.get("/feeds/mentions.atom").text)
    assert found.entries[0].link == "https://listen.example/mentions/1"
