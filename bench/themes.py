"""Themes of a brand's mentions, week by week, as a manager would read them.

    python -m bench.themes [--data DIR] [--work DIR]

The mentions of `twcs/spotify_inbound` are stored, labelled by `fast`, and given vectors (kept in
--work, so that they are made once). Themes are then found for each whole week, by the stage that
the daemon runs. Printed: the themes of the last weeks; how many of those with 30 texts in a week
and in the week before have the name they had; the same, asked of groups that are made of the
week's texts alone; what 15,000 texts take in one window.

A theme is followed from week to week, so its name stays by construction; the harder question is
whether it is still about the same. So each week is grouped once more without any memory. Of such a
group that has 30 texts, and 30 that are as near to its middle in the week before, it is asked
whether one theme holds most of it in both.
"""

import argparse
import gzip
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from listener.domain.mention import Batch, Mention
from listener.domain.query import parse
from listener.domain.subject import Matcher, Role, Subject
from listener.domain.themes import Grouping, group
from listener.domain.themes.finding import NEAR, centred
from listener.domain.vector import packed, unpacked
from listener.stages.classify import classify, started
from listener.stages.collect import take_in
from listener.stages.measure import Promises, measure
from listener.stages.themes import MOST_READ, TELLING_WORDS, Finder, find_due
from listener.store import subjects, themes
from listener.store.connection import Store
from listener.texts.terms import informative

DATA = Path(__file__).parents[2] / "shared" / "data"
FIRST, LAST = date(2017, 10, 9), date(2017, 12, 4)  # Mondays; before it there are but a few
MANY = 30
KEPT_AT_LEAST = 0.7
SECONDS = 180.0
SHOWN = 12
UTC_ZONE = ZoneInfo("UTC")
WEEK = timedelta(weeks=1)
RAW = argparse.RawDescriptionHelpFormatter


class Shipped:
    """The vectors that ship, as an Embedder."""

    def __init__(self) -> None:
        from classifiers import embeddings

        self.version = embeddings.version()

    def embed(self, texts: Sequence[str]) -> list[Any]:
        from classifiers import embed

        return list(embed(list(texts)))


@dataclass
class Stored:
    """A store with the mentions in it, and who looks for themes there."""

    store: Store
    brand: Subject
    embedder: Shipped

    @property
    def finder(self) -> Finder:
        return Finder(subjects=(self.brand,), embedder=self.embedder, zone=UTC_ZONE)


def read(data: Path) -> list[dict[str, Any]]:
    file = data / "twcs" / "spotify_inbound.jsonl.gz"
    if not file.exists():
        sys.exit(f"{file} is not there: the mentions are looked for beside the checkout.")
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def stored(rows: Sequence[dict[str, Any]], work: Path) -> Stored:
    """All mentions in a new database, labelled and with vectors."""
    brand = Subject(name="Spotify", role=Role.BRAND, query=parse("spotify* OR @spotifycares"))
    folder = Path(tempfile.mkdtemp())
    now = datetime(2017, 12, 10, tzinfo=UTC)
    store = Store(folder / "listener.db", durable=False).open(now)
    with store.write() as db:
        (brand,) = subjects.keep(db, [brand])
    matcher = Matcher((brand,))
    said = [mention for row in rows if (mention := _mention(row)) is not None]
    with store.write() as db:
        for start in range(0, len(said), 500):
            page = Batch(mentions=tuple(said[start : start + 500]), complete=True)
            take_in(db, page, "x", "x", matcher, now)
    promises = Promises({}, frozenset({brand.id}), frozenset())
    with started("fast") as model:
        while classify(store, model, now):
            while measure(store, promises, now):
                pass
    made = Stored(store, brand, Shipped())
    _give_vectors(made, work)
    return made


def _mention(row: dict[str, Any]) -> Mention | None:
    return Mention(
        source="x",
        source_id=row["id"],
        text=row["text"],
        said_at=datetime.fromisoformat(row["created_at"].replace("Z", "+00:00")),
        author=row["author"],
        author_id=row["author"],
        language=row["lang"],
    )


def _give_vectors(made: Stored, work: Path) -> None:
    import numpy as np

    with made.store.read() as db:
        texts = {r["id"]: r["text"] for r in db.execute("SELECT id, text FROM mention")}
    kept = work / f"vectors-{made.embedder.version}-{len(texts)}.npy"
    if not kept.exists():
        began = time.process_time()
        found = np.array(made.embedder.embed(list(texts.values())), np.float16)
        took = time.process_time() - began
        print(f"vectors: {len(texts) / took:.0f} texts per CPU second")
        work.mkdir(parents=True, exist_ok=True)
        np.save(kept, found)
    rows = [
        (i, made.embedder.version, packed(v)) for i, v in zip(texts, np.load(kept), strict=True)
    ]
    with made.store.write() as db:
        db.executemany("INSERT INTO embedding (mention_id, model, vector) VALUES (?, ?, ?)", rows)


