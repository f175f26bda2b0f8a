"""The past once more: at each moment the database holds what was known then, and no more."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from listener.domain.mention import Mention
from listener.domain.times import from_text, to_text
from listener.store.connection import Store
from listener.store.past import Past, Span
from tests.builders import DAY, HOUR, MINUTE, NOW, SECOND, a_mention
from tests.stages.world import World
from tests.store.kept import one, rows

LATE = 24 * HOUR


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "stored", rules={}, promises={})
    yield made
    made.store.close()


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "copy.db", durable=False).open(NOW)
    yield opened
    opened.close()


def hear(world: World, mention: Mention, seen: datetime) -> None:
    world.hear(mention, now=seen)
    world.measure(seen)


def begun(copy: Store, world: World, since: datetime = NOW, **late: Any) -> Past:
    past = Past(copy, world.store.path)
    span = Span(since=since, until=NOW + 30 * DAY, back=30 * DAY, late=late, late_else=LATE)
    past.begin(span)
    return past


def known(copy: Store) -> list[str]:
    return [r["source_id"] for r in rows(copy, "SELECT source_id FROM mention ORDER BY id")]


def next_seen(copy: Store) -> datetime | None:
    """When the next mention will come; None after the last."""
    seen = one(copy, "SELECT min(seen) FROM ahead WHERE id NOT IN (SELECT id FROM mention)")
    return None if seen is None else from_text(seen)


def counted(store: Store) -> list[dict[str, Any]]:
    """All counts, but when they were last touched."""
    return rows(
        store,
        "SELECT start, subject_id, channel, topic, mentions, negative, neutral, positive, authors,"
        " folded, folded_negative, measured FROM bucket WHERE mentions"
        " ORDER BY start, subject_id, channel, topic",
    )


def test_a_mention_comes_when_it_was_seen_and_not_when_it_was_said(
    world: World, copy: Store
) -> None:
    hear(world, a_mention(1, said_at=NOW + HOUR), NOW + 3 * HOUR)
    hear(world, a_mention(2, said_at=NOW + 2 * HOUR), NOW + 4 * HOUR)
    past = begun(copy, world)
    assert next_seen(copy) == NOW + 3 * HOUR
    assert past.advance(NOW + 2 * HOUR) == 0
    assert counted(copy) == []
    assert past.advance(NOW + 3 * HOUR) == 1
    assert known(copy) == ["1"]
    assert one(copy, "SELECT start FROM bucket WHERE channel = 'all'") == to_text(NOW + HOUR)
    assert next_seen(copy) == NOW + 4 * HOUR


def test_at_the_end_all_is_counted_as_it_is_stored(world: World, copy: Store) -> None:
    for number in range(40):
        said = NOW + number * 7 * MINUTE
        topics = ("billing",) if number % 3 else ()
        same = {"text": "Acme: the very same words again and again"} if number > 35 else {}
        hear(world, a_mention(number, said_at=said, topics=topics, **same), said + 90 * SECOND)
    past = begun(copy, world, since=NOW + 2 * HOUR + 13 * MINUTE)
    while (seen := next_seen(copy)) is not None:
        past.advance(seen)
    assert counted(copy) == counted(world.store)
    copies = "SELECT count(*) FROM match WHERE copy_of NOTNULL"
    assert one(copy, copies) == one(world.store, copies) > 0
    words = "SELECT m.source_id, l.topics FROM label AS l JOIN mention AS m ON m.id = mention_id"
    assert rows(copy, f"{words} ORDER BY 1") == rows(world.store, f"{words} ORDER BY 1")


def test_what_was_said_before_and_seen_later_is_not_counted_yet(world: World, copy: Store) -> None:
    hear(world, a_mention(1, said_at=NOW - 2 * MINUTE), NOW - MINUTE)
    hear(world, a_mention(2, said_at=NOW - 3 * MINUTE), NOW + HOUR)
    past = begun(copy, world)
    mentions = "SELECT mentions FROM bucket WHERE channel = 'all' AND topic = ''"
    assert (known(copy), one(copy, mentions)) == (["1"], 1)
    past.advance(NOW + HOUR)
    assert (known(copy), one(copy, mentions)) == (["1", "2"], 2)


def test_history_that_was_brought_in_comes_soon_after_it_was_said(
    world: World, copy: Store
) -> None:
    hear(world, a_mention(1, said_at=NOW + HOUR), NOW + 9 * DAY)
    past = begun(copy, world)
    assert next_seen(copy) == NOW + HOUR + 30 * SECOND
    ahead = past.ahead()
    assert (ahead.mentions, ahead.history) == (1, 1)


def test_how_late_is_late_is_its_channels(world: World, copy: Store) -> None:
    hear(world, a_mention(1, said_at=NOW + HOUR), NOW + 9 * DAY)
    begun(copy, world, social=14 * DAY)
    assert next_seen(copy) == NOW + 9 * DAY


def test_a_gap_is_open_while_it_lasts_and_unknown_before(world: World, copy: Store) -> None:
    since, until = NOW + HOUR, NOW + 3 * HOUR
    with world.store.write() as db:
        db.execute(
            "INSERT INTO source_gap (source, channel, since, until, lost)"
            " VALUES ('x', 'social', ?, ?, 1)",
            (to_text(since), to_text(until)),
        )
    past = begun(copy, world)
    gaps = "SELECT since, until FROM source_gap"
    assert rows(copy, gaps) == []
    past.advance(NOW + 2 * HOUR)
    assert rows(copy, gaps) == [{"since": to_text(since), "until": None}]
    past.advance(NOW + 4 * HOUR)
    assert rows(copy, gaps) == [{"since": to_text(since), "until": to_text(until)}]


def test_the_other_database_can_be_written_all_the_while(world: World, copy: Store) -> None:
    hear(world, a_mention(1, said_at=NOW + HOUR), NOW + HOUR)
    past = begun(copy, world)
    with copy.write(), closing(sqlite3.connect(world.store.path, timeout=0)) as daemon:
        assert past.advance(NOW + HOUR) == 1
        daemon.execute("BEGIN IMMEDIATE")
        assert daemon.execute("UPDATE mention SET text = 'edited'").rowcount == 1


def test_when_reading_began_is_unknown_before(world: World, copy: Store) -> None:
    with world.store.write() as db:
        for hour in (2, 1):
            db.execute(
                "INSERT INTO source_run (source, started_at, ended_at) VALUES ('x', ?1, ?1)",
                (to_text(NOW + hour * HOUR),),
            )
    past = begun(copy, world)
    runs = "SELECT started_at FROM source_run"
    assert rows(copy, runs) == []
    past.advance(NOW + 3 * HOUR)
    assert rows(copy, runs) == [{"started_at": to_text(NOW + HOUR)}]
