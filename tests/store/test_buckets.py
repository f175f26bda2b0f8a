"""Buckets: whatever is counted, and however often, it equals a naive count."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listener.domain.label import Label, Sentiment
from listener.domain.part import WHOLE, Part
from listener.domain.times import BUCKET, bucket_start, to_text
from listener.store import buckets, labels, matches, series
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
@settings(max_examples=40, deadline=None)  # the first one imports what migrates
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
        assert series.touched_since(db, touched) == {}
        buckets.recount(db, starts[1:2])
        changed = series.touched_since(db, touched)[1]
        assert [(s.part, s.start) for s in changed] == [
            (part, NOW + BUCKET) for part in (WHOLE, Part("social"))
        ]
        assert series.of_subject_since(db, 1, touched) == changed
        whole = [s.start for s in series.touched_since(db, 0)[1] if s.part == WHOLE]
        assert whole == [s.said_at for s in said]
        assert series.of_subject_since(db, 2, 0) == []
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


def labelled(
    store: Store, number: int, *topics: str, by: str = "model", subject: int | None = None
) -> None:
    label = Label(
        mention_id=number,
        subject_id=subject,
        by=by,
        model=None,
        sentiment=Sentiment.NEGATIVE,
        negative=1.0,
        neutral=0.0,
        positive=0.0,
        topics=topics,
        made_at=NOW,
    )
    with store.write() as db:
        labels.add(db, [label])


def topics(store: Store) -> dict[str, tuple[int, int, int]]:
    found = rows(store, "SELECT * FROM bucket WHERE topic <> '' AND subject_id = 1")
    assert {r["channel"] for r in found} <= {"all"}
    return {r["topic"]: (r["mentions"], r["folded"], r["folded_negative"]) for r in found}


def test_topics_are_counted_by_the_label_that_readers_take(store: Store) -> None:
    said = [a_mention(n, text="Acme") for n in range(1, 5)]
    kept(store, *said, subjects=followed(store))
    key = (1, to_text(bucket_start(NOW)))
    labelled(store, 1, "billing", "seats")
    labelled(store, 2, "billing")
    labelled(store, 2, "seats", by="jo")
    labelled(store, 2, by="ann")  # says nothing of topics
    labelled(store, 3, "billing")
    labelled(store, 3, "food", subject=1)
    labelled(store, 4, "billing", subject=2)  # of another subject
    with store.write() as db:
        matches.settle(db, [("negative", None, 1, 1), ("negative", 1, 2, 1)])
        buckets.recount(db, [key])
        assert series.topics(db, 1) == ["billing", "food", "seats"]
    assert topics(store) == {"billing": (1, 1, 1), "seats": (2, 1, 1), "food": (1, 1, 0)}
    labelled(store, 1, "food", by="jo")
    with store.write() as db:
        buckets.recount(db, [], shrunk=[key])
    assert topics(store) == {"billing": (0, 0, 0), "seats": (1, 0, 0), "food": (2, 2, 1)}


def test_how_much_was_said_of_each_part_of_a_subject(store: Store) -> None:
    said = [a_mention(1, text="Acme"), a_review(2, text="Acme"), a_mention(3, text="Acme")]
    kept(store, *said, subjects=followed(store))
    labelled(store, 3, "billing")
    with store.write() as db:
        buckets.recount(db, [(1, to_text(bucket_start(NOW)))])
        found = series.volumes(db, 1, NOW, NOW + BUCKET)
        assert series.volumes(db, 1, NOW + BUCKET, NOW + DAY)[WHOLE].mentions == 0
        assert series.first(db, 1, Part("review")) == NOW
        assert series.first(db, 1, Part("news")) is None
    assert {part: tally.mentions for part, tally in found.items() if tally.mentions} == {
        WHOLE: 3,
        Part("social"): 2,
        Part("review"): 1,
        Part("all", "billing"): 1,
    }


def test_a_count_over_a_gap_says_that_some_of_it_is_missing(store: Store) -> None:
    followed(store)
    with store.write() as db:
        buckets.mark_unmeasured(db, [1], a_gap())
        assert not series.tally(db, 1, NOW, NOW + HOUR).measured
        assert series.tally(db, 1, NOW + HOUR, NOW + DAY).measured
