"""Intent and needs-an-answer of the 400 texts: `python -m bench.intents [--sentiment default]`."""

import argparse
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.intents.agreement import HERE, Key, kappas, labels_in
from bench.intents.texts import DATA, found
from classifiers import detect, embed, load
from classifiers.intents import INTENTS, Wants, shipped

RESAMPLES = 1000
Pair = tuple[str, str]  # what the person said, what the model said


def f1(pairs: Sequence[Pair], label: str) -> float:
    """F1 of one label; 0 where nobody says it."""
    right = sum(gold == said == label for gold, said in pairs)
    told = sum(gold == label for gold, _ in pairs) + sum(said == label for _, said in pairs)
    return 2 * right / told if told else 0.0


def macro_f1(pairs: Sequence[Pair]) -> float:
    """The mean F1 of the seven intents; `none` is no intent, but a wrong one costs."""
    return sum(f1(pairs, label) for label in INTENTS) / len(INTENTS)


def accuracy(pairs: Sequence[Pair]) -> float:
    return sum(gold == said for gold, said in pairs) / len(pairs)


def with_interval(pairs: Sequence[Pair], score: Callable[[Sequence[Pair]], float]) -> str:
    """The score with its 95 % interval, by bootstrap of the texts."""
    rng = random.Random(0)
    scores = sorted(score(rng.choices(pairs, k=len(pairs))) for _ in range(RESAMPLES))
    low, high = scores[int(0.025 * RESAMPLES)], scores[int(0.975 * RESAMPLES)]
    return f"{score(pairs):.3f} ({low:.3f} to {high:.3f})"


def report(title: str, gold: dict[Key, dict], read: Sequence[Wants], languages: Sequence[str]):
    rows = list(gold.values())
    intents = [(g["intent"], r.intent or "none") for g, r in zip(rows, read, strict=True)]
    needs = [(str(g["needs_answer"]), str(r.needs_answer)) for g, r in zip(rows, read, strict=True)]
    print(f"\n{title}, {len(rows)} texts")
    print(
        f"  intent: macro-F1 {with_interval(intents, macro_f1)}, accuracy {accuracy(intents):.3f}"
    )
    each = ", ".join(f"{label} {f1(intents, label):.2f}" for label in (*INTENTS, "none"))
    print(f"    {each}")
    print(f"  needs an answer: F1 {with_interval(needs, lambda p: f1(p, 'True'))},"
          f" of no {with_interval(needs, lambda p: f1(p, 'False'))},"
          f" accuracy {accuracy(needs):.3f}")  # fmt: skip
    always = [(said, "True") for said, _ in needs]
    print(f"    always yes: F1 {f1(always, 'True'):.3f}, of no 0, accuracy {accuracy(always):.3f}")
    told = [(g["reason"], r.reason) for g, r in zip(rows, read, strict=True)]
    print(f"  reason: accuracy {accuracy(told):.3f}")
    for language in sorted(set(languages), key=languages.count, reverse=True):
        mine = [i for i, one in enumerate(languages) if one == language]
        if len(mine) >= 10:
            some, asked = [intents[i] for i in mine], [needs[i] for i in mine]
            print(f"    {language:8} n {len(mine):3}  intent right {accuracy(some):.2f},"
                  f" needs an answer: right {accuracy(asked):.2f},"
                  f" F1 {f1(asked, 'True'):.2f}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.intents", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--sentiment", choices=["default", "fast"], default="default")
    parser.add_argument("--no-vectors", action="store_true", help="by words alone; quick")
    options = parser.parse_args()
    for what, value in kappas().items():
        print(f"kappa of {what}: {value:.2f}, of 200 texts labelled twice")
    gold = labels_in(HERE / "labels.jsonl")
    rows = found(set(gold), options.data)
    texts = [rows[key]["text"] for key in gold]
    languages = [language for language, _ in detect(texts)]
    predicted = load(options.sentiment).predict(texts)
    sentiments = [(p.negative, p.neutral, p.positive) for p in predicted]
    reader = shipped()
    began = time.process_time()
    read = reader.read(texts, sentiments)
    taken = time.process_time() - began
    report(f"by words, sentiment by {options.sentiment}", gold, read, languages)
    print(f"  {len(texts) / taken:,.0f} texts a second of CPU, beside the sentiment")
    if options.no_vectors:
        return
    vectors = list(embed(texts))
    began = time.process_time()
    read = reader.read(texts, sentiments, vectors)
    taken = time.process_time() - began
    report(f"with vectors, sentiment by {options.sentiment}", gold, read, languages)
    print(f"  {len(texts) / taken:,.0f} texts a second of CPU, beside the sentiment and the vector")


if __name__ == "__main__":
    main()
