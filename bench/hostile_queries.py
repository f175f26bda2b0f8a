"""Queries made to hurt: each refused or right, and none slow; `python -m bench.hostile_queries`."""

import argparse
from collections.abc import Callable, Sequence
from functools import partial
from time import process_time
from typing import Any

LIMIT_MS = 50
TEXTS_BY_TURNS = 3  # of the slow ones for each query; all 2,000 meet every one of them often
AGAIN = 3  # a second and third try, for a pause of the machine is no fault of the query


def milliseconds(act: Callable[[], Any]) -> float:
    """CPU time of this process."""
    least = float("inf")
    for _ in range(AGAIN):
        start = process_time()
        act()
        least = min(least, (process_time() - start) * 1_000)
        if not LIMIT_MS / 2 < least < LIMIT_MS * 4:
            break
    return least


def shown(query: str) -> str:
    line = query.encode("unicode_escape").decode()
    return line if len(line) <= 90 else f"{line[:70]}... ({len(query):,} characters)"


class Bench:
    def __init__(self, texts: Sequence[str], slow: Sequence[str]) -> None:
        from listener.domain.query.document import Document

        self._texts, self._slow = texts, slow
        self._documents = [Document(text=text) for text in texts]
        self.refused = 0
        self.wrong: list[tuple[str, str]] = []
        self.times: dict[str, list[tuple[float, str]]] = {
            part: [] for part in ("reading", "short texts", "a slow text of 20,000 characters")
        }

    def ask(self, number: int, query: str) -> None:
        from listener.errors import QueryError
        from tests.domain.query.test_hostile import read

        self._time("reading", query, partial(read, query))
        found = read(query)
        if isinstance(found, QueryError):
            self.refused += 1
            if not 0 <= found.position <= len(query):
                self.wrong.append((query, f"refused at {found.position}: {found}"))
            return
        self._compare(query, found)
        for turn in range(TEXTS_BY_TURNS):
            text = self._slow[(number * TEXTS_BY_TURNS + turn) % len(self._slow)]
            self._time("a slow text of 20,000 characters", query, partial(found.match, text))

    def _compare(self, query: str, found: Any) -> None:
        from tests.domain.query.slow import match

        self._time("short texts", query, lambda: [found.match(text) for text in self._texts])
        for document in self._documents:
            ours, theirs = found.match(document), match(found.root, document)
            if ours != theirs:
                self.wrong.append((query, f"{document.text!r}: {ours}, slowly {theirs}"))

    def _time(self, part: str, query: str, act: Callable[[], Any]) -> None:
        self.times[part].append((milliseconds(act), query))


def main() -> int:
    from tests.domain.query.hostile import hostile, slow_texts
    from tests.domain.query.test_hostile import TEXTS

    parser = argparse.ArgumentParser(prog="python -m bench.hostile_queries", description=__doc__)
    parser.add_argument("--count", type=int, default=2_000, help="so many queries")
    options = parser.parse_args()
    bench = Bench(TEXTS, slow_texts())
    queries = list(hostile(options.count))
    for number, query in enumerate(queries):
        bench.ask(number, query)
    print(f"{len(queries):,} queries: {bench.refused:,} refused at a place,"
          f" {len(queries) - bench.refused:,} answered, {len(bench.wrong)} wrongly")  # fmt: skip
    for query, why in bench.wrong[:20]:
        print(f"  WRONG {shown(query)}\n        {shown(why)}")
    slow = 0
    for part, times in bench.times.items():
        slow += sum(time > LIMIT_MS for time, _ in times)
        print(f"\n{part}: the slowest of {len(times):,}, at most {LIMIT_MS} ms wanted")
        for time, query in sorted(times, reverse=True)[:5]:
            print(f"  {time:8.1f} ms  {shown(query)}")
    passed = not slow and not bench.wrong
    print(f"\n{'PASS' if passed else 'FAIL'}: {len(bench.wrong)} wrong, {slow} over {LIMIT_MS} ms")
    return 0 if passed else 1


if __name__ == "__main__":
    raise SystemExit(main())
