"""Cutting many texts into batches of bounded number and size."""

from collections.abc import Iterator, Sequence, Sized
from typing import TypeVar

Text = TypeVar("Text", bound=Sized)  # as long as it has characters


def cut(
    texts: Sequence[Text], *, most_texts: int, most_characters: int, read_characters: int = 1 << 30
) -> Iterator[list[Text]]:
    """Yield the texts, in order, in batches within both bounds; a longer text is one alone.

    read_characters: what is read of a text at most, and so what it counts for.
    """
    batch: list[Text] = []
    size = 0
    for text in texts:
        counts = min(len(text), read_characters)
        if batch and (len(batch) >= most_texts or size + counts > most_characters):
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += counts
    if batch:
        yield batch
