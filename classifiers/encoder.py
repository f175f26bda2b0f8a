"""The forward pass of BERT-type encoders, written for throughput on a CPU, with torch alone.

What it does less, or at once, than the library's:
- several texts lie in one row and see only themselves (`classifiers.rows`): hardly any padding;
- queries, keys and values are one product; GELU rides on its product;
- weights are laid out for oneDNN once, in fp32 too, where MKL is slow on other makers' CPUs;
- attention in bf16 is two batched products around a softmax over the second-last dimension, which
  vectorises where the usual one, over short rows, does not: half the time of torch's own;
- of the last layer only what the first token of each text needs is computed;
- embeddings stay as they are stored and are widened as they are looked up.

In bf16 only products and attention are; what is handed from layer to layer, and LayerNorm, stay in
fp32, which costs nothing: one label in a thousand then differs from fp32's, and not five.
Inference only.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from classifiers.machine import BF16
from classifiers.rows import Row

HIDDEN_FROM_OTHERS: Final = -10_000.0  # added to a score, it leaves nothing of it
WORDS: Final = "embeddings.word_embeddings.weight"
LAYER: Final = "encoder.layer"
PACKED_FOR: Final = 512  # tokens of a usual batch

_KINDS: Final = ("weight", "bias")

Tensors = Mapping[str, Any]
Words = Callable[[Any], Any]  # ids [tokens] to their embeddings, float32 [tokens, hidden]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What the weights do not say. first_position: the number of a text's first position."""

    heads: int
    layers: int
    epsilon: float
    first_position: int = 0


class Linear:
    """A matrix and its bias, in oneDNN's own layout where torch offers that."""

    def __init__(self, weight: Any, bias: Any, dtype: Any) -> None:
        import torch  # noqa: PLC0415

        self._weight = weight.to(dtype).contiguous()
        self._bias = bias.to(dtype)
        self._dtype = dtype
        self._ops: Any = None
        try:
            packed = torch.ops.mkldnn._reorder_linear_weight(self._weight, PACKED_FOR)
            torch.ops.mkldnn._linear_pointwise(
                torch.zeros(1, weight.shape[1], dtype=dtype), packed, self._bias, "none", [], ""
            )
        except (AttributeError, RuntimeError):  # private to torch: there may be none
            return
        self._weight, self._ops = packed, torch.ops.mkldnn

    def __call__(self, x: Any) -> Any:
        """Give x W' + b, in the type of the weights."""
        x = x.to(self._dtype)
        if self._ops is None:
            return _functional().linear(x, self._weight, self._bias)
        return self._ops._linear_pointwise(x, self._weight, self._bias, "none", [], "")

    def gelu(self, x: Any) -> Any:
        """Give the exact GELU of x W' + b."""
        x = x.to(self._dtype)
        if self._ops is None:
            return _functional().gelu(_functional().linear(x, self._weight, self._bias))
        return self._ops._linear_pointwise(x, self._weight, self._bias, "gelu", [], "none")


class Norm:
    """A LayerNorm, float32."""

    def __init__(self, tensors: Tensors, name: str, epsilon: float) -> None:
        self._weight = tensors[f"{name}.weight"].float()
        self._bias = tensors[f"{name}.bias"].float()
        self._epsilon = epsilon

    def __call__(self, x: Any) -> Any:
        return _functional().layer_norm(
            x, self._weight.shape, self._weight, self._bias, self._epsilon
        )


