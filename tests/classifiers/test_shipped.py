"""The model that ships: its files, that any reader reads it alike, and that it understands."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from classifiers import LABELS, Prediction, embed, embeddings, load
from classifiers.neural import SHIPPED, NeuralClassifier
from tests.classifiers.test_sentences import SENTENCES

MODEL_BYTES = 45_000_000
VECTOR_BYTES = 25_000_000
TEXTS = [sentence.text for sentence in SENTENCES]
REVIEW = "The room was clean and the staff helped us at once. "
PARAGRAPH = REVIEW + "Breakfast was good, the beds were soft, and we slept well every night. "


def probabilities(made: Sequence[Prediction]) -> NDArray[np.float64]:
    return np.array([[getattr(each, label) for label in LABELS] for each in made])


def sizes(directory: Path) -> int:
    return sum(each.stat().st_size for each in directory.iterdir() if each.name != "README.md")


def test_it_is_small_and_no_pickle() -> None:
    files = {path.name for path in SHIPPED.iterdir()}
    assert {"config.json", "model.safetensors", "tokenizer.json", "README.md"} <= files
    assert not [name for name in files if not name.endswith((".json", ".safetensors", ".md"))]
    assert sizes(SHIPPED) <= MODEL_BYTES
    assert sizes(embeddings.SHIPPED) <= VECTOR_BYTES


def test_the_card_lists_data_figures_and_limits() -> None:
    card = (SHIPPED / "README.md").read_text("utf-8")
    for heading in ("## How good it is", "## Calibration", "## Limits", "## Training data"):
        assert heading in card
    for row in ("| umsab | en |", "| husst | hu |", "| umsab | 1"):
        assert row in card


def test_plain_transformers_read_it_as_we_do() -> None:
    tokenizer = AutoTokenizer.from_pretrained(SHIPPED)
    model = AutoModelForSequenceClassification.from_pretrained(SHIPPED, dtype=torch.float32).eval()
    assert [model.config.id2label[at] for at in range(3)] == list(LABELS)
    with torch.inference_mode():
        logits = model(**tokenizer(TEXTS, padding=True, return_tensors="pt")).logits
    theirs = logits.double().softmax(-1).numpy()
    ours = NeuralClassifier(precision="fp32", exits=False).predict(TEXTS)
    np.testing.assert_allclose(probabilities(ours), theirs, atol=1e-4)


def test_bf16_changes_hardly_a_label() -> None:
    exact, rounded = (NeuralClassifier(precision=each).predict(TEXTS) for each in ("fp32", "bf16"))
    assert sum(a.label != b.label for a, b in zip(exact, rounded, strict=True)) <= 1


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("I love it, thank you so much!", "positive"),
        ("Worst service ever, I hate this airline", "negative"),
        ("Nagyon rossz, unalmas film", "negative"),
        ("太差了，很失望，再也不来了", "negative"),
        ("服务很好，非常满意，推荐", "positive"),
        ("非常好吃，服務態度也很好，推薦！", "positive"),
        ("服務態度很差，不會再來", "negative"),
        ("Der Service ist super, vielen Dank!", "positive"),
        ("Очень плохой банк, никому не советую", "negative"),
        ("ร้านนี้อร่อยมาก ชอบมาก", "positive"),
        ("Pelayanannya sangat mengecewakan", "negative"),
        ("The office opens at 9 on Monday", "neutral"),
    ],
)
def test_plain_words_are_understood(text: str, label: str) -> None:
    assert load("default").predict([text])[0].label == label


def test_a_long_review_is_read_to_its_end() -> None:
    praise, complaint = load("default").predict(
        [
            PARAGRAPH * 30,
            PARAGRAPH * 2 + "Then they lost our luggage, lied to us and refused a refund. " * 40,
        ]
    )
    assert praise.label == "positive"
    assert complaint.label == "negative"


def test_handles_and_links_do_not_matter() -> None:
    one, other = load("default").predict(
        ["@acme_air where is my bag https://acme.example/a?b=c", "@other where is my bag www.x.yz"]
    )
    np.testing.assert_allclose(probabilities([one]), probabilities([other]), atol=0.02)


def test_leaving_early_is_another_version() -> None:
    config = json.loads((SHIPPED / "config.json").read_text("utf-8"))["listener"]
    versions = {NeuralClassifier(exits=each).version for each in (True, False)}
    assert len(versions) == (2 if "exit" in config else 1)


def test_the_vectors_know_what_texts_are_about() -> None:
    parcel, paket, hotel = embed(
        ["My parcel never arrived", "Mein Paket ist nie angekommen", "The hotel room was dirty"]
    )
    assert parcel @ paket > parcel @ hotel
