"""Training `default` from a tiny base: does it learn, go on, calibrate, pack, and tell?"""

import dataclasses
import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch

from classifiers.base import ClassifierError
from classifiers.huggingface import HuggingFaceClassifier
from classifiers.train.datasets import Row
from classifiers.train.neural import (
    adapt,
    calibrate,
    feed,
    finetune,
    loop,
    model,
    optimizer,
    pack,
    run,
    score,
    sets,
    teacher,
    tokenizer,
)
from classifiers.train.neural.recipe import Recipe
from tests.classifiers.test_train import made_up, write_set
from tests.classifiers.train.tiny import tiny_base

TINY = Recipe(
    layers=(0, 1),
    pieces=70,
    longest=24,
    batch_tokens=200,
    rate=3e-3,
    epochs=2,
    average=0.2,
    frozen_layers=0,
    frozen_embeddings=False,
    exit_layer=0,
    beside_fast=False,
)
LAST = len(tiny_base().pieces) - 1  # <mask>
IDS = [*range(4), LAST, *range(4, LAST)]
SAID: list[str] = []


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    write_set(folder, "umsab", "train", made_up(900, seed=1))
    write_set(folder, "umsab", "val", made_up(90, seed=2))
    write_set(folder, "airline_us", "dev", made_up(300, seed=3))
    write_set(folder, "netflix_reviews_en", "dev", made_up(900, seed=4))
    lines = ["### umsab", "- from: who/umsab@1", "- licence: MIT"]
    (folder / "README.md").write_text("\n".join(lines), "utf-8")
    return folder


def network(*, mean_pooling: bool = True) -> object:
    return model.classifier(tiny_base(), IDS, (0, 1), mean_pooling=mean_pooling, seed=0)


def material(count: int = 120) -> finetune.Material:
    labels = {"negative": 0, "neutral": 1, "positive": 2}
    rows = [
        Row(each["text"], labels[each["label"]], "en", "umsab", "train")
        for each in made_up(count, seed=5)
    ]
    cutter = tokenizer.build(tiny_base(), IDS)
    encoded = feed.encode(cutter, [row.text for row in rows], TINY.longest)
    return finetune.Material.of(
        rows, encoded, sets.targets(rows, TINY), sets.row_weights(rows, TINY)
    )


def test_all_of_it_gives_a_plain_directory_that_has_learnt(data: Path, tmp_path: Path) -> None:
    job = run.Job(data, tmp_path / "work", tmp_path / "out", TINY, SAID.append)
    outcome = run.train_from(tiny_base(), job)
    figures = {(source, each.language): each for source, each in outcome.held_out}
    assert figures["airline_us", "en"].macro_f1 > 0.8
    assert [source for source, _ in outcome.reported] == ["umsab"]
    made = HuggingFaceClassifier(str(tmp_path / "out")).predict(
        ["awful late broken", "monday office desk", "fine joy wow"]
    )
    assert [each.label for each in made] == ["negative", "neutral", "positive"]
    card = (tmp_path / "out" / "README.md").read_text("utf-8")
    assert "| umsab | en | 90 |" in card
    assert "who/umsab@1 | MIT | 3 |" in card
    assert "thing1x" not in card
    assert outcome.size < 1_000_000

    gains = run.against_majority(
        [Row("", label, "en", "airline_us", "held_out") for label in (0, 0, 0, 1, 2)],
        [("airline_us", figures["airline_us", "en"])],
    )
    assert gains["en"] == pytest.approx(figures["airline_us", "en"].macro_f1 - 0.25)

    SAID.clear()  # the same command again finds all of it
    assert run.train_from(tiny_base(), job).held_out == outcome.held_out
    assert any(line.startswith("going on from step") for line in SAID)

    other = dataclasses.replace(job, recipe=dataclasses.replace(TINY, rate=1e-3))
    with pytest.raises(ClassifierError, match="give another --work"):
        run.train_from(tiny_base(), other)


def test_a_stopped_run_goes_on_as_if_it_had_not_been(tmp_path: Path) -> None:
    every = material()
    whole = task_of(every)
    ends = loop.train(whole, TINY, tmp_path / "whole.pt", "x", SAID.append)

    stopped = task_of(every, stop_at=5)
    with pytest.raises(KeyboardInterrupt):
        loop.train(stopped, TINY, tmp_path / "part.pt", "x", SAID.append, save_every_seconds=0)
    again = loop.train(task_of(every), TINY, tmp_path / "part.pt", "x", SAID.append)
    assert set(ends) == {"last", "average"}
    for name, weights in ends["last"].items():
        assert torch.equal(again["last"][name], weights), name
        assert torch.equal(again["average"][name], ends["average"][name]), name


