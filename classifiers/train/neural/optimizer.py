"""AdamW with its own rate for each depth of the model, and how the rate goes over the steps."""

import re
from typing import Any, Final

from classifiers.train.neural.recipe import Recipe

BETAS: Final = (0.9, 0.98)
HEADS: Final = ("classifier.", "bert.pooler.", "out.")  # what `exits.with_exit` adds among them
_LAYER = re.compile(r"encoder\.layer\.(\d+)\.")


def make(model: Any, recipe: Recipe) -> Any:
    """Make the optimizer of all weights that learn.

    The classifier, the pooler and an exit learn `head_factor` times as fast; each layer
    `layer_decay` times as fast as the next higher one. Biases and LayerNorms do not decay.
    """
    import torch  # noqa: PLC0415

    depth = model.config.num_hidden_layers
    groups: dict[tuple[float, float], list[Any]] = {}
    for name, weights in model.named_parameters():
        if weights.requires_grad:
            rate = recipe.rate * _factor(name, depth, recipe)
            decay = recipe.weight_decay if weights.dim() > 1 else 0.0
            groups.setdefault((rate, decay), []).append(weights)
    settings = [
        {"params": weights, "lr": rate, "full_rate": rate, "weight_decay": decay}
        for (rate, decay), weights in groups.items()
    ]
    return torch.optim.AdamW(settings, betas=BETAS, fused=True)


def _factor(name: str, depth: int, recipe: Recipe) -> float:
    if name.removeprefix("plain.").startswith(HEADS):
        return recipe.head_factor
    layer = _LAYER.search(name)
    below_top = depth - 1 - int(layer[1]) if layer else depth
    return float(recipe.layer_decay**below_top)


def rate_at(step: int, steps: int, warm_up: float) -> float:
    """Give the share of the full rate at a step: up over the warm-up, then linearly to nought."""
    rising = max(1.0, warm_up * steps)
    if step < rising:
        return (step + 1) / (rising + 1)
    return max(0.0, (steps - step) / max(1.0, steps - rising))


def set_rates(learner: Any, share: float) -> None:
    """Set the rate of each group to a share of its full one."""
    for group in learner.param_groups:
        group["lr"] = group["full_rate"] * share
