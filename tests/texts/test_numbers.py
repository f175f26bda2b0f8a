from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.texts import numbers
from listener.texts.words import LANGUAGES

BUDAPEST = ZoneInfo("Europe/Budapest")


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "1,234.5"), ("hu", "1 234,5"), ("zh-Hans", "1,234.5"), ("xx", "1,234.5")],
)
def test_numbers_are_written_as_the_language_does(language: str, written: str) -> None:
    assert plain(numbers.number(1234.5, language, decimals=1)) == written


@pytest.mark.parametrize(
    ("share", "written"),
    [
        (0.31, "31 %"),
        (0, "0 %"),
        (1, "100 %"),
        (0.004, "0.4 %"),
        (0.998, "99.8 %"),
        (1.25, "125 %"),
    ],
)
def test_a_little_is_not_nothing_and_nearly_all_is_not_all(share: float, written: str) -> None:
    assert plain(numbers.percent(share, "en")) == written


@given(st.integers(-(10**9), 10**9), st.sampled_from(LANGUAGES))
def test_a_number_keeps_its_digits(value: int, language: str) -> None:
    written = numbers.number(value, language)
    assert "".join(c for c in written if c.isdigit()) == str(abs(value))
    assert written.startswith("\u2212") is (value < 0)


@pytest.mark.parametrize(("value", "written"), [(4.0, "4"), (3.25, "3,25"), (1234.5, "1 234,5")])
def test_a_figure_has_the_decimals_it_needs(value: float, written: str) -> None:
    assert plain(numbers.exact(value, "hu")) == written


@pytest.mark.parametrize(
    ("value", "language", "written"),
    [
        (0, "en", "0"),
        (999, "en", "999"),
        (1_000, "en", "1.0k"),
        (9_949, "en", "9.9k"),
        (9_950, "en", "10k"),
        (999_499, "en", "999k"),
        (999_600, "en", "1.0M"),
        (1_234_000, "en", "1.2M"),
        (1_234, "hu", "1,2e"),
        (1_234, "zh-Hans", "1234"),
        (9_995, "zh-Hans", "9995"),
        (12_345, "zh-Hans", "1.2万"),
        (99_996_000, "zh-Hans", "1.0亿"),
        (123_456, "zh-Hant", "12萬"),
    ],
)
def test_a_number_over_a_narrow_column_is_short(value: int, language: str, written: str) -> None:
    assert numbers.column(value, language) == written


def test_a_minus_is_for_what_is_less() -> None:
    assert numbers.number(9, "en") == "9"
    assert numbers.number(-9, "en") == "\u22129"
    assert numbers.number(0, "en") == "0"
    assert numbers.number(-0.04, "en", decimals=1) == "0.0"


@pytest.mark.parametrize(
    ("span", "written"),
    [
        (timedelta(seconds=59), "59 s"),
        (timedelta(minutes=49), "49 min"),
        (timedelta(hours=2, minutes=5), "2 h 5 min"),
        (timedelta(days=6, hours=4, minutes=9), "6 d 4 h"),
        (timedelta(days=2, minutes=9), "2 d"),
    ],
)
def test_spans_have_two_units_at_the_most(span: timedelta, written: str) -> None:
    assert plain(numbers.duration(span, "en")) == written


def test_spans_in_other_languages() -> None:
    span = timedelta(hours=2, minutes=5)
    assert plain(numbers.duration(span, "hu")) == "2 óra 5 perc"
    assert plain(numbers.duration(span, "zh-Hant")) == "2 小時 5 分鐘"


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "16 – 22 Nov 2026"),
        ("hu", "2026. nov. 16. – nov. 22."),
        ("zh-Hans", "2026年11月16日 – 11月22日"),
    ],
)
def test_days_of_a_period(language: str, written: str) -> None:
    assert plain(numbers.days(date(2026, 11, 16), date(2026, 11, 22), language)) == written


def test_days_over_a_new_year_say_both_years() -> None:
    first, last = date(2026, 12, 28), date(2027, 1, 3)
    assert plain(numbers.days(first, last, "en")) == "28 Dec 2026 – 3 Jan 2027"
    assert plain(numbers.days(first, last, "hu")) == "2026. dec. 28. – 2027. jan. 3."


def test_moments_are_on_the_clock_of_the_zone() -> None:
    at = datetime(2026, 11, 17, 1, 0, tzinfo=UTC)
    assert plain(numbers.moment(at, BUDAPEST, "en")) == "Tue 17 Nov 02:00"
    assert plain(numbers.moment(at, BUDAPEST, "zh-Hans")) == "11月17日 周二 02:00"
    later = at + timedelta(hours=7)
    assert plain(numbers.between(at, later, BUDAPEST, "en")) == "Tue 17 Nov 02:00 – 09:00"
