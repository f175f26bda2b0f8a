"""Vectors of texts: the base's own, in four bits, by themselves and out of the child process."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from safetensors.torch import load_file

from classifiers import ClassifierError, Poison, Supervised, four_bits
from classifiers.embeddings import PREFIX, Embedder
from classifiers.neural import TOKENIZER_FILE, WEIGHTS_FILE
from classifiers.train import embeddings
from classifiers.train.neural import model, pack, tokenizer
from classifiers.train.neural.verify import mean_pooled
from tests.classifiers.train.tiny import tiny_base

WORKER = str(Path(__file__).with_name("embedding_worker.py"))
TEXTS = ["joy wow", "awful late", "", "好吃 desk", "joy wow", "so on and on " * 80]
SAID: list[str] = []


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base beside a model that has changed all of it: nothing is shared but the tokenizer."""
    return write(tmp_path_factory.mktemp("alone"), unchanged=())


@pytest.fixture(scope="module")
def sharing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base beside a model that has changed only its second layer."""
    return write(tmp_path_factory.mktemp("shared"), unchanged=("embeddings", "encoder.layer.0"))


def write(directory: Path, unchanged: tuple[str, ...]) -> Path:
    write_model(directory / "model", unchanged)
    embeddings.write(tiny_base(), directory / "model", directory / "base", SAID.append)
    return directory


def write_model(directory: Path, unchanged: tuple[str, ...], pieces: int = 0) -> None:
    base = tiny_base()
    last = len(base.pieces) - 1  # <mask>
    ids = [*range(4), last, *range(4, last)]
    ids = ids[:pieces] if pieces else ids
    network = model.classifier(base, ids, (0, 1), mean_pooling=True, seed=0)
    with torch.no_grad():
        for name, weights in network.bert.named_parameters():
            if not name.startswith(unchanged):
                weights += 0.5
    pack.pack(network, tokenizer.build(base, ids), directory, temperature=1.0, settings={})


def embedder(written: Path, precision: str = "fp32") -> Embedder:
    return Embedder(written / "base", model=written / "model", precision=precision)


def exact_vectors(texts: list[str]) -> NDArray[np.float32]:
    base = tiny_base()
    cutter = tokenizer.build(base)
    ids = [cutter.encode(PREFIX + text).ids for text in texts]
    cut = [each if len(each) <= 64 else [*each[:63], each[-1]] for each in ids]
    return np.asarray(mean_pooled(model.encoder(base), cut, base.pad), np.float32)


def test_vectors_are_the_means_of_the_base(written: Path) -> None:
    exact = exact_vectors(TEXTS)
    found = embedder(written).embed(TEXTS)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, exact, atol=1e-5)
    rounded = embedder(written, "bf16").embed(TEXTS)
    assert (rounded * exact).sum(axis=1).min() > 0.999


def test_what_the_model_left_as_it_was_is_kept_once(written: Path, sharing: Path) -> None:
    config = json.loads((sharing / "base" / "config.json").read_text("utf-8"))
    assert config["shared"] == ["embeddings.", "encoder.layer.0."]
    assert "the tokenizer, 1 layers, the embeddings" in SAID[-1]
    names = load_file(sharing / "base" / WEIGHTS_FILE)
    assert all(name.startswith("encoder.layer.1.") for name in names)
    alone, lent = ((each / "base" / WEIGHTS_FILE).stat().st_size for each in (written, sharing))
    assert lent < 0.6 * alone
    found = embedder(sharing).embed(TEXTS)
    assert (found * exact_vectors(TEXTS)).sum(axis=1).min() > 0.999


def test_a_model_that_was_trained_anew_is_refused(sharing: Path, tmp_path: Path) -> None:
    write_model(tmp_path, unchanged=())
    with pytest.raises(ClassifierError, match="made for another model"):
        Embedder(sharing / "base", model=tmp_path)


def test_vectors_have_unit_length_and_equal_texts_equal_ones(written: Path) -> None:
    found = embedder(written).embed(TEXTS)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert (found[0] == found[4]).all()


def test_no_texts_have_no_vectors(written: Path) -> None:
    assert embedder(written).embed([]).shape == (0, 32)


def test_strange_texts_have_vectors(written: Path) -> None:
    assert np.isfinite(embedder(written).embed(["\x00", "\ud800", "x" * 100_000])).all()


def test_another_vocabulary_is_refused(written: Path, tmp_path: Path) -> None:
    write_model(tmp_path, unchanged=(), pieces=60)
    with pytest.raises(ClassifierError, match="made for another model"):
        Embedder(written / "base", model=tmp_path)


def test_a_directory_of_another_kind_is_refused(tiny_neural: Path) -> None:
    with pytest.raises(ClassifierError, match="not embeddings of the format"):
        Embedder(tiny_neural, model=tiny_neural)


def test_pieces_that_the_base_has_not_are_refused(tmp_path: Path) -> None:
    write_model(tmp_path, unchanged=())
    text = (tmp_path / TOKENIZER_FILE).read_text("utf-8")
    (tmp_path / TOKENIZER_FILE).write_text(text.replace("▁joy", "▁toy"), "utf-8")
    with pytest.raises(ClassifierError, match="no piece '▁toy'"):
        embeddings.write(tiny_base(), tmp_path, tmp_path / "out", SAID.append)


@given(
    codes=st.lists(st.integers(-8, 7), min_size=64, max_size=64),
    scale=st.floats(-2, 2, width=16),
)
def test_four_bits_come_back_as_they_were(codes: list[int], scale: float) -> None:
    matrix = (torch.tensor(codes) * torch.tensor(scale, dtype=torch.float16).float()).view(1, 64)
    assert torch.equal(four_bits.widened(*four_bits.narrowed(matrix)), matrix)


def test_what_was_not_made_of_four_bits_is_not_rounded() -> None:
    with pytest.raises(ValueError, match="not made of four bits"):
        four_bits.narrowed(torch.linspace(0, 1, 64).view(2, 32))


def test_the_child_gives_vectors_and_labels() -> None:
    with Supervised("fast", command=[sys.executable, WORKER]) as child:
        assert child.predict(["good"])[0].label
        one, other = child.embed_each(["abc", "a"])
        assert isinstance(one, np.ndarray)
        assert one.dtype == np.float32
        assert (*one.tolist(), *np.asarray(other).tolist()) == (3, 0.25, -1, 1, 0.25, -1)
        assert child.embed_each([]) == []


def test_a_text_that_kills_the_encoder_is_found() -> None:
    with Supervised("fast", command=[sys.executable, WORKER]) as child:
        found = child.embed_each(["a", "b", "KILL", "c"])
        assert [isinstance(each, Poison) for each in found] == [False, False, True, False]


def test_without_the_weights_the_child_says_so_and_lives_on() -> None:
    with Supervised("fast", command=[sys.executable, WORKER, "none"]) as child:
        with pytest.raises(ClassifierError, match="no weights for vectors"):
            child.embed_each(["a"])
        assert child.predict(["good"])
        assert child.restarts == 0
