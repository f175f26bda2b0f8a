"""Retention: what is old goes, little by little, and leaves no words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listener.domain.incident import Event
from listener.store import answering, buckets, incidents, issues, keep, people
from listener.store.connection import Store
from listener.store.incidents import Outlets
from tests.builders import DAY, NOW, a_finding, a_mention, an_answer
from tests.store.kept import followed, kept, on_disk, one, rows

OLD = NOW - 400 * DAY


@given(old=st.integers(0, 60), new=st.integers(0, 60))
@settings(max_examples=25)
def test_at_most_a_tenth_goes_in_one_run(
    tmp_path_factory: pytest.TempPathFactory, old: int, new: int
) -> None:
    store = Store(tmp_path_factory.mktemp("keep") / "a.db", durable=False).open(NOW)
    said = [a_mention(n, said_at=OLD) for n in range(old)]
    kept(store, *said, *(a_mention(100 + n) for n in range(new)))
    gone = keep.sweep(store, NOW - 30 * DAY)
    assert gone <= (old + new + 9) // 10
    assert gone == min(old, (old + new + 9) // 10)
    assert one(store, "SELECT count(*) FROM mention") == old + new - gone
    store.close()


def test_day_by_day_all_that_is_old_goes_and_nothing_that_is_new(store: Store) -> None:
    kept(store, *(a_mention(n, said_at=OLD + n * DAY) for n in range(20)))
    kept(store, a_mention(99))
    while keep.sweep(store, NOW - 30 * DAY):
        pass
    assert rows(store, "SELECT source_id FROM mention") == [{"source_id": "99"}]


def test_the_oldest_go_first(store: Store) -> None:
    kept(store, *(a_mention(n, said_at=OLD + n * DAY) for n in (3, 1, 2)))
    keep.sweep(store, NOW)
    assert one(store, "SELECT min(said_at) FROM mention") == "2025-10-20T12:00:00.000Z"


def test_no_words_and_no_writer_are_left_of_what_went(store: Store) -> None:
    said = a_mention(1, said_at=OLD, text="canaryword 金絲雀之歌", author="canaryman")
    kept(store, said, subjects=followed(store))
    with store.write() as db:
        answers = [an_answer(1, said_at=OLD + DAY, text="canaryanswer")]
        answers.append(an_answer(9, said_at=OLD, text="canary to nobody we know", author="acme"))
        answering.add(db, [(a, None) for a in answers], NOW)
        answering.questions_of(db, [1, 2])
        people.assign(db, 1, "canaryjo", NOW)
        issues.tie(db, "canarylink", 1, "jo", NOW)
    assert keep.sweep(store, NOW - 30 * DAY) == 1
    store.scrub()
    left = on_disk(store)
    assert b"canary" not in left
    assert "金絲".encode() not in left


def test_the_counts_stay(store: Store) -> None:
    kept(store, a_mention(1, said_at=OLD), subjects=followed(store))
    with store.write() as db:
        buckets.recount(db, [(1, "2025-10-18T12:00:00.000Z")])
    keep.sweep(store, NOW)
    assert one(store, "SELECT mentions FROM bucket WHERE channel = 'all'") == 1


def test_what_was_told_long_ago_goes_but_of_what_is_still_open(store: Store) -> None:
    followed(store)
    with store.write() as db:
        for number in (1, 2, 3):
            finding = a_finding(key=f"spike:{number}")
            made = incidents.open_incident(db, finding, OLD)
            incidents.tell(
                db,
                finding,
                event=Event.SPIKE_OPENED,
                incident_id=made,
                outlets=Outlets(["slack"]),
                now=OLD,
            )
        db.execute("UPDATE outbox SET state = 'sent'")
        incidents.resolve(db, 1, OLD + DAY)
        incidents.resolve(db, 3, NOW)
    keep.sweep(store, NOW - 30 * DAY)
    for table in ("notice", "incident_event"):
        left = rows(store, f"SELECT DISTINCT incident_id FROM {table} ORDER BY 1")
        assert [row["incident_id"] for row in left] == [2, 3], table
    assert one(store, "SELECT count(*) FROM outbox") == 2
