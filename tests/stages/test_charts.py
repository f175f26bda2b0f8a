"""After stage five: a spike's message shows a chart, and nobody waits for it."""

from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from listener.clock import VirtualClock
from listener.domain.incident import Event
from listener.errors import NotifyError
from listener.notifiers.base import ChartRefusedError, Receipt, Sending
from listener.notifiers.slack import Slack
from listener.stages import charts
from listener.stages.notify import CHART_AFTER, notify
from listener.store import incidents
from listener.store.buckets import Gap
from listener.store.slices import Counted
from tests.builders import DAY, HOUR, MINUTE, NOW, SECOND, an_incident
from tests.fakes import FakeNotifier
from tests.servers.faults import FaultPlan, Kind
from tests.servers.slack import SlackServer
from tests.stages.crowds import a_crowd, live, ordinary
from tests.stages.world import World

AT = NOW + HOUR + 15 * MINUTE
EDIT = Event.INCIDENT_UPDATED
UTC_ZONE = ZoneInfo("UTC")


@dataclass
class Drawing(FakeNotifier):
    """A way out that can show charts; it refuses those that are in `unready`."""

    charts: bool = True
    handed: list[bytes] = field(default_factory=list)
    upload_troubles: list[Exception] = field(default_factory=list)
    unready: set[str] = field(default_factory=set)

    def upload(self, png: bytes, title: str) -> str:
        if self.upload_troubles:
            raise self.upload_troubles.pop(0)
        self.handed.append(png)
        return f"F{len(self.handed)}"

    def redraw(self, at: Receipt, sending: Sending) -> None:
        if sending.chart is not None and sending.chart.file in self.unready:
            raise ChartRefusedError("not yet")
        super().redraw(at, sending)

    @property
    def shown(self) -> list[str | None]:
        """The charts that the messages showed, drawing after drawing."""
        return [one.chart.file if one.chart else None for _, one in self.redrawn]


@pytest.fixture
def spiking(world: World) -> World:
    """A spike that was told a moment ago."""
    world.promises = {}
    world.restart()
    world.hear(*ordinary(NOW - 21 * DAY, NOW - MINUTE), now=NOW)
    live(world, a_crowd(NOW + HOUR), AT)
    return world


def draw(world: World, slack: FakeNotifier, after: timedelta = 0 * SECOND) -> bool:
    return charts.draw(world.store, "slack", slack, AT + after, UTC_ZONE, "en")


def test_a_spike_is_told_first_and_then_shows_a_chart(spiking: World) -> None:
    slack = Drawing()
    assert not draw(spiking, slack)  # there is no message yet
    spiking.tell(AT, slack)
    assert slack.events()[0] is Event.SPIKE_OPENED
    assert slack.attempts[0].chart is None
    assert draw(spiking, slack)
    assert not draw(spiking, slack)
    assert not notify(spiking.store, "slack", slack, AT)  # Slack needs a moment
    spiking.tell(AT + charts.SETTLES, slack)
    assert slack.shown == ["F1"]
    assert Image.open(BytesIO(slack.handed[0])).format == "PNG"
    assert slack.redrawn[0][0].ref == slack.attempts[0].notice.id
    chart = slack.redrawn[0][1].chart
    assert chart is not None
    assert "grey band" in chart.title
    assert "The most are" in chart.alt


def test_it_is_drawn_anew_when_it_gets_worse_or_ends_and_else_each_half_hour(
    spiking: World,
) -> None:
    slack = Drawing()
    spiking.tell(AT, slack)
    draw(spiking, slack)
    assert not draw(spiking, slack, 29 * MINUTE)
    assert draw(spiking, slack, 30 * MINUTE)
    assert not draw(spiking, slack, 31 * MINUTE)
    with spiking.store.write() as db:
        db.execute("UPDATE incident SET severity = 'critical'")
    assert draw(spiking, slack, 31 * MINUTE)
    with spiking.store.write() as db:
        incidents.resolve(db, 1, AT + 32 * MINUTE)
    assert draw(spiking, slack, 32 * MINUTE)
    assert not draw(spiking, slack, DAY)
    spiking.tell(AT + DAY, slack)
    assert slack.shown == ["F4"]


def test_what_follows_shows_the_chart_too(spiking: World) -> None:
    slack = Drawing()
    spiking.tell(AT, slack)
    draw(spiking, slack)
    live(spiking, a_crowd(AT + 6 * MINUTE, count=90), AT + 20 * MINUTE)
    told = len(slack.attempts)
    spiking.tell(AT + 20 * MINUTE, slack)
    assert len(slack.attempts) > told
    assert {one.chart.file for one in slack.attempts[told:] if one.chart} == {"F1"}


