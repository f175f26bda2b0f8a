"""Backtest: with the same settings what was told is found again; others differ; nothing is kept."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from listener import marking
from listener.app import plugins
from listener.clock import VirtualClock
from listener.config import Config, from_document
from listener.domain.hindsight import Backtest
from listener.domain.incident import Incident
from listener.domain.mention import Mention
from listener.errors import UsageError
from listener.replay.backtest import LEFT_OUT, backtest
from listener.rules import RULES
from listener.rules.severe.rule import SevereRule
from listener.rules.spike.rule import SpikeRule
from tests.builders import DAY, HOUR, MINUTE, NOW, a_mention
from tests.stages.crowds import a_crowd, live, ordinary
from tests.stages.world import World
from tests.store.kept import everything, on_disk, rows

UTC = ZoneInfo("UTC")
CROWD_AT = NOW + 3 * HOUR
END = NOW + 9 * HOUR


def settings(**rules: Any) -> Config:
    subjects = [
        {"name": name, "role": role, "query": name}
        for name, role in (("Acme", "brand"), ("Boreal", "competitor"))
    ]
    document = {"subjects": subjects, "rules": rules}
    return from_document(document, Path("config.toml").absolute(), plugins(VirtualClock(NOW)))


def looked_back(world: World, since: datetime = NOW, end: datetime = END, **rules: Any) -> Backtest:
    return backtest(settings(**rules), world.store, since, end)


def found(done: Backtest) -> list[Incident]:
    return [one.incident for one in done.hindsight.alarms]


def lawyer(number: int, said_at: datetime) -> Mention:
    return a_mention(number, text=f"Acme, you hear from my lawyer {number}", said_at=said_at)


@pytest.fixture
def told(tmp_path: Path) -> Iterator[World]:
    """A daemon with three weeks of history, that told of a crowd and of a lawyer."""
    world = World(
        tmp_path / "told", rules={"spike": SpikeRule(), "severe": SevereRule()}, promises={}
    )
    world.hear(*ordinary(NOW - 21 * DAY, NOW - MINUTE), now=NOW)
    world.think(NOW)
    live(world, [*a_crowd(CROWD_AT), lawyer(1, NOW + 2 * HOUR)], END)
    assert {row["rule"] for row in world.incidents()} == {"spike", "severe"}
    yield world
    world.store.close()


def test_with_the_same_settings_what_was_told_is_found_again(told: World) -> None:
    done = looked_back(told)
    assert done.hindsight.only_stored == ()
    stored = {row["key"]: row for row in told.incidents()}
    assert [one.key for one in found(done)] == ["severe:Acme:legal", "spike:Acme"]
    for alarm in done.hindsight.alarms:
        assert alarm.stored is not None
        assert alarm.stored.id == stored[alarm.incident.key]["id"]
        assert abs(alarm.incident.opened_at - alarm.stored.opened_at) <= 6 * MINUTE
        assert alarm.incident.title == alarm.stored.title


def test_nothing_of_it_is_stored(told: World) -> None:
    with told.store.read() as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before, bytes_before = everything(told.store), on_disk(told.store)
    assert looked_back(told).hindsight.alarms
    assert everything(told.store) == before
    assert on_disk(told.store) == bytes_before


def test_other_settings_find_others(told: World) -> None:
    done = looked_back(told, spike={"sensitivity": "calm"}, floor={"bounds": [
        {"negative": 20, "within": "1h"}]})  # fmt: skip
    rules = {one.rule for one in found(done)}
    assert "floor" in rules
    (floor,) = (one for one in done.hindsight.alarms if one.incident.rule == "floor")
    assert floor.stored is None


def test_an_alarm_cannot_know_what_was_seen_later(tmp_path: Path) -> None:
    world = World(tmp_path / "late", rules={}, promises={})
    world.hear(*ordinary(NOW - 21 * DAY, NOW - MINUTE), now=NOW)
    seen = CROWD_AT + 40 * MINUTE
    world.hear(*a_crowd(CROWD_AT), now=seen)
    world.measure(seen)
    (spike,) = found(looked_back(world))
    assert seen <= spike.opened_at <= seen + 10 * MINUTE


def test_history_that_was_imported_is_told_as_if_somebody_had_listened(tmp_path: Path) -> None:
    world = World(tmp_path / "imported", rules={}, promises={})
    later = CROWD_AT + 30 * DAY
    world.hear(*ordinary(NOW - 21 * DAY, END), *a_crowd(CROWD_AT), now=later)
    world.measure(later)
    done = looked_back(world, end=later)
    assert done.history == done.mentions > 0
    (spike,) = found(done)
    assert CROWD_AT <= spike.opened_at <= CROWD_AT + 20 * MINUTE
    assert done.end > END + 7 * DAY
    assert done.weeks == pytest.approx((END + DAY - NOW) / timedelta(weeks=1), rel=0.1)


def test_what_people_marked_says_what_alarms_are_worth(told: World) -> None:
    for number, key in enumerate(("severe", "spike")):
        (incident,) = (i for i in told.incidents() if i["rule"] == key)
        marking.mark_incident(told.store, incident["id"], "jo", END, real=bool(number))
    day = (NOW - DAY).date()
    marking.mark_day(told.store, "Acme", day, UTC, "jo", END, real=True, note="nobody saw it")
    hindsight = looked_back(told, since=NOW - 2 * DAY).hindsight
    assert [one.rule for one in hindsight.hits] == ["spike"]
    assert [(one.first, one.note) for one in hindsight.misses] == [(day, "nobody saw it")]
    assert [one.rule for one in hindsight.again] == ["severe"]
    verdicts = {one.incident.rule: one.verdict for one in hindsight.alarms}
    assert verdicts == {"severe": "false alarm", "spike": "real"}


def test_every_rule_runs_or_it_is_said_why_not(told: World) -> None:
    done = looked_back(told)
    assert set(done.ran) | set(done.left_out) >= set(RULES)
    assert set(done.ran) & set(LEFT_OUT) == set()


def test_where_nothing_is_stored_it_says_so(tmp_path: Path) -> None:
    world = World(tmp_path / "empty")
    with pytest.raises(UsageError, match="nothing is stored that was said since 2026-11-22"):
        looked_back(world)


def test_progress_is_told_up_to_the_end(told: World) -> None:
    moments: list[datetime] = []
    backtest(settings(), told.store, NOW, END, moments.append)
    assert moments == sorted(moments)
    assert END - moments[-1] <= timedelta(hours=1)


def test_the_copy_is_gone_afterwards(
    told: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    looked_back(told)
    assert list(folder.iterdir()) == []
    assert rows(told.store, "SELECT 1 FROM sqlite_master WHERE name = 'ahead'") == []
