"""docs/collectors.md: each type has a row and a page, and says how far it was tried."""

from pathlib import Path

import pytest

from listener.collectors import COLLECTORS, EXPERIMENTAL

DOCS = Path(__file__).parents[2] / "docs"
OURS = COLLECTORS.keys() - {"demo"}


def table() -> dict[str, str]:
    """The last column of each row, by its type."""
    lines = (DOCS / "collectors.md").read_text("utf-8").splitlines()
    cells = [line.strip("|").split("|") for line in lines if line.startswith("| [")]
    return {row[0].strip(" []").partition("]")[0]: row[-1] for row in cells}


def test_every_type_has_a_row() -> None:
    assert table().keys() == OURS


def test_what_was_tried_with_no_recorded_reply_is_experimental() -> None:
    assert {name for name, words in table().items() if "experimental" in words} == EXPERIMENTAL


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_type_has_a_page_that_says_so_too(name: str) -> None:
    page = (DOCS / "collectors" / f"{name}.md").read_text("utf-8")
    assert f"[collectors.{name}]" in page or f'type = "{name}"' in page
    assert ("xperimental" in page) == (name in EXPERIMENTAL)
