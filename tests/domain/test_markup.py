"""What a reader sees of a piece of HTML."""

import pytest

from listener.domain.markup import without_markup


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("before <!-- a > b <p> --> after", "before after"),
        ("<!---->x<!-- -- > -->y", "xy"),
        ("open <!-- not closed", "open <!-- not closed"),
        ("<tr><td>Monday</td><td>late</td></tr>", "Monday\nlate"),
        ("<title>Acme</title>News", "Acme\nNews"),
        ("<dl><dt>Gate</dt><dd>7</dd></dl>", "Gate\n7"),
        ("a<style>p {}</style>b", "ab"),
    ],
)
def test_comments_are_not_seen_and_cells_are_apart(html: str, text: str) -> None:
    assert without_markup(html) == text


def test_an_element_that_is_never_closed_hides_nothing() -> None:
    assert without_markup("<p>Late</p><style>and nobody helps") == "Late\nand nobody helps"
    assert without_markup("a</style> b <script>x()</script> c <template> d") == "a b c d"
