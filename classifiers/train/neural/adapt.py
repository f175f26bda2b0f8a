"""Getting used to posts before fine-tuning: guessing masked words in them.

Gururangan et al., 2020. The base was trained on what the web writes; XLM-T is better than XLM-R on
tweets because it went on with tweets. Logits over the vocabulary are computed where a token is
masked, and nowhere else.
"""

import dataclasses
import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from classifiers.train.datasets import Row
from classifiers.train.neural import feed, loop, sets
from classifiers.train.neural.finetune import batches_by_epoch
from classifiers.train.neural.recipe import Recipe
from classifiers.train.neural.tokenizer import MASK_ID, PAD_ID, SPECIAL

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KEPT_AS_IT_IS: Final = 0.1  # share of the guessed tokens that the model can see


def posts(rows: Sequence[Row], unlabelled: Sequence[tuple[str, str]]) -> list[Row]:
    """Give what there is of posts: those that are trained on, and those without a label."""
    labelled = [
        row for row in rows if row.part == "train" and sets.family_of(row.source) == sets.SOCIAL
    ]
    return [*labelled, *sets.without_label(unlabelled)]


def adapt(
    model: Any,
    rows: Sequence[Row],
    encoded: "list[NDArray[np.int32]]",
    recipe: Recipe,
    path: Path,
    fingerprint: str,
    say: loop.Say,
) -> None:
    """Train the model's `bert` in place for the recipe's `adapt_minutes`, resuming at `path`."""
    import numpy as np  # noqa: PLC0415

    lengths = np.array([len(each) for each in encoded], dtype=np.int64)
    guesser = make_guesser(model)
    own = dataclasses.replace(
        recipe, rate=recipe.adapt_rate, masked=recipe.adapt_masked, most_rows=0, layer_decay=1.0
    )
    task = loop.Task(
        model=guesser,
        backward=lambda batch, step: backward(guesser, [encoded[at] for at in batch], own, step),
        batches=lambda: itertools.chain.from_iterable(batches_by_epoch(list(rows), lengths, own)),
        steps=lambda: loop.steps_in(
            task, recipe.adapt_minutes, lambda batch: int(lengths[batch].max()) * len(batch)
        ),
        average=0.0,
    )
    loop.train(task, own, path, fingerprint, say)


def make_guesser(model: Any) -> Any:
    """Put a head on the model's encoder that guesses tokens; its output weights are the input's.

    The pooler and, where there is one, the mean layer stay out of it: they come after.
    """
    import torch  # noqa: PLC0415
    from torch import nn  # noqa: PLC0415

    bert = model.bert
    hidden, pieces = bert.config.hidden_size, bert.config.vocab_size

    class Guesser(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.config = bert.config
            self.embeddings = bert.embeddings
            self.layers = nn.ModuleList(
                layer for layer in bert.encoder.layer if learns_words(layer)
            )
            self.dense = nn.Linear(hidden, hidden)
            self.norm = nn.LayerNorm(hidden)
            self.bias = nn.Parameter(torch.zeros(pieces))
            nn.init.eye_(self.dense.weight)
            nn.init.zeros_(self.dense.bias)

        def forward(self, ids: Any, mask: Any, wanted: Any) -> Any:
            states = self.embeddings(input_ids=ids)
            added = torch.zeros(mask.shape, dtype=states.dtype)
            added = added.masked_fill(mask == 0, torch.finfo(states.dtype).min)[:, None, None, :]
            for layer in self.layers:
                states = layer(states, added)
                states = states[0] if isinstance(states, tuple) else states
            guessed = self.norm(nn.functional.gelu(self.dense(states[wanted])))
            return guessed @ self.embeddings.word_embeddings.weight.T + self.bias

    return Guesser()


def learns_words(layer: Any) -> bool:
    """Whether a layer is one of the base's: the mean layer has no queries that could learn."""
    return bool(layer.attention.self.query.weight.any())


def backward(
    guesser: Any, encoded: "Sequence[NDArray[np.int32]]", recipe: Recipe, step: int
) -> float:
    """Add the gradients of a batch; give the loss per guessed token."""
    import numpy as np  # noqa: PLC0415
    import torch  # noqa: PLC0415

    ids, mask = feed.padded(encoded, PAD_ID)
    chance = np.random.default_rng([recipe.seed, 3, step])
    wanted = (chance.random(ids.shape) < recipe.masked) & (ids >= len(SPECIAL))
    if not wanted.any():
        return 0.0
    gold = torch.from_numpy(ids[wanted])
    ids[wanted & (chance.random(ids.shape) >= KEPT_AS_IT_IS)] = MASK_ID
    with torch.autocast("cpu", dtype=torch.bfloat16):
        made = guesser(torch.from_numpy(ids), torch.from_numpy(mask), torch.from_numpy(wanted))
    loss = torch.nn.functional.cross_entropy(made.float(), gold)
    loss.backward()  # type: ignore[no-untyped-call]
    return float(loss.detach())
