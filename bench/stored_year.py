"""A year of mentions with everything that pages show of them, for the benches of the pages.

Two brands of which people wait for answers, two rivals, eight topics, answers to two of three, and
incidents; through the real door and the real counting. It goes on where it was stopped.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.digests import SAID, TOPICS
from listener.domain.incident import Finding, Severity
from listener.domain.label import Sentiment
from listener.domain.mention import Batch, Channel, Mention, Response
from listener.domain.promise import DEFAULT_PROMISES
from listener.domain.query import parse
from listener.domain.spam import ALL
from listener.domain.subject import Matcher, Role, Subject
from listener.stages.classify import take_given
from listener.stages.collect import take_in
from listener.stages.measure import Promises, measure
from listener.store import incidents, search, subjects
from listener.store.connection import Db, Store

END = datetime(2026, 11, 23, 12, tzinfo=UTC)
YEAR = timedelta(days=365)
A_PAGE = 1000
NAMES = (("Acme", Role.BRAND), ("Boreal", Role.BRAND), ("Cumulus", Role.COMPETITOR),
    ("Delta", Role.COMPETITOR))  # fmt: skip
SHARES = (55, 15, 20, 10)
WORDS = SAID.split()
INCIDENTS_A_YEAR = 400


def mention(number: int, of: int) -> Mention:
    """Always the same of a number."""
    rng = random.Random(number)
    (label,) = rng.choices(tuple(Sentiment), (3, 4, 3))
    review = rng.random() < 0.15
    ((name, _),) = rng.choices(NAMES, SHARES)
    return Mention(
        source="shop" if review else "x",
        source_id=str(number),
        channel=Channel.REVIEW if review else Channel.SOCIAL,
        text=f"{name} {' '.join(rng.choices(WORDS, k=rng.randint(8, 60)))} {number}?",
        said_at=END - YEAR * ((of - number) / of),
        author=f"person_{rng.randrange(of // 2 + 1)}",
        followers=int(rng.paretovariate(1.1) * 20),
        stars=rng.randint(1, 5) if review else None,
        url=f"https://example.com/{number}",
        language=rng.choice(("en", "en", "hu", "zh", "de")),
        label=label,
        topics=tuple(rng.sample(TOPICS, rng.choice((0, 1, 1, 2)))),
    )


def answer(to: Mention) -> Response | None:
    rng = random.Random(to.source_id)
    if rng.random() < 1 / 3:
        return None
    return Response(
        source=to.source,
        source_id=f"r{to.source_id}",
        said_at=to.said_at + timedelta(minutes=rng.uniform(2, 100)),
        parent_id=to.source_id,
        author="helpdesk",
        text="We are looking into it",
    )


def fill(path: Path, count: int) -> Iterator[int]:
    """Bring a database up to so many mentions; yields how many there are."""
    store = Store(path, durable=False).open(END)
    followed = [Subject(name=name, role=role, query=parse(name.lower())) for name, role in NAMES]
    with store.write() as db:
        known = subjects.keep(db, followed)
        there = db.execute("SELECT count(*) FROM mention").fetchone()[0]
    matcher, names = Matcher(known), {s.name.casefold(): s.id for s in known}
    brands = frozenset(s.id for s in known if s.role is Role.BRAND)
    promises = Promises(DEFAULT_PROMISES, brands, ALL)
    for first in range(there, count, A_PAGE):
        page = [mention(n, count) for n in range(first, min(count, first + A_PAGE))]
        now = page[-1].said_at + timedelta(minutes=1)
        with store.write() as db:
            for source in ("x", "shop"):
                said = tuple(one for one in page if one.source == source)
                answers = tuple(filter(None, map(answer, said)))
                batch = Batch(mentions=said, responses=answers)
                take_in(db, batch, source, source, matcher, now)
            _incidents(db, known, first, count)
        _counted(store, promises, names, now)
        yield first + len(page)
    _counted(store, promises, names, END)
    search.index_new(store)
    store.close()


def _counted(store: Store, promises: Promises, names: dict[str, int], now: datetime) -> None:
    while take_given(store, names, now):
        pass
    while measure(store, promises, now):
        pass


def _incidents(db: Db, known: tuple[Subject, ...], first: int, of: int) -> None:
    """So many a year, all but the last few resolved after some hours."""
    rng = random.Random(first)
    if rng.random() > INCIDENTS_A_YEAR * A_PAGE / of:
        return
    opened = END - YEAR * ((of - first) / of)
    brand = rng.choice([s for s in known if s.role is Role.BRAND])
    topic = rng.choice(TOPICS)
    finding = Finding(
        key=f"spike:{brand.id}:{first}",
        rule="spike",
        subject_id=brand.id,
        severity=rng.choice(tuple(Severity)),
        title=f"{brand.name}: many complaints about {topic}",
        why=f"{rng.randint(10, 90)} negative mentions in an hour",
        topic=topic,
    )
    number = incidents.open_incident(db, finding, opened)
    if opened < END - timedelta(days=2):
        incidents.resolve(db, number, opened + timedelta(hours=rng.uniform(1, 20)))
