"""Recording stand-ins behind the Protocols: they keep what they get, and do as they are told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from listener.domain.incident import Event, Notice
from listener.domain.mention import Batch, Channel
from listener.errors import CollectorError
from listener.notifiers.base import Digest, Receipt, Sending

if TYPE_CHECKING:
    from classifiers import Poison, Prediction
    from listener.domain.vector import Vector


@dataclass
class FakeNotifier:
    """A way out that takes everything, but for the errors that were put into `troubles`.

    `taken_anyway`: an attempt that ends in an error has been taken all the same.
    """

    name: str = "slack"
    hears_alerts: bool = True
    edits: bool = True
    calls: bool = True
    at_least_seconds_apart: float = 0.0
    troubles: list[Exception] = field(default_factory=list)
    taken_anyway: bool = False
    attempts: list[Sending] = field(default_factory=list)
    taken: list[Notice] = field(default_factory=list)
    digests: list[Digest] = field(default_factory=list)
    looked_up: list[str] = field(default_factory=list)
    redrawn: list[tuple[Receipt, Sending]] = field(default_factory=list)

    def send_incident(self, sending: Sending) -> Receipt:
        self.attempts.append(sending)
        missing = [sending.notice, *sending.also]
        if sending.unclear:
            self.looked_up += [one.id for one in missing]
            there = {one.id for one in self.taken}
            missing = [one for one in missing if one.id not in there]
            if not missing:
                return Receipt(place="#cx", ref=sending.notice.id)
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble is None or self.taken_anyway:
            self.taken += missing
        if trouble is not None:
            raise trouble
        return Receipt(place="#cx", ref=sending.notice.id)

    def redraw(self, at: Receipt, sending: Sending) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        self.redrawn.append((at, sending))

    def send_digest(self, digest: Digest) -> Receipt:
        if self.troubles:
            raise self.troubles.pop(0)
        self.digests.append(digest)
        return Receipt(place=digest.recipient, ref=digest.id)

    def check(self) -> str:
        return "takes everything"

    def events(self) -> list[Event]:
        return [notice.event for notice in self.taken]


@dataclass
class FakeCollector:
    """A source that gives the pages it was given, in order; an error among them is raised."""

    pages: Sequence[Batch | Exception] = ()
    name: str = "x"
    service: str = "x"
    channel: Channel = Channel.SOCIAL
    every: timedelta = timedelta(minutes=2)
    asked: list[Mapping[str, Any] | None] = field(default_factory=list)
    noted: list[Batch] = field(default_factory=list)

    def fetch(self, cursor: Mapping[str, Any] | None, now: datetime) -> Batch:
        self.asked.append(cursor)
        at = len(self.asked) - 1
        page = self.pages[at] if at < len(self.pages) else Batch()
        if isinstance(page, BaseException):
            raise page
        return page

    def committed(self, batch: Batch) -> None:
        self.noted.append(batch)

    def check(self) -> str:
        return f"{len(self.pages)} pages"


@dataclass
class PaidCollector(FakeCollector):
    """One whose pages cost something."""

    monthly_budget_usd: float | None = None
    page_usd: float = 0.0
    canary_usd: float = 0.0


def failing(error: CollectorError, **more: Any) -> FakeCollector:
    return FakeCollector(pages=[error] * 100, **more)


def by_word(text: str) -> str:
    """The label of a text that says what it is."""
    return next((one for one in ("negative", "positive") if one in text), "neutral")


@dataclass
class FakeModel:
    """A model that reads the label in the text, and cannot bear the word poison."""

    version: str = "fake@1"
    read: list[str] = field(default_factory=list)
    label_of: Callable[[str], str] = by_word
    confidence: float = 0.9

    def predict_each(self, texts: Sequence[str]) -> "list[Prediction | Poison]":
        from classifiers import Poison  # noqa: PLC0415  # as no door loads a model

        self.read += texts
        return [
            Poison("it hangs", deaths=3)
            if "poison" in text
            else _prediction(self.label_of(text), self.confidence)
            for text in texts
        ]

    def close(self) -> None:
        """Nothing runs."""


def _prediction(label: str, confidence: float) -> "Prediction":
    from classifiers import Prediction  # noqa: PLC0415

    rest = (1 - confidence) / 2
    shares = {
        name: confidence if name == label else rest for name in ("negative", "neutral", "positive")
    }
    return Prediction(label=label, **shares)


@dataclass
class FakeEmbedder:
    """Texts point to flights or to films by their words; it cannot bear the word venom."""

    version: str | None = "fake@1"
    read: list[str] = field(default_factory=list)

    def embed(self, texts: Sequence[str]) -> "list[Vector | None]":
        self.read += texts
        return [None if "venom" in text else _vector(text) for text in texts]


def _vector(text: str) -> "Vector":
    made = np.full(8, 0.5)
    made[0] += sum(word in text for word in ("airline", "flight", "bag"))
    made[1] += sum(word in text for word in ("cartoon", "film", "draw"))
    made[2] += sum(word in text for word in ("glue", "shop"))
    return np.asarray(made / np.linalg.norm(made), np.float32)
