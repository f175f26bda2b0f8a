"""Sentiment towards each name, beside the label of the whole text, and who is put above whom.

    python -m bench.towards [--data DIR] [--most N] [--only sets|mixed|sentences]

The sets say of a text and a name in it (a person, a topic, a dish, a telephone company) how it is
spoken of. Nothing is fitted on them; the model that ships learnt most of these texts with one of
their labels, so `unseen` gives the figures of the rows that its training held out. Macro-F1, in
percent; where a set hardly knows neutral, of the likelier of the two others. `--most`: rows of a
set, chosen by a hash of their words. `mixed` tells how often the label of a whole text is in doubt
(under 60 % sure) where a text praises one name and complains of another, and where it does not.
"""

import argparse
import gzip
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

from bench import comparisons
from classifiers import Named, Prediction, detect, load
from classifiers.base import LABELS
from classifiers.clauses import clauses
from classifiers.comparing import relations
from classifiers.naming import Span
from classifiers.towards import said_of, towards
from classifiers.train.datasets import _normalised, _part

DATA = Path(__file__).parents[2] / "shared" / "data"
LATER = comparisons.SENTENCES.with_name("comparisons_later.txt")
COMPANIES = {  # how people write those of `sentirueval2016`
    "beeline": r"билл?айн\w*|beeline",
    "komstar": r"комстар\w*|komstar",
    "megafon": r"мегафон\w*|megafon",
    "mts": r"мтс|mts",
    "rostelecom": r"ростелеком\w*|rostelecom|ртк",
    "skylink": r"ска[йи] ?линк\w*|sky ?link",
    "tele2": r"теле ?2|tele ?2",
}
SETS = {
    "acl14_twitter_target": "train",
    "semeval_topics_en": "train",
    "semeval14_restaurants": "train",
    "semeval14_laptops": "train",
    "sentirueval2016": "tkk_test_etalon",
    "m_absa": "train",
}
TWO_CLASSES = {"semeval_topics_en"}


@dataclass(frozen=True)
class Row:
    """A text, where its names stand, and the label towards each."""

    source: str
    text: str
    names: tuple[tuple[Span, ...], ...]
    labels: tuple[str, ...]

    @property
    def unseen(self) -> bool:
        return _part(self.source, _normalised(self.text), 0) == "held_out"


