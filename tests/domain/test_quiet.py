"""Quiet hours: when they end, over midnight, over weekends, and where summer time begins."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.domain.quiet import Quiet, read_quiet

BUDAPEST = ZoneInfo("Europe/Budapest")
NIGHTS = read_quiet(["22:00-07:00"])
OFFICE = read_quiet(["mon-fri 22:00-07:00", "sat-sun 00:00-24:00"])


def local(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """A moment in Budapest; 2026-11-23 is a Monday."""
    return datetime(2026, month, day, hour, minute, tzinfo=BUDAPEST).astimezone(UTC)


def test_a_night_ends_in_the_morning() -> None:
    assert NIGHTS.until(local(23, 23), BUDAPEST) == local(24, 7)
    assert NIGHTS.until(local(24, 3), BUDAPEST) == local(24, 7)


def test_its_first_moment_is_quiet_and_its_end_is_not() -> None:
    assert NIGHTS.until(local(23, 22), BUDAPEST) == local(24, 7)
    assert NIGHTS.until(local(24, 7), BUDAPEST) is None
    assert NIGHTS.until(local(24, 12), BUDAPEST) is None


def test_windows_that_touch_are_one_quiet() -> None:
    assert OFFICE.until(local(27, 22), BUDAPEST) == local(30, 0)  # Friday night to Monday
    assert OFFICE.until(local(29, 12), BUDAPEST) == local(30, 0)
    assert OFFICE.until(local(30, 1), BUDAPEST) is None  # Sunday begins no night


def test_it_is_quiet_where_the_team_lives() -> None:
    assert NIGHTS.until(local(23, 23), ZoneInfo("America/New_York")) is None


def test_a_night_in_which_the_clocks_change_ends_at_seven_all_the_same() -> None:
    begins = local(28, 22, month=3)
    end = NIGHTS.until(begins, BUDAPEST)
    assert end == local(29, 7, month=3)
    assert end - begins == timedelta(hours=8)


def test_without_quiet_hours_it_is_never_quiet() -> None:
    assert Quiet().until(local(24, 3), BUDAPEST) is None
    assert Quiet().next_end(local(24, 3), BUDAPEST) is None


def test_when_they_next_end_is_known_by_day_too() -> None:
    assert NIGHTS.next_end(local(24, 12), BUDAPEST) == local(25, 7)
    assert NIGHTS.next_end(local(24, 3), BUDAPEST) == local(24, 7)


def test_what_is_quiet_for_ever_ends_all_the_same() -> None:
    always = read_quiet(["00:00-24:00"])
    end = always.until(local(24, 3), BUDAPEST)
    assert end is not None
    assert end - local(24, 3) >= timedelta(days=8)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("22-07", "is none"),
        ("22:00-22:00", "is no span"),
        ("25:00-07:00", "there is no 25:00"),
        ("22:60-07:00", "there is no 22:60"),
        ("fry 22:00-07:00", "fry is no day"),
        ("", "is none"),
    ],
)
def test_what_is_no_span_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_quiet([text])


@given(
    start=st.integers(0, 1439),
    end=st.integers(0, 1440),
    days=st.sampled_from(["", "mon-fri ", "sat-sun ", "fri-mon "]),
    now=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),
)
def test_every_moment_up_to_the_end_is_quiet_and_the_end_is_not(
    start: int, end: int, days: str, now: datetime
) -> None:
    if start == end:
        return
    text = f"{days}{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"
    quiet = read_quiet([text])
    until = quiet.until(now, BUDAPEST)
    if until is None:
        return
    half = now + (until - now) / 2
    assert until > now
    assert quiet.until(half, BUDAPEST) in (until, quiet.until(now, BUDAPEST))
    if until - now < timedelta(days=8):
        assert quiet.until(until, BUDAPEST) is None
