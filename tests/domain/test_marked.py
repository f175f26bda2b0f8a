"""Texts with marked places: kept through changes, and cut so that the first place is seen."""

import re

from hypothesis import given
from hypothesis import strategies as st

from listener.domain.marked import Marked, Piece, told_places

TEXT = "One two  three\nfour five six seven eight acme nine ten eleven twelve"
ACME = TEXT.index("acme")


def marked_words(said: Marked) -> list[str]:
    return [piece.text for piece in said.pieces if piece.is_marked]


def test_what_lies_beyond_the_text_is_not_marked() -> None:
    said = Marked.of("acme", [[0, 4, "acme"], [2, 9, "x"], [-1, 2], [3, 3], ["0", "2"], [None, 1]])
    assert said.spans == ((0, 4),)


def test_places_that_overlap_or_touch_are_one() -> None:
    assert Marked.of("abcdefgh", [(4, 6), (0, 2), (1, 3), (3, 4)]).spans == ((0, 6),)


def test_pieces_are_the_whole_text_and_never_empty() -> None:
    said = Marked.of("acme air acme", [(0, 4), (9, 13)])
    assert said.pieces == (
        Piece("acme", is_marked=True),
        Piece(" air ", is_marked=False),
        Piece("acme", is_marked=True),
    )
    assert Marked.joined(said.pieces) == said
    assert Marked("").pieces == ()


def test_it_is_written_as_each_outlet_writes_it() -> None:
    said = Marked.of("an <acme> air", [(4, 8)])
    written = said.written(lambda text: text.replace("<", "&lt;"), lambda text: f"*{text}*")
    assert written == "an &lt;*acme*> air"


def test_a_short_text_is_shown_whole_on_one_line() -> None:
    said = Marked.of(TEXT, [(ACME, ACME + 4)]).around(100)
    assert said.text == " ".join(TEXT.split())
    assert marked_words(said) == ["acme"]


def test_a_long_text_is_cut_around_its_first_place() -> None:
    said = Marked.of(TEXT, [(ACME, ACME + 4), (len(TEXT) - 6, len(TEXT))]).around(30)
    assert said.text == "…eight acme nine ten eleven…"
    assert marked_words(said) == ["acme"]


def test_a_place_at_the_end_is_shown_with_all_that_there_is_room_for() -> None:
    said = Marked.of("one two three four five six acme", [(28, 32)]).around(25)
    assert (said.text, marked_words(said)) == ("…three four five six acme", ["acme"])


def test_it_begins_with_the_text_where_the_first_place_is_seen_then() -> None:
    said = Marked.of(TEXT, [(4, 7)]).around(20)
    assert (said.text, marked_words(said)) == ("One two three four…", ["two"])
    assert Marked(TEXT).around(20).text == "One two three four…"


def test_a_place_that_is_longer_than_the_excerpt_is_marked_as_far_as_it_is_seen() -> None:
    said = Marked.of("word " * 20, [(0, 60)]).around(12)
    assert (said.text, marked_words(said)) == ("word word…", ["word word"])


def test_no_letter_is_cut_in_half() -> None:
    text = "e\u0301" * 40 + "acme" + "e\u0301" * 40
    said = Marked.of(text, [(80, 84)]).around(21)
    assert marked_words(said) == ["acme"]
    assert said.text[1] == "e"


def test_what_is_replaced_in_part_is_marked_as_a_whole() -> None:
    said = Marked.of("see https://acme.com/x now", [(12, 20), (23, 26)])
    loosened = said.replace(re.compile(r"https?://\S+"), "[link]")
    assert loosened.text == "see [link] now"
    assert marked_words(loosened) == ["[link]", "now"]


def test_what_is_replaced_within_a_place_stays_marked() -> None:
    said = Marked.of("at acme.com there", [(3, 11)]).replace(re.compile(r"(\.)"), r"\1|")
    assert (said.text, marked_words(said)) == ("at acme.|com there", ["acme.|com"])


def test_what_is_taken_out_is_marked_no_more() -> None:
    said = Marked.of("a\u200e acme", [(1, 2), (3, 7)]).replace(re.compile("\u200e"), "")
    assert (said.text, marked_words(said)) == ("a acme", ["acme"])


def test_places_move_where_a_title_is_told_with_a_colon() -> None:
    title, text = "Late", "acme air"
    places = [[0, 4, "late"], [5, 9, "acme"]]
    told = f"{title}: {text}"
    assert marked_words(Marked.of(told, told_places(places, title))) == ["Late", "acme"]
    assert told_places([[0, 4, "acme"]], "") == [[0, 4, "acme"]]


PLACES = st.lists(st.tuples(st.integers(-2, 60), st.integers(-2, 60)), max_size=5)


@given(st.text("ab \n\u0301é行", max_size=50), PLACES, st.integers(1, 40))
def test_an_excerpt_is_never_too_long_and_marks_what_was_marked(
    text: str, places: list[tuple[int, int]], length: int
) -> None:
    said = Marked.of(text, places)
    cut = said.around(length)
    assert len(cut.text) <= length
    assert "".join(piece.text for piece in cut.pieces) == cut.text
    assert all(0 <= start < end <= len(cut.text) for start, end in cut.spans)
    whole = said.around(1000)
    assert "".join("".join(marked_words(whole)).split()) == "".join(
        "".join(marked_words(said)).split()
    )
