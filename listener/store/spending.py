"""What sources cost in a month, booked before they are asked: a crash overspends nothing."""

from datetime import datetime

from listener.domain.budget import month_of
from listener.store.connection import Db


def of_month(db: Db, source: str, now: datetime) -> float:
    """What a source has cost in the month of a moment, in US dollars."""
    row = db.execute(
        "SELECT usd FROM spending WHERE source = ? AND month = ?", (source, month_of(now))
    ).fetchone()
    return 0.0 if row is None else float(row["usd"])


def book(db: Db, source: str, usd: float, now: datetime) -> None:
    """Add to the month of a moment; what was booked too much comes back as less than nothing."""
    db.execute(
        "INSERT INTO spending (source, month, usd) VALUES (?, ?, ?) ON CONFLICT (source, month)"
        " DO UPDATE SET usd = max(0, usd + excluded.usd)",
        (source, month_of(now), usd),
    )
