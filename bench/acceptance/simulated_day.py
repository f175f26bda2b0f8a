"""A day with sources of every kind, four of them bad, in less than half an hour.

    python -m bench.acceptance.simulated_day [--hours 24] [--speed 60] [--keep DIR]

The daemon is the real one, `listener run` with its pages and the fast model, and all of its time
runs at the speed: the wall clock, the monotonic one, waits and time-outs alike (fast_clock.c). So a
schedule, a time-out and a pause keep their proportions; only work does not become faster, and looks
slower by as much. The services run beside it by the same clock.
"""

import argparse
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.acceptance import _day_bad as bad
from bench.acceptance import _day_shops as shops
from bench.acceptance import _day_social as social
from bench.acceptance._day_clock import FastClock
from bench.acceptance._day_judge import Judge
from bench.acceptance._day_service import Said, Service, plan
from bench.acceptance.verdicts import Verdicts
from tests.daemon.processes import Daemon, listener, pause

START = datetime(2026, 11, 24, 6, tzinfo=UTC)
LIES_FOR = timedelta(minutes=20)  # then it tells the next one; the third is the last of an hour
AN_HOUR = 6.0  # things said at one service
KINDS: dict[str, type[Service]] = {
    "reddit": social.Reddit,
    "reddit_public": social.RedditFeeds,
    "mastodon": social.Mastodon,
    "bluesky": social.Bluesky,
    "hacker_news": social.HackerNews,
    "youtube": social.YouTube,
    "stack_exchange": social.StackExchange,
    "press": social.Feed,
    "blogs": social.Feed,
    "app_store": shops.AppStore,
    "app_store_own": shops.AppStoreConnect,
    "maps": shops.GoogleBusiness,
    "play_public": shops.GooglePlayPublic,
    "trustpilot": shops.Trustpilot,
    "chat": shops.Intercom,
    "mailbox": shops.Imap,
    "hook": shops.Webhook,
    "drop": shops.Folder,
    "x_paid": bad.Paid,
    "play_lying": bad.Lying,
    "desk_hanging": bad.Hanging,
    "desk_unauthorised": bad.Unauthorised,
}
CONFIG = """
[listener]
database = "listener.db"

[[subjects]]
name = "Acme"
query = "acme"

[[subjects]]
name = "Borealis"
role = "competitor"
query = "borealis"

[classify]
sentiment = "fast"

[respond.social]
within = "1h"
[respond.ticket]
within = "4h"
which = ["negative", "question"]

[notify.jsonl]
path = "notices.jsonl"

[web]
port = 0

"""


@dataclass(frozen=True, slots=True)
class Memory:
    """The resident memory of the daemon and of its model's process, in kB, at an hour."""

    hour: float
    daemon: int
    model: int


@dataclass
class Day:
    """The world of one run, in a folder."""

    folder: Path
    hours: float
    speed: int
    memory: list[Memory] = field(default_factory=list)
    running: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.clock = FastClock(self.folder, START)
        self.services = {name: kind(name, self.clock.now) for name, kind in KINDS.items()}
        self._settle()
        secrets = {k: v for one in self.services.values() for k, v in one.secrets.items()}
        self.secrets = list(secrets.values())
        self.variables = {**secrets, **self.clock.variables}
        self.config = self.folder / "config.toml"
        tables = "\n".join(one.table() for one in self.services.values())
        self.config.write_text(CONFIG + tables, encoding="utf-8")
        self.daemon = Daemon(
            self.config, self.folder / "daemon.log", options=(), variables=self.variables
        )

    def _settle(self) -> None:
        """What the bad ones need to know of the run."""
        paid, lying = self.services["x_paid"], self.services["play_lying"]
        assert isinstance(paid, bad.Paid)
        assert isinstance(lying, bad.Lying)
        lying.patience = 1 / self.speed
        posts = AN_HOUR * self.hours / 2
        paid.budget = round(paid.dearest_usd + posts * paid.price, 2)

    # The world goes on

    def people_talk(self) -> None:
        """Publish what is said when its moment has come."""
        waiting: list[tuple[Said, Service]] = [
            (said, one)
            for one in self.services.values()
            for said in plan(one.name, START, self.hours, AN_HOUR)
        ]
        waiting.sort(key=lambda pair: pair[0].at, reverse=True)
        lying = self.services["play_lying"]
        assert isinstance(lying, bad.Lying)
        while not self.over.wait(0.01):
            lying.lie = int((self.clock.now() - START) / LIES_FOR) % 3
            while waiting and waiting[-1][0].at <= self.clock.now():
                said, one = waiting.pop()
                one.publish(said)

    def look_at_memory(self) -> None:
        while not self.over.wait(0.5):
            hour = (self.clock.now() - START) / timedelta(hours=1)
            model = sum(map(resident_kb, self.daemon.children()))
            self.memory.append(Memory(hour, resident_kb(self.daemon.process.pid), model))

    @contextmanager
    def beside(self, *steps: str) -> Iterator[None]:
        """Run steps of ours in threads until the end."""
        threads = [threading.Thread(target=getattr(self, step)) for step in steps]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.over.set()
            for thread in threads:
                thread.join()


def resident_kb(pid: int) -> int:
    """What of a process lies in memory, shared pages too; 0 for one that has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return int(next(line.split()[1] for line in lines if line.startswith("Rss:")))


def live(day: Day, verdicts: Verdicts) -> None:
    """The whole day, then the verdicts."""
    with ExitStack() as stack:
        for one in day.services.values():
            stack.callback(one.close)
        stack.enter_context(day.beside("people_talk"))
        day.daemon.start(seconds=60)
        stack.callback(day.daemon.kill)
        hook = day.services["hook"]
        assert isinstance(hook, shops.Webhook)
        hook.page = day.daemon.events("started")[0]["page"]
        day.clock.run_at(day.speed)
        stack.enter_context(day.beside("look_at_memory"))
        end = START + timedelta(hours=day.hours)
        while day.clock.now() < end and day.daemon.alive:
            pause(0.05)
        day.clock.run_at(1)
        told = listener(day.config, "sources", "--format", "jsonl", **day.variables)
        asked_at = day.clock.now()
        day.over.set()
        judge = Judge(day, verdicts, told.stdout, asked_at)
        judge.stopping()
        judge.everything()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=24.0)
    parser.add_argument("--speed", type=int, default=60)
    parser.add_argument("--keep", type=Path, help="a new folder for the database and the log")
    given = parser.parse_args()
    if shutil.which("cc") is None:
        print("FAIL  cc is not here, and it makes the fast clock")
        return 1
    folder = given.keep or Path(tempfile.mkdtemp(prefix="simulated-day-"))
    folder.mkdir(parents=True, exist_ok=True)
    verdicts = Verdicts()
    try:
        live(Day(folder.resolve(), given.hours, given.speed), verdicts)
    finally:
        if given.keep is None:
            shutil.rmtree(folder)
    return verdicts.status()


if __name__ == "__main__":
    sys.exit(main())
