"""What every classifier is: texts in, three probabilities out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

LABELS: Final = ("negative", "neutral", "positive")


class ClassifierError(ValueError):
    """A classifier cannot be had, or cannot do what it was asked; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """The sentiment of one text: `label` is the likeliest, the probabilities sum to 1."""

    label: str  # one of LABELS
    negative: float
    neutral: float
    positive: float

    @classmethod
    def of(cls, negative: float, neutral: float, positive: float) -> "Prediction":
        """Name the likeliest of three probabilities; a tie is told as the more cautious label.

        Neutral wins over the two others, negative over positive: an alarm wants a reason.
        """
        if neutral >= negative and neutral >= positive:
            return cls("neutral", negative, neutral, positive)
        label = "negative" if negative >= positive else "positive"
        return cls(label, negative, neutral, positive)


class Classifier(Protocol):
    """Reads texts of any language; knows nothing of mentions, stores or alerts."""

    @property
    def name(self) -> str:
        """What `classifiers.load` was asked for, such as `fast`."""

    @property
    def version(self) -> str:
        """Name and hash of the content: equal versions give equal labels."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels it can give, a part of LABELS, in that order."""

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Give one prediction for each text, in their order.

        Any `str` will do: empty, with NULs or lone surrogates, a megabyte long.
        """

    def close(self) -> None:
        """Let go of what it holds; closing twice is harmless."""
