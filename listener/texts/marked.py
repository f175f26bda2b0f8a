"""The words of a mention for a message: harmless, on one line, cut around what a query found."""

import re
from typing import Final

from listener.domain.marked import Marked, Places
from listener.texts.escape import one_line, slack_length

MOST_MARKED: Final = 10  # places of one text: more of them mark nothing any more

_BREAKS: Final = re.compile(r"\s+")
_UNSEEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def harmless(text: str, places: Places, limit: int) -> Marked:
    """As `one_line`, with the places marked, and cut so that the first of them is seen."""
    words = Marked.of(text, places).first(MOST_MARKED)
    if not words.spans:
        return Marked(one_line(text, limit))
    return words.replace(_BREAKS, " ").replace(_UNSEEN, "").around(limit)


def harmless_in_slack(text: str, places: Places, limit: int) -> Marked:
    """As `in_slack`, marked and cut so: it takes at most `limit` of Slack's characters."""
    words = harmless(text, places, limit)
    while (over := slack_length(words.text) - limit) > 0:
        words = harmless(words.text, words.spans, len(words.text) - (over + 4) // 5)
    return words
