"""Texts as token ids, in batches of like length."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CUT_TEXTS: Final = 4096
READ_CHARACTERS: Final = 8000
POOL_BATCHES: Final = 64  # that many batches are sorted by length at a time
HEAD_SHARE: Final = 2 / 3  # of a long text: people say first what happened, last what they think


def encode(tokenizer: Any, texts: Sequence[str], longest: int) -> "list[NDArray[np.int32]]":
    """Cut texts into ids with the special ones around; of a long one the middle is left out."""
    import numpy as np  # noqa: PLC0415

    encoded: list[NDArray[np.int32]] = []
    for start in range(0, len(texts), CUT_TEXTS):
        cut = [readable(text) for text in texts[start : start + CUT_TEXTS]]
        encoded += [
            np.array(without_middle(encoding.ids, longest), dtype=np.int32)
            for encoding in tokenizer.encode_batch_fast(cut)
        ]
    return encoded


def readable(text: str) -> str:
    """Give the tokenizer what it can take: no lone surrogates, and of a huge text both ends."""
    if len(text) > READ_CHARACTERS:
        half = READ_CHARACTERS // 2
        text = f"{text[:half]} {text[-half:]}"
    return text.encode("utf-8", "replace").decode("utf-8")


def without_middle(ids: Sequence[int], longest: int) -> Sequence[int]:
    """Cut out the middle of what is longer; the special tokens are at the ends and stay."""
    if len(ids) <= longest:
        return ids
    head = round(longest * HEAD_SHARE)
    return [*ids[:head], *ids[head - longest :]]


def batches(
    order: "NDArray[np.int64]",
    lengths: "NDArray[np.int64]",
    batch_tokens: int,
    chance: "np.random.Generator",
) -> "list[NDArray[np.int64]]":
    """Cut an order of texts into batches of like length, in an order of chance.

    lengths: of every text, by its position. A batch has at most so many tokens, padding included,
    or is one text alone.
    """
    import numpy as np  # noqa: PLC0415

    made: list[NDArray[np.int64]] = []
    mean = max(1.0, float(lengths[order].mean())) if len(order) else 1.0
    pool = max(1, round(POOL_BATCHES * batch_tokens / mean))
    for start in range(0, len(order), pool):
        part = order[start : start + pool]
        part = part[np.argsort(lengths[part], kind="stable")]
        made += list(_cut(part, lengths, batch_tokens))
    return [made[at] for at in chance.permutation(len(made))]


def _cut(
    part: "NDArray[np.int64]", lengths: "NDArray[np.int64]", batch_tokens: int
) -> "Iterator[NDArray[np.int64]]":
    """Cut texts that are sorted by length, shortest first."""
    first = 0
    for at in range(len(part)):
        if at > first and (at - first + 1) * lengths[part[at]] > batch_tokens:
            yield part[first:at]
            first = at
    if first < len(part):
        yield part[first:]


def padded(
    encoded: "Sequence[NDArray[np.int32]]", pad: int
) -> "tuple[NDArray[np.int64], NDArray[np.int64]]":
    """Give ids and attention mask, int64 [texts, longest of them]."""
    import numpy as np  # noqa: PLC0415

    width = max(map(len, encoded))
    ids = np.full((len(encoded), width), pad, dtype=np.int64)
    for row, each in zip(ids, encoded, strict=True):
        row[: len(each)] = each
    return ids, (ids != pad).astype(np.int64)
