"""How commands show rows: a table for people, one JSON object a line for programs."""

import json
import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import click

from listener.domain.label import as_told
from listener.domain.marked import Marked, Piece, told_places
from listener.domain.stars import against, as_text
from listener.texts.marked import harmless

Command = TypeVar("Command", bound=Callable[..., Any])
WIDEST = 60


def format_option(command: Command) -> Command:
    return click.option(
        "--format",
        "form",
        type=click.Choice(["table", "jsonl"]),
        default="table",
        show_default=True,
        help="A table, or one JSON object a line.",
    )(command)


def show(
    rows: Iterable[Mapping[str, Any]],
    form: str,
    columns: Sequence[str],
    none: str,
    *,
    widest: int = WIDEST,
) -> None:
    """Print rows. `none`: what to say, on stderr, when there are none. `widest`: of a column."""
    if form == "jsonl":
        for row in rows:
            click.echo(json.dumps(dict(row), ensure_ascii=False, default=str))
        return
    kept = [[_cell(row.get(column), widest) for column in columns] for row in rows]
    if not kept:
        click.echo(none, err=True)
        return
    lines = [[Marked(column) for column in columns], *kept]
    widths = [
        min(widest, max(width(cell.text) for cell in column)) for column in zip(*lines, strict=True)
    ]
    for line in lines:
        click.echo(highlighted(cut_marked(_side_by_side(line, widths), room())))


def room() -> int:
    """The columns of the terminal; where there is none, as good as no end of them."""
    return shutil.get_terminal_size((160, 24)).columns if sys.stdout.isatty() else 10_000


def _cell(value: Any, widest: int) -> Marked:
    return snippet(value, widest) if isinstance(value, Marked) else Marked(plain(value))


def snippet(said: Marked, columns: int) -> Marked:
    """One line of so many columns that shows the first place that is marked."""
    line = harmless(said.text, said.spans, columns)
    if (taken := width(line.text)) > columns:  # wide characters
        line = harmless(said.text, said.spans, max(columns * len(line.text) // taken, 2))
    return cut_marked(line, columns)


def _side_by_side(cells: Sequence[Marked], widths: Sequence[int]) -> Marked:
    pieces: list[Piece] = []
    for cell, size in zip(cells, widths, strict=True):
        fits = cut_marked(cell, size)
        pieces += [*fits.pieces, Piece(" " * (size - width(fits.text) + 2), is_marked=False)]
    line = Marked.joined(pieces)
    return Marked(line.text.rstrip(), line.spans)


def highlighted(said: Marked) -> str:
    """A text with its marked places in bold on a terminal, plain where click writes to a file."""
    return said.written(str, lambda words: click.style(words, bold=True, underline=True))


def cut_marked(said: Marked, columns: int) -> Marked:
    text = cut(said.text, columns)
    seen = len(text) - (text != said.text)
    spans = ((start, min(end, seen)) for start, end in said.spans)
    return Marked(text, tuple((start, end) for start, end in spans if start < end))


def for_people(rows: Iterable[Mapping[str, Any]], form: str) -> Iterable[Mapping[str, Any]]:
    """Rows of mentions. In a table a label in doubt is "negative?", stars stand for no text, and
    the `places` that a query found are marked.
    """
    return rows if form == "jsonl" else [_for_people(row) for row in rows]


def marked(row: Mapping[str, Any]) -> Marked:
    """The title and the text of a row, with the `places` of both marked."""
    title = row.get("title") or ""
    text = f"{title}: {row['text']}" if title else row["text"]
    return Marked.of(text, told_places(row["places"], title))


def _for_people(row: Mapping[str, Any]) -> dict[str, Any]:
    told = as_told(row["sentiment"], row["confidence"]) if row["sentiment"] else None
    if told and row.get("stars_disagree"):
        told = against(told, row["stars"], row["stars_scale"])
    text = row["text"]
    if not text and row["stars"] is not None:
        text = as_text(row["stars"], row["stars_scale"])
    return {
        **row,
        "sentiment": told,
        "text": Marked.of(text, row.get("places") or ()) if text else None,
    }


def plain(value: Any) -> str:
    """A cell: one line, without control characters, whatever people wrote."""
    if value is None:
        return "-"
    if isinstance(value, (list, tuple)):
        value = ", ".join(map(str, value))
    if isinstance(value, float):
        value = f"{value:.4g}"
    text = " ".join(str(value).split())
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))


def width(text: str) -> int:
    """Columns of a terminal; East Asian wide characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def cut(text: str, room: int) -> str:
    if width(text) <= room:
        return text
    kept = ""
    for char in text:
        if width(kept + char) >= room:
            break
        kept += char
    return kept + "…"
