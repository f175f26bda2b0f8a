"""A year of response clocks in ten time zones, each by a calendar of its own.

    python -m bench.acceptance.clocks_year [--a-week 6] [--seed 1]

52 weeks go through the real database and stages in virtual time, which jumps to what comes due
next; now and then everything in memory is lost, as after a crash. What is due, when people are
warned and what they are told is compared with a counter that knows each minute of the year and
shares no code with ours. Exit status 1 where a clock is off, or anything was told not just once.
"""

import argparse
import bisect
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, chain, pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench.acceptance.verdicts import Verdicts
from listener import inbox
from listener.domain.calendar import WorkingHours
from listener.domain.mention import Channel
from listener.domain.opening import read_days, read_week
from listener.domain.promise import Promise, Special
from listener.domain.response import elapsed
from listener.domain.times import from_text
from listener.stages.alert import promises
from tests.builders import a_mention, a_subject, an_answer
from tests.domain.counting import OnTheWall, Span
from tests.stages.world import World

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
BEGIN, END = datetime(2025, 12, 29, tzinfo=UTC), datetime(2026, 12, 28, tzinfo=UTC)  # 52 weeks
COUNTED = END + 60 * DAY  # what is due runs on
SEEN_AFTER, LATE = timedelta(seconds=30), timedelta(milliseconds=1)
ESCALATE_AFTER = timedelta(minutes=75)
NEAR_A_CHANGE = 0.2  # of what is said, in the two days before clocks are changed
RESTART_EVERY = 400  # looks

# Written by hand, as the law has them, and not taken from the library.
HU = ("2026-01-01 2026-01-02 2026-03-15 2026-04-03 2026-04-05 2026-04-06 2026-05-01 2026-05-24"
      " 2026-05-25 2026-08-20 2026-08-21 2026-10-23 2026-11-01 2026-12-24 2026-12-25 2026-12-26"
      " 2027-01-01")  # fmt: skip
US = ("2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-07-03 2026-07-04 2026-09-07"
      " 2026-10-12 2026-11-11 2026-11-26 2026-12-25 2027-01-01 2027-01-18 2027-02-15")  # fmt: skip


def hours(text: str) -> Span:
    start, end = (int(part[:2]) * 60 + int(part[3:]) for part in text.split("-"))
    return start, end


def week(days: str, *spans: str) -> list[list[Span]]:
    """`days`: a letter for each from Monday on, "-" where it is closed."""
    return [[hours(span) for span in spans] if day != "-" else [] for day in days]


def off(text: str) -> frozenset[date]:
    return frozenset(date.fromisoformat(day) for day in text.split())


@dataclass(frozen=True)
class Place:
    """A zone with its hours: as a list, and what the settings name beside it."""

    zone: str
    within: timedelta
    week: list[list[Span]]
    off: frozenset[date] = frozenset()
    holidays: str = ""
    closed: str = ""


PLACES = [
    Place("Europe/Budapest", 90 * MINUTE, week("mtwtf--", "09:00-17:30"), off(HU), "HU"),
    Place("America/New_York", 120 * MINUTE, week("mtwtf--", "08:30-12:00", "12:45-18:15"), off(US),
          "US"),
    Place("Australia/Lord_Howe", 60 * MINUTE, week("mtwtfss", "22:00-06:30")),
    Place("Asia/Kathmandu", 45 * MINUTE, week("mtwtf-s", "10:00-17:00")),
    Place("Pacific/Chatham", 600 * MINUTE, week("mtwtfs-", "07:15-15:45"),
          off("2026-12-24 2026-12-25 2026-12-26 2026-12-27 2026-12-28"),
          closed="2026-12-24..2026-12-28"),
    Place("America/St_Johns", 30 * MINUTE, week("mtwtf--", "00:30-03:00", "23:15-00:15")),
    Place("Africa/Casablanca", 75 * MINUTE, week("mtwt-s-", "01:00-04:30", "20:00-23:59")),
    Place("America/Santiago", 240 * MINUTE, week("mtwtfss", "21:30-05:30")),
    Place("Antarctica/Troll", 150 * MINUTE, week("---tfss", "00:15-03:45")),
    Place("Europe/London", 2400 * MINUTE, week("mtwtf--", "09:00-17:00")),
]  # fmt: skip


class EveryMinute:
    """The minutes of the year, each open or not; working time is counted, in seconds."""

    def __init__(self, place: Place) -> None:
        wall = OnTheWall(ZoneInfo(place.zone), place.week, place.off)
        count = (COUNTED - BEGIN) // MINUTE
        self.open = [wall.is_open(BEGIN + n * MINUTE) for n in range(count)]
        self.before = [0, *accumulate(60 * is_open for is_open in self.open)]

    def worked(self, moment: datetime) -> float:
        minute, rest = divmod(moment - BEGIN, MINUTE)
        return self.before[minute] + self.open[minute] * rest.total_seconds()

    def due(self, said_at: datetime, within: timedelta) -> datetime:
        target = self.worked(said_at) + within.total_seconds()
        minute = bisect.bisect_left(self.before, target) - 1
        return BEGIN + minute * MINUTE + timedelta(seconds=target - self.before[minute])


