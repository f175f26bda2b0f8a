"""[[events]]: days, times, ranges and .ics files; every mistake names its key."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from listener.config import Config, changed
from listener.config.events import known_events
from listener.domain.events import EventKind
from tests.config.plugins import mistakes, read

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ZONE = '[listener]\ntimezone = "Europe/Budapest"\n'
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
{}
END:VCALENDAR
"""


def spans(config: Config) -> list[tuple[str, str, str]]:
    return [
        (e.name, f"{e.since:%Y-%m-%dT%H:%M}", f"{e.until:%Y-%m-%dT%H:%M}")
        for e in known_events(config.events, NOW)
    ]


def event(*lines: str) -> str:
    body = "\r\n".join(lines)
    return (
        f"BEGIN:VEVENT\r\nUID:{hash(body)}@test\r\nDTSTAMP:20260101T000000Z\r\n{body}\r\nEND:VEVENT"
    )


def calendar(folder: Path, *events: str) -> str:
    """The config of events in a file that holds these."""
    path = folder / "events.ics"
    path.write_text(CALENDAR.format("\n".join(events)), encoding="utf-8")
    return f'{ZONE}[[events]]\nfile = "{path}"\n'


def test_days_are_whole_days_of_the_listeners_zone() -> None:
    config = read(ZONE + '[[events]]\nname = "Black Friday 2026"\ndates = "2026-11-27"\n')
    assert spans(config) == [("Black Friday 2026", "2026-11-26T23:00", "2026-11-27T23:00")]


def test_from_and_to_may_be_days_or_times_and_toml_dates_or_texts() -> None:
    config = read(
        ZONE
        + '[[events]]\nname = "A"\nfrom = 2026-12-01\nto = 2026-12-03\n'
        + '[[events]]\nname = "B"\nfrom = "2026-12-05T09:00"\nto = 2026-12-05T17:30:00Z\n'
        + '[[events]]\nname = "C"\nfrom = 2026-12-07T10:00:00\n'
    )
    assert spans(config) == [
        ("A", "2026-11-30T23:00", "2026-12-03T23:00"),
        ("B", "2026-12-05T08:00", "2026-12-05T17:30"),
        ("C", "2026-12-07T09:00", "2026-12-08T09:00"),  # a moment without an end lasts a day
    ]


def test_dates_are_a_list_of_days_and_ranges() -> None:
    config = read(
        ZONE
        + '[[events]]\nname = "Sale"\nkind = "sale"\nfactor = 3\nsubjects = ["acme"]\n'
        + 'dates = ["2026-12-20..2026-12-26", 2026-11-27, "2026-11-28T08:00..2026-11-28T12:00"]\n'
    )
    assert spans(config) == [
        ("Sale", "2026-11-26T23:00", "2026-11-27T23:00"),
        ("Sale", "2026-11-28T07:00", "2026-11-28T11:00"),
        ("Sale", "2026-12-19T23:00", "2026-12-26T23:00"),
    ]
    first = known_events(config.events, NOW)[0]
    assert (first.factor, first.learn, first.kind) == (3.0, False, EventKind.SALE)
    assert first.subjects == ("Acme",)


def test_a_factor_that_is_learned_is_the_usual_one_until_history_knows() -> None:
    config = read('[[events]]\nname = "Sale"\ndates = "2026-11-27"\nfactor = "learn"\n')
    (one,) = known_events(config.events, NOW)
    assert one.learn
    assert one.factor == 1.5


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('name = "A"', "[[events]] A says no time: give it from and to, or dates, or a file"),
        ('dates = "2026-11-27"', "[[events]] 1 name is missing"),
        (
            'name = "A"\nfrom = 2026-11-27\ndates = "2026-11-28"',
            "[[events]] A says its time twice: give it from and to, or dates, or a file",
        ),
        ('name = "A"\nto = 2026-11-27', "[[events]] A from is missing: it has a to"),
        (
            'name = "A"\nfrom = 2026-11-27\nto = 2026-11-26',
            "[[events]] A from ends before it begins: 2026-11-27 to 2026-11-26",
        ),
        (
            'name = "A"\ndates = ["2026-11-27", "Friday"]',
            '[[events]] A dates[2] must be a day such as "2026-11-27", a time such as'
            ' "2026-11-27T09:00", or "FROM..TO"; found "Friday"',
        ),
        (
            'name = "A"\ndates = "2026-11-27"\nfactor = 0.5',
            "[[events]] A factor must be how many times the usual is expected, between 1 and 100,"
            ' or "learn"; found 0.5',
        ),
        (
            'name = "A"\ndates = "2026-11-27"\nsubjects = ["Acne"]',
            '[[events]] A subjects: "Acne" is not followed; did you mean Acme?',
        ),
        ('name = "A"\ndates = "2026-11-27"\nkind = "sael"', "[[events]] A kind"),
        ('name = "A"\ndate = "2026-11-27"', "[[events]] A date is unknown; did you mean dates?"),
        ('name = "A"\nsince = "2026-11-27"', "[[events]] A since is unknown"),
    ],
)
def test_a_mistake_names_its_key(lines: str, said: str) -> None:
    assert any(said in one for one in mistakes(f"[[events]]\n{lines}\n"))


