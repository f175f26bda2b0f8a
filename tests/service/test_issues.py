"""The loop closed: mentions tied to an issue, and whom to go back to."""

from pathlib import Path
from typing import Any

import pytest

from listener import issues
from listener.errors import UsageError
from listener.store import people
from tests.builders import HOUR, NOW, a_mention
from tests.stages.world import World

LATER = NOW + HOUR


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.hear(
        a_mention(1, url="https://x.example/1"),
        a_mention(2, text="Acme hat mein Paket verloren", language="de", author=None),
        a_mention(3, text="Acme imepoteza kifurushi changu", language="sw"),
        now=NOW,
    )
    made.measure(NOW)
    return made


def tied(world: World) -> None:
    for name in ("x:1", "x:2", "x:3"):
        issues.link(world.store, name, "CX-7", "jo", NOW)


def fixed(world: World) -> list[dict[str, Any]]:
    issues.fix(world.store, "CX-7", "jo", LATER)
    return issues.to_tell(world.store, "CX-7")


def test_when_it_is_fixed_everybody_is_listed_with_a_draft_in_their_language(world: World) -> None:
    tied(world)
    rows = fixed(world)
    assert [row["id"] for row in rows] == ["x:1", "x:2", "x:3"]
    english, german, swahili = rows
    assert english["url"] == "https://x.example/1"
    assert english["draft"].startswith("Hi person1, you told us about a problem with Acme.")
    assert german["draft"].startswith("Guten Tag, Sie hatten uns")  # nobody knows the name
    assert (swahili["draft_language"], swahili["fell_back"]) == ("en", True)
    assert (german["draft_language"], german["fell_back"]) == ("de", False)


def test_who_has_been_gone_back_to_is_ticked_off(world: World) -> None:
    tied(world)
    issues.fix(world.store, "CX-7", "jo", LATER)
    issues.told(world.store, "CX-7", ["x:1"], "jo", LATER)
    rows = issues.to_tell(world.store, "CX-7")
    assert [(row["id"], row["told_by"]) for row in rows] == [
        ("x:2", None),
        ("x:3", None),
        ("x:1", "jo"),
    ]
    (issue,) = issues.listing(world.store)
    assert (issue["people"], issue["told"]) == (3, 1)


def test_nobody_is_told_of_what_is_not_fixed(world: World) -> None:
    tied(world)
    with pytest.raises(UsageError, match="CX-7 is not fixed"):
        issues.told(world.store, "CX-7", ["x:1"], "jo", LATER)


def test_who_wrote_twice_is_told_once(world: World) -> None:
    world.hear(a_mention(4, author="person1"), now=NOW)
    tied(world)
    issues.link(world.store, "x:4", "CX-7", "jo", NOW)
    issues.fix(world.store, "CX-7", "jo", LATER)
    issues.told(world.store, "CX-7", ["x:4"], "jo", LATER)
    told = {row["id"] for row in issues.to_tell(world.store, "CX-7") if row["told_at"]}
    assert told == {"x:1", "x:4"}
    (issue,) = issues.listing(world.store)
    assert (issue["mentions"], issue["people"], issue["told"]) == (4, 3, 1)


def test_doing_it_twice_changes_nothing(world: World) -> None:
    for _ in range(2):
        tied(world)
        issues.fix(world.store, "CX-7", "jo", LATER)
    assert world.rows("SELECT count(*) AS n FROM issue_mention") == [{"n": 3}]
    assert world.rows("SELECT count(*) AS n FROM audit WHERE did = 'fixed'") == [{"n": 1}]


def test_what_is_not_fixed_after_all_is_told_again(world: World) -> None:
    tied(world)
    issues.fix(world.store, "CX-7", "jo", LATER)
    issues.told(world.store, "CX-7", ["x:1"], "jo", LATER)
    issues.reopen(world.store, "CX-7", "jo", LATER)
    assert all(row["told_at"] is None for row in fixed(world))


def test_a_tie_is_taken_back_and_an_empty_issue_goes(world: World) -> None:
    issues.link(world.store, "x:1", "CX-8", "jo", NOW)
    issues.unlink(world.store, "x:1", "CX-8", "jo", NOW)
    assert issues.listing(world.store) == []
    with pytest.raises(UsageError, match="not tied"):
        issues.unlink(world.store, "x:1", "CX-8", "jo", NOW)


def test_an_issue_that_nobody_knows_is_named(world: World) -> None:
    tied(world)
    with pytest.raises(UsageError, match="There is: CX-7"):
        issues.fix(world.store, "CX-9", "jo", LATER)
    with pytest.raises(UsageError, match="one line"):
        issues.link(world.store, "x:1", "two\nlines", "jo", NOW)


def test_nobody_goes_back_to_who_was_forgotten(world: World) -> None:
    tied(world)
    with world.store.write() as db:
        (author,) = people.author_rows(db, "x", "person1")
        people.forget_author(db, author, LATER)
    assert [row["id"] for row in fixed(world)] == ["x:2", "x:3"]
