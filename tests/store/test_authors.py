"""Authors of a service, and how SQLite finds them."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from listener.store import authors
from listener.store.authors import Asked, Order
from listener.store.connection import Db, Store
from listener.store.migrations import migrations
from tests.builders import DAY, HOUR, NOW, a_mention, a_rival, a_subject
from tests.store.kept import followed, kept, rows

MONTH = timedelta(days=30)


def heard(store: Store, *subjects: int, since: datetime = NOW - MONTH) -> list[str | None]:
    with store.read() as db:
        return [one.author for one in authors.heard(db, Asked(subjects, since))]


def test_those_who_were_known_before_were_first_seen_with_their_first_mention(
    tmp_path: Path,
) -> None:
    older = Database(tmp_path / "listener.db")
    migrations.apply(older, stop_before="people")
    for number, handle in enumerate(("jo", "kata", "nobody"), 1):
        older.table("author").insert(
            {"id": number, "source": "x", "source_id": handle, "handle": handle}
        )
    for number, (author, seen) in enumerate(((1, "11-02"), (2, "11-03"), (1, "11-04")), 1):
        moment = f"2026-{seen}T12:00:00.000Z"
        older.table("mention").insert(
            {"source": "x", "source_id": str(number), "channel": "social", "kind": "post",
             "text": "Acme", "said_at": moment, "seen_at": moment, "author_id": author}
        )  # fmt: skip
    older.close()
    store = Store(tmp_path / "listener.db").open(NOW)
    assert rows(store, "SELECT handle, first_seen, verified FROM author ORDER BY id") == [
        {"handle": "jo", "first_seen": "2026-11-02T12:00:00.000Z", "verified": None},
        {"handle": "kata", "first_seen": "2026-11-03T12:00:00.000Z", "verified": None},
        {"handle": "nobody", "first_seen": None, "verified": None},
    ]
    store.close()


def test_only_who_spoke_of_the_subject_in_the_span_is_listed(store: Store) -> None:
    acme, boreal = followed(store, a_subject(), a_rival())
    said = [
        a_mention(1, text="Acme is late", author="late"),
        a_mention(2, text="Boreal is late", author="rivals"),
        a_mention(3, text="Acme", author="before", said_at=NOW - MONTH - HOUR),
        a_mention(4, text="none of them", author="stranger"),
        a_mention(5, text="Acme and Boreal", author="beside", brand="Boreal"),
        a_mention(6, text="Acme, says nobody", author=None),
    ]
    kept(store, *said, subjects=(acme, boreal))
    assert heard(store, acme.id) == ["late"]
    assert heard(store, boreal.id) == ["rivals", "beside"]
    assert heard(store, acme.id, boreal.id) == ["late", "rivals", "beside"]
    assert heard(store, acme.id, since=NOW - 2 * MONTH) == ["late", "before"]
    assert heard(store) == []


def test_who_comes_first_is_chosen(store: Store) -> None:
    subjects = followed(store, a_subject())
    few = [a_mention(n, author="few", followers=10, views=999 * n) for n in (1, 2)]
    many = [a_mention(n, author="many", followers=500) for n in range(10, 13)]
    unknown = [a_mention(n, author="unknown", followers=None) for n in range(20, 25)]
    kept(store, *few, *many, *unknown, subjects=subjects)
    found = {}
    with store.read() as db:
        for order in Order:
            people = authors.heard(db, Asked([subjects[0].id], NOW - DAY, order=order))
            found[order] = [(one.author, one.reach, one.mentions) for one in people]
    by_reach = [("few", 1998, 2), ("many", 500, 3), ("unknown", None, 5)]
    assert found[Order.REACH] == by_reach
    assert found[Order.MENTIONS] == by_reach[::-1]
    assert {name for name, _, _ in found[Order.NEGATIVE]} == {"few", "many", "unknown"}


def test_a_share_is_of_the_reach_of_all_who_are_asked_for(store: Store) -> None:
    subjects = followed(store, a_subject())
    said = [
        a_mention(1, author="a", followers=300),
        a_mention(2, author="b", followers=50, views=100),
        a_mention(3, author="c"),
        a_mention(4, author="a", source="y", followers=600),
    ]
    kept(store, *said, subjects=subjects)
    with store.read() as db:
        asked = Asked([subjects[0].id], NOW - DAY)
        both = [(one.id, one.share) for one in authors.heard(db, asked)]
        first = authors.heard(db, Asked([subjects[0].id], NOW - DAY, source="x", limit=1))
    assert both == [("y:a", 0.6), ("x:a", 0.3), ("x:b", 0.1), ("x:c", None)]
    assert [(one.id, one.share) for one in first] == [("x:a", 0.75)]


def test_where_nobody_reaches_anybody_there_is_no_share(store: Store) -> None:
    subjects = followed(store, a_subject())
    kept(store, a_mention(1, followers=0), subjects=subjects)
    with store.read() as db:
        (one,) = authors.heard(db, Asked([subjects[0].id], NOW - DAY))
    assert (one.reach, one.share) == (0, None)


@pytest.mark.parametrize(
    ("handle", "account", "is_theirs"),
    [
        ("Wanda", "wanda", True),
        ("@WANDA", "wanda", True),
        ("@ÁrvízTv", "árvíztv", True),
        ("wanda2", "wanda", False),
        ("Árvíz", "árvíztv", False),
    ],
)
def test_accounts_are_found_without_at_and_case(
    store: Store, handle: str, account: str, is_theirs: bool
) -> None:
    kept(store, a_mention(1, author=handle, author_id="UC7"), a_mention(2, source="y"))
    with store.read() as db:
        found = authors.spoken(db, "x", frozenset({account, "other"}), NOW - DAY)
    assert [one.account for one in found] == ([account] if is_theirs else [])


def test_an_account_may_be_named_by_its_id(store: Store) -> None:
    kept(store, a_mention(1, author="Wanda Flies", author_id="UC7"))
    with store.read() as db:
        (found,) = authors.spoken(db, "x", frozenset({"uc7"}), NOW - DAY)
    assert (found.account, found.posts) == ("uc7", 1)


def test_who_is_merely_called_so_has_no_account(store: Store) -> None:
    kept(store, a_mention(1, author=None, author_name="wanda"))
    with store.read() as db:
        assert authors.spoken(db, "x", frozenset({"wanda"}), NOW - DAY) == []


def plan(db: Db, asked: Asked) -> list[str]:
    statements: list[str] = []
    db.set_trace_callback(statements.append)
    authors.heard(db, asked)
    db.set_trace_callback(None)
    return [
        row["detail"]
        for statement in statements
        for row in db.execute(f"EXPLAIN QUERY PLAN {statement}")
    ]


def test_no_mention_outside_the_span_is_looked_at(store: Store) -> None:
    with store.read() as db:
        steps = plan(db, Asked((1, 2, 3), NOW - DAY))
    assert any("x USING INDEX match_said (subject_id=? AND said_at>?" in step for step in steps)
    assert any("m USING INTEGER PRIMARY KEY" in step for step in steps)
    assert not any(step.startswith(("SCAN x", "SCAN m", "SCAN a")) for step in steps)
