"""Stage four, spikes: a crowd is noticed once, with its receipt, and history opens nothing."""

from datetime import datetime
from typing import Any

import pytest

from listener import inbox
from listener.domain import schedule
from listener.domain.incident import Event
from listener.domain.part import WHOLE
from listener.domain.schedule import SourceState
from listener.stages.alert.judging import still_as_grave
from listener.stages.alert.watched import Watched
from listener.store import buckets, detectors, incidents, sources
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    NEUTRAL,
    NOW,
    SECOND,
    a_finding,
    a_mention,
    a_tombstone,
    an_incident,
)
from tests.stages.crowds import OPENED, REOPENED, RESOLVED, WORDS, a_crowd, live, ordinary, spikes
from tests.stages.world import World


def acme(world: World) -> Watched:
    return world.watch.memory.brands[1]


def kept(world: World) -> dict[str, Any]:
    """What the database has of Acme's detector."""
    with world.store.read() as db:
        (row,) = [r for r in detectors.load(db, [1]) if r.part == WHOLE]
    return dict(row.state)


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
    before = acme(world).series[WHOLE].detector.learning
    world.hear(*ordinary(NOW - 25 * DAY, NOW - DAY), now=NOW)
    world.think(NOW + 5 * MINUTE)
    assert before
    assert not acme(world).series[WHOLE].detector.learning
    live(world, a_crowd(NOW + HOUR), NOW + HOUR + 15 * MINUTE)
    assert len(world.incidents()) == 1
    assert not incidents_evidence(world)["learning"]


def test_what_is_in_memory_is_what_is_in_the_database(calm: World) -> None:
    live(calm, a_crowd(NOW + HOUR), NOW + 90 * MINUTE)
    before = [row.state for row in acme(calm).remembered(1)]
    calm.restart()
    assert calm.watch.memory.brands == {}
    assert calm.think(NOW + 90 * MINUTE) == 0
    assert [row.state for row in acme(calm).remembered(1)] == before
    assert before[0]["detector"]["alerting"]


def test_a_memory_of_another_version_is_learned_anew(calm: World) -> None:
    with calm.store.write() as db:
        (row,) = detectors.load(db, [1])
        older = dict(row.state) | {"detector": row.state["detector"] | {"version": 0}}
        detectors.keep(db, [row._replace(state=older)])
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
    assert not kept(calm)["detector"]["alerting"]
    assert 1 not in calm.watch.memory.brands
    calm.think(NOW + HOUR + 12 * MINUTE)
    assert spikes(calm) == [OPENED]


def test_a_correction_takes_negatives_back(calm: World) -> None:
    live(calm, a_crowd(NOW + HOUR), NOW + HOUR + 12 * MINUTE)
    fed = day_of(calm)
    inbox.correct(calm.store, f"x:{NOW + HOUR:%d%H%M}-1", NEUTRAL, (), "jo", NOW + 2 * HOUR)
    calm.think(NOW + 2 * HOUR)
    assert day_of(calm) == fed - 1


def day_of(world: World) -> int:
    """The negatives that Acme's detector knows of, of the last day."""
    recent = acme(world).series[WHOLE].detector._recent
    assert recent is not None
    return recent.negative(recent.now, 288)


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
    assert acme(calm).upto == NOW
    read(calm, "x", NOW + 20 * HOUR)
    calm.think(NOW + 20 * HOUR + SECOND)
    assert acme(calm).upto == NOW + 20 * HOUR


def test_what_turns_out_to_be_lost_was_no_silence(calm: World) -> None:
    read(calm, "x", NOW)
    calm.think(NOW)
    for hours in range(1, 4):
        read(calm, "x", NOW + hours * HOUR)
        calm.think(NOW + hours * HOUR)
    before = acme(calm).remembered(1)[0].state["detector"]["recent"]["measured"]
    with calm.store.write() as db:
        sources.lose(db, "x", "social", NOW + HOUR)
        sources.close_gap(db, "x", NOW + 2 * HOUR)
    read(calm, "x", NOW + 4 * HOUR)
    calm.think(NOW + 4 * HOUR)
    after = acme(calm).remembered(1)[0].state["detector"]["recent"]["measured"]
    unmeasured = [sum(n for kind, n in runs if kind == 0) for runs in (before, after)]
    assert unmeasured[1] - unmeasured[0] == 12


def test_late_history_is_learned_when_all_of_it_is_measured(
    calm: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    calm.hear(*ordinary(NOW - 40 * DAY, NOW - 25 * DAY), now=NOW)
    calm.measure(NOW)
    monkeypatch.setattr(buckets, "all_counted", lambda _: False)
    calm.think(NOW + 5 * MINUTE)
    assert acme(calm).passed_over > 20
    monkeypatch.undo()
    calm.think(NOW + 10 * MINUTE)
    assert acme(calm).passed_over == 0


def test_the_days_window_does_not_replace_the_one_that_tells_of_the_trouble() -> None:
    known = {"at": "2026-11-22T11:55:00Z", "window_minutes": 180, "negative": 40, "parts": []}
    last = an_incident(evidence=known)
    later = a_finding(evidence=known | {"window_minutes": 360, "negative": 44})
    day = a_finding(evidence=known | {"window_minutes": 1440, "negative": 52})
    assert still_as_grave(later, last).evidence["negative"] == 44
    assert still_as_grave(day, last).evidence["negative"] == 40


def test_a_receipt_keeps_the_moment_of_its_counts_while_the_trouble_ebbs(calm: World) -> None:
    """It says "up to" a moment: the window before that holds what is counted."""
    live(calm, a_crowd(NOW + HOUR), NOW + HOUR + 15 * MINUTE)
    peak = incidents_evidence(calm)
    calm.go(NOW + HOUR + 20 * MINUTE, NOW + HOUR + 50 * MINUTE, 5 * MINUTE)
    (ebbing,) = calm.incidents()
    assert ebbing["resolved_at"] is None
    after = incidents_evidence(calm)
    assert (after["at"], after["negative"]) == (peak["at"], peak["negative"])
    assert after["looked_at"] > peak["at"]


def test_an_incident_that_lacks_what_we_write_today_is_ended_all_the_same(calm: World) -> None:
    with calm.store.write() as db:
        finding = a_finding(subject_id=1, evidence={})
        number = incidents.open_incident(db, finding, NOW + HOUR)
    read(calm, "x", NOW + 3 * HOUR)
    calm.think(NOW + 3 * HOUR)
    with calm.store.read() as db:
        ended = incidents.get(db, number)
    assert ended is not None
    assert ended.resolved_at is not None
