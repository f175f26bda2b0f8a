"""What people wrote, made harmless: no markup, no reordering, no line breaks, no strange links."""

import re
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit

from listener.domain.text import excerpt, normalise

_DIRECTIONS: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MARKUP: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_RIGHT_TO_LEFT: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff]")
_HOST: Final = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?")
_IN_A_LINK: Final = "%/:=&?~#+!$,;'@()*[]"
LONGEST_LINK: Final = 500


def one_line(text: str, limit: int) -> str:
    """At most `limit` characters on one line, without controls and without marks of direction."""
    return excerpt(_DIRECTIONS.sub("", normalise(text, 4 * limit).text), limit)


def in_slack(text: str, limit: int) -> str:
    """One line that takes at most `limit` of Slack's characters, by the strictest way to count.

    Slack escapes & < > itself, and counts an emoji as two where it counts as JavaScript does.
    """
    line = one_line(text, limit)
    while (over := slack_length(line) - limit) > 0:
        line = one_line(line, len(line) - (over + 4) // 5)
    return line


def isolated(text: str) -> str:
    """Words of people to stand beside ours: right-to-left ones do not turn ours around (UAX 9)."""
    return f"\u2068{text}\u2069" if _RIGHT_TO_LEFT.search(text) else text


def slack_length(text: str) -> int:
    """How long a text is for Slack at the worst: in UTF-16, and escaped."""
    return (
        len(text)
        + sum(char > "\uffff" for char in text)
        + 4 * text.count("&")
        + 3 * (text.count("<") + text.count(">"))
    )


def mrkdwn(text: str) -> str:
    """Take away the power of <!channel>, <@U1> and <url|label> where Slack reads markup."""
    return text.translate(_MARKUP)


def safe_link(url: str | None) -> str | None:
    """The address if it may be shown as a link: http or https, a plain host, not too long."""
    if url is None or any(not char.isprintable() or char.isspace() for char in url):
        return None
    try:
        parts = urlsplit(url)
        if not _leads_where_it_says(parts):
            return None
        link = quote(url, safe=_IN_A_LINK)
    except ValueError:
        return None
    return link if len(link) <= LONGEST_LINK else None


def _leads_where_it_says(parts: SplitResult) -> bool:
    """No user in front of the host ("https://bank.example@evil.example"), and a port that is one.

    Raises ValueError for a port that is none.
    """
    named = parts.hostname is not None and _HOST.fullmatch(parts.hostname) is not None
    plain = parts.scheme in ("http", "https") and "@" not in parts.netloc
    return named and plain and parts.port != 0
