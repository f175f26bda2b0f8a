"""A model in a child process, so that a text that crashes or hangs it harms nobody else.

When the child dies three times on the same texts they are halved, and halved again, until the ones
that kill it stand alone (delta debugging: Zeller and Hildebrandt, 2002): k such texts among n cost
about 3 + k log2(n) deaths. All others are labelled. A hang costs much time and comes again with the
same text, so it is halved at once, with half the patience until a text is alone.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from classifiers import frames
from classifiers.base import LABELS, ClassifierError, Prediction
from classifiers.batches import cut
from classifiers.child import Child, DeathError, HangError

DEATHS_BEFORE_HALVING: Final = 3  # a child may also die of something that was not the text
BATCH_TEXTS: Final = 1024
BATCH_CHARACTERS: Final = 1_000_000
SECONDS_PER_TEXT: Final = 0.05  # of patience, beyond that for one text; models need 0.01 at most
SECONDS_PER_TEXT_HALVED: Final = 0.02  # once a hang is looked for
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
        results: list[Prediction | Poison] = []
        with self._lock:
            for batch in cut(texts, most_texts=BATCH_TEXTS, most_characters=BATCH_CHARACTERS):
                results += self._label(batch, deaths=0)
        return results

    def _label(
        self, texts: list[str], deaths: int, *, hung: bool = False
    ) -> list[Prediction | Poison]:
        """Label the texts, after so many deaths of batches that held them all."""
        while True:
            try:
                return list(self._ask(texts, self._patience(len(texts), hung=hung)))
            except DeathError as death:
                deaths += 1
                first_hang = isinstance(death, HangError) and not hung
                hung = hung or first_hang
                if first_hang or deaths == DEATHS_BEFORE_HALVING:
                    self._probe(death)
                halving = isinstance(death, HangError) and len(texts) > 1
                if deaths < DEATHS_BEFORE_HALVING and not halving:
                    continue
                if len(texts) == 1:
                    return [Poison(str(death), deaths)]
            half = len(texts) // 2
            return [
                *self._label(texts[:half], deaths, hung=hung),
                *self._label(texts[half:], deaths, hung=hung),
            ]

    def _patience(self, texts: int, *, hung: bool) -> float:
        """Seconds; less for a part of what hung: at worst it is halved once more than it had to."""
        if hung and texts > 1:
            return self._timeout / 2 + SECONDS_PER_TEXT_HALVED * (texts - 1)
        return self._timeout + SECONDS_PER_TEXT * (texts - 1)

    def _ask(self, texts: list[str], patience: float) -> list[Prediction]:
        answer = self._child.ask({"texts": texts}, patience)
        if "error" in answer:
            raise DeathError(str(answer["error"]))
        try:
            return frames.unpack_predictions(answer.get("probabilities"), len(texts))
        except frames.FrameError as error:
            self._child.kill()
            raise DeathError(f"answered nonsense: {error}") from None

    def _probe(self, death: DeathError) -> None:
        """Before a text is blamed, see that the model can label anything at all."""
        try:
            self._ask([HARMLESS], self._timeout)
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
