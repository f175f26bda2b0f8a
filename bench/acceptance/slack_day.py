"""A day of troubles of all kinds, as the reader of a Slack channel sees it. About five minutes.

    python -m bench.acceptance.slack_day [--seed N] [--brief] [--keep DIR]

Fourteen brands and two competitors are talked of as usual for two weeks, and then comes the day of
`_slack_troubles.py`. It goes through the very cycle of the daemon in a time of its own, to a local
server that speaks Slack. Prints the channel, with a judgement of each message: which trouble it
belongs to, or NOISE.
"""

import argparse
import json
import re
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.acceptance import _slack_reader as reader
from bench.acceptance._slack_reader import Seen
from bench.acceptance._slack_story import Story
from bench.acceptance._slack_troubles import (
    ASKS,
    COMPETITOR,
    DAY,
    HISTORY,
    INFLUENCER,
    NIGHT_AFTER,
    QUIET,
    RATES,
    RESPONSE,
    RIVALS,
    SOURCES,
    TROUBLES,
    WAITS,
    Trouble,
    at,
)
from bench.acceptance.verdicts import Verdicts
from listener import cycle, inbox
from listener.app import App, open_app, plugins
from listener.clock import VirtualClock
from listener.config.load import from_document
from listener.domain.mention import Batch
from listener.domain.times import from_text
from listener.errors import CollectorError
from listener.errors import Trouble as Failure
from listener.replay.play import PastSource, in_order
from tests.servers.slack import SlackServer

MINUTE = timedelta(minutes=1)
OUTAGE = (at(5.0), at(7.25))
SUMMARIES = re.compile("While it was quiet|What else there was")
NUMBER = re.compile(r"incident (\d+)")
MOST_LOUD = 2  # messages in the channel of one incident: it begins, and is worse or back
MOST_OF_PROMISES = 4  # it begins, and every half hour in which answers are overdue
CONFIG = """
[[events]]
name = "Autumn sale"
from = "2026-11-26T16:30"
to = "2026-11-26T20:00"
subjects = ["Acme"]
factor = 2.5

[respond.social]
within = "1h"
only = '"{asks}"'
[respond.review]
within = "7d"
only = '"{waits}"'
[respond.ticket]
within = "1h"

[notify]
quiet_hours = "22:00-07:00"

[notify.slack]
token = "xoxb-of-the-bench"
channel = "#cx-alerts"
base_url = "{url}"
"""


@dataclass(kw_only=True)
class Source(PastSource):
    """One that is away for a while, and then brings all that was said meanwhile."""

    away: tuple[datetime, datetime] | None = None

    def fetch(self, cursor: Mapping[str, Any] | None, now: datetime) -> Batch:
        if self.away and self.away[0] <= now < self.away[1]:
            raise CollectorError(f"{self.name}: no answer", kind=Failure.NETWORK)
        return super().fetch(cursor, now)


@dataclass
class World:
    """The app over its sources, and what people do in the course of the day."""

    folder: Path
    url: str
    clock: VirtualClock
    seed: int
    acts: list[tuple[datetime, Callable[[App, datetime], None]]] = field(default_factory=list)

    def open(self) -> App:
        followed = "".join(
            f'[[subjects]]\nname = "{name}"\n' + ('role = "competitor"\n' * (name in RIVALS))
            for name in RATES
        ) + (
            f'[[subjects]]\nname = "{INFLUENCER}"\nrole = "influencer"\n'
            f'accounts = {{ x = "{INFLUENCER.lower()}" }}\n'
        )
        told = CONFIG.format(url=self.url, asks=ASKS, waits=WAITS)
        document = tomllib.loads(followed + told)
        config = from_document(document, self.folder / "config.toml", plugins(self.clock))
        said = in_order([Story(self.seed).events()])
        sources = [
            Source(
                name=name, service=name, channel=channel, every=MINUTE,
                events=[one for one in said if one.source == name],
                away=OUTAGE if name == "x" else None,
            )
            for name, channel in SOURCES.items()
        ]  # fmt: skip
        return open_app(
            config, self.clock, database=self.folder / "listener.db", durable=False,
            collectors=sources, labels="given",
        )  # fmt: skip

    def live(self, app: App) -> None:
        """The usual weeks in steps of an hour, then the day by the minute."""
        self._go(app, DAY, timedelta(hours=1))
        self._go(app, DAY + NIGHT_AFTER, MINUTE)

    def _go(self, app: App, end: datetime, step: timedelta) -> None:
        while self.clock.now() < end:
            tick = self.clock.now() + step
            due = cycle.next_due(app, self.clock.now())
            if due is not None and step <= MINUTE:
                tick = min(tick, max(due, self.clock.now() + timedelta(seconds=1)))
            self.clock.advance(tick)
            now = self.clock.now()
            for moment, act in list(self.acts):
                if moment <= now:
                    act(app, now)
                    self.acts.remove((moment, act))
            for name in cycle.due_sources(app, now):
                cycle.read_source(app, name)
            cycle.note_gaps(app, now)
            cycle.think(app, now)
            cycle.tell_all(app, now)


