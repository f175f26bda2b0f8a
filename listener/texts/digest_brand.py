"""A brand in the digest: its verdict, four figures, days and topics, in words and widths; pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from listener.domain.digest import (
    TELLING,
    Pattern,
    PromiseLine,
    Question,
    Share,
    SubjectWeek,
    Theme,
    theme_change,
    verdict_on,
)
from listener.domain.incident import Quote
from listener.domain.label import Sentiment, is_sure
from listener.domain.marked import Marked, Piece
from listener.domain.themes import Move
from listener.texts import numbers
from listener.texts.digest_days import DaysView, days_view
from listener.texts.digest_words import Writer, arrow, tone
from listener.texts.escape import safe_link
from listener.texts.marked import harmless
from listener.texts.pages import of_mention

# What mail programs turn into links by themselves: addresses, and names with a dot inside.
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_DOT = re.compile(r"(?<=[^\W_])([.@])(?=[^\W\d_]{2})")

MOVED = frozenset({Move.NEW, Move.RISING, Move.FALLING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One of the four. `tone` is "bad", "good", "plain" or, where it tells nothing, "faint"."""

    name: str
    value: str
    n: str
    moved: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteView:
    text: str
    pieces: tuple[Piece, ...]  # of the text: what was found is marked
    author: str
    name: str
    url: str | None
    page: str | None
    doubt: str  # the sentiment, where its label is in doubt


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeView:
    name: str
    counts: str
    moved: str
    tone: str
    negative_width: int  # per cent of the widest theme's mentions
    other_width: int
    quotes: tuple[QuoteView, ...]


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    themes: tuple[ThemeView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandView:
    name: str
    verdict: str
    figures: tuple[Figure, ...]
    days: DaysView | None
    sections: tuple[Section, ...]


def brand_view(w: Writer, subject: SubjectWeek) -> BrandView:
    found = verdict_on(subject, fully_read=w.data.fully_read)
    silent = subject.now.mentions == 0
    return BrandView(
        name=w.name(subject.name),
        verdict=w.verdict(found),
        figures=() if silent else figures_view(w, subject),
        days=_days(w, subject),
        sections=tuple(one for one in _sections(w, subject) if one.themes),
    )


def _sections(w: Writer, subject: SubjectWeek) -> tuple[Section, ...]:
    most = w.detail.themes
    themes = [t for t in subject.topics or subject.terms if t.mentions][:most]
    widest = max((t.mentions for t in themes), default=1)
    found = subject.patterns[:most]
    fullest = max((p.mentions for p in found), default=1)
    return (
        Section(
            w.say("topics.title" if subject.topics else "terms.title"),
            tuple(theme_view(w, theme, subject, widest) for theme in themes),
        ),
        Section(w.say("patterns.title"), tuple(pattern_view(w, p, fullest) for p in found)),
        Section(
            w.say("questions.title"),
            tuple(question_view(w, one) for one in subject.questions[:most]),
        ),
    )


def _days(w: Writer, subject: SubjectWeek) -> DaysView | None:
    nothing = not any(day.counts.mentions for day in subject.days)
    if not w.detail.days or nothing:
        return None
    first = w.data.start.astimezone(w.zone).date()
    return days_view(subject.days, first, w.language)


def figures_view(w: Writer, subject: SubjectWeek) -> tuple[Figure, ...]:
    now, before = subject.now, subject.before
    return (
        _mentions(w, subject),
        _share_figure(
            w,
            "negative",
            now.share(Sentiment.NEGATIVE),
            before.share(Sentiment.NEGATIVE) if before else None,
            more_is="bad",
        ),
        _share_figure(
            w,
            "positive",
            now.share(Sentiment.POSITIVE),
            before.share(Sentiment.POSITIVE) if before else None,
            more_is="good",
        ),
        _kept(w, subject),
    )


def _mentions(w: Writer, subject: SubjectWeek) -> Figure:
    now, before = subject.now, subject.before
    silent = now.mentions - now.labelled
    return Figure(
        name=w.say("figure.mentions"),
        value=w.count(now.mentions),
        n=w.say("figure.unlabelled", n=w.count(silent)) if silent else "",
        moved=_count_moved(w, now.mentions, before.mentions if before else None),
        tone="plain",
    )


def _count_moved(w: Writer, now: int, before: int | None) -> str:
    if before is None:
        return w.say("uncompared")
    was = w.say("was", before=w.count(before))
    if min(now, before) < TELLING:
        return was
    moved = numbers.percent(abs(now / before - 1), w.language)
    return f"{arrow(now - before)}{moved}{w.say('list_comma')}{was}"


def _share_figure(w: Writer, key: str, now: Share, before: Share | None, *, more_is: str) -> Figure:
    moved, tone = w.share_moved(now, before, more_is=more_is)
    return Figure(
        name=w.say(f"figure.{key}"),
        value=w.share(now),
        n=w.say("figure.n", n=w.count(now.whole)),
        moved=moved,
        tone=tone,
    )


def _kept(w: Writer, subject: SubjectWeek) -> Figure:
    several = len(w.data.brands) > 1
    lines = [p for p in w.data.promises if p.subject == subject.name or not (several or p.subject)]
    now = Share(sum(p.kept for p in lines), sum(p.kept_share.whole for p in lines))
    if not now.whole:
        return Figure(
            name=w.say("figure.negatives"),
            value=w.count(subject.now.negative),
            n=w.say("figure.n", n=w.count(subject.now.labelled)),
            moved=_count_moved(
                w, subject.now.negative, subject.before.negative if subject.before else None
            ),
            tone="plain",
        )
    return _share_figure(w, "kept", now, _kept_before(lines), more_is="good")


def theme_view(w: Writer, theme: Theme, subject: SubjectWeek, widest: int) -> ThemeView:
    found, moved, colour = theme_change(theme, subject), "", "plain"
    if theme.negative_before is not None:
        moved = w.say("was", before=w.count(theme.negative_before))
    if found is not None and found.certain:
        moved, colour = f"{arrow(found.points)}{moved}", tone(found.points, "bad")
    negative, other = _widths(theme, widest)
    return ThemeView(
        name=w.theme(subject, theme.name),
        counts=w.say(
            "theme.counts",
            negative=w.count(theme.negative),
            mentions=w.count(theme.mentions),
        ),
        moved=moved,
        tone=colour,
        negative_width=negative,
        other_width=other,
        quotes=_quotes(w, theme.quotes),
    )


def _widths(theme: Theme | Pattern, widest: int) -> tuple[int, int]:
    """Of its negatives and of the rest, in per cent of the widest."""
    width = max(2, round(100 * theme.mentions / widest))
    negative = round(width * theme.negative / theme.mentions)
    return negative, width - negative


def _quotes(w: Writer, quotes: Sequence[Quote]) -> tuple[QuoteView, ...]:
    return tuple(quote_view(w, quote) for quote in quotes[: w.detail.quotes])


def pattern_view(w: Writer, pattern: Pattern, widest: int) -> ThemeView:
    """A theme that was found; one that is new or rises is bad where most of it is negative."""
    negative, other = _widths(pattern, widest)
    moved = [w.say(f"pattern.{pattern.move.value}")] if pattern.move in MOVED else []
    if pattern.before:
        moved.append(w.say("was", before=w.count(round(pattern.before))))
    if pattern.is_undefined:
        moved.append(w.say("pattern.undefined"))
    worse = pattern.move in {Move.NEW, Move.RISING} and 2 * pattern.negative > pattern.mentions
    return ThemeView(
        name=w.name(pattern.name),
        counts=w.say(
            "pattern.counts",
            negative=w.count(pattern.negative),
            mentions=w.count(pattern.mentions),
            people=w.count(pattern.people),
        ),
        moved=w.say("list_comma").join(moved),
        tone="bad" if worse else "plain",
        negative_width=negative,
        other_width=other,
        quotes=_quotes(w, pattern.quotes),
    )


def question_view(w: Writer, question: Question) -> ThemeView:
    return ThemeView(
        name=w.say("question.asked", people=w.count(question.people)),
        counts="",
        moved="",
        tone="plain",
        negative_width=0,
        other_width=0,
        quotes=_quotes(w, question.quotes),
    )


def quote_view(w: Writer, quote: Quote) -> QuoteView:
    said = unlinked(harmless(quote.text, quote.places, w.detail.quote_length))
    return QuoteView(
        text=said.text,
        pieces=said.pieces,
        author=w.name(quote.author) if quote.author else w.say("somebody"),
        name=w.name(quote.name),
        url=safe_link(quote.url),
        page=of_mention(w.links.base, quote.name),
        doubt=_doubt(w, quote),
    )


def _doubt(w: Writer, quote: Quote) -> str:
    if quote.sentiment is None or is_sure(quote.confidence):
        return ""
    return w.say("quote.doubt", sentiment=w.say(quote.sentiment))


def _kept_before(lines: Sequence[PromiseLine]) -> Share | None:
    known = [p.kept_share_before for p in lines]
    shares = [share for share in known if share is not None]
    if len(shares) < len(known):
        return None
    return Share(sum(s.part for s in shares), sum(s.whole for s in shares))


def unlinked(said: Marked) -> Marked:
    """People's text so that no mail program makes a link of it: addresses go, dots are loosened."""
    return said.replace(_LINK, "[…]").replace(_DOT, "\\1\u2060")
