"""Stars that drop, through the database: told once, over when they recover, and never by copies."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from listener.domain.incident import Event
from listener.domain.mention import Mention
from listener.receipts import hours_around, receipt
from listener.rules.rating_drop.rule import RatingDropRule
from listener.stages.alert import ratings
from listener.texts.receipt import facts
from tests.builders import DAY, HOUR, NOW, a_review, a_tombstone
from tests.stages.world import World

DROPPED, OVER = Event.RATING_DROPPED, Event.INCIDENT_RESOLVED
USUAL, LOW = (5, 5, 5, 4, 5, 5, 1, 5, 3, 5), (1, 5, 1, 4, 1, 5, 3, 5, 1, 1)


@pytest.fixture
def world(world: World) -> World:
    world.rules = {"rating_drop": RatingDropRule()}
    world.promises = {}
    world.restart()
    return world


def said(
    stars: Sequence[int], count: int, until: datetime, every: timedelta = DAY / 2, **more: Any
) -> list[Mention]:
    source = more.get("source", "play")
    return [
        a_review(
            stars=stars[n % len(stars)],
            said_at=until - n * every,
            source_id=f"{until - n * every:%Y%m%d%H%M}",
            text=f"{source} {n}",
            author=f"{source}{until:%d%H}{n}",
            brand="Acme",
            **more,
        )
        for n in range(count)
    ][::-1]


def history(world: World, until: datetime = NOW, **more: Any) -> None:
    """Half a year of what is usual, imported at once."""
    world.hear(*said(USUAL, 350, until, **more), now=NOW)
    world.think(NOW)


def live(world: World, *mentions: Mention) -> None:
    """Each is heard an hour after it was said, and looked at."""
    for one in sorted(mentions, key=lambda one: one.said_at):
        world.hear(one, now=one.said_at + HOUR)
        world.think(one.said_at + HOUR)


def told(world: World) -> list[Event]:
    return [event for event in world.events() if event is not Event.INCIDENT_UPDATED]


def test_a_drop_is_told_once_and_over_when_the_stars_recover(world: World) -> None:
    history(world)
    live(world, *said(LOW, 40, NOW + 20 * DAY))
    assert told(world) == [DROPPED]
    (incident,) = world.incidents()
    assert incident["title"].startswith("Acme on Play: 2.")
    assert incident["title"].endswith(" reviews, 4.3 before")
    assert "rating_drop" in {one["rule"] for one in world.incidents()}
    live(world, *said(USUAL, 40, NOW + 40 * DAY))
    assert told(world) == [DROPPED, OVER]
    live(world, *said(USUAL, 40, NOW + 60 * DAY))
    assert told(world) == [DROPPED, OVER]


def test_the_low_ones_are_shown_lowest_and_newest_first(world: World) -> None:
    history(world)
    live(world, *said(LOW, 40, NOW + 20 * DAY))
    (dropped, shown), *_ = world.notices()
    stars = {r["source_id"]: r["stars"] for r in world.rows("SELECT source_id, stars FROM mention")}
    assert dropped is DROPPED
    assert [stars[one] for one in shown] == sorted(stars[one] for one in shown)
    assert shown[0] == max(one for one in shown if stars[one] == 1)


def test_the_receipt_says_what_it_rests_on(world: World) -> None:
    history(world)
    live(world, *said(LOW, 40, NOW + 20 * DAY))
    lines = dict(facts(receipt(world.store, 1), UTC))
    assert lines["stars"] == "2.70 stars of 40 reviews, 4.30 of 350 before"
    assert lines["low"] == "50% have two stars or less, before 10%"
    assert lines["since"] == "2026-11-23 00:00"
    assert lines["by stars"] == "5 12, 4 4, 3 4, 1 20"
    assert lines["chance"].startswith("about 1 in ")
    assert hours_around(world.store, 1, NOW + 20 * DAY) == []


def test_a_drop_in_imported_history_is_used_at_once(world: World) -> None:
    world.hear(*said(USUAL, 300, NOW - 20 * DAY), *said(LOW, 40, NOW), now=NOW)
    world.think(NOW)
    assert told(world) == [DROPPED]


def test_a_drop_with_which_imported_history_ended_long_ago_is_no_news(world: World) -> None:
    ended = NOW - 60 * DAY
    world.hear(*said(USUAL, 300, ended - 20 * DAY), *said(LOW, 40, ended), now=NOW)
    world.think(NOW)
    assert told(world) == []


def test_copies_of_one_bad_review_count_once(world: World) -> None:
    history(world)
    words = "They took my money twice and nobody ever answers, stay away from this company please"
    flood = [replace(one, text=words) for one in said((1,), 40, NOW + DAY, every=HOUR / 2)]
    live(world, *flood)
    assert told(world) == []


def test_a_review_counts_with_its_new_stars_when_they_were_given(world: World) -> None:
    history(world)
    old = said(USUAL, 350, NOW)[-60:]
    changed = [replace(one, stars=1, edited_at=NOW + n * HOUR) for n, one in enumerate(old[:30], 1)]
    for one in changed:
        world.hear(one, now=one.edited_at or NOW)
        world.think(one.edited_at or NOW)
    assert told(world) == [DROPPED]
    assert '"began_at": "2026-11-22' in world.incidents()[0]["evidence"]


def test_what_is_deleted_no_longer_counts(world: World) -> None:
    history(world)
    low = said(LOW, 40, NOW + 20 * DAY)
    gone = [a_tombstone(source="play", source_id=one.source_id) for one in low]
    at = NOW + 20 * DAY
    world.hear(*low, now=at)
    world.hear(gone=gone, now=at)
    world.think(at)
    assert told(world) == []


def test_stars_of_other_scales_are_read_on_five(world: World) -> None:
    world.hear(*said((10, 9, 10), 350, NOW, stars_scale=10), now=NOW)
    live(world, *said((5,), 40, NOW + 20 * DAY, stars_scale=5))
    assert told(world) == []


def test_a_restart_tells_nothing_twice(world: World) -> None:
    history(world)
    for one in said(LOW, 30, NOW + 15 * DAY):
        live(world, one)
        world.restart()
    assert told(world) == [DROPPED]


def test_what_lasts_ends_as_usual_and_not_as_recovered(world: World) -> None:
    history(world)
    live(world, *said(LOW, 130, NOW + 65 * DAY))
    (incident,) = world.incidents()
    assert told(world) == [DROPPED, OVER]
    assert incident["title"].startswith("Acme on Play: 2.7 stars have become usual in 56 d")


def test_a_drop_without_new_reviews_is_looked_at_once_a_day(world: World) -> None:
    history(world)
    live(world, *said(LOW, 30, NOW + 15 * DAY))
    at = NOW + 15 * DAY + HOUR
    assert ratings.next_due(world.store, at) == at + DAY
    for days in range(1, 200):
        world.think(at + days * DAY)
    assert told(world)[-1] is OVER
    assert ratings.next_due(world.store, at + 200 * DAY) is None


def test_nothing_new_asks_for_nothing(world: World) -> None:
    history(world)
    statements: list[str] = []
    with world.store.read() as db:
        db.set_trace_callback(statements.append)
        ratings.watch(world.store, world.watch, NOW + HOUR / 2)
        ratings.watch(world.store, world.watch, NOW + 2 * HOUR)
        db.set_trace_callback(None)
    assert len(statements) <= 4


def test_a_rival_is_not_watched(world: World) -> None:
    rival = [replace(one, brand="Boreal") for one in said(USUAL, 350, NOW)]
    world.hear(*rival, now=NOW)
    live(world, *[replace(one, brand="Boreal") for one in said(LOW, 40, NOW + 20 * DAY)])
    assert told(world) == []