class Batch:
    """Rows of tokens, and where in them each text lies.

    texts: positions of the texts in what was asked, in the order in which results come.
    """

    def __init__(self, rows: Sequence[Row], encoded: Sequence[Sequence[int]]) -> None:
        import torch  # noqa: PLC0415

        self.texts = [at for row in rows for at in row.texts]
        self.height, self.width = len(rows), rows[0].width
        self.most_in_row = max(len(row.texts) for row in rows)
        ids: list[int] = []
        positions: list[int] = []
        owners: list[int] = []
        starts, slots = [], []
        for number, row in enumerate(rows):
            for slot, at in enumerate(row.texts):
                size = len(encoded[at])
                starts.append(len(ids))
                slots.append(number * self.most_in_row + slot)
                ids += encoded[at]
                positions += range(size)
                owners += [slot] * size
            rest = (number + 1) * self.width - len(ids)
            ids += [0] * rest
            positions += [0] * rest
            owners += [-1] * rest
        self.ids = torch.tensor(ids)
        self.positions = torch.tensor(positions)
        self.owners = torch.tensor(owners).view(self.height, self.width)
        self.starts = torch.tensor(starts)
        self.slots = torch.tensor(slots)
        self.lengths = torch.tensor([len(encoded[at]) for at in self.texts])
        self.shared = min(owners) < 0 or self.most_in_row > 1  # rows are not one whole text each

    def mask(self, dtype: Any) -> Any:
        """Give [height, width, width]: nought where two tokens are of one text."""
        same = self.owners[:, :, None] == self.owners[:, None, :]
        return (~same).to(dtype) * HIDDEN_FROM_OTHERS

    def mask_of_slots(self, dtype: Any) -> Any:
        """Give [height, most_in_row, width]: nought where a token is of the text in that slot."""
        import torch  # noqa: PLC0415

        own = torch.arange(self.most_in_row)[None, :, None] == self.owners[:, None, :]
        return (~own).to(dtype) * HIDDEN_FROM_OTHERS

    def spans(self) -> list[slice]:
        """Say at which places each text lies."""
        each = zip(self.starts.tolist(), self.lengths.tolist(), strict=True)
        return [slice(start, start + size) for start, size in each]

    def placed(self, states: Sequence[Any]) -> Any:
        """Put token states of each text, [its length, hidden], where it lies: [places, hidden]."""
        import torch  # noqa: PLC0415

        joined = torch.cat(list(states))
        places = joined.new_zeros(self.height * self.width, joined.shape[1])
        places[self.owners.view(-1) >= 0] = joined
        return places

    def means(self, states: Any) -> Any:
        """Give the mean state of each text, float32 [texts, hidden]."""
        import torch  # noqa: PLC0415

        filled = self.owners.view(-1) >= 0
        text_of = torch.repeat_interleave(torch.arange(len(self.texts)), self.lengths)
        sums = torch.zeros(len(self.texts), states.shape[1])
        sums.index_add_(0, text_of, states[filled].float())
        return sums / self.lengths[:, None]


class Encoder:
    """An encoder of BERT's kind, its tensors named as in transformers' `BertModel`.

    mean: whether the state of a text is the mean over its tokens, or that of its first token, for
    which less is computed. Raises KeyError where a tensor is missing.
    """

    def __init__(
        self,
        tensors: Tensors,
        shape: Shape,
        precision: str,
        *,
        mean: bool = False,
    ) -> None:
        import torch  # noqa: PLC0415

        self._dtype = torch.bfloat16 if precision == BF16 else torch.float32
        self._heads = shape.heads
        self._first = shape.first_position
        self._words = _looked_up(tensors[WORDS], self._dtype)
        places = tensors["embeddings.position_embeddings.weight"].float()
        types = "embeddings.token_type_embeddings.weight"
        self._places = places + tensors[types][0].float() if types in tensors else places
        self._norm = Norm(tensors, "embeddings.LayerNorm", shape.epsilon)
        whole = shape.layers if mean else shape.layers - 1
        self._layers = [_Layer(tensors, at, shape, self._dtype) for at in range(whole)]
        self._top = None if mean else _Top(tensors, whole, shape, self._dtype)

    def states(self, batch: Batch) -> Any:
        """Give the state of each text, float32 [texts, hidden], in the batch's order."""
        return self.states_from(0, self.up_to(0, batch), batch)

    def up_to(self, layer: int, batch: Batch) -> Any:
        """Give the states of all places after so many layers, float32 [places, hidden]."""
        states = self._words(batch.ids)
        states += self._places[batch.positions + self._first]
        return self._through(self._layers[:layer], self._norm(states), batch)

    def states_from(self, layer: int, states: Any, batch: Batch) -> Any:
        """Give what `states` gives, from what `up_to` gave: the rest of the way."""
        states = self._through(self._layers[layer:], states, batch)
        return batch.means(states) if self._top is None else self._top(states, batch)

    def _through(self, layers: "Sequence[_Layer]", states: Any, batch: Batch) -> Any:
        if not layers:
            return states
        mask = self._mask(batch)
        for layer in layers:
            states = layer(states, batch, mask)
        return states

    def _mask(self, batch: Batch) -> Any:
        """Give what both ways of attention want: with heads counted out, or to be broadcast."""
        import torch  # noqa: PLC0415

        if not batch.shared:
            return None
        mask = batch.mask(self._dtype)[:, None]
        if self._dtype == torch.float32:
            return mask
        size = (batch.height, self._heads, batch.width, batch.width)
        return mask.expand(size).reshape(-1, batch.width, batch.width)


