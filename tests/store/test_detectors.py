"""What detectors remember: kept by part, and brought over from before there was a table for it."""

from pathlib import Path

import pytest
from sqlite_utils import Database

from listener.domain.part import WHOLE, Part
from listener.store import buckets, detectors
from listener.store.connection import Db, Store
from listener.store.detectors import Remembered
from listener.store.migrations import migrations
from tests.builders import NOW
from tests.store.kept import followed, one, rows

REVIEWS = Part("review")


def test_each_part_is_kept_and_replaced_by_itself(store: Store) -> None:
    followed(store)
    with store.write() as db:
        detectors.keep(db, [Remembered(1, WHOLE, {"n": 1}), Remembered(1, REVIEWS, {"n": 2})])
        detectors.keep(db, [Remembered(1, WHOLE, {"n": 3}, True), Remembered(2, WHOLE, {"n": 4})])
        assert detectors.load(db, [1]) == [
            Remembered(1, WHOLE, {"n": 3}),
            Remembered(1, REVIEWS, {"n": 2}),
        ]
        assert detectors.any_alerting(db)
        detectors.drop(db, 1, [WHOLE])
        assert not detectors.any_alerting(db)
        detectors.drop_all(db, 1)
        assert [r.subject_id for r in detectors.load(db, [1, 2])] == [2]


def test_who_is_behind_is_known_after_a_restart(store: Store) -> None:
    followed(store)
    with store.write() as db:
        assert detectors.taken(db) is None
        detectors.note(db, 7, {2})
        assert (detectors.taken(db), detectors.behind(db)) == (7, {2})
        detectors.note(db, 8, ())
        assert (detectors.taken(db), detectors.behind(db)) == (8, set())


def test_what_one_subject_writes_is_undone_when_it_fails_and_the_rest_stays(store: Store) -> None:
    followed(store)
    with store.write() as db:
        with detectors.apart(db):
            detectors.keep(db, [Remembered(1, WHOLE, {})])
        with pytest.raises(ZeroDivisionError):
            _fails(db)
    assert one(store, "SELECT count(*) FROM detector") == 1


def _fails(db: Db) -> None:
    with detectors.apart(db):
        detectors.keep(db, [Remembered(2, WHOLE, {})])
        raise ZeroDivisionError


def test_topics_of_before_are_counted_after_an_upgrade(tmp_path: Path) -> None:
    older = Database(tmp_path / "listener.db")
    migrations.apply(older, stop_before="noticing_detectors")
    older.table("subject").insert({"id": 1, "name": "Acme", "role": "brand"})
    said = {"channel": "social", "kind": "post", "text": "Acme", "source": "x"}
    times = ("2026-11-22T11:04:59.000Z", "2026-11-22T11:57:00.000Z", "2026-11-22T12:10:00.000Z")
    for number, said_at in enumerate(times, 1):
        older.table("mention").insert(
            said | {"id": number, "source_id": str(number), "said_at": said_at, "seen_at": said_at}
        )
        older.table("match").insert(
            {
                "mention_id": number, "subject_id": 1, "origin": "query", "said_at": said_at,
                "channel": "social", "sentiment": "negative",
            }
        )  # fmt: skip
        older.table("label").insert(
            {
                "mention_id": number, "by": "model", "sentiment": "negative", "negative": 1,
                "neutral": 0, "positive": 0, "made_at": said_at,
                "topics": '["billing"]' if number < 3 else "[]",
            }
        )  # fmt: skip
    older.table("rule_state").insert_all(
        [{"rule": rule, "subject_id": 1, "state": "{}"} for rule in ("spike", "other")]
    )
    older.close()
    store = Store(tmp_path / "listener.db").open(NOW)
    with store.write() as db:
        stale = buckets.stale(db)
        assert stale == [(1, "2026-11-22T11:00:00.000Z"), (1, "2026-11-22T11:55:00.000Z")]
        buckets.recount(db, [], shrunk=stale)
    assert rows(store, "SELECT rule FROM rule_state") == [{"rule": "other"}]
    assert one(store, "SELECT sum(negative) FROM bucket WHERE topic = 'billing'") == 2
    store.close()
