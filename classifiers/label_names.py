"""What the labels of other people's models mean in ours."""

import re
from collections.abc import Mapping
from typing import Final

from classifiers.base import LABELS, ClassifierError

_WORDS: Final = {
    "negative": "negative negativ neg negativo negativa négatif negatif bad unhappy 负面 消极 負面",
    "neutral": "neutral neu neutre neutro neutrale netral mixed none 中性 中立",
    "positive": "positive positiv pos positivo positiva positif good happy 正面 积极 積極",
}
_MEANINGS: Final = {word: label for label, words in _WORDS.items() for word in words.split()}
_INTENSIFIERS: Final = frozenset(
    ["very", "extremely", "strongly", "somewhat", "slightly", "most", "more"]
)
_STARS: Final = re.compile(r"^\s*([1-5])\s*_?\s*(?:stars?|★|⭐)\s*$", re.IGNORECASE)
_BY_STARS: Final = ("negative", "negative", "neutral", "positive", "positive")


def meaning(name: str) -> str | None:
    """Say which of our labels a name stands for: "NEG", "Very Positive", "4 stars"; or None."""
    if stars := _STARS.match(name):
        return _BY_STARS[int(stars[1]) - 1]
    words = [word for word in re.split(r"[\s_\-]+", name.strip().lower()) if word]
    left = [word for word in words if word not in _INTENSIFIERS]
    return _MEANINGS.get(left[0]) if len(left) == 1 else None


def meanings(names: Mapping[int, str], model: str) -> list[int]:
    """Give, for each output of a model in order, which of LABELS it stands for.

    Several outputs may stand for one label: their probabilities add up. Neutral may be missing;
    ClassifierError names what was found if any name is unclear, or another label is missing.
    """
    found = [meaning(names[at]) for at in sorted(names)]
    known = [LABELS.index(each) for each in found if each is not None]
    if len(known) < len(found) or not {0, 2} <= set(known):
        listed = ", ".join(repr(names[at]) for at in sorted(names))
        raise ClassifierError(
            f"{model}: its labels are {listed}; wanted are names for negative and positive, and"
            " perhaps neutral. Name them in id2label in its config.json"
        )
    return known
