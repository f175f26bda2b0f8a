"""A new world for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import MINUTE, NOW, POSITIVE, SECOND, a_mention
from tests.stages.world import World

SEEN = NOW + 30 * SECOND
AT = NOW + 31 * MINUTE


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def waiting(world: World) -> World:
    """One notice waits: a promise that is about to run out."""
    world.hear(a_mention(), now=SEEN)
    world.think(AT)
    return world


@pytest.fixture
def heard(world: World) -> World:
    """A complaint and a praise, a day before the digest is due."""
    world.hear(a_mention(1), a_mention(2, label=POSITIVE), now=NOW + MINUTE)
    world.think(NOW + MINUTE)
    return world
