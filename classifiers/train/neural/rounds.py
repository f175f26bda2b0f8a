"""Fine-tuning in one round or in two, and all the weights that come of it.

The second round begins where the first one ended, with fresh draws, and with a rate that rises and
falls anew (Loshchilov and Hutter, 2017). Both ends lie in one valley: so their mean is a model
too, and mistakes that only one of them makes are damped in it (Izmailov et al., 2018).
"""

import dataclasses
from pathlib import Path
from typing import Any

from classifiers.train.neural import loop
from classifiers.train.neural.finetune import Material, finetune
from classifiers.train.neural.recipe import Recipe


def train(
    model: Any, material: Material, recipe: Recipe, work: Path, fingerprint: str, say: loop.Say
) -> dict[str, loop.State]:
    """Train the model in place, going on from the checkpoints in `work`.

    Gives the weights at the end of the last round as `loop.train` does, and the mean of what both
    rounds gave as `both`, where there were two.
    """
    ends = finetune(model, material, recipe, work / "finetune.pt", fingerprint, say)
    if not recipe.again:
        return ends
    first = _end(ends)
    model.load_state_dict(first)
    say(f"second round, {recipe.again:g} epochs")
    key = f"{fingerprint}:again"
    ends = finetune(model, material, second(recipe), work / "again.pt", key, say)
    return {**ends, "both": _mean(first, _end(ends))}


def second(recipe: Recipe) -> Recipe:
    """Give the recipe of the second round."""
    return dataclasses.replace(
        recipe,
        seed=recipe.seed + 1,
        epochs=recipe.again,
        minutes=recipe.minutes * recipe.again / recipe.epochs,
        rate=recipe.again_rate,
    )


def _end(ends: dict[str, loop.State]) -> loop.State:
    return ends.get("average", ends["last"])


def _mean(first: loop.State, last: loop.State) -> loop.State:
    return {
        name: (value + last[name]) / 2 if value.is_floating_point() else value
        for name, value in first.items()
    }
