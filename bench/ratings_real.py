"""When the rating rule would have told drops of real apps and shops, beside two rules of thumb.

python -m bench.ratings_real FILE.jsonl[.gz] ...

Each brand of a file with at least 250 dated reviews is followed from its hundredth review on. What
happened there nobody has written down: the table is to be read, it proves nothing.
"""

import argparse
import gzip
import json
import sys
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

from bench.ratings import DAY, RULES
from listener.domain.ratings import Listing, Review
from listener.domain.times import from_text

FEWEST, FIRST = 250, 100


def brands(path: Path) -> Iterator[tuple[str, list[Review]]]:
    """The reviews of each brand of a file, oldest first."""
    opened = gzip.open if path.suffix == ".gz" else open
    found: dict[str, list[Review]] = {}
    with opened(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            one = json.loads(line)
            if one.get("stars") and one.get("created_at"):
                at = from_text(one["created_at"])
                at = at if at.tzinfo else at.replace(tzinfo=UTC)
                review = Review(at, float(one["stars"]), Listing("reviews"))
                found.setdefault(one.get("brand") or path.parent.name, []).append(review)
    for brand, reviews in found.items():
        if len(reviews) >= FEWEST:
            yield brand, sorted(reviews, key=lambda one: one.at)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    told, years = dict.fromkeys(RULES, 0), 0.0
    for path in parser.parse_args().files:
        for brand, reviews in brands(path):
            since, until = reviews[FIRST].at, reviews[-1].at
            years += (until - since) / (365.25 * DAY)
            days = {name: [now for now, _ in rule(reviews, since)] for name, rule in RULES.items()}
            for name, found in days.items():
                told[name] += len(found)
            dates = ", ".join(f"{day:%Y-%m-%d}" for day in days["rating_drop"]) or "nothing"
            span = f"{since:%Y-%m} to {until:%Y-%m}"
            print(f"{brand[:30]:30} {len(reviews):5} reviews, {span}: {dates}")
    print(f"{years:.0f} brand-years: " + ", ".join(f"{name} {n}" for name, n in told.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
