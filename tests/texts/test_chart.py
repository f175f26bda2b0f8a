"""Charts in text: nothing that is there looks like nothing, and long spans share columns."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from listener.texts.chart import WIDEST, Row, Step, days_chart, hours_chart

FIRST = date(2026, 11, 1)
START = datetime(2026, 11, 1, 8, tzinfo=UTC)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def test_days_are_drawn_with_what_happened_beneath() -> None:
    lines = days_chart(
        "Acme", {day(0): 1, day(2): 80}, FIRST, day(3), [Row("today", {day(2): "^"})]
    )
    assert lines == [
        "Acme, 2026-11-01 to 2026-11-04 (most: 80 a day)",
        "       ▁ █",
        "today  ··^·",
    ]


def test_a_year_fits_and_a_sign_is_not_lost_where_days_share_a_column() -> None:
    last = day(364)
    (title, bars, row) = days_chart("A", {last: 3}, FIRST, last, [Row("x", {last: "^"})])
    assert "4 days a column" in title
    assert len(row) - len("x  ") <= WIDEST
    assert row.endswith("^")
    assert bars.endswith("█")


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=60))
def test_a_day_is_drawn_as_nothing_only_if_there_was_nothing(counts: list[int]) -> None:
    given_days = {day(n): count for n, count in enumerate(counts)}
    bars = days_chart("", given_days, FIRST, day(len(counts) - 1), [])[1][2:]
    drawn = bars.ljust(len(counts))
    assert [c == " " for c in drawn] == [count == 0 for count in counts]


def test_hours_show_count_band_and_what_happened() -> None:
    hours = [
        Step(START, 0, 1.0, 5.0),
        Step(START + timedelta(hours=1), 10, 1.0, 5.0, "opened"),
        Step(START + timedelta(hours=2), None),
    ]
    assert hours_chart(hours, UTC) == [
        "11-01 08:00     0                      |",
        "11-01 09:00    10  ████████████████████┃███████████████████   opened",
        "11-01 10:00     ?",
    ]
