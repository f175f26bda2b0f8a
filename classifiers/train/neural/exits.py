"""Training a way out below the last layer, and saying where it may be taken.

The head is learnt together with the model (Schwartz et al., 2020): its loss goes on into the layers
below, which so bring what it needs within its reach. It is kept beside the model, which stays a
plain BERT.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from classifiers.exits import HEAD
from classifiers.train.datasets import Row
from classifiers.train.neural import score
from classifiers.train.neural.calibrate import fit_temperature
from classifiers.train.neural.recipe import Recipe

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

THRESHOLDS: Final = tuple(at / 100 for at in range(99, 39, -1))
MOST_F1_LOST: Final = 0.003  # mean macro-F1 over sets
MOST_ERROR_ADDED: Final = 0.005  # calibration error of a family
LEAST_SAVED: Final = 0.15  # share of all computing; less is not worth a second head


class Made(NamedTuple):
    """What a model with an exit makes of a batch: logits at its end, and at the exit."""

    logits: Any
    exit_logits: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Where texts leave, and what that was found to bring on the rows that it was chosen by.

    share: of the texts that leave. saved: share of all computing. macro_f1, errors: of the whole
    model and with some texts leaving; means over sets, and of each family.
    """

    layer: int
    threshold: float
    temperature: float
    share: float
    saved: float
    macro_f1: tuple[float, float]
    errors: tuple[dict[str, float], dict[str, float]]


def with_exit(plain: Any, recipe: Recipe) -> Any:
    """Put an exit beside a model, as the recipe has it: a module whose parts are `plain` and `out`.

    The head begins as the model's own does, with an identity, and is left to chance in the rest.
    """
    import torch  # noqa: PLC0415
    from torch import nn  # noqa: PLC0415

    hidden, labels = plain.config.hidden_size, plain.config.num_labels
    chance = torch.Generator().manual_seed(recipe.seed)
    dense, out = nn.Linear(hidden, hidden), nn.Linear(hidden, labels)
    with torch.no_grad():
        nn.init.eye_(dense.weight)
        out.weight.normal_(0, plain.config.initializer_range, generator=chance)
        nn.init.zeros_(dense.bias)
        nn.init.zeros_(out.bias)

    class WithExit(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.config = plain.config
            self.plain = plain
            self.out = nn.ModuleDict({"dense": dense, "out": out})

        def forward(self, input_ids: Any, attention_mask: Any) -> Made:
            made = self.plain(
                input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True
            )
            shown = attention_mask[:, :, None]
            sums = (made.hidden_states[recipe.exit_layer].float() * shown).sum(dim=1)
            means = sums / shown.sum(dim=1)
            return Made(made.logits, out(torch.tanh(dense(means))))

    return WithExit()


def judge(
    model: Any, rows: Sequence[Row], encoded: "Sequence[NDArray[np.int32]]"
) -> tuple[score.Judged, score.Judged]:
    """Let a model with an exit read the rows: what it says at its end, and at the exit."""
    import torch  # noqa: PLC0415

    both = score.outputs(model, encoded, lambda made: torch.cat(tuple(made), dim=1))
    middle = both.shape[1] // 2
    return score.Judged(list(rows), both[:, :middle]), score.Judged(list(rows), both[:, middle:])


def choose(
    whole: score.Judged,
    early: score.Judged,
    lengths: Sequence[int],
    recipe: Recipe,
    least_rows: int,
) -> Way:
    """Find the lowest threshold, from above, down to which hardly anything is lost.

    whole: calibrated; early: as trained. All are of the same held-out rows, lengths in tokens.
    Sets of fewer than so many rows do not count. Whether it is worth it `LEAST_SAVED` says.
    """
    import numpy as np  # noqa: PLC0415

    three = early.where([not row.two_class for row in early.rows])
    temperature = fit_temperature(three)
    early = score.Judged(early.rows, early.logits / np.float32(temperature))
    sure = confidence(early)
    f1, errors = _mean_f1(whole, least_rows), score.by_family(whole)
    found, found_f1, found_errors = 1.01, f1, errors
    for threshold in THRESHOLDS:
        mixed = left_at(whole, early, threshold)
        now, now_errors = _mean_f1(mixed, least_rows), score.by_family(mixed)
        added = max((now_errors[each] - errors[each] for each in errors), default=0.0)
        if f1 - now > MOST_F1_LOST or added > MOST_ERROR_ADDED:
            break
        found, found_f1, found_errors = threshold, now, now_errors
    leaving = sure >= found
    depth = len(recipe.layers)
    tokens = np.array(lengths)
    saved = float(tokens[leaving].sum() / tokens.sum()) * (depth - recipe.exit_layer) / depth
    return Way(
        layer=recipe.exit_layer,
        threshold=found,
        temperature=temperature,
        share=float(leaving.mean()),
        saved=saved,
        macro_f1=(f1, found_f1),
        errors=(errors, found_errors),
    )


def left_at(whole: score.Judged, early: score.Judged, threshold: float) -> score.Judged:
    """Give the logits of the exit for those rows of which it is sure, and of the whole model."""
    import numpy as np  # noqa: PLC0415

    leaving = confidence(early) >= threshold
    return score.Judged(whole.rows, np.where(leaving[:, None], early.logits, whole.logits))


def confidence(judged: score.Judged) -> "NDArray[np.float64]":
    """Give the highest probability of each row."""
    import numpy as np  # noqa: PLC0415

    values = judged.logits.astype(np.float64)
    highest: NDArray[np.float64] = 1 / np.exp(values - values.max(axis=1, keepdims=True)).sum(1)
    return highest


def tensors_of(model: Any, temperature: float) -> dict[str, Any]:
    """Give the head's tensors as they are stored, half precision; the temperature is in them."""
    state = {name: value.detach().float() for name, value in model.out.state_dict().items()}
    for name in HEAD[2:]:
        state[name] = state[name] / temperature
    return {name: state[name].half().contiguous() for name in HEAD}


def told(way: Way) -> str:
    """Say it in a line."""
    f1, errors = ([f"{100 * each:.1f}" for each in way.macro_f1], way.errors)
    eces = ", ".join(
        f"{family} {100 * before:.1f} to {100 * errors[1][family]:.1f}"
        for family, before in errors[0].items()
    )
    return (
        f"after layer {way.layer}, at {way.threshold:.2f}, {100 * way.share:.0f} % of the texts"
        f" leave, {100 * way.saved:.0f} % of the computing is saved; mean macro-F1 {f1[0]} to"
        f" {f1[1]}, calibration error {eces or 'none'}"
    )


def _mean_f1(judged: score.Judged, least_rows: int) -> float:
    scores = score.by_set(judged, least_rows)
    return sum(each.macro_f1 for _, each in scores) / len(scores) if scores else 0.0
