"""After stage five: what counts rose to is drawn for those whose message can show it.

A chart is an extra. It is drawn once the message stands, and handed over where nobody sees it; the
message shows it when it is next drawn anew. What fails on the way is noted, and forgotten.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from listener.domain.chart import Chart
from listener.domain.incident import Incident
from listener.domain.part import WHOLE, Part
from listener.domain.times import BUCKET, from_text
from listener.errors import NotifyError
from listener.notifiers.base import Notifier, ShowsCharts
from listener.rules.spike import Detector
from listener.store import buckets, charts, detectors, incidents, shown, slices, unmeasured
from listener.store.buckets import Gap
from listener.store.charts import Wanted
from listener.store.connection import Db, Store
from listener.store.slices import Counted
from listener.texts.captions import alt, title
from listener.texts.chart import Step
from listener.texts.picture import Mark, Plot, png

SETTLES: Final = timedelta(seconds=5)  # Slack takes a moment before it shows what it was handed
BEFORE: Final = timedelta(hours=12)
AFTER: Final = timedelta(hours=1)
MOST_STEPS: Final = 72
WIDTHS: Final = tuple(timedelta(minutes=m) for m in (15, 30, 60, 120, 240, 360, 720, 1440))
LOST: Final = 0.5  # a step of which less was measured, and nothing counted, is a hole


def draw(
    store: Store, outlet: str, notifier: Notifier, now: datetime, zone: ZoneInfo, language: str
) -> bool:
    """Draw one chart for an outlet, hand it over, and have its message drawn anew.

    False: none is wanted. Killed at any moment, a file is left that nobody sees.
    """
    if not isinstance(notifier, ShowsCharts) or not notifier.charts:
        return False
    with store.read() as db:
        wanted = charts.next_wanted(db, outlet, now)
        plot = None if wanted is None else _plot(db, wanted.incident, now, zone)
    if wanted is None or plot is None:
        return False
    with store.write() as db:
        charts.intend(db, outlet, wanted.incident, now)
    try:
        words = {"title": title(plot, language), "alt": alt(plot, language)}
        chart = Chart(file=notifier.upload(png(plot), words["title"]), **words)
    except NotifyError as error:
        _failed(store, outlet, wanted, str(error))
    except Exception as error:  # its words may show a secret
        _failed(store, outlet, wanted, f"a fault of ours, {type(error).__name__}")
    else:
        with store.write() as db:
            charts.keep(db, outlet, wanted.incident.id, chart)
            shown.ask(db, outlet, wanted.place, wanted.ref, now + SETTLES)
    return True


def _failed(store: Store, outlet: str, wanted: Wanted, why: str) -> None:
    with store.write() as db:
        charts.fail(db, outlet, wanted.incident.id, why)


def _plot(db: Db, about: Incident, now: datetime, zone: ZoneInfo) -> Plot:
    """What was counted from half a day before it began, in steps that can be told apart."""
    part = Part(about.channel or WHOLE.channel, about.topic or WHOLE.topic)
    until = min(now, about.resolved_at + AFTER) if about.resolved_at else now
    began = about.evidence.get("started_at")
    first = (from_text(began) if isinstance(began, str) else about.opened_at) - BEFORE
    width = next((w for w in WIDTHS if (until - first) / w < MOST_STEPS), WIDTHS[-1])
    first = _whole(max(first, until - MOST_STEPS * width), width)
    read = list(slices.counted(db, about.subject_id, first, until, part))
    gaps = unmeasured.of_subject(db, about.subject_id, buckets.gaps(db, first, now), now)
    detector = _detector(db, about.subject_id, part)
    drawn = steps(read, first, until, width, detector, gaps)
    return Plot(steps=drawn, width=width, until=until, moments=_moments(db, about), zone=zone)


def _whole(at: datetime, width: timedelta) -> datetime:
    """The start of the step that a moment lies in."""
    seconds = int(width.total_seconds())
    return datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, UTC)


def _detector(db: Db, subject_id: int, part: Part) -> Detector | None:
    """What watches this part, as it is kept; None where nothing does, or in another shape."""
    for one in detectors.load(db, [subject_id]):
        if one.part == part:
            try:
                return Detector.from_state(dict(one.state["detector"]))
            except (KeyError, ValueError):
                return None
    return None


def _moments(db: Db, about: Incident) -> list[tuple[Mark, datetime]]:
    """When it was noticed, when it got worse, and when it was over."""
    history = incidents.history(db, about.id)
    worse = [from_text(row["at"]) for row in history if row["event"] == "escalated"]
    found = [(Mark.OPENED, about.opened_at), *((Mark.ESCALATED, at) for at in worse)]
    return found if about.resolved_at is None else [*found, (Mark.OVER, about.resolved_at)]


def steps(
    read: Sequence[Counted],
    first: datetime,
    last: datetime,
    width: timedelta,
    detector: Detector | None,
    gaps: Sequence[Gap] = (),
) -> list[Step]:
    """The negatives of each step of a span, and what is usual then; None where they were lost."""
    found = []
    start = first
    while start < last:
        end = start + width
        inside = [one for one in read if start <= one.start < end]
        expected, upto = _band(detector, start, width)
        lost = _is_lost(inside, buckets.measured_share(start, min(end, last), gaps))
        count = None if lost else sum(one.negative for one in inside)
        found.append(Step(start, count, expected, upto))
        start = end
    return found


def _is_lost(inside: Sequence[Counted], measured: float) -> bool:
    if any(one.mentions for one in inside):
        return False
    return measured < LOST or (bool(inside) and not any(one.measured for one in inside))


def _band(
    detector: Detector | None, start: datetime, width: timedelta
) -> tuple[float | None, float | None]:
    """What a step usually has, and three standard deviations above that, its slices taken as
    independent of each other.
    """
    typical = [detector.typical(start + n * BUCKET) if detector else None
               for n in range(width // BUCKET)]  # fmt: skip
    known = [one for one in typical if one is not None]
    if len(known) < len(typical):
        return None, None
    mean = sum(one[0] for one in known)
    variance = sum(((one[1] - one[0]) / 3) ** 2 for one in known)
    return round(mean, 2), round(mean + 3 * variance**0.5, 2)
