"""Reviews with stars, and the drops of them that were told."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from listener.domain.ratings import Listing, Review, Told
from listener.domain.stars import USUAL_SCALE, on_five
from listener.domain.times import from_text, from_text_or_none, to_text
from listener.store.connection import Db, Row, among
from listener.store.newly import Marks

RULE: Final = "rating_drop"
MOST: Final = 30_000  # reviews that are read, the newest

TOUCHED: Final = """
SELECT DISTINCT x.subject_id FROM mention AS m CROSS JOIN match AS x ON x.mention_id = m.id
WHERE x.subject_id IN ({subjects}) AND x.channel = 'review' AND m.stars NOTNULL
  AND ({which})
"""  # CROSS: from the few new mentions on, and not through all reviews of a subject
REVIEWS: Final = """
SELECT m.id, m.source, m.product, m.place, m.stars, m.stars_scale,
  coalesce((SELECT max(c.changed_at) FROM rating_change AS c WHERE c.mention_id = m.id), x.said_at)
    AS given_at
FROM match AS x JOIN mention AS m ON m.id = x.mention_id
WHERE x.subject_id = ? AND x.channel = 'review' AND x.said_at >= ? AND x.said_at <= ?
  AND x.counts AND x.copy_of IS NULL AND m.stars NOTNULL AND m.deleted_at IS NULL
ORDER BY x.said_at DESC LIMIT ?
"""


def touched(db: Db, subject_ids: Sequence[int], after: Marks, upto: Marks) -> set[int]:
    """The subjects of which reviews with stars have come, or were edited, since."""
    marks, given = among(subject_ids)
    new = TOUCHED.format(subjects=marks, which="m.id > ? AND m.id <= ?")
    edited = TOUCHED.format(
        subjects=marks,
        which="m.id IN (SELECT mention_id FROM mention_version WHERE id > ? AND id <= ?)",
    )
    rows = [
        *db.execute(new, (*given, after.mentions, upto.mentions)),
        *db.execute(edited, (*given, after.edits, upto.edits)),
    ]
    return {row["subject_id"] for row in rows}


def reviews(db: Db, subject_id: int, since: datetime, until: datetime) -> list[Review]:
    """Those of a subject that were said in a span, by when their present stars were given.

    Copies count once. Of a source with one product only the place tells listings apart.
    """
    rows = db.execute(REVIEWS, (subject_id, to_text(since), to_text(until), MOST)).fetchall()
    products: dict[str, set[str]] = {}
    for row in rows:
        products.setdefault(row["source"], set()).add(row["product"] or "")
    found = [_review(row, several=len(products[row["source"]]) > 1) for row in rows]
    return sorted(found, key=lambda one: (one.at, one.row))


def _review(row: Row, *, several: bool) -> Review:
    parts = (row["product"] if several else None, row["place"])
    return Review(
        at=from_text(row["given_at"]),
        stars=on_five(row["stars"], row["stars_scale"] or USUAL_SCALE),
        listing=Listing(row["source"], ", ".join(part for part in parts if part)),
        row=row["id"],
    )


def told(db: Db, subject_id: int, since: datetime) -> list[Told]:
    """The drops of a subject that were told since a moment, and those that are open."""
    rows = db.execute(
        f"SELECT id, evidence, resolved_at FROM incident WHERE key GLOB '{RULE}:*'"  # noqa: S608
        " AND subject_id = ? AND (resolved_at IS NULL OR resolved_at >= ?) ORDER BY id",
        (subject_id, to_text(since)),
    )
    return [
        Told(
            listing=Listing(evidence["source"] or "", evidence["listing"] or ""),
            began=from_text(evidence["began_at"]),
            p_value=evidence["p_value"],
            ended=from_text_or_none(row["resolved_at"]),
            incident=row["id"],
        )
        for row in rows
        for evidence in [json.loads(row["evidence"])]
    ]
