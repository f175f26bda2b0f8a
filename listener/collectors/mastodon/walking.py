"""How far a listing of an instance was read, and where the next page begins. Pure.

Marks are ids. At Mastodon an id holds the time when a status was said: what comes late from
another instance has an id among those that were read, so reading begins again some time before.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from listener.collectors.mastodon.statuses import Item
from listener.domain.walk import Walk

FIRST_PAGES: Final = 5  # of a stream that was never read
MOST_PAGES: Final = 50  # of a search, which goes from the newest down
OVERLAP: Final = timedelta(hours=2)

_OVERLAP_IDS: Final = int(OVERLAP.total_seconds() * 1000) << 16
_FIRST_ID: Final = 1_451_606_400_000 << 16  # of 2016; a smaller one holds no time


def before(mark: str) -> str:
    """The id from which reading goes on; the mark itself where an id holds no time."""
    return str(int(mark) - _OVERLAP_IDS) if _holds_time(mark) else mark


def first(walk: Walk, items: Sequence[Item], since: datetime | None, now: datetime) -> Walk:
    """After a page of a listing that was never read, which goes from the newest down."""
    numbers = _numbers(items)
    if not numbers:
        return walk.after("", None)
    oldest = min(numbers, key=_order)
    ends = _is_enough(walk, items, since) or oldest == walk.resume
    return walk.after(_marked(walk, items, now), None if ends else oldest)


def forward(walk: Walk, items: Sequence[Item], now: datetime) -> Walk:
    """After a page that goes from what was known up; only one of nothing new is the last.

    An instance leaves out what it must not show, so a page may be short and have others after it.
    """
    newest = max(_numbers(items), key=_order, default="")
    asked = walk.resume or before(walk.mark)
    more = newest if _order(newest) > _order(asked) else ""
    return Walk(mark=_marked(walk, items, now), resume=more)


def searched(
    walk: Walk, items: Sequence[Item], since: datetime | None, now: datetime
) -> tuple[Walk, datetime | None]:
    """After a page of a search, which goes from the newest down by how many were seen.

    Also says since when something may be missing, where the search did not reach what was known.
    """
    numbers = _numbers(items)
    if not numbers:
        return walk.after("", None), None
    if walk.is_first:
        known, enough = False, _is_enough(walk, items, since)
    else:
        known = _order(min(numbers, key=_order)) <= _order(before(walk.mark))
        enough = walk.pages + 1 >= MOST_PAGES
    resume = None if known or enough else str(int(walk.resume or 0) + len(items))
    lost = enough and not known and not walk.is_first and _holds_time(walk.mark)
    gap_since = _moment_of(walk.mark) if lost else None
    return walk.after(_marked(walk, items, now), resume), gap_since


def _is_enough(walk: Walk, items: Sequence[Item], since: datetime | None) -> bool:
    if since is None:
        return walk.pages + 1 >= FIRST_PAGES
    return any(item.at is not None and item.at < since for item in items)


def _marked(walk: Walk, items: Sequence[Item], now: datetime) -> str:
    """The newest id that is not of the future; empty where none is, and nothing was known."""
    found = [item.number for item in items if item.number and item.at and item.at <= now]
    return max([*found, walk.mark], key=_order)


def _numbers(items: Sequence[Item]) -> list[str]:
    return [item.number for item in items if item.number]


def _order(number: str) -> tuple[int, str]:
    """Ids sort by it: numbers as such, and those that other servers make of letters."""
    return len(number), number


def _holds_time(mark: str) -> bool:
    return mark.isascii() and mark.isdigit() and int(mark) >= _FIRST_ID + _OVERLAP_IDS


def _moment_of(mark: str) -> datetime:
    return datetime.fromtimestamp((int(mark) >> 16) / 1000, UTC)
