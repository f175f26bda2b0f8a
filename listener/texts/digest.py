"""The digest as a mail: HTML of bounded size, plain text with every figure, a subject line."""

import base64
import binascii
import functools
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from listener.domain.digest import DigestData, Outcome, verdict
from listener.domain.week import Week
from listener.texts import digest_people as people
from listener.texts import digest_spikes as spikes
from listener.texts import digest_tables as tables
from listener.texts.digest_brand import brand_view
from listener.texts.digest_words import Detail, Links, Writer

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = [
    "MOST_BYTES",
    "Links",
    "render_html",
    "render_text",
    "subject_line",
    "transfer_encoding",
]

MOST_BYTES: Final = 80_000  # of the HTML as it is sent; Gmail cuts off what is longer than 102 kB
SUBJECT_LENGTH: Final = 40  # of a brand's name in the subject line

# Light, then dark. Words of these colours stand on `card`, on `page` or on `soft`.
COLOURS: Final = {
    "page": ("#eef0f3", "#101418"),
    "card": ("#ffffff", "#1a2026"),
    "soft": ("#f5f6f8", "#232b33"),
    "line": ("#dfe3e8", "#36404a"),
    "ink": ("#1c2530", "#e8ecf0"),
    "faint": ("#56616d", "#a6b1bc"),
    "link": ("#1a56b0", "#8cb8ff"),
    "bad": ("#b3261e", "#ff9d94"),
    "good": ("#186a43", "#7fd6a8"),
}
BARS: Final = {
    "negative": ("#d2483d", "#ee6f64"),
    "neutral": ("#aeb8c3", "#66727f"),
    "positive": ("#3f9d6e", "#4fb583"),
    "ours": ("#4477bd", "#6b9be0"),
    "unlabelled": ("#dde2e7", "#414c57"),
}

_FULL: Final = Detail()
# What goes first when the mail would be too long: quotes, then topics, bars, rows.
_SHORTER: Final = (
    _FULL,
    replace(_FULL, quote_length=140),
    replace(_FULL, quote_length=140, quotes=1),
    replace(_FULL, quotes=0),
    replace(_FULL, quotes=0, themes=3),
    replace(_FULL, quotes=0, themes=1, brands=4, rows=20),
    replace(_FULL, quotes=0, themes=3, brands=4, rows=20, days=False),
    replace(_FULL, quotes=0, themes=0, brands=3, rows=15, lists=5),
    replace(_FULL, quotes=0, themes=0, brands=2, rows=10, lists=3),
    replace(_FULL, quotes=0, themes=0, brands=1, rows=5, lists=2, days=False),
)


def render_html(data: DigestData, links: Links | None = None) -> str:
    """The HTML part, never more than MOST_BYTES when sent by its `transfer_encoding`.

    What does not fit is left out: quotes, then topics and terms, then rows, which are counted.
    """
    template = _templates().get_template("digest.html.j2")
    html = ""
    for detail in _SHORTER:
        html = template.render(_view(Writer(data, links or Links(), detail)))
        if transferred(html) <= MOST_BYTES:
            break
    return html


def transfer_encoding(text: str) -> str:
    """The shorter way to send a part, as `EmailMessage.set_content(..., cte=...)` calls it."""
    sizes = _sizes(text)
    return min(sizes, key=lambda way: sizes[way])


def transferred(text: str) -> int:
    """The bytes of a part on its way, the shorter way; not fewer than are sent."""
    return min(_sizes(text).values())


def _sizes(text: str) -> dict[str, int]:
    """In either way, each line ending in CRLF."""
    raw = text.encode()
    coded = {
        "quoted-printable": binascii.b2a_qp(raw, istext=True),
        "base64": base64.encodebytes(raw.replace(b"\n", b"\r\n")),
    }
    return {way: len(one) + one.count(b"\n") for way, one in coded.items()}


def render_text(data: DigestData, links: Links | None = None) -> str:
    """The plain text part: every figure of the HTML, and as many quotes as that has at the most."""
    view = _view(Writer(data, links or Links(), _FULL))
    text = _templates().get_template("digest.txt.j2").render(view)
    return text.replace("\u00a0", " ").strip() + "\n"


