"""What a text is about, among topics that somebody defines by a line, examples and keywords.

No training is needed: a topic's score is the cosine of a text's vector with those of its line and
its examples, and word evidence beside it: the n-grams that they share, and keywords. A threshold
of each topic's own comes from unlabelled texts. From some thirty labelled texts on a head learns
(`classifiers.topic_head`), with these scores as its prior.

The weights were chosen on halves of three sets (`python -m bench.topics` measures the others).
"""

import hashlib
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from classifiers import word_rows
from classifiers.keywords import Keywords
from classifiers.topic_head import Head, fitted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]

SHIPPED: Final = Path(__file__).parent / "models" / "topics"
FORMULA: Final = "1"  # changes with what is told by the same definitions
SHARED_WITH_LINE, SHARED_WITH_EXAMPLES = 0.3, 0.6  # what shared n-grams are worth, in cosines
A_KEYWORD, MOST_KEYWORDS = 0.03, 3  # each; cosines of this encoder differ by hundredths
NEARLY_BEST = 0.01  # a topic so much behind the best one is told too,
ABOVE_USUAL, WITHOUT_WORDS = 1.0, 1.25  # if it stands so many deviations above what is usual
FEW = 30  # of labelled texts the head needs so many,
FEW_OF_TOPIC = 5  # and so many of a topic
PARTS: Final = 4  # of labelled texts: each part is scored by what the others teach
RARE: Final = 3.0  # log odds against a topic that nobody ever gave
AHEAD: Final = 0.01  # what a score must be ahead of a text's others to be worth as much as one
LEAST_ODDS, NEAR_ODDS = -1.0, 1.0  # a topic is told with so much, and so little behind the best

Embed = Callable[[list[str]], "Sequence[Vector | None]"]


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic, as somebody defines it. Keywords are read as `classifiers.keywords` says."""

    name: str
    description: str = ""
    examples: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        return f"{self.name}: {self.description}" if self.description else self.name


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text, its vector, and the topics that a person gave it."""

    text: str
    vector: "Vector"
    topics: frozenset[str]


@dataclass(frozen=True, slots=True)
class Usual:
    """Texts as they come, with their vectors: what is usual is learnt of them."""

    texts: Sequence[str]
    vectors: "Sequence[Vector]"

    @classmethod
    def of(cls, pairs: "Sequence[tuple[str, Vector]]") -> "Usual | None":
        """Of texts with their vectors; None of none."""
        return cls([text for text, _ in pairs], [v for _, v in pairs]) if pairs else None


def built_in() -> tuple[Topic, ...]:
    """The topics that ship, for customer experience, in the languages of the model."""
    return tuple(_read(file) for file in sorted(SHIPPED.glob("*.toml")))


def _read(file: Path) -> Topic:
    table = tomllib.loads(file.read_text("utf-8"))
    words = [word.strip() for line in table["keywords"].values() for word in line.split(",")]
    return Topic(table["name"], table["description"], tuple(table["examples"]), tuple(words))


