"""The full-text index holds the words that stand there now, and no others."""

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from listener.domain.query.tokens import made_by
from listener.store import gone, keep, mentions, people, search
from listener.store.connection import BATCH, Store
from listener.store.migrations import migrations
from tests.builders import DAY, NOW, a_mention, a_tombstone, arrived
from tests.store import meta
from tests.store.kept import kept, on_disk, one, rows
from tests.store.search_asked import TEXTS, asked, found


def test_after_an_edit_the_new_words_are_found_and_not_the_old(store: Store) -> None:
    kept(store, a_mention(text="parcel 快遞"))
    kept(store, a_mention(text="luggage 行李"))
    assert [found(store, w) for w in ("parcel", "快遞", "luggage", "行李")] == [[], [], [1], [1]]
    assert vocabulary(store) == {"luggage"}


def test_after_a_link_has_changed_its_new_place_is_found(store: Store) -> None:
    kept(store, a_mention(url="https://old.example/a"))
    kept(store, a_mention(url="https://news.acme.example/a", likes=3))
    assert found(store, "site:old.example") == []
    assert found(store, "site:acme.example") == [1]
    with store.write() as db:
        gone.bury(db, [a_tombstone(1)], NOW)
    assert nothing_is_indexed(store)


def test_an_edit_before_it_was_indexed_is_indexed_once(store: Store) -> None:
    with store.write() as db:
        mentions.add(db, [arrived(a_mention(text="parcel"))], NOW)
        mentions.add(db, [arrived(a_mention(text="luggage"))], NOW)
    search.index_new(store)
    assert (found(store, "parcel"), found(store, "luggage")) == ([], [1])


def test_what_is_gone_is_not_found(store: Store) -> None:
    kept(store, a_mention(1, text="parcel"), a_mention(2, text="parcel"))
    with store.write() as db:
        gone.bury(db, [a_tombstone(1)], NOW)
    assert found(store, "parcel") == [2]
    assert found(store, "channel:social") == [2]
    assert found(store, "lang:en") == [2]


def vocabulary(store: Store) -> set[str]:
    return {row["word"] for row in rows(store, "SELECT word FROM word")}


def nothing_is_indexed(store: Store) -> bool:
    """Whether the index has no word of any text, in any of its columns."""
    with store.write() as db:
        db.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, mention_search, row)")
        left = db.execute("SELECT term FROM temp.terms").fetchall()
        db.execute("DROP TABLE temp.terms")
    return not left and not vocabulary(store)


def test_of_a_forgotten_text_no_word_stays_that_no_other_has(store: Store) -> None:
    secret = "canaryluggage 秘密 ÉkszerCanary #CanaryTag"
    kept(store, a_mention(1, text=f"parcel {secret}"), a_mention(2, text="a parcel"))
    (author,) = [r["id"] for r in rows(store, "SELECT id FROM author WHERE handle = 'person1'")]
    with store.write() as db:
        people.forget_author(db, author, NOW)
    assert vocabulary(store) == {"a", "parcel"}
    assert store.scrub()
    left = on_disk(store)
    for word in ("canaryluggage", "秘密", "ékszercanary", "gulyranac"[::-1], "egagguly"):
        assert word.encode() not in left


def test_when_everything_goes_the_index_is_empty(store: Store) -> None:
    texts = [*TEXTS.values(), "a" * 90, "x ℡Acme", "#CamelCaseTag 航空公司", "e\u0301\u0308"]
    kept(store, *(a_mention(n, text=t, url="https://a.b.example") for n, t in enumerate(texts)))
    while keep.sweep(store, NOW + DAY):
        pass
    assert one(store, "SELECT count(*) FROM mention") == 0
    assert nothing_is_indexed(store)


WORDS = st.sampled_from(["parcel", "快遞丟了", "csomag", "พัสดุ", "late", ""])
STEPS = st.lists(st.tuples(st.integers(1, 3), st.none() | WORDS, st.booleans()), max_size=12)


@given(steps=STEPS)
@settings(max_examples=60)
def test_the_index_says_what_a_naive_search_says(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, str | None, bool]]
) -> None:
    store = Store(tmp_path_factory.mktemp("search") / "a.db", durable=False).open(NOW)
    for number, text, index in steps:
        with store.write() as db:
            if text is None:
                gone.bury(db, [a_tombstone(number)], NOW)
            else:
                mentions.add(db, [arrived(a_mention(number, text=text))], NOW)
        if index:
            search.index_new(store)
    search.index_new(store)
    texts = {row["id"]: row["text"] for row in rows(store, "SELECT id, text FROM mention")}
    for word in ("parcel", "快遞", "csomag", "พัส", "late"):
        assert sorted(found(store, word)) == [i for i, t in sorted(texts.items()) if word in t]
    assert {word for word in vocabulary(store) if word.isascii()} == {
        text for text in texts.values() if text and text.isascii()
    }
    store.close()


def test_indexing_again_finds_nothing_to_do(store: Store) -> None:
    kept(store, a_mention())
    assert search.index_new(store) == 0


def test_indexing_stops_when_it_is_enough_and_goes_on_there(store: Store) -> None:
    count = BATCH + 3
    with store.write() as db:
        mentions.add(db, [arrived(a_mention(n)) for n in range(count)], NOW)
    assert search.index_new(store, lambda: True) == BATCH
    assert asked(store, "parcel").waiting == 3
    assert search.index_new(store, lambda: True) == 3
    assert asked(store, "parcel").waiting == 0


def test_an_index_that_other_code_has_made_is_made_anew(store: Store) -> None:
    kept(store, a_mention(1), a_mention(2))
    with store.write() as db:
        meta.put(db, search.MADE_BY, "of another time")
        gone.bury(db, [a_tombstone(1)], NOW)
    assert nothing_is_indexed(store)
    assert search.index_new(store) == 2
    assert found(store, "parcel") == [2]
    with store.read() as db:
        assert meta.get(db, search.MADE_BY) == made_by()


def test_times_out_of_our_calendar_are_kept_in_order(store: Store) -> None:
    early, late = datetime.fromisoformat("0001-01-02T00:00Z"), NOW + 300 * 366 * DAY
    assert search.key(early.isoformat(), 5) < search.key("1969-12-31T23:59:59.000Z", 1) < 0
    assert search.key("2026-01-01T00:00:00.000Z", 9) < search.key(late.isoformat(), 1)
    kept(store, a_mention(1, said_at=early), a_mention(2), a_mention(3, said_at=early))
    assert found(store, "parcel") == found(store, "channel:social") == [2, 3, 1]


def test_an_older_index_is_filled_anew_when_the_database_is_opened(tmp_path: Path) -> None:
    older = Database(tmp_path / "listener.db")
    migrations.apply(older, stop_before="search")
    older.table("mention").insert(
        {
            "source": "x", "source_id": "1", "channel": "social", "kind": "post",
            "text": "parcel 快遞", "said_at": "2026-11-22T12:00:00.000Z", "seen_at": "",
        }
    )  # fmt: skip
    older.execute("INSERT INTO mention_search (rowid, text, cjk) VALUES (1, 'parcel', '快遞')")
    older.execute("INSERT INTO progress (stage, upto) VALUES ('search', 1)")
    older.close()
    store = Store(tmp_path / "listener.db").open(NOW)
    assert (found(store, "parcel"), asked(store, "parcel").waiting) == ([], 1)
    assert search.index_new(store) == 1
    assert found(store, "parcel") == found(store, "遞") == [1]
    store.close()
