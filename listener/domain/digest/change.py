"""What moved by more than chance, and who is heard how much; pure."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from listener.domain.digest.lines import VoiceRow
from listener.domain.digest.subject import Share, SubjectWeek, Theme
from listener.domain.subject import Role

CHANCE = 0.05  # a change that chance makes oftener than this is not called one


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """From one share to another, in percentage points; `certain`: hardly by chance."""

    points: float
    p_value: float
    certain: bool


def change(now: Share, before: Share | None) -> Change | None:
    """How far a share moved; None where one of the two is a share of nothing.

    The chi-squared test of two proportions with Egon Pearson's N - 1, good down to expected
    counts of one (Campbell, 2007, Statistics in Medicine 26), at 95 %; two-sided.
    """
    if before is None or now.value is None or before.value is None:
        return None
    moved = now.value - before.value
    total = now.whole + before.whole
    pooled = (now.part + before.part) / total
    spread = pooled * (1 - pooled) * (1 / now.whole + 1 / before.whole) * total / (total - 1)
    p_value = math.erfc(abs(moved) / math.sqrt(2 * spread)) if spread > 0 else 1.0
    certain = now.tells and before.tells and p_value < CHANCE
    return Change(points=100 * moved, p_value=p_value, certain=certain)


def theme_change(theme: Theme, subject: SubjectWeek) -> Change | None:
    """How far a theme's part in everything said of the subject moved, negatives only."""
    if theme.negative_before is None or subject.labelled_before is None:
        return None
    return change(
        Share(theme.negative, subject.labelled),
        Share(theme.negative_before, subject.labelled_before),
    )


def got_better(subject: SubjectWeek) -> tuple[Theme, ...]:
    """The topics that fewer people complain of, by more than chance; the largest fall first."""
    moved = [(theme_change(theme, subject), theme) for theme in subject.topics]
    fell = [(c.points, t) for c, t in moved if c is not None and c.certain and c.points < 0]
    return tuple(theme for _, theme in sorted(fell, key=lambda pair: pair[0]))


def share_of_voice(subjects: Iterable[SubjectWeek]) -> tuple[VoiceRow, ...]:
    """Brands and competitors by mentions; empty where there is nobody to compare with.

    The share is net of comparisons; copies count, as everywhere in the digest.
    """
    heard = [s for s in subjects if s.role is not Role.INFLUENCER]
    total = sum(s.now.voice for s in heard)
    total_before = sum(s.before.voice for s in heard if s.before is not None)
    if total == 0 or len(heard) < 2:
        return ()
    rows = (
        VoiceRow(
            name=s.name,
            role=s.role,
            mentions=s.now.mentions,
            share=s.now.voice / total,
            share_before=s.before.voice / total_before if s.before and total_before else None,
            negative=s.now.negative,
            labelled=s.now.labelled,
        )
        for s in heard
    )
    return tuple(sorted(rows, key=lambda row: -row.mentions))
