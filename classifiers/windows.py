"""Long texts through several windows: a model reads one window at a time, and all have their say.

The windows lie evenly over the text, the first at its beginning and the last at its end; each
begins and ends with the special tokens, as a text of its own. What the model says of them is
combined as the mean of the logarithms of its probabilities (a logarithmic opinion pool: Genest and
Zidek, 1986): a window that is sure counts for more than one that is not. The first and the last
count twice: people say first what happened, and last what they think of it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

ENDS_COUNT: Final = 2.0  # what the first and the last window count for, of three or more


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """How a long text is cut: `size` tokens each, special ones included, at most `most` of them.

    overlap: tokens that neighbours share at least, unless the text is too long for that.
    """

    size: int
    most: int = 6
    overlap: int = 16

    def cut(self, ids: Sequence[int]) -> list[tuple[int, ...]]:
        """Cut a text's ids, whose first and last are special, into windows; a short one is one."""
        if len(ids) <= self.size:
            return [tuple(ids)]
        first, body, last = ids[0], ids[1:-1], ids[-1]
        room = self.size - 2
        step = max(1, room - self.overlap)
        count = min(self.most, -(-(len(body) - room) // step) + 1)
        starts = (
            [round(at * (len(body) - room) / (count - 1)) for at in range(count)]
            if count > 1
            else [0]
        )
        return [(first, *body[at : at + room], last) for at in starts]


def pooled(logits: Sequence[Sequence[float]]) -> list[float]:
    """Combine the logits of windows of equal length, in their order, into logits for their text."""
    if len(logits) == 1:
        return list(logits[0])
    logs = [_log_softmax(each) for each in logits]
    weights = [ENDS_COUNT, *[1.0] * (len(logs) - 2), ENDS_COUNT]
    total = sum(weights)
    return [
        sum(weight * each for weight, each in zip(weights, column, strict=True)) / total
        for column in zip(*logs, strict=True)
    ]


def softmax(logits: Sequence[float]) -> list[float]:
    """Give probabilities, which sum to 1."""
    highest = max(logits)
    powers = [math.exp(each - highest) for each in logits]
    total = sum(powers)
    return [each / total for each in powers]


def _log_softmax(logits: Sequence[float]) -> list[float]:
    highest = max(logits)
    total = math.log(sum(math.exp(each - highest) for each in logits))
    return [each - highest - total for each in logits]
