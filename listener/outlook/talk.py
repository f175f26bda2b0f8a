"""What is talked about: topics that rise and fall, themes nobody defined, contradictions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from listener import named
from listener.domain.digest import Change, Question, SubjectWeek, Theme, theme_change
from listener.domain.period import Period
from listener.domain.subject import Subject
from listener.domain.themes import Theme as Found
from listener.domain.voice import Voice
from listener.domain.week import Week
from listener.outlook.desk import Desk, Outlook
from listener.outlook.subject import newest_questions, week_of
from listener.store import contradictions, matches, subjects, themes


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A topic that was defined. `change`: of its negatives in all that was said; None: unknown."""

    topic: Theme
    change: Change | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undefined:
    """A theme that was found, with the day it was first heard of, and one voice."""

    theme: Found
    first_on: date
    voice: Voice | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What was said of a subject. `contradicting`: reviews whose words deny their stars."""

    subject: Subject
    followed: Sequence[Subject]
    period: Period
    week: SubjectWeek
    topics: Sequence[Moved]
    themes: Sequence[Undefined]
    contradicting: int
    asked: tuple[Week, Sequence[Question]] | None


def of_subject(outlook: Outlook, name: str, period: Period) -> Talk | None:
    """What was said of a subject, or of the first one (name empty); None where none is followed.

    Raises UsageError for a subject that is not followed.
    """
    with outlook.opened(period) as desk:
        followed = subjects.listed(desk.db)
        if not followed:
            return None
        number = named.subject(desk.db, name) if name else followed[0].id
        subject = next(one for one in followed if one.id == number)
        week = week_of(desk, subject)
        return Talk(
            subject=subject,
            followed=followed,
            period=period,
            week=week,
            topics=_moved(week),
            themes=_undefined(desk, subject),
            contradicting=contradictions.counted(desk.db, number, *period.span),
            asked=newest_questions(desk.db, subject.name),
        )


def _moved(week: SubjectWeek) -> list[Moved]:
    """Those that surely moved first, the largest move first; then by how much is said."""
    found = [Moved(topic=topic, change=theme_change(topic, week)) for topic in week.topics]

    def order(one: Moved) -> tuple[bool, float, int]:
        certain = one.change is not None and one.change.certain
        points = abs(one.change.points) if one.change and certain else 0.0
        return not certain, -points, -one.topic.mentions

    return sorted(found, key=order)


def _undefined(desk: Desk, subject: Subject) -> list[Undefined]:
    """The themes of the newest window within the period, those that nobody defined first."""
    until = desk.period.last
    found = themes.newest(desk.db, subject.id, until)
    first = themes.first_heard(desk.db, [one.id for one in found])
    examples = [one.examples[0] for one in found if one.examples]
    voices = {v.id: v for v in matches.voices_by_id(desk.db, subject.id, examples)}
    return [
        Undefined(
            theme=one,
            first_on=first[one.id],
            voice=voices.get(one.examples[0]) if one.examples else None,
        )
        for one in sorted(found, key=lambda one: (not one.is_undefined, -one.mentions))
    ]
