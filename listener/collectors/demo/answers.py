"""How the brand's support answers: much within the promise, some too late, some never."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from listener.collectors.demo.phrasebook import NEGATIVE, QUESTIONS, REVIEWS, Reply, Tone
from listener.collectors.demo.plan import HOME

LONGEST: Final = timedelta(days=10)  # no answer comes later

_AUTOMATIC_SHARE: Final = 0.1  # of what gets an answer is acknowledged by a machine first


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """How a kind of mention is answered. What is neither in time nor late never is."""

    reply: Reply
    in_time: float  # share
    soon: tuple[float, float]  # after so many minutes, from and to
    late: float = 0.0
    later: tuple[float, float] = (65, 300)


_DAY: Final = 24 * 60
_BY_DAY: Final = Habit(reply=Reply.HELP, in_time=0.64, soon=(4, 55), late=0.2)
_BY_NIGHT: Final = Habit(reply=Reply.HELP, in_time=0.3, soon=(15, 58), late=0.5, later=(90, 540))
_SWAMPED: Final = Habit(reply=Reply.OUTAGE, in_time=0.3, soon=(22, 59), late=0.42, later=(63, 420))
_GLAD: Final = Habit(reply=Reply.GLAD, in_time=0.1, soon=(10, 240))
_REVIEW: Final = Habit(
    reply=Reply.REVIEW,
    in_time=0.6,
    soon=(0.3 * _DAY, 6.5 * _DAY),
    late=0.12,
    later=(7.1 * _DAY, 9.5 * _DAY),
)
_GLAD_REVIEW: Final = Habit(reply=Reply.GLAD, in_time=0.2, soon=(0.5 * _DAY, 4 * _DAY))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What support will say, and when."""

    at: datetime
    reply: Reply
    acknowledged_at: datetime | None  # by a machine, before


def answer_to(tone: Tone, said_at: datetime, rng: Random) -> Answer | None:
    """Decide whether, when and how support answers something said about the brand."""
    habit = _habit(tone, said_at)
    luck = rng.random()
    if habit is None or luck >= habit.in_time + habit.late:
        return None
    least, most = habit.soon if luck < habit.in_time else habit.later
    after = least + (most - least) * rng.random() ** 1.5  # rather soon than late
    acknowledged = None
    if tone not in REVIEWS and rng.random() < _AUTOMATIC_SHARE:
        acknowledged = said_at + timedelta(seconds=rng.randint(20, 120))
    at = said_at + timedelta(seconds=round(after * 60))
    return Answer(at=at, reply=habit.reply, acknowledged_at=acknowledged)


def _habit(tone: Tone, said_at: datetime) -> Habit | None:
    if tone in REVIEWS:
        return _REVIEW if tone in NEGATIVE else _GLAD_REVIEW
    if tone in (Tone.OUTAGE, Tone.OUTAGE_QUESTION):
        return _SWAMPED
    if tone in NEGATIVE or tone in QUESTIONS:
        return _BY_DAY if 7 <= said_at.astimezone(HOME).hour < 22 else _BY_NIGHT
    return _GLAD if tone in (Tone.PRAISE, Tone.CHEER) else None
