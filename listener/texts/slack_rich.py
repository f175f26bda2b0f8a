"""Rich text for Slack: where it reads neither markup nor mentions nor names of emoji; pure.

The only links are link elements, with our own word on them.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from listener.domain.incident import Quote
from listener.domain.marked import Piece
from listener.texts.escape import in_slack, isolated, safe_link
from listener.texts.marked import MOST_MARKED, harmless_in_slack
from listener.texts.notice import clock_time
from listener.texts.slack_parts import Block

_DATE_FORMAT: Final = "{date_short_pretty} {time}"


def rich(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": list(elements)}


def rich_section(elements: Iterable[Block]) -> Block:
    return {"type": "rich_text_section", "elements": list(elements)}


def bullets(sections: Sequence[Block]) -> Block:
    return {"type": "rich_text_list", "style": "bullet", "elements": list(sections)}


def text(words: str, limit: int | None = None, *, bold: bool = False) -> Block:
    """A text element. With a limit the words are cleaned; without one they are ours.

    Slack refuses an element without a character.
    """
    said = words if limit is None else isolated(in_slack(words, limit)) or "…"
    element: Block = {"type": "text", "text": said}
    return element | {"style": {"bold": True}} if bold else element


def said(quote: Quote, limit: int, most: int = MOST_MARKED) -> list[Block]:
    """The words of a mention, bold at the first places where a query found its terms."""
    words = harmless_in_slack(quote.text, quote.places, limit).first(most)
    return marked(words.text, words.pieces)


def marked(whole: str, pieces: Sequence[Piece]) -> list[Block]:
    """Words that are harmless already, and the pieces that they are made of."""
    drawn = [text(one.text, bold=one.is_marked) for one in pieces] or [text("…")]
    if isolated(whole) == whole:
        return drawn
    before, _, after = isolated(whole).partition(whole)
    return [text(before), *drawn, text(after)]


def link(url: str | None, words: str = "open", *, after: str = " ") -> list[Block]:
    """A link `after` a sign of ours; nothing where it is none that may be shown. `words`: ours."""
    safe = safe_link(url)
    return [text(after), {"type": "link", "url": safe, "text": words}] if safe else []


def date(moment: datetime) -> Block:
    """A moment that Slack shows in its reader's own time zone."""
    return {
        "type": "date",
        "timestamp": int(moment.timestamp()),
        "format": _DATE_FORMAT,
        "fallback": clock_time(moment.astimezone(UTC)),
    }
