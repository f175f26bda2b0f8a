"""The story that programs are told: overdue, due soon and met; an incident; a digest."""

from listener import inbox
from listener.domain.label import Sentiment
from listener.domain.promise import DEFAULT_PROMISES
from listener.stages import measure
from listener.stages.measure import Promises
from listener.store import digests, incidents, search
from listener.store.connection import Store
from listener.store.digests import Reader
from tests.builders import HOUR, MINUTE, NOW, a_finding, a_review, an_answer
from tests.texts.digests import CRISIS
from tests.web.conftest import HandClock
from tests.web.story import a_complaint, take_in


def tell(store: Store, clock: HandClock) -> None:
    """A review has an address for its id, and an author a formula for a name."""
    take_in(
        store,
        clock,
        a_complaint(1, ago=2 * HOUR, title="A title"),
        a_complaint(2, ago=45 * MINUTE, author="=cmd()"),
        a_complaint(3, ago=HOUR + MINUTE, text="The courier of Acme is negative about parcel 3"),
        a_review(
            4,
            source_id="https://shop.example/4",
            text="Acme is positive",
            stars=5,
            said_at=NOW - 10 * MINUTE,
        ),
        answers=(an_answer(3, said_at=NOW - 30 * MINUTE),),
    )
    inbox.correct(store, "x:3", Sentiment.NEGATIVE, ("delivery",), "kim", NOW)
    measure.measure(store, Promises(DEFAULT_PROMISES, frozenset({1})), NOW)
    search.index_new(store)
    with store.write() as db:
        found = a_finding(
            title="Acme: 9 negative", evidence={"negative": 9, "started_at": NOW.isoformat()}
        )
        incidents.open_incident(db, found, NOW - 20 * MINUTE)
        digests.add(db, CRISIS, [Reader("email", "cx@example.com")], "sent", NOW)
