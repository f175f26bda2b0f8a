"""One daemon that is killed again and again, with its folder, its Slack and their books.

It tells everything at once, for each promise is looked for in Slack: no group, no day's budget.
"""

import contextlib
import json
import os
import random
import shutil
import signal
import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.acceptance._texts import NEGATIVE, NEUTRAL, POSITIVE, Writer, a_mention
from listener.clock import WallClock, monotonic
from tests.daemon.processes import Daemon, TookTooLongError, ask, pause, running, wait_for
from tests.servers.faults import FaultPlan, chances
from tests.servers.slack import SlackServer

BRANDS = (
    "Ardenvale", "Quorlix", "Bryndal", "Tembora", "Osmerly", "Kestwick", "Vandrelle", "Luminth",
    "Pellaro", "Wexholm", "Jorvane", "Castimer",
)  # fmt: skip
WITHIN = {"social": 75, "news": 60, "ticket": 90}  # seconds
BURST = (20, 90)
BACKLOG = 10  # notices that wait; with more, nobody complains for a while
DELAY_MS = (80.0, 400.0)
IN_FLIGHT = 12  # seconds the daemon waits before it looks up what is unclear
POSTS_SHARE = 0.4  # of the other kills, if there is something to tell: after a few messages
LEAST = 8  # rows that must have come since the last kill
CONFIG = """
[listener]
database = "listener.db"

{subjects}
[collectors.drop]
type = "folder"
path = "drop"
every = "1s"

{promises}
[notify]
group_wait = "0s"
group_interval = "0s"
interrupts_a_day = 1000

[notify.slack]
token = "env:KILL9_TOKEN"
channel = "#alerts"
base_url = "{url}"
timeout_seconds = 2
look_up_after_unclear_end = {look_up}
"""


