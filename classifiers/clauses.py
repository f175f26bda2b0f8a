"""Which part of a text speaks of which name: clauses, cut where a sentence turns.

Between two names the strongest mark parts them: the end of a sentence, then a semicolon, then a
word that turns to the other side ("but", "viszont", "而"), then a comma. Where there is none, both
stand in one clause.
"""

import itertools
import re
from collections.abc import Sequence
from typing import Final

from classifiers.naming import Span

# Words that turn a sentence to the other side. Short ones turn after a comma only: in other
# languages they are other words.
_TURNS: Final = (
    "but|however|while|whereas|although|meanwhile"
    "|viszont|azonban|míg|bezzeg|ellenben|aber|jedoch|während|dagegen|hingegen|wohingegen"
    "|pero|mientras|sin embargo|en cambio|tandis que|alors que|cependant|par contre|en revanche"
    "|porém|enquanto|no entanto|però|mentre|invece|зато|однако|тогда как"
    "|maar|terwijl|natomiast|tapi|tetapi|sedangkan|fakat|oysa|nhưng"
)
_SHORT_TURNS: Final = "de|pedig|doch|mais|mas|já|ma|но|а|ale|ama|yet|when"
_TURNS_UNSPACED: Final = (
    "但是|但|可是|不过|不過|然而|反而|反观|反觀|相比之下|还是|還是"
    "|けど|けれど|だが|一方|지만|반면|แต่|लेकिन|मगर|لكن|بينما"
)
_TURN: Final = re.compile(
    rf"[,，]\s*(?:{_SHORT_TURNS})\b|\b(?:{_TURNS})\b|{_TURNS_UNSPACED}", re.IGNORECASE
)
_MARKS: Final = (
    re.compile(r"[.!?…](?=\s|$)|[。！？\n]+"),
    re.compile(r"[;；]|\s[-–—]+\s|—"),
    _TURN,
    re.compile(r"[,，、،:：]"),
)


def clauses(text: str, names: Sequence[Span]) -> list[Span]:
    """Give for each name, in the order given, the part of the text that is said of it."""
    order = sorted(range(len(names)), key=lambda at: names[at])
    neighbours = itertools.pairwise(order)
    cuts = [_parting(text, names[one][1], names[other][0]) for one, other in neighbours]
    found = [(0, 0)] * len(names)
    start = 0
    for number, at in enumerate(order):
        later = (cut for cut in cuts[number:] if cut is not None)
        found[at] = (start, next(later, len(text)))
        if number < len(cuts):
            start = start if cuts[number] is None else cuts[number] or 0
    return found


def _parting(text: str, start: int, end: int) -> int | None:
    """Where the strongest mark between two names is; None where there is none."""
    for mark in _MARKS:
        found = list(mark.finditer(text, start, end))
        if found:
            return found[-1].start() if mark is _TURN else found[-1].end()
    return None
