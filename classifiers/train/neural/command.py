"""What `python -m classifiers.train default` does with its options."""

import argparse
import dataclasses
import os
from collections.abc import Callable
from typing import Final

from classifiers.train.datasets import read_rows, read_unlabelled
from classifiers.train.neural import run, sets, teacher
from classifiers.train.neural.recipe import QUICK, Recipe, with_settings

Say = Callable[[str], None]
LEAST_GAIN: Final = 0.05  # of a quick model over the commonest label, in every language


def run_command(options: argparse.Namespace, say: Say) -> int:
    """Train, or let finished models teach; 1 if a quick model does not beat the commonest label."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # as many threads as are asked for
    import torch  # noqa: PLC0415
    from transformers.utils import logging  # noqa: PLC0415

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    if options.threads:
        torch.set_num_threads(options.threads)
    recipe = recipe_of(options)
    rows = read_rows(options.data, recipe.split)
    if options.teach:
        texts = [row for row in rows if row.part == "train"]
        texts += sets.without_label(read_unlabelled(options.data, recipe.split))
        path = options.out or options.work / "teacher.npz"
        teacher.write(path, options.teach, texts, recipe.longest)
        return 0
    out = options.out or options.work / "model"
    outcome = run.train(run.Job(options.data, options.work, out, recipe, say, options.teacher))
    if not options.quick:
        return 0
    gains = run.against_majority(sets.wanted(rows, recipe), outcome.held_out)
    for language, gain in gains.items():
        say(f"{language}: macro-F1 {100 * gain:+.1f} against the commonest label")
    return 0 if gains and min(gains.values()) >= LEAST_GAIN else 1


def recipe_of(options: argparse.Namespace) -> Recipe:
    """Make the recipe that the options ask for."""
    recipe = dataclasses.replace(QUICK if options.quick else Recipe(), seed=options.seed)
    if options.minutes:
        recipe = dataclasses.replace(recipe, minutes=options.minutes)
    if options.epochs:
        recipe = dataclasses.replace(recipe, epochs=options.epochs)
    return with_settings(recipe, options.set)