def test_what_cannot_be_handed_over_is_forgotten_until_the_next_is_due(spiking: World) -> None:
    slack = Drawing(upload_troubles=[NotifyError("missing_scope"), OSError("xoxb-secret")])
    spiking.tell(AT, slack)
    assert draw(spiking, slack)
    assert not draw(spiking, slack, MINUTE)
    assert draw(spiking, slack, 30 * MINUTE)
    (row,) = spiking.rows("SELECT file, error FROM chart")
    assert (row["file"], row["error"]) == (None, "a fault of ours, OSError")
    spiking.tell(AT + 31 * MINUTE, slack)
    assert slack.redrawn == []
    assert draw(spiking, slack, 60 * MINUTE)
    spiking.tell(AT + 61 * MINUTE, slack)
    assert slack.shown == ["F1"]


def test_killed_while_handing_over_nothing_is_done_twice(spiking: World) -> None:
    class Dying(Drawing):
        def upload(self, png: bytes, title: str) -> str:
            super().upload(png, title)
            raise KeyboardInterrupt

    slack = Dying()
    spiking.tell(AT, slack)
    with pytest.raises(KeyboardInterrupt):
        draw(spiking, slack)
    spiking.restart()
    assert not draw(spiking, slack, MINUTE)
    spiking.tell(AT + MINUTE, slack)
    assert slack.redrawn == []


def test_a_chart_that_is_not_ready_is_shown_a_little_later(spiking: World) -> None:
    slack = Drawing(unready={"F1"})
    spiking.tell(AT, slack)
    draw(spiking, slack)
    spiking.tell(AT + charts.SETTLES, slack)
    assert slack.shown == []
    slack.unready.clear()
    spiking.tell(AT + charts.SETTLES + CHART_AFTER, slack)
    assert slack.shown == ["F1"]
    assert spiking.rows("SELECT * FROM redraw") == []


def test_a_chart_that_is_never_shown_keeps_nothing_from_being_drawn(spiking: World) -> None:
    slack = Drawing(unready={"F1"})
    spiking.tell(AT, slack)
    draw(spiking, slack)
    for turn in range(4):
        spiking.tell(AT + charts.SETTLES + turn * CHART_AFTER, slack)
    assert slack.shown == [None]
    assert spiking.rows("SELECT * FROM redraw") == []
    assert not draw(spiking, slack, MINUTE)


@pytest.mark.parametrize("slack", [FakeNotifier(), Drawing(charts=False)])
def test_who_cannot_show_charts_or_wants_none_gets_none(
    spiking: World, slack: FakeNotifier
) -> None:
    spiking.tell(AT, slack)
    assert not draw(spiking, slack)


def test_an_incident_that_rests_on_no_counts_has_none(waiting: World) -> None:
    slack = Drawing()
    assert waiting.tell(NOW + HOUR, slack).taken
    assert not charts.draw(waiting.store, "slack", slack, NOW + HOUR, UTC_ZONE, "en")


@pytest.mark.parametrize(
    ("days", "width", "most"), [(0, 15, 49), (1, 60, 37), (3, 120, 43), (400, 1440, 73)]
)
def test_however_long_it_lasts_the_steps_can_be_told_apart(
    world: World, days: int, width: int, most: int
) -> None:
    now = NOW + days * DAY + MINUTE
    with world.store.read() as db:
        plot = charts._plot(db, an_incident(resolved_at=None), now, UTC_ZONE)
    assert plot.width == width * MINUTE
    assert len(plot.steps) == most
    assert plot.steps[-1].start <= now < plot.steps[-1].start + plot.width


def test_what_was_not_measured_is_no_zero() -> None:
    quarter = 15 * MINUTE
    read = [
        Counted(NOW, 0, 0, measured=False),
        Counted(NOW + quarter, 4, 3, measured=False),  # another channel was
    ]
    gap = Gap("x", "social", NOW + 3 * quarter, None)
    found = charts.steps(read, NOW, NOW + HOUR, quarter, None, [gap])
    assert [one.count for one in found] == [None, 3, 0, None]
    assert [one.upto for one in found] == [None] * 4


def test_slack_goes_wrong_all_the_time_and_every_alert_stands_once(spiking: World) -> None:
    chances = dict.fromkeys((Kind.REFUSE, Kind.HANG_UP, Kind.TOO_MANY, Kind.GARBAGE), 0.06)
    clock = VirtualClock(AT)
    with SlackServer(plan=FaultPlan(chances=chances, seed=7), clock=clock) as server:
        slack = Slack(token="xoxb-1", channel="#cx", base_url=server.url, now=clock.now)
        for turn in range(60):
            now = AT + turn * 2 * MINUTE
            clock.advance(now)
            if turn in (20, 40):
                live(spiking, a_crowd(now - 10 * MINUTE, count=90), now)
            while notify(spiking.store, "slack", slack, now):
                pass
            while charts.draw(spiking.store, "slack", slack, now, UTC_ZONE, "en"):
                pass
        told = [one["id"] for one in spiking.rows("SELECT id FROM notice WHERE event <> ?", EDIT)]
        assert {server.accepted(name) for name in told} == {1}
        root, *others = server.messages()
        [image] = [block for block in root.shown["blocks"] if block["type"] == "image"]
        assert all("image" not in str(one.shown["blocks"]) for one in others)
        file = server.files.get(image["slack_file"]["id"])
        assert file.content is not None
        assert file.content.startswith(b"\x89PNG")