def task_of(every: finetune.Material, stop_at: int = 1000) -> loop.Task:
    made = network()

    def backward(batch: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]", step: int) -> float:
        if step == stop_at:
            raise KeyboardInterrupt
        return finetune.backward(made, every, batch, TINY, step)

    return loop.Task(
        model=made,
        backward=backward,
        batches=lambda: (
            batch
            for epoch in finetune.batches_by_epoch(every.rows, every.lengths, TINY)
            for batch in epoch
        ),
        steps=lambda: 12,
        average=0.5,
    )


def test_the_first_token_sees_the_mean_of_all() -> None:
    made: torch.nn.Module = network()  # type: ignore[assignment]
    without: torch.nn.Module = network(mean_pooling=False)  # type: ignore[assignment]
    ids = torch.tensor([[0, 7, 9, 30, 2]])
    mask = torch.ones_like(ids)
    with torch.inference_mode():
        states = without.bert(input_ids=ids, attention_mask=mask).last_hidden_state  # type: ignore[operator]
        pooled = made.bert(input_ids=ids, attention_mask=mask).last_hidden_state[:, 0]  # type: ignore[operator]
    wanted = states[:, 0] + model.POOL_STRENGTH * states.mean(dim=1)
    wanted = torch.nn.functional.layer_norm(wanted, wanted.shape[-1:])
    assert torch.allclose(pooled, wanted, atol=1e-4)


def test_what_is_frozen_does_not_learn() -> None:
    made: torch.nn.Module = network()  # type: ignore[assignment]
    model.freeze(made, embeddings=True, lowest=1, mean_pooling=True)
    learning = {name for name, each in made.named_parameters() if each.requires_grad}
    assert not any("embeddings" in name or "layer.0." in name for name in learning)
    assert "bert.encoder.layer.1.attention.self.query.weight" in learning
    assert "bert.encoder.layer.2.attention.self.query.weight" not in learning
    assert "bert.encoder.layer.2.attention.self.value.weight" in learning


def test_a_two_label_row_does_not_move_neutral() -> None:
    every = material(4)
    every.two_class[:] = True
    made: torch.nn.Module = network()  # type: ignore[assignment]
    finetune.backward(made, every, np.arange(4), TINY, 0)
    gradient = made.classifier.weight.grad  # type: ignore[union-attr]
    assert isinstance(gradient, torch.Tensor)
    assert gradient[1].abs().max() < 1e-6 < gradient[0].abs().max()


def test_adapting_learns_to_guess_words(tmp_path: Path) -> None:
    every = material(200)
    made: torch.nn.Module = network()  # type: ignore[assignment]
    before = {name: each.detach().clone() for name, each in made.named_parameters()}
    SAID.clear()
    for minutes in (0.03, 0.1, 0.5):  # a busy machine learns less in a time
        recipe = dataclasses.replace(TINY, adapt_minutes=minutes, adapt_rate=3e-3)
        kept = tmp_path / f"{minutes}.pt"
        adapt.adapt(made, every.rows, every.encoded, recipe, kept, "x", SAID.append)
        losses = [float(line.split("loss ")[1].split(",")[0]) for line in SAID if "loss" in line]
        if losses[-1] < math.log(len(IDS)):
            break
    moved = {name for name, each in made.named_parameters() if not torch.equal(each, before[name])}
    assert "bert.encoder.layer.1.output.dense.weight" in moved
    assert not any(name.startswith(("bert.encoder.layer.2", "classifier")) for name in moved)
    assert losses[-1] < math.log(len(IDS))


def test_posts_are_the_social_ones_and_those_without_label() -> None:
    rows = [
        Row("a", 0, "en", "umsab", "train"),
        Row("b", 0, "en", "umsab", "held_out"),
        Row("c", 0, "en", "netflix_reviews_en", "train"),
    ]
    assert [row.text for row in adapt.posts(rows, [("d", "en")])] == ["a", "d"]


def test_the_rate_rises_and_falls() -> None:
    rates = [optimizer.rate_at(step, 100, 0.1) for step in range(101)]
    assert rates[0] < rates[5] < rates[10] == max(rates)
    assert rates[10] > rates[50] > rates[99] > rates[100] == 0