def weeks() -> Iterator[date]:
    day = FIRST
    while day <= LAST:
        yield day
        day += timedelta(weeks=1)


def show(made: Stored, monday: date) -> None:
    with made.store.read() as db:
        found = themes.newest(db, made.brand.id, monday)
        texts = {r["id"]: r["text"] for r in db.execute("SELECT id, text FROM mention")}
    print(f"\nthe week before {monday}: {len(found)} themes")
    print(f"  {'mentions':>8} {'people':>6} {'negative':>8} {'before':>6}  {'move':8} theme")
    for one in found[:SHOWN]:
        before = "-" if one.before is None else f"{one.before:.0f}"
        quote = " ".join(texts[one.examples[0]].split())[:70]
        print(
            f"  {one.mentions:8} {one.people:6} {one.negative:8} {before:>6}  {one.move.value:8}"
            f" {one.name} | {quote}"
        )


def kept_names(made: Stored) -> tuple[int, int]:
    """Of themes with 30 texts in two weeks that follow: how many have one name, and how many."""
    names: dict[date, dict[int, str]] = {}
    with made.store.read() as db:
        for monday in weeks():
            found = themes.newest(db, made.brand.id, monday)
            names[monday] = {t.id: t.name for t in found if t.mentions >= MANY}
    days = list(names)
    both = [(a, b, i) for a, b in pairwise(days) for i in names[a] if i in names[b]]
    return sum(names[a][i] == names[b][i] for a, b, i in both), len(both)


def still_the_same(made: Stored) -> tuple[int, int]:
    """Of groups made without memory, with 30 texts in two weeks: how many are one theme in both."""
    same = asked = 0
    middles: Sequence[Any] = ()
    before: _Week | None = None
    for monday in weeks():
        week = _Week.of(made, monday, middles)
        middles = week.themes.middles
        fresh = group(week.vectors, week.languages)
        for number, middle in enumerate(fresh.middles):
            now = [at for at, n in enumerate(fresh.of) if n == number]
            then = before.near(middle) if before is not None else []
            if min(len(now), len(then)) >= MANY and before is not None:
                asked += 1
                same += week.mostly(now) == before.mostly(then) is not None
        before = week
    return same, asked


@dataclass
class _Week:
    """The vectors of a week's texts, and the theme of each, by its number."""

    vectors: list[Any]
    languages: list[str]
    themes: Grouping

    @classmethod
    def of(cls, made: Stored, monday: date, middles: Sequence[Any]) -> "_Week":
        end = datetime(monday.year, monday.month, monday.day, tzinfo=UTC)
        version = made.embedder.version
        with made.store.read() as db:
            said = themes.said(db, made.brand.id, end - WEEK, end, version, MOST_READ)
        said = [s for s in said if informative(s.text) >= TELLING_WORDS]
        vectors, languages = [unpacked(s.vector) for s in said], [s.language for s in said]
        return cls(vectors, languages, group(vectors, languages, middles))

    def near(self, middle: Any) -> list[int]:
        """The texts that are in the group of a middle."""
        import numpy as np

        apart = centred(np.array(self.vectors), self.languages)
        return list(np.flatnonzero(apart @ middle >= NEAR))

    def mostly(self, texts: Sequence[int]) -> int | None:
        """The theme that half of these texts that have one are of; None: there is none such."""
        counted = Counter(n for at in texts if (n := self.themes.of[at]) is not None)
        if not counted:
            return None
        number, most = counted.most_common(1)[0]
        return number if 2 * most >= counted.total() else None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=RAW)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "themes")
    asked = parser.parse_args()
    rows = read(asked.data)
    made = stored(rows, asked.work)
    began = time.monotonic()
    for monday in weeks():
        find_due(
            made.store, made.finder, datetime(monday.year, monday.month, monday.day, 4, tzinfo=UTC)
        )
    seconds = time.monotonic() - began
    for monday in list(weeks())[-2:]:
        show(made, monday)
    named, both = kept_names(made)
    same, of = still_the_same(made)
    print(f"\n{len(rows):,} texts in {seconds:.0f} s, without their vectors")
    print(
        f"themes with {MANY} texts in a week and in the one before: {both}, the same name: {named}"
    )
    print(f"groups made without memory, with {MANY} in both: {of}, one theme in both: {same}")
    fine = named >= KEPT_AT_LEAST * both and same >= KEPT_AT_LEAST * of and seconds <= SECONDS
    print("PASS" if fine else "FAIL")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
