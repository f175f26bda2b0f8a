"""10,000 brands at five-minute buckets: what a tick costs, what is kept, and a restart amid it.

    python -m bench.many_brands [--brands 10000] [--days 14] [--folder DIR]

History is drawn straight into buckets (mentions an hour from 0.2 to 10,000, most brands small),
then learned, as after an import. Both are kept in the folder: a run that was stopped goes on.
Then ticks, each timed with everything read and written: all brands have something new in every
one of them, and then each as often as its rate says. In some brands crises begin. At last the
same ticks once more, with a restart in the middle: the incidents have to be the same, bit for bit.
"""

import argparse
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from listener.domain.subject import Role, Subject
from listener.domain.times import BUCKET, to_text
from listener.rules.spike.rule import SpikeRule
from listener.stages.alert import spikes
from listener.stages.alert.telling import Telling
from listener.stages.alert.watch import Watch
from listener.stages.alert.watched import Memory
from listener.store import subjects
from listener.store.connection import Db, Store
from listener.store.incidents import Outlets

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
RATES = (0.2, 1.0, 5.0, 20.0, 100.0, 500.0, 2_000.0, 10_000.0)  # mentions an hour
SHARES = (0.40, 0.30, 0.17, 0.08, 0.035, 0.012, 0.0025, 0.0005)  # of all brands
USUAL = 0.25  # of them are negative
BUSY_TICKS, USUAL_TICKS = 8, 8  # half an hour after the crises began, and longer
CRISES = 20  # brands in which one begins
MOST_SECONDS, MOST_BYTES = 10.0, 4096
BUCKETS_A_DAY = 288

INSERT = (
    "INSERT OR REPLACE INTO bucket (start, subject_id, channel, topic, mentions, negative, authors,"
    " folded, folded_negative, touched) VALUES (?, ?, ?, '', ?, ?, ?, ?, ?, ?)"
)
Counts = tuple[int, int, int]  # subject, mentions, negative


def rates(brands: int) -> list[float]:
    """Of each brand, always the same."""
    rng = np.random.default_rng(1)
    weights = np.array(SHARES) / sum(SHARES)
    return [float(r) for r in rng.choice(RATES, size=brands, p=weights)]


def row(start: str, subject_id: int, channel: str, mentions: int, negative: int, touch: int) -> Any:
    return (start, subject_id, channel, mentions, negative, mentions, mentions, negative, touch)


def history(db: Db, subject_id: int, rate: float, days: int) -> None:
    """A brand's days with hours that differ, up to now."""
    rng = np.random.default_rng([2, subject_id])
    buckets = np.arange(days * BUCKETS_A_DAY)
    season = 1 + 0.6 * np.sin(buckets / BUCKETS_A_DAY * 2 * np.pi)
    mentions = rng.poisson(rate / 12 * season)
    negative = rng.binomial(mentions, USUAL)
    begin = NOW - timedelta(days=days)
    db.executemany(
        INSERT,
        [
            row(to_text(begin + int(i) * BUCKET), subject_id, "all", int(m), int(n), 1)
            for i, m, n in zip(buckets, mentions, negative, strict=True)
            if m
        ],
    )


def build(folder: Path, brands: int, days: int) -> Path:
    """A database with its history, learned; what of it is there already is taken as it is."""
    path = folder / f"brands_{brands}_{days}.db"
    store = Store(path).open(NOW)
    with store.write() as db:
        subjects.keep(
            db, [Subject(name=f"brand {i}", role=Role.BRAND, query=None) for i in range(brands)]
        )
    with store.read() as db:
        done = db.execute("SELECT coalesce(max(subject_id), 0) FROM bucket").fetchone()[0]
    began, of = time.process_time(), rates(brands)
    for first in range(done + 1, brands + 1, 200):
        with store.write() as db:
            for subject_id in range(first, min(first + 200, brands + 1)):
                history(db, subject_id, of[subject_id - 1], days)
        print(f"\rhistory of {first + 199:,} brands", end="", file=sys.stderr, flush=True)
    with store.read() as db:
        rows = db.execute("SELECT count(*) FROM bucket").fetchone()[0]
    print(f"\n{rows:,} buckets drawn, {time.process_time() - began:.0f} s of CPU", flush=True)
    learn(store, brands)
    store.close()
    return path


