"""What a user would write in an afternoon: sqlite3, VADER, a regular expression a brand.

    python bench/script_with_vader.py FILE DATABASE [ROWS_PER_COMMIT]

It reads JSONL, keeps each mention once, finds the brands, labels, and counts by five minutes.
"""

import json
import re
import sqlite3
import sys
from datetime import datetime
from pathlib import Path

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

BRANDS = {
    "United": r"@united\b|\bunited\b",
    "US Airways": r"@usairways\b|\bus airways\b",
    "American": r"@americanair\b|\bamerican airlines\b",
    "Southwest": r"@southwestair\b|\bsouthwest\b",
    "Delta": r"@jetblue\b|\bjetblue\b",
    "Virgin America": r"@virginamerica\b|\bvirgin america\b",
}


def main(source: str, database: str, rows_per_commit: int) -> None:
    db = sqlite3.connect(database)
    db.executescript(
        """
        PRAGMA journal_mode = WAL;
        CREATE TABLE IF NOT EXISTS mention (
          id TEXT PRIMARY KEY, created_at TEXT, author TEXT, text TEXT, label TEXT, compound REAL);
        CREATE INDEX IF NOT EXISTS mention_created ON mention (created_at);
        CREATE TABLE IF NOT EXISTS match (
          mention_id TEXT, brand TEXT, PRIMARY KEY (mention_id, brand));
        CREATE TABLE IF NOT EXISTS bucket (
          start TEXT, brand TEXT, mentions INTEGER, negative INTEGER, PRIMARY KEY (start, brand));
        CREATE VIRTUAL TABLE IF NOT EXISTS mention_fts USING fts5 (text);
        """
    )
    analyser = SentimentIntensityAnalyzer()
    patterns = {brand: re.compile(pattern, re.I) for brand, pattern in BRANDS.items()}
    with Path(source).open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            row = json.loads(line)
            score = analyser.polarity_scores(row["text"])["compound"]
            label = "negative" if score <= -0.05 else "positive" if score >= 0.05 else "neutral"
            said = datetime.fromisoformat(row["created_at"])
            start = said.replace(minute=said.minute // 5 * 5, second=0, microsecond=0)
            keep(db, patterns, row, said, start, label, score)
            if number % rows_per_commit == 0:
                db.commit()
    db.commit()


def keep(db, patterns, row, said, start, label, score) -> None:
    new = db.execute(
        "INSERT OR IGNORE INTO mention VALUES (?, ?, ?, ?, ?, ?)",
        (row["id"], said.isoformat(), row.get("author"), row["text"], label, score),
    )
    if not new.rowcount:
        return
    db.execute("INSERT INTO mention_fts (rowid, text) VALUES (?, ?)", (new.lastrowid, row["text"]))
    for brand, pattern in patterns.items():
        if pattern.search(row["text"]):
            db.execute("INSERT INTO match VALUES (?, ?)", (row["id"], brand))
            db.execute(
                "INSERT INTO bucket VALUES (?, ?, 1, ?) ON CONFLICT DO UPDATE SET"
                " mentions = mentions + 1, negative = negative + excluded.negative",
                (start.isoformat(), brand, label == "negative"),
            )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 1)
