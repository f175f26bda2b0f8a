"""A text that kills the model is found; the others are labelled; the parent lives on."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from classifiers import frames
from classifiers.base import ClassifierError, Prediction
from classifiers.child import HangError
from classifiers.supervised import Poison, Supervised

WORKER = str(Path(__file__).with_name("crashing_worker.py"))
ROOT = Path(__file__).parents[2]


def crashing(*arguments: str, timeout_seconds: float = 20.0) -> Supervised:
    return Supervised(
        "crashing",
        command=[sys.executable, WORKER, *arguments],
        timeout_seconds=timeout_seconds,
    )


@pytest.fixture
def model() -> Iterator[Supervised]:
    with crashing() as made:
        yield made


def poisons(results: list[Prediction | Poison]) -> dict[int, Poison]:
    return {at: each for at, each in enumerate(results) if isinstance(each, Poison)}


def test_it_says_what_the_model_says_of_itself(model: Supervised) -> None:
    assert model.version == "crashing@1"
    assert model.name == "crashing"
    assert model.labels == ("negative", "neutral", "positive")


def test_it_starts_no_child_before_it_is_asked(model: Supervised) -> None:
    assert model.restarts == 0
    assert model.predict([]) == []
    assert model._child.starts == 0


@pytest.mark.parametrize("word", ["KILL", "SEGFAULT", "EXIT"])
def test_exactly_the_texts_that_kill_the_model_are_poison(model: Supervised, word: str) -> None:
    texts = [f"text {number}!" for number in range(40)]
    texts[7] = f"{word} me"
    texts[31] = f"please {word}"

    results = model.predict_each(texts)

    assert set(poisons(results)) == {7, 31}
    assert all(each.label == "positive" for each in results if isinstance(each, Prediction))
    assert sum(isinstance(each, Prediction) for each in results) == 38
    assert model.restarts <= 3 + 2 * 6  # three deaths, then two ways down a tree of 40


def test_the_poison_says_how_the_model_ended(model: Supervised) -> None:
    killed, exited, raised = model.predict_each(["KILL", "EXIT", "RAISE"])
    assert isinstance(killed, Poison)
    assert "SIGKILL" in killed.reason
    assert killed.deaths >= 3
    assert isinstance(exited, Poison)
    assert "status 7" in exited.reason
    assert "out of memory, says the model" in exited.reason
    assert isinstance(raised, Poison)
    assert raised.reason == "RuntimeError: the tokenizer panicked"


def test_an_exception_in_the_model_costs_no_restart(model: Supervised) -> None:
    results = model.predict_each(["fine!", "RAISE", "fine"])
    assert set(poisons(results)) == {1}
    assert model.restarts == 0


def test_a_text_that_hangs_the_model_is_poison() -> None:
    with crashing(timeout_seconds=0.3) as model:
        results = model.predict_each(["a", "HANG", "b", "c!"])
        assert list(poisons(results)) == [1]
        assert "no answer within" in poisons(results)[1].reason


@pytest.mark.parametrize(("count", "most_seconds"), [(500, 100.0), (8, 40.0), (1, 40.0)])
def test_a_text_that_hangs_the_model_is_found_soon(
    monkeypatch: pytest.MonkeyPatch, count: int, most_seconds: float
) -> None:
    waited: list[float] = []

    class Patient:
        told: ClassVar[dict[str, str]] = {}

        def ask(self, request: dict[str, list[str]], seconds: float) -> dict[str, object]:
            if "HANG" in request["texts"]:
                waited.append(seconds)
                raise HangError(f"gave no answer within {seconds:g} s")
            return {"probabilities": frames.pack_predictions(fine[: len(request["texts"])])}

    fine = [Prediction.of(0.0, 1.0, 0.0)] * count
    model = Supervised("patient")
    monkeypatch.setattr(model, "_child", Patient())
    for place in {0, count // 3, count - 1}:
        texts = ["fine"] * count
        texts[place] = "HANG"
        found = poisons(model.predict_each(texts))
        assert list(found) == [place]
        assert found[place].deaths == len(waited) >= 3
        assert waited[-1] == 10.0  # alone, it gets all the patience there is
        assert sum(waited) < most_seconds
        waited.clear()


def test_a_model_that_hangs_on_any_text_is_given_up_after_two_time_outs() -> None:
    with crashing("hang", timeout_seconds=0.3) as model:
        with pytest.raises(ClassifierError, match="dies on any text"):
            model.predict_each(["a", "b", "c", "d"])
        assert model.restarts == 1


def test_nonsense_on_the_pipe_is_a_death_like_any_other(model: Supervised) -> None:
    results = model.predict_each(["a", "b!", "GARBAGE"])
    assert list(poisons(results)) == [2]
    assert [each.label for each in results if isinstance(each, Prediction)] == [
        "neutral",
        "positive",
    ]


def test_too_few_answers_are_nonsense(model: Supervised) -> None:
    assert list(poisons(model.predict_each(["a", "SHORT", "b"]))) == [1]


def test_what_a_library_prints_does_not_disturb(model: Supervised) -> None:
    assert [each.label for each in model.predict(["PRINT", "yes!"])] == ["neutral", "positive"]
    assert model.restarts == 0


def test_predict_names_the_first_poison(model: Supervised) -> None:
    with pytest.raises(ClassifierError, match=r"1 of 3 texts, the first at 1: .*SIGKILL"):
        model.predict(["a", "KILL", "b"])
    assert len(model.predict(["a", "b"])) == 2


def test_a_child_killed_from_outside_is_replaced(model: Supervised) -> None:
    model.predict(["a"])
    process = model._child._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    assert [each.label for each in model.predict(["b!"])] == ["positive"]
    assert model.restarts == 1


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("refuse", "no such model in the shop"),
        ("break", "ZeroDivisionError: weights over nothing"),
        ("vanish", "could not be loaded: ended with status 3"),
    ],
)
def test_a_model_that_cannot_be_loaded_blames_no_text(how: str, message: str) -> None:
    with crashing(how) as model, pytest.raises(ClassifierError, match=message):
        model.predict_each(["a"])


def test_a_model_that_dies_of_anything_blames_no_text() -> None:
    with crashing("any") as model, pytest.raises(ClassifierError, match="dies on any text"):
        model.predict_each(["a", "b"])


def test_an_unknown_name_is_told_in_the_words_of_load() -> None:
    with Supervised("nosuch") as model, pytest.raises(ClassifierError, match="there are default"):
        model.predict(["a"])


def test_any_text_passes_through_the_pipe(model: Supervised) -> None:
    texts = ["", "\x00", "\ud800", "\ud83d\ude00", "\n", "語", "x" * 3_000_000, "!"]
    assert [each.label for each in model.predict(texts)] == ["neutral"] * 7 + ["positive"]


def test_more_texts_than_a_batch_keep_their_order(model: Supervised) -> None:
    texts = ["yes!" if number % 3 == 0 else "no" for number in range(2500)]
    labels = [each.label for each in model.predict(texts)]
    assert labels == ["positive" if number % 3 == 0 else "neutral" for number in range(2500)]


def test_after_closing_there_are_no_answers(model: Supervised) -> None:
    model.predict(["a"])
    process = model._child._process
    assert process is not None
    model.close()
    model.close()
    assert process.returncode == 0
    with pytest.raises(ClassifierError, match="closed"):
        model.predict(["a"])


def test_closing_from_another_thread_ends_a_call_that_waits(model: Supervised) -> None:
    model.predict(["a"])
    failures: list[str] = []

    def ask() -> None:
        try:
            model.predict(["HANG"])
        except ClassifierError as error:
            failures.append(str(error))

    thread = threading.Thread(target=ask)
    thread.start()
    while not model._lock.locked():
        os.sched_yield()
    model.close()
    thread.join(timeout=15)
    assert not thread.is_alive()
    assert "closed" in failures[0]


def test_the_child_ends_with_its_parent_even_in_the_middle_of_a_text() -> None:
    program = (
        "import sys; from classifiers.supervised import Supervised;"
        f"model = Supervised('c', command=[sys.executable, {WORKER!r}]);"
        "model.predict(['a']); print(model._child._process.pid, flush=True);"
        "model.predict(['HANG'])"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 20
    while _runs(child) and time.monotonic() < deadline:
        os.sched_yield()
    assert not _runs(child)


def _runs(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return status != "Z"
