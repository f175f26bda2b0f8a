"""The training loop: steps of an optimizer that can be stopped at any time and gone on with.

AdamW (Loshchilov and Hutter, 2019), the rate rising and then falling linearly to nought. All that
is left to chance follows from the seed and from the number of the step, so that a run that was
stopped goes on as if it had not been.
"""

import itertools
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from classifiers.train.neural import checkpoint, optimizer
from classifiers.train.neural.recipe import Recipe

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SAVE_EVERY_SECONDS: Final = 600.0
SAY_EVERY_SECONDS: Final = 20.0
AVERAGE_EVERY: Final = 5  # steps; reading all weights takes time
Say = Callable[[str], None]
State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be learnt.

    backward: adds the gradients of a batch at a step, changing nothing else, and gives the loss.
    batches: all of them, without end, the same ones whenever it is called. steps: how many, asked
    only when a run begins.
    """

    model: Any
    backward: "Callable[[NDArray[np.int64], int], float]"
    batches: "Callable[[], Iterable[NDArray[np.int64]]]"
    steps: Callable[[], int]
    average: float  # share of all steps that the running mean of the weights reaches back, or 0


def train(
    task: Task,
    recipe: Recipe,
    path: Path,
    fingerprint: str,
    say: Say,
    save_every_seconds: float = SAVE_EVERY_SECONDS,
) -> dict[str, State]:
    """Train the model in place, from the checkpoint at `path` if there is one.

    Gives its weights at the end as `last`, and their running mean as `average` if one is wanted.
    Which weights learn is what their `requires_grad` says when this is called.
    """
    learner = optimizer.make(task.model, recipe)
    saved = checkpoint.load(path, fingerprint)
    if saved is None:
        run = _Run(task.steps())
    else:
        run = _Run(int(saved["steps"]), int(saved["step"]), saved["average"])
        task.model.load_state_dict(saved["model"])
        learner.load_state_dict(saved["optimizer"])
        say(f"going on from step {run.step} of {run.steps}")

    def save() -> None:
        state = {"fingerprint": fingerprint, "steps": run.steps, "step": run.step}
        weights = {"model": task.model.state_dict(), "optimizer": learner.state_dict()}
        checkpoint.save(path, {**state, **weights, "average": run.average})

    if run.step < run.steps:
        _train(task, learner, recipe, run, _Saver(save, save_every_seconds), say)
    ends = {"last": _copy(task.model)}
    if run.average is not None:
        ends["average"] = {**ends["last"], **run.average}
    return ends


@dataclass(slots=True)
class _Run:
    steps: int
    step: int = 0  # done
    average: State | None = None


def _train(
    task: Task,
    learner: Any,
    recipe: Recipe,
    run: _Run,
    saver: "_Saver",
    say: Say,
) -> None:
    import torch  # noqa: PLC0415

    task.model.train()
    progress = _Progress(run.steps, say)
    for batch in itertools.islice(task.batches(), run.step, run.steps):
        optimizer.set_rates(learner, optimizer.rate_at(run.step, run.steps, recipe.warm_up))
        loss = task.backward(batch, run.step)
        learning = [each for each in task.model.parameters() if each.grad is not None]
        torch.nn.utils.clip_grad_norm_(learning, recipe.longest_step)
        learner.step()
        learner.zero_grad(set_to_none=True)
        run.step += 1
        if task.average and run.step % AVERAGE_EVERY == 0:
            _average(run, task)
        progress.add(run.step, len(batch), loss)
        saver.step()
    saver.save()
    task.model.eval()


class _Saver:
    """Saves when so many seconds have passed since it last did."""

    def __init__(self, save: Callable[[], None], every_seconds: float) -> None:
        self.save = save
        self._every_seconds = every_seconds
        self._saved_at = time.monotonic()

    def step(self) -> None:
        if time.monotonic() - self._saved_at >= self._every_seconds:
            self.save()
            self._saved_at = time.monotonic()


def _average(run: _Run, task: Task) -> None:
    """Move the running mean; while it is young it is the plain mean of all steps so far."""
    import torch  # noqa: PLC0415

    learning = {name: each for name, each in task.model.named_parameters() if each.requires_grad}
    if run.average is None:
        run.average = {name: each.detach().clone() for name, each in learning.items()}
        return
    horizon = max(1.0, min(task.average * run.steps, run.step) / AVERAGE_EVERY)
    now = [learning[name].detach() for name in run.average]
    torch._foreach_lerp_(list(run.average.values()), now, 1 / horizon)


def steps_in(task: Task, minutes: float, tokens: "Callable[[NDArray[np.int64]], int]") -> int:
    """Measure a few steps, changing no weight, and say how many fit into so many minutes.

    tokens: of a batch, padding included; the time goes by them.
    """
    trial, many = 12, 2000
    sizes = []
    seconds = measured = 0.0
    for at, batch in enumerate(itertools.islice(task.batches(), many)):
        sizes.append(tokens(batch))
        if at < trial:
            began = time.perf_counter()
            task.backward(batch, at)
            if at >= 2:  # the first ones are slower
                seconds += time.perf_counter() - began
                measured += tokens(batch)
    task.model.zero_grad(set_to_none=True)
    per_step = seconds / measured * (sum(sizes) / len(sizes)) * 1.04  # and the optimizer
    return max(1, round(minutes * 60 / per_step))


def _copy(model: Any) -> State:
    return {name: value.detach().clone() for name, value in model.state_dict().items()}


class _Progress:
    """Says now and then how far it is, how fast, how well, and how long it will take yet."""

    def __init__(self, steps: int, say: Say) -> None:
        self._steps = steps
        self._say = say
        self._began = self._said = time.monotonic()
        self._done = 0
        self._texts = 0
        self._losses: list[float] = []

    def add(self, step: int, texts: int, loss: float) -> None:
        now = time.monotonic()
        self._done += 1
        self._texts += texts
        self._losses.append(loss)
        if now - self._said < SAY_EVERY_SECONDS and step < self._steps:
            return
        seconds = max(now - self._began, 1e-9)
        left = (self._steps - step) * seconds / self._done / 60
        mean = sum(self._losses) / len(self._losses)
        self._say(
            f"  step {step} of {self._steps}: {self._texts / seconds:.0f} texts/s,"
            f" loss {mean:.4f}, {left:.0f} min left"
        )
        self._said = now
        self._losses.clear()
