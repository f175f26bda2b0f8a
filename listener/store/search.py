"""The full-text index: what was stored goes in, what was edited or is gone goes out.

A row's number is made of the second in which a mention was said and of the mention's number: so
the index is in the order of time, and a span of time is a span of it.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Final, NamedTuple

from listener.domain.query.fields import host_of
from listener.domain.query.folding import fold_for_match
from listener.domain.query.reading import whole
from listener.domain.query.tokens import IRREGULAR, Columns, columns, known, made_by
from listener.domain.times import from_text
from listener.store import vocabulary
from listener.store.connection import BATCH, Db, Row, Store

ID_BITS: Final = 30
ID_MASK: Final = (1 << ID_BITS) - 1
_FARTHEST: Final = 1 << 32  # seconds from 1970, on both sides
MOST_LABELS: Final = 20  # of a host; what lies deeper is found by those above it
MADE_BY: Final = "search.made_by"

INDEXED = "id, said_at, title, text, url, channel, source, kind"
INSERT = "INSERT INTO mention_search (rowid, text, cjk, about) VALUES (?, ?, ?, ?)"
DELETE = (
    "INSERT INTO mention_search (mention_search, rowid, text, cjk, about)"
    " VALUES ('delete', ?, ?, ?, ?)"
)


class Entry(NamedTuple):
    """What the index is told of a mention. It is taken out by the very same."""

    id: int
    said_at: str
    title: str
    text: str
    url: str | None
    channel: str
    source: str
    kind: str


def entry(row: Row) -> Entry:
    """The entry of a row that has the columns of `INDEXED`."""
    return Entry(*(row[name] for name in Entry._fields))


def key(said_at: str, mention_id: int) -> int:
    """The number of a mention in the index: a later one is greater."""
    return (second(said_at) << ID_BITS) | mention_id


def second(said_at: str) -> int:
    """The second of a time as the database keeps it, since 1970; at the ends of our calendar all
    are one."""
    return max(-_FARTHEST, min(int(from_text(said_at).timestamp() // 1), _FARTHEST))


def index_new(store: Store, enough: Callable[[], bool] = lambda: False) -> int:
    """Index what was stored since the last time; returns how many mentions that was.

    `enough` is asked after each batch, for those who have something else to do meanwhile.
    """
    done = 0
    while True:
        with store.write() as db:
            _begin_anew_if_outdated(db)
            rows = db.execute(
                f"SELECT {INDEXED} FROM mention WHERE id > ? ORDER BY id LIMIT ?",  # noqa: S608
                (_upto(db), BATCH),
            ).fetchall()
            if not rows:
                return done
            _insert(db, map(entry, rows))
            db.execute(
                "INSERT OR REPLACE INTO progress (stage, upto) VALUES ('search', ?)",
                (rows[-1]["id"],),
            )
            done += len(rows)
        if enough():
            return done


def waiting(db: Db) -> int:
    """How many mentions are stored and not indexed yet, about."""
    newest = db.execute("SELECT max(id) FROM mention").fetchone()[0] or 0
    return max(newest - _upto(db), 0)


def _upto(db: Db) -> int:
    row = db.execute("SELECT upto FROM progress WHERE stage = 'search'").fetchone()
    return 0 if row is None else int(row["upto"])


def _begin_anew_if_outdated(db: Db) -> None:
    """Empty an index that other code made: its words are not ours, and would never go out again."""
    made = db.execute("SELECT value FROM meta WHERE key = ?", (MADE_BY,)).fetchone()
    if made is not None and made["value"] == made_by():
        return
    db.execute("INSERT INTO mention_search (mention_search) VALUES ('delete-all')")
    vocabulary.empty(db)
    db.execute("DELETE FROM progress WHERE stage = 'search'")
    db.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (MADE_BY, made_by()))


def remove(db: Db, entries: Iterable[Entry]) -> None:
    """Take mentions out of the index; their words have to be those they were indexed with.

    Words that no other text has leave the vocabulary too.
    """
    _begin_anew_if_outdated(db)
    upto = _upto(db)
    rows = _rows(one for one in entries if one.id <= upto)
    db.executemany(DELETE, [values for values, _ in rows])
    vocabulary.drop_unused(db, {word for _, cut in rows for word in cut.words})


def replace(db: Db, old: Entry, new: Entry) -> None:
    """Index a mention by its new words."""
    _begin_anew_if_outdated(db)
    if old.id <= _upto(db):
        remove(db, [old])
        _insert(db, [new])


def _insert(db: Db, entries: Iterable[Entry]) -> None:
    rows = _rows(entries)
    db.executemany(INSERT, [values for values, _ in rows])
    vocabulary.add(db, chain.from_iterable([cut.words for _, cut in rows]))


def _rows(entries: Iterable[Entry]) -> list[tuple[tuple[int, str, str, str], Columns]]:
    """What the index is given, in its own order: it writes out what it has when one goes back."""
    rows = []
    for one in entries:
        cut = columns(whole(one.title, one.text))
        told = (key(one.said_at, one.id), cut.text, cut.cjk, _about(one, cut))
        rows.append((told, cut))
    return sorted(rows, key=lambda row: row[0][0])


def _about(one: Entry, cut: Columns) -> str:
    told = _known_of(one.channel, one.source, one.kind)
    if one.url:
        told = " ".join((told, *_sites(host_of(one.url) or "")))
    return f"{told} {IRREGULAR}" if cut.is_irregular else told


@lru_cache(maxsize=4096)
def _known_of(channel: str, source: str, kind: str) -> str:
    named = {"channel": channel, "source": source, "kind": kind}
    return " ".join(known(name, fold_for_match(value)) for name, value in named.items())


@lru_cache(maxsize=4096)
def _sites(host: str) -> Sequence[str]:
    """A host, and all that it lies below."""
    parts = host.split(".")[-MOST_LABELS:]
    return [known("site", ".".join(parts[at:])) for at in range(len(parts))] if host else []
