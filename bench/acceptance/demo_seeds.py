"""The demo under many seeds: one spike, told soon after the crisis begins, and none without it.

python -m bench.acceptance.demo_seeds [--seeds 20] [--first 1] [--jobs 2] [--days 14]
"""

import argparse
import json
import multiprocessing
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.acceptance.verdicts import Verdicts

SOON = timedelta(minutes=30)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PROMISES = ("response.due_soon", "response.overdue", "response.met")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one demo told."""

    seed: int
    crisis_at: datetime | None
    events: Counter[str]
    spikes: tuple[tuple[datetime, str, str], ...]  # when, event, topic
    seconds: float

    def mistakes(self) -> list[str]:
        """What is not as it should be; empty where all is well."""
        found = [f"no {name}" for name in PROMISES if not self.events[name]]
        if self.crisis_at is None:
            return found + [f"{event} at {at:%d %H:%M}" for at, event, _ in self.spikes]
        opened = [at for at, event, topic in self.spikes if event == "spike.opened" and not topic]
        if len(opened) != 1:
            found.append(f"{len(opened)} brand-wide spike.opened")
        found += [f"{event} at {at:%d %H:%M}, before the crisis"
                  for at, event, _ in self.spikes if at < self.crisis_at]  # fmt: skip
        if opened and opened[0] > self.crisis_at + SOON:
            found.append(f"told after {(opened[0] - self.crisis_at).total_seconds() / 60:.0f} min")
        if self.spikes and self.spikes[-1][1] != "spike.resolved":
            found.append("not resolved")
        return found

    def row(self) -> str:
        lag = "-"
        if self.crisis_at is not None and self.spikes:
            lag = f"{(self.spikes[0][0] - self.crisis_at).total_seconds() / 60:.0f} min"
        spikes = Counter(event.removeprefix("spike.") for _, event, _ in self.spikes)
        counts = [spikes[name] for name in ("opened", "escalated", "reopened", "resolved")]
        promises = [self.events[name] for name in PROMISES]
        return (f"{self.seed:>6} {'no' if self.crisis_at is None else 'yes':>6} {lag:>8}"
                + "".join(f"{n:>10}" for n in (*counts, *promises))
                + f"{self.seconds:>7.1f}  " + ("; ".join(self.mistakes()) or "well"))  # fmt: skip


HEAD = f"{'seed':>6} {'crisis':>6} {'told in':>8}" + "".join(
    f"{name:>10}"
    for name in ("opened", "escalated", "reopened", "resolved", "due_soon", "overdue", "met")
) + f"{'s':>7}"  # fmt: skip


def play(seed: int, *, crisis: bool, days: int) -> Told:
    """One demo, in process; read from what it left and from the story it tells."""
    from listener.replay import show

    with TemporaryDirectory() as folder:
        played, marks = show.demo(Path(folder), now=NOW, seed=seed, days=days, crisis=crisis)
        text = (Path(folder) / show.NOTICES).read_text(encoding="utf-8")
    notices: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines()]
    begins = [mark.split()[0] for mark in marks if mark.endswith("-- the crisis begins")]
    return Told(
        seed=seed,
        crisis_at=datetime.fromisoformat(begins[0]) if begins else None,
        events=Counter(notice["event"] for notice in notices),
        spikes=tuple(
            (datetime.fromisoformat(n["at"]), n["event"], n.get("topic") or "")
            for n in notices
            if n["event"].startswith("spike.")
        ),
        seconds=played.seconds,
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--days", type=int, default=14)
    options = parser.parse_args()
    verdicts = Verdicts()
    seeds = range(options.first, options.first + options.seeds)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(options.jobs, mp_context=context) as pool:
        for crisis in (True, False):
            print(HEAD, flush=True)
            wrong = []
            for told in pool.map(partial(play, crisis=crisis, days=options.days), seeds):
                print(told.row(), flush=True)
                if told.mistakes():
                    wrong.append(told.seed)
            what = "one spike, soon, resolved" if crisis else "without a crisis no spike"
            seeds_told = f"; not so with seeds {wrong}" if wrong else ""
            verdicts.claim(not wrong, f"{what}; promises warn, run out and are met{seeds_told}")
    return verdicts.status()


if __name__ == "__main__":
    sys.exit(main())
