"""Tables: what was found is marked on a terminal, also in what is cut and in wide characters."""

import pytest

from listener.cli.shown import WIDEST, cut_marked, highlighted, marked, show, snippet, width
from listener.domain.marked import Marked

BOLD, PLAIN = "\x1b[1m\x1b[4m", "\x1b[0m"


def words(said: Marked) -> list[str]:
    return [piece.text for piece in said.pieces if piece.is_marked]


def test_a_terminal_shows_what_was_found_in_bold() -> None:
    assert highlighted(Marked.of("an acme air", [(3, 7)])) == f"an {BOLD}acme{PLAIN} air"


def test_a_file_gets_the_words_alone(capsys: pytest.CaptureFixture[str]) -> None:
    show([{"text": Marked.of("an acme", [(3, 7)]), "n": 5}], "table", ("text", "n"), "")
    assert capsys.readouterr().out == "text     n\nan acme  5\n"


def test_a_cell_shows_the_first_place_in_scripts_of_any_width() -> None:
    for letter in ("x", "航"):
        said = Marked.of(letter * 150 + "acme" + letter * 50, [(150, 154)])
        cell = snippet(said, WIDEST)
        assert words(cell) == ["acme"]
        assert width(cell.text) <= WIDEST


def test_a_line_that_is_cut_keeps_the_marks_that_are_seen() -> None:
    said = Marked.of("acme and acme and acme", [(0, 4), (9, 13), (18, 22)])
    cut = cut_marked(said, 12)
    assert (cut.text, words(cut)) == ("acme and ac…", ["acme", "ac"])
    assert cut_marked(said, 100) == said


def test_what_people_wrote_cannot_steer_a_terminal() -> None:
    said = snippet(Marked.of("a\x1b[31m acme\x07\u202e now", [(7, 11)]), 60)
    assert said.text == "a[31m acme now"
    assert words(said) == ["acme"]


def test_a_title_stands_before_the_text() -> None:
    row = {"title": "Late", "text": "acme", "places": [[0, 4, "late"], [5, 9, "acme"], [9, 99]]}
    assert marked(row).text == "Late: acme"
    assert words(marked(row)) == ["Late", "acme"]
    assert words(marked({"text": "acme", "places": [[0, 4, "acme"]]})) == ["acme"]
