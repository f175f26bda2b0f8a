"""Whether the corrected share of negatives covers the true one, and the raw share does not.

    python -m bench.corrected_share --data ../shared/data --work DIR [--model fast] [--weeks 150]

Weeks are drawn from sets with gold labels, of texts on which the model was not trained: for each
week a share of negatives between 5 and 60 %, and so many texts of either kind, with replacement.
The model labels them; the share that the band has to cover is the gold one of the week itself.
Errors are known from other sets alone (`confusion.json`, without the set in question), or also from
so many texts of the same set that a person has checked. Both are drawn from the set each by itself,
with replacement: the set stands for a place where people go on talking.
"""

import argparse
import math
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, pstdev

from classifiers import known_error, load
from classifiers.base import LABELS
from classifiers.train.compare import ask_of
from classifiers.train.datasets import Row, read_rows
from listener.domain.measures import intervals
from listener.domain.measures.figure import Figure, Unit
from listener.domain.measures.prevalence import (
    DRAWS,
    Confusion,
    Part,
    Rates,
    by_set,
    corrected_share,
    rates_elsewhere,
    raw_share,
)

SETS = (
    "airline_us", "germeval2017", "potts_tweets_de", "acl14_twitter_target", "wisesight_th",
    "husst", "arabic_reviews", "jrte_hotel_ja", "indian_app_reviews_en", "trustpilot_us_banks_en",
    "avo_app_reviews_ko", "eon_app_reviews_de", "smp2020_weibo_covid", "sentirueval2016",
)  # fmt: skip
CHECKED = (0, 100, 200, 300)
TEXTS = (150, 600)  # in a week

Band = Callable[[int, int], Figure]


@dataclass(frozen=True, slots=True)
class Text:
    is_negative: bool
    called: bool  # negative
    probability: float


@dataclass(frozen=True, slots=True)
class Week:
    truly: float
    called: int
    texts: tuple[Text, ...]


def texts_by_set(
    rows: Sequence[Row], probabilities: Sequence[Sequence[float]]
) -> dict[str, list[Text]]:
    found: dict[str, list[Text]] = {}
    for row, of in zip(rows, probabilities, strict=True):
        negative = LABELS.index("negative")
        text = Text(
            row.label == negative, max(range(3), key=of.__getitem__) == negative, of[negative]
        )
        found.setdefault(row.source, []).append(text)
    return found


def weeks(pool: Sequence[Text], count: int, chance: random.Random) -> Iterator[Week]:
    bad = [text for text in pool if text.is_negative]
    rest = [text for text in pool if not text.is_negative]
    for _ in range(count):
        size, share = chance.randint(*TEXTS), chance.uniform(0.05, 0.6)
        negative = sum(chance.random() < share for _ in range(size))
        drawn = (*chance.choices(bad, k=negative), *chance.choices(rest, k=size - negative))
        yield Week(negative / size, sum(text.called for text in drawn), drawn)


def confusion(texts: Sequence[Text]) -> Confusion:
    return Confusion(
        hits=sum(t.is_negative and t.called for t in texts),
        missed=sum(t.is_negative and not t.called for t in texts),
        false_alarms=sum(not t.is_negative and t.called for t in texts),
        passed=sum(not t.is_negative and not t.called for t in texts),
    )


def elsewhere(model: str, without: str) -> Rates:
    """What the record on the other sets of the same family says."""
    every = known_error(model)
    family = next(one.family for one in every if one.set == without)
    others = [one for one in every if one.set != without and one.family == family]
    return rates_elsewhere(by_set(others))


@dataclass(slots=True)
class Tally:
    covered: int = 0
    weeks: int = 0
    width: float = 0.0
    error: float = 0.0

    def add(self, low: float, high: float, value: float, truly: float) -> None:
        self.covered += low <= truly <= high
        self.weeks += 1
        self.width += high - low
        self.error += abs(value - truly)

    def __str__(self) -> str:
        n = self.weeks
        return f"{self.covered / n:5.0%}  {self.width / n:5.1%}  {self.error / n:5.1%}"


