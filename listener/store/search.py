"""Full-text search: words, and the two-character pieces of scripts that put no spaces."""

from listener.domain.text import cjk_bigrams, fulltext_query
from listener.store.connection import BATCH, Db, Store

Words = tuple[str, str]  # title and text


def index_new(store: Store) -> int:
    """Index what was stored since the last time; returns how many mentions that was."""
    done = 0
    while True:
        with store.write() as db:
            rows = db.execute(
                "SELECT id, title, text FROM mention WHERE id > ? ORDER BY id LIMIT ?",
                (_upto(db), BATCH),
            ).fetchall()
            if not rows:
                return done
            db.executemany(
                "INSERT INTO mention_search (rowid, text, cjk) VALUES (?, ?, ?)",
                [(r["id"], *_columns((r["title"], r["text"]))) for r in rows],
            )
            db.execute(
                "INSERT OR REPLACE INTO progress (stage, upto) VALUES ('search', ?)",
                (rows[-1]["id"],),
            )
            done += len(rows)


def _upto(db: Db) -> int:
    row = db.execute("SELECT upto FROM progress WHERE stage = 'search'").fetchone()
    return 0 if row is None else int(row["upto"])


def _columns(words: Words) -> tuple[str, str]:
    title, text = words
    whole = f"{title}\n{text}" if title else text
    return whole, ("" if whole.isascii() else cjk_bigrams(whole))


def remove(db: Db, mention_id: int, words: Words) -> None:
    """Take a mention out of the index; the words have to be those it was indexed with."""
    if mention_id <= _upto(db):
        db.execute(
            "INSERT INTO mention_search (mention_search, rowid, text, cjk)"
            " VALUES ('delete', ?, ?, ?)",
            (mention_id, *_columns(words)),
        )


def replace(db: Db, mention_id: int, old: Words, new: Words) -> None:
    """Index a mention by its new words."""
    if mention_id <= _upto(db):
        remove(db, mention_id, old)
        db.execute(
            "INSERT INTO mention_search (rowid, text, cjk) VALUES (?, ?, ?)",
            (mention_id, *_columns(new)),
        )


def find(db: Db, words: str, limit: int) -> list[int]:
    """The newest mentions that hold all these words, as row ids."""
    expression = fulltext_query(words)
    if not expression:
        return []
    rows = db.execute(
        "SELECT rowid FROM mention_search WHERE mention_search MATCH ? ORDER BY rowid DESC LIMIT ?",
        (expression, limit),
    )
    return [row[0] for row in rows]
