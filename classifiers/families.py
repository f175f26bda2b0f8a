"""Which models our own forward pass can run, and how their weights are called.

BERT, RoBERTa, XLM-R, CamemBERT and DistilBERT are one encoder with different names; they differ in
the number of the first position and in what follows the first token's last state.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from classifiers.encoder import Shape

_ROBERTA: Final = frozenset({"roberta", "xlm-roberta", "camembert"})
_DISTIL: Final = (
    (r"^transformer\.layer\.", "encoder.layer."),
    (r"\.attention\.q_lin\.", ".attention.self.query."),
    (r"\.attention\.k_lin\.", ".attention.self.key."),
    (r"\.attention\.v_lin\.", ".attention.self.value."),
    (r"\.attention\.out_lin\.", ".attention.output.dense."),
    (r"\.sa_layer_norm\.", ".attention.output.LayerNorm."),
    (r"\.ffn\.lin1\.", ".intermediate.dense."),
    (r"\.ffn\.lin2\.", ".output.dense."),
    (r"\.output_layer_norm\.", ".output.LayerNorm."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A sequence classifier taken apart: tensors as `BertModel` names them, and its head.

    head: weight and bias of the layer on the first token's state, which ends in `activation`, and
    of the one that gives the outputs.
    """

    shape: Shape
    tensors: dict[str, Any]
    head: tuple[Any, Any, Any, Any]
    activation: str


def take_apart(config: Mapping[str, Any], state: Mapping[str, Any]) -> Parts | None:
    """Name the weights as the encoder wants them; None if the model is none that it can run."""
    kind = config.get("model_type")
    if config.get("is_decoder") or config.get("add_cross_attention"):
        return None
    if config.get("position_embedding_type", "absolute") != "absolute":
        return None
    if config.get("activation" if kind == "distilbert" else "hidden_act") != "gelu":
        return None
    if kind == "bert":
        return _parts(config, state, "bert.", ("bert.pooler.dense", "classifier"), first=0)
    if kind in _ROBERTA:
        first = int(config.get("pad_token_id", 1)) + 1
        names = ("classifier.dense", "classifier.out_proj")
        return _parts(config, state, "roberta.", names, first=first)
    if kind == "distilbert":
        return _distilbert(config, state)
    return None


def _distilbert(config: Mapping[str, Any], state: Mapping[str, Any]) -> Parts | None:
    settings = {
        "num_attention_heads": config["n_heads"],
        "num_hidden_layers": config["n_layers"],
        "layer_norm_eps": 1e-12,
    }
    renamed = {}
    for name, tensor in state.items():
        short = name.removeprefix("distilbert.")
        for pattern, ours in _DISTIL:
            short = re.sub(pattern, ours, short)
        renamed[short if short == name else f"distilbert.{short}"] = tensor
    names = ("pre_classifier", "classifier")
    return _parts(settings, renamed, "distilbert.", names, first=0, activation="relu")


def _parts(
    config: Mapping[str, Any],
    state: Mapping[str, Any],
    prefix: str,
    head: tuple[str, str],
    *,
    first: int,
    activation: str = "tanh",
) -> Parts | None:
    names = [f"{name}.{kind}" for name in head for kind in ("weight", "bias")]
    if any(name not in state for name in names):
        return None
    return Parts(
        shape=Shape(
            heads=int(config["num_attention_heads"]),
            layers=int(config["num_hidden_layers"]),
            epsilon=float(config["layer_norm_eps"]),
            first_position=first,
        ),
        tensors={
            name.removeprefix(prefix): tensor
            for name, tensor in state.items()
            if name.startswith(prefix)
        },
        head=(state[names[0]], state[names[1]], state[names[2]], state[names[3]]),
        activation=activation,
    )
