"""The process that is killed in `digests_year`: it hears, counts, makes and mails when it is woken.

It does what a turn of the daemon does, by the same functions, and asks before each step whether it
may go on; so the harness, which kills it, can choose where.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.acceptance._digest_calendar import DAY, WEEK, Place, count
from listener import cycle
from listener.app import open_app, plugins
from listener.config.load import load
from listener.domain.label import Sentiment
from listener.domain.mention import Batch, Mention
from listener.domain.week import Schedule
from listener.replay.sample import sample
from listener.stages import report
from listener.store import digests

TOPIC = "delivery"  # the team's


class Told:
    """The clock of the machine, which jumps as the harness has it."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        self._now = now


def said(place: Place, since: datetime, until: datetime) -> Iterator[Mention]:
    """What people said after a moment and up to another: on Wednesdays, a minute apart."""
    for number in range((until.date() - place.begin) // WEEK + 2):
        wednesday = place.begin + number * WEEK + 2 * DAY
        if not since.date() - 2 * DAY < wednesday < until.date() + 2 * DAY:
            continue
        noon = place.moment(wednesday, 0, time(12))
        for n in range(count(number)):
            at = noon + n * timedelta(minutes=1)
            if since < at <= until:
                yield Mention(
                    source="x",
                    source_id=f"{number}-{n}",
                    text=f"Acme lost parcel {number} {n}",
                    said_at=at,
                    author=f"person{n}",
                    language="en",
                    label=Sentiment.NEGATIVE,
                    topics=() if n % 2 else (TOPIC,),
                )


def work(place: Place, config: Path, pipe: Connection) -> None:
    """Do a turn for each (now, since, until) that comes through the pipe, until it is closed."""
    with suppress(EOFError):
        live(place, config, pipe)


def live(place: Place, config: Path, pipe: Connection) -> None:
    def may_go(step: str) -> None:
        pipe.send(step)
        pipe.recv()

    now, since, until = pipe.recv()
    clock = Told(now)
    app = open_app(load(config, plugins(clock)), clock, collectors=[], labels="given")
    while True:
        batch = Batch(mentions=tuple(said(place, since, until)))
        if batch.mentions:
            cycle.receive(app, batch, "x", "x")
            cycle.label_and_measure(app, clock.now())
        may_go("heard")
        report.make_due(app.store, app.reporting, clock.now())
        may_go("made")
        while cycle.mail_report(app, clock.now()):
            may_go("mailed")
        with app.store.read() as db:
            next_try = digests.next_try(db, app.notifiers)
        pipe.send(next_try)
        now, since, until = pipe.recv()
        clock.set(now)


def warm() -> None:
    """Have the templates compiled before processes are forked from this one."""
    zone = ZoneInfo("UTC")
    cycle.rendered(sample(Schedule(), zone, "en", datetime(2026, 1, 6, tzinfo=UTC)))


warm()
