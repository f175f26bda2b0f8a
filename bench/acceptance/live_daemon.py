"""The daemon as its users run it: a folder, Slack, e-mail, pages; figures, and exit 1 on any fault.

    python -m bench.acceptance.live_daemon [--latency 40] [--keep DIR]

Slack is a process of its own that keeps a book; the mail server is a real one. About four minutes.
What is measured is the way of an alert; so it neither waits for its group (30 s, `group_wait`) nor
for the next morning (twelve interruptions a day).
"""

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from zoneinfo import ZoneInfo

from bench.acceptance._texts import NEGATIVE, NEUTRAL, POSITIVE, Writer, a_mention
from listener.clock import WallClock
from listener.domain.week import Schedule
from tests.daemon.processes import (
    Daemon,
    TookTooLongError,
    ask,
    environment,
    listener,
    pause,
    running,
    server,
    wait_for,
)
from tests.servers.smtp import SmtpServer

SEED = 47
SOON = 5.0  # seconds from the poll to Slack
QUIET_SECONDS = 20.0
TOKEN = "xoxb-canary-4711-never-to-be-seen"
RECEIPT = {
    "window_minutes", "mentions", "negative", "expected", "lift", "p_value", "share",
    "usual_share", "authors", "clusters", "started_at",
}  # fmt: skip
CONFIG = """
[listener]
database = "listener.db"

[[subjects]]
name = "Acme"
query = "acme"

[[subjects]]
name = "Borealis"
query = "borealis"

[collectors.drop]
type = "folder"
path = "drop"
every = "1s"

[respond.social]
within = "{within}"
[respond.news]
within = "1m"
warn_at = [0.5, 0.8]
which = ["negative"]
[respond.ticket]
within = "1h"
which = ["question"]

[notify]
group_wait = "0s"
group_interval = "0s"
interrupts_a_day = 1000

[notify.slack]
token = "env:SLACK_BOT_TOKEN"
channel = "#cx-alerts"
base_url = "{url}"

[notify.email]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "listener@acme.example"

[digest]
to = ["cx@acme.example"]

[web]
port = 0
"""


