"""A subject's part of a report: its counts, days, topics or terms, themes and questions."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from listener.domain.digest import Counts, Day, Pattern, Question, SubjectWeek, Theme
from listener.domain.events import on_day
from listener.domain.incident import Quote
from listener.domain.subject import Role, Subject
from listener.domain.themes import Move
from listener.domain.themes.questions import most_asked
from listener.domain.vector import unpacked
from listener.domain.voice import Voice, quoted
from listener.domain.week import midnight
from listener.stages.report.reporting import Reporting
from listener.stages.report.spans import Spans
from listener.store import about, buckets, matches, reports, themes
from listener.store.connection import Db
from listener.texts.terms import risen_terms

QUOTED, QUOTE_LENGTH = 3, 240
THEMES = 5
MOST_COMPARED = 10_000  # texts of a period, for what is asked most, and words that rose
MOVES = (Move.NEW, Move.RISING, Move.FALLING, Move.STEADY, Move.UNKNOWN)


def subject_week(
    db: Db,
    subject: Subject,
    reporting: Reporting,
    spans: Spans,
    gaps: Sequence[buckets.Gap],
) -> SubjectWeek:
    topics = _topics(db, subject, reporting, spans)
    terms = not topics and subject.role is Role.BRAND
    return SubjectWeek(
        name=subject.name,
        role=subject.role,
        now=reports.counts(db, subject.id, spans.start, spans.end),
        before=reports.counts(db, subject.id, spans.before, spans.start)
        if measured_before(db, spans)
        else None,
        days=_days(db, subject, reporting, spans.end, gaps),
        topics=topics,
        terms=_terms(db, subject, reporting, spans) if terms else (),
        patterns=_patterns(db, subject, reporting, spans.end),
        questions=_questions(db, subject, reporting, spans),
    )


def _days(
    db: Db, subject: Subject, reporting: Reporting, end: datetime, gaps: Sequence[buckets.Gap]
) -> tuple[Day, ...]:
    zone = reporting.zone
    last = (end.astimezone(zone) - timedelta(hours=1)).date()
    dates = [last - timedelta(days=n) for n in reversed(range(14))]
    edges = [datetime(d.year, d.month, d.day, tzinfo=zone) for d in dates] + [end]
    counted = reports.days(db, subject.id, edges[0], end, zone)
    return tuple(
        Day(
            date=d,
            counts=counted.get(d, Counts()),
            measured=buckets.measured_share(edges[n], edges[n + 1], gaps),
            events=on_day(reporting.events, subject.name, d, zone),
        )
        for n, d in enumerate(dates)
    )


def measured_before(db: Db, spans: Spans) -> bool:
    """Whether anything was known in the period before, to compare with."""
    began = reports.first_said(db)
    return began is not None and began < spans.before + timedelta(days=1)


def _topics(db: Db, subject: Subject, reporting: Reporting, spans: Spans) -> tuple[Theme, ...]:
    now = by_topic(about.with_topics(db, subject.id, spans.start, spans.end))
    if not now:
        return ()
    before = by_topic(about.with_topics(db, subject.id, spans.before, spans.start))
    themes, shown = [], set[int]()
    for name, said in sorted(now.items(), key=lambda one: (-negatives(one[1]), -len(one[1]), one)):
        fresh = [one.mention_id for one in said if one.mention_id not in shown]
        told = about.most_telling(db, subject.id, fresh, QUOTED)
        shown.update(told)  # of two topics it is quoted once, where it weighs more
        earlier = before.get(name, [])
        themes.append(
            Theme(
                name=name,
                mentions=len(said),
                negative=negatives(said),
                mentions_before=len(earlier),
                negative_before=negatives(earlier),
                quotes=quotes_of(db, subject, told, reporting),
            )
        )
    return tuple(themes)


def by_topic(said: Iterable[about.About]) -> dict[str, list[about.About]]:
    """What was said of each topic; a mention of two is in both."""
    found: dict[str, list[about.About]] = {}
    for one in said:
        for topic in one.topics:
            found.setdefault(topic, []).append(one)
    return found


def negatives(said: Iterable[about.About]) -> int:
    return sum(one.sentiment == "negative" for one in said)


def telling_quotes(
    db: Db,
    subject: Subject,
    said: Iterable[about.About],
    reporting: Reporting,
    first: str = "negative",
) -> tuple[Quote, ...]:
    """The most telling of these, of the sentiment `first` before others."""
    ids = [one.mention_id for one in said]
    found = about.most_telling(db, subject.id, ids, QUOTED, first)
    return quotes_of(db, subject, found, reporting)


def _terms(db: Db, subject: Subject, reporting: Reporting, spans: Spans) -> tuple[Theme, ...]:
    """Where there are no topics: the words that rose among the negatives."""
    now, before = (
        matches.voices(db, subject.id, *span, sentiment="negative", limit=MOST_COMPARED)
        for span in ((spans.start, spans.end), (spans.before, spans.start))
    )
    firsts = [v for v in now if v.copy_of is None]
    known = subject.query.terms if subject.query else ()
    found = risen_terms(
        [v.text for v in firsts], [v.text for v in before], names=(subject.name, *known), k=THEMES
    )
    return tuple(
        Theme(
            name=term.word,
            mentions=term.texts,
            negative=term.texts,
            mentions_before=term.texts_before,
            negative_before=term.texts_before,
            quotes=_quotes([firsts[i] for i in term.examples], reporting),
        )
        for term in found
    )


def _patterns(db: Db, subject: Subject, reporting: Reporting, end: datetime) -> tuple[Pattern, ...]:
    """What was found without being looked for: what moved first, then what most is said of."""
    found = themes.newest(db, subject.id, end.astimezone(reporting.zone).date())
    found.sort(key=lambda t: (MOVES.index(t.move), -t.negative, -t.mentions))
    return tuple(
        Pattern(
            name=theme.name,
            mentions=theme.mentions,
            negative=theme.negative,
            people=theme.people,
            move=theme.move,
            before=theme.before,
            is_undefined=theme.is_undefined,
            quotes=quotes_of(db, subject, theme.examples, reporting),
        )
        for theme in found
        if timedelta(0) <= end - midnight(theme.until, reporting.zone) < timedelta(days=1)
    )


def _questions(
    db: Db, subject: Subject, reporting: Reporting, spans: Spans
) -> tuple[Question, ...]:
    if reporting.vectors is None or subject.role is not Role.BRAND:
        return ()
    said = themes.said(db, subject.id, spans.start, spans.end, reporting.vectors, MOST_COMPARED)
    asked = most_asked(
        [unpacked(s.vector) for s in said],
        [s.language for s in said],
        [s.person for s in said],
        [s.asks for s in said],
    )
    return tuple(
        Question(
            people=one.people,
            mentions=len(one.members),
            quotes=quotes_of(db, subject, [said[one.told].mention_id], reporting),
        )
        for one in asked
    )


def quotes_of(
    db: Db, subject: Subject, mention_ids: Sequence[int], reporting: Reporting
) -> tuple[Quote, ...]:
    return _quoted(matches.voices_by_id(db, subject.id, mention_ids), reporting)


def _quoted(voices: Sequence[Voice], reporting: Reporting) -> tuple[Quote, ...]:
    return tuple(quoted(v, QUOTE_LENGTH, mask=reporting.mask) for v in voices[:QUOTED])


def _quotes(voices: Sequence[Voice], reporting: Reporting) -> tuple[Quote, ...]:
    """The most telling: negative ones first, then those that reach most people."""
    best = sorted(
        (v for v in voices if v.copy_of is None),
        key=lambda v: (v.sentiment != "negative", -(v.followers or 0), v.said_at),
    )
    return _quoted(best, reporting)
