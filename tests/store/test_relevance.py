"""Scores and people's words: what is kept of them, and how they are looked up."""

from collections.abc import Callable

import pytest

from listener.store import asides, embeddings, relevance
from listener.store.connection import Db, Store
from tests.builders import DAY, MINUTE, NOW, a_mention
from tests.store.kept import followed, kept, rows
from tests.store.test_plans import steps


def said(store: Store, count: int) -> None:
    """So many mentions of Acme, a minute apart, all of them labelled."""
    mentions = [a_mention(n, said_at=NOW - n * MINUTE) for n in range(1, count + 1)]
    kept(store, *mentions, subjects=followed(store))
    with store.write() as db:
        db.execute("INSERT OR REPLACE INTO progress (stage, upto) VALUES ('classify', ?)", (count,))


def found(db: Db, after: int = 0, limit: int = 10) -> list[relevance.Found]:
    return relevance.next_found(db, 1, "m", after=after, since=NOW - DAY, limit=limit)


def newest(db: Db, limit: int = 10) -> list[relevance.Found]:
    return relevance.newest_found(db, 1, "m", since=NOW - DAY, limit=limit)


def test_the_last_word_stands_and_changes_what_is_known(store: Store) -> None:
    said(store, 2)
    with store.write() as db:
        relevance.say(db, 1, 1, "jo", NOW, relevant=True)
        first = relevance.verdicts_said(db)
        relevance.say(db, 1, 1, "kata", NOW, relevant=False)
        assert relevance.verdicts_said(db) != first
        assert [(v.mention_id, v.relevant) for v in relevance.verdicts(db, 1, "m", 5)] == [
            (1, False)
        ]


def test_of_many_words_the_newest_teach(store: Store) -> None:
    said(store, 3)
    with store.write() as db:
        for n in (1, 2, 3):
            relevance.say(db, n, 1, "jo", NOW + n * MINUTE, relevant=True)
        assert [v.mention_id for v in relevance.verdicts(db, 1, "m", 2)] == [2, 3]


def test_only_what_is_judged_otherwise_is_told(store: Store) -> None:
    said(store, 2)
    with store.write() as db:
        assert relevance.keep_scores(db, [(1, 1, 0.9, True), (2, 1, 0.1, False)], "a", NOW) == [2]
        assert relevance.keep_scores(db, [(1, 1, 0.8, True), (2, 1, 0.2, False)], "b", NOW) == []
        assert relevance.keep_scores(db, [(1, 1, 0.1, False)], "c", NOW) == [1]
        relevance.keep_scores(db, [(1, 2, 0.5, True)], "c", NOW)
    assert rows(store, "SELECT mention_id, subject_id, score, model FROM relevance") == [
        {"mention_id": 1, "subject_id": 1, "score": 0.1, "model": "c"},
        {"mention_id": 2, "subject_id": 1, "score": 0.2, "model": "b"},
    ]


def test_what_was_found_comes_page_by_page_with_its_vectors(store: Store) -> None:
    said(store, 3)
    with store.write() as db:
        embeddings.keep(db, {2: b"two"}, {2: "Acme lost parcel number 2"}, "m")
        page = found(db, limit=2)
        assert [(f.mention_id, f.vector) for f in page] == [(1, None), (2, b"two")]
        assert [f.mention_id for f in found(db, after=2)] == [3]
        assert page[0].text == "Acme lost parcel number 1"


def test_what_is_not_labelled_yet_is_left_to_those_who_label(store: Store) -> None:
    said(store, 3)
    with store.write() as db:
        db.execute("UPDATE progress SET upto = 1 WHERE stage = 'classify'")
        assert [f.mention_id for f in found(db)] == [1]


def test_the_newest_are_those_that_nobody_judged(store: Store) -> None:
    said(store, 3)
    with store.write() as db:
        relevance.say(db, 1, 1, "jo", NOW, relevant=True)
        assert [f.mention_id for f in newest(db)] == [2, 3]


def test_without_a_line_what_was_kept_aside_is_measured_anew(store: Store) -> None:
    said(store, 2)
    with store.write() as db:
        relevance.keep_scores(db, [(1, 1, 0.1, False)], "a", NOW)
        asides.put_aside(db, [(1, 1, "relevance"), (2, 1, "person")])
        relevance.forget_subject(db, 1)
    assert rows(store, "SELECT 1 FROM relevance") == []
    assert rows(store, "SELECT stage, mention_id FROM redo") == [
        {"stage": "measure", "mention_id": 1}
    ]


@pytest.mark.parametrize("ask", [found, newest])
def test_a_page_is_read_without_sorting_all_there_is(
    store: Store, ask: Callable[[Db], object]
) -> None:
    said(store, 3)
    with store.read() as db:
        assert not [step for step in steps(db, ask) if "TEMP B-TREE" in step]
