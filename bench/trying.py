"""Queries tried at the settings over many mentions, p95 by kind of query: python -m bench.trying.

The database is that of `python -m bench.search`, which makes it.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bench import stored_texts
from bench.search import KINDS, Words

if TYPE_CHECKING:
    from listener.store.connection import Store
    from listener.trying import Tried

MOST_MS = 300.0
ROUNDS = 3
SOME = 8  # queries of a kind
FOLLOWED = ("acme", "the OR and OR you")  # a query that finds little, and one that finds a lot


def main() -> int:
    from listener.store.connection import Store

    parser = argparse.ArgumentParser(prog="python -m bench.trying", description=__doc__)
    parser.add_argument("--database", type=Path)
    options = parser.parse_args()
    database = options.database or Path(tempfile.gettempdir()) / "search-1000000.db"
    if not database.exists():
        print(f"SKIP: there is no {database}; python -m bench.search makes it")
        return 0
    store = Store(database, durable=False).open(stored_texts.ENDED)
    with store.read() as db:
        words = Words(db)
        count = db.execute("SELECT count(*) FROM mention").fetchone()[0]
    print(
        f"{count:,} mentions, {len(FOLLOWED)} queries that are followed; milliseconds of CPU, and"
        " of the wall in parentheses"
    )
    print(f"{'':32}{'p50':>7}{'p95':>7}{'worst':>7}{'(p95)':>9}{'whole':>7}")
    missed = sum(_is_missed(store, words, kind) for kind in KINDS)
    store.close()
    print(f"\n{'FAIL' if missed else 'PASS'}: {missed} kinds over {MOST_MS:.0f} ms at p95")
    return 1 if missed else 0


def _is_missed(store: "Store", words: Words, kind: str) -> bool:
    from listener.domain.query import parse
    from listener.errors import QueryError

    took, wall, whole = [], [], []
    for _ in range(SOME):
        written = KINDS[kind](words)
        for followed in FOLLOWED:
            try:
                parse(written)
            except QueryError:  # of fields alone: it can be searched, and not followed
                continue
            for _ in range(ROUNDS):
                cpu, passed, found = _tried(store, written, followed)
                took.append(cpu)
                wall.append(passed)
                whole.append(found.is_whole)
    if not took:
        return False
    p95 = _p95(took)
    print(
        f"{kind:32}{statistics.median(took):7.0f}{p95:7.0f}{max(took):7.0f}"
        f"{f'({_p95(wall):.0f})':>9}{statistics.mean(whole):7.0%}",
        flush=True,
    )
    return p95 > MOST_MS


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def _tried(store: "Store", written: str, followed: str) -> "tuple[float, float, Tried]":
    """As a page asks: both queries are read, and what they find is compared."""
    from listener import trying
    from listener.domain.query import parse

    cpu, began = time.thread_time(), time.perf_counter()
    found = trying.try_query(store, "Acme", parse(written), parse(followed), stored_texts.ENDED)
    cpu, wall = time.thread_time() - cpu, time.perf_counter() - began
    return cpu * 1e3, wall * 1e3, found


if __name__ == "__main__":
    raise SystemExit(main())
