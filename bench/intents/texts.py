"""Texts of the labelled sets by set and id, for labels are kept here and texts are not."""

import gzip
import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[3] / "shared" / "data"

Row = dict[str, Any]


def rows_of(name: str, data: Path = DATA) -> list[Row]:
    """The rows of a set such as "twcs/spotify_inbound" that a customer wrote."""
    with gzip.open(data / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [row for row in rows if row.get("inbound", True)]


def found(keys: set[tuple[str, str]], data: Path = DATA) -> dict[tuple[str, str], Row]:
    """The rows with these sets and ids. Raises KeyError where one is not there."""
    rows = {}
    for name in sorted({name for name, _ in keys}):
        for row in rows_of(name, data):
            if (name, row["id"]) in keys:
                rows.setdefault((name, row["id"]), row)
    if lacking := keys - rows.keys():
        raise KeyError(f"{len(lacking)} texts are not in {data}, such as {min(lacking)}")
    return rows
