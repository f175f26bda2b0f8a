"""A digest as Slack shows it: verdict, figures with their counts, themes with quotes; pure.

The few things that people act on, in the digest's language; the rest is a link away. What people
wrote stands in rich text, where nothing of it acts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from listener.domain.digest import DigestData, verdict
from listener.texts import digest_spikes as spikes
from listener.texts import digest_tables as tables
from listener.texts.digest import digest_page, recovery_lines, subject_line
from listener.texts.digest_brand import BrandView, Figure, ThemeView, brand_view
from listener.texts.digest_words import Detail, Links, Writer
from listener.texts.escape import in_slack, isolated, mrkdwn
from listener.texts.slack import BUDGET, Message, size
from listener.texts.slack_parts import Block, context, header, section
from listener.texts.slack_rich import bullets, link, marked, rich, rich_section, text

_LINE: Final = 500  # of Slack's characters
_NAME: Final = 80
_QUOTE: Final = 200
_FALLBACK: Final = 400
_FULL: Final = Detail(
    quotes=1, quote_length=_QUOTE, themes=3, brands=3, rows=5, lists=3, days=False
)
# What goes first where a message would be too long.
_SHORTER: Final = (
    _FULL,
    replace(_FULL, quote_length=120),
    replace(_FULL, quote_length=120, brands=2),
    replace(_FULL, quote_length=120, themes=2, brands=2, rows=3, lists=2),
    replace(_FULL, quotes=0, themes=2, brands=2, rows=3, lists=2),
    replace(_FULL, quotes=0, themes=1, brands=1, rows=2, lists=1),
)


def digest_message(data: DigestData, links: Links | None = None) -> Message:
    """The digest in a channel, never longer than Slack takes.

    What does not fit is left out: quotes, then brands, themes and rows.
    """
    blocks: list[Block] = []
    for detail in _SHORTER:
        blocks = list(_blocks(Writer(data, links or Links(), detail)))
        if size(blocks) <= BUDGET:
            break
    return Message(text=mrkdwn(in_slack(subject_line(data), _FALLBACK)), blocks=blocks)


def _blocks(w: Writer) -> Iterator[Block]:
    data, found = w.data, verdict(w.data)
    yield header(subject_line(data))
    yield section(w.verdict(found, named=True) if found else w.say("brief.none"), _LINE)
    if lead := tables.team_line(w):
        yield section(lead, _LINE)
    shown = data.brands[: w.detail.brands]
    for subject in shown:
        yield from _brand(w, brand_view(w, subject), several=len(data.brands) > 1)
    if more := w.more(len(data.brands) - len(shown)):
        yield context(more)
    yield from _titled(w, "incidents.title" if data.team else "spikes.title", _spikes(w))
    yield from _titled(w, "promises.title", _promises(w))
    yield from _titled(w, "recovery.title", _plain(recovery_lines(w), w))
    yield from _titled(w, "better.title", _plain(tables.better_lines(w), w))
    yield from _titled(w, "gaps.title", _plain([tables.gap_line(w, g) for g in data.coverage], w))
    if whole := link(w.links.page(digest_page(data.week, data)), w.say("foot.browser")):
        yield rich(rich_section(whole[1:]))


def _titled(w: Writer, title: str, lines: list[Block]) -> list[Block]:
    """A list below its title; nothing where it would be empty."""
    if not lines:
        return []
    return [rich(rich_section([text(w.say(title), bold=True)]), bullets(lines))]


def _plain(lines: Sequence[str], w: Writer) -> list[Block]:
    """Sentences, as many as are shown, and how many more there are."""
    shown = [rich_section([text(line, _LINE)]) for line in lines[: w.detail.lists]]
    return [*shown, *_more(w, len(lines) - w.detail.lists)]


def _brand(w: Writer, brand: BrandView, *, several: bool) -> Iterator[Block]:
    if several:
        yield rich(rich_section([text(brand.name, _LINE, bold=True)]))
        yield section(brand.verdict, _LINE)
    if brand.figures:
        yield rich(bullets([rich_section(_figure(figure)) for figure in brand.figures]))
    for part in brand.sections:
        told = [one for theme in part.themes for one in _theme(w, theme)]
        yield rich(rich_section([text(part.title, bold=True)]), *told)


def _figure(figure: Figure) -> list[Block]:
    return [
        text(figure.name, bold=True),
        text(f" {figure.value}"),
        *([text(f" ({figure.n})")] if figure.n else []),
        text(f" · {figure.moved}"),
    ]


def _theme(w: Writer, theme: ThemeView) -> Iterator[Block]:
    """A theme with its counts, and below it what was said."""
    parts = [text(theme.name, _LINE, bold=True)]
    parts += [text(f" · {theme.counts}")] if theme.counts else []
    parts += [text(f" · {theme.moved}")] if theme.moved else []
    yield bullets([rich_section(parts)])
    for quote in theme.quotes:
        source = in_slack(quote.name.partition(":")[0], _NAME)
        where = f"\n{isolated(in_slack(quote.author, _NAME))} · {source}"
        doubt = [text(f" · {quote.doubt}")] if quote.doubt else []
        links = [
            *link(quote.url, w.say("link.open"), after=" · "),
            *link(quote.page, w.say("quote.open"), after=" · "),
        ]
        elements = [*marked(quote.text, quote.pieces), text(where), *doubt, *links]
        yield {"type": "rich_text_quote", "elements": elements}


def _spikes(w: Writer) -> list[Block]:
    lines = []
    for spike in w.data.spikes[: w.detail.lists]:
        view = spikes.spike_view(w, spike)
        told = " · ".join(filter(None, (view.severity, view.when, view.peak)))
        title, words = text(view.title, _LINE, bold=True), text(told, _LINE)
        parts = [title, text(" · "), words, *link(view.page, w.say("link.open"), after=" · ")]
        lines.append(rich_section(parts))
    return [*lines, *_more(w, len(w.data.spikes) - w.detail.lists)]


def _promises(w: Writer) -> list[Block]:
    busy = [one for one in w.data.promises if one.due]
    lines = []
    for view in (tables.promise_view(w, one) for one in busy[: w.detail.rows]):
        told = " · ".join(filter(None, (view.due, *(words for words, *_ in view.parts), view.rate)))
        title, words = text(view.name, _LINE, bold=True), text(told, _LINE)
        lines.append(rich_section([title, text(" · "), words]))
    return [*lines, *_more(w, len(busy) - w.detail.rows)]


def _more(w: Writer, left: int) -> list[Block]:
    words = w.more(left)
    return [rich_section([text(words)])] if words else []
