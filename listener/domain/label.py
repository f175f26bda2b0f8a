"""What a model, or a person, said of a mention, and how sure that is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar


class Sentiment(StrEnum):
    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


class Remark(StrEnum):
    """What is to be known of what counts for a subject, beside what its label says."""

    DOUBTFUL = "doubtful"  # it is not sure
    DISAGREEING = "disagreeing"  # words and stars say the contrary of each other
    COMPARING = "comparing"  # the text puts one subject above another
    COPY = "copy"  # the text was said before, and measures count it once


MODEL = "model"
GIVEN = "given"

SURE = 0.6  # of a label; below it people are shown that it is in doubt, and it makes no crowd
DOUBT = 0.55  # what is known to be in doubt is not surer than this


Shares = tuple[float, float, float]  # negative, neutral, positive; they sum to 1


def in_doubt(shares: Shares) -> Shares:
    """The same order of probabilities, the highest of them no higher than DOUBT."""
    highest = max(shares)
    if highest <= DOUBT:
        return shares
    kept = (DOUBT - 1 / 3) / (highest - 1 / 3)
    negative, neutral, positive = (1 / 3 + kept * (share - 1 / 3) for share in shares)
    return negative, neutral, positive


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Of a (mention, subject) pair, or of the whole text where `subject_id` is None.

    Readers take a person's over a model's, then the pair's over the whole text's, then the newest.
    """

    mention_id: int
    subject_id: int | None
    by: str  # MODEL, GIVEN, or the name of the person
    model: str | None  # the model and its version; None for a person
    sentiment: Sentiment
    negative: float
    neutral: float
    positive: float
    at_odds: bool = False  # the words say clearly the contrary of the stars they came with
    topics: tuple[str, ...] = ()
    intent: str | None = None  # one of `intent.Intent`; NO_INTENT where a person took it away
    intent_confidence: float | None = None  # how probable it is; None of a person
    needs_answer: bool | None = None  # None: nobody said
    reason: str | None = None  # a code for why it needs an answer, or needs none
    taken_over: bool = False  # the sentiment is what it was; the person spoke of something else
    made_at: datetime

    @property
    def is_word(self) -> bool:
        """Whether a person has said the sentiment."""
        return is_persons(self.by) and not self.taken_over

    @property
    def confidence(self) -> float:
        """How probable the sentiment is that it names."""
        return {
            Sentiment.NEGATIVE: self.negative,
            Sentiment.NEUTRAL: self.neutral,
            Sentiment.POSITIVE: self.positive,
        }[self.sentiment]


def is_sure(confidence: float | None) -> bool:
    """Whether a label can be taken at its word; None, where nothing is known of it, can."""
    return confidence is None or confidence >= SURE


def as_told(sentiment: str, confidence: float | None) -> str:
    """A sentiment as people see it: "negative", or "negative?" where it is in doubt."""
    return sentiment if is_sure(confidence) else f"{sentiment}?"


def is_persons(by: str) -> bool:
    return by not in (MODEL, GIVEN)


class Weighed(Protocol):
    """What of a label decides whether readers take it."""

    @property
    def subject_id(self) -> int | None: ...

    @property
    def is_word(self) -> bool: ...  # a person says so

    @property
    def made_at(self) -> Any: ...  # a moment, or its text, which sorts as time


One = TypeVar("One", bound=Weighed)


def standing(labels: list[One], subject_id: int) -> One | None:
    """The label that readers take for this subject; of equals the last. None: there is none."""
    mine = [label for label in labels if label.subject_id in (None, subject_id)]
    if len(mine) < 2:
        return mine[0] if mine else None
    mine.reverse()
    return max(mine, key=lambda one: (one.is_word, one.subject_id is not None, one.made_at))
