"""How well mentions of a name are told from mentions of something else: 0, 10 and 50 corrections.

    python -m bench.relevance [--data DIR] [--seeds N]

`sanders_brands` says of each row whether it is about the company (`relevance`). In
`crowdflower_brands_sxsw` people said at whose product a feeling is directed (`brand`): of the rows
that name a company, those with its own products are relevant, those with another's are not, and
those without any are left out, for nobody said what they are about. Corrections are drawn by seed
from a third of the rows, set apart by a hash of the words; the others are measured. What the judge
is set with (`listener.domain.relevance`) was chosen on invented texts and on the two companies that
are not measured here, Microsoft and Twitter.
"""

import argparse
import gzip
import hashlib
import json
import random
import re
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.relevance_texts import SETS
from listener.domain.relevance import Judge, fitted, read_about
from listener.stages.relevance import OTHERS

DATA = Path(__file__).parents[2] / "shared" / "data"
SEEDS = 20
CORRECTIONS = ((0, False), (10, False), (50, False), (10, True))  # how many, and only noes?
ABOUT = {
    "Apple": "the maker of iPhone, iPad and Mac, not the fruit, not the record label",
    "Google": "the internet company, its search, phones and apps, not a word for looking up",
    "Microsoft": "the software company behind Windows, Office and Xbox, not tiny and soft things",
    "Twitter": "the network for short messages as a company and a product, not the song of birds",
}
PRODUCTS = {"Apple": ("apple", "ipad", "iphone"), "Google": ("google", "android")}


Judged = tuple[list[tuple[Any, bool]], list[Any]]


@dataclass(frozen=True, eq=False)
class Row:
    """A text, its vector, and whether it is about the company."""

    text: str
    relevant: bool
    vector: Any
    apart: bool  # corrections are drawn from these; the others are measured


@dataclass(frozen=True)
class Figures:
    """How one judge did; of what is kept for relevant."""

    precision: float
    recall: float
    f1: float
    auc: float
    hidden: int  # relevant ones that are kept aside
    removed: int  # others that are


def sanders(data: Path) -> Iterator[tuple[str, str, bool]]:
    """Company, text, and whether it is about the company."""
    for row in _read(data / "sanders_brands" / "dev.jsonl.gz"):
        yield row["brand"], row["text"], row["relevance"]


def sxsw(data: Path) -> Iterator[tuple[str, str, bool]]:
    for row in _read(data / "crowdflower_brands_sxsw" / "dev.jsonl.gz"):
        brand = (row.get("brand") or "").casefold()
        for company, products in PRODUCTS.items():
            if brand and re.search("|".join(products), row["text"], re.IGNORECASE):
                yield company, row["text"], any(product in brand for product in products)


