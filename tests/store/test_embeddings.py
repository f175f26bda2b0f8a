"""Vectors are kept of words that are there, and go with them."""

from typing import Final

from listener.store import embeddings, gone, mentions
from listener.store.connection import Store
from tests.builders import NOW, a_mention, a_tombstone
from tests.store.kept import followed, kept

ONE: Final = {1: "Acme lost parcel number 1", 2: "Acme lost parcel number 2"}


def two(store: Store) -> None:
    kept(store, a_mention(1), a_mention(2), subjects=followed(store))


def test_no_vector_is_kept_of_words_that_are_gone(store: Store) -> None:
    two(store)
    with store.write() as db:
        embeddings.keep(db, {1: b"one"}, ONE, "m")
        gone.bury(db, [a_tombstone(1)], NOW)
        assert embeddings.of(db, [1, 2], "m") == {}
        embeddings.keep(db, {1: b"one", 2: b"two"}, ONE, "m")
        assert embeddings.of(db, [1, 2], "m") == {2: b"two"}
        assert embeddings.of(db, [1, 2], "other") == {}


def test_an_edit_takes_the_vector_away_and_an_older_one_does_not_come_back(store: Store) -> None:
    two(store)
    with store.write() as db:
        embeddings.keep(db, {1: b"one", 2: b"two"}, ONE, "m")
    kept(store, a_mention(1, text="Acme found it"), subjects=followed(store))
    with store.write() as db:
        assert embeddings.of(db, [1, 2], "m") == {2: b"two"}
        embeddings.keep(db, {1: b"one"}, ONE, "m")
        assert embeddings.of(db, [1], "m") == {}


def test_what_is_to_be_read_again_meanwhile_goes_on_waiting(store: Store) -> None:
    two(store)
    with store.write() as db:
        mentions.redo(db, "embed", [1, 2])
        waiting = embeddings.next_waiting(db, 10)
        mentions.redo(db, "embed", [1])
        embeddings.done(db, waiting)
        assert [w.mention_id for w in waiting] == [2, 1]
        assert [w.mention_id for w in embeddings.next_waiting(db, 10)] == [1]