def learn(store: Store, brands: int) -> None:
    """The first look, 500 brands at a time, so that a run that was stopped goes on."""
    began = time.process_time()
    watch = a_watch(store, brands)
    with store.read() as db:
        known = {r["subject_id"] for r in db.execute("SELECT subject_id FROM detector")}
    left = [s for s in watch.subjects if s.id not in known]
    for at in range(0, len(left), spikes.AT_ONCE):
        some = tuple(left[at : at + spikes.AT_ONCE])
        spikes.watch(store, a_watch(store, brands, some), NOW)
        print(f"\rlearned {at + len(some):,}", end="", file=sys.stderr, flush=True)
    print(f"\nlearned {len(left):,} brands, {time.process_time() - began:.0f} s of CPU", flush=True)


def a_watch(store: Store, brands: int, some: tuple[Subject, ...] = ()) -> Watch:
    if not some:
        with store.read() as db:
            ids = {name: number for number, name in subjects.names(db).items()}
        some = tuple(
            Subject(name=f"brand {i}", role=Role.BRAND, query=None, id=ids[f"brand {i}"])
            for i in range(brands)
        )
    return Watch(
        subjects=some,
        rules={"spike": SpikeRule()},
        promises={},
        telling=Telling(outlets=Outlets(("jsonl",))),
        memory=Memory(),
    )


