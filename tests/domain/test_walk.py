"""Walks that begin with the newest, and streams in turns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.domain.walk import Turns, Walk
from listener.errors import CollectorError

WORDS = st.text("abc", min_size=1, max_size=3)


def test_a_mark_moves_only_when_a_walk_has_arrived() -> None:
    walk = Walk(mark="5").after("9", "page 2")
    assert (walk.mark, walk.newest, walk.resume, walk.pages) == ("5", "9", "page 2", 1)
    assert walk.after("7", None) == Walk(mark="9")


def test_an_empty_page_keeps_the_mark() -> None:
    assert Walk(mark="5").after("", None) == Walk(mark="5")
    assert Walk().after("", None).is_first


def test_pages_of_nothing_end_where_they_promise_others_for_ever() -> None:
    walk = Walk(mark="5")
    for page in range(9):
        walk = walk.after("", f"page {page}")
    assert walk.after("6", "page 10").after("", "page 11").empty == 1
    assert walk.after("", None) == Walk(mark="5")
    again = walk.after("", "page 10")
    assert (again.mark, again.resume) == ("5", "")
    with pytest.raises(CollectorError, match="11 pages in a row that held nothing"):
        again.after("", "page 2")
    assert again.after("6", "page 2").empty == 0


@given(st.lists(st.tuples(WORDS, WORDS), max_size=5), WORDS)
def test_a_walk_reads_back_as_it_was_written(pages: list[tuple[str, str]], last: str) -> None:
    walk = Walk()
    for newest, resume in pages:
        walk = walk.after(newest, resume)
        assert Walk.of(walk.written()) == walk
    ended = walk.after(last, None)
    assert ended.mark == (pages[0][0] if pages else last)
    assert ended.resume == ""


def test_each_stream_has_its_turn_and_keeps_it_while_it_has_more() -> None:
    turns = Turns.of(None, ["a", "b"])
    asked = []
    for more in (True, False, False):
        asked.append(turns.stream)
        turns = turns.after({"page": len(asked)}, more=more)
    assert asked == ["a", "a", "b"]
    assert turns.complete
    assert Turns.of(turns.written(), ["a", "b"]).stream == "a"


def test_what_is_not_asked_for_any_more_is_let_go_and_what_is_new_begins() -> None:
    cursor = {"streams": {"a": {"mark": "1"}, "gone": {"mark": "2"}}, "rest": ["gone", "a"]}
    turns = Turns.of(cursor, ["new", "a"])
    assert (turns.stream, turns.state) == ("a", {"mark": "1"})
    assert turns.written()["streams"] == {"new": {}, "a": {"mark": "1"}}
    only_gone = Turns.of({"streams": {}, "rest": ["gone"]}, ["new"])
    assert only_gone.stream == "new"


def test_one_may_be_put_first_even_after_its_turn() -> None:
    turns = Turns.of(None, ["a", "b", "c"])
    assert turns.first("c").waiting == ("c", "a", "b")
    turns = turns.after({"page": 1}, more=False)
    assert turns.first("a").waiting == ("a", "b", "c")
    assert turns.first("a").state == {"page": 1}
    assert turns.also(["b", "a"]).waiting == ("b", "c", "a")
