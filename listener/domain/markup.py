"""Text out of HTML: what a reader would see of a post, an article or a mail."""

import re
from html import unescape
from typing import Final

LONGEST_TEXT: Final = 20_000  # characters; of markup five times as much is read

_TAG = re.compile(r"(</?[a-zA-Z!?][^<>]*>)")
_BREAKING = re.compile(
    r"</?(p|div|br|li|ul|ol|dt|dd|h[1-6]|t[rdh]|table|title|blockquote|article|section|pre|hr)\b",
    re.IGNORECASE,
)
_UNSEEN = re.compile(r"<(/?)(script|style|template|noscript)\b", re.IGNORECASE)
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")


def without_markup(html: str) -> str:
    """The text of a piece of HTML; in time that grows with its length and no faster.

    An element that is not to be seen hides its text; one that is never closed hides none.
    """
    parts: list[str] = []
    hidden = ""
    pieces = _TAG.split(_without_comments(html[: 5 * LONGEST_TEXT]))
    closed = {m[2].lower(): n for n, one in enumerate(pieces) if (m := _UNSEEN.match(one)) and m[1]}
    for place, piece in enumerate(pieces):
        if not piece.startswith("<") or not _TAG.fullmatch(piece):
            parts.append("" if hidden else unescape(piece))
            continue
        unseen = _UNSEEN.match(piece)
        if unseen and not piece.endswith("/>"):
            opens = not unseen[1] and closed.get(unseen[2].lower(), 0) > place
            hidden = (hidden or unseen[2]) if opens else ("" if unseen[1] else hidden)
        parts.append("\n" if _BREAKING.match(piece) else "")
    text = _SPACES.sub(" ", "".join(parts))
    return _LINES.sub("\n", text).strip()


def _without_comments(html: str) -> str:
    """What stands outside of comments, which may hold tags; one that is not closed is none."""
    kept, at = [], 0
    while (begin := html.find("<!--", at)) >= 0:
        end = html.find("-->", begin + 4)
        if end < 0:
            break
        kept.append(html[at:begin])
        at = end + 3
    return "".join([*kept, html[at:]])
