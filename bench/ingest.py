"""Raw ingest: ready mentions into our tables, against `executemany` of the very same rows."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench import texts
from bench.figure import Figure

ROUNDS = 5
PAGE = 500
TEXTS = 20_000
CONFIG = Path(__file__).parents[1] / "docs" / "examples" / "airlines.toml"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
TABLES = ("author", "mention", "match")


class Bench:
    """The same mentions through every door, each time into a new file."""

    def __init__(self, file: Path | None, folder: Path) -> None:
        from listener.app import plugins
        from listener.clock import VirtualClock
        from listener.config import load
        from listener.imports import Wanted, records

        self._folder = folder
        self._config = load(CONFIG, plugins(VirtualClock(NOW)))
        self._numbers = count()
        data = folder / "texts.jsonl"
        data.write_text("\n".join(texts.lines(file, TEXTS)) + "\n", encoding="utf-8")
        wanted = Wanted(file=data, source="bench", channel=None, zone=UTC)
        self.mentions = [found.mention for _, found in records(wanted)]
        self._keep_rows()

    def _app(self) -> Any:
        from listener.app import open_app
        from listener.clock import VirtualClock

        path = self._folder / f"{next(self._numbers)}.db"
        return open_app(self._config, VirtualClock(NOW), database=path)

    def _keep_rows(self) -> None:
        """The rows that our own path leaves behind: what `executemany` is given."""
        from listener.domain.door import admit
        from listener.store import mentions

        app = self._app()
        self.arrivals = [admit(m, "bench", app.matcher, NOW) for m in self.mentions]
        self.pages: list[dict[str, list[tuple[Any, ...]]]] = []
        author = mention = 0
        for begin in range(0, len(self.arrivals), PAGE):
            with app.store.write() as db:
                mentions.add(db, self.arrivals[begin : begin + PAGE], NOW)
                new = {
                    "author": db.execute("SELECT * FROM author WHERE id > ?", (author,)),
                    "mention": db.execute("SELECT * FROM mention WHERE id > ?", (mention,)),
                    "match": db.execute("SELECT * FROM match WHERE mention_id > ?", (mention,)),
                }
                page = {name: [tuple(row) for row in rows] for name, rows in new.items()}
            author = max([author, *(row[0] for row in page["author"])])
            mention = max([mention, *(row[0] for row in page["mention"])])
            self.pages.append(page)
        app.close()

    def add(self) -> float:
        """`mentions.add`: arrivals that are matched and normal already."""
        from listener.store import mentions

        app = self._app()

        def page(begin: int) -> None:
            with app.store.write() as db:
                mentions.add(db, self.arrivals[begin : begin + PAGE], NOW)

        return self._timed(page, app)

    def door(self) -> float:
        """Mentions as a collector gives them: made normal, matched, folded, then kept."""
        from listener.domain.mention import Batch
        from listener.stages.collect import take_in

        app = self._app()

        def page(begin: int) -> None:
            batch = Batch(mentions=tuple(self.mentions[begin : begin + PAGE]))
            with app.store.write() as db:
                take_in(db, batch, "bench", "bench", app.matcher, NOW)

        return self._timed(page, app)

    def same_tables(self) -> float:
        """`executemany` of the rows of all three tables: same schema, indexes and pragmas."""
        return self._executemany(TABLES)

    def bare_table(self) -> float:
        """`executemany` of the mentions alone into a table without key or index."""
        return self._executemany(("mention",), bare=True)

    def _executemany(self, tables: Sequence[str], *, bare: bool = False) -> float:
        app = self._app()
        inserts = {}
        for name in tables:
            target = f"bare_{name}" if bare else name
            if bare:
                with app.store.write() as db:
                    db.execute(f"CREATE TABLE {target} AS SELECT * FROM {name} WHERE 0")
            marks = ",".join("?" * len(self.pages[0][name][0]))
            inserts[name] = f"INSERT INTO {target} VALUES ({marks})"

        def page(begin: int) -> None:
            with app.store.write() as db:
                for name in tables:
                    db.executemany(inserts[name], self.pages[begin // PAGE][name])

        return self._timed(page, app)

    def _timed(self, page: Callable[[int], None], app: Any) -> float:
        began = time.process_time()
        for begin in range(0, len(self.arrivals), PAGE):
            page(begin)
        taken = time.process_time() - began
        app.close()
        return taken


def figures(file: Path | None) -> list[Figure]:
    """Each way five times in turns; the best of each, for the others only disturb."""
    with TemporaryDirectory() as folder:
        bench = Bench(file, Path(folder))
        ways = (bench.add, bench.door, bench.same_tables, bench.bare_table)
        runs = [[way() for way in ways] for _ in range(ROUNDS)]
    add, door, same, bare = map(min, zip(*runs, strict=True))
    figure = partial(Figure, unit="x its CPU time")
    rates = f"{TEXTS / add:,.0f} and {TEXTS / same:,.0f} rows per CPU second"
    return [
        figure(name="mentions.add against executemany, same tables", value=add / same,
               floor=2, aim=1.3, note=rates),
        figure(name="mentions.add against executemany, a bare table", value=add / bare,
               floor=5, aim=3, note=f"bare: {TEXTS / bare:,.0f}"),
        figure(name="the whole door against executemany, same tables", value=door / same,
               note=f"{TEXTS / door:,.0f} rows per CPU second"),
        figure(name="the whole door against executemany, a bare table", value=door / bare),
    ]  # fmt: skip
