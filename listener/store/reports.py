"""The figures of a report: read from the rows they rest on, for any span of time."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import Final
from zoneinfo import ZoneInfo

from listener.domain.budget import NOTHING_YET
from listener.domain.digest import Counts, SourceRow
from listener.domain.response import Calendar, elapsed
from listener.domain.times import from_text, from_text_or_none, to_text
from listener.store import comparisons, sources, spending
from listener.store.buckets import Gap
from listener.store.connection import Db, Row, among


def counts(db: Db, subject_id: int, since: datetime, until: datetime) -> Counts:
    """What was said of a subject in a half-open span."""
    row = db.execute(
        "SELECT count(*) AS n, coalesce(sum(sentiment = 'negative'), 0) AS negative,"  # noqa: S608
        " coalesce(sum(sentiment = 'neutral'), 0) AS neutral,"
        " coalesce(sum(sentiment = 'positive'), 0) AS positive,"
        f" coalesce(sum({comparisons.ONLY_BEATEN}), 0) AS beaten FROM match AS x"
        " WHERE subject_id = ? AND said_at >= ? AND said_at < ? AND counts",
        (subject_id, to_text(since), to_text(until)),
    ).fetchone()
    return Counts(
        mentions=row["n"],
        negative=row["negative"],
        neutral=row["neutral"],
        positive=row["positive"],
        beaten=row["beaten"],
    )


def days(
    db: Db, subject_id: int, since: datetime, until: datetime, zone: ZoneInfo
) -> dict[date, Counts]:
    """The counts of each local day of a span; days without a mention lack."""
    tallies: dict[date, Counter[str]] = {}
    for row in db.execute(
        "SELECT said_at, sentiment FROM match"
        " WHERE subject_id = ? AND said_at >= ? AND said_at < ? AND counts",
        (subject_id, to_text(since), to_text(until)),
    ):
        day = from_text(row["said_at"]).astimezone(zone).date()
        tallies.setdefault(day, Counter())[row["sentiment"] or "none"] += 1
    return {
        day: Counts(
            mentions=tally.total(),
            negative=tally["negative"],
            neutral=tally["neutral"],
            positive=tally["positive"],
        )
        for day, tally in tallies.items()
    }


STILL_OPEN: Final = ("waiting", "due_soon", "overdue")


@dataclass(frozen=True, slots=True)
class Kept:
    """How a channel's promise fared: counts by state, and the first response times in seconds."""

    states: Mapping[str, int]
    oldest_open: datetime | None
    answered_s: tuple[float, ...]


def promise(
    db: Db,
    subject_ids: list[int],
    channel: str,
    since: datetime,
    until: datetime,
    calendars: Mapping[str, Calendar],
) -> Kept:
    """The clocks of mentions that were said in a span.

    Times are working time where a clock runs by one of the calendars.
    """
    marks, given = among(subject_ids)
    rows = db.execute(
        "SELECT said_at, state, answered_at, hours FROM clock"  # noqa: S608
        f" WHERE channel = ? AND said_at >= ? AND said_at < ? AND subject_id IN ({marks})",
        (channel, to_text(since), to_text(until), *given),
    ).fetchall()
    return _kept(rows, calendars)


@dataclass(frozen=True, slots=True)
class Fared:
    """How the clocks of a day fared: how many were met and missed, and when the open ones are due,
    in order; the rest as in `Kept`."""

    met: int
    missed: int
    dues: tuple[datetime, ...]
    oldest_open: datetime | None
    answered_s: tuple[float, ...]


def fared(
    db: Db, subject_id: int, since: datetime, until: datetime, calendars: Mapping[str, Calendar]
) -> dict[str, Fared]:
    """The clocks of a subject in a span, by the channel."""
    found: dict[str, list[Row]] = {}
    for row in db.execute(
        "SELECT channel, said_at, due_at, state, answered_at, hours FROM clock"
        " WHERE subject_id = ? AND said_at >= ? AND said_at < ?",
        (subject_id, to_text(since), to_text(until)),
    ):
        found.setdefault(row["channel"], []).append(row)
    return {channel: _fared(rows, calendars) for channel, rows in found.items()}


def _fared(rows: Sequence[Row], calendars: Mapping[str, Calendar]) -> Fared:
    kept = _kept(rows, calendars)
    dues = sorted(row["due_at"] for row in rows if row["state"] in STILL_OPEN)
    return Fared(
        met=kept.states.get("met", 0),
        missed=kept.states.get("missed", 0),
        dues=tuple(map(from_text, dues)),
        oldest_open=kept.oldest_open,
        answered_s=tuple(sorted(kept.answered_s)),  # so that many are soon sorted together
    )


def together(days: Iterable[Fared], now: datetime) -> Kept:
    """How days fared together, as of `now`: what is due by then and open is overdue."""
    days = list(days)
    still = sum(len(day.dues) for day in days)
    overdue = sum(bisect_left(day.dues, now) for day in days)
    oldest = [day.oldest_open for day in days if day.oldest_open is not None]
    return Kept(
        states={
            "met": sum(day.met for day in days),
            "missed": sum(day.missed for day in days),
            "overdue": overdue,
            "waiting": still - overdue,
        },
        oldest_open=min(oldest, default=None),
        answered_s=tuple(chain.from_iterable(day.answered_s for day in days)),
    )


