"""Beside stage two: where a mention names several subjects, what it says of each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from listener.domain.label import MODEL, Label, Sentiment
from listener.domain.sides import Names, Place, Reader, Sides, Standing, apart, places_of
from listener.store import comparisons
from listener.store.comparisons import Compared, Together
from listener.store.connection import Db, Store
from listener.store.labels import Unlabelled

VERSION = "towards@1"


@dataclass(frozen=True, slots=True)
class Found:
    """What some mentions say of each of their subjects."""

    sides: Mapping[int, tuple[Sequence[Standing], Sides]]  # by the number of the mention
    by_stars: frozenset[tuple[int, int]]  # mention and subject whose stars say more than the words

    def labels(self, whole: Sequence[Label]) -> list[Label]:
        """Labels of pairs, where they are others than that of the whole text."""
        return [
            label
            for of_text in whole
            for label in self._of_pairs(of_text)
            if label.sentiment != of_text.sentiment
        ]

    def _of_pairs(self, whole: Label) -> list[Label]:
        standing, sides = self.sides.get(whole.mention_id, ((), None))
        if sides is None:
            return []
        return [
            Label(
                mention_id=whole.mention_id,
                subject_id=one.subject_id,
                by=MODEL,
                model=f"{whole.model}+{VERSION}",
                sentiment=Sentiment(felt.label),
                negative=felt.negative,
                neutral=felt.neutral,
                positive=felt.positive,
                topics=whole.topics,
                made_at=whole.made_at,
            )
            for one, felt in zip(standing, sides.predictions, strict=True)
            if (whole.mention_id, one.subject_id) not in self.by_stars
        ]

    def keep(self, db: Db, replacing: Sequence[int], model: str) -> None:
        """Keep who is put above whom, in the labels' transaction."""
        compared = [
            Compared(mention_id, standing[better].subject_id, standing[worse].subject_id)
            for mention_id, (standing, sides) in self.sides.items()
            for better, worse in sides.above
        ]
        comparisons.add(db, compared, f"{model}+{VERSION}", replacing=replacing)


@dataclass(frozen=True, slots=True)
class Towards:
    """Reads what mentions say of each subject that they name.

    names: of the brands and the competitors, by number; influencers are handed on and quoted by
    their names, which says nothing of them.
    """

    reader: Reader
    names: Mapping[int, str]

    def read(self, store: Store, said: Sequence[Unlabelled], now: datetime) -> Found:
        """Read those of these mentions that name two subjects or more."""
        texts = {one.id: one.text for one in said if one.text.strip()}
        if len(self.names) < 2 or not texts:
            return Found({}, frozenset())
        with store.read() as db:
            found = comparisons.together(db, texts)
        named = self._named(found, texts)
        asked: list[tuple[str, Names]] = [
            (texts[i], tuple(one.places for one in standing)) for i, standing in named.items()
        ]
        answers = self.reader.read(asked) if asked else []
        starred = {one.id for one in said if one.stars is not None}
        return Found(
            {
                i: (standing, sides)
                for (i, standing), sides in zip(named.items(), answers, strict=True)
                if sides is not None
            },
            frozenset((t.mention_id, t.subject_id) for t in found if t.given and t[0] in starred),
        )

    def _named(
        self, found: Sequence[Together], texts: Mapping[int, str]
    ) -> dict[int, list[Standing]]:
        places: dict[int, dict[int, Sequence[Place]]] = {}
        for one in (one for one in found if one.subject_id in self.names):
            where = one.places or self._by_name(one, texts[one.mention_id])
            places.setdefault(one.mention_id, {})[one.subject_id] = where
        named = {i: apart(of_mention) for i, of_mention in places.items()}
        return {i: standing for i, standing in named.items() if len(standing) > 1}

    def _by_name(self, one: Together, text: str) -> list[Place]:
        """Where a subject is named whose match came with the mention, and not by a query."""
        name = self.names.get(one.subject_id) if one.given else None
        return places_of(name, text) if name else []
