"""Heads: the mentions that later copies are found by, on disk and in memory.

A head was no copy itself when it came. `copy_head` keeps the last of them, and `Recent` is the same
in memory: one table that does not grow.
"""

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple
from weakref import WeakKeyDictionary

from listener.domain.copies import Words, read, signatures
from listener.store.connection import Db, Row, Store, among

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.uint64]

Pair = tuple[int, int]  # mention, subject

MOST_HEADS: Final = 100_000  # that are looked through; of an older one a copy is a head again
_SLOT_BITS: Final = 21  # for six numbers of each head
_TAG_BITS: Final = 32
_SUBJECTS_APART: Final = 0x9E3779B97F4A7C15
_MIXER: Final = 0xD6E8FEB86659FD93


class Keys(NamedTuple):
    """Where the numbers of some signatures lie in the table, and what tells them apart there."""

    slots: "Numbers"
    tags: "Numbers"


class Recent:
    """The heads by the numbers of their signatures; a newer one takes the place of an older.

    It holds what is committed; whatever it names is looked up again before it is believed.
    """

    def __init__(self) -> None:
        self.upto = 0
        self._table: Numbers | None = None  # tag and head, at each slot

    def load(self, db: Db) -> None:
        """Take up the heads that were kept since."""
        import numpy as np  # noqa: PLC0415  # heavy

        if self._table is None:
            self._table = np.zeros(1 << _SLOT_BITS, dtype=np.uint64)
        rows = db.execute(
            "SELECT seq, kept FROM copy_head WHERE seq > ? ORDER BY seq", (self.upto,)
        ).fetchall()
        if not rows:
            return
        heads, kept = zip(*rows, strict=True)
        keys = keys_at(np.frombuffer(b"".join(kept), dtype="<u8").reshape(len(rows), -1))
        entries = keys.tags << np.uint64(_TAG_BITS) | np.array(heads, dtype=np.uint64)[:, None]
        self._table[keys.slots.ravel()] = entries.ravel()  # the last of a slot stays
        self.upto = heads[-1]

    def find(self, keys: Keys) -> "Numbers":
        """The head behind each key; 0 where there is none."""
        import numpy as np  # noqa: PLC0415

        assert self._table is not None, "it was loaded before"
        found = self._table[keys.slots]
        heads = found & np.uint64((1 << _TAG_BITS) - 1)
        return np.where(found >> np.uint64(_TAG_BITS) == keys.tags, heads, np.uint64(0))


_recent: WeakKeyDictionary[Store, Recent] = WeakKeyDictionary()


def recent(store: Store) -> Recent:
    """What is remembered of a database's heads in this process."""
    return _recent.setdefault(store, Recent())


def keys_at(numbers: "Numbers") -> Keys:
    import numpy as np  # noqa: PLC0415

    slots = numbers & np.uint64((1 << _SLOT_BITS) - 1)
    tags = numbers >> np.uint64(_SLOT_BITS) & np.uint64((1 << _TAG_BITS) - 1)
    return Keys(slots, tags)


def _of_subjects(numbers: "Numbers", subject_ids: Sequence[int]) -> "Numbers":
    """Rows of numbers, each told apart by its subject."""
    import numpy as np  # noqa: PLC0415

    subjects = np.array(subject_ids, dtype=np.uint64)[:, None] * np.uint64(_SUBJECTS_APART)
    mixed = (numbers ^ subjects) * np.uint64(_MIXER)
    found: Numbers = mixed ^ mixed >> np.uint64(32)
    return found


class Head:
    """A mention that copies may be copies of, or the first of them that is still there."""

    def __init__(self, pair: Pair, root: int, said_at: str, said: str | Words) -> None:
        self.mention_id, self.subject_id = pair
        self.root = root  # what they are said to be copies of
        self.said_at = said_at
        self._said = said  # the text, or what was read of it already

    @cached_property
    def words(self) -> Words | None:
        return read(self._said) if isinstance(self._said, str) else self._said


class Sought(NamedTuple):
    """What one match finds heads by, and would be found by itself."""

    words: Words
    slots: list[int]
    tags: list[int]
    heads: list[int]  # found there, 0 for none; empty where that is fewer than two times one
    kept: bytes
    kept_slots: list[int]
    kept_tags: list[int]


