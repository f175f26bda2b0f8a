"""The same mentions twice, in a database and as they are, so that both can be asked."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from listener.domain.label import Sentiment
from listener.domain.mention import Channel, Kind, Mention
from listener.domain.query import Document, Query, Reading
from listener.domain.subject import Match, Origin, document_of
from listener.store import labels, mentions, search, searching
from listener.store.connection import Store
from tests.builders import NOW, a_label, a_mention, a_subject, arrived
from tests.store.kept import followed

FOR_EVER = 3_600.0
AUTHORS: Final[dict[str | None, tuple[int | None, bool | None]]] = {  # followers, verified
    None: (None, None),
    "ab": (5, True),
    "@Abc": (6, False),
    "Ａb": (None, None),
    "航空迷": (5, None),
    "c": (6, True),
    "acme  fan": (None, False),
}
TOPICS = ("delivery", "Késés", "app", "staff")


class Both:
    """Every second mention has a match, with a sentiment, and every fourth one a topic."""

    def __init__(self, store: Store, said: Sequence[Mention]) -> None:
        self.store = store
        arrivals = [arrived(one) for one in said]
        (subject,) = followed(store, a_subject())
        match = Match(subject_id=subject.id, origin=Origin.GIVEN)
        with store.write() as db:
            ids = mentions.add(
                db,
                [replace(a, matches=(match,) if n % 2 else ()) for n, a in enumerate(arrivals)],
                NOW,
            ).new
            known = {i: _known(n) for n, i in enumerate(ids) if n % 2}
            for mention_id, (sentiment, topics) in known.items():
                db.execute(
                    "UPDATE match SET sentiment = ? WHERE mention_id = ?", (sentiment, mention_id)
                )
                labels.add(db, [a_label(mention_id, topics=topics)])
        search.index_new(store)
        self.documents = {
            i: _document(a.mention, *known.get(i, (None, ())))
            for i, a in zip(ids, arrivals, strict=True)
        }
        self._readings = {i: Reading.of(document) for i, document in self.documents.items()}

    def by_texts(self, query: Query) -> set[int]:
        """What holds by the text evaluator alone."""
        return {i for i, text in self._readings.items() if query.match_read(text) is not None}

    def by_database(self, query: Query, now: datetime = NOW) -> set[int]:
        wanted = searching.Wanted(query=query, limit=len(self.documents) + 1, seconds=FOR_EVER)
        with self.store.read() as db:
            found = searching.find(db, wanted, now)
        assert found.is_complete
        ids = [text.id for text in found.texts]
        assert len(ids) == len(set(ids)), "one was found twice"
        return set(ids)


def _known(number: int) -> tuple[str, tuple[str, ...]]:
    topics = (TOPICS[number % 3], TOPICS[3]) if number % 4 == 1 else ()
    return list(Sentiment)[number % 3].value, topics


def _document(mention: Mention, sentiment: str | None, topics: tuple[str, ...]) -> Document:
    return replace(document_of(mention), sentiment=sentiment, topics=topics)


def a_varied_mention(
    number: int, text: str, title: str = "", language: str | None = None
) -> Mention:
    """One of many sources, languages, authors, stars and times, by its number."""
    chance = random.Random(number)
    is_review = chance.random() < 0.3
    return a_mention(
        number,
        text=text,
        title=title,
        source=chance.choice(["x", "play", "app store", "Ｒeddit"]),
        channel=Channel.REVIEW if is_review else chance.choice([Channel.SOCIAL, Channel.NEWS]),
        kind=chance.choice(list(Kind)),
        language=language or chance.choice([None, "hu", "zh-Hant", "zh-Hans", "en"]),
        author=(author := chance.choice(list(AUTHORS))),
        url=chance.choice([None, "https://www.x.acme.example/a", "https://notacme.example"]),
        stars=chance.choice([1, 2, 3, 5]) if is_review else None,
        stars_scale=chance.choice([5, 10]),
        followers=AUTHORS[author][0],
        likes=chance.choice([None, 4, 5]),
        verified=AUTHORS[author][1],
        said_at=NOW - timedelta(seconds=chance.choice([0, 0, 1, 86_400, 90_000_000])),
    )
