"""An incident's title and reasons, as wordings beside their English."""

import pytest

from listener import waking
from listener.domain.incident import Finding
from listener.domain.kept_wording import to_plain
from listener.domain.wording import Amount, Plural, Sentences, Wording
from listener.store import incidents
from listener.store.connection import Store
from tests.builders import HOUR, NOW, a_finding
from tests.store.kept import followed, one

TITLE = Wording("%(subject)s: %(count)s negative", subject="Acme", count=Amount("1,200"))
WHY = Sentences(Plural("%(n)s copy.", "%(n)s copies.", 2, n=Amount(2)), "Said by <b>kim</b>.")


def opened(store: Store, finding: Finding) -> int:
    followed(store)
    with store.write() as db:
        return incidents.open_incident(db, finding, NOW)


def read(store: Store, number: int = 1) -> tuple[str, str]:
    with store.read() as db:
        found = incidents.get(db, number)
    assert found is not None
    return found.title, found.why


def test_they_come_back_as_they_were(store: Store) -> None:
    opened(store, a_finding(title=TITLE, why=WHY))
    title, why = read(store)
    assert isinstance(title, Wording)
    assert isinstance(why, Sentences)
    assert (title, to_plain(title)) == (TITLE, to_plain(TITLE))
    assert (why, to_plain(why)) == (WHY, to_plain(WHY))
    assert one(store, "SELECT title FROM incident") == "Acme: 1,200 negative"
    assert one(store, "SELECT why FROM incident") == "2 copies. Said by <b>kim</b>."


def test_what_is_plain_english_has_none(store: Store) -> None:
    opened(store, a_finding(title="Acme", why="So."))
    assert one(store, "SELECT wordings FROM incident") is None
    assert read(store) == ("Acme", "So.")


def test_they_go_with_the_words(store: Store) -> None:
    number = opened(store, a_finding(title=TITLE, why=WHY))
    with store.write() as db:
        incidents.update(db, number, a_finding(title="Acme", why=WHY), NOW)
    title, why = read(store)
    assert (type(title), title) == (str, "Acme")
    assert isinstance(why, Wording)
    with store.write() as db:
        incidents.retitle(db, number, TITLE, "It is over.")
    title, why = read(store)
    assert isinstance(title, Wording)
    assert (type(why), why) == (str, "It is over.")


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        "{",
        "3",
        "[]",
        "{}",
        '{"title": 3, "why": {"say": "%(a)s", "named": {}}}',
        '{"title": ' + "[" * 100_000,
        '{"title": {"one": "a", "many": "b", "number": "x", "named": {}}}',
    ],
)
def test_what_cannot_be_read_is_the_english(store: Store, damaged: str) -> None:
    opened(store, a_finding(title=TITLE, why=WHY))
    with store.write() as db:
        db.execute("UPDATE incident SET wordings = ?", (damaged,))
    assert read(store) == (TITLE, WHY)
    assert [type(said) for said in read(store)] == [str, str]


def test_they_say_the_same_as_the_english_or_nothing(store: Store) -> None:
    """An older version wrote anew what it knows of."""
    opened(store, a_finding(title=TITLE, why=WHY))
    with store.write() as db:
        db.execute("UPDATE incident SET title = 'Acme: 1,300 negative'")
    title, why = read(store)
    assert (type(title), title) == (str, "Acme: 1,300 negative")
    assert isinstance(why, Wording)


def test_what_is_snoozed_is_read_alike(store: Store) -> None:
    number = opened(store, a_finding(title=TITLE, why=WHY))
    with store.write() as db:
        incidents.snooze(db, number, NOW + HOUR, NOW, "kim")
    _, [found] = waking.snoozed(store, NOW)
    assert isinstance(found["title"], Wording)
    assert found["title"] == TITLE