def seek(known: Recent, subject_ids: Sequence[int], words: Sequence[Words]) -> list[Sought]:
    """Look for heads of texts for their subjects, all at once."""
    if not words:
        return []
    made = signatures(words)
    kept = _of_subjects(made.kept, subject_ids)
    keys, kept_keys = keys_at(_of_subjects(made.looked, subject_ids)), keys_at(kept)
    raw, size = kept.astype("<u8").tobytes(), 8 * kept.shape[1]
    return list(
        map(
            Sought,
            words,
            keys.slots.tolist(),
            keys.tags.tolist(),
            _some_twice(known.find(keys)),
            [raw[begin : begin + size] for begin in range(0, len(raw), size)],
            kept_keys.slots.tolist(),
            kept_keys.tags.tolist(),
        )
    )


def _some_twice(found: "Numbers") -> list[list[int]]:
    """Rows of heads; without those that hold less than two, which are most."""
    enough = ((found != 0).sum(axis=1) > 1).nonzero()[0]
    rows: list[list[int]] = [[]] * len(found)
    for at, row in zip(enough.tolist(), found[enough].tolist(), strict=True):
        rows[at] = row
    return rows


def next_seq(db: Db) -> int:
    row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'copy_head'").fetchone()
    return 1 if row is None else int(row[0]) + 1


def living(db: Db, wanted: Collection[int]) -> dict[int, Head]:
    """The heads that count, and whose words are still there."""
    if not wanted:
        return {}
    marks, given = among(wanted)
    rows = db.execute(
        "SELECT h.seq, x.mention_id, x.subject_id, coalesce(f.mention_id, x.mention_id) AS root,"  # noqa: S608
        " x.said_at, m.text FROM copy_head AS h JOIN match AS x ON x.mention_id = h.mention_id"
        " AND x.subject_id = h.subject_id AND x.counts"
        " LEFT JOIN match AS f ON f.mention_id = x.copy_of AND f.subject_id = x.subject_id"
        " AND f.counts"
        " JOIN mention AS m ON m.id = h.mention_id AND m.deleted_at IS NULL"
        f" WHERE h.seq IN ({marks})",
        given,
    )
    return {
        r["seq"]: Head((r["mention_id"], r["subject_id"]), r["root"], r["said_at"], r["text"])
        for r in rows
    }


def roots_of(db: Db, mention_ids: Collection[int]) -> dict[Pair, int]:
    """What these are copies of themselves, where that counts."""
    marks, given = among(mention_ids)
    rows = db.execute(
        "SELECT x.mention_id, x.subject_id, x.copy_of FROM match AS x"  # noqa: S608
        " JOIN match AS f ON f.mention_id = x.copy_of AND f.subject_id = x.subject_id"
        f" AND f.counts WHERE x.mention_id IN ({marks})",
        given,
    )
    return {(r["mention_id"], r["subject_id"]): r["copy_of"] for r in rows}


A_COPY = """
SELECT m.id, m.text, m.fold FROM match AS x JOIN mention AS m ON m.id = x.mention_id
WHERE x.copy_of = ?1 AND x.subject_id = ?2 AND x.mention_id <> ?3 AND x.counts
  AND m.deleted_at IS NULL AND x.author_id {of} LIMIT 1
"""


def a_copy(db: Db, root: int, subject_id: int, but: int) -> Row | None:
    """One of the copies that still have their words: id, text, fold.

    Those whose author is known first: of deleted ones, of which a flood may have thousands, nobody
    is, and the index passes them by.
    """
    for of in ("> 0", "IS NULL"):
        found: Row | None = db.execute(A_COPY.format(of=of), (root, subject_id, but)).fetchone()
        if found is not None:
            return found
    return None


def pass_on(db: Db, mention_id: int) -> None:
    """The words of a mention are gone: later copies are found by another that still has them."""
    rows = db.execute(
        "DELETE FROM copy_head WHERE mention_id = ? RETURNING subject_id, mention_id", (mention_id,)
    ).fetchall()
    for row in rows:
        pair = (mention_id, row["subject_id"])
        root = roots_of(db, [mention_id]).get(pair, mention_id)
        heir = a_copy(db, root, row["subject_id"], mention_id)
        words = read(heir["text"]) if heir is not None else None
        if heir is None or words is None:
            continue
        kept = bytes(_of_subjects(signatures([words]).kept, [row["subject_id"]]).astype("<u8"))
        db.execute(
            "INSERT OR IGNORE INTO copy_head (mention_id, subject_id, kept) VALUES (?, ?, ?)",
            (heir["id"], row["subject_id"], kept),
        )
