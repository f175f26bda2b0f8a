"""A brand's detector as it stands, and how far it was fed."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from listener.domain.times import from_text, to_text
from listener.rules.spike import Detector


@dataclass
class Watched:
    """A detector and how far it was fed."""

    detector: Detector
    touched: int = 0  # the newest count it has taken
    upto: datetime | None = None  # its open bucket
    fed: dict[str, tuple[int, int]] = field(default_factory=dict)  # what recent buckets gave it
    passed_over: int = 0  # mentions that came too late for it
    told: list[list[str]] = field(default_factory=list)  # gaps that are over: (since, until)

    def state(self) -> dict[str, Any]:
        return {
            "detector": self.detector.state(),
            "touched": self.touched,
            "upto": to_text(self.upto) if self.upto else None,
            "fed": self.fed,
            "passed_over": self.passed_over,
            "told": self.told,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "Watched":
        return cls(
            detector=Detector.from_state(state["detector"]),
            touched=state["touched"],
            upto=from_text(state["upto"]) if state["upto"] else None,
            fed={start: (m, n) for start, (m, n) in state["fed"].items()},
            passed_over=state["passed_over"],
            told=state.get("told", []),
        )


Memory = dict[int, Watched]  # by subject
