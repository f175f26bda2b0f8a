"""Our own forward pass against the library's, for every family that it knows."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from numpy.typing import NDArray

from classifiers.exits import Exit
from classifiers.families import take_apart
from classifiers.forward import WAVE_TOKENS, Network, computed
from classifiers.near import Near

PIECES, PAD = 50, 1
SIZES = {"hidden_size": 32, "num_attention_heads": 4, "intermediate_size": 48}
FAMILIES = {
    "bert": ("Bert", SIZES),
    "roberta": ("Roberta", SIZES),
    "xlm-roberta": ("XLMRoberta", SIZES),
    "camembert": ("Camembert", SIZES),
    "distilbert": ("DistilBert", {"dim": 32, "n_heads": 4, "hidden_dim": 48, "n_layers": 3}),
}


def made(family: str, **settings: object) -> Any:
    name, sizes = FAMILIES[family]
    torch.manual_seed(1)
    layers = {} if family == "distilbert" else {"num_hidden_layers": 3, "layer_norm_eps": 1e-5}
    config = getattr(transformers, f"{name}Config")(
        vocab_size=PIECES,
        max_position_embeddings=200,
        pad_token_id=PAD,
        **{"num_labels": 3, "initializer_range": 0.3, **sizes, **layers, **settings},
    )
    return getattr(transformers, f"{name}ForSequenceClassification")(config).eval()


def some_texts(count: int = 40) -> list[list[int]]:
    chance = np.random.default_rng(0)
    lengths = [1, 2, 31, 32, 33, 64, 65, 150, *chance.integers(1, 50, count)]
    return [[0, *chance.integers(3, PIECES, size).tolist(), 2] for size in lengths]


def by_library(model: Any, encoded: Sequence[list[int]]) -> NDArray[np.float64]:
    width = max(map(len, encoded))
    ids = torch.tensor([[*each, *[PAD] * (width - len(each))] for each in encoded])
    with torch.inference_mode():
        rows = model(input_ids=ids, attention_mask=(ids != PAD).long()).logits.tolist()
    return np.array(rows)


def by_us(model: Any, encoded: Sequence[list[int]], precision: str) -> NDArray[np.float64]:
    parts = take_apart(model.config.to_dict(), model.state_dict())
    assert parts is not None
    return np.array(Network(parts, precision).logits(encoded))


@pytest.mark.parametrize("family", FAMILIES)
def test_in_fp32_it_is_the_same(family: str) -> None:
    model, encoded = made(family), some_texts()
    np.testing.assert_allclose(by_us(model, encoded, "fp32"), by_library(model, encoded), atol=1e-4)


@pytest.mark.parametrize("family", FAMILIES)
def test_in_bf16_it_is_nearly_the_same(family: str) -> None:
    model, encoded = made(family, initializer_range=0.1), some_texts()
    exact, ours = by_library(model, encoded), by_us(model, encoded, "bf16")
    assert np.abs(ours - exact).max() < 0.05 * np.abs(exact).max()


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_a_last_layer_without_queries_is_a_mean(precision: str) -> None:
    model, encoded = made("bert", initializer_range=0.1), some_texts()
    with torch.no_grad():
        for part in ("query", "key"):
            linear = getattr(model.bert.encoder.layer[-1].attention.self, part)
            linear.weight.zero_()
            linear.bias.zero_()
    exact = by_library(model, encoded)
    ours = by_us(model, encoded, precision)
    assert np.abs(ours - exact).max() < (1e-4 if precision == "fp32" else 0.05)


def test_the_company_of_a_text_does_not_change_what_is_said_of_it() -> None:
    model, encoded = made("bert"), some_texts()
    parts = take_apart(model.config.to_dict(), model.state_dict())
    assert parts is not None
    network = Network(parts, "fp32")
    together = network.logits(encoded)
    alone = [network.logits([each])[0] for each in encoded]
    np.testing.assert_allclose(together, alone, atol=1e-4)


def leaving(threshold: float, layer: int = 1) -> Exit:
    chance = torch.Generator().manual_seed(2)
    sizes = ((32, 32), (32,), (3, 32), (3,))
    weight, bias, out, out_bias = (torch.randn(size, generator=chance) / 3 for size in sizes)
    return Exit(layer=layer, threshold=threshold, head=(weight, bias, out, out_bias))


@pytest.mark.parametrize("layer", [1, 2])
@pytest.mark.parametrize("mean", [True, False])
def test_those_that_stay_are_told_what_they_would_be_without_an_exit(
    layer: int, mean: bool
) -> None:
    model, encoded = made("bert", initializer_range=0.1), some_texts(500)
    assert sum(map(len, encoded)) > 1.2 * WAVE_TOKENS  # some wait, and others do not
    if mean:
        torch.nn.init.zeros_(model.bert.encoder.layer[-1].attention.self.query.weight)
    parts = take_apart(model.config.to_dict(), model.state_dict())
    assert parts is not None
    whole = np.array(Network(parts, "fp32").logits(encoded))
    all_stay, all_leave = (
        np.array(Network(parts, "fp32", leaving(each, layer)).logits(encoded)) for each in (1.01, 0)
    )
    np.testing.assert_allclose(all_stay, whole, atol=2e-6)
    powers = np.exp(all_leave)
    sure = (powers / powers.sum(axis=1, keepdims=True)).max(axis=1)
    half = float(np.median(sure))
    left = sure >= half
    some_leave = np.array(Network(parts, "fp32", leaving(half, layer)).logits(encoded))
    np.testing.assert_allclose(some_leave[~left], whole[~left], atol=2e-6)
    np.testing.assert_allclose(some_leave[left], all_leave[left], atol=2e-6)


def test_what_leaves_is_told_by_the_mean_after_its_layer() -> None:
    model, encoded = made("bert", initializer_range=0.1), some_texts()
    parts = take_apart(model.config.to_dict(), model.state_dict())
    assert parts is not None
    out = leaving(0.0, 2)
    weight, bias, out_weight, out_bias = out.head
    exact = []
    with torch.inference_mode():
        for each in encoded:
            states = model.bert(torch.tensor([each]), output_hidden_states=True).hidden_states[2]
            state = torch.tanh(states.mean(dim=1) @ weight.T + bias)
            exact.append((state @ out_weight.T + out_bias)[0].tolist())
    np.testing.assert_allclose(Network(parts, "fp32", out).logits(encoded), exact, atol=1e-5)


@pytest.mark.parametrize("layer", [0, 3])
def test_an_exit_lies_between_two_layers(layer: int) -> None:
    parts = take_apart(made("bert").config.to_dict(), made("bert").state_dict())
    assert parts is not None
    with pytest.raises(ValueError, match="of 3 layers"):
        Network(parts, "fp32", leaving(0.5, layer))
    assert Network(parts, "fp32", leaving(0.5, 1)).logits([]) == []


def test_no_texts_have_no_logits() -> None:
    assert computed([], lambda batch: None) == []


def test_what_goes_wrong_in_a_thread_is_told() -> None:
    with pytest.raises(RuntimeError, match="out of luck"):
        computed([[0, 2]], lambda batch: (_ for _ in ()).throw(RuntimeError("out of luck")))


@pytest.mark.parametrize(
    "settings",
    [
        {"model_type": "deberta-v2"},
        {"hidden_act": "gelu_new"},
        {"position_embedding_type": "relative_key"},
        {"is_decoder": True},
    ],
)
def test_what_it_does_not_know_it_leaves_to_the_library(settings: dict[str, object]) -> None:
    model = made("bert")
    assert take_apart(model.config.to_dict() | settings, model.state_dict()) is None


def test_a_model_with_another_head_is_left_to_the_library() -> None:
    state = {
        name: value
        for name, value in made("roberta").state_dict().items()
        if "out_proj" not in name
    }
    assert take_apart(made("roberta").config.to_dict(), state) is None


def test_without_onednn_products_are_those_of_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing:
        def __getattr__(self, name: str) -> object:
            raise AttributeError(name)

    model, encoded = made("bert"), some_texts()
    monkeypatch.setattr(torch.ops, "mkldnn", Refusing())
    np.testing.assert_allclose(by_us(model, encoded, "fp32"), by_library(model, encoded), atol=1e-4)


def test_what_corrections_change_is_added_as_far_as_the_gate_is_open() -> None:
    model, encoded = made("bert", initializer_range=0.1), some_texts()
    parts = take_apart(model.config.to_dict(), model.state_dict())
    assert parts is not None
    plain = np.array(Network(parts, "fp32").logits(encoded))
    change, gate = torch.zeros(3, 33), torch.zeros(33)
    change[0, -1] = 2.0
    for opened, added in ((-30.0, 0.0), (0.0, 1.0), (30.0, 2.0)):
        gate[-1] = opened
        found = np.array(Network(parts, "fp32", near=Near(gate, change)).logits(encoded))
        np.testing.assert_allclose(
            found - plain, np.tile([added, 0, 0], (len(plain), 1)), atol=1e-5
        )
        early = replace(leaving(0.0), near=Near(gate, change))
        left = np.array(Network(parts, "fp32", early).logits(encoded))
        alone = np.array(Network(parts, "fp32", leaving(0.0)).logits(encoded))
        np.testing.assert_allclose(left - alone, np.tile([added, 0, 0], (len(plain), 1)), atol=1e-5)
