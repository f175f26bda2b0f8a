"""Texts to measure with: a labelled set that is named, else made-up posts of the same shape."""

import gzip
import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

BRANDS = ("United", "US Airways", "American", "Southwest", "Delta", "Virgin America")
HANDLES = ("@united", "@USAirways", "@AmericanAir", "@SouthwestAir", "@JetBlue", "@VirginAmerica")
WORDS = (  # noqa: SIM905  # as one reads them
    "flight delayed again lost my bag thank you great crew why is the app down worst service ever"
    " seat gate hold hours love this airline never again help please refund cancelled on time"
).split()


def found(given: Path | None) -> Path | None:
    """The file that was named, else the airline set where it lies beside the checkout."""
    if given is not None:
        return given
    usual = Path(__file__).parents[2] / "shared" / "data" / "airline_us" / "dev.jsonl.gz"
    return usual if usual.exists() else None


def lines(file: Path | None, count: int) -> list[str]:
    """JSON lines in the form of DESIGN 7; from a file (plain or .gz), else made up. Where there
    are too few, they come again four weeks later under new ids."""
    if file is not None:
        packed = file.read_bytes()
        plain = gzip.decompress(packed) if file.suffix == ".gz" else packed
        rows = [json.loads(line) for line in plain.splitlines() if line.strip()]
    else:
        rows = list(_made_up(min(count, 10_000)))
    made = []
    for number in range(count):
        turn, row = number // len(rows), dict(rows[number % len(rows)])
        said = datetime.fromisoformat(row["created_at"]) + timedelta(weeks=4 * turn)
        row |= {"id": f"{row['id']}-{turn}", "created_at": said.isoformat()}
        made.append(json.dumps(row, ensure_ascii=False))
    return made


def _made_up(count: int):
    rng = random.Random(7)
    start = datetime(2026, 1, 5, tzinfo=UTC)
    for number in range(count):
        brand = rng.randrange(len(BRANDS))
        words = " ".join(rng.choices(WORDS, k=rng.randint(6, 24)))
        said = start + timedelta(seconds=number * 60)
        yield {
            "id": f"made-{number}",
            "text": f"{HANDLES[brand]} {words}",
            "created_at": said.isoformat(),
            "author": f"user{rng.randrange(count // 2 + 1)}",
            "lang": "en",
        }
