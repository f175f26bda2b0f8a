"""Stage four, spikes: a crowd is noticed once, with its receipt, and history opens nothing."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from listener import inbox
from listener.domain import schedule
from listener.domain.incident import Event
from listener.domain.mention import Mention
from listener.domain.schedule import SourceState
from listener.stages.alert.watched import Memory
from listener.store import buckets, incidents, sources
from tests.builders import DAY, HOUR, MINUTE, NEGATIVE, NEUTRAL, NOW, SECOND, a_mention, a_tombstone
from tests.stages.world import World

OPENED, RESOLVED, REOPENED = Event.SPIKE_OPENED, Event.SPIKE_RESOLVED, Event.SPIKE_REOPENED
SPIKE = {OPENED, RESOLVED, REOPENED, Event.SPIKE_ESCALATED}
WORDS = (
    "parcel", "courier", "refund", "website", "login", "phone", "driver", "box", "invoice",
    "seat", "bag", "gate", "crew", "meal", "delay", "ticket", "queue", "app", "bus", "hotel",
    "visa", "desk", "lounge", "screen", "battery",
)  # fmt: skip


def ordinary(since: datetime, until: datetime) -> list[Mention]:
    """A quiet brand: about eight mentions a day, one in four of them negative."""
    said, moment, number = [], since, 0
    while moment < until:
        number += 1
        label = NEGATIVE if number % 4 == 0 else NEUTRAL
        word = WORDS[number * 7 % len(WORDS)]
        said.append(
            a_mention(
                source="old",
                source_id=f"{moment:%m%d%H%M}",
                said_at=moment,
                label=label,
                text=f"Acme and the {word} of day {number}",
                author=f"old{number % 40}",
            )
        )
        moment += timedelta(minutes=140 + number * 37 % 90)
    return said


def a_crowd(
    at: datetime, count: int = 25, within: timedelta = 10 * MINUTE, **more: Any
) -> list[Mention]:
    """Negatives by different people in different words, other words at another time."""
    about = WORDS[(at.hour * 7 + at.minute) % len(WORDS)]
    return [
        a_mention(
            source_id=f"{at:%d%H%M}-{n}",
            said_at=at + within * n / count,
            text=f"Acme, that {about}: it broke my {WORDS[n % 25]} and my {WORDS[-n % 24]} too",
            author=f"angry{at:%H}{n}",
            **more,
        )
        for n in range(count)
    ]


def live(world: World, said: list[Mention], until: datetime) -> None:
    """Each is heard half a minute after it was said, and the clock ticks each five minutes."""
    moment = min([one.said_at for one in said], default=until)
    waiting = sorted(said, key=lambda one: one.said_at)
    while moment <= until:
        seen = [one for one in waiting if one.said_at + 30 * SECOND <= moment]
        waiting = waiting[len(seen) :]
        if seen:
            world.hear(*seen, now=moment)
        world.think(moment)
        moment += 5 * MINUTE


def spikes(world: World) -> list[Event]:
    return [event for event in world.events() if event in SPIKE]


@pytest.fixture
def calm(world: World) -> World:
    """A daemon that began with three weeks of imported history."""
    world.promises = {}
    world.restart()
    world.hear(*ordinary(NOW - 21 * DAY, NOW - MINUTE), now=NOW)
    world.think(NOW)
    assert world.notices() == []
    return world


def test_a_crowd_on_a_quiet_brand_is_one_incident_with_a_receipt(calm: World) -> None:
    live(calm, a_crowd(NOW + HOUR), NOW + HOUR + 15 * MINUTE)
    assert spikes(calm)[0] is OPENED
    assert spikes(calm).count(OPENED) == 1
    (incident,) = calm.incidents()
    evidence = incidents_evidence(calm)
    assert evidence.keys() >= {
        "window_minutes",
        "mentions",
        "negative",
        "expected",
        "lift",
        "p_value",
        "share",
        "usual_share",
        "authors",
        "clusters",
        "started_at",
    }
    assert evidence["authors"] >= 5
    assert evidence["clusters"] >= 5
    assert evidence["lift"] > 5
    assert evidence["p_value"] < 1e-4
    assert incident["opened_at"] <= "2026-11-22T13:15:00"
    assert incident["key"] == "spike:Acme"


def incidents_evidence(world: World) -> dict[str, Any]:
    with world.store.read() as db:
        found = incidents.latest(db, "spike:Acme")
    assert found is not None
    return dict(found.evidence)


def test_after_a_quiet_hour_it_is_over(calm: World) -> None:
    live(calm, a_crowd(NOW + HOUR), NOW + 6 * HOUR)
    assert spikes(calm)[-1] is RESOLVED
    assert spikes(calm).count(RESOLVED) == 1
    (incident,) = calm.incidents()
    over = datetime.fromisoformat(incident["resolved_at"]) - (NOW + HOUR + 10 * MINUTE)
    assert HOUR <= over <= 2 * HOUR


def test_within_six_hours_it_is_reopened_and_later_it_is_a_new_one(calm: World) -> None:
    live(calm, a_crowd(NOW + HOUR) + a_crowd(NOW + 5 * HOUR), NOW + 8 * HOUR)
    assert [e for e in spikes(calm) if e is not Event.SPIKE_ESCALATED] == [
        OPENED,
        RESOLVED,
        REOPENED,
        RESOLVED,
    ]
    assert len(calm.incidents()) == 1
    live(calm, a_crowd(NOW + 40 * HOUR), NOW + 41 * HOUR)
    assert len(calm.incidents()) == 2
    assert [i["resolved_at"] is None for i in calm.incidents()] == [False, True]


def test_what_a_person_resolved_stays_closed_for_that_episode(calm: World) -> None:
    start = NOW + HOUR
    live(calm, a_crowd(start), start + 15 * MINUTE)
    inbox.resolve(calm.store, 1, "jo", [], start + 15 * MINUTE)
    calm.restart()
    live(calm, a_crowd(start + 16 * MINUTE, count=15), start + 3 * HOUR)
    assert [i["resolved_at"] for i in calm.incidents()] == ["2026-11-22T13:15:00.000Z"]
    assert RESOLVED not in spikes(calm)
    assert REOPENED not in spikes(calm)
    live(calm, a_crowd(start + 5 * HOUR), start + 5 * HOUR + 15 * MINUTE)
    assert spikes(calm).count(REOPENED) == 1


def test_copies_by_one_person_open_nothing(calm: World) -> None:
    words = "Acme is a fraud, never give your money to these people, share this everywhere"
    said = [
        a_mention(n, text=words, said_at=NOW + HOUR + n * 10 * SECOND, author="loud")
        for n in range(60)
    ]
    live(calm, said, NOW + 3 * HOUR)
    assert calm.incidents() == []


def test_one_person_in_many_words_opens_nothing(calm: World) -> None:
    said = [
        a_mention(
            n,
            text=f"Acme broke my {WORDS[n]} and I have {n} {WORDS[-n]} to prove it",
            said_at=NOW + HOUR + n * 20 * SECOND,
            author="loud",
        )
        for n in range(25)
    ]
    live(calm, said, NOW + 3 * HOUR)
    assert calm.incidents() == []


def test_praise_opens_nothing(calm: World) -> None:
    live(calm, a_crowd(NOW + HOUR, 60, label=NEUTRAL), NOW + 3 * HOUR)
    assert calm.incidents() == []


def test_backfilled_history_with_a_crisis_in_it_opens_nothing(world: World) -> None:
    world.promises = {}
    world.restart()
    world.think(NOW)
    history = ordinary(NOW - 30 * DAY, NOW - MINUTE) + a_crowd(NOW - 3 * DAY)
    world.hear(*history, now=NOW + MINUTE)
    world.go(NOW + MINUTE, NOW + 6 * HOUR, 30 * MINUTE)
    assert world.incidents() == []
    assert world.notices() == []


def test_history_that_is_imported_after_the_daemon_began_is_learned(world: World) -> None:
    world.promises = {}
    world.restart()
    live(world, ordinary(NOW - HOUR, NOW), NOW)
    before = world.watch.memory[1].detector.learning
    world.hear(*ordinary(NOW - 25 * DAY, NOW - DAY), now=NOW)
    world.think(NOW + 5 * MINUTE)
    assert before
    assert not world.watch.memory[1].detector.learning
    live(world, a_crowd(NOW + HOUR), NOW + HOUR + 15 * MINUTE)
    assert len(world.incidents()) == 1
    assert not incidents_evidence(world)["learning"]


def test_what_is_in_memory_is_what_is_in_the_database(calm: World) -> None:
    live(calm, a_crowd(NOW + HOUR), NOW + 90 * MINUTE)
    kept = calm.watch.memory[1].state()
    calm.restart()
    assert calm.watch.memory == {}
    assert calm.think(NOW + 90 * MINUTE) == 0
    calm.think(NOW + 95 * MINUTE)
    reloaded: Memory = calm.watch.memory
    assert reloaded[1].state()["detector"]["baseline"] == kept["detector"]["baseline"]
    assert reloaded[1].detector.alerting == kept["detector"]["alerting"]


def test_a_memory_of_another_version_is_learned_anew(calm: World) -> None:
    with calm.store.write() as db:
        state = incidents.rule_state(db, "spike", 1)
        assert state is not None
        state["detector"]["version"] = 0
        incidents.keep_rule_state(db, "spike", 1, state)
    calm.restart()
    live(calm, a_crowd(NOW + HOUR), NOW + HOUR + 15 * MINUTE)
    assert spikes(calm)[0] is OPENED
    assert not incidents_evidence(calm)["learning"]


def test_a_daemon_that_crashes_at_every_tick_tells_the_same(calm: World, tmp_path: Any) -> None:
    crowd = a_crowd(NOW + HOUR)
    other = World(tmp_path / "other", promises={})
    other.hear(*ordinary(NOW - 21 * DAY, NOW - MINUTE), now=NOW)
    other.think(NOW)
    moment = NOW + HOUR
    while moment <= NOW + 4 * HOUR:
        for world in (calm, other):
            seen = [m for m in crowd if moment - 5 * MINUTE < m.said_at + 30 * SECOND <= moment]
            world.hear(*seen, now=moment)
            world.think(moment)
        other.restart()
        assert other.think(moment) == 0
        moment += 5 * MINUTE
    assert other.notices() == calm.notices()
    assert spikes(calm)[0] is OPENED
    assert spikes(calm)[-1] is RESOLVED
    other.store.close()


def test_a_write_that_fails_leaves_memory_as_the_database_is(calm: World) -> None:
    with calm.store.write() as db:
        db.execute(
            "CREATE TRIGGER full BEFORE INSERT ON incident"
            " BEGIN SELECT RAISE (ABORT, 'the disk is full'); END"
        )
    crowd = a_crowd(NOW + HOUR)
    calm.hear(*crowd, now=NOW + HOUR + 11 * MINUTE)
    with pytest.raises(Exception, match="disk is full"):
        calm.think(NOW + HOUR + 11 * MINUTE)
    with calm.store.write() as db:
        db.execute("DROP TRIGGER full")
        kept = incidents.rule_state(db, "spike", 1)
    assert kept is not None
    assert 1 not in calm.watch.memory or calm.watch.memory[1].state() == kept
    calm.think(NOW + HOUR + 12 * MINUTE)
    assert spikes(calm) == [OPENED]


def test_a_correction_takes_negatives_back(calm: World) -> None:
    live(calm, a_crowd(NOW + HOUR), NOW + HOUR + 12 * MINUTE)
    fed = sum(negative for _, negative in calm.watch.memory[1].fed.values())
    inbox.correct(calm.store, f"x:{NOW + HOUR:%d%H%M}-1", NEUTRAL, (), "jo", NOW + 2 * HOUR)
    calm.think(NOW + 2 * HOUR)
    assert sum(negative for _, negative in calm.watch.memory[1].fed.values()) == fed - 1


def test_an_outage_is_no_quiet_time(calm: World) -> None:

    start = NOW + HOUR
    live(calm, a_crowd(start), start + 15 * MINUTE)
    with calm.store.write() as db:
        sources.keep(db, SourceState(name="x"), kind="x", channel="social")
        sources.open_gap(db, "x", "social", start + 15 * MINUTE)
    calm.go(start + 15 * MINUTE, start + 5 * HOUR, 5 * MINUTE)
    assert RESOLVED not in spikes(calm)
    with calm.store.write() as db:
        sources.close_gap(db, "x", start + 5 * HOUR)
    calm.go(start + 5 * HOUR, start + 7 * HOUR, 5 * MINUTE)
    assert spikes(calm)[-1] is RESOLVED


def test_a_competitors_crowd_is_no_spike(calm: World) -> None:
    live(calm, a_crowd(NOW + HOUR, brand="Boreal"), NOW + 2 * HOUR)
    assert calm.incidents() == []


def test_a_message_quotes_who_is_still_there_and_nobody_who_is_gone(calm: World) -> None:
    crowd = a_crowd(NOW + HOUR)
    live(calm, crowd, NOW + HOUR + 12 * MINUTE)
    first = crowd[0].source_id
    calm.hear(now=NOW + 80 * MINUTE, gone=[a_tombstone(source_id=first)])
    told = calm.tell(NOW + 80 * MINUTE)
    quoted = {quote.name for notice in told.taken for quote in notice.quotes}
    assert quoted
    assert f"x:{first}" not in quoted


def read(world: World, name: str, now: datetime) -> None:
    """A source was read up to now."""
    with world.store.write() as db:
        state = schedule.after_success(sources.get(db, name), now, 2 * MINUTE, complete=True)
        sources.keep(db, state, kind=name, channel="social")


def is_away(world: World, name: str, since: datetime) -> None:
    with world.store.write() as db:
        sources.keep(db, sources.get(db, name), kind=name, channel="social")
        sources.open_gap(db, name, "social", since)


def test_one_source_that_fails_does_not_stop_the_others(calm: World) -> None:
    start = NOW + 4 * HOUR
    is_away(calm, "old", NOW + 30 * MINUTE)
    moment = NOW + 5 * MINUTE
    crowd = a_crowd(start, 60)
    while moment <= start + 20 * MINUTE:
        read(calm, "x", moment)
        seen = [m for m in crowd if moment - 5 * MINUTE < m.said_at + 30 * SECOND <= moment]
        calm.hear(*seen, now=moment)
        if moment == NOW + 5 * MINUTE:
            calm.hear(a_mention(label=NEUTRAL, said_at=NOW + MINUTE), now=moment)
        calm.think(moment)
        moment += 5 * MINUTE
    assert spikes(calm).count(OPENED) == 1


def test_a_source_that_is_no_longer_configured_stops_nothing(calm: World) -> None:
    is_away(calm, "x", NOW + 30 * MINUTE)
    with calm.store.write() as db:
        sources.retire_others(db, ["y"], NOW + HOUR)
    assert calm.rows("SELECT until FROM source_gap") == [{"until": "2026-11-22T13:00:00.000Z"}]
    live(calm, a_crowd(NOW + 3 * HOUR), NOW + 3 * HOUR + 15 * MINUTE)
    assert spikes(calm)[0] is OPENED


def test_a_downtime_is_not_learned_as_silence_before_the_sources_were_read(calm: World) -> None:
    read(calm, "x", NOW)
    calm.restart()
    calm.think(NOW + 20 * HOUR)
    assert calm.watch.memory[1].upto == NOW
    read(calm, "x", NOW + 20 * HOUR)
    calm.think(NOW + 20 * HOUR + SECOND)
    assert calm.watch.memory[1].upto == NOW + 20 * HOUR


def test_what_turns_out_to_be_lost_was_no_silence(calm: World) -> None:
    read(calm, "x", NOW)
    calm.think(NOW)
    for hours in range(1, 4):
        read(calm, "x", NOW + hours * HOUR)
        calm.think(NOW + hours * HOUR)
    before = calm.watch.memory[1].state()["detector"]["recent"]["measured"]
    with calm.store.write() as db:
        sources.lose(db, "x", "social", NOW + HOUR)
        sources.close_gap(db, "x", NOW + 2 * HOUR)
    read(calm, "x", NOW + 4 * HOUR)
    calm.think(NOW + 4 * HOUR)
    after = calm.watch.memory[1].state()["detector"]["recent"]["measured"]
    unmeasured = [sum(n for kind, n in runs if kind == 0) for runs in (before, after)]
    assert unmeasured[1] - unmeasured[0] == 12


def test_late_history_is_learned_when_all_of_it_is_measured(
    calm: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    calm.hear(*ordinary(NOW - 40 * DAY, NOW - 25 * DAY), now=NOW)
    calm.measure(NOW)
    monkeypatch.setattr(buckets, "all_counted", lambda _: False)
    calm.think(NOW + 5 * MINUTE)
    assert calm.watch.memory[1].passed_over > 20
    monkeypatch.undo()
    calm.think(NOW + 10 * MINUTE)
    assert calm.watch.memory[1].passed_over == 0
