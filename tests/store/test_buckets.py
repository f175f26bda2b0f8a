"""Buckets: whatever is counted, and however often, it equals a naive count."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listener.domain.times import BUCKET, bucket_start, to_text
from listener.store import buckets, matches
from listener.store.buckets import Gap
from listener.store.connection import Store
from tests.builders import DAY, HOUR, MINUTE, NOW, SECOND, a_mention, a_review
from tests.store.kept import followed, kept, one, rows

SAID = st.builds(
    lambda number, seconds, review, author, negative, copy: (
        (a_review if review else a_mention)(
            number,
            said_at=NOW + seconds * SECOND,
            author=f"person{author}" if author else None,
            source="x",
            text="Acme",
        ),
        "negative" if negative else None,
        1 if copy and number > 1 else None,
    ),
    st.integers(1, 10_000),
    st.integers(0, 1200),
    st.booleans(),
    st.integers(0, 3),
    st.booleans(),
    st.booleans(),
)


def counted(store: Store) -> dict[tuple[str, int, str], dict[str, Any]]:
    found = rows(store, "SELECT * FROM bucket WHERE topic = ''")
    return {(r["start"], r["subject_id"], r["channel"]): r for r in found}


@given(
    said=st.lists(SAID, min_size=1, max_size=25, unique_by=lambda one: one[0].source_id),
    times=st.integers(1, 3),
)
@settings(max_examples=40)
def test_a_recount_is_what_a_naive_count_says(
    tmp_path_factory: pytest.TempPathFactory, said: list[Any], times: int
) -> None:
    store = Store(tmp_path_factory.mktemp("buckets") / "a.db", durable=False).open(NOW)
    kept(store, *(mention for mention, _, _ in said), subjects=followed(store))
    naive: Counter[tuple[str, str, str]] = Counter()
    people: dict[tuple[str, str], set[str]] = {}
    with store.write() as db:
        for row_id, (mention, sentiment, copy_of) in enumerate(said, 1):
            copy_of = copy_of if row_id > 1 else None
            matches.settle(db, [(sentiment, copy_of, row_id, 1)])
            start = to_text(bucket_start(mention.said_at))
            for channel in (mention.channel.value, "all"):
                naive[start, channel, "mentions"] += 1
                naive[start, channel, "negative"] += sentiment == "negative"
                naive[start, channel, "folded"] += copy_of is None
                naive[start, channel, "folded_negative"] += (
                    copy_of is None and sentiment == "negative"
                )
                if mention.author:
                    people.setdefault((start, channel), set()).add(mention.author)
    keys = {(1, to_text(bucket_start(mention.said_at))) for mention, _, _ in said}
    for _ in range(times):
        with store.write() as db:
            assert buckets.recount(db, keys) == len(keys)
        found = counted(store)
        assert {(start, channel) for start, _, channel in found} == {k[:2] for k in naive}
        for (start, _, channel), row in found.items():
            for column in ("mentions", "negative", "folded", "folded_negative"):
                assert row[column] == naive[start, channel, column]
            assert row["authors"] == len(people.get((start, channel), ()))
    store.close()


def test_what_has_moved_away_is_no_longer_counted(store: Store) -> None:
    kept(store, a_mention(text="Acme"), subjects=followed(store))
    key = (1, to_text(bucket_start(NOW)))
    with store.write() as db:
        buckets.recount(db, [key])
        db.execute("DELETE FROM match")
        buckets.recount(db, [], shrunk=[key])
    assert {r["mentions"] for r in counted(store).values()} == {0}


def test_only_what_changed_is_given_to_the_rules(store: Store) -> None:
    said = [a_mention(n, text="Acme", said_at=NOW + n * BUCKET) for n in range(3)]
    kept(store, *said, subjects=followed(store))
    starts = [(1, to_text(bucket_start(one.said_at))) for one in said]
    with store.write() as db:
        buckets.recount(db, starts)
        touched = buckets.last_touch(db)
        assert buckets.touched_since(db, 1, touched) == []
        buckets.recount(db, starts[1:2])
        (changed,) = buckets.touched_since(db, 1, touched)
        assert changed.start == NOW + BUCKET
        assert [s.start for s in buckets.touched_since(db, 1, 0)] == [s.said_at for s in said]
        assert buckets.touched_since(db, 2, 0) == []
        assert buckets.recount(db, []) == 0


def test_a_match_that_does_not_count_is_not_counted(store: Store) -> None:
    subjects = followed(store)
    kept(store, a_mention(text="Acme", brand="Boreal"), subjects=subjects)
    with store.write() as db:
        buckets.recount(db, [(i, to_text(bucket_start(NOW))) for i in (1, 2)])
        assert matches.counts(db) == [("Acme", "brand", 0, 0), ("Boreal", "competitor", 1, 0)]
    found = {r["subject_id"]: r["mentions"] for r in counted(store).values()}
    assert found == {1: 0, 2: 1}


def a_gap(minutes: int = 20) -> Gap:
    return Gap("x", "social", NOW, NOW + minutes * MINUTE)


def test_a_gap_is_shown_as_not_measured_and_not_as_nothing(store: Store) -> None:
    followed(store)
    with store.write() as db:
        buckets.mark_unmeasured(db, [1], a_gap())
    found = rows(store, "SELECT DISTINCT channel, measured FROM bucket ORDER BY channel")
    assert found == [{"channel": "all", "measured": 0}, {"channel": "social", "measured": 0}]
    assert one(store, "SELECT count(*) FROM bucket WHERE channel = 'all'") == 4


def test_what_is_said_in_a_gap_does_not_close_it(store: Store) -> None:
    kept(store, a_mention(text="Acme"), subjects=followed(store))
    with store.write() as db:
        buckets.mark_unmeasured(db, [1], a_gap())
        buckets.recount(db, [(1, to_text(NOW))])
    found = rows(store, "SELECT mentions, measured FROM bucket WHERE start = ?", to_text(NOW))
    assert found == [{"mentions": 1, "measured": 0}] * 2


def test_a_gap_of_years_marks_a_month(store: Store) -> None:
    followed(store)
    with store.write() as db:
        buckets.mark_unmeasured(db, [1], Gap("x", "social", NOW, NOW + 900 * DAY))
    assert one(store, "SELECT count(*) FROM bucket WHERE channel = 'all'") == 31 * 288


def test_copies_are_folded_onto_the_first_of_the_day(store: Store) -> None:
    words = "Acme has lost my parcel again and nobody answers the telephone"
    said = [a_mention(n, text=words, said_at=NOW + n * HOUR) for n in (1, 2, 24, 26)]
    kept(store, *said, subjects=followed(store))
    with store.read() as db:
        found = matches.originals_of(db, matches.counting(db, [1, 2, 3, 4]))
    assert found == [None, 1, 1, 2]


def test_a_gap_marks_nothing_of_what_is_no_longer_followed(store: Store) -> None:
    followed(store)
    with store.write() as db:
        db.execute("UPDATE subject SET active = 0 WHERE id = 2")
        buckets.mark_unmeasured(db, [1, 2], a_gap())
    assert one(store, "SELECT count(*) FROM bucket WHERE subject_id = 1") == 8
    assert one(store, "SELECT count(*) FROM bucket WHERE subject_id = 2") == 0


def test_only_when_all_sources_were_away_is_it_a_common_gap() -> None:
    gaps = [
        Gap("x", "social", NOW, NOW + HOUR),
        Gap("y", "news", NOW + 30 * MINUTE, None),
    ]
    (both,) = buckets.common(gaps, ["x", "y"])
    assert (both.since, both.until) == (NOW + 30 * MINUTE, NOW + HOUR)
    assert buckets.common(gaps, ["x", "y", "z"]) == []
    assert buckets.common(gaps, []) == []
