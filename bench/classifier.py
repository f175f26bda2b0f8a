"""`fast` and VADER on the same texts, each alone in this process."""

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench import texts
from bench.figure import Figure

ROUNDS = 3
TEXTS = 10_000


def figures(file: Path | None) -> list[Figure]:
    """In turns, the best of three. How right each of them is, is told by `listener evaluate`."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    from classifiers import detect, load

    said = [json.loads(line)["text"] for line in texts.lines(file, TEXTS)]
    fast, vader = load("fast"), SentimentIntensityAnalyzer()
    ways: list[Callable[[Sequence[str]], Any]] = [
        fast.predict,
        lambda some: [vader.polarity_scores(text) for text in some],
        detect,
    ]
    for way in ways:
        way(said[:600])  # what is read once is not counted
    runs = [[_rate(way, said) for way in ways] for _ in range(ROUNDS)]
    by_fast, by_vader, language = map(max, zip(*runs, strict=True))
    unit = "texts per CPU second"
    return [
        Figure(name="fast", value=by_fast, unit=unit, floor=5000, more=True),
        Figure(name="VADER", value=by_vader, unit=unit),
        Figure(name="fast against VADER", value=by_fast / by_vader, unit="x", floor=1, more=True),
        Figure(name="language detection", value=language, unit=unit),
    ]


def _rate(way: Callable[[Sequence[str]], Any], said: Sequence[str]) -> float:
    began = time.process_time()
    way(said)
    return len(said) / (time.process_time() - began)
