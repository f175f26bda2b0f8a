"""What has changed of what is counted by days: which slices of which subjects, since a look before.

A mention that counts marks its slice when it is counted anew. Its clock is stopped without that: by
an answer that was joined, or by what somebody did; those leave a row, too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from listener.store import labels, mentions
from listener.store.connection import Db

MOST: Final = 20_000  # slices that are told one by one


class Marks(NamedTuple):
    """How far everything had come: counting anew, joining answers, the record of who did what."""

    counted: int = 0
    answers: int = 0
    acts: int = 0

    def is_behind(self, other: "Marks") -> bool:
        """Whether the other has seen more, and nothing less."""
        return self != other and all(
            mine <= theirs for mine, theirs in zip(self, other, strict=True)
        )


NOTHING: Final = Marks()  # of who has not looked yet


@dataclass(frozen=True, slots=True)
class Changes:
    """The changed slices, as (subject, a moment in it); None: they are very many, or all."""

    upto: Marks
    slices: list[tuple[int, str]] | None


COUNTED: Final = "SELECT DISTINCT subject_id, start FROM bucket WHERE touched > ? LIMIT ?"
ANSWERED: Final = """
SELECT DISTINCT c.subject_id, c.said_at FROM (
  SELECT r.mention_id AS id FROM response AS r WHERE r.id > ?1 AND r.id <= ?2
  UNION SELECT m.id FROM response AS r JOIN mention AS m
    ON m.source = r.source AND m.source_id = r.parent_id WHERE r.id > ?1 AND r.id <= ?2
  UNION SELECT m.id FROM response AS r JOIN mention AS m
    ON m.source = r.source AND m.thread_id = r.thread_id AND m.thread_id NOTNULL
    WHERE r.id > ?1 AND r.id <= ?2
) AS a CROSS JOIN clock AS c ON c.mention_id = a.id LIMIT ?3
"""


def since(db: Db, before: Marks) -> Changes:
    """What changed after a look that had come so far."""
    upto = Marks(
        counted=db.execute("SELECT coalesce(max(touched), 0) FROM bucket").fetchone()[0],
        answers=labels.progress(db, "answers"),
        acts=db.execute("SELECT coalesce(max(id), 0) FROM audit").fetchone()[0],
    )
    if upto == before:
        return Changes(upto, [])
    if before == NOTHING:
        return Changes(upto, None)
    rows = [
        *db.execute(COUNTED, (before.counted, MOST + 1)),
        *db.execute(ANSWERED, (before.answers, upto.answers, MOST + 1)),
        *_acted(db, before.acts),
    ]
    return Changes(upto, None if len(rows) > MOST else [(row[0], row[1]) for row in rows])


def _acted(db: Db, after: int) -> Iterable[tuple[int, str]]:
    """The slices of the mentions that somebody did something about."""
    names = db.execute(
        "SELECT DISTINCT what FROM audit WHERE id > ? LIMIT ?", (after, MOST + 1)
    ).fetchall()
    for name in names:
        found = mentions.find(db, name["what"])
        if found is not None:
            yield from db.execute(
                "SELECT subject_id, said_at FROM clock WHERE mention_id = ?", (found,)
            )
