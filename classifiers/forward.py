"""From the token ids of many texts to the logits of each: our own forward pass in batches."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

from classifiers import machine, rows
from classifiers.encoder import Batch, Encoder
from classifiers.families import Parts

BATCH_TOKENS: Final = 512  # more need more memory, and fall out of the processor's cache
LEAST_TOKENS: Final = 128  # fewer are not worth a thread of their own

T = TypeVar("T")


class Network:
    """A sequence classifier of a family that we know, in bf16 or fp32."""

    def __init__(self, parts: Parts, precision: str) -> None:
        self._encoder = Encoder(parts.tensors, parts.shape, precision)
        self._head = tuple(each.float() for each in parts.head)
        self._activation = parts.activation

    def logits(self, encoded: Sequence[Sequence[int]]) -> list[list[float]]:
        """Give a row of logits for each text's ids, in their order."""
        return computed(encoded, self._logits)

    def _logits(self, batch: Batch) -> Any:
        import torch  # noqa: PLC0415

        weight, bias, out_weight, out_bias = self._head
        states = self._encoder.states(batch)
        states = torch.nn.functional.linear(states, weight, bias)
        states = torch.tanh(states) if self._activation == "tanh" else torch.relu(states)
        return torch.nn.functional.linear(states, out_weight, out_bias)


def computed(encoded: Sequence[Sequence[int]], compute: Callable[[Batch], Any]) -> list[Any]:
    """Give what `compute` makes of each text, as lists, in their order."""
    lengths = [len(each) for each in encoded]
    share = max(LEAST_TOKENS, sum(lengths) // machine.cores())
    results: list[Any] = [None] * len(encoded)

    def one(some: list[rows.Row]) -> None:
        batch = Batch(some, encoded)
        for at, value in zip(batch.texts, compute(batch).tolist(), strict=True):
            results[at] = value

    side_by_side(one, rows.lay(lengths, min(BATCH_TOKENS, share)))
    return results


def side_by_side(work: Callable[[T], None], batches: Sequence[T]) -> None:
    """Do the work on each batch, as many at once as we may use cores, each by one thread.

    The other way, all threads at one batch, has them wait for each other after every product: where
    other processes use the machine too, that takes twice the CPU time.
    """
    import torch  # noqa: PLC0415

    def alone(batch: T) -> None:
        with torch.inference_mode():
            work(batch)

    if not batches:
        return
    with ThreadPoolExecutor(
        min(machine.cores(), len(batches)),
        initializer=torch.set_num_threads,  # of this thread, and of those that begin after it
        initargs=(1,),
    ) as pool:
        list(pool.map(alone, batches))
