"""Shadow: nobody is told for a while but one outlet, and the digest says what would have been."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from listener.domain.digest import Untold
from listener.domain.incident import Event, Severity
from listener.domain.manners import Manners
from listener.domain.week import Schedule, Week
from listener.stages.report import Reporting, build
from listener.store import notices
from listener.store.digests import MAIL, Reader
from listener.texts.digest import render_html, render_text
from listener.texts.words import LANGUAGES, rule_name, say
from tests.builders import DAY, HOUR, NOW
from tests.stages.manners import Channel, after
from tests.stages.world import World

OPENED, RESOLVED, REPEATED = Event.SPIKE_OPENED, Event.SPIKE_RESOLVED, Event.INCIDENT_REPEATED
CRITICAL, INFO = Severity.CRITICAL, Severity.INFO


@pytest.fixture
def dark(tmp_path: Path) -> Iterator[Channel]:
    """A daemon that began NOW, in shadow for a week, with no outlet that is told."""
    made = in_shadow(tmp_path)
    yield made
    made.world.store.close()


def in_shadow(folder: Path, to: str = "") -> Channel:
    manners = Manners(shadow=timedelta(days=7), shadow_to=to)
    world = World(
        folder / "shadow", promises={}, calling=("slack",), editing=("slack",), manners=manners
    )
    with world.store.write() as db:
        notices.begin_shadow(db, NOW)
        notices.begin_shadow(db, NOW + DAY)  # a second start begins nothing anew
    return Channel(world)


def test_in_shadow_nobody_is_told_and_all_is_kept(dark: Channel) -> None:
    number = dark.open(severity=CRITICAL)
    assert dark.wait(NOW, NOW + 5 * HOUR) == []
    dark.news(number, RESOLVED, NOW + 6 * HOUR, severity=INFO)
    dark.look(NOW + 6 * HOUR)
    kept = dark.world.rows("SELECT event FROM notice WHERE event <> 'incident.updated'")
    assert [row["event"] for row in kept] == [OPENED, REPEATED, RESOLVED]
    assert {row["state"] for row in dark.world.rows("SELECT state FROM outbox")} == {"shadow"}


def test_the_outlet_that_is_named_is_told(tmp_path: Path) -> None:
    channel = in_shadow(tmp_path, to="slack")
    channel.open(severity=CRITICAL)
    assert channel.look(NOW) == [OPENED]
    channel.world.store.close()


def test_after_shadow_people_are_told(dark: Channel) -> None:
    dark.open(NOW + 7 * DAY, severity=CRITICAL)
    assert dark.look(NOW + 7 * DAY) == [OPENED]


def test_the_end_of_what_shadow_kept_back_is_not_told_after_it(dark: Channel) -> None:
    number = dark.open(NOW + 7 * DAY - HOUR, severity=CRITICAL)
    dark.look(NOW + 7 * DAY - HOUR)
    dark.news(number, RESOLVED, NOW + 7 * DAY + HOUR, severity=INFO)
    assert dark.look(NOW + 7 * DAY + HOUR) == []


def test_what_is_still_open_when_shadow_ends_is_told_with_the_next_reminder(dark: Channel) -> None:
    dark.open(NOW + 7 * DAY - HOUR, severity=CRITICAL)
    dark.look(NOW + 7 * DAY - HOUR)
    told = dark.wait(NOW + 7 * DAY, NOW + 7 * DAY + 4 * HOUR)
    assert told == [(7 * DAY + 3 * HOUR, REPEATED)]


def test_shadow_that_nobody_asked_for_is_none(tmp_path: Path) -> None:
    world = World(tmp_path / "light", promises={}, calling=("slack",))
    with world.store.write() as db:
        notices.begin_shadow(db, NOW)
    channel = Channel(world)
    channel.open(severity=CRITICAL)
    assert channel.look(NOW) == [OPENED]
    world.store.close()


def reporting(world: World, language: str) -> Reporting:
    return Reporting(
        subjects=world.subjects,
        promises={},
        schedule=Schedule(),
        zone=ZoneInfo("UTC"),
        language=language,
        readers=(Reader(MAIL, "cx@example.com"),),
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_digest_says_what_would_have_been_told(dark: Channel, language: str) -> None:
    for number, severity in enumerate([Severity.WATCH, CRITICAL, Severity.HIGH, Severity.WATCH]):
        key = f"spike:{number}"
        dark.open(after(-number), key=key, severity=severity, title=f"number {number}")
    dark.open(after(-9), key="rating:Acme", rule="rating_drop", title="stars fell")
    dark.look(after(2))
    data = build(dark.world.store, reporting(dark.world, language), Week(2026, 47), NOW + DAY)
    assert data.untold is not None
    assert [(one.rule, one.messages) for one in data.untold.rules] == [
        ("spike", 4),
        ("rating_drop", 1),
    ]
    assert [line.title for line in data.untold.gravest] == ["number 1", "stars fell", "number 2"]
    assert type(data).from_json(data.to_json()) == data
    fell, spike = (
        say(language, f"incident.{rule}", name="Acme") for rule in ("rating_drop", "spike")
    )
    for words in (render_text(data), render_html(data)):
        assert ("number 1" if language == "en" else spike) in words
        assert ("stars fell" if language == "en" else fell) in words
        assert f"{rule_name(language, 'rating_drop')} 1" in words


def test_a_digest_of_a_time_without_shadow_says_nothing_of_it(dark: Channel) -> None:
    data = build(dark.world.store, reporting(dark.world, "en"), Week(2026, 47), NOW + DAY)
    assert data.untold is None
    assert "Shadow" not in render_text(data)
    assert "Shadow" in render_text(replace(data, untold=Untold(rules=(), gravest=())))
