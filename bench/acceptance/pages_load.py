"""The daemon under load: people at the pages while mentions come, and a minute of a flood.

    python -m bench.acceptance.pages_load [--users 20] [--seconds 60] [--model default]

`listener run` is a process of its own with a folder for a source and its pages on loopback. First a
user at a time, with nothing coming (idle); then twenty who read and act while 20 mentions a second
come; then 100 a second for a minute. p95 of the pages may be three times idle and 150 ms; nothing
may be lost, the backlog has to drain, and the pages have to live. Users think for two to four
seconds between two pages, as fast as hands are.
"""

import argparse
import http.client
import random
import re
import statistics
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from bench.acceptance._texts import NEGATIVE, NEUTRAL, POSITIVE, WORDS, Writer, a_mention
from bench.acceptance.verdicts import Verdicts
from listener.clock import WallClock, monotonic
from tests.daemon.processes import Daemon, ask, pause, wait_for

MOST_MS, MOST_TIMES = 150.0, 3.0
DRAINED_WITHIN = 600.0  # seconds
CONFIG = """
[listener]
database = "listener.db"
[[subjects]]
name = "Acme"
query = "acme"
[collectors.drop]
type = "folder"
path = "drop"
every = "1s"
[classify]
sentiment = "{model}"
[web]
port = 0
"""
FORM = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}
_ROWS = re.compile(r'name="on" value="([^"]+)"')
_TOKEN = re.compile(r'name="token" value="([^"]+)"')
_OPEN = re.compile(r'href="/inbox\?[^"]*open=(\d+)')
READ = ("/", "/inbox", "/inbox?order=newest", "/incidents", "/sources", "/search?q=refund",
    "/subjects/Acme", "/topics")  # fmt: skip


@dataclass
class Seen:
    """What users have met."""

    took: list[float] = field(default_factory=list)  # ms
    statuses: Counter[int] = field(default_factory=Counter)
    acts: Counter[int] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def p95(self) -> float:
        return statistics.quantiles(self.took, n=20)[-1]


class User:
    """Reads, opens mentions, and says now and then that one is answered."""

    def __init__(self, port: int, seed: int, seen: Seen) -> None:
        self._dice = random.Random(seed)
        self._port, self._seen = port, seen
        self._rows: list[str] = []
        self._open: list[str] = []
        self._token = ""

    def step(self) -> None:
        kind = self._dice.random()
        if kind < 0.1 and self._rows and self._token:
            self._act()
        elif kind < 0.4 and self._open:
            self._get(f"/inbox?open={self._dice.choice(self._open)}")
        else:
            self._get(self._dice.choice(READ))

    def _get(self, address: str) -> None:
        status, text = self._ask("GET", address)
        if status and address.startswith("/inbox"):
            self._rows, self._open = _ROWS.findall(text), _OPEN.findall(text)
            self._token = next(iter(_TOKEN.findall(text)), self._token)

    def _act(self) -> None:
        form = {"act": "answer", "on": self._dice.choice(self._rows), "token": self._token}
        status, _ = self._ask("POST", "/act", urlencode(form))
        self._seen.acts[status] += 1

    def _ask(self, method: str, address: str, body: str | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        began = monotonic()
        try:
            with closing(connection):
                connection.request(method, address, body, FORM if body else {})
                answer = connection.getresponse()
                text = answer.read().decode()
        except OSError as error:
            self._seen.broken.append(f"{address}: {error!r}")
            return 0, ""
        if method == "GET":  # pages are what is timed
            self._seen.took.append((monotonic() - began) * 1e3)
        self._seen.statuses[answer.status] += 1
        return answer.status, text


@contextmanager
def people(port: int, count: int, seen: Seen) -> Iterator[None]:
    """So many users, until the end of the block."""
    over = threading.Event()

    def work(seed: int) -> None:
        user, dice = User(port, seed, seen), random.Random(seed)
        while not over.wait(dice.uniform(2, 4)):
            user.step()

    threads = [threading.Thread(target=work, args=(n,), daemon=True) for n in range(count)]
    for one in threads:
        one.start()
    yield
    over.set()
    for one in threads:
        one.join(40)


class Source:
    """Writes lines into the folder, so many a second."""

    def __init__(self, folder: Path) -> None:
        self._writer = Writer(folder / "drop", folder / "fed.jsonl", 7)
        self._dice = random.Random(7)
        self.written = 0

    def write(self, count: int) -> None:
        now = WallClock().now()
        said = []
        for _ in range(count):
            words = self._dice.choice(self._dice.choice((NEGATIVE, NEUTRAL, POSITIVE)))
            self.written += 1
            text = " ".join((words, *self._dice.choices(WORDS, k=6)))
            author = f"user{self._dice.randrange(5000)}"
            said.append(a_mention(f"m{self.written}", "Acme", text, now, author))
        self._writer.write("said.jsonl", said)

    def flow(self, a_second: int, seconds: float) -> None:
        began = monotonic()
        for n in range(int(seconds)):
            self.write(a_second)
            pause(max(0.0, began + n + 1 - monotonic()))


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.acceptance.pages_load")
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--model", default="default")
    asked = parser.parse_args()
    verdicts = Verdicts()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "drop").mkdir()
        (folder / "config.toml").write_text(CONFIG.format(model=asked.model), encoding="utf-8")
        daemon = Daemon(folder / "config.toml", folder / "daemon.log", options=()).start(seconds=60)
        try:
            run(daemon, folder, verdicts, asked.users, asked.seconds)
        finally:
            daemon.stop(30)
    return verdicts.status()


