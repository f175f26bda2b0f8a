"""How right the language detector is on texts it did not learn from, by language and by length.

    python -m bench.language [--data DIR] [--everything]

The truth is the sets' own `lang`. Two counts are given: of every row that has one, and of those
that can be judged fairly, which leaves out what `UNFAIR` names and texts without three letters.
Only the part that `classifiers.train language` holds out is read; --everything reads all, with
what the n-grams were fitted on.
"""

import argparse
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.figure import Figure
from classifiers import detect
from classifiers.language import readable
from classifiers.train.language import LANGUAGES, Row, read_rows

DATA = Path(__file__).parents[2] / "shared" / "data"
SHORT_CHARACTERS = 20
ROUNDS = 3
_LETTER = re.compile(r"[^\W\d_]")
_HAN = re.compile("[\u3400-\u9fff]")

# Each with the reason why its own `lang` cannot be held against a detector.
UNFAIR: dict[str, Callable[[Row], bool]] = {
    "not said ('und')": lambda row: row.language == "und",
    "two languages in each text (es-en)": lambda row: row.language == "es-en",
    "Nigerian Pidgin, written with English words": lambda row: row.language == "pcm",
    "language guessed by the set's maker (twcs)": lambda row: row.source == "twcs",
    "Hindi in Latin letters (umsab): a quarter is plain English": (
        lambda row: row.source == "umsab" and row.language == "hi"
    ),
    "Latin letters only, in a set of another script": (
        lambda row: (
            row.language in ("ar", "ko", "ja", "th", "zh", "zh-Hant")
            and row.source != "afrisenti"
            and all(letter.isascii() for letter in _LETTER.findall(row.text))
        )
    ),
    "fewer than three letters, or one Han character": (
        lambda row: len(_LETTER.findall(readable(row.text))) < 3 and len(_HAN.findall(row.text)) < 2
    ),
}


class Tally:
    """Right and wrong of short and long texts."""

    def __init__(self) -> None:
        self.rows = [0, 0]
        self.right = [0, 0]
        self.taken_for: list[Counter[str]] = [Counter(), Counter()]

    def add(self, row: Row, found: str) -> None:
        long = len(row.text) > SHORT_CHARACTERS
        self.rows[long] += 1
        self.right[long] += found == row.language
        if found != row.language:
            self.taken_for[long][found] += 1

    def share(self, long: bool) -> float:
        return self.right[long] / self.rows[long] if self.rows[long] else float("nan")

    def cells(self) -> str:
        parts = []
        for long in (False, True):
            right = f"{100 * self.share(long):6.1f}" if self.rows[long] else "     -"
            parts.append(f"{self.rows[long]:6}{right}")
        wrong = ", ".join(
            f"{name} {count}"
            for name, count in (self.taken_for[0] + self.taken_for[1]).most_common(5)
        )
        return f"{'  '.join(parts)}   {wrong}"


def why_unfair(row: Row) -> str | None:
    return next((reason for reason, holds in UNFAIR.items() if holds(row)), None)


def tallied(rows: Sequence[Row], found: Sequence[str], key: Callable[[Row], str]):
    tallies: dict[str, Tally] = {}
    for row, each in zip(rows, found, strict=True):
        tallies.setdefault(key(row), Tally()).add(row, each)
    return dict(sorted(tallies.items()))


def scripts(rows: Sequence[Row], found: Sequence[str]) -> tuple[int, int]:
    """Of the Chinese texts that were found Chinese: how many, and how many in their script."""
    pairs = [
        (row.language, each)
        for row, each in zip(rows, found, strict=True)
        if row.language in ("zh", "zh-Hant") and each in ("zh", "zh-Hant")
    ]
    return len(pairs), sum(language == each for language, each in pairs)


def held_out(data: Path = DATA, everything: bool = False) -> list[Row]:
    return [row for row in read_rows(data) if everything or row.held_out]


def speed(texts: Sequence[str]) -> float:
    """Texts per CPU second, the best of some rounds, what is read once not counted."""
    detect(texts[:600])
    best = 0.0
    for _ in range(ROUNDS):
        began = time.process_time()
        detect(texts)
        best = max(best, len(texts) / (time.process_time() - began))
    return best


