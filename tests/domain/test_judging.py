"""Whether an outlet is told: each line of Alertmanager's semantics, and what we add to them."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.domain.incident import Event, Severity
from listener.domain.judging import HYSTERESIS, judge
from listener.domain.manners import (
    IN_SUMMARY,
    Act,
    Breaks,
    Case,
    Ears,
    Manners,
    News,
    Question,
    Reason,
    Verdict,
    larger_of,
    repeats,
)
from listener.domain.quiet import read_quiet
from tests.builders import HOUR, MINUTE, NOW, SECOND

HIGH, CRITICAL, INFO = Severity.HIGH, Severity.CRITICAL, Severity.INFO
# Slack, after its first message.
TOLD: dict[str, Any] = {"edits": True, "has_message": True, "knows": True}
NIGHT = Manners(quiet_hours=read_quiet(["10:00-14:00"]))  # NOW is noon


def asked(event: Event, severity: Severity = HIGH, **more: Any) -> Question:
    """A question at NOW of news that was found a minute ago, for an outlet that calls people."""
    manners = more.pop("manners", Manners())
    case = Case(**{k: more.pop(k) for k in list(more) if hasattr(Case(), k)})
    at = more.pop("at", NOW - MINUTE)
    now = more.pop("now", NOW)
    news = News(event=event, severity=severity, at=at)
    return Question(news=news, case=case, ears=Ears(**more), manners=manners, now=now)


def verdict(event: Event, severity: Severity = HIGH, **more: Any) -> Verdict:
    return judge(asked(event, severity, **more))


def said(event: Event, severity: Severity = HIGH, **more: Any) -> tuple[Act, Reason]:
    found = verdict(event, severity, **more)
    return found.act, found.reason


# Group wait, group interval, repeat interval


def test_what_has_just_begun_waits_half_a_minute() -> None:
    found = verdict(Event.SPIKE_OPENED, at=NOW)
    assert (found.act, found.reason) == (Act.HOLD, Reason.GROUP_WAIT)
    assert found.until == NOW + 30 * SECOND
    assert said(Event.SPIKE_OPENED, at=NOW - 30 * SECOND) == (Act.NOW, Reason.NEW)


@pytest.mark.parametrize(
    ("event", "severity"), [(Event.SPIKE_OPENED, CRITICAL), (Event.MENTION_SEVERE, HIGH)]
)
def test_what_is_critical_or_severe_does_not_wait(event: Event, severity: Severity) -> None:
    assert said(event, severity, at=NOW) == (Act.NOW, Reason.NEW)


def test_news_within_five_minutes_of_the_last_waits_for_the_interval() -> None:
    found = verdict(Event.SPIKE_ESCALATED, last_told=NOW - MINUTE, **TOLD)
    assert (found.act, found.reason) == (Act.HOLD, Reason.GROUP_INTERVAL)
    assert found.until == NOW + 4 * MINUTE
    assert verdict(Event.SPIKE_ESCALATED, last_told=NOW - 5 * MINUTE, **TOLD).act is Act.NOW
    assert verdict(Event.SPIKE_ESCALATED, CRITICAL, last_told=NOW, **TOLD).act is Act.NOW


def test_a_reminder_comes_four_hours_after_the_last_loud_message() -> None:
    found = verdict(Event.INCIDENT_REPEATED, last_loud=NOW - HOUR, **TOLD)
    assert (found.act, found.until) == (Act.HOLD, NOW + 3 * HOUR)
    assert said(Event.INCIDENT_REPEATED, last_loud=NOW - 4 * HOUR, **TOLD) == (
        Act.NOW,
        Reason.STILL_OPEN,
    )


def test_nobody_is_reminded_once_somebody_has_taken_it() -> None:
    old: dict[str, Any] = {"last_loud": NOW - 40 * HOUR, "acknowledged": True}
    assert said(Event.INCIDENT_REPEATED, **old, **TOLD) == (Act.EDIT, Reason.ACKNOWLEDGED)


# Resolved, reopened, flapping


def test_the_end_is_told_only_to_those_who_were_told_of_the_beginning() -> None:
    assert said(Event.SPIKE_RESOLVED, INFO) == (Act.SILENT, Reason.NEVER_TOLD)
    assert said(Event.SPIKE_RESOLVED, INFO, **TOLD) == (Act.NOW, Reason.OVER)
    assert verdict(Event.RESPONSE_MET, INFO).reason is Reason.NEVER_TOLD


def test_that_it_is_back_is_told_once() -> None:
    assert said(Event.SPIKE_REOPENED, reopened=1, **TOLD) == (Act.NOW, Reason.BACK)
    assert said(Event.SPIKE_REOPENED, reopened=2, **TOLD) == (Act.EDIT, Reason.FLAPPING)
    assert verdict(Event.SPIKE_REOPENED, CRITICAL, reopened=9, **TOLD).act is Act.NOW


def test_what_came_back_is_over_when_it_stays_away() -> None:
    found = verdict(Event.SPIKE_RESOLVED, INFO, reopened=1, at=NOW, **TOLD)
    assert (found.act, found.reason, found.until) == (Act.HOLD, Reason.FLAPPING, NOW + HYSTERESIS)
    assert verdict(Event.SPIKE_RESOLVED, INFO, reopened=1, at=NOW - HYSTERESIS, **TOLD).act is (
        Act.NOW
    )


# Silences and inhibition


def test_what_is_snoozed_is_silent_until_its_end() -> None:
    until = NOW + HOUR
    for event in (Event.SPIKE_ESCALATED, Event.SPIKE_RESOLVED, Event.RESPONSE_OVERDUE):
        assert said(event, snoozed_until=until, **TOLD) == (Act.EDIT, Reason.SNOOZED)
    held = verdict(Event.INCIDENT_REPEATED, snoozed_until=until, **TOLD)
    assert (held.act, held.until) == (Act.HOLD, until)


def test_at_the_end_of_a_snooze_it_is_told_again_though_somebody_has_taken_it() -> None:
    over: dict[str, Any] = {"snoozed_until": NOW, "acknowledged": True, "last_loud": NOW - MINUTE}
    assert said(Event.INCIDENT_REPEATED, **over, **TOLD) == (Act.NOW, Reason.SNOOZE_OVER)


def test_a_part_waits_while_the_whole_is_open() -> None:
    found = verdict(Event.SPIKE_OPENED, CRITICAL, muted_by=7)
    assert (found.act, found.reason, found.waits_for) == (Act.HOLD, Reason.MUTED, 7)
    assert said(Event.SPIKE_RESOLVED, muted_by=7, **TOLD) == (Act.EDIT, Reason.MUTED)


def test_programs_hear_all_but_parts_and_ends_of_what_they_never_heard() -> None:
    program: dict[str, Any] = {"calls": False, "manners": NIGHT, "today": 99, "at": NOW}
    assert verdict(Event.SPIKE_OPENED, **program).act is Act.NOW
    assert verdict(Event.SPIKE_REOPENED, reopened=5, **program).act is Act.NOW
    assert verdict(Event.SPIKE_OPENED, muted_by=7, **program).act is Act.HOLD
    assert verdict(Event.SPIKE_RESOLVED, **program).act is Act.SILENT
    assert not verdict(Event.SPIKE_OPENED, **program).loud


@pytest.mark.parametrize(
    ("key", "larger"),
    [
        ("spike:Acme:delivery", "spike:Acme"),
        ("spike:Acme:social:delivery", "spike:Acme"),
        ("spike:Acme", None),
        ("spike:Acme Air:delivery", "spike:Acme Air"),
        ("rating:Acme:delivery", None),
    ],
)
def test_a_key_is_part_of_the_largest_it_begins_with(key: str, larger: str | None) -> None:
    keys = ["spike:Acme:social", "spike:Acme", "spike:Acme Air"]
    assert larger_of(key, keys) == larger


def test_that_more_is_overdue_calls_people_once_in_half_an_hour() -> None:
    of_late = {**TOLD, "last_told": NOW - 10 * MINUTE, "last_loud": NOW - 10 * MINUTE}
    assert said(Event.RESPONSE_OVERDUE, **of_late) == (Act.QUIETLY, Reason.GROUP_INTERVAL)
    long_ago = {**TOLD, "last_told": NOW - 10 * MINUTE, "last_loud": NOW - 30 * MINUTE}
    assert verdict(Event.RESPONSE_OVERDUE, **long_ago).loud
    assert verdict(Event.RESPONSE_OVERDUE, **TOLD).loud


def test_mails_that_more_is_overdue_come_each_half_hour_and_warnings_in_time() -> None:
    of_late: dict[str, Any] = {
        "knows": True,
        "last_told": NOW - 10 * MINUTE,
        "last_loud": NOW - 10 * MINUTE,
    }
    found = verdict(Event.RESPONSE_OVERDUE, **of_late)
    assert (found.act, found.reason) == (Act.HOLD, Reason.GROUP_INTERVAL)
    assert found.until == NOW + 20 * MINUTE
    assert verdict(Event.RESPONSE_DUE_SOON, **of_late).act is Act.NOW


# Quiet hours


def test_in_quiet_hours_only_what_is_critical_is_told() -> None:
    found = verdict(Event.SPIKE_OPENED, manners=NIGHT)
    assert (found.act, found.reason) == (Act.HOLD, Reason.QUIET_HOURS)
    assert found.until == NOW + 2 * HOUR
    assert verdict(Event.SPIKE_OPENED, CRITICAL, manners=NIGHT).act is Act.NOW
    assert verdict(Event.SPIKE_RESOLVED, INFO, manners=NIGHT, **TOLD).act is Act.HOLD


def test_what_breaks_the_quiet_is_the_users_to_say() -> None:
    high = replace(NIGHT, quiet_but=(Breaks.HIGH,))
    assert verdict(Event.SPIKE_OPENED, manners=high).act is Act.NOW
    assert verdict(Event.SPIKE_OPENED, Severity.WATCH, manners=high).act is Act.HOLD


def test_promises_are_quiet_at_night_unless_the_user_says_otherwise() -> None:
    assert said(Event.RESPONSE_OVERDUE, manners=NIGHT) == (Act.HOLD, Reason.QUIET_HOURS)
    loud = replace(NIGHT, quiet_but=(Breaks.CRITICAL, Breaks.RESPONSE))
    assert verdict(Event.RESPONSE_OVERDUE, manners=loud).act is Act.NOW
    assert verdict(Event.SPIKE_OPENED, manners=loud).act is Act.HOLD


# The day's interruptions


def test_beyond_the_budget_only_what_is_critical_interrupts() -> None:
    found = verdict(Event.SPIKE_OPENED, Severity.WATCH, today=12)
    assert (found.act, found.reason) == (Act.HOLD, Reason.BUDGET)
    assert found.until == NOW.replace(hour=8) + 24 * HOUR
    assert verdict(Event.SPIKE_OPENED, today=11).act is Act.NOW
    assert verdict(Event.SPIKE_OPENED, CRITICAL, today=99).act is Act.NOW


def test_beyond_the_budget_news_of_what_was_told_goes_to_its_thread() -> None:
    assert said(Event.SPIKE_ESCALATED, today=12, **TOLD) == (Act.QUIETLY, Reason.BUDGET)
    assert verdict(Event.SPIKE_RESOLVED, INFO, today=12, **TOLD).act is Act.NOW  # it is no noise


def test_where_messages_do_not_last_every_message_interrupts() -> None:
    mail: dict[str, Any] = {"has_message": True, "knows": True}
    assert verdict(Event.SPIKE_RESOLVED, INFO, **mail).loud
    assert verdict(Event.SPIKE_RESOLVED, INFO, today=12, **mail).act is Act.HOLD
    assert not verdict(Event.SPIKE_RESOLVED, INFO, **TOLD).loud


def test_promises_take_no_more_than_half_of_the_budget() -> None:
    busy: dict[str, Any] = {"today": 6, "promises_today": 6}
    assert verdict(Event.RESPONSE_OVERDUE, **busy, **TOLD).act is Act.QUIETLY
    assert verdict(Event.SPIKE_OPENED, **busy).act is Act.NOW


def test_more_incidents_than_anybody_can_read_wait_for_the_summary() -> None:
    assert said(Event.SPIKE_OPENED, groups=50) == (Act.HOLD, Reason.TOO_MANY)
    assert verdict(Event.SPIKE_OPENED, CRITICAL, groups=50).act is Act.NOW
    assert verdict(Event.SPIKE_ESCALATED, groups=50, **TOLD).act is Act.NOW


def test_beyond_the_budget_what_is_high_comes_together_every_two_hours() -> None:
    found = verdict(Event.SPIKE_OPENED, HIGH, today=12)
    assert (found.act, found.reason, found.until) == (Act.HOLD, Reason.BUDGET, NOW + 2 * HOUR)
    evening = Manners(quiet_hours=read_quiet(["13:30-20:00"]))
    later = verdict(Event.SPIKE_OPENED, HIGH, today=12, manners=evening, now=NOW + HOUR)
    assert later.until == NOW.replace(hour=20)  # the round would fall into quiet hours


def test_the_summary_comes_when_quiet_hours_end_or_at_eight() -> None:
    assert Manners().next_summary(NOW) == NOW.replace(hour=8) + 24 * HOUR
    assert Manners().next_summary(NOW.replace(hour=3)) == NOW.replace(hour=8)
    assert NIGHT.next_summary(NOW) == NOW + 2 * HOUR


def test_edits_are_never_heard() -> None:
    assert verdict(Event.INCIDENT_UPDATED, manners=NIGHT, today=99, **TOLD).act is Act.EDIT
    assert verdict(Event.INCIDENT_UPDATED).act is Act.SILENT
    assert verdict(Event.INCIDENT_UPDATED, has_message=True, knows=True).act is Act.SILENT


def test_only_what_is_grave_and_no_promise_is_repeated() -> None:
    assert repeats("spike", HIGH)
    assert not repeats("spike", Severity.WATCH)
    assert not repeats("response", HIGH)


MOMENTS = st.none() | st.integers(-600, 600).map(lambda n: NOW + n * MINUTE)
QUESTIONS = st.builds(
    Question,
    news=st.builds(
        News,
        event=st.sampled_from(Event),
        severity=st.sampled_from(Severity),
        at=st.integers(0, 600).map(lambda n: NOW - n * MINUTE),
    ),
    case=st.builds(
        Case,
        acknowledged=st.booleans(),
        snoozed_until=MOMENTS,
        muted_by=st.none() | st.just(7),
        reopened=st.integers(0, 3),
    ),
    ears=st.builds(
        Ears,
        calls=st.booleans(),
        edits=st.booleans(),
        has_message=st.booleans(),
        knows=st.booleans(),
        last_told=st.none() | st.integers(0, 600).map(lambda n: NOW - n * MINUTE),
        last_loud=st.none() | st.integers(0, 600).map(lambda n: NOW - n * MINUTE),
        today=st.integers(0, 20),
        promises_today=st.integers(0, 20),
        groups=st.integers(0, 60),
    ),
    manners=st.sampled_from([Manners(), NIGHT, Manners(interrupts_a_day=0)]),
    now=st.just(NOW),
)


@given(QUESTIONS)
def test_what_is_held_is_held_until_something_that_is_to_come(question: Question) -> None:
    found = judge(question)
    if found.act is Act.HOLD:
        assert (found.until is None) != (found.waits_for is None)
        assert found.until is None or found.until > question.now
    else:
        assert found.until is None


@given(QUESTIONS)
def test_it_is_decided_at_last(question: Question) -> None:
    """Asked again at each moment it names, all is told, dropped, or in a summary."""
    question = replace(question, case=replace(question.case, muted_by=None))
    now: datetime = question.now
    for _ in range(12):
        found = judge(replace(question, now=now))
        if found.act is not Act.HOLD or found.reason in IN_SUMMARY:
            return
        assert found.until is not None
        now = found.until
    raise AssertionError("it is still held")


@given(QUESTIONS)
def test_edits_only_where_there_is_something_to_edit(question: Question) -> None:
    found = judge(question)
    lasting = question.ears.edits and question.ears.has_message
    if found.act in (Act.EDIT, Act.QUIETLY):
        assert lasting
    if found.act is Act.QUIETLY:
        assert not found.loud