@dataclass(frozen=True, kw_only=True)
class Story:
    """One mention, and what becomes of it: when it is answered, or dismissed, if ever."""

    number: int
    place: int
    said_at: datetime
    answered_at: datetime | None
    dismissed_at: datetime | None
    automatic: bool

    @property
    def ended_at(self) -> datetime:
        return min(filter(None, (self.answered_at, self.dismissed_at)), default=COUNTED + DAY)


def stories(a_week: int, rng: random.Random) -> Iterator[Story]:
    number = 0
    for place, one in enumerate(PLACES):
        changes = clock_changes(ZoneInfo(one.zone))
        for week_number in range(52):
            for _ in range(a_week):
                number += 1
                said_at = BEGIN + week_number * 7 * DAY + rng.randrange(7 * 86_400) * SECOND
                if changes and rng.random() < NEAR_A_CHANGE:
                    said_at = rng.choice(changes) - rng.randrange(2 * 86_400) * SECOND
                kind = rng.random()
                scale = one.within.total_seconds() * rng.choice([0.4, 1, 3, 12])
                after = timedelta(seconds=61.5 + round(rng.expovariate(1 / scale)))
                yield Story(
                    number=number,
                    place=place,
                    said_at=said_at,
                    answered_at=said_at + after if kind < 0.75 else None,
                    dismissed_at=said_at + after if 0.75 <= kind < 0.85 else None,
                    automatic=rng.random() < 0.2,
                )


def clock_changes(zone: ZoneInfo) -> list[datetime]:
    """The hours of the year, but for its last weeks, after which clocks were changed."""
    hours = [BEGIN + n * 60 * MINUTE for n in range(24 * 3, 24 * 7 * 48)]
    return [
        hour
        for hour, after in pairwise(hours)
        if hour.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset()
    ]


def brand(place: int) -> str:
    return f"Brand{place}x"


def calendar(place: Place) -> WorkingHours:
    wall = OnTheWall(ZoneInfo(place.zone), place.week)
    return WorkingHours(
        zone=wall.zone,
        week=read_week(wall.written()),
        holidays=place.holidays,
        closed=frozenset(read_days(place.closed) if place.closed else []),
    )


def promised() -> Promise:
    """An hour around the clock, and for each brand a promise by its own calendar."""
    usual = Promise(within=60 * MINUTE, name="social")
    special = (
        Special(
            subjects=frozenset({brand(n).casefold()}),
            promise=replace(
                usual,
                name=f"social, {brand(n)}",
                within=place.within,
                hours=place.zone,
                calendar=calendar(place),
                late_after=60 * DAY,
                team=place.zone,
                escalate_to="leads",
                escalate_after=ESCALATE_AFTER,
            ),
        )
        for n, place in enumerate(PLACES)
    )
    return replace(usual, others=tuple(special))


@dataclass
class Year:
    """The simulated year: events of people in their order, and what comes due between them."""

    world: World
    looks: int = 0
    spent: Counter[str] = field(default_factory=Counter)

    def play(self, told: list[Story]) -> None:
        moments = [(story.said_at + SEEN_AFTER, 0, story) for story in told]
        moments += [(s.answered_at, 1, s) for s in told if s.answered_at]
        moments += [(s.dismissed_at, 2, s) for s in told if s.dismissed_at]
        for now, kind, story in sorted(moments, key=lambda one: (one[0], one[1], one[2].number)):
            self._until(now)
            self._act(now, kind, story)
            self._look(now)
        self._until(COUNTED)

    def _until(self, now: datetime) -> None:
        """Look at every moment that comes due before `now`."""
        while (due := promises.next_due(self.world.store)) is not None and due < now:
            self._look(due)

    def _look(self, now: datetime) -> None:
        self.looks += 1
        if self.looks % RESTART_EVERY == 0:
            self.world.restart()
        self.world.think(now)

    def _act(self, now: datetime, kind: int, story: Story) -> None:
        if kind == 0:
            text = f"{brand(story.place)} lost parcel number {story.number}"
            said = a_mention(story.number, text=text, said_at=story.said_at)
            self.world.hear(said, now=now)
        elif kind == 1:
            answer = an_answer(
                story.number,
                author=f"{brand(story.place).lower()}_help",
                said_at=now,
                automatic=story.automatic,
            )
            self.world.hear(now=now, answers=[answer])
        else:
            inbox.dismiss(self.world.store, f"x:{story.number}", "jo", now)


@dataclass
class Judged:
    """How the clocks of a year compare with the counter."""

    clocks: int = 0
    off: list[str] = field(default_factory=list)
    times_off: list[str] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, list[str]] = field(default_factory=dict)


