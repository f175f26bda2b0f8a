"""Mentions taken through the real stages, so that there is something to show."""

import json
import random
from collections.abc import Mapping, Sequence

import pytest

from listener.domain.mention import Batch, Mention, Reject, Response
from listener.domain.promise import DEFAULT_PROMISES
from listener.domain.subject import Matcher, Subject
from listener.domain.times import bucket_text
from listener.stages import collect, measure
from listener.stages.classify import classify
from listener.stages.measure import Promises
from listener.store import buckets, subjects
from listener.store.connection import Store
from tests.builders import HOUR, MINUTE, NOW, a_mention, a_rival, a_subject, an_answer
from tests.fakes import FakeCollector, FakeModel
from tests.web.conftest import HandClock

WORDS = (
    "driver weather office window letter garden market bridge kitchen morning station ticket river"
    " island engine button carpet forest summer pencil doctor mirror cellar violin harbour"
)


def said(number: int, sounds: str = "negative", **changes: object) -> Mention:
    """Each in other words, so that none is a copy of another."""
    other = " ".join(random.Random(number).choices(WORDS.split(), k=14))
    text = f"Acme is {sounds} about parcel {number}: {other}"
    usual = {"text": text, "said_at": NOW - 3 * HOUR, "label": None}
    return a_mention(number, **(usual | changes))


def put_topics(store: Store, topics: Mapping[int, Sequence[str]]) -> None:
    """As a model that labels would have it."""
    with store.write() as db:
        for number, names in topics.items():
            db.execute(
                "UPDATE label SET topics = ? WHERE mention_id = (SELECT id FROM mention"
                " WHERE source_id = ?)",
                (json.dumps(names), str(number)),
            )
        rows = db.execute("SELECT subject_id, said_at FROM match").fetchall()
        buckets.recount(db, [(row[0], bucket_text(row[1])) for row in rows])


NASTY = '"><script>alert(1)</script>&lt;b onmouseover=x'


def a_complaint(number: int = 1, *, ago: object = None, **changes: object) -> Mention:
    said_at = NOW - (10 * MINUTE if ago is None else ago)  # type: ignore[operator]
    text = f"Acme is negative about parcel {number}"
    return a_mention(number, **({"said_at": said_at, "text": text} | changes))


def follow(store: Store, *wanted: Subject) -> tuple[Subject, ...]:
    with store.write() as db:
        return subjects.keep(db, wanted or (a_subject(), a_rival()))


def take_in(
    store: Store,
    clock: HandClock,
    *said: Mention,
    answers: tuple[Response, ...] = (),
    rejects: tuple[Reject, ...] = (),
    name: str = "x",
    model: FakeModel | None = None,
) -> None:
    """Collected, labelled by what the text says, and measured."""
    followed = follow(store)
    batch = Batch(mentions=said, responses=answers, rejects=rejects, cursor={}, cost_usd=0.25)
    source = FakeCollector(pages=[batch], name=name)
    collect.collect_page(store, source, Matcher(followed), clock)
    classify(store, model or FakeModel(), clock.now())
    while measure.measure(store, Promises(DEFAULT_PROMISES, frozenset({1})), clock.now()):
        pass


@pytest.fixture
def three(store: Store, clock: HandClock) -> Store:
    """Overdue, due soon, and met."""
    take_in(
        store,
        clock,
        a_complaint(1, ago=2 * HOUR),
        a_complaint(2, ago=45 * MINUTE),
        a_complaint(3, ago=HOUR + MINUTE),
        answers=(an_answer(3, said_at=NOW - 30 * MINUTE),),
    )
    return store
