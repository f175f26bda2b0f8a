"""Known events: who they concern, which one was the last, and how this one compares."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.domain.events import (
    KnownEvent,
    called,
    days,
    higher_than_before,
    learned_factor,
    on_day,
    previous,
    same_spans,
    spread,
    stem_of,
    touching,
)

BUDAPEST = ZoneInfo("Europe/Budapest")
HOUR = timedelta(hours=1)


def an_event(name: str = "Sale", day: date = date(2026, 11, 27), **changes: Any) -> KnownEvent:
    since, until = days(day, day, BUDAPEST)
    return KnownEvent(name=name, **{"since": since, "until": until} | changes)


def test_a_day_is_a_day_of_the_listeners_zone() -> None:
    since, until = days(date(2026, 11, 27), date(2026, 11, 27), BUDAPEST)
    assert since == datetime(2026, 11, 26, 23, tzinfo=UTC)
    assert until - since == timedelta(days=1)


def test_the_day_on_which_clocks_go_back_has_twenty_five_hours() -> None:
    since, until = days(date(2026, 10, 25), date(2026, 10, 25), BUDAPEST)
    assert until - since == timedelta(hours=25)


def test_an_event_without_subjects_concerns_all_and_one_with_some_only_those() -> None:
    every, only = an_event(), an_event(subjects=("Acme",))
    assert every.concerns("Rival")
    assert only.concerns("ACME")
    assert not only.concerns("Rival")


def test_an_event_touches_what_has_a_moment_in_common_with_it() -> None:
    event = an_event()
    assert touching([event], "Acme", event.until - HOUR, event.until + HOUR) == (event,)
    assert touching([event], "Acme", event.until, event.until + HOUR) == ()
    assert touching([event], "Acme", event.since - HOUR, event.since) == ()


@pytest.mark.parametrize(
    "name", ["Black Friday 2026", "black friday '25", "Black  Friday", "2026 Black-Friday"]
)
def test_years_are_no_part_of_the_stem(name: str) -> None:
    assert stem_of(name) == "black friday"


def test_a_name_that_is_only_a_year_keeps_it() -> None:
    assert stem_of("2026") == "2026"


def test_the_last_black_friday_is_the_newest_one_before() -> None:
    ago = [an_event(f"Black Friday {y}", date(y, 11, 27)) for y in (2023, 2025, 2024, 2027)]
    assert previous(ago, an_event("Black Friday 2026")) == ago[1]


def test_an_event_of_another_name_or_of_others_is_no_last_one() -> None:
    event = an_event("Sale 2026", subjects=("Acme",))
    other = an_event("Release 2025", date(2025, 11, 27))
    of_rival = an_event("Sale 2025", date(2025, 11, 27), subjects=("Rival",))
    assert previous([event, other, of_rival], event) is None


def test_an_event_is_called_with_its_year() -> None:
    assert called(an_event("Black Friday")) == "Black Friday 2026"
    assert called(an_event("Black Friday '26")) == "Black Friday '26"


def test_new_years_day_is_called_by_the_year_it_begins() -> None:
    assert called(an_event("New Year", date(2027, 1, 1))) == "New Year 2027"


def test_the_same_span_is_as_long_in_both_and_ends_with_the_shorter() -> None:
    now_one = an_event("Sale 2026")
    before = an_event(
        "Sale 2025",
        date(2025, 11, 28),
        until=days(date(2025, 11, 28), date(2025, 11, 28), BUDAPEST)[0] + 6 * HOUR,
    )
    three = same_spans(now_one, before, now_one.since + 3 * HOUR)
    nine = same_spans(now_one, before, now_one.since + 9 * HOUR)
    assert three == (
        (now_one.since, now_one.since + 3 * HOUR),
        (before.since, before.since + 3 * HOUR),
    )
    assert nine == ((now_one.since, now_one.since + 6 * HOUR), (before.since, before.until))
    assert same_spans(now_one, before, now_one.since) is None


def test_three_times_as_many_are_said_in_one_sentence() -> None:
    assert higher_than_before(45, 15, 5 * HOUR, "Black Friday 2025") == (
        "already 3 times as many negatives as in the same hours of Black Friday 2025"
    )
    assert higher_than_before(36, 15, 72 * HOUR, "Black Friday 2025") == (
        "already 2.4 times as many negatives as in the same days of Black Friday 2025"
    )


def test_none_then_is_said_in_numbers() -> None:
    said = higher_than_before(12, 0, HOUR, "Black Friday 2025")
    assert said == "12 negatives where the same hours of Black Friday 2025 had none"


@pytest.mark.parametrize(
    ("now", "then"),
    [(5, 15), (15, 15), (3, 1), (5, 0), (1300, 1000), (20, None)],
    ids=["fewer", "as many", "chance", "chance over none", "sure but little", "not measured"],
)
def test_what_is_not_clearly_higher_is_not_said(now: int, then: int | None) -> None:
    assert higher_than_before(now, then, HOUR, "Black Friday 2025") is None


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 50))
def test_more_negatives_never_silence_the_comparison(now: int, then: int, more: int) -> None:
    if higher_than_before(now, then, HOUR, "the last one") is not None:
        assert higher_than_before(now + more, then, HOUR, "the last one") is not None


def test_a_learned_factor_is_the_rate_during_over_the_rate_around() -> None:
    assert learned_factor(30.0, 10.0, counted=400) == 3.0
    assert learned_factor(5.0, 10.0, counted=400) == 1.0
    assert learned_factor(30.0, 10.0, counted=12) is None
    assert learned_factor(30.0, 0.0, counted=400) is None


def test_a_day_has_the_events_that_touch_it_as_the_wall_shows_it() -> None:
    since, until = days(date(2026, 11, 27), date(2026, 11, 28), BUDAPEST)
    sale = KnownEvent(name="Sale", since=since, until=until, subjects=("Acme",))
    noon = datetime(2026, 11, 28, 12, tzinfo=UTC)
    release = KnownEvent(name="Release", since=noon, until=noon + HOUR)
    known = [sale, release, replace(release, since=noon + HOUR, until=noon + 2 * HOUR)]
    on = {day: on_day(known, "Acme", date(2026, 11, day), BUDAPEST) for day in range(26, 30)}
    assert on == {26: (), 27: ("Sale",), 28: ("Sale", "Release"), 29: ()}
    assert on_day(known, "Boreal", date(2026, 11, 28), BUDAPEST) == ("Release",)


def test_names_are_spread_from_their_first_day_to_their_last() -> None:
    first, second, third = (date(2026, 11, day) for day in (27, 28, 29))
    named = [(first, ("Sale",)), (second, ("Sale", "Release")), (third, ("Sale",))]
    assert spread(named) == [("Sale", first, third), ("Release", second, second)]


def test_days_that_do_not_follow_each_other_are_told_apart() -> None:
    first, second, third = (date(2026, 11, day) for day in (27, 28, 29))
    named = [(first, ("Sale",)), (second, ()), (third, ("Sale",))]
    assert spread(named) == [("Sale", first, first), ("Sale", third, third)]
