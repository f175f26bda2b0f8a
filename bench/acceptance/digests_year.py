"""A year of digests in ten zones, killed 500 times: each one comes, and its copies are one mail.

    python -m bench.acceptance.digests_year [--kills 500] [--seed N] [--state DIR] [--zones N]

In each zone a process of its own hears, counts, makes and mails by the functions of the daemon,
over a real database and real SMTP. It sleeps for minutes to five weeks, its clock jumps by up to
twelve hours either way, the server refuses for now and hangs up, and it is killed with SIGKILL:
between its steps, inside of them, and in the middle of a mail. Digests are due at hours that the
clocks skip and repeat. What the server took is compared with a calendar that shares no code with
ours; then one thing at a time is made wrong in the books, which has to be found. A zone that is
done is kept in --state, and not done again. Exit status 1 where anything is wrong.
"""

import argparse
import multiprocessing
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bench.acceptance._digest_calendar import PLACES, WEEKS, Place
from bench.acceptance._digest_judge import FAULTS, Found, doctored, judge
from bench.acceptance._digest_life import WHERE, Books, Life
from bench.acceptance.verdicts import Verdicts
from listener.clock import monotonic

PRELOADED = ["bench.acceptance._digest_worker", "bench.acceptance._digest_life"]


def lived(place: Place, folder: Path, kills: int, seed: int) -> Books:
    """The books of a place's year: those that were kept, or else of one that is lived now."""
    here = folder / f"{place.zone.replace('/', '-')}-{kills}-{seed}"
    kept = here.with_suffix(".json")
    if not kept.exists():
        shutil.rmtree(here, ignore_errors=True)
        Life(place, here, kills, seed).live().save(kept)
    return Books.read(kept)


def digests_of(place: Place) -> int:
    """There are kills where there is something to make: about as many of them."""
    return WEEKS if place.every == "week" else WEEKS // 2


HEAD = ("zone", "every", "wakes", "silences", "jumps", "kills", "owed", "mails", "copies", "wrong")


def row(place: Place, books: Books, found: Found) -> tuple[str, ...]:
    return (
        place.zone,
        place.every,
        *(str(n) for n in (len(books.wakes), len(books.silences), books.jumps)),
        *(str(n) for n in (books.kills.total(), found.must, found.mails, found.copies)),
        str(sum(map(len, found.wrong.values()))),
    )


def show(cells: Sequence[str]) -> None:
    print(f"{cells[0]:20} {cells[1]:9} " + " ".join(f"{one:>8}" for one in cells[2:]), flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.acceptance.digests_year")
    parser.add_argument("--kills", type=int, default=500, help="in all zones together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--zones", type=int, default=len(PLACES), help="only the first ones")
    parser.add_argument("--state", type=Path, help="where to keep everything, and go on from")
    given = parser.parse_args()
    multiprocessing.get_context("forkserver").set_forkserver_preload(PRELOADED)
    began = monotonic()
    places = PLACES[: given.zones]
    chances = sum(map(digests_of, places))
    with tempfile.TemporaryDirectory() as fresh:
        folder = given.state or Path(fresh)
        folder.mkdir(parents=True, exist_ok=True)
        show(HEAD)
        years = []
        for place in places:
            kills = -(-given.kills * digests_of(place) // chances)
            books = lived(place, folder, kills, given.seed)
            found = judge(place, books)
            show(row(place, books, found))
            years.append((place, books, found))
    return verdict(years, given.kills, monotonic() - began)


def verdict(years: list[tuple[Place, Books, Found]], kills: int, seconds: float) -> int:
    every = [books for _, books, _ in years]
    killed: Counter[str] = sum((books.kills for books in every), Counter())
    rows: Counter[str] = sum((books.rows for books in every), Counter())
    faults: Counter[str] = sum((books.faults for books in every), Counter())
    longest = max((one for books in every for one in books.silences), default=0.0)
    print(f"\n{len(years)} zones, {WEEKS} weeks each, in {seconds / 60:.1f} minutes")
    print(f"longest silence: {longest:.0f} days; the server, as it was told: {dict(faults)}")
    print("killed " + "; ".join(f"{where}: {killed[where]}" for where in WHERE))
    print("left by kills: " + "; ".join(f"{state}: {n}" for state, n in rows.items()))
    verdicts = Verdicts()
    verdicts.claim(killed.total() >= kills, f"{killed.total()} kills of {kills}")
    looked = [found for *_, found in years]
    must, mails, copies, links = (
        sum(getattr(one, name) for one in looked)
        for name in ("must", "mails", "copies", "sure_links")
    )
    verdicts.claim(copies > 0, f"{must} owed, {mails} mails, {copies} of them copies of another")
    verdicts.claim(links > 0, f"{links} silences with more missed than are mailed")
    for fault in FAULTS:
        wrong = [one for found in looked for one in found.wrong.get(fault, [])]
        verdicts.claim(not wrong, f"{fault}: {len(wrong)}" + "".join(f"; {w}" for w in wrong[:3]))
    place, books, _ = years[0]
    for fault, changed in doctored(place, books):
        seen = fault in judge(place, changed).wrong
        verdicts.claim(seen, f"made wrong in the books on purpose, and found: {fault}")
    return verdicts.status()


if __name__ == "__main__":
    sys.exit(main())
