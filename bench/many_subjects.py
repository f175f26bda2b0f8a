"""Many subjects asked of every text: 1,000 of 20 terms, beside one regular expression for each.

    python -m bench.many_subjects [--texts 100000]

Terms are words and phrases out of the texts, rare ones as names of brands are, and each tenth one
is another form: a wildcard, a slip, characters of a script without spaces. Texts are those of
../shared/data, else invented ones.
"""

import argparse
import gzip
import json
import random
import re
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from listener.domain.query import Query, Reading, fold_for_match, parse
from listener.domain.query.many import Many
from listener.errors import QueryError

DATA = Path(__file__).parents[2] / "shared" / "data"
LEAST = 5_000  # texts per CPU second of 1,000 subjects
MOST_SLOWER = 3.0  # from 10 subjects to 10,000
TERMS = 20
SEEN = (1, 3)  # terms of a subject that stand in texts at all: judged, and shown beside it
REGEX_TEXTS = 300  # one expression for each of 1,000 subjects is slow
NUMBERS = (10, 100, 1_000, 10_000)


def texts(wanted: int, rng: random.Random) -> list[str]:
    """Texts of all sets there are, each set about as often; repeated with changes if too few."""
    found: list[str] = []
    for file in sorted(DATA.glob("*/*.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            found += [text for line in lines if (text := json.loads(line).get("text"))]
    if not found:
        syllables = ["ka", "lo", "mi", "ter", "pan", "sor", "vel", "dun", "rix", "ob"]
        words = ["".join(rng.choices(syllables, k=rng.randint(1, 4))) for _ in range(20_000)]
        found = [" ".join(rng.choices(words, k=rng.randint(4, 40))) for _ in range(20_000)]
    rng.shuffle(found)
    while len(found) < wanted:
        found += [f"{text} {rng.randint(0, 10**6)}" for text in found[: wanted - len(found)]]
    return found[:wanted]


def vocabulary(said: list[str]) -> list[str]:
    """Words that a few texts in a hundred thousand have, as names do."""
    counts = Counter(
        word for text in said for word in set(re.findall(r"\w{4,}", fold_for_match(text)))
    )
    return sorted(word for word, count in counts.items() if 2 <= count <= len(said) // 2_000 + 3)


def query(words: list[str], seen: int, rng: random.Random) -> Query:
    """Twenty terms, a few of them left open, one excluded.

    As with real brands, few of the ways to write a name are ever written: `seen` of the terms are
    names that stand in texts, the others handles, domains and variants.
    """
    terms = []
    while len(terms) < TERMS - 1:
        word = rng.choice(words)
        if len(terms) >= seen:
            word = f"{word}{rng.choice(('air', 'hq', 'care', 'app', 'shop'))}{rng.randint(2, 99)}"
        form = rng.random()
        if form < 0.03 and word.isalnum():
            word = f"{word}*"
        elif form < 0.05 and word.isascii() and word.isalnum():
            word = f"{word}~1"
        elif form < 0.25:
            word = f'"{word} {rng.choice(words)}"'
        elif form < 0.30:
            word = f"@{word}"
        try:
            parse(word)
        except QueryError:
            continue
        terms.append(word)
    return parse(f"({' OR '.join(terms)}) NOT {rng.choice(words)}")


def seconds(queries: list[Query], said: list[str]) -> tuple[float, int]:
    """CPU seconds to ask all queries of all texts, and how many matches there were."""
    many = Many(queries)
    many.match(Reading(said[0]))
    began, matches = time.process_time(), 0
    for text in said:
        matches += len(many.match(Reading(text)))
    return time.process_time() - began, matches


def rated(
    seen: int, words: list[str], said: list[str], rng: random.Random
) -> tuple[list[Query], dict[int, float]]:
    """So many subjects each time, and how many texts a CPU second they are asked of."""
    queries = [query(words, seen, rng) for _ in range(max(NUMBERS))]
    rates: dict[int, float] = {}
    for number in NUMBERS:
        taken, matches = seconds(queries[:number], said)
        rates[number] = len(said) / taken
        print(
            f"{number:>7,} subjects, {seen} seen: {rates[number]:>9,.0f} texts/s,"
            f" {matches / len(said):.3f} matches a text"
        )
    return queries, rates


def by_expressions(queries: list[Query], said: list[str]) -> float:
    """The same by one regular expression for each query, as one would write it at first."""
    patterns = [
        re.compile("|".join(rf"\b{re.escape(term)}\b" for term in one.terms), re.IGNORECASE)
        for one in queries
    ]
    began = time.process_time()
    for text in said:
        for pattern in patterns:
            pattern.search(text)
    return time.process_time() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=100_000)
    wanted: Any = parser.parse_args()
    rng = random.Random(5)
    said = texts(wanted.texts, rng)
    words = vocabulary(said)
    print(f"{len(said):,} texts, {len(words):,} names to draw terms from, {TERMS} terms a subject")
    queries, rates = rated(SEEN[0], words, said, rng)
    _, dense = rated(SEEN[1], words, said[: len(said) // 4], rng)
    print(f"with {SEEN[1]} names each: {dense[min(NUMBERS)] / dense[max(NUMBERS)]:.2f} x slower")
    regex = REGEX_TEXTS / by_expressions(queries[:1_000], said[:REGEX_TEXTS])
    slower = rates[min(NUMBERS)] / rates[max(NUMBERS)]
    times = rates[1_000] / regex
    print(f"one expression for each of 1,000: {regex:,.0f} texts/s, {times:,.0f} x slower")
    print(f"from {min(NUMBERS)} to {max(NUMBERS):,} subjects: {slower:.2f} x slower")
    held = rates[1_000] >= LEAST and slower <= MOST_SLOWER
    print(
        "PASS" if held else "FAIL",
        f"(at least {LEAST:,} texts/s of 1,000; at most {MOST_SLOWER} x)",
    )
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
