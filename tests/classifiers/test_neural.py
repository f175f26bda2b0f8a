"""A directory of ours, read without transformers: the same model, and what is done besides."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from classifiers import LABELS, ClassifierError, Prediction, load
from classifiers.neural import WEIGHTS_FILE, NeuralClassifier
from classifiers.reader import REMEMBERED, Encoded, Reader
from classifiers.windows import Windows

ROOT = Path(__file__).parents[2]
TEXTS = [
    "awful late desk",
    "joy wow",
    "so fine, on monday!",
    "@user broken http",
    "好吃 服务 餐廳",
    "",
    "unknown ☃ words",
    "late",
    "a b c d e f g",
]


def probabilities(made: Sequence[Prediction]) -> NDArray[np.float64]:
    return np.array([[getattr(each, label) for label in LABELS] for each in made])


def by_library(directory: Path, texts: Sequence[str]) -> NDArray[np.float64]:
    tokenizer = AutoTokenizer.from_pretrained(directory)
    model = AutoModelForSequenceClassification.from_pretrained(directory, dtype=torch.float32)
    batch = tokenizer(list(texts), padding=True, return_tensors="pt")
    with torch.inference_mode():
        found: NDArray[np.float64] = model.eval()(**batch).logits.double().softmax(-1).numpy()
    return found


def test_it_says_what_the_library_says_of_the_same_directory(tiny_neural: Path) -> None:
    exact = by_library(tiny_neural, TEXTS)
    assert np.ptp(exact, axis=0).min() > 0.01  # it does not say the same of all
    ours = NeuralClassifier(tiny_neural, precision="fp32").predict(TEXTS)
    np.testing.assert_allclose(probabilities(ours), exact, atol=1e-5)
    fast = NeuralClassifier(tiny_neural, precision="bf16").predict(TEXTS)
    np.testing.assert_allclose(probabilities(fast), exact, atol=0.03)


def test_our_directories_are_told_by_their_settings(tiny_neural: Path, tmp_path: Path) -> None:
    assert isinstance(load(str(tiny_neural)), NeuralClassifier)
    shutil.copytree(tiny_neural, tmp_path / "plain")
    config = json.loads((tiny_neural / "config.json").read_text("utf-8"))
    del config["listener"]
    (tmp_path / "plain" / "config.json").write_text(json.dumps(config), "utf-8")
    plain = load(str(tmp_path / "plain"))
    assert not isinstance(plain, NeuralClassifier)
    one, other = (probabilities(m.predict(TEXTS)) for m in (plain, load(str(tiny_neural))))
    np.testing.assert_allclose(one, other, atol=0.03)


def test_neither_transformers_nor_scipy_is_loaded(tiny_neural: Path) -> None:
    program = (
        "import sys, classifiers; classifiers.load(sys.argv[1]).predict(['good']);"
        "print(sorted({'transformers', 'scipy', 'sklearn', 'torch'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tiny_neural)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "['torch']"


def test_of_a_long_text_the_end_counts_too(tiny_neural: Path) -> None:
    model = NeuralClassifier(tiny_neural)
    long = "monday office desk " * 40
    one, other = model.predict([long + "awful awful awful", long + "joy joy joy"])
    assert one != other


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
def test_a_directory_that_lacks_a_file_is_refused(
    tiny_neural: Path, tmp_path: Path, name: str
) -> None:
    shutil.copytree(tiny_neural, tmp_path / "part")
    (tmp_path / "part" / name).unlink()
    with pytest.raises(ClassifierError, match="part"):
        NeuralClassifier(tmp_path / "part")


def test_broken_weights_are_told(tiny_neural: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_neural, tmp_path / "part")
    (tmp_path / "part" / WEIGHTS_FILE).write_bytes(b"not these")
    with pytest.raises(ClassifierError, match="cannot be read"):
        NeuralClassifier(tmp_path / "part")


def test_an_exit_that_is_not_there_or_not_whole_is_told(tiny_neural: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_neural, tmp_path / "part")
    config = json.loads((tiny_neural / "config.json").read_text("utf-8"))
    config["listener"]["exit"] = {"layer": 1, "threshold": 0.9}
    (tmp_path / "part" / "config.json").write_text(json.dumps(config), "utf-8")
    with pytest.raises(ClassifierError, match=r"part/exit\.safetensors"):
        NeuralClassifier(tmp_path / "part")
    save_file({"dense.weight": torch.eye(32)}, tmp_path / "part" / "exit.safetensors")
    with pytest.raises(ClassifierError, match="cannot be read"):
        NeuralClassifier(tmp_path / "part")
    whole = NeuralClassifier(tmp_path / "part", exits=False)
    assert whole.predict(TEXTS) == NeuralClassifier(tiny_neural).predict(TEXTS)


def test_what_is_closed_says_so(tiny_neural: Path) -> None:
    model = NeuralClassifier(tiny_neural)
    model.close()
    model.close()
    with pytest.raises(ClassifierError, match="has been closed"):
        model.predict(["a"])


class Counting:
    """A model that cuts texts into letters, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Encoded] = []

    def encode(self, texts: list[str]) -> list[Encoded]:
        return [(0, *map(ord, text.strip().lower()), 2) for text in texts]

    def logits(self, encoded: Sequence[Encoded]) -> list[list[float]]:
        self.asked += encoded
        return [[float(len(each)), 0.0, 1.0] for each in encoded]


def test_texts_that_are_cut_alike_are_computed_once() -> None:
    model = Counting()
    reader = Reader(model, [0, 1, 2], None)
    one, other, same = reader.predict(["Hello", "world!", " hello "])
    assert one == same != other
    assert len(model.asked) == 2
    assert reader.predict(["HELLO"]) == [one]
    assert len(model.asked) == 2


def test_no_more_answers_are_kept_than_are_meant_to_be() -> None:
    reader = Reader(Counting(), [0, 1, 2], None)
    reader.predict([str(number) for number in range(REMEMBERED + 100)])
    assert len(reader._known) == REMEMBERED


def test_windows_of_a_text_are_computed_beside_other_texts() -> None:
    model = Counting()
    reader = Reader(model, [2, 1, 0], Windows(size=6, overlap=0))
    (short, long) = reader.predict(["ab", "abcdefgh"])
    assert [len(each) for each in model.asked] == [4, 6, 6]
    assert short.label == long.label == "positive"
