"""What was found is marked in messages, and people's words stay harmless."""

from listener.texts.escape import in_slack, one_line, slack_length
from listener.texts.marked import MOST_MARKED, harmless, harmless_in_slack

HOSTILE = "a\x00b \u202eacme\u2066\x1b[31m\r\n<!channel> & acme\u200f now"
FIRST, SECOND = HOSTILE.index("acme"), HOSTILE.rindex("acme")
PLACES = [(FIRST, FIRST + 4), (SECOND, SECOND + 4)]


def test_marked_words_are_as_harmless_as_others() -> None:
    said = harmless(HOSTILE, PLACES, 100)
    assert said.text == one_line(HOSTILE, 100)
    assert [piece.text for piece in said.pieces if piece.is_marked] == ["acme", "acme"]


def test_without_a_place_it_is_one_line_as_before() -> None:
    for places in ((), [(900, 904)]):
        assert harmless(HOSTILE, places, 12).text == one_line(HOSTILE, 12)
        assert harmless_in_slack(HOSTILE, places, 12).text == in_slack(HOSTILE, 12)


def test_slack_gets_no_more_than_it_takes_and_sees_the_first_place() -> None:
    text = "&<>" * 30 + "acme" + "<😡>" * 60
    said = harmless_in_slack(text, [(90, 94)], 100)
    assert slack_length(said.text) <= 100
    assert [piece.text for piece in said.pieces if piece.is_marked] == ["acme"]


def test_where_everything_is_found_only_some_is_marked() -> None:
    text = "acme " * 50
    said = harmless(text, [(n * 5, n * 5 + 4) for n in range(50)], 300)
    assert len(said.spans) == MOST_MARKED
