"""What is attacked: a daemon of its own with people, tokens and mentions; and tallies."""

import re
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from starlette.routing import BaseRoute, Mount, Route

from bench.acceptance._attack_wire import Told, said, told
from bench.acceptance.verdicts import Verdicts
from listener.clock import WallClock
from listener.config.tables import WebTable
from listener.store import incidents
from listener.store.connection import Store
from listener.web.site import make_site
from tests.builders import HOUR, MINUTE, a_finding, a_mention, a_rival, a_subject
from tests.daemon.processes import LISTENER, Daemon, ask, environment, wait_for
from tests.web.conftest import HandClock
from tests.web.story import follow, take_in
from tests.web.visitors import PASSWORD, Counting, Person, Place, Tick

PUBLIC = "listen.example"
SECRET = "canary-secret-of-the-hook"  # in the config file: nobody is ever told
RIVALS = "zebracanary"  # in what was said of Boreal, and of nobody else
CONFIG = f"""
[listener]
database = "listener.db"
[[subjects]]
name = "Acme"
query = "acme"
[[subjects]]
name = "Boreal"
role = "competitor"
query = "boreal"
[collectors.shop]
type = "webhook"
secret = "{SECRET}"
[web]
port = 0
public_url = "https://{PUBLIC}/"
"""
PEOPLE = {"rita": "reader", "agatha": "agent", "adam": "admin", "abel": "agent"}
TOKENS = {"read": "rita", "act": "agatha", "feed": "agatha"}  # by their scopes
# What the clock writes, and what a visit does: no deed of anybody.
_MOVING = re.compile(
    "sqlite_.*|mention_search.*|session|presence|source_run|source_state|progress|meta|work|audit|clock|incident"
    "|rule_state|chart|detector|shown|model_use|word|api_token|spending|bucket|stale_bucket|past"
    "|theme.*|comparison|redraw|secret"
)
# The clock writes these too, so of them what people do: of the record all but who came and went.
_DEEDS = {
    "clock": "SELECT mention_id, subject_id, answered_at, dismissed, snoozed_until FROM clock"
    " WHERE answered_at IS NOT NULL OR dismissed OR snoozed_until IS NOT NULL",
    "incident": "SELECT id, acknowledged_at, acknowledged_by, snoozed_until FROM incident"
    " WHERE acknowledged_at IS NOT NULL OR snoozed_until IS NOT NULL",
    "audit": "SELECT * FROM audit WHERE what NOT LIKE 'user %' AND did NOT LIKE '%sign%'",
}
_TOLD_TOO_MUCH = re.compile(r"Traceback|sqlite3|\$argon2|root:x:0|OperationalError|" + SECRET)


