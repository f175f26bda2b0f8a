"""Times as text sort as times, and come back as they were."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.domain.times import (
    BUCKET,
    bucket_start,
    bucket_text,
    from_text,
    from_text_or_none,
    in_words,
    to_json,
    to_text,
)
from tests.builders import DAY, HOUR, MINUTE, NOW, SECOND

ZONES = st.integers(-14 * 4, 14 * 4).map(lambda n: timezone(timedelta(minutes=15 * n)))
TIMES = st.datetimes(datetime(1971, 1, 1), datetime(2199, 1, 1), timezones=ZONES)


@given(first=TIMES, second=TIMES)
def test_text_sorts_as_time(first: datetime, second: datetime) -> None:
    whole = [t.replace(microsecond=t.microsecond // 1000 * 1000) for t in (first, second)]
    assert (to_text(first) < to_text(second)) == (whole[0] < whole[1])


@given(moment=TIMES)
def test_text_comes_back_to_the_millisecond_in_utc(moment: datetime) -> None:
    back = from_text(to_text(moment))
    assert timedelta(0) <= moment - back < timedelta(milliseconds=1)
    assert back.tzinfo is UTC
    assert to_text(back) == to_text(moment)
    assert abs(datetime.fromisoformat(to_json(moment)) - moment) < timedelta(seconds=1)


def test_json_shows_a_fraction_only_where_there_is_one() -> None:
    assert to_json(NOW) == "2026-11-22T12:00:00Z"
    assert to_json(NOW + timedelta(milliseconds=5)) == "2026-11-22T12:00:00.005Z"


def test_no_text_is_no_time() -> None:
    assert from_text_or_none(None) is None
    with pytest.raises(ValueError, match="isoformat"):
        from_text("yesterday")


@given(moment=TIMES)
def test_a_moment_falls_in_its_bucket(moment: datetime) -> None:
    start = bucket_start(moment)
    assert start <= moment < start + BUCKET
    assert bucket_start(start) == start
    assert bucket_text(to_text(moment)) == to_text(start)
    assert (start.minute % 5, start.second, start.microsecond) == (0, 0, 0)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(0), "0 s"),
        (59 * SECOND, "59 s"),
        (49 * MINUTE, "49 min"),
        (2 * HOUR + 5 * MINUTE, "2 h 5 min"),
        (6 * DAY + 4 * HOUR + 3 * MINUTE, "6 d 4 h"),
        (DAY, "1 d"),
        (-90 * MINUTE, "1 h 30 min"),
        (DAY + 5 * MINUTE, "1 d 5 min"),
    ],
)
def test_a_span_is_said_in_two_units_at_the_most(span: timedelta, words: str) -> None:
    assert in_words(span) == words