def judged(world: World, told: list[Story], minutes: list[EveryMinute]) -> Judged:
    found = Judged()
    clocks, heard = world.clocks(), notices(world)
    for story in told:
        count, place = minutes[story.place], PLACES[story.place]
        due = count.due(story.said_at, place.within)
        warned = [count.due(story.said_at, place.within * share) for share in (0.5, 0.8)]
        escalated = count.due(story.said_at, place.within + ESCALATE_AFTER)
        clock = clocks.get(str(story.number))
        found.clocks += clock is not None
        name = f"{story.number} in {place.zone}, said {story.said_at}"
        if clock is None or moments(clock) != [due, *warned, escalated]:
            found.off.append(f"{name}: {clock and moments(clock)}, not {[due, *warned, escalated]}")
            continue
        if story.answered_at is not None:
            ours = elapsed(story.said_at, story.answered_at, calendars[story.place])
            theirs = count.worked(story.answered_at) - count.worked(story.said_at)
            if ours.total_seconds() != theirs:
                found.times_off.append(f"{name}: took {ours}, not {theirs} s")
        expected = should_hear(story, due, warned, escalated)
        for event in EVENTS:
            mine = heard.get((str(story.number), event), [])
            found.told[event] += len(mine)
            if mine != expected[event]:
                why = f"{name}: told at {mine}, not {expected[event]}"
                found.wrong.setdefault(event, []).append(why)
    return found


EVENTS = ("response.due_soon", "response.overdue", "response.escalated", "response.met")
calendars = [calendar(place) for place in PLACES]


def should_hear(
    story: Story, due: datetime, warned: list[datetime], escalated: datetime
) -> dict[str, list[datetime]]:
    """When each thing is told of a mention, if we look at every moment that comes due."""
    end = story.ended_at
    warnings = [moment for moment in warned if moment < end]
    answered = story.answered_at
    in_time = answered is not None and answered <= due
    return {
        "response.due_soon": warnings,
        "response.overdue": [due + LATE] if due + LATE < end else [],
        "response.escalated": [escalated + LATE] if escalated + LATE < end else [],
        "response.met": [answered] if in_time and warnings and answered else [],
    }


def moments(clock: dict[str, Any]) -> list[datetime]:
    warned = [from_text(text) for text in clock["warn_at"][2:-2].split('", "')]
    return [from_text(clock["due_at"]), *warned, from_text(clock["escalate_at"])]


def notices(world: World) -> dict[tuple[str, str], list[datetime]]:
    """When each mention was told of, by event."""
    found: dict[tuple[str, str], list[datetime]] = {}
    for row in world.rows(
        "SELECT m.source_id, n.event, n.made_at FROM notice AS n"
        " JOIN json_each(n.body, '$.mentions') AS e JOIN mention AS m ON m.id = e.value"
        " JOIN outbox AS o ON o.notice_id = n.id"
        " ORDER BY n.made_at"
    ):
        found.setdefault((row["source_id"], row["event"]), []).append(from_text(row["made_at"]))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--a-week", type=int, default=6, help="clocks of a zone in a week")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    began = time.monotonic()
    told = list(stories(given.a_week, random.Random(given.seed)))
    with tempfile.TemporaryDirectory() as folder:
        world = World(
            Path(folder),
            followed=tuple(
                a_subject(brand(n), accounts={"x": frozenset({f"{brand(n).lower()}_help"})})
                for n in range(len(PLACES))
            ),
            promises={Channel.SOCIAL: promised()},
            rules={},
            spam=frozenset(),
        )
        year = Year(world)
        year.play(told)
        played = time.monotonic() - began
        result = judged(world, told, [EveryMinute(place) for place in PLACES])
        world.store.close()
    return verdict(result, told, year, played, time.monotonic() - began)


def verdict(result: Judged, told: list[Story], year: Year, played: float, took: float) -> int:
    print(
        f"{len(told)} mentions in {len(PLACES)} zones and 52 weeks, {year.looks} looks,"
        f" {year.looks // RESTART_EVERY} restarts: {played:.0f} s, with the counting {took:.0f} s"
    )
    verdicts = Verdicts()
    verdicts.claim(result.clocks == len(told), f"{result.clocks} clocks of {len(told)} mentions")
    verdicts.claim(not result.off, f"{len(result.off)} clocks off by anything")
    verdicts.claim(not result.times_off, f"{len(result.times_off)} response times off")
    for event in EVENTS:
        count, wrong = result.told[event], result.wrong.get(event, [])
        verdicts.claim(
            not wrong and count > 0,
            f"{event}: {count} told, each once and at its moment; {len(wrong)} not",
        )
    for line in [*result.off, *result.times_off, *chain(*result.wrong.values())][:10]:
        print(f"      {line}")
    return verdicts.status()


if __name__ == "__main__":
    sys.exit(main())