def soft_share(week: Week) -> Figure:
    """The mean probability of negative, with the interval of a mean: no correction at all."""
    values = [text.probability for text in week.texts]
    low, high = intervals.of_mean(Counter(values)) or (0.0, 1.0)
    return Figure(
        measure="soft", unit=Unit.SHARE, n=len(values), value=fmean(values), low=low, high=high
    )


def soft_corrected(week: Week, people: Sequence[Text], chance: random.Random) -> Figure:
    """As Rogan & Gladen, with mean probabilities in place of counts (Bella et al., 2010)."""
    of_week = _drawn_means([t.probability for t in week.texts], chance)
    bad = _drawn_means([t.probability for t in people if t.is_negative], chance)
    rest = _drawn_means([t.probability for t in people if not t.is_negative], chance)
    drawn = sorted(
        min(max((q - low) / (high - low), 0.0), 1.0) if high > low else chance.random()
        for q, high, low in zip(of_week, bad, rest, strict=True)
    )
    low, value, high = (drawn[int(len(drawn) * at)] for at in (0.025, 0.5, 0.975))
    return Figure(
        measure="soft", unit=Unit.SHARE, n=len(week.texts), value=value, low=low, high=high
    )


def _drawn_means(values: Sequence[float], chance: random.Random) -> list[float]:
    spread = pstdev(values) / math.sqrt(len(values)) if len(values) > 1 else 0.5
    middle = fmean(values) if values else 0.5
    return [chance.gauss(middle, spread) for _ in range(DRAWS)]


def measure(
    name: str, texts: Sequence[Text], model: str, count: int, seed: int
) -> dict[str, Tally]:
    """One set: every way of telling the share, over its weeks."""
    tallies: dict[str, Tally] = {}
    record, chance = elsewhere(model, name), random.Random(f"{seed}:{name}")
    for week in weeks(texts, count, chance):
        n = len(week.texts)
        found = {"raw": raw_share(week.called, n), "soft count": soft_share(week)}
        for checked in CHECKED:
            people = chance.choices(texts, k=checked)
            rates = record.after(confusion(people))
            found[f"corrected, {checked} checked"] = corrected_share([Part(week.called, n, rates)])
            if checked:
                found[f"soft, {checked} checked"] = soft_corrected(week, people, chance)
        for way, figure in found.items():
            assert figure.value is not None
            assert figure.low is not None
            assert figure.high is not None
            tally = tallies.setdefault(way, Tally())
            tally.add(figure.low, figure.high, figure.value, week.truly)
    return tallies


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.corrected_share", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="where answers are kept")
    parser.add_argument("--model", default="fast")
    parser.add_argument("--weeks", type=int, default=150, help="of each set")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    rows = [
        row
        for row in read_rows(options.data, 0)
        if row.part == "held_out" and row.source in SETS and not row.two_class
    ]
    say = lambda line: print(line, file=sys.stderr)  # noqa: E731
    said = ask_of(load(options.model), [row.text for row in rows], options.work, say)
    print("covered, width of the band, mean error")
    total: dict[str, Tally] = {}
    for name, texts in sorted(texts_by_set(rows, said.probabilities.tolist()).items()):
        seen = confusion(texts)
        print(
            f"\n{name}: {len(texts)} texts,"
            f" sensitivity {seen.hits / (seen.hits + seen.missed):.2f},"
            f" specificity {seen.passed / (seen.passed + seen.false_alarms):.2f}"
        )
        for way, tally in measure(name, texts, options.model, options.weeks, options.seed).items():
            print(f"  {way:24} {tally}")
            all_of = total.setdefault(way, Tally())
            all_of.covered += tally.covered
            all_of.weeks += tally.weeks
            all_of.width += tally.width
            all_of.error += tally.error
    print("\nall")
    for way, tally in total.items():
        print(f"  {way:24} {tally}  of {tally.weeks} weeks")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
