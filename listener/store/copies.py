"""Copies: which mentions repeat an earlier one, also in slightly other words, and how far."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from listener.domain.copies import Words, alike, read
from listener.domain.times import from_text, to_text
from listener.store import heads, matches, mentions
from listener.store.connection import Db, among
from listener.store.heads import MOST_HEADS, Head, Pair, Recent, Sought
from listener.store.matches import COPIES_WITHIN, Matched

LEAST_SHARED: Final = 2  # numbers of a signature; one by itself is often a common phrase
MOST_COMPARED: Final = 6  # heads with one text; an edited copy shares more with its own than others


def fold(
    db: Db,
    known: Recent,
    rows: Sequence[Matched],
    texts: Mapping[int, str],
    redone: Collection[int] = (),
) -> list[int | None]:
    """For each match, what it is a copy of; None: it is a head, and is kept to be found.

    `rows` in the order of their mentions: each is compared with those before it only, so that the
    borders of batches change nothing. `redone`: mentions that were measured before; what has not
    changed stays what it was.
    """
    again = set(redone)
    if again:
        _let_go_unmatched(db, again, {(r.mention_id, r.subject_id) for r in rows})
    if not rows:
        return []
    known.load(db)
    exact = matches.originals_of(db, rows)
    words = {
        at: found
        for at, (row, first) in enumerate(zip(rows, exact, strict=True))
        if row.fold is not None
        and (first is None or row.mention_id in again)
        and (found := read(texts.get(row.mention_id, ""))) is not None
    }
    looked_for = heads.seek(known, [rows[at].subject_id for at in words], list(words.values()))
    sought = dict(zip(words, looked_for, strict=True))
    standing = _standing(db, rows, again, sought) if again else {}
    return _Batch(db, rows, exact, sought, standing).decide()


class _Batch:
    """Matches that are told apart one after the other."""

    def __init__(
        self,
        db: Db,
        rows: Sequence[Matched],
        exact: Sequence[int | None],
        sought: Mapping[int, Sought],
        standing: Mapping[int, int | None],
    ) -> None:
        self._db, self._rows, self._sought = db, rows, sought
        self._exact, self._standing = exact, standing
        self._next = heads.next_seq(db)
        likely = {seq for one in sought.values() for seq in _shared(one.heads)}
        self._heads = heads.living(db, likely)
        self._first = self._next
        self._kept_at: list[int] = []  # the places of this batch's heads
        self._slots: dict[int, int] = {}  # of the table, as this batch's heads will fill it
        self._decided: dict[Pair, int | None] = {}
        self._new: list[tuple[int, int, int, bytes]] = []
        firsts = {first for first in exact if first is not None}
        self._roots = heads.roots_of(db, firsts) if firsts else {}

    def decide(self) -> list[int | None]:
        copy_of = [self._decide(at) for at in range(len(self._rows))]
        self._db.executemany(
            "INSERT OR REPLACE INTO copy_head (seq, mention_id, subject_id, kept)"
            " VALUES (?, ?, ?, ?)",
            self._new,
        )
        if self._new:
            self._db.execute("DELETE FROM copy_head WHERE seq <= ?", (self._next - MOST_HEADS,))
        return copy_of

    def _decide(self, at: int) -> int | None:
        row = self._rows[at]
        pair = (row.mention_id, row.subject_id)
        if at in self._standing:
            self._decided[pair] = self._standing[at]
        else:
            root = self._exactly(at)
            if root is None and at in self._sought:
                root = self._nearly(at)
                if root is None:
                    self._keep(at)
            self._decided[pair] = root
        return self._decided[pair]

    def _exactly(self, at: int) -> int | None:
        row, first = self._rows[at], self._exact[at]
        if first is None:
            return None
        pair = (first, row.subject_id)
        known = self._decided if pair in self._decided else self._roots
        root = known.get(pair) or first
        return None if root == row.mention_id else root

    def _nearly(self, at: int) -> int | None:
        row, sought = self._rows[at], self._sought[at]
        for seq in _shared(self._found(sought)):
            head = self._head(seq) if seq > self._next - MOST_HEADS else None
            if head is not None and _is_copy(row, sought.words, head):
                return head.root
        return None

    def _found(self, sought: Sought) -> Sequence[int]:
        """The heads that it shares numbers with, once for each; 0 for none."""
        newer = list(map(self._slots.get, sought.slots))
        if not any(newer):
            return sought.heads
        older = sought.heads or [0] * len(newer)
        return [
            seq if new is None else new if self._has(new, slot, tag) else 0
            for new, seq, slot, tag in zip(newer, older, sought.slots, sought.tags, strict=True)
        ]

    def _has(self, seq: int, slot: int, tag: int) -> bool:
        """Whether a head of this batch lies there by this number, and not by another one."""
        kept = self._sought[self._kept_at[seq - self._first]]
        return (slot, tag) in zip(kept.kept_slots, kept.kept_tags, strict=True)

    def _head(self, seq: int) -> Head | None:
        if seq < self._first:
            return self._heads.get(seq)
        at = self._kept_at[seq - self._first]
        row = self._rows[at]
        pair = (row.mention_id, row.subject_id)
        return Head(pair, row.mention_id, row.said_at, self._sought[at].words)

    def _keep(self, at: int) -> None:
        row, sought, seq = self._rows[at], self._sought[at], self._next
        self._next += 1
        self._kept_at.append(at)
        self._slots.update(dict.fromkeys(sought.kept_slots, seq))
        self._new.append((seq, row.mention_id, row.subject_id, sought.kept))


def _shared(found: Sequence[int]) -> Sequence[int]:
    """The heads that stand behind enough of a text's numbers, the likeliest first."""
    if len(found) - found.count(0) < LEAST_SHARED:  # as with most texts
        return ()
    often = Counter(filter(None, found))
    enough = [seq for seq, times in often.items() if times >= LEAST_SHARED]
    return sorted(enough, key=lambda seq: (-often[seq], seq))[:MOST_COMPARED]


