"""Which mentions are copies of which: across batches, restarts, edits and deletions."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listener.domain.mention import Mention
from listener.store import copies, gone, heads, matches
from listener.store.connection import Db, Store
from listener.store.heads import MOST_HEADS, Recent
from tests.builders import DAY, HOUR, MINUTE, NOW, a_mention, a_tombstone
from tests.store.kept import followed, kept, one, rows

LOST = "Acme lost my parcel again and nobody answers the telephone there, for weeks on end now"
FOUND = "Everything from Acme came on the day they named, and the driver carried it up the stairs"
EDITS = (
    LOST,
    f"BREAKING: {LOST}",
    LOST.replace("parcel", "package"),
    f"{LOST} #fail",
    f"{LOST[:66]}…",
    FOUND,
    f"{FOUND} — thank you!",
    FOUND.replace("named", "promised"),
    "Acme is late",
)


def folded(
    db: Db, known: Recent, ids: Sequence[int], redone: Sequence[int] = ()
) -> list[int | None]:
    """As the measure stage does."""
    counting = matches.counting(db, ids)
    found = copies.fold(db, known, counting, matches.texts_of(db, ids), redone)
    matches.settle(
        db,
        [
            (None, first, r.mention_id, r.subject_id)
            for r, first in zip(counting, found, strict=True)
        ],
    )
    return found


def fold_all(store: Store, *borders: int) -> list[int | None]:
    """Everything in batches that end at these mentions, each by a new process."""
    total = one(store, "SELECT count(*) FROM mention")
    found: list[int | None] = []
    for before, end in pairwise(sorted({0, *borders, total})):
        with store.write() as db:
            found += folded(db, Recent(), range(before + 1, end + 1))
    return found


def said(texts: Iterable[str], **changes: Any) -> list[Mention]:
    return [
        a_mention(n, text=text, brand="Acme", said_at=NOW + n * MINUTE, **changes)
        for n, text in enumerate(texts, 1)
    ]


def test_edited_copies_are_copies_of_the_first(store: Store) -> None:
    kept(store, *said(EDITS), subjects=followed(store))
    assert fold_all(store) == [None, 1, 1, 1, 1, None, 6, 6, None]


@given(
    picks=st.lists(st.integers(0, len(EDITS) - 1), min_size=1, max_size=14),
    borders=st.lists(st.integers(1, 14), max_size=4),
)
@settings(max_examples=40, deadline=None)
def test_the_borders_of_batches_and_restarts_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, picks: list[int], borders: list[int]
) -> None:
    found = []
    for batches in ((), borders):
        store = Store(tmp_path_factory.mktemp("copies") / "a.db", durable=False).open(NOW)
        kept(store, *said(EDITS[pick] for pick in picks), subjects=followed(store))
        found.append(fold_all(store, *(border for border in batches if border < len(picks))))
        store.close()
    assert found[0] == found[1]


def test_a_copy_a_day_later_is_a_first_one_again(store: Store) -> None:
    times = (timedelta(0), DAY, DAY + MINUTE)
    three = [replace(m, said_at=NOW + t) for m, t in zip(said(EDITS[:3]), times, strict=True)]
    kept(store, *three, subjects=followed(store))
    assert fold_all(store) == [None, 1, None]


def test_one_that_was_said_before_but_comes_late_is_a_copy_too(store: Store) -> None:
    late = replace(said(EDITS[:2])[1], said_at=NOW - HOUR)
    kept(store, said(EDITS)[0], late, subjects=followed(store))
    assert fold_all(store, 1) == [None, 1]


def test_a_text_about_two_subjects_is_a_copy_for_the_one_that_both_name(store: Store) -> None:
    both = f"{LOST}, and Boreal is no better"
    mentions = [a_mention(1, text=LOST), a_mention(2, text=both), a_mention(3, text=both)]
    kept(store, *mentions, subjects=followed(store))
    assert fold_all(store) == [None, 1, None, 1, 2]
    assert rows(store, "SELECT subject, head, mentions FROM copy_cluster ORDER BY subject") == [
        {"subject": "Acme", "head": 1, "mentions": 3},
        {"subject": "Boreal", "head": 2, "mentions": 2},
    ]


def test_what_is_set_aside_is_nobodys_first(store: Store) -> None:
    kept(store, *said(EDITS[:3]), subjects=followed(store))
    with store.write() as db:
        db.execute("UPDATE match SET counts = 0 WHERE mention_id = 1")
    assert fold_all(store) == [None, 2]


def test_copies_of_what_was_set_aside_later_choose_a_new_first(store: Store) -> None:
    kept(store, *said(EDITS[:3]), subjects=followed(store))
    fold_all(store)
    with store.write() as db:
        db.execute("UPDATE match SET counts = 0 WHERE mention_id = 1")
        assert folded(db, Recent(), [2, 3], redone=[2, 3]) == [None, 2]


def test_measuring_again_changes_nothing(store: Store) -> None:
    kept(store, *said(EDITS), subjects=followed(store))
    before = fold_all(store)
    with store.write() as db:
        assert folded(db, Recent(), range(1, 10), redone=range(1, 10)) == before
        assert one(store, "SELECT count(*) FROM redo") == 0


def test_the_copies_of_what_was_edited_are_measured_on_their_own(store: Store) -> None:
    subjects = followed(store)
    kept(store, *said(EDITS[:4]), subjects=subjects)
    fold_all(store)
    kept(store, replace(said(EDITS)[0], text=FOUND), subjects=subjects)
    with store.write() as db:
        assert folded(db, Recent(), [1], redone=[1]) == [None]
        waiting = db.execute("SELECT mention_id FROM redo WHERE stage = 'measure'").fetchall()
        assert [row[0] for row in waiting] == [1, 2, 3, 4]
        assert folded(db, Recent(), [2, 3, 4], redone=[2, 3, 4]) == [None, 2, 2]
    kept(store, replace(said(EDITS)[0], source_id="9", text=EDITS[6]), subjects=subjects)
    with store.write() as db:
        assert folded(db, Recent(), [5]) == [1]


def test_an_edit_that_leaves_it_a_copy_keeps_the_cluster(store: Store) -> None:
    subjects = followed(store)
    kept(store, *said(EDITS[:3]), subjects=subjects)
    fold_all(store)
    kept(store, replace(said(EDITS)[0], text=f"{LOST}!!! So sad"), subjects=subjects)
    with store.write() as db:
        assert folded(db, Recent(), [1], redone=[1]) == [None]
    assert one(store, "SELECT mentions FROM copy_cluster") == 3


def test_one_that_is_now_about_somebody_else_lets_its_copies_go(store: Store) -> None:
    subjects = followed(store)
    kept(store, *said(EDITS[:3]), subjects=subjects)
    fold_all(store)
    kept(store, replace(said(EDITS)[0], brand="Boreal"), subjects=subjects)
    with store.write() as db:
        assert folded(db, Recent(), [1, 2, 3], redone=[1, 2, 3]) == [None, None, 2]


def test_after_a_deletion_later_copies_still_join_the_cluster(store: Store) -> None:
    subjects = followed(store)
    kept(store, *said(EDITS[:2]), subjects=subjects)
    fold_all(store)
    for number in (1, 2):
        with store.write() as db:
            gone.bury(db, [a_tombstone(number)], NOW)
        kept(store, replace(said(EDITS)[number + 1]), subjects=subjects)
        with store.write() as db:
            assert folded(db, Recent(), [number + 2]) == [1]
    with store.write() as db:
        assert folded(db, Recent(), [1, 2], redone=[1, 2]) == [None, 1]
    assert one(store, "SELECT mentions FROM copy_cluster") == 4


def test_of_what_is_deleted_no_number_stays(store: Store) -> None:
    kept(store, *said(EDITS[:1]), subjects=followed(store))
    fold_all(store)
    assert one(store, "SELECT count(*) FROM copy_head") == 1
    with store.write() as db:
        gone.bury(db, [a_tombstone(1)], NOW)
    assert one(store, "SELECT count(*) FROM copy_head") == 0


def test_no_more_than_so_many_heads_are_kept(store: Store) -> None:
    kept(store, *said([LOST, FOUND, EDITS[1]]), subjects=followed(store))
    with store.write() as db:
        folded(db, Recent(), [1])
        db.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'copy_head'", (MOST_HEADS,))
        assert folded(db, Recent(), [2, 3]) == [None, None]
    assert rows(store, "SELECT mention_id FROM copy_head") == [{"mention_id": 2}, {"mention_id": 3}]


def _fold_and_fail(db: Db, known: Recent) -> None:
    folded(db, known, [1])
    db.execute("INSERT INTO mention_version VALUES (1, 99, '', '', NULL, '')")


def test_nothing_of_a_transaction_that_failed_is_remembered(store: Store) -> None:
    kept(store, *said(EDITS[:2]), subjects=followed(store))
    known = heads.recent(store)
    with pytest.raises(sqlite3.IntegrityError), store.write() as db:
        _fold_and_fail(db, known)
    with store.write() as db:
        assert folded(db, known, [2]) == [None]
        assert folded(db, known, [1]) == [2]


def test_a_cluster_tells_how_far_it_went(store: Store) -> None:
    mentions = said(EDITS[:4])
    mentions[2] = replace(mentions[2], source="reddit", author="person2")
    mentions[3] = replace(mentions[3], author=None)
    kept(store, *mentions, a_mention(8, text=FOUND), subjects=followed(store))
    fold_all(store)
    with store.read() as db:
        found = copies.spread_of(db, [3, 1, 5])
    assert found.keys() == {1, 3}
    assert found[1] == found[3]
    assert found[1]._asdict() == {
        "mentions": 4,
        "authors": 4,
        "sources": ("reddit", "x"),
        "first_said_at": "2026-11-22T12:01:00.000Z",
        "last_said_at": "2026-11-22T12:04:00.000Z",
    }
    (cluster,) = rows(store, "SELECT * FROM copy_cluster")
    assert cluster == {
        "head": 1,
        "subject": "Acme",
        "mentions": 4,
        "authors": 4,
        "sources": 2,
        "first_said_at": "2026-11-22T12:01:00.000Z",
        "last_said_at": "2026-11-22T12:04:00.000Z",
    }
