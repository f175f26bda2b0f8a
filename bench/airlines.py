"""What the queries that a user would write find of six airlines, against the brands given.

    python -m bench.airlines

The texts are those of ../shared/data/airline_us/dev. Errors are told apart: a text that names two
airlines was given one brand only, a text without any name can be found by nobody. The set gives
what is said to JetBlue to Delta.
"""

import gzip
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Final

from listener.domain.mention import Mention
from listener.domain.query import parse
from listener.domain.subject import Matcher, Role, Subject
from listener.domain.times import from_text

FILE: Final = Path(__file__).parents[2] / "shared" / "data" / "airline_us" / "dev.jsonl.gz"
LEAST: Final = 0.95  # of F1, each airline
SHOWN: Final = 3  # errors of each kind

FLYING: Final = (
    "(flight OR flights OR flying OR flew OR airline OR airlines OR plane OR gate OR bag)"
)
QUERIES: Final = {
    "United": f'@united OR "united airlines" OR #unitedair* OR united.com OR unitedfail*'
    f' OR (`United` NEAR/6 {FLYING} NOT "manchester united")',
    "US Airways": '@usairways OR "us airways" OR usairways OR usair OR #usairways*',
    "American": '@americanair OR "american airlines" OR americanairlines OR #americanair*'
    f" OR (`American` NEAR/3 {FLYING})",
    "Southwest": '@southwestair OR "southwest airlines" OR southwestair OR #southwest*'
    f" OR southwest NEAR/6 {FLYING}",
    "Delta": '@delta OR "delta airlines" OR "delta air lines" OR #deltaair* OR delta.com'
    f" OR @deltaassist OR @jetblue OR (`Delta` NEAR/6 {FLYING})",
    "Virgin America": '@virginamerica OR "virgin america" OR virginamerica OR #virginamerica*',
}


def mentions() -> list[tuple[str, Mention]]:
    """The texts, each with the brand that people gave it."""
    with gzip.open(FILE, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    at = from_text("2015-02-20T00:00:00.000Z")
    return [
        (r["brand"], Mention(source="x", source_id=str(r["id"]), text=r["text"], said_at=at))
        for r in rows
        if r.get("brand") and r.get("text")
    ]


def main() -> int:
    if not FILE.is_file():
        print(f"{FILE.name} is not beside the checkout: nothing to measure.")
        return 2
    subjects = [
        Subject(id=number, name=name, role=Role.BRAND, query=parse(query))
        for number, (name, query) in enumerate(QUERIES.items(), 1)
    ]
    names = {subject.id: subject.name for subject in subjects}
    matcher = Matcher(subjects)
    right: Counter[str] = Counter()
    more: dict[str, list[tuple[str, str]]] = {name: [] for name in QUERIES}
    missed: dict[str, list[tuple[str, str]]] = {name: [] for name in QUERIES}
    said = mentions()
    for brand, mention in said:
        found = {names[match.subject_id] for match in matcher.matches("x", mention)}
        right[brand] += brand in found
        for name in found - {brand}:
            kind = f"names {brand} too" if brand in found else f"is given to {brand}"
            more[name].append((kind, mention.text))
        if brand not in found:
            missed[brand].append(("names another" if found else "names none", mention.text))
    held = _table(Counter(brand for brand, _ in said), right, more, missed)
    _errors("found beside", more)
    _errors("missed", missed)
    print("PASS" if held else "FAIL", f"(F1 of each at least {LEAST})")
    return 0 if held else 1


Errors = dict[str, list[tuple[str, str]]]


def _table(given: Counter[str], right: Counter[str], more: Errors, missed: Errors) -> bool:
    print(
        f"{'airline':15} {'given':>6} {'precision':>10} {'recall':>7} {'F1':>6}  two airlines named"
    )
    held = True
    for name in QUERIES:
        found = right[name] + len(more[name])
        precision, recall = right[name] / max(found, 1), right[name] / given[name]
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        both = sum(kind.startswith("names") for kind, _ in more[name])
        held &= f1 >= LEAST
        print(f"{name:15} {given[name]:>6} {precision:>10.4f} {recall:>7.4f} {f1:>6.4f}  {both}")
    return held


def _errors(title: str, errors: Errors) -> None:
    for name, found in errors.items():
        for kind, count in Counter(kind for kind, _ in found).most_common():
            print(f"{name}, {title}: {count} {kind}")
            for text in [text for known, text in found if known == kind][:SHOWN]:
                print(f"    {' '.join(text.split())[:140]}")


if __name__ == "__main__":
    sys.exit(main())
