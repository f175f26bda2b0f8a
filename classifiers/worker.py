"""The child process in which a model runs: `python -m classifiers.worker NAME`.

It says `ready` (or `failed`, and why), then answers requests until its input is closed. Whatever
libraries print goes to stderr, so that nothing can slip between the frames.
"""

import contextlib
import ctypes
import os
import select
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any, BinaryIO, Final

from classifiers import frames
from classifiers.base import Classifier, ClassifierError

Embed = Callable[[list[str]], Any]
_ARENA_MAX: Final = -8  # M_ARENA_MAX of malloc.h


def serve(load: Callable[[], Classifier], embed: Embed | None = None) -> int:
    """Load a model and answer until nobody listens; the exit status.

    embed: what makes vectors, by default `classifiers.embed`, which loads when it is first asked.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started us decides when we end,
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # by closing our input
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        model = load()
    except ClassifierError as error:
        _send(answers, {"failed": str(error)})
        return 1
    except Exception as error:  # the keeper tells it to whoever asked
        _send(answers, {"failed": f"{type(error).__name__}: {error}"})
        raise
    _keep_memory_small()
    ready = {"name": model.name, "version": model.version, "labels": list(model.labels)}
    _send(answers, {"ready": ready})
    while (request := frames.read(sys.stdin.buffer)) is not None:
        _send(answers, _answer(model, embed or _embed, request))
    model.close()
    return 0


def _answer(model: Classifier, embed: Embed, request: dict[str, Any]) -> dict[str, Any]:
    try:
        if "embed" in request:
            return _embedded(embed, request["embed"])
        if "towards" in request:
            return _towards(model, request["towards"])
        predictions = model.predict(request["texts"])
    except Exception as error:  # one bad text must not end the model
        return {"error": f"{type(error).__name__}: {error}"}
    return {"probabilities": frames.pack_predictions(predictions)}


def _embedded(embed: Embed, texts: list[str]) -> dict[str, Any]:
    try:
        return {"vectors": frames.pack_vectors(embed(texts))}
    except ClassifierError as error:  # of the weights, not of a text
        return {"refused": str(error)}


def _towards(model: Classifier, packed: list[Any]) -> dict[str, Any]:
    from classifiers.towards import towards  # noqa: PLC0415

    return {"towards": frames.pack_towards(towards(model, frames.unpack_named(packed)))}


def _embed(texts: list[str]) -> Any:
    from classifiers.embeddings import embed  # noqa: PLC0415

    return embed(texts)


def _send(answers: BinaryIO, message: dict[str, Any]) -> None:
    answers.write(frames.pack(message))
    answers.flush()


def _keep_memory_small() -> None:
    """Give back what loading took, and let threads share what they free, where libc is glibc's."""
    libc = ctypes.CDLL(None)
    with contextlib.suppress(AttributeError):
        libc.malloc_trim(0)
        libc.mallopt(_ARENA_MAX, 1)


def _end_with_parent() -> None:
    """End at once when the other end of our input is gone, even in the middle of a text."""
    poll = select.poll()
    poll.register(0, 0)  # hang-up is always reported
    poll.poll()
    os._exit(0)


def main(arguments: list[str]) -> int:
    """Serve the classifier of that name."""
    from classifiers.registry import load  # noqa: PLC0415

    (name,) = arguments
    return serve(lambda: load(name))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