def fingerprint(topics: Sequence[Topic]) -> str:
    """Name what is told by these topics, in twelve letters."""
    return hashlib.sha256(repr((FORMULA, tuple(topics))).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What examples say of each topic."""

    prototypes: "NDArray[np.float32]"  # [topics, width]; of a topic without any its line's
    has_examples: "NDArray[np.bool_]"
    rows: Any  # sparse, [topics, n-grams]


class ByWords:
    """Tells topics by their keywords alone: those that the text has most of."""

    def __init__(self, topics: Sequence[Topic]) -> None:
        self._names = [topic.name for topic in topics]
        self._keywords = Keywords([topic.keywords for topic in topics])

    def told(self, texts: Sequence[str]) -> list[tuple[str, ...]]:
        """Give the topics of each text, the surest first; of as many as half the most hits."""
        return [self._of(text) for text in texts]

    def _of(self, text: str) -> tuple[str, ...]:
        hits = self._keywords.hits(text)
        if not hits:
            return ()
        most = max(hits.values())
        told = sorted((-count, number) for number, count in hits.items() if 2 * count >= most)
        return tuple(self._names[number] for _, number in told)


class Topics:
    """Tells topics by vectors and words.

    embed: makes vectors of the definitions. usual: without, the definitions' own examples stand in
    for them. labelled: texts of which people said the topics; names that are none are passed over.
    Raises ValueError where a definition can have no vector.
    """

    def __init__(
        self,
        topics: Sequence[Topic],
        embed: Embed,
        *,
        usual: Usual | None = None,
        labelled: Sequence[Labelled] = (),
    ) -> None:
        import numpy as np  # noqa: PLC0415

        self._names = [topic.name for topic in topics]
        self._keywords = Keywords([topic.keywords for topic in topics])
        lines = [topic.line for topic in topics]
        examples = [example for topic in topics for example in topic.examples]
        owners = [topic.name for topic in topics for _ in topic.examples]
        made = [vector for vector in embed([*lines, *examples]) if vector is not None]
        if len(made) < len(lines) + len(examples):
            raise ValueError("the line or an example of a topic can have no vector")
        self._lines = np.array(made[: len(lines)], np.float32)
        usual = usual or Usual([*lines, *examples], made)
        counts = word_rows.counted(usual.texts)
        self._rarity = word_rows.rarity(counts)
        self._line_rows = self._rows(lines)
        self._examples = [
            (e, v, {t}) for e, v, t in zip(examples, made[len(lines) :], owners, strict=True)
        ]
        known = [one for one in labelled if not one.topics.isdisjoint(self._names)]
        self._sheet = self._sheet_of(known)
        vectors = np.array(usual.vectors, np.float32)
        scores, _ = self._scored(usual.texts, vectors, self._sheet)
        self._middle, self._spread = scores.mean(axis=0), scores.std(axis=0) + 1e-6
        self._head = self._learnt(known) if len(known) >= FEW else None

    def _rows(self, texts: Sequence[str]) -> Any:
        return word_rows.rows(word_rows.counted(texts), self._rarity)

    def _sheet_of(self, labelled: Sequence[Labelled]) -> "_Sheet":
        """Make the prototype of each topic of its examples and of what people gave it."""
        import numpy as np  # noqa: PLC0415
        from scipy.sparse import csr_matrix  # noqa: PLC0415

        every = [*self._examples, *((one.text, one.vector, one.topics) for one in labelled)]
        prototypes = self._lines.copy()
        mixed = np.zeros((len(self._names), len(every)), np.float32)
        for number, name in enumerate(self._names):
            mine = [at for at, (_, _, owners) in enumerate(every) if name in owners]
            if mine:
                mean = np.mean([every[at][1] for at in mine], axis=0)
                prototypes[number] = mean / np.linalg.norm(mean)
                mixed[number, mine] = 1 / len(mine)
        rows = csr_matrix(mixed) @ self._rows([text for text, _, _ in every])
        return _Sheet(prototypes, mixed.sum(axis=1) > 0, rows)

    def _scored(
        self, texts: Sequence[str], vectors: "NDArray[np.float32]", sheet: "_Sheet"
    ) -> "tuple[NDArray[np.float64], NDArray[np.bool_]]":
        """Give the score of each topic, [texts, topics], and whether words speak for it."""
        import numpy as np  # noqa: PLC0415

        rows = self._rows(texts)
        shared = SHARED_WITH_LINE * (rows @ self._line_rows.T).toarray()
        shared = np.where(sheet.has_examples, 0.6 * shared, shared)
        shared += SHARED_WITH_EXAMPLES * (rows @ sheet.rows.T).toarray()
        hits = np.zeros(shared.shape)
        for at, text in enumerate(texts):
            for number, count in self._keywords.hits(text).items():
                hits[at, number] = min(count, MOST_KEYWORDS)
        near = (vectors @ self._lines.T + vectors @ sheet.prototypes.T) / 2
        scores = near.astype(np.float64) + shared + A_KEYWORD * hits
        return scores, (hits > 0) | (shared > A_KEYWORD)

    def _learnt(self, known: Sequence[Labelled]) -> Head | None:
        """Learn of labelled texts; each is scored without itself, by what the other parts teach."""
        import numpy as np  # noqa: PLC0415

        gold = np.array([[n in one.topics for n in self._names] for one in known], np.bool_)
        enough = gold.sum(axis=0) >= FEW_OF_TOPIC
        if not enough.any():
            return None
        texts, vectors = [one.text for one in known], np.array([one.vector for one in known])
        scores = np.empty(gold.shape)
        for part in range(PARTS):
            others = [one for at, one in enumerate(known) if at % PARTS != part]
            sheet = self._sheet_of(others)
            scores[part::PARTS] = self._scored(texts[part::PARTS], vectors[part::PARTS], sheet)[0]
        usual = (scores - self._middle) / self._spread
        return fitted(usual, vectors, self._rows(texts), gold, enough)

    def scores(self, texts: Sequence[str], vectors: "NDArray[np.float32]") -> "NDArray[np.float64]":
        """Give how much each topic suits each text, [texts, topics]; the highest is the likeliest.

        Log odds where a head has learnt, else cosines with what words are worth.
        """
        scores, _ = self._scored(texts, vectors, self._sheet)
        if self._head is None:
            return scores
        return self._odds(self._head, scores, vectors, texts)

    def _odds(
        self, head: Head, scores: "NDArray[np.float64]", vectors: Any, texts: Sequence[str]
    ) -> "NDArray[np.float64]":
        """The head's log odds, or a guess for topics that it does not know, beside the scores.

        The two err differently: together they are righter than either.
        """
        import numpy as np  # noqa: PLC0415

        usual = (scores - self._middle) / self._spread
        odds = head.log_odds(usual, vectors, self._rows(texts))
        ahead = (scores - scores.mean(axis=1, keepdims=True)) / AHEAD
        found: NDArray[np.float64] = np.where(head.knows, odds, usual - RARE) + ahead
        return found

    def told(self, texts: Sequence[str], vectors: "Sequence[Vector]") -> list[tuple[str, ...]]:
        """Give the topics of each text, the surest first; of many texts none."""
        import numpy as np  # noqa: PLC0415

        near_to = np.array(vectors, np.float32)
        scores, by_words = self._scored(texts, near_to, self._sheet)
        usual = (scores - self._middle) / self._spread
        near = scores >= scores.max(axis=1, keepdims=True) - NEARLY_BEST
        chosen = near & (usual > np.where(by_words, ABOVE_USUAL, WITHOUT_WORDS))
        order = scores
        if self._head is not None:
            order = self._odds(self._head, scores, near_to, texts)
            likely = (order > LEAST_ODDS) & (order >= order.max(axis=1, keepdims=True) - NEAR_ODDS)
            chosen = np.where(self._head.knows, likely, chosen)
        return [
            tuple(self._names[n] for n in np.argsort(-order[at], kind="stable") if chosen[at, n])
            for at in range(len(texts))
        ]


def with_own(own: Sequence[Topic], others: Sequence[Topic]) -> tuple[Topic, ...]:
    """The topics of a user and those that ship; one's own stands in for one of the same name.

    One's own that has a name alone, for the sake of its team, is defined as the one that ships.
    """
    shipped = {topic.name.casefold(): topic for topic in others}
    mine = [_defined(topic, shipped.get(topic.name.casefold())) for topic in own]
    taken = {topic.name.casefold() for topic in mine}
    return (*mine, *(topic for topic in others if topic.name.casefold() not in taken))


def _defined(topic: Topic, shipped: Topic | None) -> Topic:
    is_bare = not (topic.description or topic.examples or topic.keywords)
    return replace(shipped, name=topic.name) if is_bare and shipped is not None else topic
