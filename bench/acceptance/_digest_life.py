"""A year of one machine: its process sleeps, its clock jumps, and it is killed at chosen places.

What is kept of it lies outside the process: when it was woken with what clock, whether it said that
the digests were made, and every mail as the server took it.
"""

import base64
import json
import multiprocessing
import os
import random
import re
import signal
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, time, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from bench.acceptance._digest_calendar import DAY, WEEK, WEEKS, Place, periods
from listener import subscriptions
from listener.store.connection import Store
from tests.servers.smtp import Fault, SmtpServer

HOME = "https://listener.example.com/"
COMPANY, TEAM = ("ada@example.com", "bo@example.com", "cy@example.com"), ("lo@example.com",)
LEAVER = COMPANY[1]  # ends the company's digest in the second half of the year
FAULTS = (Fault.LATER_RCPT, Fault.BUSY, Fault.DROP_AFTER_DATA)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MOST_AHEAD = 12.0  # hours that the clock jumps, either way
CONFIG = """
[listener]
database = "{folder}/listener.db"
timezone = "{zone}"
[web]
public_url = "{home}"
[[subjects]]
name = "Acme"
query = "acme"
[[teams]]
name = "logistics"
email = {team}
digest = true
[[topics]]
name = "delivery"
team = "logistics"
[digest]
every = "{every}"
day = "{day}"
at = "{at}"
to = {company}
[notify.email]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "listener@example.com"
timeout_seconds = 10
"""

# Where it is killed: between its steps, inside of one, or by the server in the middle of a mail.
BETWEEN = {"heard": "before making", "made": "made, nothing sent", "mailed": "between two mails"}
INSIDE = ("while making", "while sending")
DIALOGUE = ("at EHLO", "at RCPT", "body there, not taken", "taken, not answered", "just answered")
WHERE = (*BETWEEN.values(), *INSIDE, *DIALOGUE)


