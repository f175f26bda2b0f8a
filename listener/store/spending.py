"""What sources cost in a month, booked before they are asked: a crash overspends nothing."""

from dataclasses import dataclass
from datetime import UTC, datetime

from listener.domain.budget import Cost, forecast, month_of, next_month, this_month
from listener.domain.times import to_text
from listener.store.connection import Db


@dataclass(frozen=True, slots=True)
class Stop:
    """A source that is not asked any more this month; `why` names its budget."""

    source: str
    channel: str
    usd: float
    why: str


def of_month(db: Db, source: str, now: datetime) -> float:
    """What a source has cost in the month of a moment, in US dollars."""
    row = db.execute(
        "SELECT usd FROM spending WHERE source = ? AND month = ?", (source, month_of(now))
    ).fetchone()
    return 0.0 if row is None else float(row["usd"])


def total(db: Db) -> float:
    """What all sources ever cost, in US dollars."""
    return float(db.execute("SELECT coalesce(sum(usd), 0) FROM spending").fetchone()[0])


def costs(db: Db, now: datetime) -> dict[str, Cost]:
    """What each source has cost that ever cost something or was stopped."""
    rows = db.execute(
        "SELECT p.source, sum(p.usd) AS spent, max(CASE WHEN p.month = ? THEN p.usd END) AS month"
        " FROM spending AS p GROUP BY p.source",
        (month_of(now),),
    )
    return {
        row["source"]: Cost(
            spent_usd=row["spent"],
            month_usd=row["month"],
            forecast_usd=None if row["month"] is None else forecast(row["month"], now),
            month_useful=_useful(db, row["source"], now) if row["month"] else 0,
        )
        for row in rows
    }


def _useful(db: Db, source: str, now: datetime) -> int:
    """How many mentions about a subject were said at a source in the month of a moment.

    The plus keeps SQLite from walking through all that the source ever brought.
    """
    row = db.execute(
        "SELECT count(*) FROM mention AS m WHERE +m.source = ? AND m.said_at >= ? AND m.said_at < ?"
        " AND EXISTS (SELECT 1 FROM match AS x WHERE x.mention_id = m.id AND x.counts)",
        (source, to_text(this_month(now)), to_text(next_month(now))),
    ).fetchone()
    return int(row[0])


def book(db: Db, source: str, usd: float, now: datetime) -> None:
    """Add to the month of a moment; what was booked too much comes back as less than nothing."""
    db.execute(
        "INSERT INTO spending (source, month, usd) VALUES (?, ?, ?) ON CONFLICT (source, month)"
        " DO UPDATE SET usd = max(0, usd + excluded.usd)",
        (source, month_of(now), usd),
    )


def lose(db: Db, source: str, now: datetime) -> bool:
    """Note that an answer was lost which may be billed; False where one was before, that UTC day.

    A service bills the same things once in a day, so that a second loss costs nothing more: what
    is read after all is booked then. The month has to have a booking.
    """
    day = f"{now.astimezone(UTC):%Y-%m-%d}"
    noted = db.execute(
        "UPDATE spending SET lost_on = ? WHERE source = ? AND month = ? AND lost_on IS NOT ?",
        (day, source, month_of(now), day),
    )
    return noted.rowcount > 0


def stop(db: Db, source: str, why: str, now: datetime) -> None:
    """Note that the month's budget does not allow another page."""
    book(db, source, 0.0, now)
    db.execute(
        "UPDATE spending SET stopped = ? WHERE source = ? AND month = ? AND stopped IS NULL",
        (why, source, month_of(now)),
    )


def go_on(db: Db, source: str, now: datetime) -> None:
    """Note that it is asked again, as after its budget was raised: the next stop is news."""
    db.execute(
        "UPDATE spending SET stopped = NULL, told_at = NULL"
        " WHERE source = ? AND month = ? AND stopped IS NOT NULL",
        (source, month_of(now)),
    )


def untold(db: Db, now: datetime) -> list[Stop]:
    """The stops of this month that nobody has heard of."""
    rows = db.execute(
        "SELECT p.source, s.channel, p.usd, p.stopped FROM spending AS p JOIN source_state AS s"
        " ON s.source = p.source WHERE p.month = ? AND p.stopped IS NOT NULL AND p.told_at IS NULL"
        " AND s.active ORDER BY p.source",
        (month_of(now),),
    )
    return [Stop(row["source"], row["channel"], row["usd"], row["stopped"]) for row in rows]


def told(db: Db, source: str, now: datetime) -> None:
    """Note that people have heard of a stop."""
    db.execute(
        "UPDATE spending SET told_at = ? WHERE source = ? AND month = ? AND stopped IS NOT NULL",
        (to_text(now), source, month_of(now)),
    )