def subject_line(data: DigestData) -> str:
    """One line for a header, of our words, our numbers and a brand's name; nobody's text."""
    w = Writer(data, Links(), _FULL)
    found = verdict(data)
    week = w.week(data.week)
    if found is None:
        return f"{w.title()}: {w.say('brief.none')} ({week})"
    name = w.name(found.subject.name, SUBJECT_LENGTH)
    line = w.say("subject_line", name=name, verdict=w.brief(found), week=week)
    return line.replace("\u00a0", " ")


@functools.cache
def _templates() -> "Environment":
    from jinja2 import (  # noqa: PLC0415
        Environment,
        PackageLoader,
        StrictUndefined,
        select_autoescape,
    )

    return Environment(
        loader=PackageLoader("listener", "texts"),
        autoescape=select_autoescape(("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _view(w: Writer) -> dict[str, Any]:
    """Everything the two templates lay out, already in words."""
    data, detail = w.data, w.detail
    found = verdict(data)
    brands = data.brands[: detail.brands]
    widest = max((row.share for row in data.share_of_voice), default=0.0)
    nothing = found is None or found.outcome is Outcome.NOTHING
    busy = [p for p in data.promises if p.due]
    praise, thanked = people.praise_lines(w)
    late, late_quotes = people.late_lines(w)
    return {
        "w": w,
        "say": w.say,
        "colours": {name: light for name, (light, _) in (COLOURS | BARS).items()},
        "words_dark": {name: dark for name, (_, dark) in COLOURS.items()},
        "bars_dark": {name: dark for name, (_, dark) in BARS.items()},
        "language": data.language,
        "subject_line": subject_line(data),
        "verdict": w.verdict(found, named=True) if found else w.say("brief.none"),
        "is_team": bool(data.team),
        "lead": tables.team_line(w),
        "praise": praise,
        "thanked": thanked,
        "people": people.people_views(w),
        "late": late,
        "late_quotes": late_quotes,
        "spent": tables.spent_lines(w),
        "worse": found is not None and found.outcome is Outcome.WORSE,
        "nothing": nothing,
        "brands": [brand_view(w, brand) for brand in brands],
        "more_brands": w.more(len(data.brands) - len(brands)),
        "spikes": [spikes.spike_view(w, spike) for spike in data.spikes[: detail.lists]],
        "more_spikes": w.more(len(data.spikes) - detail.lists),
        "untold": spikes.untold_counts(w),
        "untold_lines": spikes.untold_lines(w),
        "promises": [tables.promise_view(w, line) for line in busy[: detail.rows]],
        "more_promises": w.more(len(busy) - detail.rows),
        "promised": bool(data.promises),
        **_lines("recoveries", recovery_lines(w), w, detail.lists),
        "voice": [tables.voice_view(w, r, widest) for r in data.share_of_voice[: detail.rows]],
        "more_voice": w.more(len(data.share_of_voice) - detail.rows),
        **_lines("better", tables.better_lines(w), w, detail.lists),
        "sources": [tables.source_view(w, row) for row in data.sources[: detail.rows]],
        "more_sources": w.more(len(data.sources) - detail.rows),
        **_lines("gaps", [tables.gap_line(w, gap) for gap in data.coverage], w, detail.lists),
        "aside": tables.aside_line(w),
        "missed": [
            (str(week), w.links.page(digest_page(week, data))) for week in data.missed[-12:]
        ],
        "foot": tables.foot_lines(w),
        "browser": w.links.page(digest_page(data.week, data)),
        "unsubscribe": w.unsubscribe,
    }


def digest_page(week: Week, data: DigestData) -> str:
    """Where the digest of a week is, for the same readers."""
    return f"digests/{week}?team={quote(data.team)}" if data.team else f"digests/{week}"


def recovery_lines(w: Writer) -> list[str]:
    return [tables.recovery_line(w, line) for line in w.data.recoveries]


def _lines(name: str, lines: list[str], w: Writer, most: int) -> dict[str, Any]:
    return {name: lines[:most], f"more_{name}": w.more(len(lines) - most)}
