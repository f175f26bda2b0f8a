"""What readers see of an incident in the course of its life: always what people said."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from listener import inbox
from listener.domain.incident import Event
from listener.domain.manners import Manners
from listener.domain.quiet import read_quiet
from tests.builders import HOUR, MINUTE, NOW, a_mention
from tests.stages.manners import Channel
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
