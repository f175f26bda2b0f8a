"""One subject over some days."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from listener import named
from listener.daybook import LASTING
from listener.domain.actions import Standing
from listener.domain.digest import COMPANY, Counts, PromiseLine, Question, RecoveryLine, SubjectWeek
from listener.domain.digest import Theme as Topic
from listener.domain.incident import Incident
from listener.domain.measures import Figure
from listener.domain.measures.averages import star_average
from listener.domain.mention import Channel
from listener.domain.part import EVERY, Part
from listener.domain.period import Period, Span
from listener.domain.promise import calendars_of
from listener.domain.subject import Role, Subject
from listener.domain.week import Week
from listener.outlook.columns import Column, Shares, Sounding, columns, shares, sounding, stars
from listener.outlook.desk import Desk, Outlook, counts_of
from listener.stages.report.promises import promise_line, recovery_lines
from listener.store import authors, daily, digests, incidents, matches, speakers, subjects
from listener.store.authors import Asked, Author
from listener.store.connection import Db
from listener.store.daily import Tally
from listener.store.reports import Fared, fared, together

MOST_PEOPLE: Final = 8
MOST_SPEAKERS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """A promoter or a critic, as the digest finds them."""

    author: str | None
    mentions: int
    negative: int
    positive: int
    reach: int
    answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who was heard most, who spoke for the subject and who against it, up to a moment."""

    span: Span
    heard: Sequence[Author]
    promoters: Sequence[Speaker]
    critics: Sequence[Speaker]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectOutlook:
    """`week` has the counts of the period and of the time before, and the topics in both."""

    subject: Subject
    period: Period
    week: SubjectWeek
    measured: float
    columns: Sequence[Column]
    sounding: Sequence[Sounding]  # of the same columns
    shares: Shares
    channels: Sequence[tuple[str, Counts]]  # most mentions first
    intents: Counter[str]
    stars: Figure
    recovery: RecoveryLine | None
    promises: Sequence[PromiseLine]
    incidents: Sequence[Incident]  # newest first
    people: People
    asked: tuple[Week, Sequence[Question]] | None  # what the newest digest found


def of_subject(outlook: Outlook, name: str, period: Period) -> SubjectOutlook:
    """Raises UsageError for a subject that is not followed."""
    with outlook.opened(period) as desk:
        number = named.subject(desk.db, name)
        subject = next(one for one in subjects.listed(desk.db) if one.id == number)
        found = columns(desk, number, subject.name)
        days = desk.days
        return SubjectOutlook(
            subject=subject,
            period=period,
            week=week_of(desk, subject),
            measured=_measured(found),
            columns=found,
            sounding=sounding(desk, number, found),
            shares=shares(desk, number, days),
            channels=_channels(desk, number),
            intents=_intents(desk, number),
            stars=star_average(stars(desk, number, days)),
            recovery=next(recovery_lines(desk.db, [subject], *period.span), None),
            promises=promises_of(desk, subject),
            incidents=_incidents(desk, number),
            people=_people(desk, number),
            asked=newest_questions(desk.db, subject.name),
        )


def week_of(desk: Desk, subject: Subject) -> SubjectWeek:
    """A subject's counts and topics, now and in the time before, as a digest compares them."""
    now = desk.parts(subject.id, desk.days)
    known = desk.is_known_before
    earlier = desk.parts(subject.id, desk.days_before) if known else {}
    names = {part.topic for part in (*now, *earlier) if part.topic}
    topics = (_topic(name, now, earlier if known else None) for name in names)
    return SubjectWeek(
        name=subject.name,
        role=subject.role,
        now=desk.counts(subject.id, desk.days),
        before=desk.counts(subject.id, desk.days_before) if known else None,
        topics=tuple(sorted(topics, key=lambda t: (-t.negative, -t.mentions, t.name))),
    )


def promises_of(desk: Desk, subject: Subject) -> list[PromiseLine]:
    """How a brand's promises fared, channel by channel; nobody else makes any."""
    if subject.role is not Role.BRAND:
        return []
    now = _fared(desk, subject.id, desk.days)
    before = _fared(desk, subject.id, desk.days_before)
    lines = []
    for channel, promise in desk.known.promises.items():
        kept, earlier = (together(days.get(channel, ()), desk.now) for days in (now, before))
        line = promise_line(Channel(channel), promise.within, kept, earlier, desk.now)
        if line.due or sum(earlier.states.values()):
            lines.append(line)
    return lines


