"""From the token ids of many texts to the logits of each: our own forward pass in batches."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

from classifiers import machine, rows
from classifiers.encoder import Batch, Encoder
from classifiers.exits import Exit
from classifiers.families import Parts
from classifiers.near import Near

BATCH_TOKENS: Final = 512  # more need more memory, and fall out of the processor's cache
LEAST_TOKENS: Final = 128  # fewer are not worth a thread of their own
WAVE_TOKENS: Final = 8192  # that wait for each other, so that those which stay fill their batches

T = TypeVar("T")


class Network:
    """A sequence classifier of a family that we know, in bf16 or fp32.

    leave: where texts may leave before the last layer, if they may. near: what corrections change
    at the last. Raises ValueError if the model has no layers above the exit.
    """

    def __init__(
        self,
        parts: Parts,
        precision: str,
        leave: Exit | None = None,
        near: Near | None = None,
    ) -> None:
        if leave is not None and not 0 < leave.layer < parts.shape.layers:
            raise ValueError(f"no exit after {leave.layer} of {parts.shape.layers} layers")
        self._encoder = Encoder(parts.tensors, parts.shape, precision)
        self._head = _Head(parts.head, parts.activation, near)
        self._leave = None if leave is None else (leave, _Head(leave.head, "tanh", leave.near))

    def logits(self, encoded: Sequence[Sequence[int]]) -> list[list[float]]:
        """Give a row of logits for each text's ids, in their order."""
        if self._leave is None:
            return computed(encoded, self._logits)
        leave, head = self._leave
        results: list[Any] = [None] * len(encoded)
        most = _most_tokens(encoded)

        def one(wave: list[list[rows.Row]]) -> None:
            staying = self._ask_early(leave, head, wave, encoded, results)
            self._ask_late(leave.layer, staying, encoded, most, results)

        side_by_side(one, _waves(rows.lay([len(each) for each in encoded], most), encoded))
        return results

    def hidden(self, encoded: Sequence[Sequence[int]]) -> list[list[float]]:
        """Give what the output layers read of each text: of the exit, if there is one, and of the
        last layer, one behind the other; each is from -1 to 1, or from 0 where the model has ReLU.
        """
        return computed(encoded, self._hidden)

    def _hidden(self, batch: Batch) -> Any:
        import torch  # noqa: PLC0415

        if self._leave is None:
            return self._head.hidden(self._encoder.states(batch))
        leave, head = self._leave
        halfway = self._encoder.up_to(leave.layer, batch)
        early = head.hidden(batch.means(halfway))
        late = self._head.hidden(self._encoder.states_from(leave.layer, halfway, batch))
        return torch.cat((early, late), dim=1)

    def _logits(self, batch: Batch) -> Any:
        return self._head(self._encoder.states(batch))

    def _ask_early(
        self,
        leave: Exit,
        head: "_Head",
        wave: list[list[rows.Row]],
        encoded: Sequence[Sequence[int]],
        results: list[Any],
    ) -> dict[int, Any]:
        """Answer for the texts that leave; give the token states of those that stay."""
        staying: dict[int, Any] = {}
        for some in wave:
            batch = Batch(some, encoded)
            states = self._encoder.up_to(leave.layer, batch)
            logits = head(batch.means(states))
            sure = logits.softmax(1).amax(1) >= leave.threshold
            each = zip(batch.texts, batch.spans(), logits.tolist(), sure.tolist(), strict=True)
            for at, span, value, leaves in each:
                if leaves:
                    results[at] = value
                else:
                    staying[at] = states[span]
        return staying

    def _ask_late(
        self,
        layer: int,
        staying: dict[int, Any],
        encoded: Sequence[Sequence[int]],
        most: int,
        results: list[Any],
    ) -> None:
        """Lay what stays into rows anew, so that batches are full again, and go on with it."""
        rest = list(staying)
        left = [encoded[at] for at in rest]
        for some in rows.lay([len(each) for each in left], most):
            batch = Batch(some, left)
            states = batch.placed([staying[rest[at]] for at in batch.texts])
            values = self._head(self._encoder.states_from(layer, states, batch)).tolist()
            for at, value in zip(batch.texts, values, strict=True):
                results[rest[at]] = value


class _Head:
    """From a text's state to its logits, [texts, hidden] to [texts, outputs], float32."""

    def __init__(self, head: tuple[Any, Any, Any, Any], activation: str, near: Near | None) -> None:
        self._weights = tuple(each.float() for each in head)
        self._activation = activation
        self._near = near

    def __call__(self, states: Any) -> Any:
        import torch  # noqa: PLC0415

        _, _, out_weight, out_bias = self._weights
        read = self.hidden(states)
        logits = torch.nn.functional.linear(read, out_weight, out_bias)
        return logits if self._near is None else logits + self._near(read)

    def hidden(self, states: Any) -> Any:
        """What the output layer reads, [texts, hidden]."""
        import torch  # noqa: PLC0415

        weight, bias, _, _ = self._weights
        states = torch.nn.functional.linear(states, weight, bias)
        return torch.tanh(states) if self._activation == "tanh" else torch.relu(states)


def computed(encoded: Sequence[Sequence[int]], compute: Callable[[Batch], Any]) -> list[Any]:
    """Give what `compute` makes of each text, as lists, in their order."""
    results: list[Any] = [None] * len(encoded)

    def one(some: list[rows.Row]) -> None:
        batch = Batch(some, encoded)
        for at, value in zip(batch.texts, compute(batch).tolist(), strict=True):
            results[at] = value

    side_by_side(one, rows.lay([len(each) for each in encoded], _most_tokens(encoded)))
    return results


def _most_tokens(encoded: Sequence[Sequence[int]]) -> int:
    """Say how large a batch should be: there should be one for each core."""
    share = sum(len(each) for each in encoded) // machine.cores()
    return min(BATCH_TOKENS, max(LEAST_TOKENS, share))


def _waves(
    batches: Sequence[list[rows.Row]], encoded: Sequence[Sequence[int]]
) -> list[list[list[rows.Row]]]:
    """Share batches out in waves of about WAVE_TOKENS at most, as many for each core."""
    cores = machine.cores()
    tokens = sum(len(each) for each in encoded)
    count = min(len(batches), cores * max(1, -(-tokens // (WAVE_TOKENS * cores))))
    return [list(batches[at::count]) for at in range(count)]


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
