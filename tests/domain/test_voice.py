"""How many people spoke, and how many different things they said."""

from listener.domain.voice import clusters, distinct_authors
from tests.builders import a_voice


def test_a_person_counts_once() -> None:
    assert distinct_authors((a_voice(1, author_id=7), a_voice(2, author_id=7), a_voice(3))) == 2


def test_whoever_is_not_known_counts_alone() -> None:
    unknown = (a_voice(1, author_id=None), a_voice(2, author_id=None))
    assert distinct_authors(unknown) == 2
    assert distinct_authors((*unknown, a_voice(3, author_id=1))) == 3


def test_copies_are_one_thing_said() -> None:
    assert clusters((a_voice(1), a_voice(2, copy_of=1), a_voice(3, copy_of=1), a_voice(4))) == 2
    assert clusters((a_voice(2, copy_of=1), a_voice(3, copy_of=1))) == 1


def test_nobody_said_nothing() -> None:
    assert (distinct_authors(()), clusters(())) == (0, 0)
