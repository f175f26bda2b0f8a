"""Ours, theirs or everyone's: whether competitors' negatives rose in the same hours; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean, variance
from typing import Any

from listener.domain.wording import Amount, Homonym, Wording
from listener.rules.spike.tails import volume_tail

LEAST_DAYS = 7  # of history, before a competitor can be compared
LEAST = 5  # negatives: three times almost nothing is still almost nothing
LIFT = 2.0
CHANCE = 0.01  # of all competitors together to seem to rise
NAMED_IN = 0.5  # of a brand's negatives that name the competitor too: it is the competitor's


class Whose(StrEnum):
    OURS = "ours"
    THEIRS = "theirs"
    EVERYONES = "everyones"
    UNKNOWN = "unknown"  # nobody to compare with


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """A competitor in the hours of a brand's spike. Counts are negatives with copies folded."""

    name: str
    negative: int
    before: tuple[int, ...]  # the same hours of the days before, one count for each day
    shared: int = 0  # of the brand's negatives, how many are about it too

    @property
    def usual(self) -> float:
        return fmean(self.before) if self.before else 0.0

    def p_value(self) -> float:
        """The chance of so many in such hours.

        A negative binomial of the mean and the variance of the days before, but at least a
        Poisson's; widened by what so few days leave unknown of the mean.
        """
        days = len(self.before)
        mean = (sum(self.before) + 0.5) / days
        spread = max(variance(self.before), mean)
        return volume_tail(self.negative, mean, spread * (1 + 1 / days))


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Whose trouble it is, in one sentence, with the counts behind it."""

    whose: Whose
    sentence: str = ""
    rivals: tuple[dict[str, Any], ...] = ()


def compare(subject: str, negatives: int, rivals: Sequence[Rival]) -> Compared:
    """Say whose trouble a brand's spike of so many `negatives` is.

    A competitor rose if chance explains it badly. It is theirs if half of our negatives name one
    that rose; everyone's if half of the competitors rose; else ours.
    """
    known = [rival for rival in rivals if len(rival.before) >= LEAST_DAYS]
    if not known:
        return Compared(whose=Whose.UNKNOWN)
    p_values = {rival.name: rival.p_value() for rival in known}
    rose = [r for r in known if _rose(r, p_values[r.name], len(known))]
    counts = tuple(
        {
            "subject": rival.name,
            "negative": rival.negative,
            "usual": round(rival.usual, 2),
            "shared": rival.shared,
            "p_value": p_values[rival.name],
            "rose": rival in rose,
        }
        for rival in known
    )
    whose = _whose(negatives, known, rose)
    return Compared(whose=whose, sentence=_sentence(whose, subject, known, rose), rivals=counts)


def _rose(rival: Rival, p_value: float, rivals: int) -> bool:
    enough = rival.negative >= max(LEAST, LIFT * rival.usual)
    return enough and p_value < CHANCE / rivals


def _whose(negatives: int, known: Sequence[Rival], rose: Sequence[Rival]) -> Whose:
    if any(rival.shared >= NAMED_IN * negatives for rival in rose):
        return Whose.THEIRS
    return Whose.EVERYONES if rose and 2 * len(rose) >= len(known) else Whose.OURS


def _sentence(whose: Whose, subject: str, known: Sequence[Rival], rose: Sequence[Rival]) -> str:
    if whose is Whose.THEIRS:
        cause = max(rose, key=lambda r: r.shared)
        return Wording(
            "It is about %(name)s too: %(shared)s of them name it, and %(told)s.",
            name=cause.name,
            shared=Amount(cause.shared),
            told=_told(cause),
        )
    told = in_turn(_told(r) for r in sorted(rose, key=lambda r: -r.negative)[:2])
    count = Amount(len(known))
    if whose is Whose.EVERYONES:
        return Wording("Not %(subject)s alone: %(told)s.", subject=subject, told=told)
    if rose:
        return Wording(
            "Mostly %(subject)s: of %(count)s competitors only %(told)s.",
            subject=subject,
            count=count,
            told=told,
        )
    if len(known) == 1:
        return Wording(
            "%(subject)s alone: %(name)s is as usual.", subject=subject, name=known[0].name
        )
    return Wording(
        "%(subject)s alone: %(count)s competitors are as usual.", subject=subject, count=count
    )


def _told(rival: Rival) -> str:
    return so_many(rival.name, rival.negative, rival.usual)


def so_many(name: str, negative: int, usual: float) -> Wording:
    """How many negatives a subject has, beside what is usual."""
    if usual < 1:
        return Wording(
            "%(name)s has %(negative)s, usually less than 1", name=name, negative=Amount(negative)
        )
    return Wording(
        "%(name)s has %(negative)s, usually %(usual)s",
        name=name,
        negative=Amount(negative),
        usual=Amount(f"{usual:.0f}"),
    )


def in_turn(told: Iterable[str]) -> str:
    """What is told of some subjects, one after the other. Empty of none."""
    first, *others = list(told) or [""]
    for one in others:
        first = Homonym("of clauses", "%(one)s and %(other)s", one=first, other=one)
    return first
