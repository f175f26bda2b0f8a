"""A model and `fast` as one: what the product says, what it is called, and what is refused."""

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from classifiers import ClassifierError, load
from classifiers.beside import BesideFast, Powers, predictions, probabilities
from classifiers.train.neural import run
from tests.classifiers.train import test_default
from tests.classifiers.train.test_default import SAID, TINY
from tests.classifiers.train.tiny import tiny_base

data = test_default.data
TEXTS = ["joy wow", "awful late desk", "", "I love it, thank you", "好吃"]


def beside(tiny_neural: Path, own: float, fast: float) -> BesideFast:
    return BesideFast(load(str(tiny_neural)), Powers(own=own, fast=fast))


def test_with_no_power_the_other_one_decides(tiny_neural: Path) -> None:
    for powers, alone in (((1, 0), load(str(tiny_neural))), ((0, 1), load("fast"))):
        made = probabilities(beside(tiny_neural, *powers).predict(TEXTS))
        np.testing.assert_allclose(made, probabilities(alone.predict(TEXTS)), atol=1e-5)


def test_two_who_agree_are_surer_than_one() -> None:
    powers = Powers(own=1, fast=1)
    one = np.array([[0.6, 0.3, 0.1]])
    (made,) = predictions(powers.product(one, one))
    assert made.label == "negative"
    assert made.negative == pytest.approx(0.36 / (0.36 + 0.09 + 0.01))


def test_a_probability_of_nought_is_no_veto() -> None:
    one, other = np.array([[1.0, 0, 0]]), np.array([[0, 0, 1.0]])
    (made,) = predictions(Powers(own=1, fast=0.5).product(one, other))
    assert made.label == "negative"
    assert made.positive > 0


def test_its_version_tells_how_it_is_mixed(tiny_neural: Path) -> None:
    versions = {beside(tiny_neural, 1, power).version for power in (0, 0.5, 0.5)}
    assert len(versions) == 2
    assert not versions & {load(str(tiny_neural)).version}


def test_what_is_closed_says_so(tiny_neural: Path) -> None:
    model = beside(tiny_neural, 1, 1)
    model.close()
    model.close()
    with pytest.raises(ClassifierError, match="closed"):
        model.predict(["a"])


def test_a_directory_says_whether_fast_stands_beside_it(tiny_neural: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_neural, tmp_path / "model")
    path = tmp_path / "model" / "config.json"
    config = json.loads(path.read_text("utf-8"))
    config["listener"]["beside"] = {"own": 0.7, "fast": 0.4}
    path.write_text(json.dumps(config), "utf-8")
    assert isinstance(load(str(tmp_path / "model")), BesideFast)
    config["listener"]["beside"] = {"own": 0.7}
    path.write_text(json.dumps(config), "utf-8")
    with pytest.raises(ClassifierError, match="wants `own` and `fast`"):
        load(str(tmp_path / "model"))


def test_training_finds_how_much_fast_has_to_say(data: Path, tmp_path: Path) -> None:
    recipe = dataclasses.replace(TINY, beside_fast=True)
    job = run.Job(data, tmp_path / "work", tmp_path / "out", recipe, SAID.append)
    outcome = run.train_from(tiny_base(), job)
    config = json.loads((tmp_path / "out" / "config.json").read_text("utf-8"))
    powers = Powers.of(config["listener"]["beside"])
    assert powers.own > powers.fast  # which knows nothing of these made-up words
    assert "## Beside `fast`" in (tmp_path / "out" / "README.md").read_text("utf-8")
    assert dict(outcome.held_out)["airline_us"].macro_f1 > 0.8


def test_what_comes_after_training_does_not_name_a_run() -> None:
    other = dataclasses.replace(TINY, beside_fast=True)
    assert other.fingerprint() == TINY.fingerprint()
