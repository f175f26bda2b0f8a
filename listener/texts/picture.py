"""A chart as the bytes of a PNG: counts in bars, what is usual behind them, what happened above.

It has a ground of its own, so that it reads the same on a light and on a dark one, and holds digits
only: the words stand beside it, in the reader's language (`texts.captions`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from io import BytesIO
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from listener.texts.chart import Step

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

WIDTH, HEIGHT = 1200, 460  # twice what is shown
_FINE: Final = 2  # drawn so much larger, then made smaller: smooth edges
_BESIDE, _TOP, _BOTTOM = 36, 108, 56  # around the bars
_MARKS: Final = 58  # from above to the middle of what shows a moment
_FONT: Final = 26
_GAP: Final = 0.22  # of a bar's width, beside it
_MOST_TICKS: Final = 8
_HOUR: Final = timedelta(hours=1)
_APART: Final = (1, 2, 3, 6, 12, 24, 48, 96, 168)  # hours between two times below

# All against the ground: texts 7:1 and more, what has a meaning 3:1 and more.
_GROUND: Final = "#f8f9fb"
_EDGE: Final = "#c9ced6"
_GRID: Final = "#e1e5ea"
_INK: Final = "#3b4350"
_USUAL: Final = "#d9dee6"  # the band; its upper edge is a line
_LINE: Final = "#7b8494"
_CALM: Final = "#717a8a"  # a bar within the band
_ALARM: Final = "#d3302b"  # and one above it
_UNDER_WAY: Final = {_CALM: "#c8cdd6", _ALARM: "#f6cfcd"}  # inside, while its time is not over
_LOST: Final = "#868f9e"


class Mark(StrEnum):
    """What happened at a moment; each has its own shape."""

    OPENED = "opened"  # a triangle that points down
    ESCALATED = "escalated"  # one that points up
    OVER = "over"  # a square


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """What is drawn: steps of equal width that follow each other, and moments within them."""

    steps: Sequence[Step]
    width: timedelta
    until: datetime  # up to when was counted: the last step may be under way
    moments: Sequence[tuple[Mark, datetime]] = ()
    zone: ZoneInfo


def png(plot: Plot) -> bytes:
    """The picture, twice as large as it is shown, well under 50 kB. Needs a step at least."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415  # other commands start at once

    large = Image.new("RGB", (WIDTH * _FINE, HEIGHT * _FINE), _GROUND)
    font = ImageFont.load_default(_FONT * _FINE)
    assert isinstance(font, ImageFont.FreeTypeFont)
    _Drawing(ImageDraw.Draw(large), font, plot).draw()
    small = large.reduce(_FINE).quantize(64, dither=Image.Dither.NONE)
    written = BytesIO()
    small.save(written, "PNG", optimize=True)
    return written.getvalue()


