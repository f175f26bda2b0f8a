"""One bad thing stays one bad thing, in the cycle that the daemon runs."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from listener import cycle, views
from listener.app import App, open_app, plugins
from listener.clock import VirtualClock
from listener.config import loads
from listener.domain.incident import Event
from listener.domain.mention import Batch
from listener.domain.times import to_text
from listener.errors import CollectorError, Trouble
from listener.store import topics
from tests.builders import MINUTE, NOW, a_mention
from tests.fakes import FakeCollector, FakeModel, FakeNotifier

if TYPE_CHECKING:
    from classifiers import Poison, Prediction

CONFIG = '[[subjects]]\nname = "Acme"\nquery = "acme"\n'


class BrokenModel(FakeModel):
    def predict_each(self, texts: Sequence[str]) -> "list[Prediction | Poison]":
        raise RuntimeError("no model to be had")


def app_of(folder: Path, clock: VirtualClock, source: FakeCollector, slack: FakeNotifier) -> App:
    config = loads(CONFIG, folder / "config.toml", plugins(clock))
    return open_app(
        config, clock, collectors=[source], notifiers={"slack": slack}, prepared=FakeModel()
    )


@pytest.fixture
def slack() -> FakeNotifier:
    return FakeNotifier()


@pytest.fixture
def source() -> FakeCollector:
    said = a_mention(1, text="negative: Acme lost my parcel", said_at=NOW - 10 * MINUTE)
    return FakeCollector(pages=[Batch(mentions=(said,))])


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(NOW)


@pytest.fixture
def app(
    tmp_path: Path, clock: VirtualClock, source: FakeCollector, slack: FakeNotifier
) -> Iterator[App]:
    with closing(app_of(tmp_path, clock, source, slack)) as app:
        yield app


def test_without_a_model_what_waits_is_still_told(app: App, slack: FakeNotifier) -> None:
    cycle.read_source(app, "x")
    cycle.think(app, NOW)
    app.prepared = BrokenModel()
    later = NOW + timedelta(hours=1)
    cycle.receive(app, Batch(mentions=(a_mention(2, said_at=NOW),)), "x", "x")
    with pytest.raises(RuntimeError, match="no model"):
        cycle.think(app, later)
    assert cycle.tell(app, "slack", later)
    assert slack.events() == [Event.RESPONSE_OVERDUE]


def test_a_rule_that_fails_keeps_nothing_else_waiting(app: App, slack: FakeNotifier) -> None:
    cycle.read_source(app, "x")
    rules = {**app.watch.rules, "severe": object()}
    app.watch = replace(app.watch, rules=rules)
    with pytest.raises(AttributeError):
        cycle.think(app, NOW + timedelta(hours=1))
    assert cycle.tell(app, "slack", NOW + timedelta(hours=1))
    assert slack.events() == [Event.RESPONSE_OVERDUE]
    with app.store.read() as db:
        assert topics.told_by(db)  # what is looked at more closely comes after the rules


def test_a_long_backlog_does_not_keep_what_is_due_waiting(app: App, slack: FakeNotifier) -> None:
    cycle.read_source(app, "x")
    cycle.think(app, NOW)
    later = NOW + timedelta(hours=1)
    many = [a_mention(n, text=f"neutral Acme {n}", said_at=NOW) for n in range(2, 1100)]
    cycle.receive(app, Batch(mentions=tuple(many)), "x", "x")
    assert cycle.think(app, later, lambda: True) < 1500
    assert cycle.tell(app, "slack", later)
    assert slack.events() == [Event.RESPONSE_OVERDUE]
    assert cycle.think(app, later) > 0
    assert cycle.think(app, later) == 0


def test_a_page_that_cannot_be_kept_is_a_failure_that_waits(
    app: App, source: FakeCollector
) -> None:
    bad = a_mention(1, stars=1, stars_scale=2**70)
    source.pages = [Batch(mentions=(bad,), cursor={"at": 1})]
    page = cycle.read_source(app, "x")
    assert isinstance(page.error, CollectorError)
    assert "OverflowError" in str(page.error)
    assert cycle.due_sources(app, NOW + timedelta(seconds=5)) == []


def gap_of(app: App) -> str | None:
    (row,) = views.source_list(app.store, app.clock.now())
    since: str | None = row["gap_since"]
    return since


def test_a_source_that_waits_for_long_is_in_a_gap_before_it_is_asked_again(
    app: App, clock: VirtualClock, source: FakeCollector
) -> None:
    spent = CollectorError("spent", kind=Trouble.QUOTA, retry_after=timedelta(days=20))
    source.pages = [Batch(), spent, Batch()]
    cycle.read_source(app, "x")
    clock.advance(NOW + 2 * MINUTE)
    cycle.read_source(app, "x")
    cycle.note_gaps(app, clock.now())
    assert gap_of(app) is None
    clock.advance(NOW + 6 * MINUTE)
    assert cycle.due_sources(app, clock.now()) == []
    cycle.note_gaps(app, clock.now())
    assert gap_of(app) == to_text(NOW)
    cycle.read_source(app, "x")
    cycle.note_gaps(app, clock.now())
    assert gap_of(app) is None


def test_a_source_whose_pages_never_end_is_in_a_gap(
    app: App, clock: VirtualClock, source: FakeCollector
) -> None:
    source.pages = [Batch(), *[Batch(cursor={"at": n}, complete=False) for n in range(9)]]
    cycle.read_source(app, "x")
    clock.advance(NOW + 6 * MINUTE)
    cycle.read_source(app, "x", seconds=-1)
    cycle.note_gaps(app, clock.now())
    assert gap_of(app) == to_text(NOW)


def test_a_source_that_is_later_than_its_interval_says_so_at_the_start(tmp_path: Path) -> None:
    clock = VirtualClock(NOW)
    table = '[collectors.r]\ntype = "reddit_feeds"\nsubreddits = ["travel"]\n'
    config = loads(CONFIG + table, tmp_path / "config.toml", plugins(clock))
    with closing(open_app(config, clock, prepared=FakeModel())) as app:
        assert cycle.paces(app) == {"r": "3 feeds, each read every 3 min"}


def test_brands_and_competitors_are_judged_by_their_lines_and_influencers_are_not(
    tmp_path: Path,
) -> None:
    clock = VirtualClock(NOW)
    tables = "".join(
        f'[[subjects]]\nname = "{role}"\nrole = "{role}"\nquery = "{role}"\nabout = "a, not b"\n'
        for role in ("brand", "competitor", "influencer")
    )
    config = loads(CONFIG + tables, tmp_path / "config.toml", plugins(clock))
    with closing(open_app(config, clock, prepared=FakeModel())) as app:
        names = [(about.name, about.unwanted) for about in app.relevance.abouts.values()]
    assert names == [("brand", ("b",)), ("competitor", ("b",))]


def test_with_nothing_to_label_no_model_is_started(tmp_path: Path, clock: VirtualClock) -> None:
    """Nor to find out whether another one labelled before: it costs seconds, and may be missing."""
    config = loads(CONFIG, tmp_path / "config.toml", plugins(clock))
    with closing(open_app(config, clock, collectors=[], notifiers={})) as app:
        assert cycle.label_and_measure(app, NOW) == 0
        assert app.labelling is None
