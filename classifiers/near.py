"""What corrections change: much near the texts they were made of, and hardly anything elsewhere.

From what an output layer reads a gate tells how much a text is like those that were corrected; so
far the change is added to the logits. Both lie in a file of their own, so that the directory stays
one that transformers loads, as the model that it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

NEAR_FILE: Final = "near.safetensors"
EARLY: Final = "early"  # the output layer of the exit
LATE: Final = "late"


@dataclass(frozen=True, slots=True)
class Near:
    """Tensors of one output layer; the last column of each is what a 1 is multiplied by.

    gate: [width + 1], whose sum a sigmoid takes. change: [outputs, width + 1].
    """

    gate: Any
    change: Any

    def __call__(self, read: Any) -> Any:
        """What is added to logits, [texts, outputs], by what the layer reads, [texts, width]."""
        import torch  # noqa: PLC0415

        linear = torch.nn.functional.linear
        gate = torch.sigmoid(linear(read, self.gate[None, :-1], self.gate[-1:]))
        return gate * linear(read, self.change[:, :-1], self.change[:, -1])


def near_of(tensors: Mapping[str, Any], which: str) -> Near:
    """Those of one output layer in the tensors of NEAR_FILE. Raises KeyError without them."""
    return Near(tensors[f"{which}.gate"], tensors[f"{which}.change"])


def tensors_of(near: Near, which: str) -> dict[str, Any]:
    """The tensors of NEAR_FILE that stand for one output layer."""
    return {f"{which}.gate": near.gate, f"{which}.change": near.change}