def read(data: Path, source: str) -> list[Row]:
    """The rows of a set; a name that cannot be found in its text is left out."""
    by_text: dict[str, dict[tuple[Span, ...], str]] = defaultdict(dict)
    for row in _lines(data / source / f"{SETS[source]}.jsonl.gz"):
        for name, label in _said(row):
            places = tuple(m.span() for m in re.finditer(name, row["text"], re.IGNORECASE))
            if places and label in LABELS:
                by_text[row["text"]][places] = label
    return [Row(source, t, tuple(found), tuple(found.values())) for t, found in by_text.items()]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _said(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Patterns of the names of a row, and the label towards each."""
    if "entity_sentiment" in row:
        yield from ((COMPANIES.get(n, n), label) for n, label in row["entity_sentiment"].items())
    elif "aspects" in row:
        towards_each: dict[str, set[str]] = defaultdict(set)
        for aspect in row["aspects"]:
            if aspect.get("target"):
                towards_each[aspect["target"]].add(aspect["polarity"])
        yield from ((re.escape(n), min(of)) for n, of in towards_each.items() if len(of) == 1)
    else:
        yield r"[\W_]*".join(map(re.escape, re.findall(r"\w", row["target"]))), row["label"]


def macro_f1(gold: Sequence[str], told: Sequence[str], labels: Sequence[str]) -> float:
    scores = []
    for label in labels:
        both = sum(g == t == label for g, t in zip(gold, told, strict=True))
        scores.append(2 * both / max(1, gold.count(label) + told.count(label)))
    return 100 * sum(scores) / len(scores)


def _of_two(one: Prediction) -> str:
    return "negative" if one.negative >= one.positive else "positive"


def sets(data: Path, most: int) -> None:
    model = load("default")
    print("| set | rows | of these | names | whole text | own words | towards |")
    print("|---|---|---|---|---|---|---|")
    for source in SETS:
        rows = sorted(read(data, source), key=lambda row: crc32(row.text.encode()))[:most]
        whole = model.predict([row.text for row in rows])
        several = [row for row in rows if len(row.names) > 1]
        parts = [part for row in several for part in said_of(Named(row.text, row.names))]
        own = iter(model.predict(parts))
        each = iter(towards(model, [Named(row.text, row.names) for row in several]))
        told = [
            (
                row,
                [label] * len(row.names),
                [next(own) for _ in row.names] if len(row.names) > 1 else [label],
                next(each).predictions if len(row.names) > 1 else [label],
            )
            for row, label in zip(rows, whole, strict=True)
        ]
        for which, wanted in _PARTS.items():
            _print(source, which, [one for one in told if wanted(one[0])])


_PARTS: dict[str, Callable[[Row], bool]] = {
    "all": lambda row: True,
    "unseen": lambda row: row.unseen,
    "with several names": lambda row: len(row.names) > 1,
    "with several names, unseen": lambda row: len(row.names) > 1 and row.unseen,
}


def _print(source: str, which: str, told: Sequence[tuple[Row, Any, Any, Any]]) -> None:
    two = source in TWO_CLASSES
    labels = [label for label in LABELS if label != "neutral" or not two]
    kept = [
        (gold, [each[at] for each in said])
        for row, *said in told
        for at, gold in enumerate(row.labels)
        if gold in labels
    ]
    if len(kept) < 30:
        return
    gold = [one for one, _ in kept]
    scores = [
        macro_f1(gold, [_of_two(s[at]) if two else s[at].label for _, s in kept], labels)
        for at in range(3)
    ]
    figures = " | ".join(f"{score:.1f}" for score in scores)
    print(f"| {source} | {len(told)} | {which} | {len(kept)} | {figures} |")


def mixed(data: Path, most: int) -> None:
    """How sure the label of a text is that says contrary things, and of one that does not."""
    model = load("default")
    print("\n| set | texts | of these | in doubt | mean confidence |\n|---|---|---|---|---|")
    for source in ("semeval14_restaurants", "semeval14_laptops", "m_absa"):
        rows = sorted(read(data, source), key=lambda row: crc32(row.text.encode()))
        rows = [row for row in rows if len(row.names) > 1][:most]
        sure: dict[str, list[float]] = defaultdict(list)
        for row, label in zip(rows, model.predict([row.text for row in rows]), strict=True):
            felt = set(row.labels)
            kind = "contrary" if {"negative", "positive"} <= felt else "of one mind"
            if "neutral" not in felt:
                sure[kind].append(max(label.negative, label.neutral, label.positive))
        for kind, each in sorted(sure.items()):
            doubt = 100 * sum(one < 0.6 for one in each) / len(each)
            mean = 100 * sum(each) / len(each)
            print(f"| {source} | {len(each)} | {kind} | {doubt:.0f} % | {mean:.0f} % |")


def compared(path: Path) -> None:
    """How many of the sentences have both sides right, by language."""
    said = comparisons.read(path)
    model = load("default")
    named = [Named(one.text, one.names) for one in said]
    whole = model.predict([one.text for one in said])
    began = time.process_time()
    found = towards(model, named)
    seconds = time.process_time() - began
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    for one, label, each in zip(said, whole, found, strict=True):
        told = tuple(prediction.label for prediction in each.predictions)
        for language in (one.language, "all"):
            rows[language]["sentences"] += 1
            rows[language]["whole"] += one.towards == (label.label, label.label)
            rows[language]["towards"] += one.towards == told
    print(
        f"\n{path.name}\n\n| language | sentences | whole text, both right | towards, both right |"
    )
    print("|---|---|---|---|")
    for language, row in rows.items():
        print(f"| {language} | {row['sentences']} | {row['whole']} | {row['towards']} |")
    began = time.process_time()
    for one, (language, _) in zip(said, detect([o.text for o in said]), strict=True):
        relations(one.text, one.names, language)
        clauses(one.text, sorted(places[0] for places in one.names))
    wording = (time.process_time() - began) / len(said)
    print(
        f"\n{len(said) / seconds:.0f} texts a CPU second, of which wording {1000 * wording:.2f} ms"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--most", type=int, default=10**9)
    parser.add_argument("--only", choices=("sets", "mixed", "sentences"))
    options = parser.parse_args()
    there = options.data.is_dir()
    if there and options.only in (None, "sets"):
        sets(options.data, options.most)
    if there and options.only in (None, "mixed"):
        mixed(options.data, options.most)
    if options.only in (None, "sentences"):
        for path in (comparisons.SENTENCES, LATER):
            compared(path)


if __name__ == "__main__":
    main()
