"""The settings of a run, each of which can be set from the command line: `--set rate=1e-4`."""

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

ALL_LAYERS: Final = tuple(range(12))
AFTERWARDS: Final = ("beside_fast",)  # what training itself does not depend on


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a model is made of and how it is trained; two equal ones give the same model.

    (On the same machine with as many threads: sums of floats depend on their order.)
    """

    seed: int = 0  # of all chance but the split
    split: int = 0  # of what is held out: one for all seeds, so that they can be compared and mixed
    layers: tuple[int, ...] = ALL_LAYERS  # of the base, from below
    pieces: int = 48_000
    mean_pooling: bool = True
    longest: int = 128  # tokens of a text; a longer one gives its beginning and its end
    languages: tuple[str, ...] = ()  # only these, if any are named
    most_rows: int = 0  # of a set and language, held-out ones apart; 0 for all

    epochs: float = 1.5
    minutes: float = 0.0  # of fine-tuning; if given, it and not `epochs` decides when to stop
    batch_tokens: int = 2400  # padding included
    rate: float = 1e-4
    head_factor: float = 3.0  # the pooler and the classifier learn faster
    layer_decay: float = 1.0  # the rate of a layer over that of the next higher one
    warm_up: float = 0.06  # share of all steps
    weight_decay: float = 0.01
    longest_step: float = 1.0  # gradients are clipped to this norm
    masked: float = 0.05  # share of tokens; instead of dropout, which costs more
    frozen_layers: int = 4  # the lowest ones, as the base has them: `embed` can share them
    frozen_embeddings: bool = True
    noisy_smoothing: float = 0.15  # share of the label that is spread over all, of noisy rows
    smoothing: float = 0.0  # the same, of the others
    noisy_weight: float = 0.7
    average: float = 0.06  # share of all steps over which weights are averaged, 0 for none
    taught: float = 0.5  # share of the target that a teacher gives, where one is given

    adapt_minutes: float = 0.0  # of masked-language modelling on posts, before fine-tuning
    adapt_rate: float = 2e-4
    adapt_masked: float = 0.2

    exit_layer: int = 7  # of the base's, after which a text may leave where it is sure; 0 for none
    exit_weight: float = 0.3  # of the exit's loss, beside the whole model's

    beside_fast: bool = True  # whether the model answers together with `fast`

    def __post_init__(self) -> None:
        """Raise ValueError where settings do not go together."""
        if not 0 <= self.exit_layer < len(self.layers):
            raise ValueError(
                f"exit_layer={self.exit_layer}: wanted 1 to {len(self.layers) - 1}, or 0 for none"
            )

    def fingerprint(self) -> str:
        """Name the settings in twelve letters, so that a run does not go on with others."""
        settings = dataclasses.asdict(self).items()
        return _named({name: value for name, value in settings if name not in AFTERWARDS})

    def adapt_key(self) -> str:
        """Name those settings that adapting depends on: its result serves several recipes."""
        mine = (
            "seed",
            "split",
            "layers",
            "pieces",
            "longest",
            "languages",
            "batch_tokens",
            "warm_up",
        )
        settings = dataclasses.asdict(self).items()
        return _named({k: v for k, v in settings if k in mine or k.startswith("adapt_")})


QUICK: Final = Recipe(
    layers=(0, 1, 2),
    pieces=12_000,
    longest=64,
    languages=("en", "de", "es", "zh"),
    most_rows=300,
    epochs=2.0,
    rate=4e-4,
    frozen_layers=0,
    average=0.0,
    exit_layer=0,
    beside_fast=False,  # which alone would beat the commonest label
)


def with_settings(recipe: Recipe, settings: Sequence[str]) -> Recipe:
    """Change a recipe by `name=value` texts; lists are written with commas: `layers=0,2,4`.

    Raises ValueError that names what is wrong, and what there is.
    """
    known = {field.name: getattr(recipe, field.name) for field in dataclasses.fields(recipe)}
    changes: dict[str, Any] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if name not in known or not equals:
            raise ValueError(f"--set {setting}: wanted NAME=VALUE, of {', '.join(known)}")
        try:
            changes[name] = _typed(value, known[name], name)
        except ValueError:
            raise ValueError(f"--set {setting}: not like {known[name]!r}") from None
    return dataclasses.replace(recipe, **changes)


def _named(settings: dict[str, Any]) -> str:
    text = json.dumps(settings, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _typed(value: str, like: Any, name: str) -> Any:
    if isinstance(like, bool):
        return ("0", "false", "1", "true").index(value.lower()) > 1
    if isinstance(like, tuple):
        each: Any = int if name == "layers" else str
        return tuple(each(part) for part in value.split(",") if part)
    return type(like)(value)
