"""Beside stage two: the vector of each mention, made once, and all that is read out of it.

A vector is as dear as two labels. Where few mentions wait, it is made with the label; where many
do, after all of them were labelled and measured, so that no alert is later for it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from listener.domain.intent import Wants
from listener.domain.vector import Embedder, packed, unpacked
from listener.store import embeddings, labels, mentions
from listener.store.connection import Db, Store
from listener.store.labels import Unlabelled

if TYPE_CHECKING:
    from listener.domain.vector import Vector

Probabilities = tuple[float, float, float]  # negative, neutral, positive

MOST_AT_ONCE = 64  # mentions that wait; their vectors take a second or less
AFTERWARDS = 128  # vectors that are made in one go


class Relevant(Protocol):
    """Judges whether mentions are about their subjects."""

    def found(self, store: Store, mention_ids: Sequence[int]) -> list[tuple[int, int]]:
        """The pairs of a mention and a subject that are to be judged."""
        ...

    def read(
        self,
        store: Store,
        pairs: Sequence[tuple[int, int]],
        vectors: "Mapping[int, Vector]",
        redone: Collection[int],
        now: datetime,
    ) -> Callable[[Db], None]:
        """Judge them; what is returned keeps what was found."""
        ...


class Topical(Protocol):
    """Tells what texts are about."""

    @property
    def by_vectors(self) -> bool:
        """Whether it reads vectors; else words alone."""
        ...

    def read(
        self, store: Store, texts: Mapping[int, str], vectors: "Mapping[int, Vector]"
    ) -> dict[int, tuple[str, ...]]:
        """The topics of each text that has any; a text without a vector is read by its words."""
        ...


class Wanting(Protocol):
    """Tells what texts want."""

    def read(
        self,
        texts: Sequence[str],
        sentiments: Sequence[Probabilities],
        vectors: "Sequence[Vector | None] | None" = None,
        vectors_by: str | None = None,
    ) -> list[Wants]:
        """What each text wants, in their order; one without a vector is read by its words."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """What was found out of some texts. `keep` is for the transaction of their labels."""

    keep: Callable[[Db], None]
    vectors: "Mapping[int, Vector]" = field(default_factory=dict)
    topics: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    wants: Mapping[int, Wants] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Beside:
    """What is found out of texts beside their sentiment.

    followed: the subjects of whose mentions there are vectors; None reads no topics.
    """

    embedder: Embedder
    relevance: Relevant
    topics: Topical | None = None
    followed: frozenset[int] = frozenset()
    intents: Wanting | None = None

    @property
    def reads_all(self) -> bool:
        """Whether every mention that counts gets a vector."""
        return (
            self.topics is not None and self.topics.by_vectors and self.embedder.version is not None
        )

    def read(
        self,
        store: Store,
        said: Sequence[Unlabelled],
        sentiments: Mapping[int, Probabilities],
        redone: Collection[int],
        now: datetime,
    ) -> Found:
        """Read texts that are being labelled."""
        texts = {m.id: m.text for m in said if m.text.strip()}
        pairs = self.relevance.found(store, list(texts))
        counting = self.counting(store, texts)
        at_once = len(said) <= MOST_AT_ONCE
        wanted = {i for i, _ in pairs} | (counting if at_once and self.reads_all else set())
        known, fresh = self.vectors(store, {i: texts[i] for i in texts if i in wanted})
        vectors = {**known, **fresh}
        judged = self.relevance.read(store, pairs, vectors, redone, now)

        def keep(db: Db) -> None:
            self.keep_vectors(db, fresh, texts)
            judged(db)
            if not at_once and self.reads_all:
                mentions.redo(db, "embed", sorted(counting))

        topics = self.topics_of(store, {i: t for i, t in texts.items() if i in counting}, vectors)
        return Found(keep, vectors, topics, self.wants(texts, sentiments, vectors))

    def wants(
        self,
        texts: Mapping[int, str],
        sentiments: Mapping[int, Probabilities],
        vectors: "Mapping[int, Vector]",
    ) -> dict[int, Wants]:
        """What those texts want that have a sentiment."""
        ids = [i for i in texts if i in sentiments]
        if self.intents is None or not ids:
            return {}
        read = self.intents.read(
            [texts[i] for i in ids],
            [sentiments[i] for i in ids],
            [vectors.get(i) for i in ids],
            self.embedder.version,
        )
        return dict(zip(ids, read, strict=True))

    def counting(self, store: Store, mention_ids: Collection[int]) -> set[int]:
        """Those that are of a brand or a competitor."""
        if self.topics is None or not mention_ids:
            return set()
        with store.read() as db:
            return embeddings.counting(db, mention_ids, self.followed)

    def vectors(
        self, store: Store, texts: Mapping[int, str]
    ) -> "tuple[dict[int, Vector], dict[int, Vector]]":
        """The vectors that are there, and those that are made now."""
        version = self.embedder.version
        if version is None or not texts:
            return {}, {}
        with store.read() as db:
            known = {i: unpacked(v) for i, v in embeddings.of(db, texts, version).items()}
        lacking = {i: text for i, text in texts.items() if i not in known}
        made = self.embedder.embed(list(lacking.values())) if lacking else []
        return known, {i: v for i, v in zip(lacking, made, strict=True) if v is not None}

    def keep_vectors(
        self, db: Db, vectors: "Mapping[int, Vector]", texts: Mapping[int, str]
    ) -> None:
        kept = {i: packed(v) for i, v in vectors.items()}
        embeddings.keep(db, kept, texts, self.embedder.version or "")

    def topics_of(
        self, store: Store, texts: Mapping[int, str], vectors: "Mapping[int, Vector]"
    ) -> dict[int, tuple[str, ...]]:
        return self.topics.read(store, texts, vectors) if self.topics and texts else {}


def read_later(store: Store, beside: Beside) -> int:
    """Make some of the vectors that wait, and read them; returns how many, 0 when none is left.

    What is about something else than was thought is measured anew.
    """
    with store.read() as db:
        waiting = embeddings.next_waiting(db, AFTERWARDS)
    if not waiting:
        return 0
    texts = {w.mention_id: w.text for w in waiting if w.text.strip()}
    known, fresh = beside.vectors(store, texts if beside.reads_all else {})
    vectors = {**known, **fresh}
    topics = beside.topics_of(store, texts, vectors)
    with store.read() as db:
        sentiments = labels.sentiments_by_model(db, list(vectors))
    wants = beside.wants(texts, sentiments, vectors)
    with store.write() as db:
        beside.keep_vectors(db, fresh, texts)
        changed = embeddings.set_topics(db, {i: topics.get(i, ()) for i in texts})
        changed += labels.set_wants(db, wants)
        mentions.redo(db, "measure", changed)
        embeddings.done(db, waiting)
    return len(waiting)
