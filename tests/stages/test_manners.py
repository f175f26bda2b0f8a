"""Life and manners over real rows: Alertmanager's semantics one by one, in virtual time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from listener import inbox
from listener.domain.incident import Event, Severity
from listener.domain.manners import Manners
from listener.domain.quiet import read_quiet
from listener.stages.alert import next_due
from listener.stages.alert.telling import tell
from listener.store import notices
from listener.store.incidents import Outlets
from tests.builders import HOUR, MINUTE, NOW, SECOND, a_finding
from tests.stages.manners import Channel, after
from tests.stages.world import World

OPENED, ESCALATED, RESOLVED, REOPENED, REPEATED, EDITED, SUMMARY = (
    Event.SPIKE_OPENED,
    Event.SPIKE_ESCALATED,
    Event.SPIKE_RESOLVED,
    Event.SPIKE_REOPENED,
    Event.INCIDENT_REPEATED,
    Event.INCIDENT_UPDATED,
    Event.SUMMARY_TOLD,
)
CRITICAL, WATCH, INFO = Severity.CRITICAL, Severity.WATCH, Severity.INFO


def a_channel(folder: Path, manners: Manners | None = None, editing: bool = True) -> Channel:
    world = World(
        folder,
        promises={},
        calling=("slack",),
        editing=("slack",) if editing else (),
        manners=manners or Manners(),
    )
    return Channel(world)


@pytest.fixture
def channel(tmp_path: Path) -> Iterator[Channel]:
    made = a_channel(tmp_path / "told")
    yield made
    made.world.store.close()


# Group wait


def test_what_begins_is_told_after_half_a_minute_with_the_time_it_began(channel: Channel) -> None:
    channel.open()
    assert channel.look(NOW) == []
    assert next_due(channel.world.store, NOW) == NOW + 30 * SECOND
    assert channel.look(NOW + 30 * SECOND) == [OPENED]
    assert channel.messages()[0].at == NOW


def test_what_is_critical_is_told_at_once(channel: Channel) -> None:
    channel.open(severity=CRITICAL)
    assert channel.look(NOW) == [OPENED]


def test_what_is_over_before_the_wait_ends_is_never_told(channel: Channel) -> None:
    number = channel.open()
    channel.news(number, RESOLVED, NOW + 20 * SECOND, severity=INFO)
    assert channel.wait(NOW, after(600)) == []
    assert len(channel.withheld()) == 2


def test_what_a_person_resolves_before_the_wait_ends_is_never_told(channel: Channel) -> None:
    number = channel.open()
    inbox.resolve(channel.world.store, number, "jo", ["slack"], NOW + 20 * SECOND)
    assert channel.wait(NOW, after(600)) == []


def test_what_is_told_late_is_told_as_it_stands(channel: Channel) -> None:
    number = channel.open(title="25 negative")
    channel.news(number, EDITED, NOW + 20 * SECOND, title="40 negative")
    channel.look(NOW + 30 * SECOND)
    assert [notice.title for notice in channel.messages()] == ["40 negative"]


def test_what_gets_critical_while_it_waits_is_told_at_once_and_once(channel: Channel) -> None:
    number = channel.open()
    channel.news(number, ESCALATED, NOW + 10 * SECOND, severity=CRITICAL)
    assert channel.look(NOW + 10 * SECOND) == [ESCALATED]
    assert channel.look(NOW + MINUTE) == []


def test_a_crash_while_it_waits_loses_nothing_and_tells_nothing_twice(channel: Channel) -> None:
    channel.open()
    channel.world.restart()
    assert channel.look(NOW + 30 * SECOND) == [OPENED]
    channel.world.restart()
    assert channel.look(NOW + 31 * SECOND) == []


def test_what_waits_for_one_brand_holds_back_no_other(channel: Channel) -> None:
    channel.open(key="spike:Acme")
    channel.open(key="spike:Boreal", severity=CRITICAL, subject_id=2)
    assert channel.look(NOW) == [OPENED]
    assert channel.messages()[0].subject == "Boreal"


# Group interval


def test_news_within_five_minutes_edits_the_message_and_is_told_when_they_end(
    channel: Channel,
) -> None:
    number = channel.open(severity=WATCH)
    channel.look(after(1))
    channel.news(number, ESCALATED, after(3), title="60 negative")
    assert channel.look(after(3)) == [EDITED]
    assert channel.wait(after(3), after(20)) == [(6 * MINUTE, ESCALATED)]


def test_what_got_worse_and_was_over_within_the_interval_tells_only_its_end(
    channel: Channel,
) -> None:
    number = channel.open(severity=WATCH)
    channel.look(after(1))
    channel.news(number, ESCALATED, after(2))
    channel.news(number, RESOLVED, after(3), severity=INFO)
    told = channel.wait(after(3), after(200))
    assert [event for _, event in told if event is not EDITED] == [RESOLVED]


def test_what_came_back_and_went_within_the_interval_is_silent(channel: Channel) -> None:
    number = channel.open()
    channel.look(after(1))
    channel.news(number, RESOLVED, after(60), severity=INFO)
    channel.look(after(60))
    channel.news(number, REOPENED, after(61))
    channel.news(number, RESOLVED, after(62), severity=INFO)
    told = channel.wait(after(62), after(600))
    assert [event for _, event in told if event is not EDITED] == []


# Repeat


def test_what_nobody_takes_is_told_again_every_four_hours_for_a_day(channel: Channel) -> None:
    channel.open(severity=CRITICAL)
    told = channel.wait(NOW, NOW + 72 * HOUR)
    hours = [4 * n * HOUR for n in range(1, 7)]
    assert told == [(timedelta(0), OPENED), *((at, REPEATED) for at in hours)]
    assert channel.messages()[-1].why.endswith("Nobody has taken it.")


def test_what_somebody_has_taken_is_never_told_again(channel: Channel) -> None:
    number = channel.open(severity=CRITICAL)
    channel.look(NOW)
    inbox.acknowledge(channel.world.store, number, "jo", ["slack"], after(10))
    told = channel.wait(after(10), NOW + 48 * HOUR)
    assert {event for _, event in told} == {EDITED}


def test_a_reminder_waits_for_four_hours_after_the_last_loud_news(channel: Channel) -> None:
    number = channel.open()
    channel.look(after(1))
    channel.news(number, ESCALATED, after(120), severity=CRITICAL)
    told = channel.wait(after(120), after(370))
    assert told == [(120 * MINUTE, ESCALATED), (360 * MINUTE, REPEATED)]


def test_what_is_only_to_be_watched_is_not_repeated(channel: Channel) -> None:
    channel.open(severity=WATCH)
    assert channel.wait(NOW, NOW + 24 * HOUR) == [(30 * SECOND, OPENED)]


def test_what_comes_back_is_everybodys_again(channel: Channel) -> None:
    number = channel.open(severity=CRITICAL)
    channel.look(NOW)
    inbox.acknowledge(channel.world.store, number, "jo", ["slack"], after(10))
    channel.news(number, RESOLVED, after(100), severity=INFO)
    channel.look(after(100))
    channel.news(number, REOPENED, after(200))
    assert channel.world.incidents()[0]["acknowledged_by"] is None
    told = [event for _, event in channel.wait(after(200), after(500))]
    assert told == [REOPENED, REPEATED]


# Snooze


def test_what_is_snoozed_is_silent_and_told_again_if_it_is_open_then(channel: Channel) -> None:
    number = channel.open(severity=CRITICAL)
    channel.look(NOW)
    world = channel.world
    until = inbox.snooze_incident(
        world.store, number, 2 * HOUR, "jo", world.watch.telling.outlets, after(10)
    )
    channel.look(after(10))
    channel.news(number, ESCALATED, after(60), severity=CRITICAL)
    told = channel.wait(after(60), after(300))
    assert [(at, event) for at, event in told if event is not EDITED] == [(until - NOW, REPEATED)]
    assert world.incidents()[0]["snoozed_until"] is None


def test_what_is_over_at_the_end_of_its_snooze_is_told_no_more(channel: Channel) -> None:
    number = channel.open(severity=CRITICAL)
    channel.look(NOW)
    world = channel.world
    inbox.snooze_incident(world.store, number, HOUR, "jo", world.watch.telling.outlets, after(10))
    channel.news(number, RESOLVED, after(60), severity=INFO)
    told = channel.wait(after(60), after(600))
    assert {event for _, event in told} == {EDITED}


def test_a_snooze_asks_again_though_somebody_has_taken_it(channel: Channel) -> None:
    number = channel.open(severity=CRITICAL)
    channel.look(NOW)
    world = channel.world
    inbox.acknowledge(world.store, number, "jo", ["slack"], after(5))
    inbox.snooze_incident(world.store, number, HOUR, "jo", world.watch.telling.outlets, after(10))
    told = channel.wait(after(10), after(600))
    assert [event for _, event in told if event is not EDITED] == [REPEATED]
    assert "Nobody" not in channel.messages()[-1].why


def test_a_snooze_asks_again_though_the_day_is_spent(tmp_path: Path) -> None:
    channel = a_channel(tmp_path / "few", Manners(interrupts_a_day=1))
    world, number = channel.world, channel.open()
    channel.look(after(1))
    inbox.snooze_incident(world.store, number, HOUR, "jo", world.watch.telling.outlets, after(10))
    told = channel.wait(after(10), after(100))
    assert [one for one in told if one[1] is not EDITED] == [(70 * MINUTE, REPEATED)]
    world.store.close()


def test_every_outlet_is_told_at_the_end_of_a_snooze(tmp_path: Path) -> None:
    channel = a_channel(tmp_path / "two")
    world = channel.world
    outlets = Outlets(("slack", "email"), ("slack",), ("slack", "email"))
    world.watch = replace(world.watch, telling=replace(world.watch.telling, outlets=outlets))
    number = channel.open(severity=CRITICAL)
    inbox.snooze_incident(world.store, number, HOUR, "jo", outlets, after(10))
    channel.look(after(70))
    told = world.rows("SELECT outlet FROM notice WHERE event = 'incident.repeated' ORDER BY 1")
    assert [row["outlet"] for row in told] == ["email", "slack"]
    world.store.close()


# Parts of a whole


def test_a_part_is_not_told_while_the_whole_is_open(channel: Channel) -> None:
    whole = channel.open(severity=CRITICAL)
    part = channel.open(after(1), key="spike:Acme:delivery", severity=CRITICAL)
    assert channel.look(after(5)) == [OPENED]
    channel.news(whole, RESOLVED, after(60), severity=INFO)
    assert channel.look(after(60)) == [RESOLVED, OPENED]
    assert channel.messages()[-1].incident == part


def test_a_part_that_ends_with_the_whole_is_never_told(channel: Channel) -> None:
    whole = channel.open(severity=CRITICAL)
    part = channel.open(after(1), key="spike:Acme:delivery")
    channel.news(part, RESOLVED, after(59), key="spike:Acme:delivery", severity=INFO)
    channel.news(whole, RESOLVED, after(60), severity=INFO)
    assert channel.wait(after(60), after(600)) == [(HOUR, OPENED), (HOUR, RESOLVED)]


def test_a_part_told_first_is_only_edited_once_the_whole_is_open(channel: Channel) -> None:
    part = channel.open(key="spike:Acme:delivery")
    channel.look(after(1))
    channel.open(after(10), severity=CRITICAL)
    channel.look(after(10))
    channel.news(part, RESOLVED, after(60), key="spike:Acme:delivery", severity=INFO)
    assert channel.look(after(60)) == [EDITED]


def test_another_brands_incident_is_no_part(channel: Channel) -> None:
    channel.open(severity=CRITICAL)
    channel.open(key="spike:Acme:delivery", subject_id=2, severity=CRITICAL)
    assert channel.look(NOW) == [OPENED, OPENED]


# Flapping


@pytest.mark.parametrize("every", [10, 30, 65, 70, 90, 125])
def test_what_comes_and_goes_is_told_in_few_messages(channel: Channel, every: int) -> None:
    """A rule that finds something at every `every` minutes only, for half a day."""
    for minute in range(0, 12 * 60, 5):
        channel.find(after(minute), *(["spike:Acme"] if minute % every == 0 else []))
        channel.look(after(minute))
    channel.wait(after(12 * 60), after(24 * 60))
    told = [n.event for n in channel.messages() if n.event is not REPEATED]
    assert len(channel.world.incidents()) == 1
    assert told.count(OPENED) == 1
    assert told.count(Event.INCIDENT_REOPENED) <= 1
    assert len(told) <= 4


def test_a_flicker_for_two_hours_is_one_incident_opened_and_over(channel: Channel) -> None:
    for minute in range(0, 240, 5):
        channel.find(after(minute), *(["spike:Acme"] if minute <= 120 and minute % 10 else []))
        channel.look(after(minute))
    assert [n.event for n in channel.messages()] == [OPENED, Event.INCIDENT_RESOLVED]
    assert len(channel.world.incidents()) == 1


# The day's interruptions


def test_beyond_the_budget_the_rest_waits_for_one_summary(tmp_path: Path) -> None:
    channel = a_channel(tmp_path / "few", Manners(interrupts_a_day=2))
    for number in range(6):
        channel.open(after(number), key=f"spike:{number}", severity=WATCH)
        channel.look(after(number + 0.5))
    channel.open(after(7), key="spike:grave", severity=CRITICAL)
    told = channel.wait(after(7), NOW + 30 * HOUR)
    at = {event: moment for moment, event in told}
    told_of = [n.event for n in channel.messages() if n.event is not REPEATED]
    assert told_of == [OPENED] * 3 + [SUMMARY]
    assert at[SUMMARY] == 20 * HOUR  # at eight, where the listener lives
    (summary,) = (n for n in channel.messages() if n.event is SUMMARY)
    assert summary.evidence["open"] == 4
    channel.world.store.close()


def test_what_one_summary_says_is_no_line_of_the_next(tmp_path: Path) -> None:
    """What is high comes at even hours; what else is held of it would come again in the morning."""
    channel = a_channel(tmp_path / "few", Manners(interrupts_a_day=0))
    number = channel.open(severity=WATCH)
    channel.news(number, Event.RESPONSE_DUE_SOON, after(1), severity=WATCH, mentions=(1,))
    channel.news(number, Event.RESPONSE_OVERDUE, after(10), mentions=(1,))
    channel.wait(after(10), NOW + 30 * HOUR)
    assert [n.evidence["open"] for n in channel.messages() if n.event is SUMMARY] == [1]
    channel.world.store.close()


def test_what_is_info_leaves_half_of_the_day_to_the_rest(tmp_path: Path) -> None:
    channel = a_channel(tmp_path / "few", Manners(interrupts_a_day=4))
    for number in range(3):
        channel.open(after(number), key=f"influencer:{number}", severity=INFO)
        channel.look(after(number + 0.5))
    channel.open(after(5), key="spike:Acme", severity=WATCH)
    assert channel.look(after(6)) == [OPENED]
    told = [n.severity for n in channel.messages()]
    assert told == [INFO] * 2 + [WATCH]
    channel.world.store.close()


def test_each_day_has_its_own_budget(tmp_path: Path) -> None:
    channel = a_channel(tmp_path / "few", Manners(interrupts_a_day=1))
    for day in range(3):
        channel.open(NOW + day * 24 * HOUR, key=f"spike:{day}", severity=WATCH)
        channel.look(NOW + day * 24 * HOUR + MINUTE)
    assert [n.event for n in channel.messages()] == [OPENED] * 3
    channel.world.store.close()


def test_each_team_has_its_own_budget(tmp_path: Path) -> None:
    channel = a_channel(tmp_path / "few", Manners(interrupts_a_day=1))
    for team in ("logistics", "billing", None):
        channel.open(key=f"spike:{team}", severity=WATCH, team=team)
    assert channel.look(after(1)) == [OPENED] * 3
    channel.world.store.close()


def test_beyond_the_budget_news_goes_to_the_thread_without_a_sound(tmp_path: Path) -> None:
    channel = a_channel(tmp_path / "few", Manners(interrupts_a_day=1))
    number = channel.open(severity=WATCH)
    channel.look(after(1))
    channel.news(number, ESCALATED, after(20))
    assert channel.look(after(20)) == [ESCALATED]
    assert channel.messages()[-1].quietly
    channel.world.store.close()


def test_what_is_too_many_is_counted_in_the_summary(tmp_path: Path) -> None:
    manners = Manners(most_groups=3, interrupts_a_day=1000)
    channel = a_channel(tmp_path / "many", manners)
    for number in range(8):
        channel.open(after(number), key=f"spike:{number}", severity=WATCH)
    told = [event for _, event in channel.wait(NOW, NOW + 30 * HOUR)]
    assert told == [OPENED] * 3 + [SUMMARY]
    assert channel.messages()[-1].evidence["withheld"] == {"too many incidents at once": 5}
    channel.world.store.close()


# Quiet hours


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Channel]:
    """NOW is noon, and it is quiet until eight in the evening."""
    made = a_channel(tmp_path / "night", Manners(quiet_hours=read_quiet(["08:00-20:00"])))
    yield made
    made.world.store.close()


def test_what_quiet_hours_held_back_is_one_summary_what_waits_first(night: Channel) -> None:
    over = night.open(key="spike:over", title="over by then")
    night.open(after(5), key="spike:open", title="still open", severity=WATCH)
    assert night.look(after(6)) == []
    night.news(over, RESOLVED, after(100), key="spike:over", title="over by then", severity=INFO)
    assert night.wait(NOW, NOW + 10 * HOUR) == [(8 * HOUR, SUMMARY)]
    (summary,) = night.messages()
    assert summary.title == "While it was quiet: 1 still open, 1 over by now"
    lines = summary.evidence["lines"]
    assert [line["title"] for line in lines] == ["still open", "over by then"]
    assert [line["ended"] is None for line in lines] == [True, False]


def test_what_is_critical_is_told_at_night_and_what_follows_of_it_is_not(night: Channel) -> None:
    number = night.open(severity=CRITICAL)
    assert night.look(NOW) == [OPENED]
    night.news(number, RESOLVED, after(100), severity=INFO)
    assert night.look(after(100)) == [EDITED]
    assert night.wait(after(100), NOW + 10 * HOUR) == [(8 * HOUR, SUMMARY)]


def test_a_quiet_night_in_which_nothing_happened_has_no_summary(night: Channel) -> None:
    assert night.wait(NOW, NOW + 30 * HOUR) == []


def test_what_the_summary_told_of_is_reminded_of_and_its_end_is_told(night: Channel) -> None:
    number = night.open()
    told = night.wait(NOW, NOW + 12 * HOUR)
    assert told == [(8 * HOUR, SUMMARY), (12 * HOUR, REPEATED)]
    night.news(number, RESOLVED, NOW + 13 * HOUR, severity=INFO)
    assert night.look(NOW + 13 * HOUR) == [RESOLVED]


def test_a_crash_at_the_end_of_the_night_tells_one_summary(night: Channel) -> None:
    night.open()
    night.look(after(1))
    night.world.restart()
    assert night.look(NOW + 8 * HOUR) == [SUMMARY]
    night.world.restart()
    assert night.look(NOW + 8 * HOUR + SECOND) == []


# Who is told, and what is known of it


def test_a_program_is_told_everything_at_once(tmp_path: Path) -> None:
    world = World(tmp_path / "program", promises={}, manners=Manners(interrupts_a_day=0))
    channel = Channel(world)
    number = channel.open()
    assert channel.look(NOW) == [OPENED]
    channel.news(number, RESOLVED, after(1), severity=INFO)
    channel.news(number, REOPENED, after(2))
    assert channel.look(after(2)) == [RESOLVED, REOPENED]
    world.store.close()


def test_where_messages_do_not_last_nothing_is_edited(tmp_path: Path) -> None:
    channel = a_channel(tmp_path / "mail", editing=False)
    number = channel.open(severity=WATCH)
    channel.look(after(1))
    channel.news(number, ESCALATED, after(2))
    assert channel.wait(after(2), after(60)) == [(6 * MINUTE, ESCALATED)]
    channel.world.store.close()


def test_every_message_and_every_silence_has_its_reason(channel: Channel) -> None:
    number = channel.open()
    channel.look(after(1))
    for minute, event in ((60, RESOLVED), (90, REOPENED), (150, RESOLVED), (160, REOPENED)):
        severity = INFO if event is RESOLVED else Severity.HIGH
        channel.news(number, event, after(minute), severity=severity)
        channel.look(after(minute))
    with channel.world.store.read() as db:
        told = [(row["event"], row["reason"]) for row in notices.told_of(db, number)]
    assert all(reason for _, reason in told)
    assert [one for one in told if one[0] != "incident.updated"] == [
        ("spike.opened", "it is new"),
        ("spike.resolved", "it is over"),
        ("spike.reopened", "it is back"),
    ]
    assert channel.withheld() == [
        ("spike.resolved", "it was over before it was told"),
        ("spike.reopened", "it comes and goes"),
    ]


def test_the_same_news_twice_is_told_once(channel: Channel) -> None:
    number = channel.open(severity=CRITICAL)
    for _ in range(2):
        channel.news(number, ESCALATED, after(10), severity=CRITICAL)
    assert channel.look(after(10)) == [OPENED, ESCALATED]


def test_what_is_told_of_no_incident_waits_for_the_morning_too(tmp_path: Path) -> None:
    quiet = Manners(quiet_hours=read_quiet(["08:00-20:00"]))
    channel = a_channel(tmp_path / "budget", replace(quiet, interrupts_a_day=3))
    finding = a_finding(key="budget:x", rule="budget", subject_id=None, title="x is spent")
    with channel.world.store.write() as db:
        tell(db, finding, Event.BUDGET_SPENT, None, channel.world.watch.telling, NOW)
    assert channel.wait(NOW, NOW + 10 * HOUR) == [(8 * HOUR, SUMMARY)]
    assert channel.messages()[0].evidence["lines"][0]["title"] == "x is spent"
    channel.world.store.close()