class _Layer:
    """One layer for all tokens, [tokens, hidden] to the same."""

    def __init__(self, tensors: Tensors, at: int, shape: Shape, dtype: Any) -> None:
        parts = [f"{LAYER}.{at}.attention.self.{part}" for part in ("query", "key", "value")]
        self._all = _linear(tensors, parts, dtype)
        self._rest = _Rest(tensors, at, shape.epsilon, dtype)
        self._heads = shape.heads

    def __call__(self, states: Any, batch: Batch, mask: Any) -> Any:
        import torch  # noqa: PLC0415

        parts = self._all(states).view(batch.height, batch.width, 3, self._heads, -1)
        parts = parts.permute(2, 0, 3, 1, 4)
        if parts.dtype == torch.float32:
            seen = _functional().scaled_dot_product_attention(*parts, attn_mask=mask)
        else:
            seen = _attend(parts, mask)
        return self._rest(seen.transpose(1, 2).reshape(states.shape), states)


def _attend(parts: Any, mask: Any) -> Any:
    """Attend within [height, heads, width, size] of queries, keys and values; the mask in full."""
    import torch  # noqa: PLC0415

    _, height, heads, width, size = parts.shape
    queries, keys, values = parts.contiguous().view(3, height * heads, width, size)
    beta = 1
    if mask is None:
        mask, beta = queries.new_empty(1), 0  # nought times what it holds is not computed
    scores = torch.baddbmm(
        mask, keys, queries.transpose(1, 2), beta=beta, alpha=1 / math.sqrt(size)
    )
    weights = torch.softmax(scores, 1)  # keys lie along the second-last dimension
    return torch.bmm(weights.transpose(1, 2), values).view(height, heads, width, size)


class _Rest:
    """What follows attention in a layer: its output, and the feed-forward part."""

    def __init__(self, tensors: Tensors, at: int, epsilon: float, dtype: Any) -> None:
        name = f"{LAYER}.{at}"
        self._out = _linear(tensors, [f"{name}.attention.output.dense"], dtype)
        self._norm = Norm(tensors, f"{name}.attention.output.LayerNorm", epsilon)
        self._wide = _linear(tensors, [f"{name}.intermediate.dense"], dtype)
        self._narrow = _linear(tensors, [f"{name}.output.dense"], dtype)
        self._end_norm = Norm(tensors, f"{name}.output.LayerNorm", epsilon)

    def __call__(self, seen: Any, states: Any) -> Any:
        middle = self._norm(states + self._out(seen))
        return self._end_norm(middle + self._narrow(self._wide.gelu(middle)))


class _Top:
    """The last layer, for first tokens alone: [tokens, hidden] to [texts, hidden].

    Where it has no queries, each token sees all alike, and the mean over the text is what it sees:
    so the mean-pool layer of our own model costs next to nothing.
    """

    def __init__(self, tensors: Tensors, at: int, shape: Shape, dtype: Any) -> None:
        name = f"{LAYER}.{at}.attention.self"
        self._rest = _Rest(tensors, at, shape.epsilon, dtype)
        self._heads = shape.heads
        self._even = not any(tensors[f"{name}.query.{kind}"].float().any() for kind in _KINDS)
        if self._even:
            self._values = _linear(tensors, [f"{name}.value"], dtype)
            return
        self._queries = _linear(tensors, [f"{name}.query"], dtype)
        self._seen = _linear(tensors, [f"{name}.key", f"{name}.value"], dtype)

    def __call__(self, states: Any, batch: Batch) -> Any:
        firsts = states[batch.starts]
        if self._even:
            return self._rest(self._values(batch.means(states)), firsts)
        asked = self._queries(firsts)
        slots = asked.new_zeros(batch.height * batch.most_in_row, asked.shape[1])
        slots[batch.slots] = asked
        queries = slots.view(batch.height, batch.most_in_row, self._heads, -1).transpose(1, 2)
        parts = self._seen(states).view(batch.height, batch.width, 2, self._heads, -1)
        keys, values = parts.permute(2, 0, 3, 1, 4)
        seen = _functional().scaled_dot_product_attention(
            queries, keys, values, attn_mask=batch.mask_of_slots(keys.dtype)[:, None]
        )
        return self._rest(seen.transpose(1, 2).reshape(slots.shape)[batch.slots], firsts)


def _linear(tensors: Tensors, names: Sequence[str], dtype: Any) -> Linear:
    """Make one product of several: their outputs lie beside each other."""
    import torch  # noqa: PLC0415

    weight, bias = (torch.cat([tensors[f"{n}.{kind}"].float() for n in names]) for kind in _KINDS)
    return Linear(weight, bias, dtype)


def _looked_up(table: Any, dtype: Any) -> Words:
    """Look embeddings up in a table of any type; eight bits are picked as bytes."""
    import torch  # noqa: PLC0415

    if table.element_size() > 1:
        kept = table.to(dtype)
        return lambda ids: kept[ids].float()
    picked = table.view(torch.uint8)
    return lambda ids: picked[ids].view(table.dtype).float()


def _functional() -> Any:
    import torch  # noqa: PLC0415

    return torch.nn.functional
