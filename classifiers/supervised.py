"""A model in a child process, so that a text that crashes or hangs it harms nobody else.

When the child dies three times on the same texts they are halved, and halved again, until the ones
that kill it stand alone (delta debugging: Zeller and Hildebrandt, 2002): k such texts among n cost
about 3 + k log2(n) deaths. All others are labelled. A hang costs much time and comes again with the
same text, so it is halved at once, with half the patience until a text is alone.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence, Sized
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from classifiers import frames
from classifiers.base import LABELS, ClassifierError, Prediction
from classifiers.batches import Text, cut
from classifiers.child import Child, DeathError, HangError
from classifiers.naming import Named, Towards

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

T = TypeVar("T")
Ask = Callable[[list[Text], float], list[T]]  # with so many seconds of patience

DEATHS_BEFORE_HALVING: Final = 3  # a child may also die of something that was not the text
BATCH_TEXTS: Final = 1024
BATCH_CHARACTERS: Final = 1_000_000
SECONDS_PER_TEXT: Final = 0.05  # of patience, beyond that for one text; models need 0.01 at most
SECONDS_PER_TEXT_HALVED: Final = 0.02  # once a hang is looked for
SECONDS_PER_CHARACTER: Final = 0.0005  # long texts take longer: 2,000 characters a second at least
CHARACTERS_READ: Final = 4000  # of a text, by windows, at most
HARMLESS: Final = "ok"


@dataclass(frozen=True, slots=True)
class Poison:
    """A text that the model cannot survive: how the child ended, and how often with this text."""

    reason: str
    deaths: int


class Supervised:
    """A Classifier that runs another one in a child process, started at the first need.

    name: as for `classifiers.load`; command: what to run in place of our worker.
    timeout_seconds: patience with one text; each further one in a batch adds 0.05 s.
    start_timeout_seconds: patience with loading the model.
    One call runs at a time; others wait. `close` may be called from any thread.
    """

    def __init__(
        self,
        name: str = "default",
        *,
        command: Sequence[str] | None = None,
        timeout_seconds: float = 10.0,
        start_timeout_seconds: float = 120.0,
    ) -> None:
        self._name = name
        self._timeout = timeout_seconds
        self._child = Child(name, command, start_timeout_seconds)
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The name of the model, once it has been started; until then what was asked for."""
        return str(self._child.told.get("name", self._name))

    @property
    def version(self) -> str:
        """The version of the model; starts it if need be."""
        with self._lock:
            self._child.start()
        return str(self._child.told["version"])

    @property
    def known_version(self) -> str | None:
        """The version of the model, where it was started; None before that."""
        version = self._child.told.get("version")
        return None if version is None else str(version)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the model; starts it if need be."""
        with self._lock:
            self._child.start()
        return tuple(label for label in LABELS if label in self._child.told["labels"])

    @property
    def restarts(self) -> int:
        """How often the child had to be started again."""
        return max(0, self._child.starts - 1)

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Give one prediction for each text; ClassifierError if the model survives one of them not.

        `predict_each` keeps what could be had.
        """
        results = self.predict_each(texts)
        predictions = [each for each in results if isinstance(each, Prediction)]
        if len(predictions) < len(results):
            index, first = next(
                (at, each) for at, each in enumerate(results) if isinstance(each, Poison)
            )
            raise ClassifierError(
                f"{self._name}: the model did not survive {len(results) - len(predictions)} of"
                f" {len(results)} texts, the first at {index}: {first.reason}"
            )
        return predictions

    def predict_each(self, texts: Sequence[str]) -> list[Prediction | Poison]:
        """Give a prediction for each text, or Poison for one that the model does not survive.

        Raises ClassifierError if the model cannot be loaded, dies on any text, or is closed.
        """
        return self._each(texts, self._predictions)

    def embed_each(self, texts: Sequence[str]) -> "list[NDArray[np.float32] | Poison]":
        """Give the vector of each text, as `classifiers.embed` would, or Poison.

        The same child does it that labels. Raises ClassifierError as `predict_each` does, and if
        the weights for vectors are not there.
        """
        return self._each(texts, self._vectors)

    def towards_each(self, said: Sequence[Named]) -> list[Towards | Poison]:
        """Give what each text says of each of its names, as `classifiers.towards`, or Poison.

        The same model does it that labels. Raises ClassifierError as `predict_each` does.
        """
        return self._each(said, self._towards)

    def _each(self, texts: Sequence[Text], ask: Ask[Text, T]) -> list[T | Poison]:
        results: list[T | Poison] = []
        with self._lock:
            for batch in cut(texts, most_texts=BATCH_TEXTS, most_characters=BATCH_CHARACTERS):
                answered: list[T | Poison] = self._survive(batch, ask, deaths=0)
                results += answered
        return results

    def _survive(
        self, texts: list[Text], ask: Ask[Text, T], deaths: int, *, hung: bool = False
    ) -> list[T | Poison]:
        """Have the texts answered, after so many deaths of batches that held them all."""
        while True:
            try:
                return [*ask(texts, self._patience(texts, hung=hung))]
            except DeathError as death:
                deaths += 1
                first_hang = isinstance(death, HangError) and not hung
                hung = hung or first_hang
                if first_hang or deaths == DEATHS_BEFORE_HALVING:
                    self._probe(death, partial(ask, [_harmless(texts[0])]))
                halving = isinstance(death, HangError) and len(texts) > 1
                if deaths < DEATHS_BEFORE_HALVING and not halving:
                    continue
                if len(texts) == 1:
                    return [Poison(str(death), deaths)]
            half = len(texts) // 2
            return [
                *self._survive(texts[:half], ask, deaths, hung=hung),
                *self._survive(texts[half:], ask, deaths, hung=hung),
            ]

    def _patience(self, texts: Sequence[Sized], *, hung: bool) -> float:
        """Seconds; less for a part of what hung: at worst it is halved once more than it had to."""
        read = sum(min(len(text), CHARACTERS_READ) for text in texts[1:]) * SECONDS_PER_CHARACTER
        if hung and len(texts) > 1:
            return self._timeout / 2 + SECONDS_PER_TEXT_HALVED * (len(texts) - 1) + read
        return self._timeout + SECONDS_PER_TEXT * (len(texts) - 1) + read

    def _predictions(self, texts: list[str], patience: float) -> list[Prediction]:
        answer = self._ask({"texts": texts}, patience)
        with self._ending_nonsense():
            return frames.unpack_predictions(answer.get("probabilities"), len(texts))

    def _vectors(self, texts: list[str], patience: float) -> "list[NDArray[np.float32]]":
        answer = self._ask({"embed": texts}, patience)
        with self._ending_nonsense():
            return frames.unpack_vectors(answer.get("vectors"), len(texts))

    def _towards(self, said: list[Named], patience: float) -> list[Towards]:
        answer = self._ask({"towards": [(one.text, one.names) for one in said]}, patience)
        with self._ending_nonsense():
            return frames.unpack_towards(answer.get("towards"), said)

    def _ask(self, request: dict[str, Any], patience: float) -> dict[str, Any]:
        answer = self._child.ask(request, patience)
        if "refused" in answer:
            raise ClassifierError(str(answer["refused"]))
        if "error" in answer:
            raise DeathError(str(answer["error"]))
        return answer

    @contextlib.contextmanager
    def _ending_nonsense(self) -> Iterator[None]:
        """End a child whose answer is none."""
        try:
            yield
        except frames.FrameError as error:
            self._child.kill()
            raise DeathError(f"answered nonsense: {error}") from None

    def _probe(self, death: DeathError, ask: Callable[[float], object]) -> None:
        """Before a text is blamed, see that the model can answer for any at all."""
        try:
            ask(self._timeout)
        except DeathError as again:
            raise ClassifierError(
                f"{self._name}: the model dies on any text ({again}); it began with: {death}"
            ) from None

    def close(self) -> None:
        """End the child within a second; a call in another thread fails with ClassifierError."""
        self._child.forbid()
        if self._lock.acquire(timeout=0.05):
            try:
                self._child.end()
            finally:
                self._lock.release()
            return
        self._child.signal_kill()  # whoever is waiting for it now cleans up

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _harmless(like: Text) -> Any:
    """A text of this kind that no model minds."""
    return Named(HARMLESS, (((0, len(HARMLESS)),),)) if isinstance(like, Named) else HARMLESS
