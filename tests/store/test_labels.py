"""Labels: which of them readers take, and what waits for one."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listener.domain.label import GIVEN, MODEL, Label, Sentiment, standing
from listener.store import gone, labels, mentions
from listener.store.connection import Store
from tests.builders import MINUTE, NEUTRAL, NOW, POSITIVE, a_label, a_mention, a_tombstone
from tests.store.kept import followed, kept, one, rows

LABELS = st.lists(
    st.builds(
        a_label,
        mention_id=st.just(1),
        subject_id=st.sampled_from([None, 1, 2]),
        by=st.sampled_from([MODEL, GIVEN, "jo", "kata"]),
        sentiment=st.sampled_from(Sentiment),
        made_at=st.integers(0, 3).map(lambda n: NOW + timedelta(minutes=n)),
    ),
    max_size=6,
    unique_by=lambda one: (one.by in (MODEL, GIVEN), one.subject_id is None, one.made_at),
)


@given(said=LABELS)
@settings(max_examples=80)
def test_the_view_takes_the_label_that_readers_take(
    tmp_path_factory: pytest.TempPathFactory, said: list[Label]
) -> None:
    store = Store(tmp_path_factory.mktemp("labels") / "a.db", durable=False).open(NOW)
    subjects = followed(store)
    kept(store, a_mention(text="Acme or Boreal"), subjects=subjects)
    with store.write() as db:
        labels.add(db, said)
        kept_labels = labels.of(db, [1]).get(1, [])
    taken = {row["subject_id"]: row for row in rows(store, "SELECT * FROM current_label")}
    for subject_id in (1, 2):
        wanted = standing(kept_labels, subject_id)
        assert (wanted is None) == (subject_id not in taken)
        if wanted is not None:
            row = taken[subject_id]
            assert (row["by"], row["sentiment"]) == (wanted.by, wanted.sentiment.value)
    store.close()


def test_of_two_at_one_moment_the_later_written_counts_for_both(store: Store) -> None:
    kept(store, a_mention(text="Acme"), subjects=followed(store))
    with store.write() as db:
        labels.add(db, [a_label(by="jo"), a_label(by="jo", sentiment=POSITIVE)])
        chosen = standing(labels.of(db, [1])[1], 1)
    assert chosen is not None
    assert chosen.sentiment is POSITIVE
    assert one(store, "SELECT sentiment FROM current_label") == "positive"


def test_a_label_is_kept_as_it_was_made(store: Store) -> None:
    followed(store)
    kept(store, a_mention())
    made = a_label(
        1, subject_id=1, by="jo", model=None, topics=("délibáb", "誤點"), intent="question"
    )
    with store.write() as db:
        labels.add(db, [made])
        assert labels.of(db, [1, 2]) == {1: [made]}
        assert labels.of(db, []) == {}


def test_a_new_label_by_a_model_replaces_the_old_and_no_persons(store: Store) -> None:
    kept(store, a_mention())
    with store.write() as db:
        labels.add(db, [a_label(), a_label(by="jo", sentiment=POSITIVE)])
        labels.add(db, [a_label(sentiment=NEUTRAL)], replacing=[1])
    found = rows(store, "SELECT by, sentiment FROM label ORDER BY by")
    assert [(r["by"], r["sentiment"]) for r in found] == [("jo", "positive"), ("model", "neutral")]


def test_what_is_about_nobody_we_follow_is_passed_over(store: Store) -> None:
    subjects = followed(store)
    kept(store, a_mention(1, text="the weather"), a_mention(2, text="Acme"), subjects=subjects)
    with store.read() as db:
        waiting = labels.next_unlabelled(db, 10)
    assert waiting is not None
    assert [m.id for m in waiting.mentions] == [2]
    assert waiting.upto == 2


def test_the_title_is_read_with_the_text(store: Store) -> None:
    kept(store, a_mention(title="Acme", text="never again"), subjects=followed(store))
    with store.read() as db:
        waiting = labels.next_unlabelled(db, 10)
    assert waiting is not None
    assert waiting.mentions[0].text == "Acme\nnever again"


def test_what_is_set_aside_is_listed_and_can_be_tried_again(store: Store) -> None:
    kept(store, a_mention(1), a_mention(2), a_mention(3), subjects=followed(store))
    with store.write() as db:
        labels.quarantine(db, [(1, "it hangs"), (2, "it crashes")], "fast@1", NOW)
        labels.quarantine(db, [(2, "it hangs")], "fast@1", NOW + MINUTE)
        found = [(r["name"], r["reason"]) for r in labels.quarantined(db)]
        assert found == [("x:2", "it hangs"), ("x:1", "it hangs")]
        assert labels.release(db, [1, 3]) == 1
        assert [r["name"] for r in labels.quarantined(db)] == ["x:2"]
        assert labels.release(db) == 1
        assert labels.quarantined(db) == []
    assert one(store, "SELECT count(*) FROM redo WHERE stage = 'classify'") == 2


def test_a_stage_goes_on_where_it_stopped(store: Store) -> None:
    kept(store, *(a_mention(n, text="Acme") for n in range(1, 6)), subjects=followed(store))
    seen = []
    for _ in range(3):
        with store.write() as db:
            waiting = labels.next_unlabelled(db, 2)
            assert waiting is not None
            seen += [m.id for m in waiting.mentions]
            labels.set_progress(db, "classify", waiting.upto, waiting.redone)
    assert seen == [1, 2, 3, 4, 5]
    with store.read() as db:
        assert labels.next_unlabelled(db, 2) is None
        assert labels.progress(db, "classify") == 5
        assert labels.progress(db, "measure") == 0


def test_the_parts_of_what_waits_are_the_whole_of_it(store: Store) -> None:
    subjects = followed(store)
    kept(store, *(a_mention(n, text="Acme") for n in range(1, 4)), subjects=subjects)
    with store.write() as db:
        labels.set_progress(db, "classify", 3)
        mentions.redo(db, "classify", [1, 2, 3])
    kept(store, a_mention(4, text="Acme"), a_mention(5, text="the weather"), subjects=subjects)
    kept(store, a_mention(6, text="Acme"), a_mention(7, text="the weather"), subjects=subjects)
    with store.write() as db:
        mentions.redo(db, "classify", [2, 5])
        waiting = labels.next_unlabelled(db, 10)
    assert waiting is not None
    found = [([m.id for m in p.mentions], p.redone, p.upto) for p in waiting.parts(1)]
    assert found == [
        ([4], {}, 5),
        ([6], {}, 7),
        ([1], {1: 1}, 7),
        ([2], {2: 2}, 7),
        ([3], {3: 1, 5: 1}, 7),
    ]
    assert [p.mentions for p in waiting.parts(5)] == [waiting.mentions]


def test_what_is_gone_keeps_nobody_else_from_being_done_again(store: Store) -> None:
    kept(store, *(a_mention(n, text="Acme") for n in range(1, 5)), subjects=followed(store))
    with store.write() as db:
        labels.set_progress(db, "classify", 4)
        mentions.redo(db, "classify", [1, 2, 3, 4])
        gone.bury(db, [a_tombstone(1), a_tombstone(2)], NOW)
        waiting = labels.next_unlabelled(db, 2)
    assert waiting is not None
    assert [m.id for m in waiting.mentions] == [3, 4]


def test_a_stage_that_reads_and_writes_at_once_needs_no_rounds(store: Store) -> None:
    kept(store, a_mention(1))
    with store.write() as db:
        mentions.redo(db, "measure", [1])
        mentions.redo(db, "measure", [1])
        labels.set_progress(db, "measure", 1, [1])
    assert rows(store, "SELECT * FROM redo") == []
