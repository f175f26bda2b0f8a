"""What a month may cost, and what it will have cost."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.domain.budget import Budget, forecast, month_of, next_month
from listener.errors import Trouble
from tests.builders import DAY, NOW


def test_a_page_that_fits_is_paid_for() -> None:
    assert Budget(limit_usd=50, spent_usd=49.5).why_not("x", 0.5, NOW) is None
    assert Budget(limit_usd=None, spent_usd=1e6).why_not("x", 0.5, NOW) is None


def test_a_page_that_could_cost_too_much_waits_for_the_next_month() -> None:
    refused = Budget(limit_usd=50, spent_usd=49.8).why_not("x", 0.5, NOW)
    assert refused is not None
    assert refused.kind is Trouble.QUOTA
    assert refused.retry_after == datetime(2026, 12, 1, tzinfo=UTC) - NOW
    assert "$49.80 of this month's $50.00" in str(refused)
    assert "2026-12-01" in str(refused)


def test_sums_of_cents_fit() -> None:
    assert Budget(limit_usd=0.3, spent_usd=0.1 + 0.1).why_not("x", 0.1, NOW) is None


def test_a_budget_of_nothing_pays_for_nothing() -> None:
    assert Budget(limit_usd=0, spent_usd=0).why_not("x", 0.01, NOW) is not None


def test_months_are_those_of_utc() -> None:
    tokyo = timezone(timedelta(hours=9))
    assert month_of(datetime(2026, 12, 1, 8, tzinfo=tokyo)) == "2026-11"


@given(st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)))
def test_the_next_month_begins_on_its_first_day(now: datetime) -> None:
    first = next_month(now)
    assert timedelta(0) < first - now <= 31 * DAY
    assert (first.day, first.hour, first.second) == (1, 0, 0)
    assert month_of(first) > month_of(now)
    assert month_of(first - timedelta(microseconds=1)) == month_of(now)


def test_half_a_month_costs_half() -> None:
    half = datetime(2026, 11, 16, tzinfo=UTC)
    assert forecast(10, half) == pytest.approx(20)
    assert forecast(10, datetime(2026, 11, 1, 3, tzinfo=UTC)) is None