class _Drawing:
    """One picture being drawn; everything in the pixels of the large one."""

    def __init__(self, on: "ImageDraw", font: "FreeTypeFont", plot: Plot) -> None:
        self._on, self._font, self._plot = on, font, plot
        self._wide, self._high = WIDTH * _FINE, HEIGHT * _FINE
        self._right = self._wide - _BESIDE * _FINE
        self._top, self._floor = _TOP * _FINE, self._high - _BOTTOM * _FINE
        self._start = plot.steps[0].start
        self._span = len(plot.steps) * plot.width
        counts = [step.count or 0 for step in plot.steps]
        self._most = max(counts)
        self._peak = counts.index(self._most)
        usual = max(step.upto or 0.0 for step in plot.steps)
        self._full = max(self._most, min(usual, 4.0 * self._most), 1.0)
        self._rise = _rise(self._full)
        widest = on.textlength(_number(self._full), font=font)
        self._left = widest + (14 + _BESIDE / 2) * _FINE

    def draw(self) -> None:
        self._grid()
        self._bands()
        self._lost()
        self._marks()
        self._bars()
        self._times()
        edges = (0, 0, self._wide - 1, self._high - 1)
        self._on.rectangle(edges, outline=_EDGE, width=2 * _FINE)

    def _x(self, at: datetime) -> float:
        return self._left + (self._right - self._left) * ((at - self._start) / self._span)

    def _y(self, count: float) -> float:
        return max(self._floor - (self._floor - self._top) * count / self._full, self._top)

    def _grid(self) -> None:
        count = 0
        while count <= self._full:
            y = self._y(count)
            self._on.line((self._left, y, self._right, y), fill=_GRID, width=2 * _FINE)
            self._write(self._left - 14 * _FINE, y, _number(count), "rm")
            count += self._rise

    def _bands(self) -> None:
        """What is usual, up to where chance reaches."""
        for step, left, right in self._places():
            if step.upto is not None and step.count is not None:
                y = self._y(step.upto)
                self._on.rectangle((left, y, right, self._floor), fill=_USUAL)
                self._on.line((left, y, right, y), fill=_LINE, width=2 * _FINE)

    def _lost(self) -> None:
        """Hatched where nothing was measured: a gap is not a zero."""
        for step, left, right in self._places():
            if step.count is None:
                self._hatch(left, right)

    def _hatch(self, left: float, right: float) -> None:
        """Lines at 45 degrees that go on from one step to the next."""
        height, apart = self._floor - self._top, 16 * _FINE
        first = int((left - height) // apart) * apart
        for begin in range(first, int(right) + 1, apart):
            low, high = max(left, begin), min(right, begin + height)
            if low < high:
                line = (low, self._floor - (low - begin), high, self._floor - (high - begin))
                self._on.line(line, fill=_LOST, width=2 * _FINE)

    def _bars(self) -> None:
        for step, left, right in self._places():
            if not step.count:
                continue
            above = step.upto is not None and step.count > step.upto
            colour = _ALARM if above else _CALM
            over = step.start + self._plot.width <= self._plot.until
            beside = (right - left) * _GAP / 2
            box = (left + beside, self._y(step.count), right - beside, self._floor)
            inside = colour if over else _UNDER_WAY[colour]
            self._on.rectangle(box, fill=inside, outline=colour, width=2 * _FINE)
        self._on.line((self._left, self._floor, self._right, self._floor), fill=_INK, width=_FINE)
        if self._most:
            self._number_of_the_highest()

    def _number_of_the_highest(self) -> None:
        step = self._plot.steps[self._peak]
        x = self._x(step.start + self._plot.width / 2)
        self._write(x, self._y(self._most) - 6 * _FINE, _number(self._most), "mb", apart=4 * _FINE)

    def _times(self) -> None:
        for at, words in _ticks(self._start, self._start + self._span, self._plot.zone):
            x = self._x(at)
            self._on.line((x, self._floor, x, self._floor + 8 * _FINE), fill=_INK, width=_FINE)
            self._write(x, self._floor + 14 * _FINE, words, "mt")

    def _marks(self) -> None:
        """A line through the bars, a shape above it, and its time where there is room."""
        y, size = _MARKS * _FINE, 9 * _FINE
        free = 0.0
        for mark, at in sorted(self._plot.moments, key=lambda one: one[1]):
            x = min(max(self._x(at), self._left), self._right)
            self._dashes(x, y + size, self._floor)
            self._shape(mark, x, y, size)
            words = f"{at.astimezone(self._plot.zone):%H:%M}"
            half = self._on.textlength(words, font=self._font) / 2
            centre = min(max(x, self._left + half), self._right - half)
            if centre - half >= free:
                self._write(centre, y - size - 5 * _FINE, words, "mb")
                free = centre + half + 12 * _FINE

    def _dashes(self, x: float, top: float, bottom: float) -> None:
        y = top
        while y < bottom:
            self._on.line((x, y, x, min(y + 8 * _FINE, bottom)), fill=_INK, width=_FINE)
            y += 14 * _FINE

    def _shape(self, mark: Mark, x: float, y: float, size: float) -> None:
        if mark is Mark.OVER:
            self._on.rectangle((x - size, y - size, x + size, y + size), fill=_INK)
            return
        tip = y + size if mark is Mark.OPENED else y - size
        base = y - size if mark is Mark.OPENED else y + size
        self._on.polygon([(x - size, base), (x + size, base), (x, tip)], fill=_INK)

    def _places(self) -> Iterator[tuple[Step, float, float]]:
        for step in self._plot.steps:
            yield step, self._x(step.start), self._x(step.start + self._plot.width)

    def _write(self, x: float, y: float, words: str, anchor: str, *, apart: int = 0) -> None:
        """`apart`: so much ground around the letters, where lines may run."""
        self._on.text(
            (x, y), words, fill=_INK, font=self._font, anchor=anchor,
            stroke_width=apart, stroke_fill=_GROUND,
        )  # fmt: skip


def _number(count: float) -> str:
    return f"{count:,.0f}".replace(",", " ")  # as every language can read it


def _rise(most: float) -> int:
    """From one number on the left to the next: 1, 2 or 5 with noughts, three or four of them."""
    power = 1
    while True:
        for first in (1, 2, 5):
            if most / (first * power) < 4.5:
                return first * power
        power *= 10


def _ticks(start: datetime, end: datetime, zone: ZoneInfo) -> list[tuple[datetime, str]]:
    """Whole hours of the zone's clock, few enough to be read; the date at midnight."""
    hours = next((h for h in _APART if (end - start) / (h * _HOUR) <= _MOST_TICKS), _APART[-1])
    local = start.astimezone(zone).replace(minute=0, second=0, microsecond=0)
    found = []
    at = local.astimezone(start.tzinfo)
    while at < end:
        clock = at.astimezone(zone)
        since_midnight = clock.hour + (24 * clock.toordinal() if hours > 24 else 0)
        if at >= start and since_midnight % hours == 0:
            found.append((at, f"{clock:%m-%d}" if clock.hour == 0 else f"{clock:%H:%M}"))
        at += _HOUR
    return found
