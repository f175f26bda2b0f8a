"""One value of a row: text, numbers, times and links from people, each checked."""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from hashlib import sha256
from typing import Any, Final

from listener.domain.label import Sentiment
from listener.domain.mention import Kind

LONGEST_ID = 500
LONGEST_URL = 2_000  # a link that was cut leads nowhere
FIRST_YEAR, LAST_YEAR = 1970, 2200
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_ZONE_APART = re.compile(r"\s+(?=[+-]\d\d:?\d\d$)|\s*(?:UTC|GMT)$")
_TOPIC_BREAK = re.compile(r"[;|]")
_TOO_MANY_DIGITS: Final = 10**40  # nobody's id; and str() refuses numbers of 4,300 digits
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_PLAUSIBLE_SECONDS = range(100_000_000, 7_258_118_400)  # 1973 to 2200
_KINDS: Final = {kind.value: kind for kind in Kind}
_ANSWERS: Final[dict[str | float, bool]] = {
    **dict.fromkeys(("true", "yes", "1", 1), True),
    **dict.fromkeys(("false", "no", "0", 0), False),
}
_LABELS: Final = {sentiment.value: sentiment for sentiment in Sentiment}


class BadRecord(ValueError):  # noqa: N818  # it is the row that is bad
    """A row that is no mention; the message says why, in words for the one who made the row."""


def clean_line(text: str, longest: int = LONGEST_ID) -> str:
    """One line without control characters; where it had to be cut, a hash keeps it distinct."""
    if not text.isprintable():
        text = _CONTROL.sub(" ", text)
    text = text.strip()
    if len(text) <= longest:
        return text
    return f"{text[: longest - 17]}#{sha256(text.encode()).hexdigest()[:16]}"


def read_time(name: str, value: Any, zone: tzinfo) -> datetime:
    """A moment in UTC from ISO 8601 or unix seconds (milliseconds too). Raises BadRecord."""
    moment = _iso(value) if isinstance(value, str) else None
    if moment is None:
        moment = _unix(value)
    if moment is None:
        raise BadRecord(f"{name} is no time: {shown(value)}")
    if FIRST_YEAR - 1 <= moment.year <= LAST_YEAR:
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
        if moment.tzinfo is not UTC:
            moment = moment.astimezone(UTC)
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise BadRecord(f"{name} is outside the years {FIRST_YEAR} to {LAST_YEAR}: {shown(value)}")
    return moment


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    text = text.strip()
    if text.isascii() and text.isdecimal():
        return None
    try:
        return datetime.fromisoformat(_ZONE_APART.sub("", text) + _utc_said(text))
    except ValueError:
        return None


def _utc_said(text: str) -> str:
    return "Z" if text.endswith(("UTC", "GMT")) else ""


def _unix(value: Any) -> datetime | None:
    if isinstance(value, str):
        text = value.strip()
        value = int(text) if text.isascii() and text.isdecimal() and len(text) <= 13 else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not math.isfinite(value):
        return None
    if int(value) in _PLAUSIBLE_SECONDS:
        return _EPOCH + timedelta(seconds=value)
    if int(value) // 1000 in _PLAUSIBLE_SECONDS:
        return _EPOCH + timedelta(milliseconds=value)
    return None


def shown(value: Any) -> str:
    """A value as a message quotes it: short, and on one line."""
    if isinstance(value, int) and abs(value) >= _TOO_MANY_DIGITS:
        return "a number of too many digits"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _a(value: Any) -> str:
    words = {bool: "true or false", int: "a number", float: "a number", str: "text"}
    return words.get(type(value), "an object" if isinstance(value, Mapping) else "a list")


def read_text(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value if value.strip() else ""
    raise BadRecord(f"{name} is {_a(value)}, not text")


def read_line(name: str, value: Any) -> str | None:
    if isinstance(value, str):
        return clean_line(value) or None
    if isinstance(value, int) and not isinstance(value, bool):
        return _digits(name, value)
    if isinstance(value, float) and math.isfinite(value):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else str(value)
    raise BadRecord(f"{name} is {_a(value)}, not text")


def _digits(name: str, value: int) -> str:
    if abs(value) >= _TOO_MANY_DIGITS:
        raise BadRecord(f"{name} is a number of too many digits")
    return str(value)


def read_link(name: str, value: Any) -> str | None:
    if not isinstance(value, str):
        raise BadRecord(f"{name} is {_a(value)}, not text")
    link = _CONTROL.sub("", value).strip()
    return link if 0 < len(link) <= LONGEST_URL else None


def is_link(text: str) -> bool:
    return text[:8].lower().startswith(("http://", "https://"))


def read_float(name: str, value: Any) -> float:
    if isinstance(value, str):
        try:
            value = float(value.strip().replace(",", "."))
        except ValueError:
            raise BadRecord(f"{name} is no number: {shown(value)}") from None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadRecord(f"{name} is {_a(value)}, not a number")
    if not -(2**63) < value < 2**63:  # NaN is neither
        raise BadRecord(f"{name} is no number we can keep")
    return float(value)


def read_count(name: str, value: Any) -> int:
    if type(value) is int:
        if -(2**63) <= value < 2**63:
            return value
        raise BadRecord(f"{name} is no number we can keep")
    if isinstance(value, str) and value.strip().lstrip("+-").isdecimal() and len(value) < 30:
        return read_count(name, int(value))
    number = read_float(name, value)
    if not number.is_integer():
        raise BadRecord(f"{name} is no whole number: {shown(value)}")
    return int(number)


def read_yes_or_no(name: str, value: Any) -> bool | None:
    """None for what is neither."""
    if isinstance(value, str):
        return _ANSWERS.get(value.strip().lower())
    return _ANSWERS.get(value) if isinstance(value, int | float) else None


def read_scale(name: str, value: Any) -> int:
    scale = read_count(name, value)
    if not 1 <= scale <= 1000:
        raise BadRecord(f"{name} {scale} is outside 1..1000")
    return scale


def read_kind(name: str, value: Any) -> Kind | None:
    """A word that is none of ours says nothing: the channel's usual kind holds."""
    return _KINDS.get(value) if isinstance(value, str) else None


def read_label(name: str, value: Any) -> Sentiment:
    label = _LABELS.get(value.strip().lower()) if isinstance(value, str) else None
    if label is None:
        raise BadRecord(f"{name} is none of negative, neutral, positive: {shown(value)}")
    return label


def read_topics(name: str, value: Any) -> tuple[str, ...]:
    parts = _TOPIC_BREAK.split(value) if isinstance(value, str) else value
    if not isinstance(parts, list | tuple):
        raise BadRecord(f"{name} is {_a(value)}, not a list of names")
    lines = (read_line(name, part) for part in parts if part is not None)
    return tuple(dict.fromkeys(line for line in lines if line))
