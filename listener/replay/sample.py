"""An invented digest, made at once: for a look at how one is laid out.

The brand and what people say of it are the demo's, in the digest's language; the figures were made
up so that they agree with each other.
"""

from datetime import datetime, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from listener.collectors.demo.phrasebook import Tone
from listener.collectors.demo.world import BOOKS, BRAND, PEOPLE, RIVAL, names
from listener.domain.digest import (
    Counts,
    Day,
    DigestData,
    Gap,
    Pattern,
    PromiseLine,
    Question,
    RecoveryLine,
    SourceRow,
    SpikeLine,
    SubjectWeek,
    Theme,
    share_of_voice,
)
from listener.domain.incident import Quote, Severity
from listener.domain.mention import Channel
from listener.domain.subject import Role
from listener.domain.themes import Move
from listener.domain.week import Schedule

_HOUR: Final = timedelta(hours=1)
_PARTS: Final = (  # negative, neutral and positive of a usual week, and of one with a crisis
    (9, 18, 15), (8, 17, 14), (10, 19, 13), (9, 21, 16), (11, 18, 17), (7, 12, 12), (6, 11, 10),
    (10, 19, 14), (9, 17, 15), (64, 38, 9), (31, 27, 11), (14, 19, 13), (8, 13, 11), (7, 12, 12),
)  # fmt: skip
_CRISIS: Final = 9  # the day that it began on
_PROMISES: Final = (
    PromiseLine(
        channel=Channel.SOCIAL, within=_HOUR, due=158, kept=121, late=34, open=3, overdue=2,
        oldest_open_h=5.4, average_first_response_s=2710.0, median_first_response_s=1864.0,
        n=155, kept_before=66, late_before=9,
    ),
    PromiseLine(
        channel=Channel.REVIEW, within=timedelta(days=7), due=24, kept=21, late=1, open=2,
        oldest_open_h=90.0, average_first_response_s=151_000.0,
        median_first_response_s=122_000.0, n=22, kept_before=15, late_before=4,
    ),
)  # fmt: skip


def sample(schedule: Schedule, zone: ZoneInfo, language: str, now: datetime) -> DigestData:
    """The digest of the newest period that is due, as it could have been."""
    week = schedule.newest_due(now, zone)
    start, end = schedule.span(week, zone)
    rival = SubjectWeek(
        name=RIVAL, role=Role.COMPETITOR, now=_counts(52, 88, 61), before=_counts(55, 84, 63)
    )
    subjects = (_brand(_Said(language, end), end, zone), rival)
    return DigestData(
        week=week,
        every=schedule.every,
        start=start,
        end=end,
        zone=zone.key,
        language=language,
        made_at=schedule.due_at(week, zone),
        subjects=subjects,
        coverage=(Gap(source="reddit", start=end - 60 * _HOUR, end=end - 53 * _HOUR),),
        sources=(
            SourceRow(name="x", mentions=262, negative=104, last_success=end, month_usd=31.2),
            SourceRow(name="play", mentions=61, negative=22, last_success=end),
            SourceRow(name="reddit", mentions=50, negative=17, last_success=end),
        ),
        spikes=(_spike(end),),
        promises=_PROMISES,
        recoveries=(
            RecoveryLine(subject=BRAND, up=4, down=1, before=1.6, after=3.8, median_s=190_000.0),
        ),
        share_of_voice=share_of_voice(subjects),
        late_arrivals=3,
    )


def _counts(negative: int, neutral: int, positive: int) -> Counts:
    return Counts(
        mentions=negative + neutral + positive,
        negative=negative,
        neutral=neutral,
        positive=positive,
    )


def _of(parts: tuple[tuple[int, int, int], ...]) -> Counts:
    return _counts(*map(sum, zip(*parts, strict=True)))


class _Said:
    """What people of the demo say in one language; the same each time."""

    def __init__(self, language: str, end: datetime) -> None:
        self._book = BOOKS["zh" if language == "zh-Hans" else language]
        self._end = end
        self._chance = Random(1)  # noqa: S311  # no secret; the same each time
        self._told = 0

    def quote(self, source: str, tone: Tone, number: int = 0) -> Quote:
        """One of the sentences of a tone; the first ones are about the same in all languages."""
        self._told += 1
        text = self._book.bodies[tone][number]
        return Quote(
            name=f"{source}:{1000 + self._told}",
            author=self._chance.choice(PEOPLE[self._book.language]),
            text=self._book.fill(text, names(self._book, BRAND), self._chance),
            said_at=self._end - self._told * 7 * _HOUR,
        )


def _brand(said: _Said, end: datetime, zone: ZoneInfo) -> SubjectWeek:
    last = (end - _HOUR).astimezone(zone).date()
    return SubjectWeek(
        name=BRAND,
        role=Role.BRAND,
        now=_of(_PARTS[7:]),
        before=_of(_PARTS[:7]),
        days=tuple(
            Day(
                date=last - timedelta(days=13 - number),
                counts=_counts(*part),
                measured=0.71 if number == _CRISIS + 3 else 1.0,
            )
            for number, part in enumerate(_PARTS)
        ),
        topics=(
            Theme(
                name="billing", mentions=102, negative=81, mentions_before=6, negative_before=4,
                quotes=(said.quote("x", Tone.OUTAGE), said.quote("reddit", Tone.OUTAGE, 1)),
            ),
            Theme(
                name="delay", mentions=71, negative=28, mentions_before=64, negative_before=25,
                quotes=(said.quote("x", Tone.COMPLAINT), said.quote("play", Tone.BAD_REVIEW)),
            ),
            Theme(name="staff", mentions=66, negative=6, mentions_before=48, negative_before=17),
        ),
        patterns=(
            Pattern(
                name="wifi", mentions=24, negative=9, people=22, move=Move.NEW, before=0.0,
                is_undefined=True,
            ),
        ),
        questions=(
            Question(people=12, mentions=14, quotes=(said.quote("x", Tone.QUESTION),)),
        ),
    )  # fmt: skip


def _spike(end: datetime) -> SpikeLine:
    began = end - timedelta(days=4) - 13 * _HOUR
    return SpikeLine(
        subject=BRAND,
        title=f"{BRAND}: 31 negative mentions in 60 min",
        severity=Severity.HIGH,
        opened_at=began,
        resolved_at=began + 6 * _HOUR,
        peak_mentions=38,
        peak_negative=31,
        rule="spike",
        window_minutes=60,
        expected=1.2,
        authors=27,
        topics=("billing",),
    )
