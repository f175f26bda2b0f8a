"""Times as text, and text as times: always UTC, always aware."""

from datetime import UTC, datetime, timedelta

BUCKET = timedelta(minutes=5)


def to_text(moment: datetime) -> str:
    """Write a moment as the database keeps it: UTC, milliseconds, Z; so that text sorts as time."""
    return _in_utc(moment).isoformat(timespec="milliseconds")[:-6] + "Z"  # -6: the +00:00


def to_json(moment: datetime) -> str:
    """Write a moment as people and other programs read it: no fraction where there is none."""
    timespec = "milliseconds" if moment.microsecond >= 1000 else "seconds"
    return _in_utc(moment).isoformat(timespec=timespec)[:-6] + "Z"


def _in_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def from_text(text: str) -> datetime:
    """Read what `to_text` wrote. Raises ValueError for anything that is no ISO 8601 time."""
    return datetime.fromisoformat(text)


def from_text_or_none(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def bucket_start(moment: datetime) -> datetime:
    """The start of the five-minute slice a moment falls in."""
    return moment - timedelta(
        minutes=moment.minute % 5, seconds=moment.second, microseconds=moment.microsecond
    )


def bucket_text(moment: str) -> str:
    """The start of the slice that a moment falls in, both as the database keeps them."""
    return f"{moment[:14]}{int(moment[14:16]) // 5 * 5:02d}:00.000Z"


def in_words(span: timedelta) -> str:
    """A duration as people say it: "49 min", "2 h 5 min", "6 d 4 h"; two units at the most."""
    minutes = int(abs(span).total_seconds() // 60)
    if minutes < 1:
        return f"{int(abs(span).total_seconds())} s"
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = [(days, "d"), (hours, "h"), (rest, "min")]
    said = [f"{count} {unit}" for count, unit in parts if count]
    return " ".join(said[:2])
