"""When things happen in the demo: its days, and the hours of the praise and of the crisis."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

HOME: Final = ZoneInfo("Europe/Budapest")  # where the public of the demo sleeps and wakes
FEWEST_DAYS: Final = 4  # the detector learns a day, then the praise, the crisis, and its end
NEXT_DAYS: Final = 18  # after the told story the same happens again in every so many days


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One demo: everything in it follows from these fields.

    Its days are numbered and are those of the calendar at `HOME`; day 0 is the one `epoch` is in,
    and nothing is said before `epoch`.
    """

    seed: int
    epoch: datetime
    days: int = 14
    crisis: bool = True
    source: str = "demo"

    def __post_init__(self) -> None:
        if self.days < FEWEST_DAYS:
            raise ValueError(f"a demo takes at least {FEWEST_DAYS} days, not {self.days}")

    def number(self, moment: datetime) -> int:
        """The day a moment is in."""
        return (_date(moment) - _date(self.epoch)).days

    def starts(self, number: int) -> datetime:
        return self._at(number, time())

    def praise_at(self, number: int) -> datetime | None:
        """When the influencer praises the brand on this day, if that is the day."""
        first, length, rng = self._chapter(number, "praise")
        if number != first + round(length * 5 / 14):
            return None
        return self._at(number, _about(rng, time(12)))

    def crisis_at(self, number: int) -> datetime | None:
        """When the crisis starts on this day, if that is the day."""
        first, length, rng = self._chapter(number, "crisis")
        wanted = round(length * 10 / 14) + (rng.choice((-1, 0, 1)) if length >= 14 else 0)
        if not self.crisis or number != first + min(wanted, length - 2):
            return None
        return self._at(number, _about(rng, time(17)))

    def _chapter(self, number: int, thing: str) -> tuple[int, int, Random]:
        """The first day and the length of the chapter a day is in, and its dice for a thing."""
        if number < self.days:
            first, length = 0, self.days
        else:
            first, length = number - (number - self.days) % NEXT_DAYS, NEXT_DAYS
        return first, length, Random(f"{self.seed}:{thing}:{first}")  # noqa: S311 a story, no secret

    def _at(self, number: int, clock: time) -> datetime:
        day = _date(self.epoch) + timedelta(days=number)
        return datetime.combine(day, clock, HOME).astimezone(UTC)


def _date(moment: datetime) -> date:
    return moment.astimezone(HOME).date()


def _about(rng: Random, clock: time) -> time:
    """Within an hour and a half of a time of day."""
    minutes = clock.hour * 60 + rng.randint(-90, 90)
    return time(minutes // 60, minutes % 60)
