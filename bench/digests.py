"""A digest of a week of 100,000 mentions: seconds to count and to lay out, kilobytes as sent.

    python -m bench.digests [--mentions 200000] [--folder DIR]

Two weeks of a brand with bad last days and a rival, eight topics of which a team owns two, through
the real door and the real counting. The database is kept in the folder (that of temporary files, if
none is named): a run that was stopped goes on. Then the company's digest and the team's are made.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from listener.domain.digest import DigestData
from listener.domain.label import Sentiment
from listener.domain.mention import Batch, Channel, Mention
from listener.domain.promise import Promise, Special
from listener.domain.query import parse
from listener.domain.spam import ALL
from listener.domain.subject import Matcher, Role, Subject
from listener.domain.week import Schedule, Week
from listener.stages.classify import take_given
from listener.stages.collect import take_in
from listener.stages.measure import Promises, measure
from listener.stages.report import Edition, Reporting, build
from listener.store import subjects
from listener.store.connection import Store
from listener.texts.actions import pack
from listener.texts.digest import render_html, render_text, transferred

T = TypeVar("T")
WEEK = Week(2026, 47)
END = datetime(2026, 11, 23, tzinfo=UTC)
START = END - timedelta(days=14)
TOPICS = ("delivery", "packaging", "billing", "app", "staff", "website", "refund", "price")
TEAM = Edition(team="Logistics", topics=("delivery", "packaging"))
SAID = """
    parcel courier late again nobody answered the phone card charged twice refund waiting
    app crashed login screen seat crew kind quick helpful price higher than before box damaged door
"""
WORDS = SAID.split()
A_PAGE = 1000
ROUNDS = 3


def mention(number: int, of: int) -> Mention:
    """Always the same. The last four days are worse, and most of it is delivery."""
    rng = random.Random(number)
    said_at = START + timedelta(days=14) * (number / of)
    bad = said_at > END - timedelta(days=4)
    weights = (5, 3, 2) if bad else (2, 4, 4)
    (label,) = rng.choices((Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE), weights)
    topics = rng.sample(TOPICS, rng.choice((0, 1, 1, 2)))
    if bad and label is Sentiment.NEGATIVE and rng.random() < 0.6:
        topics = ["delivery", *(t for t in topics if t != "delivery")]
    review = rng.random() < 0.1
    name = "Boreal" if rng.random() < 0.2 else "Acme"
    return Mention(
        source="shop" if review else "x",
        source_id=str(number),
        channel=Channel.REVIEW if review else Channel.SOCIAL,
        text=f"{name} {' '.join(rng.choices(WORDS, k=rng.randint(8, 90)))} {number}",
        said_at=said_at,
        author=f"person_{rng.randrange(of // 2)}",
        followers=int(rng.paretovariate(1.1) * 20),
        url=f"https://example.com/{number}",
        language="en",
        label=label,
        topics=tuple(topics),
    )


def filled(path: Path, count: int) -> tuple[Store, tuple[Subject, ...]]:
    """The database; what of it is there already is taken as it is."""
    store = Store(path, durable=False).open(END)
    followed = [
        Subject(name="Acme", role=Role.BRAND, query=parse("acme")),
        Subject(name="Boreal", role=Role.COMPETITOR, query=parse("boreal")),
    ]
    with store.write() as db:
        known = subjects.keep(db, followed)
        there = db.execute("SELECT count(*) FROM mention").fetchone()[0]
    matcher, names = Matcher(known), {s.name.casefold(): s.id for s in known}
    promises = Promises(
        {Channel(name): promise for name, promise in PROMISES.items()},
        frozenset(s.id for s in known if s.role is Role.BRAND),
        ALL,
    )
    for first in range(there, count, A_PAGE):
        page = [mention(n, count) for n in range(first, min(count, first + A_PAGE))]
        now = page[-1].said_at + timedelta(minutes=1)
        with store.write() as db:
            for source in ("x", "shop"):
                said = tuple(one for one in page if one.source == source)
                take_in(db, Batch(mentions=said), source, source, matcher, now)
        counted(store, promises, names, now)
    counted(store, promises, names, END)
    return store, known


def counted(store: Store, promises: Promises, names: dict[str, int], now: datetime) -> None:
    while take_given(store, names, now):
        pass
    while measure(store, promises, now):
        pass


SOCIAL = Promise(within=timedelta(hours=1))
THEIRS = Special(
    topics=frozenset(TEAM.topics),
    promise=Promise(within=timedelta(hours=1), team=TEAM.team),
)
PROMISES = {
    "social": Promise(within=timedelta(hours=1), others=(THEIRS,)),
    "review": Promise(within=timedelta(days=7)),
}


def best(work: Callable[[], T]) -> tuple[float, T]:
    """CPU seconds, the least of some rounds, and what came out."""
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        made = work()
        taken.append(time.process_time() - began)
    return min(taken), made


def figures(store: Store, known: tuple[Subject, ...]) -> Iterator[tuple[str, ...]]:
    reporting = Reporting(
        subjects=known,
        promises=PROMISES,
        schedule=Schedule(),
        zone=ZoneInfo("Europe/Budapest"),
        language="en",
        readers=(),
        teams=(TEAM,),
        pack=pack("en"),
    )
    for name, edition in (("company", None), ("team", TEAM)):

        def made(edition: Edition | None = edition) -> DigestData:
            return build(store, reporting, WEEK, END + timedelta(hours=9), edition=edition)

        build_s, data = best(made)
        html_s, html = best(lambda data=data: render_html(data))
        text_s, text = best(lambda data=data: render_text(data))
        sizes = (transferred(html), len(text.encode()), len(str(data.to_json()).encode()))
        yield (
            name,
            f"{sum(s.now.mentions for s in data.subjects):,}",
            *(f"{seconds:.2f}" for seconds in (build_s, html_s, text_s)),
            *(f"{size / 1000:.1f}" for size in sizes),
        )


HEAD = ("digest", "mentions", "count s", "html s", "text s", "html kB", "text kB", "kept kB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mentions", type=int, default=200_000)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    store, known = filled(asked.folder / f"digests_{asked.mentions}.db", asked.mentions)
    try:
        for row in (HEAD, *figures(store, known)):
            print("  ".join(f"{cell:>9}" for cell in row))
    finally:
        store.close()


if __name__ == "__main__":
    main()
