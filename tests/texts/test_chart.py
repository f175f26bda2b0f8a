"""Charts in text: hours with what is usual, and what happened."""

from datetime import UTC, datetime, timedelta

from listener.texts.chart import Hour, hours_chart

START = datetime(2026, 11, 1, 8, tzinfo=UTC)


def test_hours_show_count_band_and_what_happened() -> None:
    hours = [
        Hour(START, 0, 1.0, 5.0),
        Hour(START + timedelta(hours=1), 10, 1.0, 5.0, "opened"),
        Hour(START + timedelta(hours=2), None),
    ]
    assert hours_chart(hours, UTC) == [
        "11-01 08:00     0                      |",
        "11-01 09:00    10  ████████████████████┃███████████████████   opened",
        "11-01 10:00     ?",
    ]
