"""Mentions taken through the real stages, so that there is something to show."""

from listener.domain.mention import Batch, Mention, Reject, Response
from listener.domain.promise import DEFAULT_PROMISES
from listener.domain.subject import Matcher, Subject
from listener.stages import collect, measure
from listener.stages.classify import classify
from listener.stages.measure import Promises
from listener.store import subjects
from listener.store.connection import Store
from tests.builders import a_rival, a_subject
from tests.fakes import FakeCollector, FakeModel
from tests.web.conftest import HandClock


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
