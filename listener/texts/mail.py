"""A notice as a mail: text, and simple HTML that is readable in light and in dark; pure."""

from collections.abc import Iterable, Sequence
from datetime import UTC, tzinfo
from html import escape
from typing import Final

from listener.domain.incident import Notice, Quote
from listener.domain.marked import Marked
from listener.texts.escape import one_line, safe_link
from listener.texts.marked import harmless
from listener.texts.notice import (
    and_more,
    brief,
    clock_time,
    doubt_words,
    facts,
    headline,
    most_urgent_first,
    place_of,
    spoken,
    waiting_words,
)

_MOST_QUOTES: Final = 20
_WORDS: Final = 800
_QUOTE: Final = 300
_ALSO: Final = "Also, meanwhile:"

_PAGE: Final = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{title}</title>
</head>
<body style="font: 16px/1.5 sans-serif; max-width: 40em">
{body}
</body>
</html>
"""


def as_text(notice: Notice, also: Sequence[Notice] = (), zone: tzinfo = UTC) -> str:
    """The plain part; every line is ours or is one line of people's words behind a >."""
    notice = brief(notice)
    quotes = most_urgent_first(notice.quotes)[:_MOST_QUOTES]
    parts = [
        [one_line(headline(notice), _WORDS)],
        [one_line(notice.why, _WORDS)],
        [f"- {spoken(line, zone)}" for line in facts(notice)],
        [line for quote in quotes for line in _quote_lines(quote, notice, zone)],
        [and_more(notice, len(quotes)) or ""],
        [f"To do: {one_line(notice.action, _WORDS)}" if notice.action else ""],
        [_ALSO, *_also_lines(also, zone)] if also else [],
        [f"{one_line(place_of(notice), _WORDS)} · {clock_time(notice.at.astimezone(zone))}"],
    ]
    return "\n\n".join("\n".join(lines) for lines in parts if any(lines)) + "\n"


def as_html(notice: Notice, also: Sequence[Notice] = (), zone: tzinfo = UTC) -> str:
    """The HTML part: no colours of its own, so that light and dark are the reader's."""
    notice = brief(notice)
    quotes = most_urgent_first(notice.quotes)[:_MOST_QUOTES]
    title = one_line(headline(notice), _WORDS)
    place = f"{one_line(place_of(notice), _WORDS)} · {clock_time(notice.at.astimezone(zone))}"
    action = one_line(notice.action, _WORDS)
    body = [
        f'<h1 style="font-size: 20px">{escape(title)}</h1>',
        _paragraph(one_line(notice.why, _WORDS)),
        _list(escape(spoken(line, zone)) for line in facts(notice)),
        *(_quote_html(quote, notice, zone) for quote in quotes),
        _paragraph(and_more(notice, len(quotes)) or ""),
        f"<p><b>To do:</b> {escape(action)}</p>" if action else "",
        _paragraph(_ALSO) if also else "",
        _list(escape(line.removeprefix("- ")) for line in _also_lines(also, zone)),
        f"<p><small>{escape(place)}</small></p>",
    ]
    return _PAGE.format(title=escape(title), body="\n".join(part for part in body if part))


def _quote_lines(quote: Quote, notice: Notice, zone: tzinfo) -> list[str]:
    link = safe_link(quote.url)
    return [
        f"> {_said(quote).text}",
        f"  {_about(quote, notice, zone)}" + (f" {link}" if link else ""),
    ]


def _quote_html(quote: Quote, notice: Notice, zone: tzinfo) -> str:
    link = safe_link(quote.url)
    opened = f' <a href="{escape(link)}" rel="noopener noreferrer">open</a>' if link else ""
    return (
        '<blockquote style="margin: 0 0 1em; padding-left: 1em; border-left: 3px solid">'
        f"{_said(quote).written(escape, _strong)}"
        f"<br><small>{escape(_about(quote, notice, zone))}{opened}</small></blockquote>"
    )


def _said(quote: Quote) -> Marked:
    return harmless(quote.text, quote.places, _QUOTE)


def _strong(words: str) -> str:
    return f"<strong>{escape(words)}</strong>"


def _about(quote: Quote, notice: Notice, zone: tzinfo) -> str:
    """Who, where and when, how long an answer has been waited for, and a label in doubt."""
    source = one_line(quote.name.partition(":")[0], 40)
    who = one_line(quote.author or "somebody", 60)
    waits = waiting_words(quote, notice.at)
    when = clock_time(quote.said_at.astimezone(zone))
    parts = (f"{who} on {source}", when, waits, doubt_words(quote))
    return " · ".join(part for part in parts if part)


def _also_lines(also: Sequence[Notice], zone: tzinfo) -> list[str]:
    return [
        f"- {clock_time(notice.at.astimezone(zone))} {one_line(headline(notice), _QUOTE)}"
        for notice in also
    ]


def _paragraph(words: str) -> str:
    return f"<p>{escape(words)}</p>" if words else ""


def _list(items: Iterable[str]) -> str:
    lines = "\n".join(f"<li>{item}</li>" for item in items)
    return f"<ul>\n{lines}\n</ul>" if lines else ""