def test_lower_layers_learn_slower_and_the_head_faster() -> None:
    learner = optimizer.make(network(), dataclasses.replace(TINY, layer_decay=0.5))
    rates = sorted({group["full_rate"] / TINY.rate for group in learner.param_groups})
    assert rates == pytest.approx([0.125, 0.25, 0.5, 1, 3])


def judged(rows: list[Row], temperature: float, seed: int = 0) -> score.Judged:
    """Logits that are honest before they are multiplied by the temperature."""
    chance = np.random.default_rng(seed)
    honest = chance.normal(0, 1.5, (len(rows), 3))
    likely = np.exp(honest) / np.exp(honest).sum(axis=1, keepdims=True)
    labels = [int(chance.choice(3, p=each)) for each in likely]
    told = [dataclasses.replace(row, label=label) for row, label in zip(rows, labels, strict=True)]
    return score.Judged(told, (honest * temperature).astype(np.float32))


def of(source: str, count: int) -> list[Row]:
    return [Row(f"{source} {at}", 0, "en", source, "held_out") for at in range(count)]


def test_one_temperature_where_it_does_for_all() -> None:
    made = calibrate.calibrate(judged(of("umsab", 6000) + of("netflix_reviews_en", 6000), 2.5))
    assert made.common == pytest.approx(2.5, rel=0.1)
    assert not made.factors
    assert max(made.errors.values()) < 0.05 < min(made.raw.values())


def test_each_family_its_own_where_one_does_not_do() -> None:
    social, review = judged(of("umsab", 4000), 0.5), judged(of("netflix_reviews_en", 4000), 4, 1)
    both = score.Judged(social.rows + review.rows, np.concatenate([social.logits, review.logits]))
    made = calibrate.calibrate(both)
    assert made.common * made.factors[sets.SOCIAL] == pytest.approx(0.5, rel=0.1)
    assert made.common * made.factors[sets.REVIEW] == pytest.approx(4, rel=0.1)
    assert max(made.errors.values()) < 0.05


def test_packing_costs_little_and_the_temperature_is_in_the_weights(tmp_path: Path) -> None:
    made: torch.nn.Module = network()  # type: ignore[assignment]
    cutter = tokenizer.build(tiny_base(), IDS)
    every = material(40)
    rows = every.rows
    whole = score.logits(made, every.encoded)
    pack.pack(made, cutter, tmp_path, temperature=2.0, settings={"longest": 24})
    packed = score.judge_directory(tmp_path, rows, 24).logits
    assert np.corrcoef(whole.ravel(), packed.ravel())[0, 1] > 0.99
    np.testing.assert_allclose(packed, whole / 2, atol=0.15)
    config = json.loads((tmp_path / "config.json").read_text("utf-8"))
    assert config["id2label"] == {"0": "negative", "1": "neutral", "2": "positive"}
    assert config["listener"] == {"longest": 24}


def test_matrices_are_kept_in_eight_bits_and_nothing_overflows() -> None:
    huge = pack.small("bert.embeddings.word_embeddings.weight", torch.full((2, 2), 100.0))
    assert huge.dtype == torch.float8_e4m3fn
    assert huge.float().max() == pack.LARGEST
    assert pack.small("bert.encoder.layer.0.output.dense.bias", torch.ones(2)).dtype == torch.half
    assert pack.small("classifier.weight", torch.ones(3, 2)).dtype == torch.half


def test_a_teacher_is_mixed_in_where_it_knows_the_text(tmp_path: Path) -> None:
    made: torch.nn.Module = network()  # type: ignore[assignment]
    pack.pack(made, tokenizer.build(tiny_base(), IDS), tmp_path, temperature=1, settings={})
    rows = [
        Row("awful desk", 0, "zh", "waimai_10k", "train"),
        Row("joy", 2, "en", "umsab", "train"),
    ]
    teacher.write(tmp_path / "t.npz", [tmp_path, tmp_path], rows[:1], 24)
    taught = teacher.read(tmp_path / "t.npz")
    targets = sets.targets(rows, TINY)
    mixed = teacher.mixed(rows, targets, taught, 0.5)
    assert mixed[0, 1] == 0
    assert 0.5 < mixed[0, 0] < 1
    np.testing.assert_allclose(mixed.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(mixed[1], targets[1])
    alone = sets.without_label([("awful desk", "en")])
    whole = teacher.mixed(alone, sets.targets(alone, TINY), taught, 0.5)
    np.testing.assert_allclose(whole[0], next(iter(taught.values())), atol=1e-3)
