"""Text evaluator and database find the same: python -m bench.query_agreement.

10,000 random queries, each of 500 texts, and 100 of 20,000 texts of ../shared/data. What was done
is noted in the folder that is named, so that a run of the same code goes on where it was stopped.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bench import made_of, stored_texts

if TYPE_CHECKING:
    from listener.domain.mention import Mention
    from tests.store.agreement import Both

SMALL, OF_SMALL = 500, 10_000
LARGE, OF_LARGE = 20_000, 100
AT_ONCE = 250  # queries of the same 500 texts


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.query_agreement", description=__doc__)
    parser.add_argument("--folder", type=Path, help="where it is noted how far it came")
    parser.add_argument("--queries", type=int, default=OF_SMALL, help="of 500 texts each")
    parser.add_argument("--of-many", type=int, default=OF_LARGE, help="queries of 20,000 texts")
    options = parser.parse_args()
    made = made_of.code("listener/domain", "listener/store", "tests/domain/query", "tests/store")
    folder = (options.folder or Path(tempfile.gettempdir()) / "query-agreement") / made
    folder.mkdir(parents=True, exist_ok=True)
    said = stored_texts.texts()
    if not said:
        print("SKIP: there is no ../shared/data beside the checkout")
        return 0
    began = time.monotonic()
    for seed in range(0, options.queries, AT_ONCE):
        part(folder, said, SMALL, min(AT_ONCE, options.queries - seed), seed)
        print(f"{seed + AT_ONCE:,} queries, {time.monotonic() - began:.0f} s", flush=True)
    part(folder, said, LARGE, options.of_many, 1_000_000)
    return verdict(folder)


def part(folder: Path, said: list[stored_texts.Said], texts: int, queries: int, seed: int) -> None:
    """So many random queries of so many texts, unless they are done; the results are a file."""
    noted = folder / f"{texts}-{queries}-{seed}.txt"
    if noted.exists():
        return
    from listener.store.connection import Store
    from tests.store.agreement import Both

    with tempfile.TemporaryDirectory() as place:
        store = Store(Path(place) / "both.db", durable=False).open(stored_texts.ENDED)
        both = Both(store, list(mentions(said, texts, seed)))
        lines = list(compared(both, queries, seed))
        store.close()
    noted.write_text("\n".join(lines) + "\n", encoding="utf-8")


def compared(both: "Both", queries: int, seed: int) -> Iterator[str]:
    """A line for each query: how many were found, then what only one of the two found."""
    from listener.domain.query import parse
    from tests.domain.query.random_queries import random_queries

    for written in random_queries(list(both.documents.values()), queries, seed):
        query = parse(written, broad=True)
        by_texts, by_database = both.by_texts(query), both.by_database(query, stored_texts.ENDED)
        missing, added = by_texts - by_database, by_database - by_texts
        problem = f" MISSING {sorted(missing)[:5]} ADDED {sorted(added)[:5]}"
        yield f"{len(by_texts)} {written!r}{problem if missing or added else ''}"


def mentions(said: list[stored_texts.Said], count: int, seed: int) -> Iterator["Mention"]:
    """Some of the texts, with everything that fields ask for."""
    from tests.store.agreement import a_varied_mention

    for number in range(count):
        one = said[(seed * 7 + number) % len(said)]
        yield a_varied_mention(number, one.text, language=one.language)


def verdict(folder: Path) -> int:
    noted = [file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.txt"))]
    lines = [line for text in noted for line in text.splitlines()]
    found = sum(not line.startswith("0 ") for line in lines)
    differing = [line for line in lines if " MISSING [" in line]
    print(*differing, sep="\n")
    print(f"{len(lines):,} queries, of which {found:,} found something")
    print("FAIL" if differing else "PASS", f"{len(differing)} disagree")
    return 1 if differing else 0


if __name__ == "__main__":
    raise SystemExit(main())