def promises_of(
    db: Db, team: str, since: datetime, until: datetime, calendars: Mapping[str, Calendar]
) -> dict[tuple[str, float | None], Kept]:
    """The clocks that were a team's to answer: by channel, and by the seconds that were promised.

    None: of clocks that were started before that was kept.
    """
    found: dict[tuple[str, float | None], list[Row]] = {}
    for row in db.execute(
        "SELECT channel, within_s, said_at, state, answered_at, hours FROM clock"
        " WHERE team = ? AND said_at >= ? AND said_at < ? ORDER BY channel, within_s",
        (team, to_text(since), to_text(until)),
    ):
        found.setdefault((row["channel"], row["within_s"]), []).append(row)
    return {key: _kept(rows, calendars) for key, rows in found.items()}


def _kept(rows: Sequence[Row], calendars: Mapping[str, Calendar]) -> Kept:
    states = Counter(r["state"] for r in rows)
    still = [r["said_at"] for r in rows if r["state"] in STILL_OPEN]
    answered = tuple(
        elapsed(
            from_text(r["said_at"]), from_text(r["answered_at"]), calendars.get(r["hours"])
        ).total_seconds()
        for r in rows
        if r["answered_at"] is not None
    )
    return Kept(states, from_text_or_none(min(still, default=None)), answered)


@dataclass(frozen=True, slots=True)
class RatingChange:
    """A review whose rating was changed after it had been answered; stars of five."""

    before: float
    after: float
    took_s: float  # from the first answer to the change


def recoveries(db: Db, subject_id: int, since: datetime, until: datetime) -> list[RatingChange]:
    """The ratings of a subject that were changed in a span after an answer.

    The cross join begins with the edits, which are few, and not with the subject's mentions.
    """
    rows = db.execute(
        "SELECT c.* FROM rating_change AS c CROSS JOIN match AS x ON x.mention_id = c.mention_id"
        " WHERE x.subject_id = ? AND x.counts AND c.answered_at IS NOT NULL"
        " AND c.changed_at >= ? AND c.changed_at < ? ORDER BY c.changed_at",
        (subject_id, to_text(since), to_text(until)),
    )
    return [
        RatingChange(
            before=5 * row["before"] / row["scale"],
            after=5 * row["after"] / row["scale"],
            took_s=(from_text(row["changed_at"]) - from_text(row["answered_at"])).total_seconds(),
        )
        for row in rows
    ]


def source_rows(db: Db, since: datetime, until: datetime, now: datetime) -> list[SourceRow]:
    """Every source with what came from it in a span, and what it has cost by now."""
    costs = spending.costs(db, now)
    states = {
        r["source"]: r
        for r in db.execute("SELECT source, last_success, error FROM source_state WHERE active")
    }
    tallies = {
        r["source"]: r
        for r in db.execute(
            "SELECT m.source, count(DISTINCT m.id) AS n,"
            " count(DISTINCT CASE WHEN x.sentiment = 'negative' THEN m.id END) AS negative"
            " FROM mention AS m JOIN match AS x ON x.mention_id = m.id AND x.counts"
            " WHERE m.said_at >= ? AND m.said_at < ? GROUP BY m.source",
            (to_text(since), to_text(until)),
        )
    }
    return [
        SourceRow(
            name=name,
            mentions=tallies[name]["n"] if name in tallies else 0,
            negative=tallies[name]["negative"] if name in tallies else 0,
            last_success=from_text_or_none(states[name]["last_success"])
            if name in states
            else None,
            error=states[name]["error"] if name in states else None,
            month_usd=(cost := costs.get(name, NOTHING_YET)).month_usd,
            forecast_usd=cost.forecast_usd,
            mention_usd=cost.mention_usd,
        )
        for name in sorted(states.keys() | tallies.keys())
    ]


@dataclass(frozen=True, slots=True)
class LateOne:
    """A mention that came when the digest of its period had been made."""

    mention_id: int
    subject_id: int
    source: str
    sentiment: str | None


def late(db: Db, since: datetime, until: datetime, made_at: datetime) -> list[LateOne]:
    """What was said in a half-open span, and first seen after its digest was made."""
    rows = db.execute(
        "SELECT m.id, m.source, x.subject_id, x.sentiment FROM mention AS m"
        " JOIN match AS x ON x.mention_id = m.id AND x.counts"
        " WHERE m.said_at >= ? AND m.said_at < ? AND m.seen_at > ? ORDER BY m.id",
        (to_text(since), to_text(until), to_text(made_at)),
    )
    return [LateOne(r["id"], r["subject_id"], r["source"], r["sentiment"]) for r in rows]


def first_said(db: Db) -> datetime | None:
    """When the oldest mention was said."""
    row = db.execute("SELECT min(said_at) FROM match WHERE counts").fetchone()
    return from_text_or_none(row[0])


NOT_JUST_QUIET = timedelta(hours=24)  # a longer silence before we listened was not measured


def unheard(db: Db) -> list[Gap]:
    """The times in which nobody listened: before the first reading, but for imported history.

    History counts as measured from the first to the last that was said in it. Where nothing was
    ever read, all since the first that was brought to us is measured, as far as we know.
    """
    first, said = sources.first_success(db), first_said(db)
    begin = datetime.min.replace(tzinfo=UTC)
    if first is None or said is None or said >= first:
        return [Gap("listener", "", begin, first or said)]
    before = Gap("listener", "", begin, said)
    row = db.execute(
        "SELECT max(said_at) FROM match WHERE counts AND said_at < ?", (to_text(first),)
    ).fetchone()
    ended = from_text(row[0])
    if first - ended < NOT_JUST_QUIET:
        return [before]
    return [before, Gap("listener", "", ended, first)]


def last_said(db: Db) -> datetime | None:
    """When the newest mention was said."""
    row = db.execute("SELECT max(said_at) FROM match WHERE counts").fetchone()
    return from_text_or_none(row[0])