def test_a_single_bracket_is_explained() -> None:
    assert "double brackets" in mistakes('[events]\nname = "A"\n')[0]


def test_a_file_gives_whole_days_times_and_zones(tmp_path: Path) -> None:
    text = calendar(
        tmp_path,
        event("SUMMARY:Launch", "DTSTART;VALUE=DATE:20261201", "DTEND;VALUE=DATE:20261203"),
        event("SUMMARY:Show", "DTSTART;TZID=America/New_York:20261205T090000", "DURATION:PT2H"),
        event("SUMMARY:Floating", "DTSTART:20261207T090000", "DTEND:20261207T100000"),
        event("SUMMARY:One day", "DTSTART;VALUE=DATE:20261209"),
        event("SUMMARY:Off", "STATUS:CANCELLED", "DTSTART;VALUE=DATE:20261210"),
    )
    assert spans(read(text)) == [
        ("Launch", "2026-11-30T23:00", "2026-12-02T23:00"),
        ("Show", "2026-12-05T14:00", "2026-12-05T16:00"),
        ("Floating", "2026-12-07T08:00", "2026-12-07T09:00"),
        ("One day", "2026-12-08T23:00", "2026-12-09T23:00"),
    ]


def test_a_repeated_event_happens_each_year_but_where_it_is_left_out(tmp_path: Path) -> None:
    text = calendar(
        tmp_path,
        event(
            "SUMMARY:Black Friday",
            "DTSTART;VALUE=DATE:20201127",
            "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4FR",
            "EXDATE;VALUE=DATE:20251128",
        ),
    )
    years = [since[:10] for _, since, _ in spans(read(text))]
    assert years == [
        "2023-11-23", "2024-11-21", "2026-11-26", "2027-11-25", "2028-11-23", "2029-11-22",
    ]  # fmt: skip


def test_a_repeated_time_is_the_same_on_the_wall_in_summer_and_in_winter(tmp_path: Path) -> None:
    text = calendar(
        tmp_path,
        event("SUMMARY:Sale", "DTSTART;TZID=Europe/Budapest:20261024T090000",
              "DTEND;TZID=Europe/Budapest:20261024T100000", "RRULE:FREQ=DAILY;COUNT=2"),
    )  # fmt: skip
    assert [since for _, since, _ in spans(read(text))] == ["2026-10-24T07:00", "2026-10-25T08:00"]


def test_a_name_given_with_a_file_is_that_of_all_its_events(tmp_path: Path) -> None:
    text = calendar(tmp_path, event("SUMMARY:X", "DTSTART;VALUE=DATE:20261201")) + 'name = "Fair"'
    assert [name for name, _, _ in spans(read(text))] == ["Fair"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it holds no event"),
        (b"hello", "it is no iCalendar file"),
        (b"\xff\xfe\x00", "it is not UTF-8 text"),
        (CALENDAR.format("").encode(), "it holds no event"),
        (CALENDAR.format(event("SUMMARY:Sale")).encode(), "the event 'Sale' has no sound time"),
        (
            CALENDAR.format(event("SUMMARY:Sale", "DTSTART:tomorrow")).encode(),
            "the event 'Sale' has a broken DTSTART",
        ),
        (
            CALENDAR.format(
                event("SUMMARY:Sale", "DTSTART:20261201T000000Z", "RRULE:FREQ=SECONDLY")
            ).encode(),
            "the event 'Sale' is repeated more often than daily",
        ),
    ],
)
def test_a_broken_file_is_a_mistake(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "events.ics"
    path.write_bytes(content)
    (mistake,) = mistakes(f'[[events]]\nfile = "{path}"\n')
    assert '[[events]] 1 file "events.ics" cannot be read: ' in mistake
    assert said in mistake


def test_a_missing_file_is_a_mistake() -> None:
    (mistake,) = mistakes('[[events]]\nfile = "nowhere.ics"\n')
    assert mistake.endswith("cannot be read: there is no such file")


def test_a_reload_tells_which_events_have_changed(tmp_path: Path) -> None:
    one = '[[events]]\nname = "Sale"\ndates = "2026-11-27"\n'
    two = one + '[[events]]\nname = "Fair"\ndates = "2026-12-01"\n'
    assert changed(read(one), read(two)) == ["[[events]] Fair added"]
    assert changed(read(two), read(one)) == ["[[events]] Fair removed"]
    assert changed(read(one), read(one + "factor = 3\n")) == ["[[events]] Sale factor"]
    text = calendar(tmp_path, event("SUMMARY:X", "DTSTART;VALUE=DATE:20261201"))
    before = read(text)
    assert changed(before, read(text)) == []
    calendar(tmp_path, event("SUMMARY:X", "DTSTART;VALUE=DATE:20261202"))
    (said,) = changed(before, read(text))
    assert said.endswith("file")


def test_repeated_events_reach_three_years_either_way(tmp_path: Path) -> None:
    text = calendar(
        tmp_path, event("SUMMARY:D", "DTSTART;VALUE=DATE:20200101", "RRULE:FREQ=WEEKLY")
    )
    found = known_events(read(text).events, NOW)
    assert found[0].until > NOW - timedelta(days=3 * 366 + 8)
    assert 310 < len(found) < 320
