"""Sentiment towards each name in a text: "X is so much better than Y" praises X, and not Y.

Of each name the part of the text that speaks of it is read alone (`classifiers.clauses`), by
whatever model. Where that is not clear, its probabilities are mixed with those of the whole text,
as logarithms (Genest and Zidek, 1986). How the names are compared has the last word
(`classifiers.comparing`).
"""

import math
from collections.abc import Sequence
from typing import Final

from classifiers.base import Classifier, Prediction
from classifiers.clauses import clauses
from classifiers.comparing import Relation, Said, relations
from classifiers.language import detect
from classifiers.naming import Named, Span, Towards

OWN_WORDS: Final = 0.6  # what they weigh; the rest is for the whole text
LEAST: Final = 1e-4  # no probability is taken for less
SURE: Final = 0.6  # of words that stand against what is said around them
WORDED: Final = 0.85  # how probable it is that a comparison is meant as it is worded

GOOD: Final = Prediction.of((1 - WORDED) / 2, (1 - WORDED) / 2, WORDED)
BAD: Final = Prediction.of(WORDED, (1 - WORDED) / 2, (1 - WORDED) / 2)
NEITHER: Final = Prediction.of((1 - WORDED) / 2, WORDED, (1 - WORDED) / 2)
_FIXED: Final = {
    Said.ABOVE: (GOOD, BAD),
    Said.BELOW: (BAD, GOOD),
    Said.BOTH_GOOD: (GOOD, GOOD),
    Said.BOTH_BAD: (BAD, BAD),
    Said.ASKED: (NEITHER, NEITHER),
}
_COMPARING: Final = frozenset({Said.ABOVE, Said.BELOW, Said.OPPOSED, Said.CONTRAST})


def towards(model: Classifier, said: Sequence[Named]) -> list[Towards]:
    """Tell what each text says of each of its names."""
    whole = model.predict([one.text for one in said])
    parts = [said_of(one) for one in said]
    own = iter(model.predict([part for each in parts for part in each]))
    languages = [language for language, _ in detect([one.text for one in said])]
    return [
        combined(together, [next(own) for _ in one.names], relations(one.text, one.names, language))
        for one, together, language in zip(said, whole, languages, strict=True)
    ]


def said_of(one: Named) -> list[str]:
    """The words that are said of each name; of one that stands in several places all of them."""
    places = sorted((span, at) for at, spans in enumerate(one.names) for span in spans)
    found: list[list[str]] = [[] for _ in one.names]
    merged: list[tuple[Span, int]] = []
    for span, at in places:  # nothing parts a name from itself
        if merged and merged[-1][1] == at:
            merged[-1] = ((merged[-1][0][0], span[1]), at)
        else:
            merged.append((span, at))
    for (start, end), (_, at) in zip(
        clauses(one.text, [span for span, _ in merged]), merged, strict=True
    ):
        if one.text[start:end] not in found[at]:
            found[at].append(one.text[start:end])
    return [" ".join(each) for each in found]


def combined(whole: Prediction, own: Sequence[Prediction], compared: Sequence[Relation]) -> Towards:
    """What a text says of its names, by the whole, the words about each, and the comparisons."""
    found = [each if _stands(each) else _mixed(each, whole) for each in own]
    above = []
    for one in compared:
        pair = _said(one, whole, own)
        found[one.first], found[one.second] = pair
        if one.said in _COMPARING and {each.label for each in pair} == {"negative", "positive"}:
            better, worse = one.first, one.second
            above.append((better, worse) if pair[0].label == "positive" else (worse, better))
    return Towards(tuple(found), tuple(above))


def _said(
    relation: Relation, whole: Prediction, own: Sequence[Prediction]
) -> tuple[Prediction, Prediction]:
    first, second = own[relation.first], own[relation.second]
    if relation.said is Said.ALIKE:
        return whole, whole
    if relation.said is Said.OPPOSED:
        return first, _contrary(first)
    if relation.said is Said.CONTRAST:
        return _contrasted(first, second)
    return _FIXED[relation.said]


def _contrasted(first: Prediction, second: Prediction) -> tuple[Prediction, Prediction]:
    """Where one turns from the other, a clause that is hardly clear is taken by its neighbour."""
    if _feeling(first) >= _feeling(second):
        weaker = second if _stands(second) or first.label == "neutral" else _contrary(first)
        return first, weaker
    weaker = first if _stands(first) or second.label == "neutral" else _contrary(second)
    return weaker, second


def _stands(one: Prediction) -> bool:
    return one.label != "neutral" and _feeling(one) >= SURE


def _feeling(one: Prediction) -> float:
    return max(one.negative, one.positive)


def _mixed(own: Prediction, whole: Prediction) -> Prediction:
    powers = [
        math.exp(OWN_WORDS * math.log(max(a, LEAST)) + (1 - OWN_WORDS) * math.log(max(b, LEAST)))
        for a, b in zip(_shares(own), _shares(whole), strict=True)
    ]
    return Prediction.of(*(power / sum(powers) for power in powers))


def _shares(one: Prediction) -> tuple[float, float, float]:
    return one.negative, one.neutral, one.positive


def _contrary(one: Prediction) -> Prediction:
    return Prediction.of(one.positive, one.neutral, one.negative)
