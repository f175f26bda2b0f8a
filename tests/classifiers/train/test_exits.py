"""A way out below the last layer: learnt with the model, kept beside it, taken where it is sure."""

import dataclasses
import json
import logging
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoModelForSequenceClassification

from classifiers.exits import EXIT_FILE
from classifiers.huggingface import HuggingFaceClassifier
from classifiers.neural import NeuralClassifier
from classifiers.train.datasets import Row
from classifiers.train.neural import (
    exits,
    finetune,
    loop,
    model,
    optimizer,
    pack,
    run,
    score,
    tokenizer,
)
from classifiers.train.neural.recipe import QUICK, Recipe, with_settings
from tests.classifiers.train import test_default
from tests.classifiers.train.test_default import IDS, SAID, TINY, material
from tests.classifiers.train.tiny import tiny_base

data = test_default.data
EARLY = dataclasses.replace(TINY, exit_layer=1)
SAYS = ["awful late broken", "monday office desk", "fine joy wow"]


def two_headed() -> torch.nn.Module:
    plain = model.classifier(tiny_base(), IDS, (0, 1), mean_pooling=True, seed=0)
    made: torch.nn.Module = exits.with_exit(plain, EARLY)
    return made


def test_runs_with_other_exits_have_other_names() -> None:
    early = Recipe(exit_layer=6)
    assert early.fingerprint() not in (
        Recipe(exit_layer=7).fingerprint(),
        with_settings(early, ["exit_weight=1"]).fingerprint(),
    )
    assert early.adapt_key() == Recipe(exit_layer=7).adapt_key()


def test_an_exit_above_the_base_is_refused() -> None:
    with pytest.raises(ValueError, match="exit_layer=3: wanted 1 to 2"):
        with_settings(QUICK, ["exit_layer=3"])


def test_all_of_it_gives_a_directory_that_texts_leave_early(data: Path, tmp_path: Path) -> None:
    job = run.Job(data, tmp_path / "work", tmp_path / "out", EARLY, SAID.append)
    SAID.clear()
    outcome = run.train_from(tiny_base(), job)
    assert any(line.startswith("leaving early: after layer 1") for line in SAID)
    config = json.loads((tmp_path / "out" / "config.json").read_text("utf-8"))
    assert config["listener"]["exit"]["layer"] == 1
    assert "## Leaving early" in (tmp_path / "out" / "README.md").read_text("utf-8")
    figures = dict(outcome.held_out)
    assert figures["airline_us"].macro_f1 > 0.8

    early, whole = (NeuralClassifier(tmp_path / "out", exits=each) for each in (True, False))
    assert early.version != whole.version
    said = [early.predict(SAYS), whole.predict(SAYS)]
    assert said[0] != said[1]
    for made in said:
        assert [each.label for each in made] == ["negative", "neutral", "positive"]
    assert run.train_from(tiny_base(), job).held_out == outcome.held_out


def pack_with(leave: dict[str, torch.Tensor] | None, out: Path) -> None:
    settings: dict[str, object] = {"longest": 24}
    if leave:
        settings["exit"] = {"layer": 1, "threshold": 0.5}
    cutter = tokenizer.build(tiny_base(), IDS)
    plain = two_headed().plain
    pack.pack(plain, cutter, out, temperature=1.0, settings=settings, leave=leave)