def _read(file: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def rows_of(found: Sequence[tuple[str, bool]], embed: Callable[[list[str]], Any]) -> list[Row]:
    vectors = embed([text for text, _ in found])
    return [
        Row(text, relevant, vector, _is_apart(text))
        for (text, relevant), vector in zip(found, vectors, strict=True)
    ]


def _is_apart(text: str) -> bool:
    """A third, by the words without names, links and signs: near-copies stay on one side."""
    words = re.sub(r"https?://\S+|@\w+|\brt\b|[^\w]+", " ", text.casefold()).split()
    return hashlib.blake2b(" ".join(words).encode(), digest_size=1).digest()[0] % 3 == 0


def taught(rows: Sequence[Row], count: int, seed: int, *, only_noes: bool = False) -> Judged:
    """So many corrections of what people happened to read, and some texts that nobody corrected."""
    pool = [row for row in rows if row.apart]
    random.Random(seed).shuffle(pool)
    some = [row for row in pool if not (only_noes and row.relevant)][:count]
    others = [row for row in pool if row not in some][:OTHERS]
    return [(row.vector, row.relevant) for row in some], [row.vector for row in others]


def figures(judge: Judge | None, rows: Sequence[Row]) -> Figures:
    """Without a judge: the plain query, which keeps everything."""
    scores = judge([row.vector for row in rows]) if judge else [1.0] * len(rows)
    bound = judge.threshold if judge else 0.0
    kept = [(row.relevant, score >= bound) for row, score in zip(rows, scores, strict=True)]
    hits = sum(relevant and stays for relevant, stays in kept)
    stayed, relevants = sum(stays for _, stays in kept), sum(relevant for relevant, _ in kept)
    precision, recall = hits / max(stayed, 1), hits / max(relevants, 1)
    return Figures(
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / max(precision + recall, 1e-9),
        auc=auc([r.relevant for r in rows], scores),
        hidden=relevants - hits,
        removed=len(kept) - relevants - (stayed - hits),
    )


def auc(truth: Sequence[bool], scores: Sequence[float]) -> float:
    """How often a relevant text has the higher score (Mann-Whitney); ties count for a half."""
    import numpy as np
    from scipy.stats import rankdata

    yes = np.array(truth)
    ranks = rankdata(scores)
    positive, negative = int(yes.sum()), int((~yes).sum())
    return float((ranks[yes].sum() - positive * (positive + 1) / 2) / max(positive * negative, 1))


def measured(
    name: str, line: str, rows: Sequence[Row], seeds: int, embed: Callable[[list[str]], Any]
) -> Iterator[tuple[str, list[Figures]]]:
    """The plain query, and the judge after so many corrections, once for each seed."""
    parts = list(embed(list(read_about(name, line).parts)))
    rest = [row for row in rows if not row.apart]
    yield "the query alone", [figures(None, rest)]
    for count, only_noes in CORRECTIONS:
        told = [taught(rows, count, n, only_noes=only_noes) for n in range(seeds if count else 1)]
        name = f"{count} noes only" if only_noes else f"{count} corrections"
        yield name, [figures(fitted(parts, *each), rest) for each in told]


def invented(embed: Callable[[list[str]], Any]) -> Iterator[tuple[str, list[Figures]]]:
    """The line alone, on texts about names that mean two things."""
    for one in SETS:
        found = [(t, True) for t in one.relevant] + [(t, False) for t in one.irrelevant]
        judge = fitted(list(embed(list(read_about(one.name, one.about).parts))), [])
        yield f"{one.name}: {one.about}", [figures(judge, rows_of(found, embed))]


def _cell(values: Sequence[float], form: str = "{:.3f}") -> str:
    mean = form.format(statistics.fmean(values))
    return f"{mean}±{form.format(statistics.stdev(values))}" if len(values) > 1 else mean


def _tell(name: str, found: Sequence[Figures]) -> None:
    cells = [
        _cell([getattr(f, key) for f in found]) for key in ("precision", "recall", "f1", "auc")
    ]
    counts = [_cell([getattr(f, key) for f in found], "{:.0f}") for key in ("hidden", "removed")]
    print(f"{name:26}" + "".join(f"{cell:>14}" for cell in [*cells, *counts]))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of labelled sets")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="draws of corrections")
    options = parser.parse_args()
    from classifiers import embed

    heads = ("precision", "recall", "F1", "AUC", "hidden", "removed")
    print(f"{'':26}" + "".join(f"{head:>14}" for head in heads))
    for name, found in invented(embed):
        _tell(name[:25], found)
    if not options.data.is_dir():
        print(f"SKIP: there is no {options.data}")
        return 0
    for title, read in (("sanders_brands", sanders), ("crowdflower_brands_sxsw", sxsw)):
        every = list(read(options.data))
        for company in ("Apple", "Google"):
            found = [(text, relevant) for name, text, relevant in every if name == company]
            rows = rows_of(found, embed)
            rest = [row for row in rows if not row.apart]
            about = sum(row.relevant for row in rest)
            print(f"\n{title}, {company}: {about} of {len(rest)} are relevant")
            for name, figured in measured(company, ABOUT[company], rows, options.seeds, embed):
                _tell(name, figured)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
