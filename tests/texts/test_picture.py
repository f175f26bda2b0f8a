"""Charts as pictures: what can be read off the pixels, on any ground, and the words beside them."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from PIL import Image, ImageColor

from listener.texts import picture
from listener.texts.captions import alt, title
from listener.texts.chart import Step
from listener.texts.picture import HEIGHT, WIDTH, Mark, Plot, png
from listener.texts.words import LANGUAGES

START = datetime(2026, 11, 22, 2, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
ALARM, CALM, LOST = (ImageColor.getrgb(c) for c in (picture._ALARM, picture._CALM, picture._LOST))
LAST = 47


def a_plot(last: int | None = 63, lost: int = 0, upto: float | None = 9.0) -> Plot:
    """Half a day of quarters with two negatives each; the first `lost` were not measured."""
    counts = [None] * lost + [2] * (LAST - lost) + [last]
    steps = [Step(START + n * QUARTER, one, 3.0, upto) for n, one in enumerate(counts)]
    until = START + 12 * timedelta(hours=1)
    zone = ZoneInfo("Europe/Budapest")
    return Plot(steps=steps, width=QUARTER, until=until, moments=[(Mark.OPENED, until)], zone=zone)


def pixels(plot: Plot) -> dict[tuple[int, ...], set[int]]:
    """The colours of a picture that are flat somewhere, and in which columns."""
    image = Image.open(BytesIO(png(plot))).convert("RGB")
    found: dict[tuple[int, ...], set[int]] = {}
    for x in range(WIDTH):
        for y in range(0, HEIGHT, 3):
            colour = image.getpixel((x, y))
            assert isinstance(colour, tuple)
            found.setdefault(colour, set()).add(x)
    return found


def like(found: dict[tuple[int, ...], set[int]], wanted: tuple[int, ...]) -> set[int]:
    """The columns of a colour; a palette of few moves it a little."""
    near = [
        columns
        for colour, columns in found.items()
        if all(abs(one - other) < 6 for one, other in zip(colour, wanted, strict=True))
    ]
    return set().union(*near)


def test_what_is_above_the_usual_is_red_and_stands_where_it_was_said() -> None:
    red = like(pixels(a_plot()), ALARM)
    assert min(red) > WIDTH * 0.9
    assert like(pixels(a_plot(last=8)), ALARM) == set()
    assert like(pixels(a_plot(upto=None)), ALARM) == set()


def test_a_gap_is_hatched_and_no_zero() -> None:
    hole = like(pixels(a_plot(lost=20)), LOST)
    bars = like(pixels(a_plot(lost=20)), CALM)
    assert min(hole) < WIDTH * 0.1
    assert len(hole) > WIDTH * 0.3
    assert min(bars - hole) > WIDTH * 0.4


def test_a_picture_is_small_and_of_twice_the_size_that_is_shown() -> None:
    made = png(a_plot())
    image = Image.open(BytesIO(made))
    assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))
    assert len(made) < 50_000


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [one / 255 for one in ImageColor.getrgb(colour)[:3]]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("colour", "at_least"),
    [("_INK", 7.0), ("_ALARM", 4.5), ("_CALM", 3.0), ("_LINE", 3.0), ("_LOST", 3.0)],
)
def test_it_can_be_read_on_its_own_ground(colour: str, at_least: float) -> None:
    bright, dark = luminance(picture._GROUND), luminance(getattr(picture, colour))
    assert (bright + 0.05) / (dark + 0.05) >= at_least


@pytest.mark.parametrize(
    "plot",
    [
        Plot(steps=[Step(START, None)], width=QUARTER, until=START, zone=ZoneInfo("UTC")),
        Plot(steps=[Step(START, 0)], width=QUARTER, until=START, zone=ZoneInfo("UTC")),
        Plot(
            steps=[Step(START + n * timedelta(days=1), 10**6 * n, 1e9, 1e9) for n in range(72)],
            width=timedelta(days=1),
            until=START + timedelta(days=72),
            moments=[(mark, START + timedelta(days=90)) for mark in Mark],
            zone=ZoneInfo("Asia/Kathmandu"),
        ),
    ],
)
def test_nothing_much_and_far_too_much_are_drawn_too(plot: Plot) -> None:
    assert Image.open(BytesIO(png(plot))).size == (WIDTH, HEIGHT)


@pytest.mark.parametrize("hours", [3, 12, 60, 24 * 30])
def test_times_below_are_few_and_whole_hours_of_the_zone(hours: int) -> None:
    zone = ZoneInfo("Asia/Kathmandu")  # 5:45 ahead
    ticks = picture._ticks(START, START + timedelta(hours=hours), zone)
    assert 2 <= len(ticks) <= 9
    assert all(at.astimezone(zone).minute == 0 for at, _ in ticks)
    assert [words for _, words in ticks] == [
        f"{at.astimezone(zone):%H:%M}".replace("00:00", f"{at.astimezone(zone):%m-%d}")
        for at, _ in ticks
    ]


def test_the_words_say_what_can_be_seen() -> None:
    assert title(a_plot(), "en") == (
        "Negative mentions per 15\u00a0min (Europe/Budapest)"
        " · grey band: usual, red: more than usual · ▼ noticed"
    )
    assert alt(a_plot(lost=4), "en") == (
        "Bars: negative mentions per 15\u00a0min, Sun\u00a022\u00a0Nov 03:00 – 15:00."
        " The most are 63, at Sun\u00a022\u00a0Nov 14:45. Up to 9 are usual then."
        " For 1\u00a0h nothing was measured."
    )
    assert "hatched" in title(a_plot(lost=4), "en")
    assert "usual" not in title(a_plot(upto=None), "en") + alt(a_plot(upto=None), "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_how_much_and_when(language: str) -> None:
    said = alt(a_plot(lost=4), language)
    assert all(word in said for word in ("15", "63", "14:45", "9", "1"))
