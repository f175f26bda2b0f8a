"""Brands and competitors side by side over some days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from listener.domain.digest import PromiseLine, SubjectWeek, VoiceRow, share_of_voice
from listener.domain.measures import Figure
from listener.domain.measures.averages import star_average
from listener.domain.period import Period
from listener.domain.subject import Role, Subject
from listener.outlook.columns import Shares, Sounding, columns, shares, sounding, stars
from listener.outlook.desk import Desk, Outlook
from listener.outlook.subject import promises_of, week_of
from listener.store import comparisons, subjects

NAMED_MOST = 3  # topics that somebody is praised for, or blamed


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How much of a topic is praise, or blame."""

    topic: str
    mentions: int  # of that sentiment
    of: int  # all mentions of the topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """One of them. `voice` None: there is nobody to share it with, or nothing was said."""

    subject: Subject
    week: SubjectWeek
    voice: VoiceRow | None
    shares: Shares
    sounding: Sequence[Sounding]
    stars: Figure
    promises: Sequence[PromiseLine]  # of a brand
    praised: Sequence[Told]
    blamed: Sequence[Told]

    @property
    def is_brand(self) -> bool:
        return self.subject.role is Role.BRAND


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferred:
    """How many mentions put one subject above another; copies count once."""

    better: str
    worse: str
    mentions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All of them, brands first, and what was said of one beside the other."""

    period: Period
    rivals: Sequence[Rival]
    preferred: Sequence[Preferred]  # most often first


def side_by_side(outlook: Outlook, period: Period) -> Comparison:
    """Every brand and competitor that is followed."""
    with outlook.opened(period) as desk:
        heard = [one for one in subjects.listed(desk.db) if one.role is not Role.INFLUENCER]
        weeks = {one.id: week_of(desk, one) for one in heard}
        voices = {row.name: row for row in share_of_voice(weeks.values())}
        return Comparison(
            period=period,
            rivals=[_rival(desk, one, weeks[one.id], voices) for one in heard],
            preferred=_preferred(desk, {one.id: one.name for one in heard}),
        )


def _rival(
    desk: Desk, subject: Subject, week: SubjectWeek, voices: Mapping[str, VoiceRow]
) -> Rival:
    praised, blamed = _told(desk, subject, "positive"), _told(desk, subject, "negative")
    return Rival(
        subject=subject,
        week=week,
        voice=voices.get(subject.name),
        shares=shares(desk, subject.id, desk.days),
        sounding=sounding(desk, subject.id, columns(desk, subject.id, subject.name)),
        stars=star_average(stars(desk, subject.id, desk.days)),
        promises=promises_of(desk, subject),
        praised=praised,
        blamed=blamed,
    )


def _told(desk: Desk, subject: Subject, sentiment: str) -> list[Told]:
    found = [
        Told(topic=part.topic, mentions=getattr(tally, sentiment), of=tally.mentions)
        for part, tally in desk.parts(subject.id, desk.days).items()
        if part.topic
    ]
    found.sort(key=lambda one: (-one.mentions, one.of, one.topic))
    return [one for one in found[:NAMED_MOST] if one.mentions]


def _preferred(desk: Desk, names: Mapping[int, str]) -> list[Preferred]:
    return [
        Preferred(better=names[one.better], worse=names[one.worse], mentions=one.mentions)
        for one in comparisons.counted(desk.db, *desk.period.span)
        if one.better in names and one.worse in names
    ]