@dataclass
class Target:
    """A daemon with its pages on loopback, and the people who have an account there."""

    folder: Path
    daemon: Daemon
    port: int
    people: dict[str, Person] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def command(self, *words: str, stdin: str = "") -> str:
        """A command of `listener`, as whoever runs it types it."""
        done = subprocess.run(
            [*LISTENER, "--config", str(self.folder / "config.toml"), *words],
            input=stdin, capture_output=True, text=True, env=environment(), check=True,
        )  # fmt: skip
        return done.stdout

    def person(self, **more: Any) -> Person:
        """A browser without cookies."""
        return Person(Place(self.port, WebTable(), Counting(), Tick()), **more)

    def signed_in(self, name: str, password: str = PASSWORD) -> Person:
        person = self.person()
        answer = person.try_password(password, name)
        assert answer.status == 303, (name, answer.status)
        return person

    def send(
        self,
        method: str,
        target: str | bytes,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        who: str = "",
        seconds: float = 20.0,
    ) -> Told:
        """A request as it stands: nothing is quoted, nothing is mended. `who` has their cookies."""
        more = dict(headers or {})
        if who:
            session = self.people[who].session
            more.setdefault("cookie", f"listener={session}")
        return said(self.port, method, target, more, body, seconds=seconds)

    def raw(self, data: bytes, seconds: float = 20.0) -> Told:
        return told(self.port, data, seconds)

    def rows(self, query: str) -> list[Any]:
        return ask(self.folder / "listener.db", query)

    def change(self, statement: str) -> None:
        """Something in the database, as time would."""
        with closing(sqlite3.connect(self.folder / "listener.db", timeout=10)) as db, db:
            db.execute(statement)

    def kept(self) -> dict[str, list[Any]]:
        """All that people have a hand in: every table but those that the clock writes; the file."""
        names = [n for (n,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {n: self.rows(f"SELECT * FROM {n}") for n in names if not _MOVING.fullmatch(n)}
        found |= {name: self.rows(query) for name, query in _DEEDS.items()}
        found["config.toml"] = [(self.folder / "config.toml").read_text(encoding="utf-8")]
        return found

    def memory(self) -> float:
        """MB that the daemon has in memory."""
        text = Path(f"/proc/{self.daemon.process.pid}/status").read_text()
        return int(next(iter(re.findall(r"VmRSS:\s+(\d+)", text)))) / 1024

    def open_files(self) -> int:
        return sum(1 for _ in Path(f"/proc/{self.daemon.process.pid}/fd").iterdir())

    def mention(self) -> str:
        return "x:1"

    def too_much(self, answer: Told) -> str:
        """What an answer tells that nobody may know; nothing where it tells none of it."""
        found = _TOLD_TOO_MUCH.search(answer.head + answer.body.decode("utf-8", "replace"))
        return found[0] if found else ""


def changed(before: Mapping[str, list[Any]], after: Mapping[str, list[Any]]) -> list[str]:
    """The names of the tables that differ."""
    return [name for name in {**before, **after} if before.get(name) != after.get(name)]


@contextmanager
def standing(folder: Path) -> Iterator[Target]:
    """A daemon that has taken everything in, and whose people have signed in."""
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    fill(folder / "listener.db")
    daemon = Daemon(folder / "config.toml", folder / "daemon.log", options=())
    target = Target(folder, daemon, 0)
    for name, role in PEOPLE.items():
        target.command("user", "add", name, "--role", role, stdin=f"{PASSWORD}\n")
    for scope, who in TOKENS.items():
        out = target.command("token", "add", f"t-{scope}", "--scope", scope, "--user", who)
        target.tokens[scope] = max(out.split(), key=len)
    daemon.start(seconds=60)
    try:
        target.port = urlsplit(daemon.wait_for_event("started", 30)["page"]).port or 0
        target.people = {name: target.signed_in(name) for name in PEOPLE}
        wait_for("the model's labels", lambda: _is_settled(target), 600, every=1)
        yield target
    finally:
        daemon.stop(30)


def _is_settled(target: Target) -> bool:
    """Whether the model has labelled all that was there before it, and nothing is to be redone."""
    before_it = "SELECT count(*) FROM label WHERE model = 'fake@1'"
    undone = "SELECT count(*) FROM redo"
    told = "SELECT count(*) FROM told_by"
    has_told = bool(target.rows(told)[0][0])
    return has_told and not any(target.rows(query)[0][0] for query in (before_it, undone))


def fill(database: Path) -> None:
    """Forty mentions of two subjects, and an incident."""
    now = WallClock().now()
    store = Store(database).open(now)
    with closing(store):
        follow(store, a_subject(query=_query("acme")), a_rival(query=_query("boreal")))
        of_acme = [
            a_mention(n, text=f"Acme lost parcel number {n}", said_at=now - n * MINUTE)
            for n in range(1, 31)
        ]
        of_boreal = [
            a_mention(n, text=f"Boreal {RIVALS} number {n}", said_at=now - n * MINUTE)
            for n in range(31, 41)
        ]
        take_in(store, HandClock(now), *of_acme, *of_boreal)
        with store.write() as db:
            incidents.open_incident(db, a_finding(), now - HOUR)


def _query(words: str) -> Any:
    from listener.domain.query import parse

    return parse(words)


def routes() -> list[tuple[str, tuple[str, ...]]]:
    """Every address of the site as it names itself, with its methods: a new one is among them."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        now = WallClock().now
        store = Store(Path(folder) / "listener.db").open(now())
        with closing(store):
            site = make_site(store, now, None, "127.0.0.1", ZoneInfo("UTC"))
            return list(_walked(site.routes))


def _walked(found: list[BaseRoute], base: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    for one in found:
        if isinstance(one, Mount):
            yield from _walked(one.routes, base + one.path)
        elif isinstance(one, Route):
            yield base + one.path, tuple(sorted(one.methods or ()))


@dataclass
class Row:
    """One line of the table: something that was tried, so many times, and what came of it."""

    family: str
    tried: str
    outcomes: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    more: str = ""

    def saw(self, outcome: object, held: bool, what: str = "") -> bool:
        """Note what one try came to."""
        self.outcomes[str(outcome)] += 1
        if not held:
            self.wrong.append(f"{outcome} {what}"[:200])
        return held

    def must(self, held: bool, what: str) -> None:
        """Something that has to hold besides."""
        if not held:
            self.wrong.append(what[:300])

    def told(self, verdicts: Verdicts) -> None:
        times = sum(self.outcomes.values())
        came = ", ".join(f"{what} x{n}" for what, n in self.outcomes.most_common(6))
        more = f"; {self.more}" if self.more else ""
        self.must(times > 0, "nothing was tried")
        verdicts.claim(not self.wrong, f"{self.family:10} {self.tried:56} {times:>5}  {came}{more}")
        for one in self.wrong[:8]:
            print(f"          {one}", flush=True)


@contextmanager
def row(verdicts: Verdicts, family: str, tried: str) -> Iterator[Row]:
    made = Row(family, tried)
    yield made
    made.told(verdicts)
