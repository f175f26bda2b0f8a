"""Times and spans as people write them."""

from datetime import datetime

import pytest

from listener.domain.when import LONG_AGO, moment_of, read_moment, since_when
from listener.errors import UsageError
from tests.builders import DAY, HOUR, MINUTE, NOW


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("30m", NOW - 30 * MINUTE),
        ("90d", NOW - 90 * DAY),
        ("2026-11-22", NOW.replace(hour=0)),
        ("2026-11-22T13:00:00+01:00", NOW),
        ("2027-01-01T00:00:00Z", datetime.fromisoformat("2027-01-01T00:00:00Z")),
    ],
)
def test_a_moment_is_a_time_a_day_or_a_span_before_now(written: str, moment: datetime) -> None:
    assert moment_of(written, NOW) == moment


@pytest.mark.parametrize(
    "written",
    ["", "d", "90", "9999999d", "9999w9d", "５d", "40000d", "2026-02-30", "2026-11-22T10:00:00",
     "yesterday", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"],
)  # fmt: skip
def test_what_is_none_is_refused_in_words(written: str) -> None:
    with pytest.raises(UsageError):
        moment_of(written, NOW)


def test_what_was_said_since_then_cannot_be_still_to_come() -> None:
    assert since_when(None, NOW) == LONG_AGO
    with pytest.raises(UsageError, match="past time"):
        since_when("2026-11-23", NOW)


def test_a_time_of_another_zone_is_told_in_utc() -> None:
    moment = read_moment("2026-11-22T13:00:00+01:00")
    assert moment is not None
    assert (moment, moment.utcoffset()) == (NOW, HOUR * 0)
