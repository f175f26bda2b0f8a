"""How commands show rows: a table for people, one JSON object a line for programs."""

import json
import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import click

from listener.domain.label import as_told
from listener.domain.stars import as_text

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


def show(rows: Iterable[Mapping[str, Any]], form: str, columns: Sequence[str], none: str) -> None:
    """Print rows. `none`: what to say, on stderr, when there are none."""
    if form == "jsonl":
        for row in rows:
            click.echo(json.dumps(dict(row), ensure_ascii=False, default=str))
        return
    kept = [[plain(row.get(column)) for column in columns] for row in rows]
    if not kept:
        click.echo(none, err=True)
        return
    widths = [min(WIDEST, max(map(width, column))) for column in zip(columns, *kept, strict=True)]
    room = shutil.get_terminal_size((160, 24)).columns if sys.stdout.isatty() else 10_000
    for line in [list(columns), *kept]:
        cells = [fitted(cell, size) for cell, size in zip(line, widths, strict=True)]
        click.echo(cut("  ".join(cells).rstrip(), room))


def for_people(rows: Iterable[Mapping[str, Any]], form: str) -> Iterable[Mapping[str, Any]]:
    """Rows of mentions; in a table a label in doubt is "negative?", and stars stand for no text."""
    return rows if form == "jsonl" else [_for_people(row) for row in rows]


def _for_people(row: Mapping[str, Any]) -> dict[str, Any]:
    told = as_told(row["sentiment"], row["confidence"]) if row["sentiment"] else None
    text = row["text"]
    if not text and row["stars"] is not None:
        text = as_text(row["stars"], row["stars_scale"])
    return {**row, "sentiment": told, "text": text}


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


def fitted(text: str, size: int) -> str:
    text = cut(text, size)
    return text + " " * (size - width(text))
