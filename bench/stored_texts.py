"""A database of many mentions for the benches of search: texts of many languages, with changes.

The texts of ../shared/data come again and again, each time with another word or two in them, by
another author and at another time; so rare words stay rare, and common ones common.
"""

import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

DATA = Path(__file__).parents[2] / "shared" / "data"
BEGAN = datetime(2024, 11, 1, tzinfo=UTC)
ENDED = datetime(2026, 11, 1, tzinfo=UTC)
PAGE = 500
SOURCES = (  # each with its channel and kind
    ("x", "social", "post"),
    ("reddit", "social", "comment"),
    ("bluesky", "social", "reply"),
    ("play", "review", "review"),
    ("news", "news", "article"),
    ("desk", "ticket", "ticket"),
)
SHARES = (50, 20, 10, 14, 5, 1)  # of a hundred
HOSTS = ("news.example.com", "example.org", "blog.example.net", "daily.example.com")
SYLLABLES = "ba ce di fo gu ha ji ko lu me ni po ra se ti vo wa xe yi zu".split()  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Said:
    text: str
    language: str | None


def texts(data: Path = DATA) -> list[Said]:
    """All texts of the sets beside the checkout, mixed: the same order each time."""
    found = []
    for file in sorted(data.glob("*/*.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                if isinstance(row.get("text"), str) and row["text"].strip():
                    found.append(Said(row["text"], row.get("lang") or row.get("language")))
    random.Random(5).shuffle(found)
    return found


def changed(said: Said, rng: random.Random) -> str:
    """The text with one word changed, and a rare one behind it."""
    words = said.text.split(" ")
    if len(words) > 3:
        at = rng.randrange(len(words))
        words[at] = words[rng.randrange(len(words))]
    rare = "".join(rng.choices(SYLLABLES, k=4))
    return f"{' '.join(words)} {rare}" if rng.random() < 0.5 else " ".join(words)


def fill(path: Path, rows: int, said: list[Said]) -> Iterator[int]:
    """Bring a database up to so many mentions, and its index; yields how many there are."""
    from listener.domain.door import admit
    from listener.domain.mention import Channel, Kind, Mention
    from listener.domain.query import parse
    from listener.domain.subject import Match, Matcher, Origin, Role, Subject
    from listener.store import mentions, search, subjects
    from listener.store.connection import Store

    store = Store(path, durable=False).open(ENDED)
    with store.write() as db:
        brand = Subject(name="Acme", role=Role.BRAND, query=parse("acme"))
        (brand,) = subjects.keep(db, (brand,))
        there = db.execute("SELECT coalesce(max(id), 0) FROM mention").fetchone()[0]
    step = (ENDED - BEGAN) / rows
    matcher = Matcher(())
    for begin in range(there, rows, PAGE):
        arrivals = []
        for number in range(begin, min(begin + PAGE, rows)):
            rng = random.Random(number)
            one = said[number % len(said)]
            source, channel, kind = rng.choices(SOURCES, SHARES)[0]
            is_review = channel == "review"
            mention = Mention(
                source=source,
                source_id=str(number),
                channel=Channel(channel),
                kind=Kind(kind),
                text=changed(one, rng) if number >= len(said) else one.text,
                language=one.language,
                said_at=BEGAN + step * number + timedelta(seconds=rng.randrange(3600)),
                author=f"user{rng.randrange(rows // 4 + 1)}",
                followers=int(10 ** rng.uniform(0, 6)),
                verified=rng.random() < 0.02,
                likes=int(10 ** rng.uniform(0, 4)) - 1,
                stars=rng.randint(1, 5) if is_review else None,
                url=f"https://{rng.choice(HOSTS)}/{number}" if channel == "news" else None,
            )
            arrival = admit(mention, source, matcher, ENDED)
            if rng.random() < 0.3:
                match = Match(subject_id=brand.id, origin=Origin.GIVEN)
                arrival = replace(arrival, matches=(match,))
            arrivals.append(arrival)
        with store.write() as db:
            first = mentions.add(db, arrivals, ENDED).new[0]
            db.execute(
                "UPDATE match SET sentiment = CASE mention_id % 4 WHEN 0 THEN 'negative'"
                " WHEN 1 THEN 'positive' ELSE 'neutral' END WHERE mention_id >= ?",
                (first,),
            )
        yield begin + len(arrivals)
    search.index_new(store)
    store.close()
