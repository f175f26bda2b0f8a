"""Slack is away for a day, and then comes back: what its readers get. About two minutes.

    python -m bench.acceptance.slack_outage [--hours 24] [--mentions 5000] [--keep DIR]

A hundred brands are complained of all day, one time in ten of something grave: promises warn and
run out, and what is grave is told singly. The port of Slack is closed meanwhile. It goes through
the daemon's own cycle in a time of its own, with a message a second.
"""

import argparse
import random
import tempfile
import tomllib
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.acceptance.verdicts import Verdicts
from listener import cycle
from listener.app import App, open_app, plugins
from listener.clock import VirtualClock
from listener.config.load import from_document
from listener.domain.label import Sentiment
from listener.domain.mention import Mention
from listener.replay.play import PastSource, in_order
from tests.servers.slack import SlackServer

BEGINS = datetime(2026, 11, 23, 9, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
BRANDS = [f"Brand{number:03}" for number in range(100)]
MOST_MESSAGES = 30
MOST_DRAINING = 4 * MINUTE  # two until it is tried again, and a second a message
SENT = """
SELECT o.ref FROM outbox AS o JOIN notice AS n ON n.id = o.notice_id
WHERE o.outlet = 'slack' AND o.state = 'sent' AND n.event <> 'incident.updated'
"""  # what is only an update edits a message, and is none
CONFIG = """
[notify.slack]
token = "xoxb-of-the-bench"
channel = "#cx-alerts"
base_url = "{url}"
"""
COMPLAINTS = (
    "{brand} has lost my parcel again, number {number}",
    "{brand} charged me twice, order {number}, and nobody answers",
    "{number} minutes on hold with {brand}, I have had enough",
)
GRAVE = (
    "{brand} made my daughter ill, we are in hospital, case {number}",
    "I will sue {brand}, my lawyer has case {number}",
)


@dataclass
class World:
    """The app, its clock, and a Slack whose port is closed until it is opened."""

    app: App
    clock: VirtualClock

    def live(self, until: datetime, step: timedelta) -> None:
        """As the daemon does, minute by minute."""
        while self.clock.now() < until:
            self.clock.advance(self.clock.now() + step)
            now = self.clock.now()
            for name in cycle.due_sources(self.app, now):
                cycle.read_source(self.app, name)
            cycle.think(self.app, now)
            cycle.tell_all(self.app, now)

    def drain(self, most: timedelta) -> timedelta:
        """A message a second, as the daemon sends them; returns how long nothing waited after."""
        began = self.clock.now()
        while self.waits() and self.clock.now() - began < most:
            self.clock.advance(self.clock.now() + SECOND)
            cycle.tell(self.app, "slack", self.clock.now())
        return self.clock.now() - began

    def waits(self) -> int:
        return self.count("outbox", "state IN ('waiting', 'sending')")

    def count(self, table: str, condition: str) -> int:
        with self.app.store.read() as db:
            row = db.execute(f"SELECT count(*) FROM {table} WHERE {condition}").fetchone()
        return int(row[0])

    def ids(self, sql: str) -> list[str]:
        with self.app.store.read() as db:
            return [str(row[0]) for row in db.execute(sql)]


def said(count: int, hours: float) -> list[Mention]:
    """So many complaints, each by a person of its own."""
    draw = random.Random(7)
    moments = sorted(draw.uniform(0, hours * 3600) for _ in range(count))
    return [
        Mention(
            source="x",
            source_id=str(number),
            text=_words(draw, number),
            said_at=BEGINS + at * SECOND,
            author=f"person{number}",
            language="en",
            label=Sentiment.NEGATIVE,
        )
        for number, at in enumerate(moments)
    ]


def _words(draw: random.Random, number: int) -> str:
    worded = GRAVE if draw.random() < 0.1 else COMPLAINTS
    return draw.choice(worded).format(brand=draw.choice(BRANDS), number=number)


def opened(folder: Path, url: str, events: list[Mention]) -> World:
    clock = VirtualClock(BEGINS)
    followed = "".join(f'[[subjects]]\nname = "{name}"\nquery = "{name}"\n' for name in BRANDS)
    document = tomllib.loads(followed + CONFIG.format(url=url))
    config = from_document(document, folder / "config.toml", plugins(clock))
    source = PastSource(name="x", service="x", every=MINUTE, events=in_order([events]))
    app = open_app(
        config, clock, database=folder / "listener.db", durable=False, collectors=[source],
        labels="given",
    )  # fmt: skip
    return World(app, clock)


def judge(world: World, slack: SlackServer, took: timedelta, alerts: int) -> Verdicts:
    verdicts = Verdicts()
    posts = slack.messages()
    roots = [one for one in posts if one.thread_ts is None]
    told = Counter(name for one in posts for name in one.ids)
    sent = world.ids(SENT)
    places = {one.ts for one in posts}
    lost = [ref for ref in sent if ref not in places]
    print(f"{alerts:,} alerts came while Slack was away; {len(posts)} messages after it,"
          f" {len(roots)} of them in the channel, {len(posts) - len(roots)} in threads; nothing"
          f" waited after {took}")  # fmt: skip
    for one in roots[: MOST_MESSAGES + 5]:
        print(f"  {one.shown['text'][:150]}")
    verdicts.claim(len(posts) <= MOST_MESSAGES, f"at most {MOST_MESSAGES} messages")
    verdicts.claim(not lost, f"every notice that counts as sent has its message ({len(sent):,})")
    verdicts.claim(max(told.values(), default=0) <= 1, "no notice stands in two")
    verdicts.claim(not world.waits(), "nothing waits")
    failed = world.count("outbox", "state = 'failed'")
    verdicts.claim(not failed, f"nothing was given up ({failed})")
    verdicts.claim(took <= MOST_DRAINING, f"drained within {MOST_DRAINING}")
    return verdicts


def run(folder: Path, hours: float, mentions: int) -> int:
    with SlackServer(channels=["cx-alerts"]) as before:
        url = before.url
    port = int(url.rpartition(":")[2].partition("/")[0])
    world = opened(folder, url, said(mentions, hours))
    back = BEGINS + timedelta(hours=hours)
    world.live(back, MINUTE)
    alerts = world.count("notice", "outlet = 'slack'") + world.count("withheld", "outlet = 'slack'")
    with SlackServer(port=port, channels=["cx-alerts"], clock=world.clock) as slack:
        took = world.drain(timedelta(hours=2))
        verdicts = judge(world, slack, took, alerts)
    world.app.close()
    return verdicts.status()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hours", type=float, default=24)
    parser.add_argument("--mentions", type=int, default=5000)
    parser.add_argument("--keep", type=Path, help="a folder for the database; else none is kept")
    options = parser.parse_args()
    if options.keep is not None:
        options.keep.mkdir(parents=True, exist_ok=True)
        return run(options.keep, options.hours, options.mentions)
    with tempfile.TemporaryDirectory() as folder:
        return run(Path(folder), options.hours, options.mentions)


if __name__ == "__main__":
    raise SystemExit(main())