def figures(file: Path | None) -> list[Figure]:
    """For `python -m bench`: nothing where the labelled sets are not beside the checkout."""
    if not DATA.is_dir():
        return []
    rows = held_out()
    found = [language for language, _ in detect(row.text for row in rows)]
    fair = [at for at, row in enumerate(rows) if why_unfair(row) is None]
    total = Tally()
    for at in fair:
        total.add(rows[at], found[at])
    chinese, right = scripts(rows, found)
    each = speed([row.text for row in rows[::5]])
    return [
        Figure(name="language, over 20 characters", value=100 * total.share(True), unit="% right",
               floor=95, more=True, note=f"{total.rows[1]:,} texts"),
        Figure(name="language, up to 20", value=100 * total.share(False), unit="% right",
               floor=85, more=True, note=f"{total.rows[0]:,} texts"),
        Figure(name="simplified or traditional", value=100 * right / chinese, unit="% right",
               floor=99, more=True, note=f"{chinese:,} texts"),
        Figure(name="language, of all sets", value=each, unit="texts per CPU second",
               floor=20_000, more=True),
    ]  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of labelled sets")
    parser.add_argument("--everything", action="store_true", help="also what was fitted on")
    parser.add_argument("--sets", action="store_true", help="a line for each set and language")
    options = parser.parse_args()
    if not options.data.is_dir():
        print(f"SKIP: there is no {options.data}")
        return 0
    rows = held_out(options.data, options.everything)
    found = [language for language, _ in detect(row.text for row in rows)]
    fair = [at for at, row in enumerate(rows) if why_unfair(row) is None]
    some, their = [rows[at] for at in fair], [found[at] for at in fair]
    _tell_of_languages(some, their)
    for name, which in (("fair rows", (some, their)), ("every row", (rows, found))):
        print(f"{name:34}{tallied(*which, lambda _: '')[''].cells()}")
    chinese, right = scripts(rows, found)
    print(f"{'simplified or traditional':34}{100 * right / chinese:6.1f} of {chinese}")
    _tell_of_unfair(rows, found)
    if options.sets:
        print("\nfair rows, by set")
        for name, tally in tallied(some, their, lambda row: f"{row.source} {row.language}").items():
            print(f"{name:46}{tally.cells()}")
    _tell_of_speed(rows)
    return 0


def _tell_of_languages(rows: Sequence[Row], found: Sequence[str]) -> None:
    print(f"{'':34}  up to 20        over 20      taken for")
    print(f"{'':34}  texts right   texts right")
    by_language = tallied(rows, found, lambda row: row.language)
    for name, tally in by_language.items():
        mark = "" if name in LANGUAGES else " *"
        print(f"{name + mark:34}{tally.cells()}")
    print("* read by script or by CLD2 alone: the n-grams have no texts of it\n")
    for long in (False, True):
        shares = [tally.share(long) for tally in by_language.values() if tally.rows[long] >= 20]
        length = "over" if long else "up to"
        print(f"{f'mean of {len(shares)} languages, {length} 20':34}"
              f"{100 * sum(shares) / len(shares):6.1f}")  # fmt: skip


def _tell_of_unfair(rows: Sequence[Row], found: Sequence[str]) -> None:
    print("\nleft out of the fair rows:")
    for reason, tally in tallied(rows, found, lambda row: why_unfair(row) or "").items():
        if reason:
            print(f"{reason:60}{tally.cells()}")


def _tell_of_speed(rows: Sequence[Row]) -> None:
    print(f"\n{speed([row.text for row in rows[::5]]):,.0f} texts per CPU second, over all sets")
    for name in ("airline_us", "waimai_10k", "apetiz_reviews_fr", "husst"):
        texts = [row.text for row in rows if row.source == name]
        if texts:
            length = sum(map(len, texts)) / len(texts)
            print(f"{speed(texts):,.0f} of {name}, {length:.0f} characters")


if __name__ == "__main__":
    raise SystemExit(main())
