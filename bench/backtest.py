"""What `listener backtest` takes: invented brands over months, their history made by the stages.

    python -m bench.backtest [--brands 5] [--days 90] [--db FILE]

Brands have 1 to 30 mentions an hour, read every five minutes; a quarter is negative, and some days
have a crisis. The database is kept at --db, and is taken as it is when it is there already.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.figure import python
from listener import cycle
from listener.app import open_app, plugins
from listener.clock import VirtualClock
from listener.config import from_document
from listener.domain.label import Sentiment
from listener.domain.mention import Batch, Mention
from listener.domain.times import BUCKET, bucket_start

RATES = (30.0, 12.0, 6.0, 3.0, 1.0)  # mentions an hour
TOPICS = ("delivery", "billing", "app")
WORDS = (
    "parcel", "courier", "refund", "website", "login", "phone", "driver", "box", "invoice",
    "seat", "bag", "gate", "crew", "meal", "delay", "ticket", "queue", "app", "bus", "hotel",
)  # fmt: skip
CRISIS_EVERY, CRISIS_HOURS, CRISIS = timedelta(days=11), 5, 25.0
EARLIER = timedelta(days=30)  # what the rules learn from


def said(
    rng: random.Random, brand: str, rate: float, since: datetime, hour: int
) -> Iterator[Mention]:
    """One hour of a brand."""
    usual, crisis = _drawn(rng, rate), 0
    into = (hour * 3600) % CRISIS_EVERY.total_seconds() / 3600
    if into < CRISIS_HOURS and hour > 24 * 20:
        crisis = _drawn(rng, CRISIS)
    for n in range(usual + crisis):
        negative = n >= usual or rng.random() < 0.25
        number = rng.randrange(10**9)
        yield Mention(
            source="x",
            source_id=f"{brand}-{hour}-{n}",
            text=f"{brand} {' '.join(rng.sample(WORDS, 4))} {number}",
            said_at=since + timedelta(seconds=rng.uniform(0, 3600)),
            author=f"person{number % 20_000}",
            language="en",
            brand=brand,
            label=Sentiment.NEGATIVE if negative else Sentiment.NEUTRAL,
            topics=(rng.choice(TOPICS),),
        )


def _drawn(rng: random.Random, mean: float) -> int:
    return sum(rng.random() < mean / 100 for _ in range(100))


def settings(brands: int) -> str:
    tables = [
        f'[[subjects]]\nname = "Brand{n}"\nrole = "brand"\nquery = "brand{n}"\n'
        for n in range(brands)
    ]
    return "\n".join(tables)


def build(db: Path, config: Path, brands: int, days: int, now: datetime) -> int:
    import tomllib

    document = tomllib.loads(config.read_text(encoding="utf-8"))
    begin = bucket_start(now) - timedelta(days=days) - EARLIER
    clock = VirtualClock(begin)
    made = from_document(document, config, plugins(clock))
    app = open_app(made, clock, database=db, durable=False, labels="given", collectors=[])
    rng, total = random.Random(1), 0
    for hour in range((days + EARLIER.days) * 24):
        since = begin + timedelta(hours=hour)
        mentions = [
            one
            for n in range(brands)
            for one in said(rng, f"Brand{n}", RATES[n % len(RATES)], since, hour)
        ]
        for slot in range(12):
            clock.advance(since + (slot + 1) * BUCKET)
            seen = [one for one in mentions if bucket_start(one.said_at) + BUCKET == clock.now()]
            cycle.receive(app, Batch(mentions=tuple(seen)), "x", "x")
            cycle.label_and_measure(app, clock.now())
        total += len(mentions)
        if hour % 240 == 0:
            print(f"\r{hour // 24} days built", end="", file=sys.stderr)
    app.close()
    return total


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--brands", type=int, default=5)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--db", type=Path)
    asked = parser.parse_args()
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as temporary:
        db = asked.db or Path(temporary) / "listener.db"
        config = db.with_suffix(".toml")
        config.write_text(settings(asked.brands), encoding="utf-8")
        if not db.exists():
            total = build(db, config, asked.brands, asked.days, now)
            print(f"\n{total:,} mentions in {db.stat().st_size / 1e6:,.0f} MB", file=sys.stderr)
        spent = python("-m", "listener", "--config", str(config), "--db", str(db), "backtest",
                       "--since", f"{asked.days}d",
                       "--set", "rules.spike.sensitivity=sensitive")  # fmt: skip
    print(f"{asked.brands} brands, {asked.days} days: {spent.wall:.1f} s, {spent.cpu:.1f} s of CPU,"
          f" {spent.peak_mb:.0f} MB at most")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