def run(daemon: Daemon, folder: Path, verdicts: Verdicts, users: int, seconds: float) -> None:
    port = urlsplit(daemon.wait_for_event("started", 30)["page"]).port or 0
    database, source = folder / "listener.db", Source(folder)
    source.write(500)
    drained(database, source.written)
    idle, busy, flood = Seen(), Seen(), Seen()
    for seen in (Seen(), idle):  # the first time pages are made for the first time
        user = User(port, 99, seen)
        for _ in range(200):
            user.step()
    with people(port, users, busy):
        source.flow(20, seconds)
    at_20 = drained(database, source.written)
    with people(port, users, flood):
        source.flow(100, 60)
        at_100 = drained(database, source.written)
    for name, seen in (("idle", idle), ("20 a second", busy), ("100 a second", flood)):
        print(
            f"{name:14} {len(seen.took):>6} pages, p50 {statistics.median(seen.took):6.1f} ms,"
            f" p95 {seen.p95():6.1f} ms, {dict(seen.statuses)}, acts {dict(seen.acts)}"
        )
    least, most = idle.p95(), busy.p95()
    verdicts.claim(
        most <= MOST_MS and most <= MOST_TIMES * least,
        f"p95 {most:.0f} ms, {most / least:.1f} x idle, {users} users and 20 mentions a second",
    )
    lost = source.written - kept(database)
    verdicts.claim(lost == 0, f"{source.written} written, {lost} lost")
    verdicts.claim(at_20 is not None, f"20 a second: drained {at_20} s after the last")
    verdicts.claim(at_100 is not None, f"100 a second: drained {at_100} s after the last")
    bad = [s for seen in (idle, busy, flood) for s in seen.statuses if s >= 500]
    broken = [one for seen in (idle, busy, flood) for one in seen.broken]
    verdicts.claim(not bad and not broken, f"pages alive: {bad or broken[:3] or 'all answered'}")


def kept(database: Path) -> int:
    return int(ask(database, "SELECT count(*) FROM mention")[0][0])


def drained(database: Path, written: int) -> float | None:
    """Seconds until all that was written is labelled; None where it takes too long."""
    began = monotonic()
    labelled = "SELECT count(DISTINCT mention_id) FROM label"
    try:
        wait_for(
            "all labelled",
            lambda: int(ask(database, labelled)[0][0]) >= written,
            DRAINED_WITHIN,
            every=1.0,
        )
    except AssertionError:
        return None
    return round(monotonic() - began, 1)


if __name__ == "__main__":
    raise SystemExit(main())
