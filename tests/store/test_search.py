"""Full-text search: any language, and always the words that stand there now."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listener.store import gone, mentions, search
from listener.store.connection import Store
from tests.builders import NOW, a_mention, a_tombstone, arrived
from tests.store.kept import kept

TEXTS = {
    1: "My parcel never arrived, shame on Acme",
    2: "我的快遞又丟了，Acme客服沒有回應",
    3: "Két hete „úton van” a csomagom, sehol sincs",
    4: "พัสดุของฉันหายไป แย่มาก",
    5: "荷物が届きません",
    6: "배송이 너무 늦어요",
    7: "Где моя посылка?",
    8: "C++ и naïve café @acme_help #delayed 747",
}


def found(store: Store, words: str) -> list[int]:
    with store.read() as db:
        return search.find(db, words, 100)


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("parcel", 1),
        ("PARCEL shame", 1),
        ("快遞", 2),
        ("客服", 2),
        ("Acme客服", 2),
        ("csomagom", 3),
        ("CSOMAGOM KÉT", 3),
        ("ket hete", 3),
        ("พัสดุ", 4),
        ("หาย", 4),
        ("荷物", 5),
        ("배송", 6),
        ("посылка", 7),
        ("cafe", 8),
        ("@acme_help", 8),
        ("#delayed", 8),
        ("747", 8),
        ("遞", 2),
    ],
)
def test_words_are_found(store: Store, words: str, number: int) -> None:
    kept(store, *(a_mention(n, text=text) for n, text in TEXTS.items()))
    assert found(store, words) == [number]


@pytest.mark.parametrize(
    "words", ["", "  ", "nothing", "遞快", "parcel 快遞", '"', "NOT", "*", ":"]
)
def test_what_is_not_there_is_not_found(store: Store, words: str) -> None:
    kept(store, *(a_mention(n, text=text) for n, text in TEXTS.items()))
    assert found(store, words) == []


def test_a_title_is_found_too(store: Store) -> None:
    kept(store, a_mention(title="Horrible", text="see above"))
    assert found(store, "horrible above") == [1]


def test_the_newest_come_first_and_no_more_than_asked_for(store: Store) -> None:
    kept(store, *(a_mention(n, text="parcel") for n in range(1, 6)))
    with store.read() as db:
        assert search.find(db, "parcel", 2) == [5, 4]


def test_after_an_edit_the_new_words_are_found_and_not_the_old(store: Store) -> None:
    kept(store, a_mention(text="parcel 快遞"))
    kept(store, a_mention(text="luggage 行李"))
    assert [found(store, w) for w in ("parcel", "快遞", "luggage", "行李")] == [[], [], [1], [1]]


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
    with store.read() as db:
        texts = {row["id"]: row["text"] for row in db.execute("SELECT id, text FROM mention")}
    for word in ("parcel", "快遞", "csomag", "พัส", "late"):
        assert sorted(found(store, word)) == [i for i, t in sorted(texts.items()) if word in t]
    store.close()


def test_indexing_again_finds_nothing_to_do(store: Store) -> None:
    kept(store, a_mention())
    assert search.index_new(store) == 0