@dataclass
class Books:
    """What happened in a year; as JSON it can be laid aside."""

    wakes: list[tuple[str, bool]] = field(default_factory=list)  # the clock; whether it made
    mails: list[tuple[int, str, str]] = field(default_factory=list)  # wake, recipient, as it came
    left_at: int | None = None  # mails there were when the leaver left
    kills: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)  # that a kill left in each state
    faults: Counter[str] = field(default_factory=Counter)
    silences: list[float] = field(default_factory=list)  # days, of a week or longer
    jumps: int = 0
    waiting: int = 0  # rows at the end that were neither sent nor given up

    def save(self, path: Path) -> None:
        kept = {one.name: getattr(self, one.name) for one in fields(self)}
        path.write_text(json.dumps(kept), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Books":
        kept = json.loads(path.read_text(encoding="utf-8"))
        for name in ("kills", "rows", "faults"):
            kept[name] = Counter(kept[name])
        return cls(**kept)


class Deadly(SmtpServer):
    """Kills who mails to it where `at` says, and keeps by which wake a mail came."""

    def __init__(self, books: Books) -> None:
        super().__init__()
        self.at = ""
        self.pid = 0
        self._books = books
        self._dice = random.Random(1)

    async def handle_EHLO(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, host: str, replies: list[str]
    ) -> list[str]:
        session.host_name = host
        if self.at == "at EHLO":
            self._strike()
        return replies

    async def handle_RCPT(self, *given: Any) -> str:  # noqa: N802
        if self.at == "at RCPT":
            self._strike()
        return await super().handle_RCPT(*given)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.at == "body there, not taken":
            self._strike()
            return Fault.LATER_DATA.value
        before = len(self.mails)
        answer = await super().handle_DATA(server, session, envelope)
        for mail in self.mails[before:]:
            raw = base64.b64encode(mail.raw).decode()
            self._books.mails.append((len(self._books.wakes) - 1, mail.to[0], raw))
        if self.at == "taken, not answered":
            self._strike()
        elif self.at == "just answered":
            server.loop.call_later(self._dice.uniform(0, 0.004), self._strike)
        return answer

    def calm(self) -> None:
        self.at = ""
        self._faults.clear()

    def _strike(self) -> None:
        self.at = ""
        os.kill(self.pid, signal.SIGKILL)


class Life:
    """The harness of one place's year. `live` returns its books."""

    def __init__(self, place: Place, folder: Path, kills: int, seed: int) -> None:
        from bench.acceptance import _digest_worker

        self.place = place
        self.folder = folder
        self._work = _digest_worker.work
        self._wanted = kills
        self._dice = random.Random(f"{seed}:{place.zone}")
        self._dues = [one.due for one in periods(place)]
        self._begin = place.moment(place.begin, 0, time())
        self._end = place.moment(place.begin + WEEKS * WEEK, 0, time())
        self._truth = self._heard = self._begin
        self._skew = timedelta()
        self._settled = datetime.min.replace(tzinfo=UTC)  # up to here all that is due is made
        self.books = Books()
        self.server = Deadly(self.books)
        self._process: Any = None
        self._pipe: Connection | None = None

    def live(self) -> Books:
        self.folder.mkdir(parents=True)
        with self.server:
            self._write_config()
            next_try = self._turn()
            while self._truth < self._end:
                self._sleep(next_try)
                next_try = self._turn()
            self._skew = timedelta()
            for _ in range(30):  # at the end all is well, and what waits is sent
                self._truth += HOUR
                self._turn(calm=True)
            self.books.waiting = self._rows("'waiting', 'sending'")
            self._stop()
        return self.books

    def _write_config(self) -> None:
        told = CONFIG.format(
            folder=self.folder, zone=self.place.zone, home=HOME, team=json.dumps(TEAM),
            company=json.dumps(COMPANY), every=self.place.every, day=self.place.day,
            at=self.place.at, port=self.server.port,
        )  # fmt: skip
        (self.folder / "config.toml").write_text(told, encoding="utf-8")

    # Time

    def _sleep(self, next_try: datetime | None) -> None:
        dice = self._dice
        began = self._truth
        kind = dice.random()
        coming = min((due for due in self._dues if due > began), default=self._end)
        if next_try is not None and dice.random() < 0.7:
            self._truth += max(MINUTE, next_try - began)
        elif kind < 0.35 and coming - began < 8 * DAY:  # about when the next is due
            self._truth = max(began + MINUTE, coming + dice.uniform(-40, 40) * MINUTE)
        elif kind < 0.975:
            self._truth += timedelta(days=dice.choice((0.01, 0.2, 1.0, 3.0)) * dice.random())
        else:
            self._truth += timedelta(days=dice.uniform(7, 35))
        self._truth = min(self._truth, self._end + DAY)  # nothing of the next year comes due
        if self._truth - began >= WEEK:
            self.books.silences.append((self._truth - began) / DAY)
        if dice.random() < 0.12:
            self.books.jumps += 1
            self._skew = dice.choice((0.0, dice.uniform(-MOST_AHEAD, MOST_AHEAD))) * HOUR

    @property
    def _clock(self) -> datetime:
        return self._truth + self._skew

    # A turn, and its end

    def _turn(self, *, calm: bool = False) -> datetime | None:
        """Wake it; after a kill again, until a turn ends. Returns when it wants to try next."""
        while True:
            deadly = not calm and self._shall_die()
            self.books.wakes.append((self._clock.isoformat(), False))
            found = self._once(self._dice.choice(WHERE) if deadly else "", calm)
            if not isinstance(found, str):
                self._settled = max(self._settled, self._clock)
                return found
            self._buried(found)
            self._truth += timedelta(seconds=self._dice.choice((1, 60, 1800)) * self._dice.random())

    def _shall_die(self) -> bool:
        """Only where there is something to make or to send; all over the year."""
        due = any(self._settled < one <= self._clock for one in self._dues)
        if not due and not self._rows("'waiting', 'sending'"):
            return False
        gone = min(1.0, (self._truth - self._begin) / (self._end - self._begin))
        behind = self.books.kills.total() < 2 + self._wanted * (gone + 0.08)
        return behind and self._dice.random() < 0.8

    def _once(self, place: str, calm: bool) -> datetime | str | None:
        """One turn, killed at a place if it comes there. Returns the place, or the next try."""
        pipe = self._woken()
        until = min(self._truth, self._clock)
        try:
            pipe.send((self._clock, self._heard, until))
            while True:
                step = pipe.recv()
                if step is None or isinstance(step, datetime):
                    return step
                if step == "heard":
                    self._heard = max(self._heard, until)
                elif step == "made":
                    self.books.wakes[-1] = (self.books.wakes[-1][0], True)
                self._go_on(step, place, calm)
        except (EOFError, ConnectionError):
            self.server.calm()
            return place
        finally:
            self.server.calm()

    def _go_on(self, step: str, place: str, calm: bool) -> None:
        """Let it go on from a step, or kill it: there, a little later, or in the next mail."""
        assert self._pipe is not None
        dice, sends = self._dice, step in ("made", "mailed")
        now = dice.random() < (0.35 if sends else 1.0)
        if BETWEEN.get(step) == place and (now or step == "made"):
            self._kill()
            return
        if sends and now and place in DIALOGUE:
            self.server.at = place
        elif sends and not calm and dice.random() < 0.08:
            fault = dice.choice(FAULTS)
            self.books.faults[fault.name] += 1
            self.server.next(fault)
        self._pipe.send("go")
        inside = place == INSIDE[0] if step == "heard" else place == INSIDE[1] and sends and now
        if inside and not self._pipe.poll(dice.uniform(0, 0.05)):
            self._kill()

    def _woken(self) -> Connection:
        if self._process is None:
            context = multiprocessing.get_context("forkserver")
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(
                target=self._work, args=(self.place, self.folder / "config.toml", theirs)
            )
            self._process.start()
            theirs.close()
            self.server.pid = self._process.pid
        assert self._pipe is not None
        return self._pipe

    def _kill(self) -> None:
        os.kill(self._process.pid, signal.SIGKILL)

    def _buried(self, place: str) -> None:
        self._process.join(10)
        if self._process.exitcode != -signal.SIGKILL:
            raise RuntimeError(f"{self.place.zone}: ended by itself: {self._process.exitcode}")
        self._stop()
        self.books.kills[place] += 1
        for state in ("waiting", "sending"):
            self.books.rows[f"a row {state}"] += bool(self._rows(f"'{state}'"))
        if self.books.left_at is None and self._truth > self._begin + 26 * WEEK:
            self._leave()

    def _stop(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.join(10)
        self._process = self._pipe = None

    def _leave(self) -> None:
        """The leaver presses the link of a mail, best while another is on its way to him."""
        late = self._truth > self._begin + 40 * WEEK
        if not late and not self._rows("'sending'", f" AND recipient = '{LEAVER}'"):
            return
        for _, to, raw in self.books.mails:
            link = re.search(rb"List-Unsubscribe: <[^>]*/unsubscribe/([^>]+)>", _raw(raw))
            if to == LEAVER and link is not None:
                store = Store(self.folder / "listener.db").open(self._clock)
                pressed = subscriptions.press(store, link[1].decode(), self._clock, again=False)
                store.close()
                assert pressed is not None
                self.books.left_at = len(self.books.mails)
                return

    def _rows(self, states: str, more: str = "") -> int:
        with closing(sqlite3.connect(self.folder / "listener.db")) as db:
            asked = f"SELECT count(*) FROM digest WHERE state IN ({states}){more}"
            try:
                return int(db.execute(asked).fetchone()[0])
            except sqlite3.OperationalError:  # killed before it had made its tables
                return 0


def _raw(kept: str) -> bytes:
    return base64.b64decode(kept)


def raws(books: Books) -> Iterable[tuple[int, str, bytes]]:
    """The mails: of which wake, to whom, and as they came."""
    return ((wake, to, _raw(kept)) for wake, to, kept in books.mails)