def _is_copy(row: Matched, words: Words, head: Head) -> bool:
    if head.subject_id != row.subject_id or head.root == row.mention_id:
        return False
    if abs(from_text(row.said_at) - from_text(head.said_at)) > COPIES_WITHIN:
        return False
    return head.words is not None and alike(words, head.words)


STOOD = """
SELECT x.copy_of, h.kept, (SELECT f.counts FROM match AS f WHERE f.mention_id = x.copy_of
    AND f.subject_id = x.subject_id) AS first_counts
FROM match AS x LEFT JOIN copy_head AS h
  ON h.mention_id = x.mention_id AND h.subject_id = x.subject_id
WHERE x.mention_id = ? AND x.subject_id = ?
"""


def _standing(
    db: Db, rows: Sequence[Matched], again: Collection[int], sought: Mapping[int, Sought]
) -> dict[int, int | None]:
    """Of what was measured before, what it still is; what it no longer is, is let go."""
    standing: dict[int, int | None] = {}
    redone = [(at, row) for at, row in enumerate(rows) if row.mention_id in again]
    for at, row in redone:
        pair = (row.mention_id, row.subject_id)
        was = db.execute(STOOD, pair).fetchone()
        if was["copy_of"] is not None:
            continue
        same = at in sought and was["kept"] == sought[at].kept
        if same or row.deleted:  # which was what its copies say
            standing[at] = None
        else:
            db.execute("DELETE FROM copy_head WHERE mention_id = ? AND subject_id = ?", pair)
            _let_go_others(db, row, sought[at].words if at in sought else None)
    for at, row in redone:  # those that are still copies, now that others were let go
        was = db.execute(STOOD, (row.mention_id, row.subject_id)).fetchone()
        if was["copy_of"] is not None and was["first_counts"] != 0:  # 0: the first was set aside
            standing[at] = was["copy_of"]
    return standing


def _let_go_unmatched(db: Db, again: Collection[int], matched: Collection[Pair]) -> None:
    """An edit has made some about somebody else: they are no longer the first of anything."""
    marks, given = among(again)
    rows = db.execute(
        "SELECT h.mention_id, h.subject_id FROM copy_head AS h"  # noqa: S608
        f" WHERE h.mention_id IN ({marks}) AND NOT EXISTS (SELECT 1 FROM match AS x"
        " WHERE x.mention_id = h.mention_id AND x.subject_id = h.subject_id)",
        given,
    ).fetchall()
    for row in rows:
        pair = (row["mention_id"], row["subject_id"])
        if pair not in matched:
            db.execute("DELETE FROM copy_head WHERE mention_id = ? AND subject_id = ?", pair)
            let_go(db, *pair)


