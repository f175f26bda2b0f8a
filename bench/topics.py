"""Topics without training, with eight examples each, and trained on half: python -m bench.topics

Of each set, what a hash puts aside for tuning is never scored. Eight examples, and the half that
is learnt from, are of the tuning part; figures are of the other one. macro-F1 in percent:
`best` takes the likeliest topic of each text, `told` what the product would write, which may be
several topics, or none.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bench import topic_sets
from bench.topic_sets import LabelledSet
from classifiers import embed
from classifiers.topics import Labelled, Topic, Topics, Usual

if TYPE_CHECKING:
    from numpy.typing import NDArray

DATA: Final = Path("../shared/data")
NOTES: Final = {  # what notes/model.md measured: without training, with eight examples, trained
    "airline_us": ("40.6", "40.4", "53.9"),
    "germeval2017": ("17.8 (names alone)", "-", "47.9"),
    "m_absa": ("-", "-", "-"),
}
EXAMPLES: Final = 8
SEEDS: Final = 3
USUAL: Final = 500


def macro_f1(gold: "NDArray[np.bool_]", told: "NDArray[np.bool_]") -> float:
    both = (gold & told).sum(axis=0)
    return float(100 * (2 * both / np.maximum(gold.sum(axis=0) + told.sum(axis=0), 1)).mean())


class Measured:
    """One set with its vectors, which are made once."""

    def __init__(self, given: LabelledSet, vectors: "NDArray[np.float32]") -> None:
        self.given, self.vectors = given, vectors
        self.names = list(given.lines)
        self.gold = np.array([[n in g for n in range(len(self.names))] for g in given.gold])
        tuning = np.array(given.tuning)
        self.tuning, self.scored = np.flatnonzero(tuning), np.flatnonzero(~tuning)
        self.known: dict[str, Any] = dict(zip(given.texts, vectors, strict=True))

    def topics(self, examples: Sequence[Sequence[int]] | None = None) -> list[Topic]:
        chosen = examples or [()] * len(self.names)
        return [
            Topic(name, line, tuple(self.given.texts[i] for i in mine))
            for (name, line), mine in zip(self.given.lines.items(), chosen, strict=True)
        ]

    def made(self, topics: Sequence[Topic], labelled: Sequence[int] = ()) -> Topics:
        at = self.tuning[:USUAL]
        usual = Usual([self.given.texts[i] for i in at], list(self.vectors[at]))
        taught = [
            Labelled(
                self.given.texts[i],
                self.vectors[i],
                frozenset(self.names[n] for n in self.given.gold[i]),
            )
            for i in labelled
        ]
        return Topics(topics, self._embed, usual=usual, labelled=taught)

    def _embed(self, texts: list[str]) -> list[Any]:
        return [self.known[t] if t in self.known else embed([t])[0] for t in texts]

    def figures(self, model: Topics) -> tuple[float, float]:
        texts, vectors = [self.given.texts[i] for i in self.scored], self.vectors[self.scored]
        best = model.scores(texts, vectors).argmax(axis=1)
        chosen = np.eye(len(self.names), dtype=np.bool_)[best]
        told = np.array([[n in one for n in self.names] for one in model.told(texts, vectors)])
        gold = self.gold[self.scored]
        return macro_f1(gold, chosen), macro_f1(gold, told)

    def few(self, seed: int) -> list[list[int]]:
        rng = np.random.default_rng(seed)
        return [
            list(rng.permutation(self.tuning[self.gold[self.tuning, n]])[:EXAMPLES])
            for n in range(len(self.names))
        ]


def table(measured: Measured) -> Iterator[str]:
    """The three uses of one set, beside what the notes have."""
    uses: list[tuple[str, Callable[[], list[tuple[float, float]]]]] = [
        ("without training", lambda: [measured.figures(measured.made(measured.topics()))]),
        (
            f"{EXAMPLES} examples a topic",
            lambda: [
                measured.figures(measured.made(measured.topics(measured.few(seed))))
                for seed in range(SEEDS)
            ],
        ),
        (
            f"trained on half ({len(measured.tuning)})",
            lambda: [measured.figures(measured.made(measured.topics(), list(measured.tuning)))],
        ),
    ]
    name = measured.given.name
    for (use, figures), noted in zip(uses, NOTES[name], strict=True):
        best, told = np.mean(figures(), axis=0)
        yield f"{name:14} {use:26} best {best:5.1f}   told {told:5.1f}   notes {noted}"


def speed(measured: Measured) -> Iterator[str]:
    texts = measured.given.texts[:500]
    began = time.process_time()
    vectors = embed(texts)
    yield f"vectors: {len(texts) / (time.process_time() - began):,.0f} texts per CPU second"
    model = measured.made(measured.topics())
    began = time.process_time()
    model.told(texts, vectors)
    yield f"topics of them: {len(texts) / (time.process_time() - began):,.0f} texts per CPU second"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--cache", type=Path, help="a folder to keep vectors in")
    options = parser.parse_args()
    read = (topic_sets.airline, topic_sets.railway, topic_sets.reviews)
    for given in (one(options.data) for one in read):
        measured = Measured(given, _vectors(given, options.cache))
        for line in table(measured):
            print(line, flush=True)
    for line in speed(measured):
        print(line)


def _vectors(given: LabelledSet, cache: Path | None) -> "NDArray[np.float32]":
    file = cache / f"{given.name}.npy" if cache else None
    if file is not None and file.exists():
        found: NDArray[np.float32] = np.load(file)
        return found
    made = embed(given.texts)
    if file is not None:
        np.save(file, made)
    return made


if __name__ == "__main__":
    main()
