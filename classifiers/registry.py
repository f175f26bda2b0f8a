"""The classifiers that can be had by name."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

from classifiers.base import Classifier, ClassifierError


def _fast(name: str) -> Classifier:
    from classifiers.fast import FastClassifier  # noqa: PLC0415

    return FastClassifier(name="fast")


def _default(name: str) -> Classifier:
    from classifiers.neural import SHIPPED  # noqa: PLC0415

    return _ours(SHIPPED, "default")


def _ours(directory: Path, name: str) -> Classifier:
    from classifiers.beside import BesideFast, Powers  # noqa: PLC0415
    from classifiers.neural import NeuralClassifier, read_config  # noqa: PLC0415

    model = NeuralClassifier(directory, name=name)
    settings = read_config(directory).get("listener", {}).get("beside")
    if settings is None:
        return model
    try:
        return BesideFast(model, Powers.of(settings))
    except (KeyError, TypeError, ValueError) as error:
        raise ClassifierError(
            f"{directory}: `beside` in config.json wants `own` and `fast`: {error}"
        ) from None


def _hugging_face(name: str) -> Classifier:
    from classifiers.huggingface import HuggingFaceClassifier  # noqa: PLC0415

    return HuggingFaceClassifier(name)


CLASSIFIERS: Final[dict[str, Callable[[str], Classifier]]] = {
    "default": _default,
    "fast": _fast,
}


def load(name: str = "default") -> Classifier:
    """Load a classifier: a name of CLASSIFIERS, a local directory, or a Hugging Face model id.

    A directory that we made ourselves (`python -m classifiers.train default`) is read as the one
    that ships. Raises ClassifierError if there is no such thing, or if it is none that we can use.
    """
    make = CLASSIFIERS.get(name)
    if make is not None:
        return make(name)
    path = _directory(name) if _is_path(name) else Path(name)
    if path.is_dir():
        return _ours(path, name) if _is_ours(path) else _hugging_face(str(path))
    if "/" in name:
        return _hugging_face(name)
    known = ", ".join(CLASSIFIERS)
    raise ClassifierError(
        f"no classifier {name!r}: there are {known}; or name a local directory, or a Hugging Face"
        " model id such as owner/model"
    )


def _is_path(name: str) -> bool:
    """Whether it can be nothing but a path; "owner/model" may be a directory, or an id."""
    return name.startswith((".", "/", "~")) or name.endswith("/") or name.count("/") > 1


def _directory(name: str) -> Path:
    """The directory of this name. Raises ClassifierError where there is none."""
    try:
        path = Path(name).expanduser()
        if path.is_dir():
            return path
        is_file = path.exists()
    except (OSError, RuntimeError, ValueError):  # nobody is at home; a name no disk can hold
        is_file = False
    why = (
        "is a file; name the directory the model is in"
        if is_file
        else ("there is no such directory")
    )
    raise ClassifierError(f"{name}: {why}")


def _is_ours(directory: Path) -> bool:
    """Whether its configuration has our own settings in it."""
    try:
        return "listener" in json.loads((directory / "config.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
