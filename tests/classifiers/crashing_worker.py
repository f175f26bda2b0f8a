"""A worker whose model does, on a marked text, what models do on bad days."""

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from classifiers.base import LABELS, ClassifierError, Prediction
from classifiers.worker import serve


class CrashingClassifier:
    """Tells positive from neutral by an exclamation mark, and dies by the word."""

    name = "crashing"
    version = "crashing@1"
    labels = LABELS

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        for text in texts:
            _suffer(text)
        predictions = [
            Prediction.of(0.0, 0.0, 1.0) if "!" in text else Prediction.of(0.0, 1.0, 0.0)
            for text in texts
        ]
        return predictions[1:] if any("SHORT" in text for text in texts) else predictions

    def close(self) -> None:
        pass


def _suffer(text: str) -> None:
    for word, suffering in _SUFFERINGS.items():
        if word in text:
            suffering()


def _exit() -> None:
    sys.stderr.write("out of memory, says the model\n")
    sys.stderr.flush()
    os._exit(7)


def _raise() -> None:
    raise RuntimeError("the tokenizer panicked")


def _hang() -> NoReturn:
    while True:
        pass


def _garble() -> None:
    for descriptor in range(3, 10):  # wherever the answers go
        with contextlib.suppress(OSError):
            os.write(descriptor, b"\xff\xff\xff\xff not a frame")


_SUFFERINGS: dict[str, Callable[[], object]] = {
    "KILL": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "SEGFAULT": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "EXIT": _exit,
    "RAISE": _raise,
    "HANG": _hang,
    "GARBAGE": _garble,
    "PRINT": lambda: print("a library that chats on stdout", flush=True),  # noqa: T201
}


def _load() -> CrashingClassifier:
    match sys.argv[1:]:
        case ["refuse"]:
            raise ClassifierError("no such model in the shop")
        case ["break"]:
            raise ZeroDivisionError("weights over nothing")
        case ["vanish"]:
            os._exit(3)
        case ["any"]:
            CrashingClassifier.predict = lambda self, texts: os._exit(9)  # type: ignore[method-assign]
        case ["hang"]:
            CrashingClassifier.predict = lambda self, texts: _hang()  # type: ignore[method-assign]
    return CrashingClassifier()


if __name__ == "__main__":
    sys.exit(serve(_load))
