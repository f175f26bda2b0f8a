"""What readers see of an incident in the course of its life: always what people said."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from listener import inbox
from listener.domain.incident import Event
from listener.domain.manners import Manners
from listener.domain.quiet import read_quiet
from listener.stages.alert.lives import live
from tests.builders import HOUR, MINUTE, NOW, a_finding, a_mention
from tests.stages.manners import LIFE, Channel
from tests.stages.world import a_world


@contextmanager
def a_channel(manners: Manners) -> Iterator[Channel]:
    one = {"editing": ("slack",), "calling": ("slack",), "promises": {}, "rules": {}}
    with a_world(manners=manners, **one) as world:
        world.hear(a_mention(1, text="Acme burned my toast"), now=NOW)
        world.measure(NOW)
        yield Channel(world)


@pytest.fixture
def channel() -> Iterator[Channel]:
    with a_channel(Manners()) as made:
        yield made


def said(channel: Channel) -> list[str]:
    """The words in the newest message."""
    return [quote.text for quote in channel.slack.taken[-1].quotes]


def test_a_reminder_shows_what_it_is_about(channel: Channel) -> None:
    channel.open(mentions=(1,))
    assert channel.look(NOW + MINUTE) == [Event.SPIKE_OPENED]
    assert channel.look(NOW + 4 * HOUR + 2 * MINUTE) == [Event.INCIDENT_REPEATED]
    assert said(channel) == ["Acme burned my toast"]


def test_what_somebody_takes_still_shows_what_was_said(channel: Channel) -> None:
    number = channel.open(mentions=(1,))
    channel.look(NOW + MINUTE)
    inbox.acknowledge(channel.world.store, number, "Jo", ["slack"], NOW + 2 * MINUTE)
    assert channel.look(NOW + 2 * MINUTE) == [Event.INCIDENT_UPDATED]
    assert said(channel) == ["Acme burned my toast"]


def test_what_was_held_in_the_night_shows_it_when_it_is_first_told() -> None:
    with a_channel(Manners(quiet_hours=read_quiet(["08:00-20:00"]))) as channel:
        channel.open(mentions=(1,))
        assert channel.look(NOW + MINUTE) == []
        assert channel.look(NOW + 8 * HOUR) == [Event.SUMMARY_TOLD]
        assert channel.look(NOW + 12 * HOUR) == [Event.INCIDENT_REPEATED]
        assert said(channel) == ["Acme burned my toast"]


def test_a_message_whose_first_line_changes_follows_every_minute(channel: Channel) -> None:
    told = []
    for minute in range(4):
        now = NOW + minute * MINUTE
        found = a_finding(title=f"Acme: {200 + minute} copies")
        with channel.world.store.write() as db:
            live(db, LIFE, [found], channel.world.watch.telling, now)
        told += channel.look(now + MINUTE / 2)
    assert told == [Event.SPIKE_OPENED, *[Event.INCIDENT_UPDATED] * 3]
    assert channel.slack.taken[-1].incident_title == "Acme: 203 copies"


def test_one_that_reads_the_same_is_drawn_anew_every_five_minutes(channel: Channel) -> None:
    told = []
    for minute in range(9):
        now = NOW + minute * MINUTE
        with channel.world.store.write() as db:
            live(db, LIFE, [a_finding()], channel.world.watch.telling, now)
        told += channel.look(now + MINUTE / 2)
    assert told == [Event.SPIKE_OPENED, Event.INCIDENT_UPDATED]
