"""How a demo text is made: a sentence with gaps, what people put before it and after it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Final

from listener.domain.label import Sentiment


class Tone(StrEnum):
    """What a text is for. Each one has a sentiment, and that is its true label."""

    COMPLAINT = "complaint"
    REMARK = "remark"
    PRAISE = "praise"
    QUESTION = "question"
    BAD_REVIEW = "bad_review"
    FAIR_REVIEW = "fair_review"
    GOOD_REVIEW = "good_review"
    OUTAGE = "outage"  # the crisis
    OUTAGE_QUESTION = "outage_question"
    OUTAGE_REMARK = "outage_remark"
    CHEER = "cheer"  # the surge after the influencer's praise
    THANKS = "thanks"  # to the brand, for its answer


class Reply(StrEnum):
    """What the brand's support writes."""

    AUTOMATIC = "automatic"
    HELP = "help"
    OUTAGE = "outage"
    REVIEW = "review"
    GLAD = "glad"


NEGATIVE: Final = frozenset({Tone.COMPLAINT, Tone.BAD_REVIEW, Tone.OUTAGE})
POSITIVE: Final = frozenset({Tone.PRAISE, Tone.GOOD_REVIEW, Tone.CHEER, Tone.THANKS})
QUESTIONS: Final = frozenset({Tone.QUESTION, Tone.OUTAGE_QUESTION})
REVIEWS: Final = frozenset({Tone.BAD_REVIEW, Tone.FAIR_REVIEW, Tone.GOOD_REVIEW})

_GAP: Final = re.compile(r"\{(\w+)\}")
_FLIGHTS: Final = tuple(str(number) for number in range(103, 988, 7))

Slots = Mapping[str, tuple[str, ...]]


def sentiment_of(tone: Tone) -> Sentiment:
    if tone in NEGATIVE:
        return Sentiment.NEGATIVE
    return Sentiment.POSITIVE if tone in POSITIVE else Sentiment.NEUTRAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrasebook:
    """The sentences of one language.

    A body says what happened and names the brand; an opener before it and a closer after it say
    it more warmly. Tones that are missing in `openers` or `closers` do without.
    """

    language: str
    bodies: Mapping[Tone, tuple[str, ...]]
    openers: Mapping[Tone, tuple[str, ...]] = field(default_factory=dict)
    closers: Mapping[Tone, tuple[str, ...]] = field(default_factory=dict)
    replies: Mapping[Reply, tuple[str, ...]]
    slots: Slots
    space: str = " "

    def say(self, tone: Tone, names: Slots, rng: Random) -> str:
        """A text in this tone. `names`: what stands for {brand} and {rival}."""
        closers = self.closers.get(tone, ())
        parts = [rng.choice(self.bodies[tone])]
        if tone in self.openers and rng.random() < 0.4:
            parts.insert(0, rng.choice(self.openers[tone]))
        if closers and rng.random() < 0.85:
            parts.append(rng.choice(closers))
        return self.fill(self.space.join(parts), names, rng)

    def reply(self, reply: Reply, names: Slots, rng: Random) -> str:
        return self.fill(rng.choice(self.replies[reply]), names, rng)

    def fill(self, text: str, names: Slots, rng: Random) -> str:
        gaps: Slots = {**self.slots, **names, "flight": _FLIGHTS}
        return _GAP.sub(lambda gap: rng.choice(gaps[gap[1]]), text)
