"""What a period amounts to, in a sentence's worth; pure."""

from dataclasses import dataclass, replace
from enum import StrEnum

from listener.domain.digest.change import Change, change, theme_change
from listener.domain.digest.data import DigestData
from listener.domain.digest.subject import TELLING, SubjectWeek, Theme
from listener.domain.label import Sentiment


class Outcome(StrEnum):
    """What a period amounts to, in one word."""

    NOTHING = "nothing"  # nobody said anything, and we listened
    UNHEARD = "unheard"  # nothing came in, and we did not listen all the time
    QUIET = "quiet"  # nobody said anything a team looks after, yet it had something to do
    FEW = "few"
    FIRST = "first"  # nothing to compare with
    STEADY = "steady"  # no more than chance
    WORSE = "worse"
    BETTER = "better"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One sentence's worth of a subject's period; `cause`: what the negatives are mostly about."""

    outcome: Outcome
    subject: SubjectWeek
    change: Change | None = None
    cause: Theme | None = None
    rose: bool = False  # the cause is what grew most, and may not be what is largest


CAUSE_AT_LEAST = 0.25  # a theme in fewer of the negatives is no cause


def verdict(data: DigestData) -> Verdict | None:
    """The verdict on the brand that got worse the most, else on the first; None without one.

    On a team's digest: on what it looks after.
    """
    found = [verdict_on(brand, fully_read=data.fully_read) for brand in data.brands]
    worse = [v for v in found if v.outcome is Outcome.WORSE and v.change is not None]
    if worse:
        return max(worse, key=lambda v: v.change.points if v.change else 0.0)
    first = next((v for v in found if v.subject.now.mentions), found[0] if found else None)
    silent = first is not None and not first.subject.now.mentions
    if data.team and first is not None and silent and (data.waited or data.spikes):
        return replace(first, outcome=Outcome.QUIET)
    return first


def verdict_on(subject: SubjectWeek, *, fully_read: bool) -> Verdict:
    now = subject.now.share(Sentiment.NEGATIVE)
    moved = change(now, subject.before.share(Sentiment.NEGATIVE) if subject.before else None)
    if subject.now.mentions == 0:
        outcome = Outcome.NOTHING if fully_read else Outcome.UNHEARD
    elif not now.tells:
        outcome = Outcome.FEW
    elif moved is None or subject.before is None or subject.before.labelled < TELLING:
        outcome = Outcome.FIRST
    elif not moved.certain:
        outcome = Outcome.STEADY
    else:
        outcome = Outcome.WORSE if moved.points > 0 else Outcome.BETTER
    top = max(subject.topics or subject.terms, key=lambda t: t.negative, default=None)
    grown = _grown_most(subject) if outcome is Outcome.WORSE else None
    cause = next((one for one in (grown, top) if one is not None and _weighs(one, subject)), None)
    rose = cause is not None and cause is grown and cause is not top
    return Verdict(outcome=outcome, subject=subject, change=moved, cause=cause, rose=rose)


def _grown_most(subject: SubjectWeek) -> Theme | None:
    """What explains a rise: what is largest, period after period, does not."""
    moved = [(theme_change(t, subject), t) for t in subject.topics or subject.terms]
    rose = [(c.points, t) for c, t in moved if c is not None and c.certain and c.points > 0]
    return max(rose, key=lambda pair: pair[0], default=(0.0, None))[1]


def _weighs(theme: Theme, subject: SubjectWeek) -> bool:
    return theme.negative >= max(3.0, CAUSE_AT_LEAST * subject.now.negative)
