"""Which pieces of the base's vocabulary to keep: of 250,000 a fifth.

Kept are the special ones, every single character of the scripts that our users write, and then the
pieces that are likeliest to be met: by how often training texts use them, each language with the
root of its number of texts, so that English does not take all; and, for what people write that is
not in the training texts, by the score that the base gives them.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from classifiers.train.neural.base import Base
from classifiers.train.neural.tokenizer import SPACE, SPECIAL

PRIOR_SHARE: Final = 0.25  # of a piece's likelihood that comes from the base's own score
OFTEN: Final = 2  # a single character of any script is kept if it is used so often
CUT_TEXTS: Final = 4096
READ_CHARACTERS: Final = 2000
_SCRIPTS: Final = (  # Han is another matter: it has its own standards of what is common
    (0x0020, 0x052F),  # Latin, Greek, Cyrillic
    (0x0590, 0x06FF),  # Hebrew, Arabic
    (0x0750, 0x077F),
    (0x0900, 0x097F),  # Devanagari
    (0x0E00, 0x0E7F),  # Thai
    (0x1E00, 0x1FFF),  # Vietnamese, more Greek
    (0x2000, 0x2BFF),  # signs
    (0x3000, 0x312F),  # kana, bopomofo, Chinese signs
    (0xAC00, 0xD7A3),  # Hangul
    (0xFE00, 0xFEFF),
    (0xFF00, 0xFFEF),
    (0x1F000, 0x1FAFF),  # emoji
)


def count_pieces(tokenizer: Any, texts: Mapping[str, list[str]]) -> dict[str, Counter[int]]:
    """Count, for each language, how often its texts use each piece, by the base's ids."""
    counted: dict[str, Counter[int]] = {}
    for language, own in texts.items():
        counts: Counter[int] = Counter()
        for start in range(0, len(own), CUT_TEXTS):
            cut = [text[:READ_CHARACTERS] for text in own[start : start + CUT_TEXTS]]
            for encoding in tokenizer.encode_batch_fast(cut, add_special_tokens=False):
                counts.update(encoding.ids)
        counted[language] = counts
    return counted


def choose(
    base: Base,
    counted: Mapping[str, Counter[int]],
    texts: Mapping[str, int],
    most: int,
    *,
    every_script: bool = True,
) -> list[int]:
    """Choose `most` pieces at most, by the base's ids: the special ones, then in its own order.

    counted: from `count_pieces`; texts: how many of them each language has. every_script: whether
    to keep the characters of scripts that none of these texts is in.
    """
    used: Counter[int] = Counter()
    for counts in counted.values():
        used.update(counts)
    special = [base.pieces.index(name) for name in SPECIAL]
    kept = [
        at
        for at, piece in enumerate(base.pieces)
        if len(piece) == 1 and ((every_script and matters(piece)) or used[at] >= OFTEN)
    ]
    if len(kept) + len(special) > most:
        raise ValueError(f"{len(kept)} single characters alone, of {most} pieces wanted")
    likely = _likelihoods(base, counted, texts)
    ranked = sorted(likely, key=lambda at: (-likely[at], at))
    taken = set(kept) | set(special)
    more = [at for at in ranked if at not in taken][: most - len(taken)]
    return [*special, *sorted({*kept, *more} - set(special))]


def _likelihoods(
    base: Base, counted: Mapping[str, Counter[int]], texts: Mapping[str, int]
) -> dict[int, float]:
    roots = {language: math.sqrt(texts[language]) for language in counted}
    everything = sum(roots.values()) or 1.0
    prior = {
        at: math.exp(float(base.scores[at]))
        for at, piece in enumerate(base.pieces)
        if piece not in SPECIAL and all(map(matters, piece.replace(SPACE, "")))
    }
    scale = PRIOR_SHARE / (sum(prior.values()) or 1.0)
    likely = {at: value * scale for at, value in prior.items()}
    for language, counts in counted.items():
        total = sum(counts.values()) or 1
        share = (1 - PRIOR_SHARE) * roots[language] / everything / total
        for at, count in counts.items():
            likely[at] = likely.get(at, 0.0) + share * count
    return likely


def matters(character: str) -> bool:
    """Whether it is of a script that many of our users write; of Han, the common ones."""
    code = ord(character)
    if 0x3400 <= code <= 0x9FFF:
        return _common_han(character)
    return any(first <= code <= last for first, last in _SCRIPTS)


def _common_han(character: str) -> bool:
    """Whether GB 2312 has it, or the first level of Big5, or of Shift JIS."""
    if character.encode("gb2312", "ignore"):
        return True
    traditional = character.encode("big5", "ignore")
    japanese = character.encode("shift_jis", "ignore")
    return b"\xa4\x40" <= traditional <= b"\xc6\x7e" or b"\x88\x9f" <= japanese <= b"\x98\x72"


def growth(
    whole: Any, pruned: Any, texts: Iterable[tuple[str, str]]
) -> dict[str, tuple[float, float]]:
    """Say what pruning costs, for each language of (text, language).

    Tokens over those of the whole vocabulary, and the share of them that is unknown.
    """
    sums: dict[str, list[int]] = {}
    unknown = pruned.token_to_id("<unk>")
    for text, language in texts:
        before = len(whole.encode(text).ids)
        after = pruned.encode(text).ids
        each = sums.setdefault(language, [0, 0, 0])
        each[0] += before
        each[1] += len(after)
        each[2] += after.count(unknown)
    return {name: (after / before, odd / after) for name, (before, after, odd) in sums.items()}
