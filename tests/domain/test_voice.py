"""How many people spoke, and how many different things they said."""

from listener.domain.voice import clusters, distinct_authors, repeated
from tests.builders import MINUTE, NOW, a_voice


def test_a_person_counts_once() -> None:
    assert distinct_authors((a_voice(1, author_id=7), a_voice(2, author_id=7), a_voice(3))) == 2


def test_whoever_is_not_known_counts_alone() -> None:
    unknown = (a_voice(1, author_id=None), a_voice(2, author_id=None))
    assert distinct_authors(unknown) == 2
    assert distinct_authors((*unknown, a_voice(3, author_id=1))) == 3


def test_copies_are_one_thing_said() -> None:
    assert clusters((a_voice(1), a_voice(2, copy_of=1), a_voice(3, copy_of=1), a_voice(4))) == 2
    assert clusters((a_voice(2, copy_of=1), a_voice(3, copy_of=1))) == 1


def test_the_largest_clusters_tell_how_often_by_whom_where_and_when() -> None:
    voices = (
        a_voice(1),
        a_voice(2, copy_of=1, said_at=NOW + MINUTE),
        a_voice(3, copy_of=9),
        a_voice(4, copy_of=9, name="reddit:4", author_id=3, said_at=NOW + 2 * MINUTE),
        a_voice(5, copy_of=9, name="news:5", said_at=NOW - MINUTE),
        a_voice(6),
    )
    found = repeated(voices, 5)
    assert [(one.first.id, one.mentions, one.authors) for one in found] == [(5, 3, 2), (1, 2, 2)]
    assert found[0].sources == ("news", "reddit", "x")
    assert found[0].last_said_at == NOW + 2 * MINUTE
    assert repeated(voices, 1) == found[:1]


def test_nobody_said_nothing() -> None:
    assert (distinct_authors(()), clusters(())) == (0, 0)
