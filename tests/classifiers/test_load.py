"""Asking for a classifier by name."""

import subprocess
import sys
from pathlib import Path

import pytest

import classifiers
from classifiers import CLASSIFIERS, ClassifierError, Prediction, load

ROOT = Path(__file__).parents[2]


def test_importing_classifiers_loads_no_library() -> None:
    program = (
        "import sys, classifiers;"
        "heavy = {'numpy', 'scipy', 'torch', 'transformers', 'safetensors', 'pycld2', 'sklearn'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_fast_model_loads_no_torch() -> None:
    program = (
        "import sys, classifiers; classifiers.load('fast').predict(['good']);"
        "print(sorted({'torch', 'transformers', 'scipy', 'sklearn'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_each_name_of_the_table_can_be_loaded(name: str) -> None:
    assert load(name).predict(["hello"])


def test_an_unknown_name_is_told_what_there_is() -> None:
    with pytest.raises(ClassifierError, match=r"no classifier 'fats': there are default, fast;"):
        load("fats")


@pytest.mark.parametrize(
    "name", ["./nothere", "../nothere", "/no/where", "~/nothere", "models/nothere/", "a/b/nothere"]
)
def test_a_directory_that_is_not_there_is_told_as_one(name: str) -> None:
    with pytest.raises(ClassifierError, match=r"there is no such directory") as caught:
        load(name)
    assert name in str(caught.value)
    assert "epo id" not in str(caught.value)


def test_a_file_is_no_model_directory(tmp_path: Path) -> None:
    file = tmp_path / "model.safetensors"
    file.touch()
    with pytest.raises(ClassifierError, match=r"is a file; name the directory"):
        load(str(file))


def test_everything_exported_is_there() -> None:
    assert all(hasattr(classifiers, name) for name in classifiers.__all__)


def test_a_tie_is_told_as_the_more_cautious_label() -> None:
    assert Prediction.of(0.4, 0.4, 0.2).label == "neutral"
    assert Prediction.of(0.4, 0.2, 0.4).label == "negative"
    assert Prediction.of(0.1, 0.2, 0.7).label == "positive"
