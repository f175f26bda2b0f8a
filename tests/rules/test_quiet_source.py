"""Sources that are away or silent: told once, together where they went together."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from listener.domain import arrivals
from listener.domain.incident import Event, Finding, Severity
from listener.domain.schedule import SourceState
from listener.errors import Trouble
from listener.rules.quiet_source.rule import QuietSourceRule
from listener.rules.quiet_source.scene import Episode, QuietScene, Source
from tests.builders import DAY, HOUR, MINUTE, NOW

QUIET, RECOVERED = Event.SOURCE_QUIET, Event.SOURCE_RECOVERED
EVERY = 2 * MINUTE


def well(name: str = "x", **changes: Any) -> Source:
    return replace(
        Source(name=name, channel="social", every=EVERY, state=SourceState(name=name)), **changes
    )


def away(
    name: str = "x", since: datetime = NOW, error: Trouble = Trouble.SERVER, **changes: Any
) -> Source:
    state = SourceState(
        name=name, covered_until=since, failures=3, error=f"reading {name}: 503", error_kind=error
    )
    return well(name, state=state, gap_since=since, **changes)


class Looking:
    """A rule and its memory, looked at as time passes."""

    def __init__(self, rule: QuietSourceRule | None = None) -> None:
        self.rule = rule or QuietSourceRule()
        self.memory: dict[str, Episode] = {}

    def at(self, after: timedelta, *sources: Source) -> list[tuple[Event, Finding]]:
        look = self.rule(QuietScene(now=NOW + after, sources=sources, memory=self.memory))
        self.memory = dict(look.memory)
        return list(look.news)

    def events(self, after: timedelta, *sources: Source) -> list[Event]:
        return [event for event, _ in self.at(after, *sources)]


def test_a_source_that_fails_is_told_once_after_a_quarter_of_an_hour() -> None:
    looking = Looking()
    told = {m: looking.events(m * MINUTE, away()) for m in range(3, 60)}
    assert [m for m, events in told.items() if events] == [15]
    assert told[15] == [QUIET]


def test_the_notice_says_for_how_long_why_and_what_to_do() -> None:
    looking = Looking()
    looking.at(9 * MINUTE, away(error=Trouble.CREDENTIALS))
    ((_, finding),) = looking.at(20 * MINUTE, away(error=Trouble.CREDENTIALS))
    assert finding.title == "x has not been read for 20 min"
    assert "reading x: 503 (3 tries)" in finding.why
    assert "[collectors.x]" in finding.action
    assert (finding.subject_id, finding.channel) == (None, "social")
    assert finding.severity is Severity.WATCH


def test_one_that_is_asked_rarely_is_waited_for_longer() -> None:
    looking = Looking()
    told = [h for h in range(1, 9) if looking.events(h * HOUR, away(every=2 * HOUR))]
    assert told == [6]


def test_when_it_is_read_again_that_is_told_with_how_long_it_was_away() -> None:
    looking = Looking()
    looking.at(9 * MINUTE, away())
    looking.at(15 * MINUTE, away())
    ((event, finding),) = looking.at(70 * MINUTE, well())
    assert event is RECOVERED
    assert finding.title == "x is read again after 1 h 10 min"
    assert finding.why == "What was said meanwhile has been read too."
    assert looking.events(71 * MINUTE, well()) == []


def test_what_is_still_caught_up_with_and_what_is_lost_is_told() -> None:
    for source, said in (
        (
            well(gap_since=NOW, state=SourceState(name="x", last_attempt=NOW + 69 * MINUTE)),
            "caught",
        ),
        (well(lost_since=NOW), "since 2026-11-22 12:00 UTC until now is missing for good"),
    ):
        looking = Looking()
        looking.at(9 * MINUTE, away())
        looking.at(15 * MINUTE, away())
        ((_, finding),) = looking.at(70 * MINUTE, source)
        assert said in finding.why


def test_a_short_failure_is_not_told_and_neither_is_its_end() -> None:
    looking = Looking()
    for minute in range(14):
        assert looking.events(minute * MINUTE, away()) == []
    assert looking.events(14 * MINUTE, well()) == []
    assert looking.memory == {}


def test_one_that_comes_and_goes_is_told_once_in_six_hours() -> None:
    looking = Looking()
    told = []
    for minute in range(15 * 60):
        since = NOW + (minute // 40 * 40) * MINUTE
        source = away(since=since) if minute % 40 < 30 else well()
        told += [(minute, e) for e in looking.events(minute * MINUTE, source)]
    quiet = [minute for minute, event in told if event is QUIET]
    assert [b - a >= 6 * 60 for a, b in pairwise(quiet)] == [True, True]
    assert len([e for _, e in told if e is RECOVERED]) == 3


def test_a_downtime_of_ours_gives_each_source_time_to_catch_up() -> None:
    looking = Looking()
    reading = SourceState(name="x", covered_until=NOW - 2 * DAY, last_attempt=NOW)
    assert looking.events(0 * MINUTE, away(since=NOW - 2 * DAY)) == []
    assert looking.events(MINUTE, well(state=reading, gap_since=NOW - 2 * DAY)) == []
    assert looking.events(10 * MINUTE, well(state=reading, gap_since=NOW - 2 * DAY)) == []


def test_one_that_hangs_is_told_although_it_never_failed() -> None:
    looking = Looking()
    hangs = SourceState(name="x", covered_until=NOW, last_attempt=NOW)
    told = [m for m in range(60) if looking.events(m * MINUTE, well(state=hangs, gap_since=NOW))]
    assert told == [20]


def test_five_that_go_at_once_are_one_notice_and_one_when_they_are_back() -> None:
    looking = Looking()
    names = ("a", "b", "c", "d", "e")
    gone = [away(n, error=Trouble.NETWORK, every=(i + 1) * EVERY) for i, n in enumerate(names)]
    told = [one for m in range(60) for one in looking.at(m * MINUTE, *gone)]
    ((event, finding),) = told
    assert event is QUIET
    assert finding.title.startswith("5 sources (a, b, c, d, e) have not been read for 15 min")
    assert "our own network" in finding.why
    assert finding.severity is Severity.HIGH
    back = [well(n) for n in names]
    assert looking.events(60 * MINUTE, *back[:3], *gone[3:]) == []
    ((event, finding),) = looking.at(61 * MINUTE, *back)
    assert event is RECOVERED
    assert finding.title == "5 sources (a, b, c, d, e) are read again after 1 h 1 min"


def test_those_that_are_back_do_not_wait_for_ever_for_the_last() -> None:
    looking = Looking()
    gone = [away(n, error=Trouble.NETWORK) for n in ("a", "b", "c")]
    for minute in range(16):
        looking.at(minute * MINUTE, *gone)
    told = [
        (m, one.title)
        for m in range(16, 120)
        for _, one in looking.at(m * MINUTE, well("a"), well("b"), gone[2])
    ]
    assert told == [(46, "a and b are read again after 16 min")]
    assert looking.events(3 * HOUR, well("a"), well("b"), well("c")) == [RECOVERED]


def test_one_more_without_our_network_is_no_news() -> None:
    looking = Looking()
    gone = [away(n, error=Trouble.NETWORK) for n in ("a", "b", "c")]
    for minute in range(16):
        looking.at(minute * MINUTE, *gone, well("d"))
    late = away("d", error=Trouble.NETWORK, since=NOW + 10 * MINUTE)
    refused = away("f", error=Trouble.CREDENTIALS, since=NOW + 10 * MINUTE)
    told = [one for m in range(16, 60) for one in looking.at(m * MINUTE, *gone, late, refused)]
    assert [finding.title for _, finding in told] == ["f has not been read for 15 min"]


def test_a_budget_that_is_spent_is_no_news_twice() -> None:
    looking = Looking()
    assert [m for m in range(90) if looking.events(m * MINUTE, away(stopped=True))] == []


def test_a_source_that_is_no_longer_configured_is_forgotten() -> None:
    looking = Looking()
    looking.at(9 * MINUTE, away())
    looking.at(15 * MINUTE, away())
    assert looking.events(20 * MINUTE) == []
    assert looking.memory == {}


def hours_of(weeks: int, until: datetime, each: int = 2) -> dict[int, int]:
    """By day two an hour, by night none; known for so many weeks."""
    end = arrivals.hour_of(until)
    return {h: each if 6 <= h % 24 < 22 else 0 for h in range(end - weeks * 168, end)}


def silent(since: datetime, now: datetime, weeks: int = 4, **changes: Any) -> Source:
    hours = hours_of(weeks, since + HOUR)
    hours |= dict.fromkeys(range(arrivals.hour_of(since) + 1, arrivals.hour_of(now) + 1), 0)
    return well(hours=hours, last=since, **changes)


def first_told(weeks: int, begins: datetime, rule: QuietSourceRule | None = None) -> int | None:
    """After how many hours of silence it is told."""
    looking = Looking(rule)
    for hour in range(72):
        now = begins + hour * HOUR
        if looking.at(now - NOW, silent(begins, now, weeks)):
            return hour
    return None


def test_a_source_that_answers_and_brings_nothing_is_told() -> None:
    looking, since = Looking(), NOW.replace(hour=7, minute=10)
    now = since + 9 * HOUR
    ((event, finding),) = looking.at(now - NOW, silent(since, now))
    assert event is QUIET
    assert finding.title == "x has brought nothing for 9 h"
    assert finding.why == "In this time it usually brings about 16 mentions."
    ((event, finding),) = looking.at(now + HOUR - NOW, well(last=now + HOUR))
    assert event is RECOVERED
    assert finding.title == "x brings mentions again after 10 h"


def test_a_silence_by_night_is_usual_and_one_by_day_is_not() -> None:
    by_day = first_told(4, NOW.replace(hour=7))
    by_night = first_told(4, NOW.replace(hour=21))
    assert by_day is not None
    assert by_night is not None
    assert by_day < 8 < by_night


def test_in_the_first_two_weeks_no_silence_is_told() -> None:
    assert first_told(1, NOW) is None


def test_silence_can_be_left_untold() -> None:
    assert first_told(4, NOW, QuietSourceRule(silence=False)) is None


def test_hours_in_which_it_was_not_read_are_no_silence() -> None:
    since = NOW.replace(hour=7)
    now = since + 30 * HOUR
    source = well(hours=hours_of(4, since + HOUR), last=since)
    assert Looking().at(now - NOW, source) == []


def test_an_answered_canary_is_told_with_the_silence() -> None:
    since = NOW.replace(hour=7)
    now = since + 9 * HOUR
    proved = SourceState(name="x", last_sign=now - HOUR)
    ((_, finding),) = Looking().at(now - NOW, silent(since, now, state=proved))
    assert "it can be read" in finding.why


@pytest.mark.parametrize("each", [1, 2, 30])
def test_usual_hours_are_counted_as_they_were(each: int) -> None:
    usual = arrivals.usual(hours_of(8, NOW, each))
    assert usual is not None
    assert usual.expected(range(168)) == pytest.approx(each * 16 * 7, rel=0.05)


def test_weeks_begin_on_monday() -> None:
    assert NOW.weekday() == 6
    assert arrivals.hour_of(NOW) % 168 == 6 * 24 + 12