@dataclass
class Tally:
    """What a lane has been through; kept on the disk, so that it can be taken up again."""

    kills: int = 0
    in_send: int = 0  # the database says: an intent was written, and no end of it
    in_flight: int = 0  # Slack was dealing with a post or an edit
    model_kills: int = 0
    ready: list[float] = field(default_factory=list)
    at: Counter[str] = field(default_factory=Counter)  # where a kill has met it
    least_progress: int = 10**9
    checks: int = 0
    damaged: list[str] = field(default_factory=list)
    orphans: list[int] = field(default_factory=list)
    unready: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Lane:
    """`step` is one life: start, wait for progress, kill, look at what is left."""

    def __init__(
        self, folder: Path, *, seed: int, look_up: bool, faults: str, share: float
    ) -> None:
        self.folder = folder
        self.share = share
        folder.mkdir(parents=True, exist_ok=True)
        kept = folder / "tally.json"
        self.tally = Tally(**json.loads(kept.read_text())) if kept.exists() else Tally()
        self.tally.at = Counter(self.tally.at)
        self._dice = random.Random(f"{seed}:{self.tally.kills}")
        self.writer = Writer(folder / "drop", folder / "fed.jsonl", seed)
        self._number = len(self.writer.written())
        plan = FaultPlan(chances=chances(faults), seed=seed + self.tally.kills, seconds=3.0)
        self.slack = SlackServer(ledger=folder / "slack.jsonl", plan=plan, delay_ms=DELAY_MS)
        self.config = folder / "config.toml"
        self.database = folder / "listener.db"
        self._look_up = look_up
        self._now = WallClock().now

    def __enter__(self) -> "Lane":
        self.slack.start()
        subjects = "".join(f'[[subjects]]\nname = "{b}"\nquery = "{b}"\n\n' for b in BRANDS)
        promises = "".join(
            f'[respond.{channel}]\nwithin = "{seconds}s"\nwarn_at = [0.5, 0.8]\n'
            'which = ["negative"]\n\n'
            for channel, seconds in WITHIN.items()
        )
        self.config.write_text(
            CONFIG.format(
                subjects=subjects,
                promises=promises,
                url=self.slack.url,
                look_up=str(self._look_up).lower(),
            ),
            encoding="utf-8",
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.slack.stop()

    # One life

    def step(self) -> None:
        began = monotonic()
        daemon = self._start()
        try:
            self._live(daemon)
            children = daemon.children()
            self.tally.in_flight += self.slack.in_flight > 0
        finally:
            daemon.kill()
        self.tally.kills += 1
        self.tally.orphans += self._left(children)
        self._look()
        self.tally.seconds += monotonic() - began
        self._keep()

    def _start(self) -> Daemon:
        log = self.folder / "daemon.log"
        daemon = Daemon(
            self.config,
            log,
            variables={"KILL9_TOKEN": "xoxb-of-the-harness", "PYTHONDONTWRITEBYTECODE": ""},
        )
        try:
            daemon.start(seconds=30)
        except TookTooLongError as error:
            self.tally.unready.append(str(error)[-500:])
            daemon.kill()
            raise
        self.tally.ready.append(round(daemon.ready_seconds, 3))
        return daemon

    def _live(self, daemon: Daemon) -> None:
        """Let it get on with its work, and stop at a moment that is worth it."""
        before, posts = self._done(), len(self.slack.messages())
        self._feed()
        wait_for("progress", lambda: self._done() >= before + LEAST, 30, every=0.05)
        in_send = self._behind_with_sends() and self._wait_for_a_send()
        if not in_send and (self._head()[1] > 1 or self._dice.random() < POSTS_SHARE):
            self._wait_for_posts()
        done = self._done() - before + len(self.slack.messages()) - posts
        self.tally.least_progress = min(self.tally.least_progress, done)
        if in_send:
            pause(self._dice.uniform(0, 0.3))
            return
        if self._dice.random() < 0.12:
            self._kill_the_model(daemon)
        pause(self._moment())

    def _moment(self) -> float:
        """Just after a burst was read, or while another one is read, labelled and judged."""
        if self._dice.random() < 0.5:
            return self._dice.uniform(0, 0.3)
        self._feed()
        return self._dice.uniform(0, 1.4)

    def _behind_with_sends(self) -> bool:
        """Not where the oldest notice was hit often already: then it must come through first."""
        behind = self.tally.in_send < (self.share + 0.03) * (self.tally.kills + 1)
        return behind and self._head()[1] < 2

    def _wait_for_a_send(self) -> bool:
        """Wait until Slack is dealing with a message, also through the pause after an unclear end.

        False where nothing is to be told.
        """
        try:
            wait_for("a send", lambda: self.slack.in_flight > 0, IN_FLIGHT + 4, every=0.005)
        except TookTooLongError:
            return False
        return True

    def _wait_for_posts(self) -> None:
        """Let it tell a few, where there is something to tell and no long pause to wait for."""
        due_in, attempts = self._head()
        if self._waiting() == 0 or due_in > (IN_FLIGHT if attempts > 1 else 2):
            return
        wanted = len(self.slack.messages()) + self._dice.randrange(2, 7)
        with contextlib.suppress(TookTooLongError):
            wait_for("posts", lambda: len(self.slack.messages()) >= wanted, due_in + 10)

    def _kill_the_model(self, daemon: Daemon) -> None:
        """The model's process alone: the daemon must go on."""
        children = daemon.children()
        if not children:
            return
        os.kill(self._dice.choice(children), signal.SIGKILL)
        self.tally.model_kills += 1
        before = self._labels()
        self._feed(at_least=5)
        wait_for("labels after the model was killed", lambda: self._labels() >= before + 5, 30, 0.1)

    # What people say meanwhile

    def _feed(self, at_least: int = 0) -> None:
        now = self._now()
        angry = 0 if self._waiting() > BACKLOG else self._dice.randrange(2, 5)
        mentions = [self._said(now, angry=True) for _ in range(angry)]
        mentions += [
            self._said(now, angry=False) for _ in range(max(at_least, self._dice.randrange(*BURST)))
        ]
        self._dice.shuffle(mentions)
        torn = self._dice.random() < 0.3
        self.writer.write(f"day-{self._dice.randrange(5)}.jsonl", mentions, torn=torn)

    def _said(self, now: datetime, *, angry: bool) -> dict[str, Any]:
        self._number += 1
        brand, channel = self._dice.choice(BRANDS), self._dice.choice(list(WITHIN))
        text = self._dice.choice(NEGATIVE if angry else NEUTRAL * 3 + POSITIVE)
        most = WITHIN[channel] * 0.98 if angry else 86_400 * 3
        # Half of them are past both warnings, so that there is something to tell at once.
        least = WITHIN[channel] * 0.8 if angry and self._dice.random() < 0.5 else 0
        ago = timedelta(seconds=self._dice.uniform(least, most))
        answer = {}
        if angry and self._dice.random() < 0.15:
            answer = {"reply_at": (now - ago + ago * 0.9).isoformat(), "reply_author": "help"}
        return a_mention(
            f"m{self._number}",
            brand,
            f"{text} (case {self._number})",
            now - ago,
            f"person{self._dice.randrange(4000)}",
            channel=channel,
            **answer,
        )

    # What there is in the database

    def _done(self) -> int:
        """Rows that only grow: collected, labelled, told."""
        return int(
            self._one(
                "SELECT (SELECT count(*) FROM mention) + (SELECT coalesce(max(id), 0) FROM label)"
                " + (SELECT count(*) FROM notice) + (SELECT coalesce(sum(attempts), 0) FROM outbox)"
            )
        )

    def _labels(self) -> int:
        return int(self._one("SELECT count(*) FROM label"))

    def _waiting(self) -> int:
        return int(self._one("SELECT count(*) FROM outbox WHERE state <> 'sent'"))

    def _head(self) -> tuple[float, int]:
        """Of the oldest notice: seconds until it may be tried, and how often it was."""
        rows = ask(
            self.database,
            "SELECT next_try_at, attempts FROM outbox WHERE state IN ('waiting', 'sending')"
            " ORDER BY id LIMIT 1",
        )
        if not rows:
            return 0.0, 0
        return (datetime.fromisoformat(rows[0][0]) - self._now()).total_seconds(), rows[0][1]

    def _one(self, sql: str) -> Any:
        return ask(self.database, sql)[0][0]

    # After a kill

    def _left(self, children: list[int]) -> list[int]:
        """Processes of the dead daemon that do not end by themselves."""
        try:
            wait_for("the end of the children", lambda: not running(children), 5)
        except TookTooLongError:
            left = running(children)
            for pid in left:
                os.kill(pid, signal.SIGKILL)
            return left
        return []

    def _look(self) -> None:
        """Look at a copy, as the next daemon will find it: the log beside it not yet taken in."""
        copy = self.folder / "copy.db"
        for ending in ("", "-wal"):
            source = self.folder / f"listener.db{ending}"
            target = self.folder / f"copy.db{ending}"
            target.unlink(missing_ok=True)
            if source.exists():
                shutil.copyfile(source, target)
        db = sqlite3.connect(copy)
        try:
            self._judge(db)
        except sqlite3.DatabaseError as error:
            self.tally.damaged.append(f"after kill {self.tally.kills}: {error}")
        finally:
            db.close()
            for ending in ("", "-wal", "-shm"):
                (self.folder / f"copy.db{ending}").unlink(missing_ok=True)

    def _judge(self, db: sqlite3.Connection) -> None:
        said = db.execute("PRAGMA integrity_check").fetchone()[0]
        broken = db.execute("PRAGMA foreign_key_check").fetchall()
        self.tally.checks += 1
        if said != "ok" or broken:
            self.tally.damaged.append(f"after kill {self.tally.kills}: {said} {broken[:3]}")
        sending = db.execute("SELECT count(*) FROM outbox WHERE state = 'sending'").fetchone()[0]
        self.tally.in_send += bool(sending)
        newest, labelled, measured = (
            db.execute(f"SELECT coalesce(({sql}), 0)").fetchone()[0]
            for sql in (
                "SELECT max(id) FROM mention",
                "SELECT upto FROM progress WHERE stage = 'classify'",
                "SELECT upto FROM progress WHERE stage = 'measure'",
            )
        )
        if sending:
            self.tally.at["inside a send"] += 1
        elif labelled < newest:
            self.tally.at["collected, not labelled"] += 1
        elif measured < labelled:
            self.tally.at["labelled, not measured"] += 1
        else:
            waiting = db.execute("SELECT 1 FROM outbox WHERE state = 'waiting'").fetchone()
            self.tally.at["measured, notices waiting" if waiting else "all done"] += 1

    def _keep(self) -> None:
        partial = self.folder / "tally.part"
        partial.write_text(json.dumps(vars(self.tally)))
        partial.replace(self.folder / "tally.json")

    # The end

    def drain(self, seconds: float) -> float:
        """Run until nothing waits and no promise runs any more; how long that took."""
        began = monotonic()
        daemon = self._start()
        try:
            wait_for("the last notice", self._all_told, seconds, every=0.5)
        finally:
            children = daemon.children()
            daemon.stop()
            self.tally.orphans += self._left(children)
        return monotonic() - began

    def _all_told(self) -> bool:
        fed = len(self.writer.written())
        return (
            int(self._one("SELECT count(*) FROM mention")) >= fed
            and self._labels() >= fed
            and self._waiting() == 0
            and not self._one("SELECT count(*) FROM clock WHERE next_at IS NOT NULL")
        )

    def _told_texts(self) -> list[str]:
        book = self.folder / "slack.jsonl"
        return book.read_text(encoding="utf-8").splitlines() if book.exists() else []

    def posts(self) -> list[dict[str, Any]]:
        """What Slack has accepted, from its own book on the disk."""
        lines = [json.loads(line) for line in self._told_texts()]
        return [line for line in lines if line["did"] == "post"]