def said(tick: int, of: Sequence[float], *, busy: bool) -> Iterator[Counts]:
    """What is new in a tick; when it is busy, at least one mention of every brand."""
    rng = np.random.default_rng([3, tick])
    mentions = rng.poisson(np.array(of) / 12)
    if busy:
        mentions = np.maximum(mentions, 1)
    negative = rng.binomial(mentions, USUAL)
    for at, (m, n) in enumerate(zip(mentions, negative, strict=True)):
        crisis = at % max(len(of) // CRISES, 1) == 0 and tick < 6
        extra = 12 + int(of[at] / 12 * 3) if crisis else 0
        if m + extra:
            yield at + 1, int(m + extra), int(n + extra)


def put(store: Store, tick: int, counts: Sequence[Counts]) -> None:
    """The counts of a tick, as the measure stage leaves them, and the words of crises."""
    start = to_text(NOW + (tick + 1) * BUCKET)
    with store.write() as db:
        touch = int(db.execute("SELECT max(touched) FROM bucket").fetchone()[0]) + 1
        db.executemany(
            INSERT,
            [
                row(start, subject_id, channel, m, n, touch)
                for subject_id, m, n in counts
                for channel in ("all", "social")
            ],
        )
        for subject_id, _, n in counts:
            if n >= 12 and subject_id % 5 == 1:
                voices(db, subject_id, start, min(n, 40))


def voices(db: Db, subject_id: int, start: str, people: int) -> None:
    """Somebody has to be behind the numbers."""
    for person in range(people):
        name = f"{subject_id}-{start}-{person}"
        author = db.execute(
            "INSERT INTO author (source, source_id) VALUES ('x', ?)", (name,)
        ).lastrowid
        mention = db.execute(
            "INSERT INTO mention (source, source_id, channel, kind, text, said_at, seen_at,"
            " author_id) VALUES ('x', ?, 'social', 'post', ?, ?, ?, ?)",
            (name, f"it broke my number {person} of {start}", start, start, author),
        ).lastrowid
        db.execute(
            "INSERT INTO match (mention_id, subject_id, origin, said_at, channel, author_id,"
            " sentiment) VALUES (?, ?, 'query', ?, 'social', ?, 'negative')",
            (mention, subject_id, start, author),
        )


class Run:
    """All ticks over a copy of the database; what they cost, and what came of them."""

    def __init__(self, built: Path, folder: Path, name: str, brands: int) -> None:
        self.path = folder / f"{name}.db"
        shutil.copyfile(built, self.path)
        self.brands, self.rates = brands, rates(brands)
        self.store = Store(self.path).open(NOW)
        self.watch = a_watch(self.store, brands)
        self.cost: list[float] = []

    def tick(self, tick: int) -> None:
        put(self.store, tick, list(said(tick, self.rates, busy=tick < BUSY_TICKS)))
        began = time.process_time()
        spikes.watch(self.store, self.watch, NOW + (tick + 1) * BUCKET + timedelta(minutes=1))
        self.cost.append(time.process_time() - began)

    def restart(self) -> None:
        self.store.close()
        self.store = Store(self.path).open(NOW)
        self.watch = a_watch(self.store, self.brands)

    def came_of_it(self) -> list[Any]:
        """All incidents, their history and notices, and what every detector knows."""
        with self.store.read() as db:
            found: list[Any] = [
                [tuple(r) for r in db.execute(f"SELECT * FROM {table} ORDER BY id")]
                for table in ("incident", "incident_event", "notice")
            ]
        memory = self.watch.memory.brands
        return [*found, {i: one.remembered(i) for i, one in sorted(memory.items())}]

    def kept(self) -> tuple[int, float, int]:
        """Detectors, and bytes of a brand: on average, and at most."""
        with self.store.read() as db:
            row = db.execute(
                "SELECT sum(n), avg(size), max(size) FROM (SELECT count(*) AS n,"
                " sum(length(state)) AS size FROM detector GROUP BY subject_id)"
            ).fetchone()
        return int(row[0]), float(row[1]), int(row[2])


def compare(built: Path, folder: Path, brands: int) -> bool:
    straight, broken = (Run(built, folder, name, brands) for name in ("straight", "broken"))
    ticks = range(BUSY_TICKS + USUAL_TICKS)
    for tick in ticks:
        straight.tick(tick)
    series, size, most = straight.kept()
    straight_came = straight.came_of_it()
    straight.store.close()
    del straight.watch
    for tick in ticks:
        if tick in (4, BUSY_TICKS + 2):
            broken.restart()
        broken.tick(tick)
    same = broken.came_of_it() == straight_came
    incidents = len(straight_came[0])
    broken.store.close()
    return report(straight.cost, broken.cost, series, size, most, incidents, same=same)


def report(
    straight: Sequence[float],
    broken: Sequence[float],
    series: int,
    size: float,
    most: int,
    incidents: int,
    *,
    same: bool,
) -> bool:
    busy, usual = straight[1:BUSY_TICKS], straight[BUSY_TICKS:]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"first tick after a start, all read: {straight[0]:.2f} s of CPU")
    print(f"every brand active: {max(busy):.2f} s of CPU a tick at most ({fmt(busy)})")
    print(f"as active as usual: {max(usual):.2f} s of CPU a tick at most ({fmt(usual)})")
    print(f"after a restart: {broken[4]:.2f} and {broken[BUSY_TICKS + 2]:.2f} s of CPU")
    print(f"{series:,} detectors; a brand's are {size:,.0f} bytes, at most {most:,}")
    print(f"{memory:,.0f} MB of memory at most")
    print(f"{incidents} incidents; after a restart {'the same' if same else 'OTHERS'}")
    cheap = max(*straight, *broken) <= MOST_SECONDS and size <= MOST_BYTES
    print("PASS" if cheap and same and incidents else "FAIL", end=" ")
    print(f"(at most {MOST_SECONDS:.0f} s a tick, {MOST_BYTES:,} bytes a brand, nothing changed)")
    return bool(cheap and same and incidents)


def fmt(costs: Sequence[float]) -> str:
    return ", ".join(f"{cost:.2f}" for cost in costs)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--brands", type=int, default=10_000)
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        built = build(folder, asked.brands, asked.days)
        return 0 if compare(built, folder, asked.brands) else 1


if __name__ == "__main__":
    sys.exit(main())
