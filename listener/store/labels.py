"""Labels, what still waits for one, and what cannot get one."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from listener.domain.intent import Wants
from listener.domain.label import Label, Sentiment, is_persons
from listener.domain.stars import USUAL_SCALE
from listener.domain.times import from_text, to_text
from listener.store.connection import Db, Row, among


class Unlabelled(NamedTuple):
    """A mention that waits for a label. `subjects`: those it counts for."""

    id: int
    text: str
    language: str | None
    given: Sentiment | None
    given_topics: tuple[str, ...]
    brand: str | None
    stars: float | None
    stars_scale: int = USUAL_SCALE


@dataclass(frozen=True, slots=True)
class Waiting:
    """The next mentions to label; `upto` is how far the stage has come when they are done.

    redone: the round in which each mention that is done again was read. An edit while it is being
    labelled begins another round, and the mention goes on waiting.
    """

    mentions: tuple[Unlabelled, ...]
    redone: Mapping[int, int]
    upto: int
    new: int = 0  # so many mentions, at the front, are there for the first time

    def parts(self, size: int) -> Iterator["Waiting"]:
        """The same in parts, each of which can be labelled and noted as done before the next."""
        redone = dict(self.redone)
        for end in range(size, len(self.mentions), size):
            part = self.mentions[end - size : end]
            upto = self.mentions[end].id - 1 if end < self.new else self.upto
            yield Waiting(part, {m.id: redone.pop(m.id) for m in part if m.id in redone}, upto)
        last = max(len(self.mentions) - 1, 0) // size * size
        yield Waiting(self.mentions[last:], redone, self.upto)


COLUMNS = "id, title, text, language, given_label, given_topics, brand, stars, stars_scale"


def next_unlabelled(db: Db, limit: int) -> Waiting | None:
    """What the classify stage has to look at next: what is new, then what is to be done again.

    Mentions about nobody we follow need no label, and are passed over.
    """
    upto = progress(db, "classify")
    rows = db.execute(
        f"SELECT {COLUMNS}, EXISTS (SELECT 1 FROM match WHERE mention_id = mention.id) AS matched"  # noqa: S608
        " FROM mention WHERE id > ? ORDER BY id LIMIT ?",
        (upto, limit),
    ).fetchall()
    upto = rows[-1]["id"] if rows else upto
    again = db.execute(  # what is above is still to come as new
        f"SELECT {COLUMNS}, round FROM redo JOIN mention ON id = mention_id"  # noqa: S608
        " WHERE stage = 'classify' AND mention_id <= ? AND deleted_at IS NULL"
        " ORDER BY mention_id LIMIT ?",
        (upto, limit),
    ).fetchall()
    if not rows and not again:
        gone = _all_redo(db)
        return Waiting((), gone, upto) if gone else None
    ids = {r["id"] for r in rows}
    new = [_unlabelled(r) for r in rows if r["matched"]]
    todo = [_unlabelled(r) for r in again if r["id"] not in ids]
    return Waiting((*new, *todo), {r["id"]: r["round"] for r in again}, upto, len(new))


def _all_redo(db: Db) -> dict[int, int]:
    return dict(
        db.execute("SELECT mention_id, round FROM redo WHERE stage = 'classify'").fetchall()
    )


def _unlabelled(row: Row) -> Unlabelled:
    text = f"{row['title']}\n{row['text']}" if row["title"] else row["text"]
    given = row["given_label"]
    return Unlabelled(
        row["id"],
        text,
        row["language"],
        Sentiment(given) if given else None,
        tuple(json.loads(row["given_topics"])) if row["given_topics"] else (),
        row["brand"],
        row["stars"],
        row["stars_scale"] or USUAL_SCALE,
    )


def add(db: Db, labels: Iterable[Label], *, replacing: Iterable[int] = ()) -> None:
    """Keep labels. `replacing`: mentions whose earlier labels by a model give way."""
    labels = list(labels)
    moments = {label.made_at: to_text(label.made_at) for label in labels[:1]}  # mostly one for all
    db.executemany(
        "DELETE FROM label WHERE mention_id = ? AND by IN ('model', 'given')",
        [(i,) for i in replacing],
    )
    db.executemany(
        "INSERT INTO label (mention_id, subject_id, by, model, sentiment, negative, neutral,"
        " positive, topics, intent, intent_confidence, needs_answer, reason, made_at, at_odds,"
        " taken_over) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                label.mention_id, label.subject_id, label.by, label.model, label.sentiment.value,
                round(label.negative, 4), round(label.neutral, 4), round(label.positive, 4),
                json.dumps(label.topics, ensure_ascii=False) if label.topics else "[]",
                label.intent, _rounded(label.intent_confidence), label.needs_answer, label.reason,
                moments.get(label.made_at) or to_text(label.made_at), label.at_odds,
                label.taken_over,
            )
            for label in labels
        ],
    )  # fmt: skip


def last_number(db: Db) -> int:
    """The number of the newest label; 0 where there is none."""
    return int(db.execute("SELECT coalesce(max(id), 0) FROM label").fetchone()[0])


def numbers_after(db: Db, mention_id: int, number: int) -> list[int]:
    """The labels of a mention that came after a label."""
    rows = db.execute("SELECT id FROM label WHERE mention_id = ? AND id > ?", (mention_id, number))
    return [row["id"] for row in rows]


def take_back(db: Db, numbers: Iterable[int]) -> None:
    """Take labels of people away, so that what was said before them stands, and teaches.

    The next ones may get their numbers, and are not to count as such that were looked at.
    """
    db.executemany(
        "DELETE FROM label WHERE id = ? AND by NOT IN ('model', 'given')", [(n,) for n in numbers]
    )
    db.execute(
        "UPDATE progress SET upto = min(upto, (SELECT coalesce(max(id), 0) FROM label))"
        " WHERE stage LIKE '% corrections'"
    )


def of(db: Db, mention_ids: Sequence[int]) -> dict[int, list[Label]]:
    """All labels of these mentions."""
    marks, given = among(mention_ids)
    found: dict[int, list[Label]] = {}
    for row in db.execute(
        "SELECT mention_id, subject_id, by, model, sentiment, negative, neutral, positive, topics,"  # noqa: S608
        " intent, intent_confidence, needs_answer, reason, made_at, at_odds, taken_over FROM label"
        f" WHERE mention_id IN ({marks})",
        given,
    ):
        found.setdefault(row["mention_id"], []).append(_label(row))
    return found


class Brief(NamedTuple):
    """As much of a label as is needed to tell which one stands, and what it says."""

    subject_id: int | None
    by: str
    made_at: str
    sentiment: str
    taken_over: int

    @property
    def is_word(self) -> bool:
        return is_persons(self.by) and not self.taken_over


def briefly(db: Db, mention_ids: Sequence[int]) -> dict[int, list[Brief]]:
    """The labels of these mentions, oldest first."""
    marks, given = among(mention_ids)
    found: dict[int, list[Brief]] = {}
    for mention_id, *brief in db.execute(
        "SELECT mention_id, subject_id, by, made_at, sentiment, taken_over FROM label"  # noqa: S608
        f" WHERE mention_id IN ({marks}) ORDER BY id",
        given,
    ):
        found.setdefault(mention_id, []).append(Brief(*brief))
    return found


class Told(NamedTuple):
    """What a label says of a mention beside its sentiment."""

    subject_id: int | None
    by: str
    made_at: str
    topics: tuple[str, ...]
    intent: str | None
    intent_confidence: float | None = None
    needs_answer: bool | None = None

    @property
    def is_word(self) -> bool:
        return is_persons(self.by)


def told(db: Db, mention_ids: Sequence[int]) -> dict[int, list[Told]]:
    """The labels of these mentions that say more than a sentiment, oldest first."""
    marks, given = among(mention_ids)
    found: dict[int, list[Told]] = {}
    for row in db.execute(
        "SELECT mention_id, subject_id, by, made_at, topics, intent, intent_confidence,"  # noqa: S608
        f" needs_answer FROM label WHERE mention_id IN ({marks})"
        " AND (topics <> '[]' OR intent NOTNULL OR needs_answer NOTNULL) ORDER BY id",
        given,
    ):
        mention_id, subject_id, by, made_at, topics, intent, sure, needs = row
        label = Told(
            subject_id, by, made_at, tuple(json.loads(topics)), intent, sure, yes_or_no(needs)
        )
        found.setdefault(mention_id, []).append(label)
    return found


def _label(row: Row) -> Label:
    return Label(
        mention_id=row["mention_id"],
        subject_id=row["subject_id"],
        by=row["by"],
        model=row["model"],
        sentiment=Sentiment(row["sentiment"]),
        negative=row["negative"],
        neutral=row["neutral"],
        positive=row["positive"],
        at_odds=bool(row["at_odds"]),
        topics=() if row["topics"] == "[]" else tuple(json.loads(row["topics"])),
        intent=row["intent"],
        intent_confidence=row["intent_confidence"],
        needs_answer=yes_or_no(row["needs_answer"]),
        reason=row["reason"],
        taken_over=bool(row["taken_over"]),
        made_at=from_text(row["made_at"]),
    )


def _rounded(probability: float | None) -> float | None:
    return None if probability is None else round(probability, 4)


def yes_or_no(stored: int | None) -> bool | None:
    """A truth as SQLite keeps it."""
    return None if stored is None else bool(stored)


def sentiments_by_model(
    db: Db, mention_ids: Collection[int]
) -> dict[int, tuple[float, float, float]]:
    """How negative, neutral and positive a model found each of these mentions."""
    marks, given = among(mention_ids)
    rows = db.execute(
        "SELECT mention_id, negative, neutral, positive FROM label"  # noqa: S608
        f" WHERE by = 'model' AND subject_id IS NULL AND mention_id IN ({marks})",
        given,
    )
    return {r["mention_id"]: (r["negative"], r["neutral"], r["positive"]) for r in rows}


def set_wants(db: Db, wants: Mapping[int, Wants]) -> list[int]:
    """Put what texts want into the labels of a model; returns the mentions of which that is new."""
    changed = []
    for mention_id, one in wants.items():
        done = db.execute(
            "UPDATE label SET intent = ?1, intent_confidence = ?2, needs_answer = ?3, reason = ?4"
            " WHERE mention_id = ?5 AND by = 'model' AND subject_id IS NULL"
            " AND (intent IS NOT ?1 OR intent_confidence IS NOT ?2 OR needs_answer IS NOT ?3)",
            (one.intent, _rounded(one.confidence), one.needs_answer, one.reason, mention_id),
        )
        if done.rowcount > 0:
            changed.append(mention_id)
    return changed


# Of labels `l`: the one that readers take is the first.
READERS_TAKE = """l.by IN ('model', 'given'), l.subject_id IS NULL, l.made_at DESC, l.id DESC"""
# The same of a sentiment: whoever spoke of something else has said nothing of it.
SENTIMENT_TAKEN = """l.by IN ('model', 'given') OR l.taken_over, l.subject_id IS NULL,
  l.made_at DESC, l.id DESC"""


def newest(column: str, subject: str, *, value: str = "", mention: str = "m.id") -> str:
    """SQL for a column of the label that readers take of a mention, among those that say something.

    value: of that label `l`, in place of the column.
    """
    says = "<> '[]'" if column == "topics" else "NOTNULL"
    return f"""(SELECT {value or f"l.{column}"} FROM label AS l
   WHERE l.mention_id = {mention} AND l.{column} {says}
   AND (l.subject_id IS NULL OR l.subject_id = {subject}) ORDER BY {READERS_TAKE} LIMIT 1)"""  # noqa: S608


# How probable the sentiment is that counts for the match `x`, by the label that readers take.
CONFIDENCE = f"""
(SELECT CASE x.sentiment WHEN 'negative' THEN l.negative WHEN 'neutral' THEN l.neutral
  WHEN 'positive' THEN l.positive END FROM label AS l WHERE l.mention_id = x.mention_id
  AND (l.subject_id IS NULL OR l.subject_id = x.subject_id)
  ORDER BY {SENTIMENT_TAKEN} LIMIT 1)"""  # noqa: S608


# Whether what was written beside the stars says the contrary of them, and no person has judged.
AT_ODDS = """
(SELECT coalesce(max(l.at_odds), 0) AND NOT EXISTS (SELECT 1 FROM label AS p
  WHERE p.mention_id = m.id AND p.by NOT IN ('model', 'given')
    AND NOT p.taken_over)
  FROM label AS l WHERE l.mention_id = m.id)"""


def set_languages(db: Db, languages: Iterable[tuple[int, str]]) -> None:
    """Keep the languages that we detected."""
    db.executemany(
        "UPDATE mention SET language = ?, language_by = 'detected' WHERE id = ?",
        [(language, mention_id) for mention_id, language in languages],
    )


def quarantine(db: Db, poison: Iterable[tuple[int, str]], model: str, now: datetime) -> None:
    """Set texts aside that the model cannot bear, each with the reason."""
    db.executemany(
        "INSERT OR REPLACE INTO quarantine (mention_id, model, reason, at) VALUES (?, ?, ?, ?)",
        [(mention_id, model, reason, to_text(now)) for mention_id, reason in poison],
    )


def quarantined(db: Db) -> list[Row]:
    """What is set aside, newest first: name, model, reason, at."""
    return db.execute(
        "SELECT q.mention_id, m.source || ':' || m.source_id AS name, q.model, q.reason, q.at"
        " FROM quarantine AS q CROSS JOIN mention AS m ON m.id = q.mention_id"
        " ORDER BY q.at DESC"
    ).fetchall()


def release(db: Db, mention_ids: Sequence[int] | None = None) -> int:
    """Try quarantined texts again: those named, or all of them."""
    rows = [r["mention_id"] for r in quarantined(db)]
    chosen = rows if mention_ids is None else [i for i in rows if i in set(mention_ids)]
    db.executemany(
        "INSERT INTO redo (stage, mention_id) VALUES ('classify', ?)"
        " ON CONFLICT (stage, mention_id) DO UPDATE SET round = round + 1",
        [(i,) for i in chosen],
    )
    db.executemany("DELETE FROM quarantine WHERE mention_id = ?", [(i,) for i in chosen])
    return len(chosen)


def progress(db: Db, stage: str) -> int:
    """The highest row a stage has done."""
    row = db.execute("SELECT upto FROM progress WHERE stage = ?", (stage,)).fetchone()
    return 0 if row is None else int(row["upto"])


def set_progress(
    db: Db, stage: str, upto: int, redone: Sequence[int] | Mapping[int, int] = ()
) -> None:
    """Note how far a stage has come, in the transaction of what it did.

    redone: what it did again; with rounds, only that of which no other round has begun since.
    """
    db.execute("INSERT OR REPLACE INTO progress (stage, upto) VALUES (?, ?)", (stage, upto))
    rounds = redone if isinstance(redone, Mapping) else dict.fromkeys(redone)
    db.executemany(
        "DELETE FROM redo WHERE stage = ? AND mention_id = ? AND round = coalesce(?, round)",
        [(stage, i, in_round) for i, in_round in rounds.items()],
    )
