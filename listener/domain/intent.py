"""What a mention wants, and whether it needs an answer."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Intent(StrEnum):
    COMPLAINT = "complaint"
    QUESTION = "question"
    PRAISE = "praise"
    WISH = "wish"
    PURCHASE = "purchase"
    CHURN = "churn"
    DEFECT = "defect"


NO_INTENT: Final = "none"  # what a person says who takes a model's intent away
SURE: Final = 0.5  # of an intent; one that is less probable is shown, and starts no clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Wants:
    """What a model makes of a text, or a person.

    `reason` is a code for why it needs an answer, or needs none: docs/response.md lists them.
    """

    intent: str | None = None  # an Intent; NO_INTENT where a person said so
    confidence: float | None = None  # how probable the intent is; None of a person
    needs_answer: bool | None = None  # None: nobody knows
    reason: str | None = None


def is_sure(confidence: float | None) -> bool:
    """Whether an intent can be taken at its word; a person's, which has no confidence, can."""
    return confidence is None or confidence >= SURE
