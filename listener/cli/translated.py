"""How people are shown what a service is asked for a query, and what is left to us."""

from collections.abc import Iterator

from listener.cli.shown import plain
from listener.domain.query.translation import Translation

MOST_SHOWN = 2  # sentences of each kind, where it is to be short
WIDEST = 100  # characters of a line then


def told(translation: Translation, *, short: bool = False) -> Iterator[str]:
    """The searches, one a line, then what they find beside and what they do not find."""
    if translation.impossible is not None:
        yield f"cannot be searched for: {_cut(translation.impossible, short)}"
        return
    yield from _some(translation.searches, "", short)
    yield from _some(translation.missed, "not found: ", short)
    yield from _some(translation.broader, "", short)


def _some(lines: tuple[str, ...], before: str, short: bool) -> Iterator[str]:
    shown = lines[:MOST_SHOWN] if short else lines
    for line in shown:
        yield _cut(f"{before}{line}", short)
    if len(shown) < len(lines):
        yield f"{before}and {len(lines) - len(shown)} more; -v tells all"


def _cut(line: str, short: bool) -> str:
    seen = plain(line)
    return f"{seen[: WIDEST - 1]}…" if short and len(seen) > WIDEST else seen
