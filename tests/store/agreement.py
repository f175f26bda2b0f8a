"""The same mentions twice, in a database and as they are, so that both can be asked."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from listener.domain.label import Remark, Sentiment
from listener.domain.mention import Channel, Kind, Mention
from listener.domain.query import Query, Reading
from listener.domain.subject import Match, Origin, document_of
from listener.domain.times import bucket_text
from listener.store import buckets, comparisons, labels, mentions, search, searching
from listener.store.comparisons import Compared
from listener.store.connection import Store
from tests.builders import NOW, a_label, a_mention, a_rival, a_subject, arrived
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
    """Every second mention has a match, with a sentiment, and every fourth one a topic.

    Some are copies, some put Acme above or below Boreal, and all that have a match are counted.
    """

    def __init__(self, store: Store, said: Sequence[Mention]) -> None:
        self.store = store
        arrivals = [arrived(one) for one in said]
        subject, rival = followed(store, a_subject(), a_rival())
        match = Match(subject_id=subject.id, origin=Origin.GIVEN)
        with store.write() as db:
            ids = mentions.add(
                db,
                [replace(a, matches=(match,) if n % 2 else ()) for n, a in enumerate(arrivals)],
                NOW,
            ).new
            known = {i: _known(n) for n, i in enumerate(ids) if n % 2}
            for mention_id, of in known.items():
                db.execute(
                    "UPDATE match SET sentiment = ?, copy_of = ? WHERE mention_id = ?",
                    (of["sentiment"], ids[1] if Remark.COPY in of["labels"] else None, mention_id),
                )
                labels.add(db, [a_label(mention_id, topics=of["topics"], intent=of["intent"])])
                if of["above"]:
                    comparisons.add(db, [Compared(mention_id, subject.id, rival.id)], "m@1")
                if of["below"]:
                    comparisons.add(db, [Compared(mention_id, rival.id, subject.id)], "m@1")
            slices = db.execute("SELECT subject_id, said_at FROM match").fetchall()
            buckets.recount(db, [(row[0], bucket_text(row[1])) for row in slices])
        search.index_new(store)
        self.documents = {
            i: replace(document_of(a.mention), **known.get(i, {}))
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

    def counted(self, query: Query, now: datetime = NOW) -> searching.Number:
        with self.store.read() as db:
            return searching.count(db, query, now, seconds=FOR_EVER)


def _known(number: int) -> dict[str, Any]:
    above = ("Boreal",) if number % 7 == 3 else ()
    below = ("Boreal",) if number % 9 == 5 else ()
    compares = (Remark.COMPARING,) if above or below else ()
    return {
        "subject": "Acme",
        "sentiment": list(Sentiment)[number % 3].value,
        "topics": (TOPICS[number % 3], TOPICS[3]) if number % 4 == 1 else (),
        "intent": "churn" if number % 5 == 2 else None,
        "labels": (*compares, *((Remark.COPY,) if number % 8 == 7 else ())),
        "above": above,
        "below": below,
    }


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
