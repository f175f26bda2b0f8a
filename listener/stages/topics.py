"""What mentions are about: told by what defines the topics, and better with what people correct.

What tells them is made anew when people have said more, by steps; what was said lately is then
told anew, as after other definitions.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol

from listener.domain.vector import Embedder, packed, unpacked
from listener.store import embeddings, topics
from listener.store.connection import Store

if TYPE_CHECKING:
    from listener.domain.vector import Vector

BACK = timedelta(days=30)  # what was said longer ago is not told anew
STEPS = (5, 10, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750, 1000, 1500, 2000)  # corrections
MOST_TAUGHT = 2000
USUAL, ENOUGH_USUAL = 500, 100  # texts of which it is learnt what is usual; fewer tell nothing


class ByVectors(Protocol):
    """Tells topics by vectors and words."""

    def told(
        self, texts: Sequence[str], vectors: "Sequence[Vector]", /
    ) -> list[tuple[str, ...]]: ...


class ByWords(Protocol):
    """Tells topics by words alone."""

    def told(self, texts: Sequence[str]) -> list[tuple[str, ...]]: ...


class Known(NamedTuple):
    """Of what topics are learnt beside their definitions: texts, vectors, and people's topics."""

    usual: "Sequence[tuple[str, Vector]]"
    taught: "Sequence[tuple[str, Vector, tuple[str, ...]]]"


class Defined(NamedTuple):
    """What topics there are: their fingerprint, and what tells them."""

    fingerprint: str
    words: ByWords
    make: Callable[[Embedder, Known], ByVectors]  # of what is known


@dataclass
class Topics:
    """Tells topics of mentions. by_vectors: False reads words alone, and learns nothing.

    define: reads the definitions, which takes a moment; done when they are first needed.
    """

    define: Callable[[], Defined]
    embedder: Embedder
    by_vectors: bool = True
    _made: tuple[str, bool, ByVectors] | None = field(default=None, init=False, repr=False)

    @cached_property
    def defined(self) -> Defined:
        return self.define()

    def read(
        self, store: Store, texts: Mapping[int, str], vectors: "Mapping[int, Vector]"
    ) -> dict[int, tuple[str, ...]]:
        """The topics of each text that has any; a text without a vector is read by its words."""
        alone = {i: text for i, text in texts.items() if i not in vectors}
        told = dict(zip(alone, self.defined.words.told(list(alone.values())), strict=True))
        both = [i for i in texts if i in vectors]
        if both:
            model = self.model(store)
            found = model.told([texts[i] for i in both], [vectors[i] for i in both])
            told.update(zip(both, found, strict=True))
        return {i: names for i, names in told.items() if names}

    def model(self, store: Store) -> ByVectors:
        """What tells topics; made anew when people said more, and when usual texts are known."""
        version = self.version(store)
        if self._made is not None and self._made[:2] == (version, True):
            return self._made[2]
        with store.read() as db:
            lately = topics.usual(db, self.embedder.version or "", USUAL)
        enough = len(lately) >= ENOUGH_USUAL
        if self._made is None or self._made[:2] != (version, enough):
            usual = [(text, unpacked(vector)) for text, vector in lately] if enough else []
            known = Known(usual, self._taught(store))
            self._made = (version, enough, self.defined.make(self.embedder, known))
        return self._made[2]

    def _taught(self, store: Store) -> "list[tuple[str, Vector, tuple[str, ...]]]":
        """What people told, with vectors; those that are lacking are made, and kept."""
        version = self.embedder.version or ""
        with store.read() as db:
            enough = _step(topics.how_many_taught(db))
            said = topics.taught(db, version, MOST_TAUGHT) if enough else []
        vectors = {t.mention_id: unpacked(t.vector) for t in said if t.vector is not None}
        lacking = {t.mention_id: t.text for t in said if t.vector is None and t.text.strip()}
        found = self.embedder.embed(list(lacking.values())) if lacking else []
        fresh = {i: v for i, v in zip(lacking, found, strict=True) if v is not None}
        if fresh:
            with store.write() as db:
                embeddings.keep(db, {i: packed(v) for i, v in fresh.items()}, lacking, version)
        vectors |= fresh
        return [(t.text, vectors[t.mention_id], t.topics) for t in said if t.mention_id in vectors]

    def version(self, store: Store) -> str:
        """What tells topics now: by definitions, vectors, and how much people have said."""
        if not self.by_vectors or self.embedder.version is None:
            return f"{self.defined.fingerprint}:words"
        with store.read() as db:
            step = _step(topics.how_many_taught(db))
        return f"{self.defined.fingerprint}:{self.embedder.version}:{step}"


def _step(count: int) -> int:
    return (0, *STEPS)[bisect_right(STEPS, count)]


def tell_anew(store: Store, told: Topics | None, now: datetime) -> int:
    """Have what was said lately told anew, where something else tells topics now; how much."""
    if told is None:
        return 0
    with store.read() as db:
        before = topics.told_by(db)
    wanted = told.version(store)
    if before == wanted:
        return 0
    with store.write() as db:
        return topics.tell_anew(db, wanted, now - BACK)


def sweep_vectors(store: Store, before: datetime) -> int:
    """Take away old vectors, part by part; returns how many."""
    gone = 0
    while True:
        with store.write() as db:
            took = topics.sweep_vectors(db, before)
        gone += took
        if not took:
            return gone
