"""`[notify]`: how often people are interrupted, when they are not, and shadow."""

from datetime import timedelta

import pytest

from listener.config.changes import changed
from listener.domain.manners import Breaks, Manners
from listener.domain.quiet import read_quiet
from tests.config.plugins import mistakes, read

CONSOLE = "\n[notify.console]"


def manners(text: str) -> Manners:
    return read(f"[notify]\n{text}{CONSOLE}").manners


def test_without_a_key_people_are_called_twelve_times_a_day_at_any_hour() -> None:
    usual = read("").manners
    assert usual.interrupts_a_day == 12
    assert usual.quiet_hours.windows == ()
    assert usual.quiet_but == (Breaks.CRITICAL,)
    assert usual.shadow == timedelta(0)


def test_how_long_news_waits_is_set() -> None:
    assert manners("").group_wait == timedelta(seconds=30)
    found = manners('group_wait = "0s"\ngroup_interval = "1m"\nrepeat_every = "1d"')
    assert (found.group_wait, found.group_interval) == (timedelta(0), timedelta(minutes=1))
    assert found.repeat_every == timedelta(days=1)


def test_quiet_hours_are_one_span_or_several() -> None:
    assert manners('quiet_hours = "22:00-07:00"').quiet_hours == read_quiet(["22:00-07:00"])
    several = ["mon-fri 22:00-07:00", "sat-sun 00:00-24:00"]
    found = manners(f"quiet_hours = {several}")
    assert found.quiet_hours == read_quiet(several)


def test_it_is_quiet_in_the_listeners_zone() -> None:
    text = '[listener]\ntimezone = "Europe/Budapest"\n[notify]\nquiet_hours = "22:00-07:00"'
    assert str(read(text).manners.zone) == "Europe/Budapest"


def test_what_breaks_the_quiet_is_one_word_or_several() -> None:
    assert manners('quiet_but = "high"').quiet_but == (Breaks.HIGH,)
    assert manners('quiet_but = ["critical", "response"]').quiet_but == (
        Breaks.CRITICAL,
        Breaks.RESPONSE,
    )


def test_shadow_tells_one_of_the_ways_out() -> None:
    found = manners('shadow = "7d"\nshadow_to = "console"')
    assert (found.shadow, found.shadow_to) == (timedelta(days=7), "console")
    (mistake,) = mistakes(f'[notify]\nshadow_to = "consle"{CONSOLE}')
    assert mistake.endswith(
        '[notify] shadow_to "consle" is none of the ways out; did you mean console?'
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('quiet_hours = "22-07"', "[notify] quiet_hours must hold hours of the day: '22-07' is"),
        ("quiet_hours = 5", "[notify] quiet_hours must be a list; found 5"),
        ('quiet_but = "grave"', '[notify] quiet_but[1] "grave" is unknown'),
        ('repeat_every = "1s"', "[notify] repeat_every is too short"),
        ("interrupts_a_day = -1", "[notify] interrupts_a_day must be between 0 and 1000"),
        ('quiet_hour = "22:00-07:00"', "[notify] quiet_hour is unknown; did you mean quiet_hours?"),
        ("interrupts = 5", "[notify] interrupts is unknown; did you mean interrupts_a_day?"),
    ],
)
def test_a_mistake_names_its_key(text: str, why: str) -> None:
    (mistake,) = mistakes(f"[notify]\n{text}{CONSOLE}")
    assert mistake.startswith(f"config.toml: {why}")


def test_a_reload_names_the_keys_that_changed() -> None:
    old = read('[notify]\nquiet_hours = "22:00-07:00"')
    new = read('[notify]\nquiet_hours = "23:00-07:00"\ninterrupts_a_day = 3')
    assert changed(old, new) == ["[notify] interrupts_a_day", "[notify] quiet_hours"]


def test_what_people_can_be_reached_by_is_masked_unless_said_otherwise() -> None:
    assert read("").manners.mask is True
    assert manners("mask = false").mask is False
