"""Fine-tuning: from texts and what should be said of them to weights, in bf16."""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from classifiers.train.datasets import Row
from classifiers.train.neural import feed, loop, sets
from classifiers.train.neural.recipe import Recipe
from classifiers.train.neural.tokenizer import MASK_ID, PAD_ID, SPECIAL

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NEVER: Final = -1e4  # the logit of a label that a row's annotators did not have


@dataclass(frozen=True, slots=True)
class Material:
    """The training texts: ids, targets [n, 3], weights [n], whether neutral is out [n]."""

    rows: list[Row]
    encoded: "list[NDArray[np.int32]]"
    targets: "NDArray[np.float32]"
    weights: "NDArray[np.float32]"
    two_class: "NDArray[np.bool_]"
    lengths: "NDArray[np.int64]"

    @classmethod
    def of(
        cls,
        rows: list[Row],
        encoded: "list[NDArray[np.int32]]",
        targets: "NDArray[np.float32]",
        weights: "NDArray[np.float32]",
    ) -> "Material":
        """Put the parts side by side; all are in the order of the rows."""
        import numpy as np  # noqa: PLC0415

        two_class = np.array([row.two_class for row in rows])
        lengths = np.array([len(each) for each in encoded], dtype=np.int64)
        return cls(rows, encoded, targets, weights, two_class, lengths)

    def tokens(self, batch: "NDArray[np.int64]") -> int:
        """Count the tokens of a batch, padding included."""
        return int(self.lengths[batch].max()) * len(batch)


def batches_by_epoch(
    rows: list[Row], lengths: "NDArray[np.int64]", recipe: Recipe
) -> "Iterator[list[NDArray[np.int64]]]":
    """Yield the batches of each epoch, without end."""
    import numpy as np  # noqa: PLC0415

    for epoch in itertools.count():
        order = sets.draw(rows, recipe, epoch)
        chance = np.random.default_rng([recipe.seed, epoch, 1])
        yield feed.batches(order, lengths, recipe.batch_tokens, chance)


def steps_in_epochs(material: Material, recipe: Recipe) -> int:
    """Count the batches of so many epochs, of the last perhaps a part."""
    whole = math.ceil(recipe.epochs)
    every = batches_by_epoch(material.rows, material.lengths, recipe)
    sizes = [len(each) for each in itertools.islice(every, whole)]
    return max(1, round(sum(sizes) - (whole - recipe.epochs) * sizes[-1]))


def finetune(
    model: Any, material: Material, recipe: Recipe, path: Path, fingerprint: str, say: loop.Say
) -> dict[str, loop.State]:
    """Train the model in place, resuming at `path`; give the weights as `loop.train` does.

    model: one of `exits.with_exit` where the recipe has an exit.
    """

    def steps() -> int:
        if recipe.minutes:
            return loop.steps_in(task, recipe.minutes, material.tokens)
        return steps_in_epochs(material, recipe)

    task = loop.Task(
        model=model,
        backward=lambda batch, step: backward(model, material, batch, recipe, step),
        batches=lambda: itertools.chain.from_iterable(
            batches_by_epoch(material.rows, material.lengths, recipe)
        ),
        steps=steps,
        average=recipe.average,
    )
    return loop.train(task, recipe, path, fingerprint, say)


def backward(
    model: Any, material: Material, batch: "NDArray[np.int64]", recipe: Recipe, step: int
) -> float:
    """Add the gradients of a batch; give its loss per text, an exit's left out.

    Some tokens are masked, by chance. The sum over the texts is taken over the usual size of a
    batch, so that a text counts alike in one of many short texts and in one of few long ones.
    """
    import numpy as np  # noqa: PLC0415
    import torch  # noqa: PLC0415

    ids, mask = feed.padded([material.encoded[at] for at in batch], PAD_ID)
    chance = np.random.default_rng([recipe.seed, 2, step])
    ids[(chance.random(ids.shape) < recipe.masked) & (ids >= len(SPECIAL))] = MASK_ID
    with torch.autocast("cpu", dtype=torch.bfloat16):
        made = model(input_ids=torch.from_numpy(ids), attention_mask=torch.from_numpy(mask))
    each = _losses(made.logits, material, batch)
    total = each
    if recipe.exit_layer:
        total = each + recipe.exit_weight * _losses(made.exit_logits, material, batch)
    usual = recipe.batch_tokens / float(material.lengths.mean())
    loss = (total * torch.from_numpy(material.weights[batch])).sum() / usual
    loss.backward()
    return float(each.detach().mean())


def _losses(logits: Any, material: Material, batch: "NDArray[np.int64]") -> Any:
    """Give the loss of each text, float32 [texts]."""
    import torch  # noqa: PLC0415

    logits = logits.float()
    closed = torch.zeros_like(logits)
    closed[:, 1] = torch.where(torch.from_numpy(material.two_class[batch]), NEVER, 0.0)
    likelihood = torch.log_softmax(logits + closed, dim=1)
    return -(torch.from_numpy(material.targets[batch]) * likelihood).sum(dim=1)
