"""Every notice carries what to do, and goes to the team that can."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from listener.domain.actions import Action, Pack
from listener.domain.incident import Event
from listener.texts.actions import built_in
from tests.builders import MINUTE, NOW, a_mention
from tests.stages.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.store.close()


def with_entries(world: World, *mine: Action, language: str = "en") -> None:
    pack = Pack(actions=(*mine, *built_in(language)))
    world.watch = replace(world.watch, telling=replace(world.watch.telling, pack=pack))


def test_a_notice_says_what_to_do_in_the_language_of_the_settings(world: World) -> None:
    with_entries(world, language="hu")
    world.hear(a_mention(), now=NOW)
    world.think(NOW + 61 * MINUTE)
    (notice,) = world.tell(NOW + 61 * MINUTE).taken
    assert notice.event is Event.RESPONSE_OVERDUE
    assert notice.action.startswith("Válaszoljanak most")
    assert notice.incident_action == notice.action  # the message that lasts says the same


def test_the_users_entry_comes_first_and_names_the_team(world: World) -> None:
    entry = Action(on=("response.overdue",), action="Ring the desk", team="desk")
    with_entries(world, entry)
    world.hear(a_mention(), now=NOW)
    world.think(NOW + 61 * MINUTE)
    (notice,) = world.tell(NOW + 61 * MINUTE).taken
    assert (notice.action, notice.team) == ("Ring the desk", "desk")
    assert world.rows("SELECT team, action FROM incident") == [
        {"team": "desk", "action": "Ring the desk"}
    ]


def test_an_entry_with_a_team_alone_leaves_the_words(world: World) -> None:
    with_entries(world, Action(on=("response",), team="desk"))
    world.hear(a_mention(), now=NOW)
    world.think(NOW + 61 * MINUTE)
    (notice,) = world.tell(NOW + 61 * MINUTE).taken
    assert notice.team == "desk"
    assert notice.action.startswith("Answer now")