def open_spike(app: App, brand: str) -> int | None:
    with app.store.read() as db:
        row = db.execute(
            "SELECT id FROM incident WHERE key = ? AND resolved_at IS NULL", (f"spike:{brand}",)
        ).fetchone()
    return None if row is None else int(row[0])


def taken(app: App, now: datetime) -> None:
    number = open_spike(app, "Cirrus")
    if number is not None:
        inbox.acknowledge(app.store, number, "Jo", list(app.editing), now)


def snoozed(app: App, now: datetime) -> None:
    number = open_spike(app, "Cirrus")
    if number is not None:
        inbox.snooze_incident(
            app.store, number, timedelta(hours=2), "Jo", app.watch.telling.outlets, now
        )


@dataclass
class Judge:
    """Which trouble each message belongs to."""

    messages: list[Seen]
    incidents: Mapping[int, Mapping[str, Any]]
    of: dict[str, Trouble] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    summed: set[int] = field(default_factory=set)  # incidents that a summary names

    def __post_init__(self) -> None:
        for seen in self.messages:
            self.words[seen.ts] = self._judged(seen)

    def _judged(self, seen: Seen) -> str:
        number = seen.ours.get("incident")
        if number is None and SUMMARIES.search(seen.first_line):
            lines = "".join(reader.shown(seen.body))
            self.summed |= {int(n) for n in NUMBER.findall(lines)}
            return "a summary"
        if number is None:
            trouble = next((t for t in TROUBLES if t.rule == QUIET), None)
            return self._of(seen, trouble) if trouble and "x " in seen.first_line else "NOISE"
        incident = self.incidents[number]
        trouble = self._trouble_of(incident)
        if trouble is None:
            return f"NOISE: {incident['rule']} of {incident['subject'] or 'no brand'}"
        return self._of(seen, trouble)

    def _of(self, seen: Seen, trouble: Trouble) -> str:
        self.of[seen.ts] = trouble
        how = "interrupts" if seen.interrupts else "in its thread only"
        return f"{trouble.name} ({how})"

    def _trouble_of(self, incident: Mapping[str, Any]) -> Trouble | None:
        for trouble in TROUBLES:
            if trouble.holds(incident["rule"], incident["subject"], incident["opened_at"]):
                return trouble
        return None

    def of_trouble(self, trouble: Trouble) -> list[Seen]:
        return [seen for seen in self.messages if self.of.get(seen.ts) is trouble]

    def _named(self, trouble: Trouble) -> bool:
        """Whether a spike that was told says that the competitor rose as well."""
        told = {seen.ours.get("incident") for seen in self.messages} | self.summed
        return any(
            trouble.since <= (one["opened_at"] - DAY) / timedelta(hours=1) <= trouble.until
            and trouble.brand in one["risen"]
            for number, one in self.incidents.items()
            if number in told
        )

    def told(self, trouble: Trouble) -> int:
        """How many incidents of it were told, in a message of their own or in a summary.

        A competitor's that a brand's spike names is told there, and is muted itself.
        """
        if trouble.rule == COMPETITOR and self._named(trouble):
            return 1
        numbers = {seen.ours.get("incident") for seen in self.of_trouble(trouble)}
        summed = {n for n in self.summed if self._trouble_of(self.incidents[n]) is trouble}
        return len(numbers | summed)


