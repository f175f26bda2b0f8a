"""What is kept aside counts for nothing, can be seen, and can be brought back."""

from typing import Any

from listener.domain.times import bucket_text, to_text
from listener.store import asides, clocks, matches, relevance
from listener.store.connection import Store
from tests.builders import DAY, HOUR, NOW, a_clock, a_mention
from tests.store.kept import followed, kept, one, rows


def two_mentions(store: Store, *more: Any) -> None:
    kept(store, a_mention(1), a_mention(2, text="Acme is grand"), *more, subjects=followed(store))


def put(store: Store, *asked: tuple[int, int, str]) -> int:
    with store.write() as db:
        return asides.put_aside(db, asked)


def bring(store: Store, *asked: tuple[int, int]) -> int:
    with store.write() as db:
        return asides.bring_back(db, asked)


def standing(store: Store) -> list[tuple[int, int, str | None]]:
    found = rows(store, "SELECT mention_id, counts, aside FROM match ORDER BY mention_id")
    return [(r["mention_id"], r["counts"], r["aside"]) for r in found]


def say(store: Store, mention_id: int, *, relevant: bool) -> None:
    with store.write() as db:
        relevance.say(db, mention_id, 1, "jo", NOW, relevant=relevant)


def test_what_is_put_aside_counts_no_more_and_its_bucket_is_counted_anew(store: Store) -> None:
    two_mentions(store)
    assert put(store, (1, 1, "spam:links")) == 1
    assert standing(store) == [(1, 0, "spam:links"), (2, 1, None)]
    assert rows(store, "SELECT * FROM stale_bucket") == [
        {"subject_id": 1, "start": bucket_text(to_text(NOW))}
    ]
    with store.read() as db:
        assert [m.mention_id for m in matches.counting(db, [1, 2])] == [2]


def test_putting_aside_twice_moves_nothing_and_keeps_the_first_reason(store: Store) -> None:
    two_mentions(store)
    put(store, (1, 1, "relevance"))
    assert put(store, (1, 1, "spam:links")) == 0
    assert standing(store)[0] == (1, 0, "relevance")


def test_a_persons_reason_takes_the_place_of_another(store: Store) -> None:
    two_mentions(store)
    put(store, (1, 1, "relevance"))
    assert put(store, (1, 1, "person")) == 1
    assert put(store, (1, 1, "person")) == 0
    assert standing(store)[0] == (1, 0, "person")


def test_its_clock_goes_unless_it_was_answered(store: Store) -> None:
    two_mentions(store)
    with store.write() as db:
        clocks.keep(db, [a_clock(mention_id=1)], NOW)
        clocks.keep(db, [a_clock(mention_id=2, answered_at=NOW + HOUR)], NOW)
    put(store, (1, 1, "relevance"), (2, 1, "relevance"))
    assert one(store, "SELECT mention_id FROM clock") == 2


def test_what_named_its_subject_is_never_put_aside_but_by_a_person(store: Store) -> None:
    kept(store, a_mention(brand="Acme"), subjects=followed(store))
    assert put(store, (1, 1, "relevance"), (1, 1, "spam:links")) == 0
    assert put(store, (1, 1, "person")) == 1


def test_what_a_person_called_relevant_stays(store: Store) -> None:
    two_mentions(store)
    say(store, 1, relevant=True)
    assert put(store, (1, 1, "spam:links")) == 0
    assert standing(store)[0] == (1, 1, None)


def test_what_comes_back_counts_and_is_measured_once_more(store: Store) -> None:
    two_mentions(store)
    put(store, (1, 1, "relevance"))
    assert bring(store, (1, 1), (2, 1)) == 1
    assert standing(store) == [(1, 1, None), (2, 1, None)]
    assert rows(store, "SELECT stage, mention_id FROM redo") == [
        {"stage": "measure", "mention_id": 1}
    ]


def test_beside_a_given_match_nothing_begins_to_count(store: Store) -> None:
    said = a_mention(text="Acme and Boreal", brand="Boreal")
    kept(store, said, subjects=followed(store))
    assert put(store, (1, 1, "relevance"), (1, 1, "person")) == 0
    with store.write() as db:
        db.execute("UPDATE match SET aside = 'person' WHERE subject_id = 1")
    bring(store, (1, 1))
    found = rows(store, "SELECT subject_id, counts FROM match ORDER BY subject_id")
    assert [(r["subject_id"], r["counts"]) for r in found] == [(1, 0), (2, 1)]


def test_copies_of_what_goes_are_measured_anew(store: Store) -> None:
    two_mentions(store)
    with store.write() as db:
        matches.settle(db, [("negative", 1, 2, 1)])
    put(store, (1, 1, "person"))
    assert rows(store, "SELECT mention_id FROM redo") == [{"mention_id": 2}]


def test_what_is_aside_can_be_listed_and_counted(store: Store) -> None:
    two_mentions(store, a_mention(3, text="Boreal and more", said_at=NOW - DAY))
    say(store, 2, relevant=False)
    put(store, (1, 1, "spam:links"), (2, 1, "person"), (3, 2, "relevance"))
    with store.write() as db:
        relevance.keep_scores(db, [(3, 2, 0.04, False)], "fake", NOW)
    with store.read() as db:
        every = asides.listing(db, None, None, 10)
        spam = asides.listing(db, "acme", "spam", 10)
        assert asides.count_by(db) == [
            (1, "Acme", "person", 1),
            (1, "Acme", "spam:links", 1),
            (2, "Boreal", "relevance", 1),
        ]
        assert asides.count_by(db, NOW - 2 * DAY, NOW) == [(2, "Boreal", "relevance", 1)]
    assert [(r["id"], r["reason"], r["score"], r["by"]) for r in every] == [
        ("x:2", "person", None, "jo"),
        ("x:1", "spam:links", None, None),
        ("x:3", "relevance", 0.04, None),
    ]
    assert [r["id"] for r in spam] == ["x:1"]


def test_judged_tells_who_said_what(store: Store) -> None:
    two_mentions(store, a_mention(3, text="Acme again"))
    say(store, 1, relevant=False)
    with store.write() as db:
        relevance.keep_scores(db, [(1, 1, 0.9, True), (2, 1, 0.1, False)], "fake", NOW)
        found = asides.judged(db, [1, 2, 3])
    assert [(j.mention_id, j.by_a_person, j.by_the_model) for j in found] == [
        (1, False, True),
        (2, None, False),
    ]
