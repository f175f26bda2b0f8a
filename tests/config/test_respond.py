"""`[respond.CHANNEL]`: calendars, teams, queries, and the promises of special cases."""

from datetime import timedelta
from pathlib import Path

import pytest

from listener.app import plugins
from listener.clock import VirtualClock
from listener.config import changed, loads
from listener.domain.mention import Channel
from listener.domain.promise import DEFAULT_PROMISES, Deserves, Promise
from tests.builders import NOW
from tests.config.plugins import mistakes, read

HOUR = timedelta(hours=1)
OFFICE = '[calendars.office]\nhours = "mon-fri 09:00-17:30"\n'
TEAMS = '[[teams]]\nname = "care"\n[[teams]]\nname = "leads"\n'
CASE = "[[respond.social.for]]\n"


def social(text: str) -> Promise:
    return read(text).promises[Channel.SOCIAL]


def test_who_sets_nothing_has_the_promises_there_always_were() -> None:
    assert read("").promises == DEFAULT_PROMISES
    promise = social("")
    assert (promise.within, promise.hours, promise.calendar) == (HOUR, "always", None)
    assert (promise.team, promise.others, promise.asks) == ("", (), False)


def test_a_promise_runs_by_the_calendar_it_names() -> None:
    config = read(f'{OFFICE}[respond.social]\nhours = "office"')
    assert config.promises[Channel.SOCIAL].calendar is config.calendars["office"]
    assert config.promises[Channel.REVIEW].calendar is None


def test_a_case_takes_over_what_it_does_not_name() -> None:
    promise = social(
        f"{OFFICE}{TEAMS}"
        '[respond.social]\nwithin = "2h"\nhours = "office"\nteam = "care"\nonly = "parcel"\n'
        f'{CASE}subject = "acme"\ntopic = ["billing", "price"]\nwithin = "30m"\n'
        f'{CASE}topic = "jokes"\nwhich = []\nhours = "always"'
    )
    first, second = promise.others
    assert first.subjects == {"acme"}
    assert first.topics == {"billing", "price"}
    assert first.promise.within == HOUR / 2
    assert first.promise.calendar is promise.calendar is not None
    assert (first.promise.team, first.promise.only) == ("care", "parcel")
    assert first.promise.name == "social, acme, billing, price"
    assert second.promise.which == ()
    assert second.promise.calendar is None
    assert promise.name == "social"


def test_cases_of_what_we_promise_ourselves_need_no_table() -> None:
    promise = social(f'{CASE}topic = "x"\nwhich = "complaint"')
    assert promise.which == DEFAULT_PROMISES[Channel.SOCIAL].which
    assert promise.others[0].promise.which == (Deserves.COMPLAINT,)
    assert promise.others[0].promise.within == HOUR


def test_what_is_still_in_time_is_not_too_late_in_a_case_either() -> None:
    (case,) = social(f'{CASE}topic = "x"\nwithin = "3d"').others
    assert case.promise.late_after == timedelta(days=3)


def test_queries_are_read_and_hold() -> None:
    promise = social('[respond.social]\nonly = "followers:>10"\nnever = "author:bot*"')
    assert promise.fields == {"followers", "author"}


S = "[respond.social]\n"
WRONG = [
    (f'{S}hours = "offis"', '[respond.social] hours "offis" is no calendar; '),
    (f'{OFFICE}{S}hours = "offices"', "is no calendar; did you mean office?"),
    (f'{S}team = "care"', '[respond.social] team "care" is no team; name it in [[teams]]'),
    (f'{TEAMS}{S}team = "caer"', '[respond.social] team "caer" is no team; did you mean care?'),
    (f'{TEAMS}{S}escalate_to = "leads"', "[respond.social] escalate_after is missing"),
    (f'{S}escalate_after = "1h"', "[respond.social] escalate_to is missing"),
    (f'{TEAMS}{S}escalate_to = "leads"\nescalate_after = "0s"', "escalate_after must be longer"),
    (
        f'{TEAMS}{S}team = "care"\nescalate_to = "care"\nescalate_after = "1h"',
        "[respond.social] escalate_to must be another team than team",
    ),
    (f'{S}only = "followers:many"', "[respond.social] only is no query: expected a number"),
    (f'{S}never = "(a"', "[respond.social] never is no query: "),
    (f'{S}only = "state:open"', "[respond.social] only cannot ask for state:"),
    (f'{S}never = "team:x OR state:open"', "never cannot ask for state: and team:"),
    (f'{CASE}within = "1h"', "[[respond.social.for]] 1 must name a subject, a topic, or both"),
    (f'{CASE}subject = "Akme"', '1 subject "Akme" is no subject; did you mean Acme?'),
    (f'{CASE}topic = "x"\nwithn = "1h"', "1 withn is unknown; did you mean within?"),
    (f'{CASE}topic = "x"\nwithin = "0s"', "[[respond.social.for]] 1 within must be longer"),
    (f'{CASE}topic = "x"\nhours = "offis"', '[[respond.social.for]] 1 hours "offis" is no'),
    (f"{S}for = 1", "[[respond.social.for]] must be tables, each headed"),
    (
        f'{OFFICE}{S}hours = "office"\nwithin = "1000d"',
        '[respond.social] within takes more than ten years at the hours of "office"',
    ),
    ('[[respond.news.for]]\ntopic = "x"', "[respond.news] within is missing"),
]


@pytest.mark.parametrize(("text", "mistake"), WRONG)
def test_each_mistake_names_its_key(text: str, mistake: str) -> None:
    found = mistakes(text)
    assert len(found) == 1, found
    assert mistake in found[0]


def test_a_mistake_in_a_calendar_is_told_once_and_not_again_by_its_promises() -> None:
    found = mistakes(
        f'[calendars.office]\nhours = "x"\n{S}hours = "office"\n{CASE}topic = "x"\nwithin = "2h"'
    )
    assert len(found) == 1


def test_a_mistake_of_a_promise_is_not_told_again_by_its_cases() -> None:
    text = f'{S}hours = "offis"\nteam = "x"\nonly = "(a"\n{CASE}topic = "x"\nwithin = "2h"'
    assert len(mistakes(text)) == 1  # what cannot be read comes first
    text = text.replace('only = "(a"\n', "")
    assert len(mistakes(text)) == 2


def test_slack_is_told_where_a_team_reads() -> None:
    text = (
        '[[subjects]]\nname = "Acme"\nquery = "acme"\n[notify.slack]\ntoken = "env:T"\n'
        'channel = "#cx"\n[[teams]]\nname = "care"\nslack = "#care"\n[[teams]]\nname = "leads"'
    )
    known = plugins(VirtualClock(NOW))
    config = loads(text, Path("/etc/config.toml"), known, environ={"T": "xoxb-1"})
    assert config.notifiers["slack"].teams == {"care": "#care"}


def test_what_changed_in_a_case_is_named() -> None:
    old = read(f'{CASE}topic = "x"\nwithin = "2h"\n{CASE}topic = "y"\nwithin = "2h"')
    new = read(f'{CASE}topic = "x"\nwithin = "3h"')
    assert changed(old, new) == [
        "[[respond.social.for]] x within",
        "[[respond.social.for]] y removed",
    ]
