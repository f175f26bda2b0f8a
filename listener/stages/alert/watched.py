"""What is watched of a brand: a detector for the whole and for its parts, and how far each is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from listener.domain.part import WHOLE, Part
from listener.domain.times import from_text_or_none, to_text
from listener.rules.spike import Detector
from listener.store.detectors import Remembered


@dataclass
class Series:
    """The detector of one part, and what it was told of."""

    detector: Detector
    upto: datetime | None = None  # its open bucket; None: nothing was ever said or read
    told: list[list[str]] = field(default_factory=list)  # gaps that are over: (since, until)
    events: list[list[Any]] = field(default_factory=list)  # (since, until, set, learn, factor)

    def state(self) -> dict[str, Any]:
        return {
            "detector": self.detector.state(),
            "upto": to_text(self.upto) if self.upto else None,
            "told": self.told,
            "events": self.events,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "Series":
        return cls(
            Detector.from_state(state["detector"]),
            from_text_or_none(state["upto"]),
            state["told"],
            state["events"],
        )


@dataclass
class Watched:
    """All that is watched of one brand; without a series, nothing was learned yet."""

    series: dict[Part, Series] = field(default_factory=dict)  # the whole, and its parts
    touched: int = 0  # the newest count they have taken
    passed_over: int = 0  # slices that came too late for them
    chosen: list[int] = field(default_factory=list)  # when its parts were: day, and hour

    @property
    def whole(self) -> Series | None:
        return self.series.get(WHOLE)

    @property
    def upto(self) -> datetime | None:
        return self.whole.upto if self.whole is not None else None

    @property
    def parts(self) -> dict[Part, Series]:
        return {part: one for part, one in self.series.items() if not part.is_whole}

    @property
    def alerting(self) -> bool:
        return any(one.detector.alerting for one in self.series.values())

    def remembered(self, subject_id: int) -> list[Remembered]:
        """The rows that keep it; the whole's says what belongs to all."""
        rows = []
        for part, one in self.series.items():
            state = one.state()
            if part.is_whole:
                state |= {
                    "touched": self.touched,
                    "passed_over": self.passed_over,
                    "chosen": self.chosen,
                }
            rows.append(Remembered(subject_id, part, state, one.detector.alerting))
        return rows

    @classmethod
    def of(cls, rows: Iterable[Remembered], sensitivity: str) -> "Watched":
        """What these rows keep; nothing at all if they are another version's or setting's."""
        watched = cls()
        try:
            for _, part, state, _ in rows:
                kept = dict(state)
                watched.series[part] = Series.from_state(kept)
                if part.is_whole:
                    watched.touched, watched.passed_over = kept["touched"], kept["passed_over"]
                    watched.chosen = kept["chosen"]
        except (ValueError, KeyError):
            return cls()
        same = all(s.detector.sensitivity == sensitivity for s in watched.series.values())
        return watched if same and watched.whole is not None else cls()


@dataclass
class Memory:
    """What is watched of all brands as the database has it, to spare reading it at every look.

    What is not there is read again. A brand on which nothing was said is advanced here alone: the
    detector that is read from the database takes the same way in one step. What is not `kept` lives
    here alone.
    """

    brands: dict[int, Watched] = field(default_factory=dict)
    kept: bool = True  # in the database; False: nobody goes on with it later
    taken: int | None = None  # the newest count that all have taken
    upto: datetime | None = None  # where all are
    behind: set[int] = field(default_factory=set)  # those that failed
    first_read: datetime | None = None
    gaps_over: set[tuple[str, datetime, datetime]] = field(default_factory=set)  # that all know

    @property
    def alerting(self) -> bool:
        return any(one.alerting for one in self.brands.values())
