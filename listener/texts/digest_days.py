"""The digest's bars: fourteen days as heights in pixels; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from listener.domain.digest import Counts, Day
from listener.domain.events import spread
from listener.texts import numbers
from listener.texts.words import say

HEIGHT = 72  # of the highest bar, in pixels
FULLY = 0.98  # five minutes of a day are no hole
PARTS = ("positive", "neutral", "unlabelled", "negative")  # from the top; complaints stand below


@dataclass(frozen=True, slots=True, kw_only=True)
class DayView:
    weekday: str
    number: str  # of the month
    long: str
    total: str
    head: str  # the total as it fits over a bar
    counts: str
    segments: tuple[tuple[str, int], ...]  # colour and pixels, from the top
    measured: bool
    partly: bool
    new: bool  # of this period
    events: str  # known ones on it; empty: none


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysView:
    title: str
    days: tuple[DayView, ...]
    legend: tuple[tuple[str, str], ...]  # colour and word
    unmeasured: str  # empty where there is no hole
    partly: str
    halves: tuple[tuple[str, int], ...]  # words and columns
    events: tuple[str, ...]  # each with its days
    alt: str


def days_view(days: Sequence[Day], first: date, language: str) -> DaysView:
    """Bars for the days; `first` is the first day of this period."""
    highest = max((day.counts.mentions for day in days), default=0)
    views = tuple(_day(day, highest, first, language) for day in days)
    old = sum(not view.new for view in views)
    shown = [part for part in PARTS if part != "unlabelled" or _any_unlabelled(days)]
    totals = say(language, "list_comma").join(f"{view.long} {view.total}" for view in views)
    return DaysView(
        title=say(language, "days.title", n=len(days)),
        days=views,
        legend=tuple((part, say(language, part)) for part in reversed(shown)),
        unmeasured=_word_if(any(not view.measured for view in views), language, "unmeasured"),
        partly=_word_if(any(view.partly for view in views), language, "partly"),
        halves=_halves(old, len(views), language),
        events=tuple(_events(days, language)),
        alt=f"{say(language, 'days.alt')}: {totals}",
    )


def _events(days: Sequence[Day], language: str) -> Iterator[str]:
    for name, first, last in spread((day.date, day.events) for day in days):
        begin, end = (numbers.day_and_month(day, language) for day in (first, last))
        yield f"{name} ({begin})" if first == last else f"{name} ({begin} – {end})"


def _any_unlabelled(days: Sequence[Day]) -> bool:
    return any(day.counts.mentions > day.counts.labelled for day in days)


def _word_if(there: bool, language: str, key: str) -> str:
    return say(language, key) if there else ""


def _halves(old: int, columns: int, language: str) -> tuple[tuple[str, int], ...]:
    if not 0 < old < columns:
        return ()
    return ((say(language, "last.week"), old), (say(language, "this.week"), columns - old))


def _day(day: Day, highest: int, first: date, language: str) -> DayView:
    counts = day.counts
    measured = day.measured > 0 or counts.mentions > 0
    words = say(
        language,
        "day.row",
        negative=numbers.number(counts.negative, language),
        neutral=numbers.number(counts.neutral, language),
        positive=numbers.number(counts.positive, language),
    )
    return DayView(
        weekday=numbers.weekday_column(day.date, language),
        number=str(day.date.day),
        long=f"{numbers.weekday(day.date, language)} {numbers.day_and_month(day.date, language)}",
        total=numbers.number(counts.mentions, language) if measured else "–",
        head=numbers.column(counts.mentions, language),
        counts=words if measured else say(language, "unmeasured"),
        segments=_segments(counts, highest),
        measured=measured,
        partly=measured and day.measured < FULLY,
        new=day.date >= first,
        events=say(language, "list_comma").join(day.events),
    )


def _segments(counts: Counts, highest: int) -> tuple[tuple[str, int], ...]:
    """Heights that add up to the day's; a part that is there is never less than a pixel."""
    sizes = {
        "negative": counts.negative,
        "neutral": counts.neutral,
        "positive": counts.positive,
        "unlabelled": max(0, counts.mentions - counts.labelled),
    }
    if not highest:
        return ()
    pixels = {part: size * HEIGHT / highest for part, size in sizes.items()}
    return tuple((part, max(1, round(pixels[part]))) for part in PARTS if sizes[part])
