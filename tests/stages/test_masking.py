"""What leaves the house is masked at one place, unless the settings say otherwise."""

from dataclasses import replace

import pytest

from listener import views
from listener.domain.week import Week
from listener.stages.notify import notify
from listener.stages.report import build
from listener.texts.digest import render_html, render_text
from tests.builders import MINUTE, NOW, a_mention
from tests.fakes import FakeNotifier
from tests.stages.conftest import AT, SEEN
from tests.stages.test_report import MONDAY, reporting
from tests.stages.world import World

TEXT = "Acme lost my parcel 4839201884, write to anna@example.com or call 06 30 123 4567"
TOLD = "Acme lost my parcel 4839201884, write to [•••@•••] or call [☎ •••]"


@pytest.fixture
def written(world: World) -> World:
    """Somebody waits for an answer, and says where to reach her."""
    said = a_mention(text=TEXT, author="anna@example.com", topics=("delivery",))
    world.hear(said, now=SEEN)
    world.think(AT)
    return world


@pytest.mark.parametrize(("mask", "said", "author"), [
    (True, TOLD, "[•••@•••]"),
    (False, TEXT, "anna@example.com"),
])  # fmt: skip
def test_a_notice_tells_no_address_and_no_number(
    written: World, mask: bool, said: str, author: str
) -> None:
    slack = FakeNotifier()
    assert notify(written.store, "slack", slack, AT, mask=mask)
    (quote,) = slack.taken[0].quotes
    assert (quote.text, quote.author) == (said, author)
    assert [quote.text[start:end] for start, end in quote.places] == ["Acme"]


@pytest.mark.parametrize("mask", [True, False])
def test_a_digest_keeps_and_shows_no_address_and_no_number(written: World, mask: bool) -> None:
    about = replace(reporting(written), mask=mask)
    data = build(written.store, about, Week.parse("2026-W47"), MONDAY)
    for shown in (str(data.to_json()), render_html(data), render_text(data)):
        assert ("06 30 123 4567" in shown) is not mask
        assert "parcel 4839201884" in shown


def test_those_who_answer_see_the_whole_text(written: World) -> None:
    (row,) = views.waiting(written.store, limit=5, now=NOW + MINUTE)
    assert (row["text"], row["author"]) == (TEXT, "anna@example.com")


def test_a_list_of_those_who_wait_is_masked_where_it_leaves_the_house(written: World) -> None:
    (row,) = views.waiting(written.store, limit=5, now=NOW + MINUTE, mask=True)
    assert (row["text"], row["author"], row["places"]) == (TOLD, "[•••@•••]", [])