def incidents_of(app: App) -> dict[int, dict[str, Any]]:
    with app.store.read() as db:
        rows = db.execute(
            "SELECT i.id, i.rule, i.key, i.title, i.opened_at, i.resolved_at, s.name AS subject,"
            " i.evidence FROM incident AS i LEFT JOIN subject AS s ON s.id = i.subject_id"
        ).fetchall()
    return {
        row["id"]: {
            **dict(row),
            "subject": "" if row["rule"] == "quiet_source" else row["subject"] or "",
            "opened_at": from_text(row["opened_at"]),
            "risen": [
                one["subject"]
                for one in json.loads(row["evidence"]).get("rivals", ())
                if one["rose"]
            ],
        }
        for row in rows
    }


def verdict(judge: Judge, verdicts: Verdicts) -> None:
    said = judge.words.values()
    loud = [seen for seen in judge.messages if seen.interrupts]
    edits = sum(len(seen.edits) for seen in judge.messages)
    print(f"\n{len(judge.messages)} messages, {len(loud)} of them in the channel itself, {edits}"
          f" edits, {len(judge.incidents)} incidents, {len(TROUBLES)} troubles\n")  # fmt: skip
    table(judge)
    noise = [words for words in said if words.startswith("NOISE")]
    verdicts.claim(not noise, f"{len(noise)} messages belong to no trouble {Counter(noise)}")
    for trouble in TROUBLES:
        mine = judge.of_trouble(trouble)
        told = judge.told(trouble)
        if not trouble.rule:
            verdicts.claim(not told, f"{trouble.name}: not told")
            continue
        loud_of = Counter(seen.ours.get("incident") for seen in mine if seen.interrupts)
        most = trouble.asked_for
        within = all(n <= most + most_of(judge, number) for number, n in loud_of.items())
        verdicts.claim(
            (trouble.soft or told > 0) and within,
            f"{trouble.name}: {told} incidents told, {loud_of.total()} messages in the channel",
        )
    most = MOST_LOUD * len(TROUBLES)
    verdicts.claim(len(loud) <= most, f"{len(loud)} messages in the channel, at most {most}")


def most_of(judge: Judge, number: int | None) -> int:
    is_promise = number is not None and judge.incidents[number]["rule"] == RESPONSE
    return MOST_OF_PROMISES if is_promise else MOST_LOUD


def table(judge: Judge) -> None:
    print(f"{'trouble':45}{'began':>7}{'told':>7}{'channel':>9}{'thread':>8}{'edits':>7}")
    for trouble in TROUBLES:
        mine = judge.of_trouble(trouble)
        told = f"{mine[0].at:%H:%M}" if mine else "-"
        loud = sum(seen.interrupts for seen in mine)
        edits = sum(len(seen.edits) for seen in mine)
        print(f"{trouble.name:45}{at(trouble.since):%H:%M}{told:>9}{loud:>9}"
              f"{len(mine) - loud:>8}{edits:>7}")  # fmt: skip
    print()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--brief", action="store_true", help="only the first line of each message")
    parser.add_argument("--keep", type=Path, help="an empty folder to work in, and leave")
    given = parser.parse_args()
    verdicts = Verdicts()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (given.keep or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        clock = VirtualClock(DAY - HISTORY)
        with SlackServer(ledger=folder / "slack.jsonl", clock=clock) as slack:
            acts = [(at(11.4), taken), (at(12.0), snoozed)]
            world = World(folder, slack.url, clock, given.seed, acts)
            app = world.open()
            try:
                world.live(app)
                messages = reader.read(folder / "slack.jsonl")
                judge = Judge([m for m in messages if m.at >= DAY], incidents_of(app))
            finally:
                app.close()
        for line in reader.transcript(judge.messages, judge.words, whole=not given.brief):
            print(line)
        verdict(judge, verdicts)
    return verdicts.status()


if __name__ == "__main__":
    sys.exit(main())
