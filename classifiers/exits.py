"""Leaving early: a head halfway up answers where it is sure, and the layers above are saved.

Xin et al., 2020 (DeeBERT); Schwartz et al., 2020. The head reads the mean over a text's token
states; it is sure where its highest probability is at least `threshold`. It lies in a file of its
own, so that the directory stays one that transformers loads as any other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from classifiers.near import Near

EXIT_FILE: Final = "exit.safetensors"
HEAD: Final = ("dense.weight", "dense.bias", "out.weight", "out.bias")  # tanh lies between


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """Where texts may leave: after `layer` layers.

    head: weight and bias of a layer that ends in tanh, and of the one that gives the outputs.
    threshold: the probability, over 1 for no text to leave. near: what corrections change there.
    """

    layer: int
    threshold: float
    head: tuple[Any, Any, Any, Any]
    near: Near | None = None


def exit_of(
    settings: Mapping[str, Any], tensors: Mapping[str, Any], near: Near | None = None
) -> Exit:
    """Put together what config.json says, and the tensors of EXIT_FILE.

    Raises KeyError, TypeError or ValueError where something is missing or makes no sense.
    """
    weight, bias, out_weight, out_bias = (tensors[name] for name in HEAD)
    return Exit(
        layer=int(settings["layer"]),
        threshold=float(settings["threshold"]),
        head=(weight, bias, out_weight, out_bias),
        near=near,
    )
