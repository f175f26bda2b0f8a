"""What is known of sources: what they brought that could not be read."""

from listener.domain.mention import Reject
from listener.store import sources
from listener.store.connection import Store
from tests.builders import DAY, NOW
from tests.store.kept import rows


def test_the_last_trouble_of_a_place_is_the_one_that_is_kept(store: Store) -> None:
    first = Reject(place="a search", reason="refused", content="old")
    with store.write() as db:
        sources.reject(db, "x", [first], NOW)
        sources.reject(db, "other", [first], NOW)
        (number,) = db.execute("SELECT id FROM reject WHERE source = 'x'").fetchone()
        later = Reject(place="a search", reason="cut short", content="")
        sources.reject(db, "x", [later], NOW + DAY)
    (row,) = rows(store, "SELECT * FROM reject WHERE source = 'x'")
    assert row == {
        "id": number,
        "source": "x",
        "place": "a search",
        "reason": "cut short",
        "content": "",
        "at": "2026-11-23T12:00:00.000Z",
    }
    (row,) = rows(store, "SELECT reason FROM reject WHERE source = 'other'")
    assert row["reason"] == "refused"
