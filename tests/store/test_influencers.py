"""Who of the influencers wrote a mention, and how that is asked: never through all of a subject."""

from collections.abc import Callable

import pytest

from listener.store import influencers, newly
from listener.store.connection import Db, Store
from tests.builders import NOW, a_subject
from tests.store.test_plans import steps


def writers(db: Db) -> object:
    return influencers.writers(db, [1, 2], [a_subject(id=3)])


def others(db: Db) -> object:
    return influencers.others(db, [1, 2], 1)


def before(db: Db) -> object:
    return influencers.before(db, 1, 1, NOW)


def corrections(db: Db) -> object:
    return newly.corrections(db, -1)


def corrected(db: Db) -> object:
    return newly.corrected(db, [1, 2], 0, 100)


@pytest.mark.parametrize(
    ("ask", "through"),
    [
        (writers, ["y USING PRIMARY KEY (mention_id=?", "m USING INTEGER PRIMARY KEY"]),
        (others, ["y USING PRIMARY KEY (mention_id=?"]),
        (before, ["m USING INDEX mention_author", "x USING PRIMARY KEY (mention_id=?"]),
        (corrections, []),
        (corrected, ["label USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"]),
    ],
)
def test_no_big_table_is_walked_through(
    store: Store, ask: Callable[[Db], object], through: list[str]
) -> None:
    with store.read() as db:
        plan = steps(db, ask)
    walked = [step for step in plan if step.startswith("SCAN") and "LIST SUBQUERY" not in step]
    assert [step for step in walked if step.split()[1] in ("m", "x", "y", "l", "label")] == []
    for step in through:
        assert any(step in one for one in plan), plan