def test_transformers_takes_no_notice_of_an_exit(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pack_with(exits.tensors_of(two_headed(), 1.0), tmp_path)
    with warnings.catch_warnings(), caplog.at_level(logging.WARNING):
        warnings.simplefilter("error")
        made, told = AutoModelForSequenceClassification.from_pretrained(
            tmp_path, output_loading_info=True
        )
    assert not any(told.values())
    assert not caplog.records
    assert made.config.num_hidden_layers == 3
    theirs = HuggingFaceClassifier(str(tmp_path), precision="fp32").predict(SAYS)
    ours = NeuralClassifier(tmp_path, precision="fp32", exits=False).predict(SAYS)
    for one, other in zip(theirs, ours, strict=True):
        assert one.negative == pytest.approx(other.negative, abs=1e-5)


def test_the_exit_is_part_of_the_version(tmp_path: Path) -> None:
    leave = exits.tensors_of(two_headed(), 1.0)
    pack_with(leave, tmp_path)
    first = NeuralClassifier(tmp_path).version
    pack_with({**leave, "out.bias": leave["out.bias"] + 1}, tmp_path)
    assert NeuralClassifier(tmp_path).version != first


def test_an_earlier_exit_does_not_stay_behind(tmp_path: Path) -> None:
    pack_with(exits.tensors_of(two_headed(), 1.0), tmp_path)
    pack_with(None, tmp_path)
    assert not (tmp_path / EXIT_FILE).exists()


def test_the_temperature_of_an_exit_is_in_its_weights() -> None:
    made = two_headed()
    one, two = (exits.tensors_of(made, each) for each in (1.0, 2.0))
    assert torch.equal(one["out.weight"] / 2, two["out.weight"])
    assert torch.equal(one["dense.weight"], two["dense.weight"])


def task_of(every: finetune.Material, stop_at: int = 1000) -> loop.Task:
    made = two_headed()

    def backward(batch: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]", step: int) -> float:
        if step == stop_at:
            raise KeyboardInterrupt
        return finetune.backward(made, every, batch, EARLY, step)

    return loop.Task(
        model=made,
        backward=backward,
        batches=lambda: (
            batch
            for epoch in finetune.batches_by_epoch(every.rows, every.lengths, EARLY)
            for batch in epoch
        ),
        steps=lambda: 12,
        average=0.5,
    )


def test_a_stopped_run_goes_on_with_its_exit_as_if_it_had_not_been(tmp_path: Path) -> None:
    every = material()
    ends = loop.train(task_of(every), EARLY, tmp_path / "whole.pt", "x", SAID.append)
    with pytest.raises(KeyboardInterrupt):
        loop.train(
            task_of(every, 7), EARLY, tmp_path / "part.pt", "x", SAID.append, save_every_seconds=0
        )
    again = loop.train(task_of(every), EARLY, tmp_path / "part.pt", "x", SAID.append)
    assert "out.dense.weight" in ends["average"]
    for end, state in ends.items():
        for name, weights in state.items():
            assert torch.equal(again[end][name], weights), name


def test_an_exit_beside_it_leaves_what_the_model_begins_with() -> None:
    plain = model.classifier(tiny_base(), IDS, (0, 1), mean_pooling=True, seed=0)
    beside = two_headed().plain
    assert isinstance(beside, torch.nn.Module)
    assert set(beside.state_dict()) == set(plain.state_dict())
    for name, weights in plain.state_dict().items():
        assert torch.equal(beside.state_dict()[name], weights)


def test_the_loss_of_an_exit_teaches_the_layers_below_it() -> None:
    every, made = material(8), two_headed()
    recipe = dataclasses.replace(EARLY, exit_weight=0.0)
    gradients = []
    for each in (recipe, EARLY):
        made.zero_grad(set_to_none=True)
        finetune.backward(made, every, np.arange(8), each, 0)
        gradients.append(
            {n: p.grad.clone() for n, p in made.named_parameters() if p.grad is not None}
        )
    below, above = (f"plain.bert.encoder.layer.{at}.output.dense.weight" for at in (0, 1))
    assert not torch.equal(gradients[0][below], gradients[1][below])
    assert torch.equal(gradients[0][above], gradients[1][above])
    assert gradients[1]["out.out.weight"].abs().max() > 0


def test_an_exit_learns_as_fast_as_the_other_head() -> None:
    made = two_headed()
    learner = optimizer.make(made, EARLY)
    rates = {
        id(each): group["full_rate"] for group in learner.param_groups for each in group["params"]
    }
    named = {name: rates[id(each)] for name, each in made.named_parameters()}
    heads = {name for name, rate in named.items() if rate == EARLY.rate * EARLY.head_factor}
    assert {name.split(".weight")[0] for name in heads if name.endswith("weight")} == {
        "plain.classifier",
        "plain.bert.pooler.dense",
        "out.dense",
        "out.out",
    }


def judged(strength: float, right: float, seed: int) -> score.Judged:
    """Rows of all three labels, of which such a share is told rightly."""
    rows = [Row(f"text {at}", at % 3, "en", "umsab", "held_out") for at in range(900)]
    chance = np.random.default_rng(seed)
    logits = chance.normal(0, 0.3, (len(rows), 3))
    for at, row in enumerate(rows):
        told = row.label if chance.random() < right else (row.label + 1) % 3
        logits[at, told] += strength
    return score.Judged(rows, logits.astype(np.float32))


def test_an_exit_as_good_as_the_whole_is_taken_by_all() -> None:
    whole = judged(2.0, 0.8, 0)
    way = exits.choose(whole, whole, [9] * 900, EARLY, 50)
    assert way.share > 0.9
    assert way.saved == pytest.approx(way.share / 2, abs=0.01)
    assert way.temperature == pytest.approx(1.0, abs=0.3)


def test_an_exit_that_is_sure_of_nothing_is_left_out() -> None:
    way = exits.choose(judged(3.0, 0.9, 0), judged(3.0, 0.4, 1), [9] * 900, EARLY, 50)
    assert way.saved < exits.LEAST_SAVED
    assert way.macro_f1[0] - way.macro_f1[1] <= exits.MOST_F1_LOST
