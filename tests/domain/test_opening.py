"""Opening hours as they are written in the settings."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.domain.opening import read_days, read_hours, read_week

WORK = ((540, 1050),)


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("mon-fri 09:00-17:30", "mtwtf--"),
        ("Monday-Friday 9:00-17:30", "mtwtf--"),
        ("mon,wed,sun 09:00-17:30", "m-w---s"),
        ("fri-mon 09:00-17:30", "m---fss"),
        ("sat 09:00-17:30", "-----s-"),
        ("mon-tue,thu 09:00-17:30", "mt-t---"),
    ],
)
def test_days_are_read(written: str, days: str) -> None:
    assert read_week([written]) == tuple(() if day == "-" else WORK for day in days)


def test_several_hours_of_a_day_add_up() -> None:
    week = read_week(["mon 09:00-12:00 13:00-17:30", "mon 12:00-12:30", "mon-tue 16:00-19:00"])
    assert week[0] == ((540, 750), (780, 1140))
    assert week[1] == ((960, 1140),)


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        ("09:00-17:30", ((540, 1050),)),
        ("00:00-24:00", ((0, 1440),)),
        ("22:00-06:00", ((1320, 1800),)),
        ("18:00-00:00", ((1080, 1440),)),
        ("09:00-12:00, 13:00-14:00", ((540, 720), (780, 840))),
        ("9:05-9:06", ((545, 546),)),
    ],
)
def test_hours_are_read(written: str, hours: object) -> None:
    assert read_hours(written) == hours


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("mon-fry 09:00-17:30", "'fry' is no day of the week; there is mon, tue"),
        ("09:00-17:30", "must be days and hours such as"),
        ("mon", "must be days and hours such as"),
        ("mon 9-17", "'9-17' must be hours such as"),
        ("mon 09:00-09:00", "has no length"),
        ("mon 24:00-09:00", "has no length"),
        ("mon 09:60-10:00", '"09:60" is no time of day'),
        ("mon 09:00-24:30", '"24:30" is no time of day'),
        ("", "must be days and hours"),
    ],
)
def test_what_cannot_be_read_is_told(written: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as caught:
        read_week([written])
    assert said in str(caught.value)


def test_a_range_has_its_first_and_its_last_day() -> None:
    assert read_days("2026-12-24") == [date(2026, 12, 24)]
    assert read_days("2026-12-30..2027-01-02") == [
        date(2026, 12, 30),
        date(2026, 12, 31),
        date(2027, 1, 1),
        date(2027, 1, 2),
    ]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("24.12.2026", "must be a day such as"),
        ("2026-12-31..2026-12-24", "ends before it begins"),
        ("2026-01-01..2027-01-02", "longer than a year"),
        ("2026-02-30", "must be a day such as"),
        ("2026-12-24..", "must be a day such as"),
    ],
)
def test_a_day_that_cannot_be_read_is_told(written: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as caught:
        read_days(written)
    assert said in str(caught.value)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (lambda t: read_week([t]), read_hours, read_days):
        with suppress(ValueError):  # nothing else is raised
            assert read(text)


@given(st.integers(0, 1439), st.integers(1, 1440))
def test_a_span_is_never_longer_than_a_day(start: int, length: int) -> None:
    end = (start + length) % 1440
    if end == start:
        return
    text = f"{start // 60:02d}:{start % 60:02d}-{end // 60:02d}:{end % 60:02d}"
    ((first, last),) = read_hours(text)
    assert timedelta(0) < timedelta(minutes=last - first) < timedelta(days=1)
    assert last - first == length % 1440
