"""`[calendars.NAME]` and `[[teams]]`, and what is wrong with them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from listener.config import changed
from listener.config.tables import Team
from listener.domain.calendar import WorkingHours
from listener.domain.response import elapsed
from tests.config.plugins import mistakes, read

OFFICE = '[calendars.office]\nhours = "mon-fri 09:00-17:30"\n'
BUDAPEST = ZoneInfo("Europe/Budapest")


def calendar(text: str) -> WorkingHours:
    return read(f"[calendars.office]\n{text}").calendars["office"]


def test_a_calendar_is_in_the_zone_of_the_listener_or_in_its_own() -> None:
    text = f'[listener]\ntimezone = "Europe/Budapest"\n{OFFICE}'
    assert read(text).calendars["office"].zone == BUDAPEST
    assert read(text + 'timezone = "Asia/Tokyo"').calendars["office"].zone.key == "Asia/Tokyo"


def test_hours_are_one_line_or_several() -> None:
    one = calendar('hours = "mon-fri 09:00-12:00 13:00-17:30"')
    other = calendar('hours = ["mon-fri 09:00-12:00", "mon-fri 13:00-17:30"]')
    assert one == other
    assert one.in_a_week() == timedelta(hours=37.5)


def test_days_off_and_special_days_are_read_with_and_without_quotes() -> None:
    made = calendar(
        'hours = "mon-fri 09:00-17:30"\nholidays = "hu"\n'
        'closed = [2026-12-23, "2026-12-27..2026-12-31"]\n'
        'open = { 2026-12-12 = "10:00-14:00", "2026-12-19" = ["10:00-11:00", "12:00-13:00"] }'
    )
    assert made.holidays == "HU"
    assert made.closed == {date(2026, 12, 23)} | {date(2026, 12, d) for d in range(27, 32)}
    assert made.open == {
        date(2026, 12, 12): ((600, 840),),
        date(2026, 12, 19): ((600, 660), (720, 780)),
    }
    assert calendar('hours = "mon 09:00-10:00"\nclosed = "2026-12-24"').closed == {
        date(2026, 12, 24)
    }
    start = datetime(2026, 12, 7, tzinfo=ZoneInfo("UTC"))
    assert elapsed(start, start + timedelta(days=28), made) == timedelta(hours=12 * 8.5 + 4 + 2)


@pytest.mark.parametrize(
    ("written", "place"),
    [("DE-BY", "DE-BY"), ("de_by", "DE-BY"), ("DE-Augsburg", "DE-Augsburg"), ("UK", "UK")],
)
def test_a_country_and_its_parts_are_known(written: str, place: str) -> None:
    assert calendar(f'hours = "mon 09:00-10:00"\nholidays = "{written}"').holidays == place


WRONG = [
    ("[calendars.always]", '[calendars.always] must have another name: "always" is day and night'),
    ("[calendars.a]", "[calendars.a] hours is missing"),
    ("[calendars.a]\nhours = []", "[calendars.a] hours are missing: it would never open"),
    ('[calendars.a]\nhours = "mon-fry 09:00-17:00"', "[calendars.a] hours: 'fry' is no day of"),
    ('[calendars.a]\nhours = "9-17"', "[calendars.a] hours: '9-17' must be days and hours such"),
    ('[calendars.a]\nhour = "mon 09:00-10:00"', "[calendars.a] hour is unknown; did you mean"),
    (f'{OFFICE}timezone = "Budapest"', 'timezone "Budapest" is no time zone; did you mean Europe'),
    (f'{OFFICE}holidays = "XX"', '[calendars.office] holidays "XX" is no country whose holidays'),
    (f'{OFFICE}holidays = "Hungary"', "holidays are known; did you mean HU?"),
    (f'{OFFICE}holidays = "Hungery"', "holidays are known; did you mean HU?"),
    (f'{OFFICE}holidays = "DE-XQ"', 'holidays "DE-XQ" is unknown: DE has no part XQ; '),
    (f"{OFFICE}closed = 3", "[calendars.office] closed must be days such as"),
    (f'{OFFICE}closed = "tomorrow"', "[calendars.office] closed: 'tomorrow' must be a day such"),
    (f'{OFFICE}closed = "2026-01-01..2027-06-01"', "is longer than a year"),
    (f'{OFFICE}open = "10:00"', "[calendars.office] open must be a table such as"),
    (f"{OFFICE}open = {{ 2026-12-12 = 10 }}", "open 2026-12-12 must be hours such as"),
    (f'{OFFICE}open = {{ 2026-12-12 = "10-14" }}', "open 2026-12-12: '10-14' must be hours"),
    (f'{OFFICE}open = {{ friday = "10:00-14:00" }}', "open: 'friday' must be a day such as"),
    ("[calendars]\noffice = 1", "[calendars] office must be a table"),
    ("[[teams]]", "[[teams]] 1 name is missing"),
    ('[teams]\nname = "a"', "[[teams]] must be tables, each headed [[teams]]"),
    ('[[teams]]\nname = " "', "name must be one line"),
    ('[[teams]]\nname = "a"\n[[teams]]\nname = "A"', "[[teams]] A name is that of another team"),
    ('[[teams]]\nname = "a"\nslak = "#a"', "[[teams]] a slak is unknown; did you mean slack?"),
    ('[[teams]]\nname = "a"\nemail = "nobody"', '[[teams]] a email must hold addresses such as "'),
]


@pytest.mark.parametrize(("text", "mistake"), WRONG)
def test_each_mistake_names_its_key(text: str, mistake: str) -> None:
    found = mistakes(text)
    assert len(found) == 1, found
    assert mistake in found[0]


def test_every_mistake_of_a_calendar_is_told() -> None:
    found = mistakes(
        '[calendars.a]\nhours = ["mon 9-10", "mon 09:00-10:00"]\nholidays = "XX"\nclosed = [1, "x"]'
    )
    assert len(found) == 4


def test_teams_have_names_and_channels() -> None:
    config = read('[[teams]]\nname = "care"\nslack = "#care"\n[[teams]]\nname = "leads"')
    assert config.teams == (Team(name="care", slack="#care"), Team(name="leads"))


def test_each_way_out_is_told_where_the_teams_read_there() -> None:
    team = '[[teams]]\nname = "care"\nslack = "#care"\nemail = "care@example.com"\n'
    slack = '[notify.slack]\ntoken = "env:SLACK_BOT_TOKEN"\nchannel = "#cx"\n'
    config = read(f'{team}{slack}[notify.email]\nsender = "listener@example.com"')
    assert config.notifiers["slack"].teams == {"care": "#care"}
    assert config.notifiers["email"].teams == {"care": ("care@example.com",)}


def test_a_digest_that_can_be_sent_nowhere_is_said() -> None:
    team = '[[teams]]\nname = "care"\nemail = "care@example.com"\ndigest = true\n'
    (note,) = read(team).notes
    assert "[[teams]] care digest is sent nowhere" in note
    assert read(f'{team}[notify.email]\nsender = "listener@example.com"').notes == ()


def test_what_changed_is_named() -> None:
    old = read(f'{OFFICE}[[teams]]\nname = "care"')
    new = read(
        '[calendars.office]\nhours = "mon-fri 09:00-18:00"\n[calendars.night]\n'
        'hours = "mon 22:00-06:00"\n[[teams]]\nname = "care"\nslack = "#care"'
    )
    assert changed(old, new) == [
        "[calendars.night] added",
        "[calendars.office] week",
        "[[teams]] care slack",
    ]
    assert changed(old, old) == []
