"""Models of other people: what is taken, what is refused, and in which words."""

import json
from pathlib import Path

import pytest

from classifiers import ClassifierError, Supervised, load
from classifiers.label_names import meaning, meanings
from tests.classifiers.conftest import save_tiny_bert


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("NEG", "negative"),
        ("Positive", "positive"),
        ("neutral", "neutral"),
        ("very negative", "negative"),
        ("Very Positive", "positive"),
        ("1 star", "negative"),
        ("2 stars", "negative"),
        ("3 stars", "neutral"),
        ("5 stars", "positive"),
        ("négatif", "negative"),
        ("LABEL_0", None),
        ("joy", None),
        ("not positive", None),
    ],
)
def test_a_name_means_one_of_our_labels_or_nothing(name: str, label: str | None) -> None:
    assert meaning(name) == label


def test_five_stars_add_up_to_three_labels() -> None:
    names = {at: f"{at + 1} stars" for at in range(5)}
    assert meanings(names, "m") == [0, 0, 1, 2, 2]


@pytest.mark.parametrize(
    "names",
    [
        {0: "LABEL_0", 1: "LABEL_1", 2: "LABEL_2"},
        {0: "negative", 1: "neutral"},
        {0: "joy", 1: "anger"},
    ],
)
def test_other_labels_are_refused_by_name(names: dict[int, str]) -> None:
    with pytest.raises(ClassifierError, match=f"m: its labels are '{names[0]}'"):
        meanings(names, "m")


def test_a_model_with_two_labels_never_says_neutral(tmp_path: Path) -> None:
    model = load(str(save_tiny_bert(tmp_path, {0: "positive", 1: "negative"})))
    assert model.labels == ("negative", "positive")
    (prediction,) = model.predict(["hello"])
    assert prediction.neutral == 0
    assert prediction.negative + prediction.positive == pytest.approx(1)


def test_labels_are_told_by_name_and_not_by_place(tmp_path: Path) -> None:
    one = load(str(save_tiny_bert(tmp_path / "a", {0: "neg", 1: "neu", 2: "pos"})))
    other = load(str(save_tiny_bert(tmp_path / "b", {0: "pos", 1: "neu", 2: "neg"})))
    (mine,), (theirs,) = one.predict(["hello there"]), other.predict(["hello there"])
    assert mine.negative == pytest.approx(theirs.positive)
    assert one.version.split("@")[-1] != other.version.split("@")[-1]


def test_unknown_labels_are_told_when_the_model_is_loaded(tmp_path: Path) -> None:
    directory = save_tiny_bert(tmp_path, {0: "LABEL_0", 1: "LABEL_1"})
    with pytest.raises(ClassifierError, match="'LABEL_0', 'LABEL_1'"):
        load(str(directory))


def test_weights_that_can_run_code_are_refused(tmp_path: Path) -> None:
    directory = save_tiny_bert(tmp_path, {0: "neg", 1: "pos"}, safe=False)
    with pytest.raises(ClassifierError, match=r"no \.safetensors in it"):
        load(str(directory))


def test_code_that_comes_with_a_model_is_not_run(tmp_path: Path) -> None:
    directory = save_tiny_bert(tmp_path, {0: "neg", 1: "pos"})
    config = json.loads((directory / "config.json").read_text())
    config |= {
        "model_type": "homemade",
        "auto_map": {"AutoConfig": "code.C", "AutoModelForSequenceClassification": "code.M"},
    }
    (directory / "config.json").write_text(json.dumps(config))
    (directory / "code.py").write_text("raise SystemExit('this code was run')")
    with pytest.raises(ClassifierError, match="cannot be loaded"):
        load(str(directory))


def test_a_directory_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ClassifierError, match=r"no config\.json"):
        load(str(tmp_path))


def test_without_network_the_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub.constants  # noqa: PLC0415

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ClassifierError, match="without network, a model must be in the local"):
        load("nobody/nothing-of-that-name")


def test_a_supervised_directory_is_refused_in_the_same_words(tmp_path: Path) -> None:
    with (
        Supervised(str(tmp_path)) as model,
        pytest.raises(ClassifierError, match=r"no config\.json"),
    ):
        model.predict(["a"])