def _let_go_others(db: Db, row: Matched, words: Words | None) -> None:
    """Let its copies go, if they no longer say the same."""
    copy = heads.a_copy(db, row.mention_id, row.subject_id, row.mention_id)
    if copy is None or (row.fold is not None and copy["fold"] == row.fold):
        return
    theirs = read(copy["text"])
    if words is None or theirs is None or not alike(words, theirs):
        let_go(db, row.mention_id, row.subject_id)


def let_go(db: Db, mention_id: int, subject_id: int) -> None:
    """Have the copies of a mention measured again, on their own."""
    rows = db.execute(
        "UPDATE match SET copy_of = NULL WHERE copy_of = ? AND subject_id = ? RETURNING mention_id",
        (mention_id, subject_id),
    ).fetchall()
    mentions.redo(db, "measure", [row["mention_id"] for row in rows])


REPEATS = """
SELECT count(*) FROM (
  SELECT 1 FROM match AS y WHERE y.copy_of = ?1 AND y.subject_id = ?2 AND y.author_id = ?3
    AND y.mention_id < ?4 AND y.said_at >= ?5
  UNION ALL
  SELECT 1 FROM match AS f WHERE f.mention_id = ?1 AND f.subject_id = ?2 AND f.author_id = ?3
    AND f.said_at >= ?5
  LIMIT ?6)
"""


def repeated_by_one(db: Db, rows: Iterable[Matched], times: int) -> list[Pair]:
    """Those of some matches whose author had said the same at least so often in the day before.

    Of authors who are known by a shown name alone, as "A user", there may be many.
    """
    copied = [row for row in rows if row.fold is not None]
    marks, given = among([row.mention_id for row in copied])
    found = db.execute(
        "SELECT x.mention_id, x.subject_id, x.copy_of, x.author_id, x.said_at FROM match AS x"  # noqa: S608
        " JOIN author AS a ON a.id = x.author_id"
        " AND (a.handle IS NOT NULL OR a.source_id IS NOT a.name)"
        f" WHERE x.copy_of IS NOT NULL AND x.mention_id IN ({marks})",
        given,
    ).fetchall()
    again = []
    for row in found:
        since = to_text(from_text(row["said_at"]) - timedelta(days=1))
        said = db.execute(
            REPEATS,
            (row["copy_of"], row["subject_id"], row["author_id"], row["mention_id"], since, times),
        ).fetchone()[0]
        if said >= times:
            again.append((row["mention_id"], row["subject_id"]))
    return again


class Spread(NamedTuple):
    """How far the copies of one text went, the first among them."""

    mentions: int
    authors: int  # one whose name is not known counts by herself
    sources: tuple[str, ...]
    first_said_at: str
    last_said_at: str


SPREAD = """
SELECT c.root, count(DISTINCT c.mention_id) AS mentions,
  count(DISTINCT coalesce('a' || c.author_id, 'm' || c.mention_id)) AS authors,
  json_group_array(DISTINCT m.source) AS sources, min(c.said_at) AS first, max(c.said_at) AS last
FROM (
  SELECT x.copy_of AS root, x.mention_id, x.author_id, x.said_at FROM match AS x
  WHERE x.copy_of IN ({marks})
  UNION ALL
  SELECT h.mention_id, h.mention_id, h.author_id, h.said_at FROM match AS h
  WHERE h.mention_id IN ({marks})
) AS c JOIN mention AS m ON m.id = c.mention_id GROUP BY c.root HAVING mentions > 1
"""


def spread_of(db: Db, mention_ids: Sequence[int]) -> dict[int, Spread]:
    """The cluster of each of these mentions; those that nobody copied lack.

    Of one that was copied for several subjects it is the largest.
    """
    marks, given = among(mention_ids)
    rows = db.execute(
        "SELECT DISTINCT mention_id, coalesce(copy_of, mention_id) AS root FROM match"  # noqa: S608
        f" WHERE mention_id IN ({marks})",
        given,
    ).fetchall()
    root_marks, roots = among({row["root"] for row in rows})
    spreads = {
        r["root"]: Spread(
            r["mentions"], r["authors"], tuple(sorted(json.loads(r["sources"]))), r["first"],
            r["last"],
        )
        for r in db.execute(SPREAD.format(marks=root_marks), (*roots, *roots))
    }  # fmt: skip
    found: dict[int, Spread] = {}
    for row in rows:
        spread = spreads.get(row["root"])
        if spread is not None:
            known = found.get(row["mention_id"], spread)
            found[row["mention_id"]] = max(known, spread)
    return found