class World:
    """A folder with everything in it, the servers, and what they have taken."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = WallClock().now
        self.config, self.database = folder / "config.toml", folder / "listener.db"
        self.writer = Writer(folder / "drop", folder / "fed.jsonl", SEED)
        self.book = folder / "slack.jsonl"
        self.smtp = SmtpServer()
        self.url = ""
        self.daemon = self.a_daemon()
        self.failed: list[str] = []

    def a_daemon(self, *before: str, **variables: str) -> Daemon:
        return Daemon(
            self.config,
            self.folder / "daemon.log",
            options=(),
            before=before,
            variables={"SLACK_BOT_TOKEN": TOKEN, **variables},
        )

    @contextlib.contextmanager
    def servers(self) -> Iterator[None]:
        with self.smtp, server("tests.servers.slack", "--ledger", str(self.book)) as url:
            self.url = url
            self.write_config()
            yield

    def write_config(self, within: str = "1h") -> None:
        text = CONFIG.format(within=within, url=self.url, port=self.smtp.port)
        self.config.write_text(text, encoding="utf-8")

    # Figures

    def shown(self, what: str, figure: object, holds: bool = True) -> None:
        print(f"{'ok  ' if holds else 'FAIL'}  {what}: {figure}", flush=True)
        if not holds:
            self.failed.append(what)

    def lines(self) -> list[dict[str, Any]]:
        if not self.book.exists():
            return []
        whole = self.book.read_text(encoding="utf-8").rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines()]

    def posts(self) -> list[dict[str, Any]]:
        """What Slack has accepted: our ids, when, and the words."""
        return [
            {
                "ids": _ids(line["body"]),
                "at": datetime.fromtimestamp(float(line["ts"]), UTC),
                "ts": line["ts"],
                "text": str(line["body"].get("text")),
                "shown": json.dumps(line["body"], ensure_ascii=False),
                "thread": line["body"].get("thread_ts"),
            }
            for line in self.lines()
            if line["did"] == "post"
        ]

    def told(self, event: str, mention: str | None = None) -> list[dict[str, Any]]:
        """The messages of Slack that tell an event, of one mention or of any."""
        names = dict(ask(self.database, "SELECT source_id, id FROM mention"))
        wanted = {
            notice
            for notice, body in ask(
                self.database, "SELECT id, body FROM notice WHERE event = ?", event
            )
            if mention is None or names.get(mention) in json.loads(body)["mentions"]
        }
        return [post for post in self.posts() if wanted & set(post["ids"])]

    def drop(self, name: str, *mentions: dict[str, Any]) -> datetime:
        self.writer.write(name, mentions)
        return self.now()

    def read_at(self, mention: str) -> datetime:
        """When the poll that has read it ended."""
        [(text,)] = ask(
            self.database,
            "SELECT min(ended_at) FROM source_run WHERE accepted > 0 AND ended_at >="
            " (SELECT seen_at FROM mention WHERE source_id = ?)",
            mention,
        )
        return datetime.fromisoformat(text)


def _ids(body: dict[str, Any]) -> list[str]:
    payload = (body.get("metadata") or {}).get("event_payload") or {}
    return [one for one in (payload.get("notice_id"), *(payload.get("also") or ())) if one]


def history(world: World) -> None:
    """Three quiet weeks up to today, a few mentions a day; complaints are older than a day."""
    dice, now, lines = random.Random(SEED), world.now(), []
    for day in range(21, -1, -1):
        for _ in range(dice.randrange(4, 9)):
            ago = timedelta(days=day, hours=dice.uniform(1.5, 14))
            mood = dice.choices((NEUTRAL, POSITIVE, NEGATIVE), (6, 4, 1 if day else 0))[0]
            number = len(lines)
            text = f"{dice.choice(mood)} ({number})"
            lines.append(a_mention(f"h{number}", "Acme", text, now - ago, f"guest{number}"))
    file = world.folder / "history.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
    done = listener(world.config, "import", str(file), "--source", "history")
    [(kept,)] = ask(world.database, "SELECT count(*) FROM mention")
    world.shown("history imported", f"{kept} of {len(lines)}", kept == len(lines))
    if done.returncode:
        world.shown("import", done.stderr, holds=False)


def texts(world: World) -> None:
    """The shipped model must read our own sentences as they are meant."""
    said = [(t.format(b="Acme"), label) for t, label in _meant()]
    done = listener(world.config, "classify", stdin="".join(f"{t}\n" for t, _ in said))
    labels = [json.loads(line)["sentiment"]["label"] for line in done.stdout.splitlines()]
    right = sum(got == meant for got, (_, meant) in zip(labels, said, strict=True))
    world.shown("texts the model reads as meant", f"{right} of {len(said)}", right == len(said))


def _meant() -> Iterator[tuple[str, str]]:
    for label, group in (("negative", NEGATIVE), ("neutral", NEUTRAL), ("positive", POSITIVE)):
        yield from ((text, label) for text in group)


def starts(world: World) -> None:
    world.daemon.start(seconds=30)
    world.shown("start to ready, s", f"{world.daemon.ready_seconds:.2f}")
    page = world.daemon.events("started")[0]["page"]
    if not page:
        return world.shown("pages", "not there yet")
    health = {}
    for name in ("healthz", "readyz"):
        health[name] = wait_for(f"/{name}", lambda name=name: _status(page + name) == 200, 10)
    return world.shown("/healthz and /readyz answer 200", health, all(health.values()))


def _status(url: str) -> int | None:
    try:
        with urlopen(url, timeout=5) as answer:
            return int(answer.status)
    except OSError:
        return None


def first_digest(world: World) -> None:
    """The newest week is over and due: it is mailed at once."""
    wait_for("the digest", lambda: world.smtp.mails or None, 40)
    mail = world.smtp.mails[0]
    html = mail.message.get_body(("html",))
    size = len(html.get_content().encode()) if html else 0
    kind = mail.message.get_content_type()
    world.shown("digest arrived by SMTP", f"{mail.message['Subject']!r} to {mail.to}")
    world.shown("digest is", kind, kind == "multipart/alternative")
    world.shown("digest HTML, bytes (at most 80000)", size, 0 < size <= 80_000)
    world.shown("digest has words", "text/plain", mail.message.get_body(("plain",)) is not None)


def old_post(world: World) -> None:
    """a) Said 49 minutes ago, past both warnings."""
    now = world.now()
    said = a_mention("a1", "Acme", NEGATIVE[0], now - timedelta(minutes=49), "ann")
    dropped = world.drop("a.jsonl", said)
    post = wait_for("due_soon", lambda: (world.told("response.due_soon", "a1") or [None])[0], 30)
    poll = (post["at"] - world.read_at("a1")).total_seconds()
    whole = (post["at"] - dropped).total_seconds()
    world.shown(
        "a) 49 minutes old: poll to Slack, s (at most 5); file to Slack, s",
        f"{poll:.2f}; {whole:.2f}",
        poll <= SOON,
    )


def quiet_ones(world: World) -> None:
    """b) Nothing is told of a fresh one, nor of an old neutral one; a) is told once."""
    now, before = world.now(), len(world.posts())
    world.drop(
        "b.jsonl",
        a_mention("b1", "Acme", NEGATIVE[1], now - timedelta(seconds=20), "bob"),
        a_mention("b2", "Acme", NEUTRAL[0], now - timedelta(minutes=49), "cy"),
    )
    wait_for("the poll", lambda: ask(world.database, _LABELLED, "b2") or None, 20)
    pause(QUIET_SECONDS)
    world.shown(
        f"b) told in {QUIET_SECONDS:g} s of a fresh one and a neutral one",
        len(world.posts()) - before,
        len(world.posts()) == before,
    )
    times = len(world.told("response.due_soon", "a1"))
    world.shown("a) told so often", times, times == 1)


_LABELLED = (
    "SELECT 1 FROM label AS l JOIN mention AS m ON m.id = l.mention_id WHERE m.source_id = ?"
)


def spike(world: World) -> None:
    """c) 25 negatives in ten minutes on a quiet brand."""
    now = world.now()
    before = len(world.posts())
    dropped = world.drop(
        "c.jsonl",
        *(
            a_mention(f"c{n}", "Acme", NEGATIVE[n + 2], now - timedelta(seconds=24 * n), f"dora{n}")
            for n in range(25)
        ),
    )
    post = wait_for("spike.opened", lambda: (world.told("spike.opened") or [None])[0], 40)
    poll = (post["at"] - world.read_at("c0")).total_seconds()
    whole = (post["at"] - dropped).total_seconds()
    world.shown("c) poll to Slack, s; file to Slack, s", f"{poll:.2f}; {whole:.2f}", poll <= SOON)
    [(incident, evidence)] = ask(
        world.database, "SELECT id, evidence FROM incident WHERE rule = 'spike'"
    )
    receipt = json.loads(evidence)
    short = {k: receipt[k] for k in ("negative", "authors", "expected", "p_value") if k in receipt}
    world.shown("c) receipt", short, receipt.keys() >= RECEIPT)
    done = listener(world.config, "explain", str(incident))
    world.shown("c) listener explain", f"exit {done.returncode}", done.returncode == 0)
    pause(10)
    opened, new = len(world.told("spike.opened")), len(world.posts()) - before
    world.shown("c) spike.opened, other messages", f"{opened}, {new - opened}", opened == new == 1)


def lock(world: World) -> None:
    """e) A second daemon refuses, and names the first."""
    done = listener(world.config, "run")
    named = f"process {world.daemon.process.pid}" in done.stderr
    line = done.stderr.strip()
    world.shown(
        "e) a second run", f"exit {done.returncode}, {line}", done.returncode == 2 and named
    )


def reload(world: World) -> None:
    """e) A broken config changes nothing; a good one is taken up."""
    world.write_config(within="soon")
    world.daemon.signal(signal.SIGHUP)
    told = world.daemon.wait_for_event("settings not taken up", 10)
    said = a_mention("e1", "Borealis", NEGATIVE[3], world.now() - timedelta(minutes=49), "eve")
    world.drop("e.jsonl", said)
    wait_for("an alert by the old settings", lambda: world.told("response.due_soon", "e1"), 20)
    world.shown("e) SIGHUP with a broken config", told["mistakes"], "within" in str(told))
    world.write_config(within="2h")
    world.daemon.signal(signal.SIGHUP)
    told = world.daemon.wait_for_event("settings taken up", 10)
    world.shown(
        "e) SIGHUP with a good one", told["changed"], "[respond.social] within" in told["changed"]
    )
    world.write_config()
    world.daemon.signal(signal.SIGHUP)
    world.daemon.wait_for_event("settings taken up", 10, count=2)


def answered(world: World) -> None:
    """f) What is answered is shown as answered, and is never overdue; its twin is, once."""
    ago = world.now() - timedelta(seconds=50)
    world.drop("f.jsonl", a_mention("f1", "Acme", NEGATIVE[4], ago, "flo", channel="news"))
    world.drop("f.jsonl", a_mention("f2", "Borealis", NEGATIVE[5], ago, "gus", channel="news"))
    root = wait_for("due_soon", lambda: (world.told("response.due_soon", "f1") or [None])[0], 9)
    began = world.now()
    done = listener(world.config, "answer", "drop:f1")
    edit = wait_for("the edit", lambda: _edit(world, root["ts"]), 10)
    took = (world.now() - began).total_seconds()
    world.shown(
        "f) listener answer to the edit of the message, s",
        f"{took:.2f} (exit {done.returncode}): {edit.get('text')!r}",
        done.returncode == 0,
    )
    over = wait_for("overdue", lambda: (world.told("response.overdue", "f2") or [None])[0], 30)
    late = (over["at"] - ago - timedelta(minutes=1)).total_seconds()
    world.shown(
        "f) the one not answered: overdue told, s after it was due", f"{late:.2f}", 0 <= late <= 5
    )
    pause(5)
    counts = {one: len(world.told("response.overdue", one)) for one in ("f1", "f2")}
    world.shown(
        "f) overdue told of the answered, and of the other", counts, counts == {"f1": 0, "f2": 1}
    )


def _edit(world: World, ts: str) -> dict[str, Any] | None:
    edits = [one["body"] for one in world.lines() if one["did"] == "edit" and one["ts"] == ts]
    return edits[-1] if edits else None


def latency(world: World, count: int) -> None:
    """g) Stored to accepted, of single alerts: questions past their warnings, one at a time."""
    for n in range(count):
        ago = world.now() - timedelta(minutes=49)
        text = f"When does the {{b}} shop number {n} open?"
        world.drop(
            "g.jsonl", a_mention(f"g{n}", "Borealis", text, ago, f"hal{n}", channel="ticket")
        )
        pause(2.2)  # longer than two polls, so that each is read and told alone
    last = f"g{count - 1}"
    wait_for("the last alert", lambda: world.told("response.due_soon", last), 60)
    notices = ask(world.database, "SELECT id, body FROM notice WHERE event = 'response.due_soon'")
    seen = {
        row: (name, datetime.fromisoformat(at))
        for row, name, at in ask(world.database, "SELECT id, source_id, seen_at FROM mention")
    }
    at = {one: post["at"] for post in world.posts() for one in post["ids"]}
    lags, messages = [], set()
    for notice, body in notices:
        for row in json.loads(body)["mentions"]:
            name, since = seen[row]
            if name.startswith("g"):
                lags.append((at[notice] - since).total_seconds())
                messages.add(notice)
    lags.sort()
    p50, p99 = statistics.median(lags), lags[min(len(lags) - 1, round(0.99 * len(lags)))]
    world.shown(
        f"g) stored to Slack, s, of {len(lags)} alerts in {len(messages)} messages: p50, p99, most",
        f"{p50:.2f}, {p99:.2f}, {lags[-1]:.2f}",
        p50 <= 1 and p99 <= 5,
    )


def stops(world: World) -> None:
    """e) SIGTERM."""
    children = world.daemon.children()
    took = world.daemon.stop()
    status = world.daemon.process.returncode
    world.shown(
        "e) SIGTERM to the end, s (at most 5), status",
        f"{took:.2f}, {status}",
        took <= 5 and status == 0,
    )
    [(sending,)] = ask(world.database, "SELECT count(*) FROM outbox WHERE state = 'sending'")
    world.shown("e) left in state sending", sending, sending == 0)
    with contextlib.suppress(TookTooLongError):
        wait_for("the end of the children", lambda: not running(children), 3)
    world.shown("e) processes left", running(children), not running(children))


def next_digest(world: World) -> None:
    """d) Not again after a restart; after a downtime past the next due time, one more, once."""
    before = len(world.smtp.mails)
    world.daemon = world.a_daemon().start()
    pause(4)
    world.daemon.stop()
    world.shown("d) mailed again after a restart", len(world.smtp.mails) - before, before == 1)
    schedule, zone = Schedule(), ZoneInfo("UTC")
    week = schedule.newest_due(world.now(), zone).next()
    ahead = schedule.due_at(week, zone) + timedelta(hours=1) - world.now()
    if shutil.which("faketime") is None:
        return world.shown("d) after a downtime", "not tried: faketime is not here")
    offset = f"+{round(ahead.total_seconds())}s"
    world.daemon = _in_the_future(world, offset)
    wait_for("the next digest", lambda: len(world.smtp.mails) > before or None, 40)
    pause(3)
    world.daemon = _restarted(world, offset)
    ids = [mail.message["Message-ID"] for mail in world.smtp.mails]
    weeks = [mail.message["Subject"] for mail in world.smtp.mails]
    return world.shown(
        f"d) after a downtime of {ahead / timedelta(hours=1):.0f} h and a restart there",
        f"{len(ids)} mails, {len(set(ids))} ids: {weeks}",
        len(ids) == len(set(ids)) == 2,
    )


def _in_the_future(world: World, offset: str) -> Daemon:
    """By its clock alone: time-outs run as ever, and files keep their times (and so bytecode)."""
    kept = {"DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"}
    return world.a_daemon("faketime", "-f", offset, **kept).start(seconds=60)


def _restarted(world: World, offset: str) -> Daemon:
    _stop_below(world.daemon)
    daemon = _in_the_future(world, offset)
    wait_for("all told", lambda: not ask(world.database, _UNSENT)[0][0], 60)
    pause(3)
    _stop_below(daemon)
    return daemon


_UNSENT = "SELECT count(*) FROM outbox WHERE state <> 'sent'"


def _stop_below(daemon: Daemon) -> None:
    """faketime runs its command below itself, and does not wait for its end."""
    below = daemon.children()
    for child in below:
        with contextlib.suppress(ProcessLookupError, FileNotFoundError):
            if b"worker" not in Path(f"/proc/{child}/cmdline").read_bytes():
                os.kill(child, signal.SIGTERM)
    if daemon.before:
        wait_for("the end of the daemon", lambda: not running(below), 10)
    daemon.stop()


def books(world: World) -> None:
    """Every notice stands in Slack once; the log is JSON, and shows neither texts nor secrets."""
    told = Counter(one for post in world.posts() for one in post["ids"])
    notices = ask(world.database, "SELECT id FROM notice WHERE event <> 'incident.updated'")
    once = sum(told[one] == 1 for (one,) in notices)
    world.shown("notices; of them once in Slack", f"{len(notices)}; {once}", once == len(notices))
    log = (world.folder / "daemon.log").read_text(encoding="utf-8")
    bad = [line for line in log.splitlines() if not _is_json(line)]
    world.shown(
        "lines of the log; that are no JSON",
        f"{len(log.splitlines())}; {len(bad)} {bad[:2]}",
        not bad,
    )
    spilt = [t for t in (TOKEN, *(m["text"] for m in world.writer.written())) if t in log]
    world.shown("texts and secrets in the log", len(spilt), not spilt)
    faults = [line for line in log.splitlines() if '"fault"' in line]
    world.shown("faults in the log", len(faults), not faults)
    for line in faults[:3]:
        print("     ", line[:600])


def _is_json(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.acceptance.live_daemon")
    parser.add_argument("--latency", type=int, default=40, help="alerts to measure; 0: none")
    parser.add_argument("--keep", type=Path, help="an empty folder to work in, and leave")
    given = parser.parse_args()
    folder = given.keep or Path(tempfile.mkdtemp(prefix="listener-live-"))
    folder.mkdir(parents=True, exist_ok=True)
    world = World(folder)
    steps: list[Callable[[World], None]] = [
        texts, history, starts, first_digest, old_post, quiet_ones, spike, lock, reload, answered,
    ]  # fmt: skip
    if given.latency:
        steps.append(lambda world: latency(world, given.latency))
    steps += [stops, next_digest, books]
    with world.servers():
        try:
            for step in steps:
                _guarded(world, step)
        finally:
            if hasattr(world.daemon, "process") and world.daemon.alive:
                _stop_below(world.daemon)
    print(f"{'FAIL: ' + ', '.join(world.failed) if world.failed else 'PASS'}")
    if not given.keep and not world.failed:
        shutil.rmtree(folder, ignore_errors=True)
    elif world.failed:
        print(f"left in {folder}")
    return 1 if world.failed else 0


def _guarded(world: World, step: Callable[[World], None]) -> None:
    """One step that fails does not hide the others."""
    try:
        step(world)
    except (Exception, subprocess.TimeoutExpired) as error:
        world.shown(getattr(step, "__name__", "step"), repr(error), holds=False)
        traceback.print_exc()


if __name__ == "__main__":
    os.environ.update(environment(SLACK_BOT_TOKEN=TOKEN))
    sys.exit(main())
