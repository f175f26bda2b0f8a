"""How authors spoke of subjects: promoters and critics, counted when somebody asks."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from listener.domain.actions import Standing
from listener.domain.standing import score_of, standing_of
from listener.domain.stars import USUAL_SCALE, on_five
from listener.domain.times import to_text
from listener.store.connection import Db, among

HABIT: Final = 2  # mentions
# By the authors, who are few: else SQLite reads all that was said of the subjects.
SAID: Final = """
SELECT m.author_id, x.subject_id, x.sentiment, m.stars, m.stars_scale
FROM mention AS m CROSS JOIN match AS x ON x.mention_id = m.id AND x.counts
WHERE m.author_id IN ({authors}) AND x.subject_id IN ({subjects}) AND x.said_at >= ?
  AND (? IS NULL OR x.said_at < ?)
  AND m.deleted_at IS NULL
"""


def standings(
    db: Db, author_ids: Collection[int], subject_ids: Collection[int], since: datetime | None
) -> dict[tuple[int, int], Standing]:
    """By author and subject, of what was said since then (None: ever).

    Of those who said something at least twice: one mention is no habit.
    """
    scores = _scores(db, author_ids, subject_ids, since)
    return {
        pair: standing_of(sum(found), len(found))
        for pair, found in scores.items()
        if len(found) >= HABIT
    }


def overall(
    db: Db,
    author_ids: Collection[int],
    subject_ids: Collection[int],
    since: datetime,
    until: datetime | None = None,
) -> dict[int, Standing]:
    """By author, towards all of these subjects together, in a half-open span."""
    scores: dict[int, list[int]] = {}
    for (author_id, _), found in _scores(db, author_ids, subject_ids, since, until).items():
        scores.setdefault(author_id, []).extend(found)
    return {author_id: standing_of(sum(found), len(found)) for author_id, found in scores.items()}


def _scores(
    db: Db,
    author_ids: Collection[int],
    subject_ids: Collection[int],
    since: datetime | None,
    until: datetime | None = None,
) -> dict[tuple[int, int], list[int]]:
    if not author_ids:
        return {}
    authors, of_authors = among(author_ids)
    subjects, of_subjects = among(subject_ids)
    end = to_text(until) if until else None
    rows = db.execute(
        SAID.format(authors=authors, subjects=subjects),
        (*of_authors, *of_subjects, to_text(since) if since else "", end, end),
    )
    scores: dict[tuple[int, int], list[int]] = {}
    for row in rows:
        stars = row["stars"]
        if stars is not None:
            stars = on_five(stars, row["stars_scale"] or USUAL_SCALE)
        score = score_of(row["sentiment"], stars)
        scores.setdefault((row["author_id"], row["subject_id"]), []).append(score)
    return scores
