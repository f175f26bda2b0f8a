"""Spikes of channels and topics: told alone where they are alone, muted where the brand is."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from listener.domain.incident import Event
from listener.domain.manners import Manners, Reason
from listener.domain.mention import Channel, Mention
from listener.domain.part import WHOLE, Part
from listener.domain.times import BUCKET, to_text
from listener.store import incidents
from listener.web.words import in_words
from tests.builders import DAY, HOUR, MINUTE, NOW, SECOND
from tests.stages.crowds import OPENED, RESOLVED, a_crowd, live, spikes
from tests.stages.world import World

REVIEWS, BILLING = Part("review"), Part("all", "billing")
START = NOW + HOUR


def with_history(world: World, subject_id: int = 1, days: int = 15) -> None:
    """Two weeks and more of a busy brand, as they stand in buckets: sixty mentions an hour, a
    fourth of them negative; one in an hour and a half is a review, and as many are of billing.
    """
    rows: list[tuple[Any, ...]] = []
    for n in range(days * 288):
        start = to_text(NOW - days * DAY + n * BUCKET)
        negative = 1 + int(n % 4 == 0)
        rows.append((start, subject_id, "all", "", 5, negative, 5, negative))
        if n % 18 == 0:
            negative = int(n % 90 == 0)
            rows.append((start, subject_id, "review", "", 1, negative, 1, negative))
            rows.append((start, subject_id, "all", "billing", 1, negative, 1, negative))
        rows.append((start, subject_id, "social", "", 4, 1, 4, 1))
    with world.store.write() as db:
        db.executemany(
            "INSERT INTO bucket (start, subject_id, channel, topic, mentions, negative, folded,"
            " folded_negative, touched) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)",
            rows,
        )


@pytest.fixture
def busy(world: World) -> World:
    world.promises = {}
    world.restart()
    with_history(world)
    world.think(NOW)
    return world


def reviews(at: datetime, count: int = 7, within: timedelta = 40 * MINUTE) -> list[Mention]:
    return a_crowd(at, count, within, channel=Channel.REVIEW, source="play")


def opened(world: World) -> list[str]:
    return [incident["key"] for incident in world.incidents()]


def evidence(world: World, key: str = "spike:Acme") -> dict[str, Any]:
    with world.store.read() as db:
        found = incidents.latest(db, key)
    assert found is not None
    return dict(found.evidence)


def test_parts_with_enough_said_in_them_are_watched_and_not_what_is_nearly_all(
    busy: World,
) -> None:
    assert set(busy.watch.memory.brands[1].series) == {WHOLE, REVIEWS, BILLING}
    assert not busy.watch.memory.brands[1].series[REVIEWS].detector.learning


def test_a_channel_that_is_alone_in_trouble_is_told_with_its_name(busy: World) -> None:
    live(busy, reviews(START), START + 90 * MINUTE)
    (incident,) = busy.incidents()
    assert incident["key"] == "spike:Acme:channel:review"
    assert (incident["channel"], incident["topic"]) == ("review", None)
    assert incident["title"].startswith("Acme in reviews: ")
    assert spikes(busy)[0] is OPENED


def test_a_topic_that_is_alone_in_trouble_is_told_with_its_name(busy: World) -> None:
    said = a_crowd(START, 9, 40 * MINUTE, topics=("billing",))
    live(busy, said, START + 90 * MINUTE)
    (incident,) = busy.incidents()
    assert incident["key"] == "spike:Acme:topic:billing"
    assert (incident["channel"], incident["topic"]) == (None, "billing")
    assert incident["title"].startswith("Acme, billing: ")
    (risen,) = evidence(busy, incident["key"])["topics_risen"]
    assert risen["topic"] == "billing"
    assert risen["negative"] >= 5 > risen["usual"]


def test_a_channel_and_a_topic_of_one_trouble_are_told_once(busy: World) -> None:
    said = a_crowd(START, 9, 40 * MINUTE, channel=Channel.REVIEW, source="p", topics=("billing",))
    live(busy, said, START + 90 * MINUTE)
    assert len(busy.incidents()) == 1


def test_a_part_is_told_when_it_has_lasted_for_ten_minutes(busy: World) -> None:
    said = reviews(START)
    until = START
    while not busy.watch.memory.brands[1].series[REVIEWS].detector.alerting:
        until += 5 * MINUTE
        new = [m for m in said if until - 5 * MINUTE < m.said_at + 30 * SECOND <= until]
        busy.hear(*new, now=until)
        busy.think(until)
    live(busy, [m for m in said if m.said_at + 30 * SECOND > until], until + 5 * MINUTE)
    assert opened(busy) == []
    live(busy, [], until + 10 * MINUTE)
    assert opened(busy) == ["spike:Acme:channel:review"]


def test_the_brand_in_trouble_mutes_its_parts_and_names_them(busy: World) -> None:
    said = a_crowd(START, 60, 20 * MINUTE, topics=("billing",))
    said += reviews(START + MINUTE, 20, 19 * MINUTE)
    live(busy, said, START + 40 * MINUTE)
    assert opened(busy) == ["spike:Acme"]
    assert {(p["channel"], p["topic"]) for p in evidence(busy)["parts"]} == {
        ("review", None),
        (None, "billing"),
    }
    assert "Mostly: billing, reviews." in busy.incidents()[0]["why"]


def test_a_part_that_fires_some_minutes_before_the_brand_is_not_told(busy: World) -> None:
    said = reviews(START, 7, 5 * MINUTE) + a_crowd(START + 6 * MINUTE, 60, 10 * MINUTE)
    live(busy, said, START + 5 * MINUTE + 30 * SECOND)
    assert busy.watch.memory.brands[1].series[REVIEWS].detector.alerting
    assert opened(busy) == []
    later = [one for one in said if one.said_at > START + 5 * MINUTE]
    live(busy, later, START + 8 * HOUR)
    assert opened(busy) == ["spike:Acme"]
    assert (spikes(busy).count(OPENED), spikes(busy).count(RESOLVED)) == (1, 1)


def test_a_part_that_was_told_is_folded_without_a_word_to_people(busy: World) -> None:
    live(busy, reviews(START), START + HOUR)
    assert opened(busy) == ["spike:Acme:channel:review"]
    told = len(busy.events())
    live(busy, a_crowd(START + HOUR, 80, 10 * MINUTE), START + 75 * MINUTE)
    part, whole = busy.incidents()
    assert whole["key"] == "spike:Acme"
    assert part["resolved_at"] is not None
    assert part["title"].startswith("Now part of: Acme: ")
    with busy.store.read() as db:
        kept = incidents.get(db, part["id"])
    assert kept is not None
    assert in_words("hu", kept.title).startswith("Most ennek része: Acme: ")
    assert in_words("zh-Hans", kept.why).startswith("在那里继续。")
    later = busy.events()[told:]
    assert RESOLVED not in later
    assert Event.INCIDENT_RESOLVED in later  # for programs
    assert later.count(OPENED) == 1
    live(busy, [], START + 6 * HOUR)
    assert spikes(busy).count(RESOLVED) == 1
    assert len(busy.incidents()) == 2


def test_a_message_that_lasts_says_that_it_goes_on_elsewhere(busy: World) -> None:
    busy.editing = busy.calling = ("slack",)
    busy.restart()
    live(busy, reviews(START), START + HOUR)
    busy.tell(START + HOUR)
    live(busy, a_crowd(START + HOUR, 80, 10 * MINUTE), START + 75 * MINUTE)
    bodies = busy.rows(
        "SELECT event, json_extract(body, '$.title') AS title FROM notice WHERE incident_id = 1"
    )
    assert bodies[-1]["event"] == Event.INCIDENT_UPDATED
    assert bodies[-1]["title"].startswith("Now part of: ")


def test_a_part_that_waits_for_the_summary_is_no_line_of_it(busy: World) -> None:
    busy.calling, busy.manners = ("slack",), Manners(interrupts_a_day=0)
    busy.restart()
    live(busy, reviews(START), START + HOUR)
    live(busy, a_crowd(START + HOUR, 80, 10 * MINUTE), START + 75 * MINUTE)
    (held,) = busy.rows(
        "SELECT became, reason FROM withheld WHERE event = ? AND incident_id = 1", OPENED
    )
    assert held == {"became": "silent", "reason": Reason.MUTED}


def test_when_a_part_is_calm_again_its_end_is_told(busy: World) -> None:
    live(busy, reviews(START), START + 8 * HOUR)
    assert spikes(busy) == [OPENED, RESOLVED]
    (over,) = busy.rows(
        "SELECT json_extract(body, '$.title') AS title FROM notice WHERE event = 'spike.resolved'"
    )
    assert over["title"] == "Acme in reviews: 7 negative mentions in all"


def test_copies_in_a_part_are_one_voice(busy: World) -> None:
    words = "Acme is a fraud, never give your money to these people, share this everywhere"
    said = [
        Mention(
            source="play",
            source_id=str(n),
            channel=Channel.REVIEW,
            text=words,
            said_at=START + n * MINUTE,
            author=f"copier{n}",
            label=one.label,
            language="en",
        )
        for n, one in enumerate(a_crowd(START, 40))
    ]
    live(busy, said, START + 2 * HOUR)
    assert busy.incidents() == []


def test_a_daemon_that_crashes_at_every_tick_tells_the_same_of_parts(
    busy: World, tmp_path: Path
) -> None:
    other = World(tmp_path / "other", promises={})
    with_history(other)
    other.think(NOW)
    said = [*reviews(START), *a_crowd(START + HOUR, 80, 10 * MINUTE)]
    step = _listening(said)
    for minutes in range(0, 240, 5):
        for world in (busy, other):
            step(world, START + minutes * MINUTE)
        other.restart()
    assert other.notices() == busy.notices()
    assert other.incidents() == busy.incidents()
    assert opened(busy) == ["spike:Acme:channel:review", "spike:Acme"]
    step(other, START + 4 * HOUR)
    step(busy, START + 4 * HOUR)
    mine, others = (w.watch.memory.brands[1].remembered(1) for w in (busy, other))
    assert mine == others
    other.store.close()


def _listening(said: list[Mention]) -> Callable[[World, datetime], None]:
    def step(world: World, now: datetime) -> None:
        new = [m for m in said if now - 5 * MINUTE < m.said_at + 30 * SECOND <= now]
        world.hear(*new, now=now)
        world.think(now)

    return step


def test_a_part_that_nobody_watched_is_watched_when_much_is_said_in_it(busy: World) -> None:
    with busy.store.write() as db:
        db.execute(
            "INSERT INTO bucket (start, subject_id, channel, topic, mentions, negative, folded,"
            " folded_negative, touched) VALUES (?, 1, 'all', 'seats', 2, 2, 2, 2, 1)",
            (to_text(NOW - 10 * DAY),),
        )
    seats = Part("all", "seats")
    busy.think(NOW + 30 * MINUTE)
    assert seats not in busy.watch.memory.brands[1].series
    live(busy, a_crowd(START, 9, 10 * MINUTE, topics=("seats",)), START + 15 * MINUTE)
    assert seats in busy.watch.memory.brands[1].series