def _fared(desk: Desk, subject_id: int, spans: Sequence[Span]) -> dict[str, list[Fared]]:
    """By channel, how the clocks of each day fared."""
    calendars = calendars_of(desk.known.promises.values())
    looked = int(desk.now.timestamp() // LASTING.total_seconds())

    def look(db: Db, subject_id: int, since: datetime, until: datetime) -> dict[str, Fared]:
        return fared(db, subject_id, since, until, calendars)

    found: dict[str, list[Fared]] = {}
    for span in spans:
        for channel, one in desk.page.of(("clocks", looked), subject_id, span, look).items():
            found.setdefault(channel, []).append(one)
    return found


def _topic(name: str, now: dict[Part, Tally], before: dict[Part, Tally] | None) -> Topic:
    part, nothing = Part(EVERY, name), Tally()
    tally = now.get(part, nothing)
    earlier = before.get(part, nothing) if before is not None else None
    return Topic(
        name=name,
        mentions=tally.mentions,
        negative=tally.negative,
        mentions_before=earlier.mentions if earlier else None,
        negative_before=earlier.negative if earlier else None,
    )


def _measured(found: Sequence[Column]) -> float:
    lasted = [column.step.span.until - column.step.span.since for column in found]
    heard = (one.measured * span for one, span in zip(found, lasted, strict=True))
    return sum(heard, timedelta()) / max(sum(lasted, timedelta()), timedelta(seconds=1))


def _channels(desk: Desk, subject_id: int) -> list[tuple[str, Counts]]:
    parts = desk.parts(subject_id, desk.days)
    found = [
        (part.channel, counts_of(tally)) for part, tally in parts.items() if part.channel != EVERY
    ]
    return sorted(found, key=lambda one: -one[1].mentions)


def _intents(desk: Desk, subject_id: int) -> Counter[str]:
    found = Counter[str]()
    for span in desk.days:
        found += desk.page.of("intents", subject_id, span, daily.intents)
    return found


def _incidents(desk: Desk, subject_id: int) -> list[Incident]:
    found = incidents.between(desk.db, *desk.period.span)
    return [one for one in reversed(found) if one.subject_id == subject_id]


def _people(desk: Desk, subject_id: int) -> People:
    """Up to the last full hour: to look them up means to read all that was said."""
    since, until = desk.period.span
    hour = desk.now.replace(minute=0, second=0, microsecond=0)
    span = Span(since, min(until, hour) if hour > since else until)
    return desk.page.for_a_while(("people", hour), subject_id, span, _people_of)


def _people_of(db: Db, subject_id: int, since: datetime, until: datetime) -> People:
    span = Span(since, until)
    asked = Asked([subject_id], span.since, until=span.until, limit=MOST_PEOPLE)
    return People(
        span=span,
        heard=authors.heard(db, asked),
        promoters=_speakers(db, subject_id, span, Standing.PROMOTER),
        critics=_speakers(db, subject_id, span, Standing.CRITIC),
    )


def _speakers(db: Db, subject_id: int, span: Span, standing: Standing) -> list[Speaker]:
    found = speakers.spoke(db, subject_id, *span, standing, MOST_SPEAKERS)
    firsts = [one.mention_ids[0] for one in found]
    names = {one.id: one.author for one in matches.voices_by_id(db, subject_id, firsts)}
    return [
        Speaker(
            author=names.get(one.mention_ids[0]),
            mentions=one.mentions,
            negative=one.negative,
            positive=one.positive,
            reach=one.reach,
            answered=one.answered,
        )
        for one in found
    ]


def newest_questions(db: Db, name: str) -> tuple[Week, Sequence[Question]] | None:
    """What is asked most of a subject, as the newest digest found it; None where it found none."""
    week = digests.last_week(db, COMPANY)
    told = digests.data_of(db, week) if week else None
    mine = next((one for one in told.subjects if one.name == name), None) if told else None
    return (week, mine.questions) if week and mine and mine.questions else None
