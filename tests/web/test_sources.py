from datetime import timedelta

from listener.domain.incident import Event
from listener.domain.mention import Batch, Reject
from listener.domain.subject import Matcher
from listener.errors import CollectorError, Trouble
from listener.stages import collect
from listener.store import incidents, labels, outbox
from listener.store.connection import Store
from listener.store.incidents import Outlets
from tests.builders import DAY, HOUR, MINUTE, NOW, a_finding, a_mention
from tests.fakes import FakeCollector, failing
from tests.web.browser import Browser
from tests.web.conftest import HandClock
from tests.web.story import follow, take_in


def tell(store: Store, *outlets: str) -> None:
    with store.write() as db:
        incident = incidents.open_incident(db, a_finding(), NOW)
        incidents.tell(
            db,
            a_finding(),
            event=Event.SPIKE_OPENED,
            incident_id=incident,
            outlets=Outlets(outlets),
            now=NOW,
        )


def test_an_empty_database_says_so(browser: Browser) -> None:
    words = browser.get("/sources").words
    assert "No source was read yet." in words
    assert "Nothing was to be told yet." in words
    assert "No text had to be set aside." in words


def test_a_source_tells_how_it_fares(browser: Browser, store: Store, clock: HandClock) -> None:
    refused = Reject(place="feed:7", reason="no date", content="{}")
    take_in(store, clock, a_mention(1), a_mention(2), rejects=(refused,))
    clock.at = NOW + MINUTE
    words = browser.get("/sources").words
    assert (
        "x of type x well Last success Sun 22 Nov 13:00 Lag 1 min Gap since no gap"
        " Next run Sun 22 Nov 13:02 Mentions 2 Rejected 1 Spent 0.25 USD"
    ) in words
    assert "1 row could not be read" in words


def test_a_source_that_fails_says_since_when_and_why(
    browser: Browser, store: Store, clock: HandClock
) -> None:
    take_in(store, clock, a_mention(1))
    clock.at = NOW + DAY
    error = CollectorError("reading x: 503 <b>busy</b>", kind=Trouble.SERVER)
    collect.collect_page(store, failing(error), Matcher(follow(store)), clock)
    words = browser.get("/sources").words
    assert "x of type x failing" in words
    assert "Lag 1 d" in words
    assert "Gap since Sun 22 Nov 13:00" in words
    assert "Last error: reading x: 503 <b>busy</b>" in words
    assert "failing x" in browser.get("/").words


def test_a_source_that_is_read_in_part_names_what_fails(
    browser: Browser, store: Store, clock: HandClock
) -> None:
    since = {"refused": "503 <b>busy</b>", "refused_since": "2026-11-22T09:00:00.000Z"}
    cursor = {"streams": {"<i>one</i>\n": since, "old": {"refused": "cut"}, "other": {}}}
    page = Batch(cursor=cursor)
    collect.collect_page(store, FakeCollector(pages=[page]), Matcher(follow(store)), clock)
    words = browser.get("/sources").words
    assert "x of type x in part" in words
    assert "<i>one</i> fails since Sun 22 Nov 10:00 : 503 <b>busy</b>" in words
    assert "old fails: cut" in words
    assert "other fails" not in words
    assert "in part x" in browser.get("/").words


def test_of_many_streams_that_fail_some_are_named(
    browser: Browser, store: Store, clock: HandClock
) -> None:
    streams = {f"word{n}": {"refused": "cut"} for n in range(25)}
    page = Batch(cursor={"streams": streams})
    collect.collect_page(store, FakeCollector(pages=[page]), Matcher(follow(store)), clock)
    words = browser.get("/sources").words
    assert words.count("fails: cut") == 20
    assert "and 5 more" in words


def test_an_outlet_tells_what_waits_and_what_failed(browser: Browser, store: Store) -> None:
    follow(store)
    tell(store, "slack", "jsonl")
    with store.write() as db:
        for name in ("slack", "jsonl"):
            out = outbox.next_out(db, name, NOW)
            assert out is not None
            if name == "slack":
                outbox.give_up(db, out, "channel_not_found", unclear=False)
            else:
                outbox.landed(db, out, "file", "1", NOW)
    words = browser.get("/sources").words
    assert "jsonl well Waiting 0 Failed 0 Sent 1" in words
    assert "slack failed Waiting 0 Failed 1 Sent 0 Last error: channel_not_found" in words


def test_a_message_that_waits_tells_since_when(
    browser: Browser, store: Store, clock: HandClock
) -> None:
    follow(store)
    tell(store, "slack")
    with store.write() as db:
        out = outbox.next_out(db, "slack", NOW)
        assert out is not None
        outbox.retry(db, out, "timed out", unclear=True, at=NOW + timedelta(days=1))
    clock.at = NOW + 3 * HOUR
    words = browser.get("/sources").words
    assert "slack trying again Waiting 1 Failed 0 Sent 0 Oldest waiting 3 h ago" in words


def test_texts_that_were_set_aside_are_named(
    browser: Browser, store: Store, clock: HandClock
) -> None:
    take_in(store, clock, a_mention(1, text="Acme, as it turned out"))
    with store.write() as db:
        labels.quarantine(db, [(1, "it hangs")], "fake@1", NOW)
    words = browser.get("/sources").words
    assert "1 text crashed or stopped the model" in words
    assert "x:1 it hangs fake@1, Sun 22 Nov 13:00" in words
    assert "as it turned out" not in words
