"""A mention that waits, as pages show it: in words, with what is left of its promise."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from listener import pressing
from listener.domain.label import is_sure
from listener.domain.response import OPEN
from listener.domain.stars import against, as_text
from listener.domain.times import from_text
from listener.store.newest import Newest
from listener.texts import numbers
from listener.texts.words import say
from listener.web.behind import Behind
from listener.web.called import called
from listener.web.words import in_words, later


def waiting_view(row: Mapping[str, Any], now: datetime, language: str) -> dict[str, Any]:
    """A row of `views.waiting`, ready to be laid out."""
    due_at, is_open = from_text(row["due_at"]), row["state"] in OPEN
    apart = numbers.duration(abs(due_at - now), language)
    overdue = is_open and now > due_at
    state = "overdue" if overdue else row["state"]
    return {
        **row,
        "state": state,
        "due_at": due_at,
        "said_at": from_text(row["said_at"]),
        "sentiment": sentiment_told(row, language),
        "stars": None if row["stars"] is None else as_text(row["stars"], row["stars_scale"]),
        "left": _left(state, apart, language, is_open=is_open),
    }


def _left(state: str, apart: str, language: str, *, is_open: bool) -> str:
    """What is left of the promise; the state, where nobody waits any more."""
    if not is_open:
        return called(state, language)
    left = later("%(span)s over") if state == "overdue" else later("%(span)s left")
    return in_words(language, left, span=apart)


def sentiment_told(row: Mapping[str, Any], language: str) -> str | None:
    """ "negative", "negative?" where it is in doubt, and whether stars say something else."""
    if not row["sentiment"]:
        return None
    told = called(row["sentiment"], language)
    if not is_sure(row["confidence"]):
        told = say(language, "quote.doubt", sentiment=told)
    return against(told, row["stars"], row["stars_scale"]) if row["stars_disagree"] else told


def open_counts(behind: Behind, newest: Newest, now: datetime) -> dict[str, int]:
    """How many wait in each open state; kept while nothing changes."""
    return behind.counted.count(
        "open", newest, now, lambda: pressing.open_clocks(behind.store, now)
    )
