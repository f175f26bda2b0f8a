"""The pages over many mentions: p50 and p95 of each, its size, and how it grows.

    python -m bench.pages [--mentions 10000 1000000] [--folder DIR] [--rounds 40] [--paint]

The databases are made once (a million takes half an hour), kept in the folder, and gone on with
after a stop. Times are those of whole answers over loopback, one after the other. With --paint
Chromium tells when it first shows something, and how much script it was given.
"""

import argparse
import http.client
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from bench import stored_year
from listener.app import usual_config
from listener.clock import WallClock
from listener.figures import Known
from listener.garbage import look_seldom
from listener.store.connection import Store
from listener.web.serve import SiteServer
from listener.web.site import make_site

FLOOR_MS = 50.0
PAGES = (
    "/",
    "/inbox",
    "/inbox?order=newest",
    "/inbox?order=reach",
    "/inbox?order=severity",
    "/inbox?state=missed",
    "/inbox?state=met",
    "/inbox?q=refund",
    "/inbox?q=topic:billing+AND+negative",
    "/inbox?state=missed&q=refund",
    "/inbox?open={last}",
    "/mentions/{last}",
    "/mentions/{middle}",
    "/incidents",
    "/incidents?all",
    "/incidents/1",
    "/subjects",
    "/subjects/Acme",
    "/subjects/Acme?days=90",
    "/subjects/Cumulus",
    "/compare",
    "/compare?days=90",
    "/topics",
    "/search?q=refund",
    "/search?q=%22charged+twice%22",
    "/search?q=zebra",
    "/sources",
    "/settings",
    "/api/v1/mentions",
    "/api/v1/mentions?q=refund",
    "/api/v1/mentions?subject=Acme&limit=200",
    "/api/v1/clocks",
    "/api/v1/clocks?state=missed",
    "/api/v1/incidents",
    "/api/v1/measures?subject=Acme",
    "/api/v1/topics",
    "/feeds/mentions.atom",
    "/feeds/due.ics",
)


@contextmanager
def served(path: Path) -> Iterator[tuple[int, int]]:
    """The pages of a database; yields the port and how many mentions there are."""
    with closing(Store(path).open(stored_year.END)) as store:
        with store.read() as db:
            count = db.execute("SELECT max(id) FROM mention").fetchone()[0]
        known = Known.of_config(usual_config(WallClock()))
        site = make_site(
            store, lambda: stored_year.END, None, "127.0.0.1", ZoneInfo("UTC"), known=lambda: known
        )
        server = SiteServer(site, host="127.0.0.1", port=0)
        try:
            yield server.start(), count
        finally:
            server.stop()


def timed(port: int, address: str, rounds: int) -> tuple[int, list[float], int]:
    """The status, milliseconds of each round, and bytes."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    took: list[float] = []
    with closing(connection):
        for n in range(rounds + 2):
            began = time.perf_counter()
            connection.request("GET", address)
            answer = connection.getresponse()
            body = answer.read()
            if n > 1:  # the first ones open files and compile templates
                took.append((time.perf_counter() - began) * 1e3)
    return answer.status, took, len(body)


def p95(took: Sequence[float]) -> float:
    return statistics.quantiles(took, n=20)[-1]


def measured(path: Path, rounds: int, pages: Sequence[str]) -> dict[str, tuple[float, float, int]]:
    found = {}
    with served(path) as (port, count):
        for page in pages:
            address = page.format(last=count, middle=count // 2)
            status, took, size = timed(port, address, rounds)
            if status != 200:
                print(f"{page}: {status}", file=sys.stderr)
                continue
            found[page] = (statistics.median(took), p95(took), size)
    return found


def painted(path: Path, pages: Sequence[str]) -> None:
    """First paint in Chromium, and the bytes of script, of each page."""
    from playwright.sync_api import sync_playwright

    print(f"\n{'page':40} {'first paint ms':>14} {'script kB':>10} {'all kB':>8}")
    with served(path) as (port, count), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        for page in pages:
            tab = browser.new_page()
            tab.goto(f"http://127.0.0.1:{port}{page.format(last=count, middle=count // 2)}")
            tab.wait_for_function(
                "() => performance.getEntriesByName('first-contentful-paint').length"
            )
            paint, script, every = tab.evaluate(
                "() => {const r = performance.getEntriesByType('resource');"
                " const n = performance.getEntriesByType('navigation')[0];"
                " const [p] = performance.getEntriesByName('first-contentful-paint');"
                " const s = r.filter(e => e.name.includes('.js')).map(e => e.decodedBodySize);"
                " const a = r.map(e => e.decodedBodySize).reduce((x, y) => x + y, 0);"
                " return [p.startTime, s.reduce((x, y) => x + y, 0),"
                " a + n.decodedBodySize]}"
            )
            print(f"{page:40} {paint:>14.0f} {script / 1e3:>10.1f} {every / 1e3:>8.1f}")
            tab.close()
        browser.close()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.pages")
    parser.add_argument("--mentions", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--only", default="", help="pages whose address holds this")
    parser.add_argument("--paint", action="store_true")
    asked = parser.parse_args()
    pages = [page for page in PAGES if asked.only in page]
    look_seldom()  # as every command of ours does
    asked.folder.mkdir(parents=True, exist_ok=True)
    paths = {count: asked.folder / f"pages_{count}.db" for count in asked.mentions}
    for count, path in paths.items():
        for there in stored_year.fill(path, count):
            if there % 50_000 == 0:
                print(f"{there:,} of {count:,} mentions stored", flush=True)
    every = {count: measured(path, asked.rounds, pages) for count, path in paths.items()}
    print(f"{'ms: p50, p95; kB':42}" + "".join(f"{count:>26,}" for count in paths))
    for page in pages:
        cells = [found.get(page) for found in every.values()]
        print(
            f"{page:42}"
            + "".join(
                f"{c[0]:>9.1f}{c[1]:>9.1f}{c[2] / 1e3:>8.0f}" if c else f"{'-':>26}" for c in cells
            )
        )
    if asked.paint:
        painted(
            paths[max(paths)], [page for page in pages if not page.startswith(("/api", "/feed"))]
        )
    most = max(paths)
    slow = [page for page, (_, high, _) in every[most].items() if high > FLOOR_MS]
    missing = [page for page in pages if page not in every[most]]
    print(
        f"\n{len(pages)} addresses; over {FLOOR_MS:.0f} ms at p95 with {most:,}: {slow or 'none'}"
    )
    print(f"not answered: {missing or 'none'}")
    return bool(slow or missing)


if __name__ == "__main__":
    raise SystemExit(main())
