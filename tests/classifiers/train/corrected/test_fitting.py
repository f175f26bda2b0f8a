"""Output layers fitted to corrections: what they learn, and what they leave as it was."""

import numpy as np
import pytest

from classifiers.train.corrected.fitting import (
    HOLDS,
    Change,
    Corrections,
    Layer,
    Powers,
    answered,
    chosen_hold,
    fitted,
    gate_of,
    logits_of,
    product,
    unseen,
    verdict,
)

WIDTH = 12
POWERS = Powers(own=1.0, fast=0.0)
CHANCE = np.random.default_rng(3)
DOMAIN = np.eye(WIDTH)[5]  # what texts of the domain have, and usual ones have not


def with_bias(rows: np.ndarray) -> np.ndarray:
    return np.column_stack((rows, np.ones(len(rows))))


def usual_texts(count: int = 2000) -> np.ndarray:
    rows = CHANCE.normal(size=(count, WIDTH))
    rows[:, 5] = 0.05 * rows[:, 5]
    return with_bias(rows)


def a_layer() -> Layer:
    """One that takes the first, second and third of what it reads for the three labels."""
    weights = np.zeros((3, WIDTH + 1))
    weights[[0, 1, 2], [0, 1, 2]] = 2.0
    usual = usual_texts()
    return Layer(weights, usual.T @ usual / len(usual))


def complaints(count: int, *, seed: int = 1) -> Corrections:
    """Texts of a domain, all of which people hold to be negative."""
    rows = np.random.default_rng(seed).normal(size=(count, WIDTH)) + 2 * DOMAIN
    return Corrections(with_bias(rows), np.zeros(count, np.int64), np.zeros((count, 3)))


def right(layer: Layer, said: Corrections, change: Change | None = None) -> float:
    found = logits_of(layer, said, change).argmax(axis=1)
    return float((found == said.labels).mean())


def test_what_people_say_of_a_domain_is_learnt() -> None:
    layer = a_layer()
    learnt = fitted(layer, complaints(100), POWERS, hold=30.0)
    new = complaints(300, seed=2)
    assert right(layer, new) < 0.5
    assert right(layer, new, learnt) > 0.9


def test_usual_texts_are_told_as_before() -> None:
    layer = a_layer()
    learnt = fitted(layer, complaints(100), POWERS, hold=100.0)
    usual = Corrections(usual_texts(500), np.zeros(500, np.int64), np.zeros((500, 3)))
    before, after = (logits_of(layer, usual, change).argmax(axis=1) for change in (None, learnt))
    assert (before == after).mean() > 0.98


def test_the_gate_opens_for_texts_of_the_domain() -> None:
    layer, said = a_layer(), complaints(100)
    gate = gate_of(layer, said.read)
    assert (complaints(300, seed=2).read @ gate > 0).mean() > 0.9
    assert (usual_texts(1000) @ gate > 0).mean() < 0.05


def test_a_change_is_held_more_firmly_where_that_tells_as_well() -> None:
    layer, said = a_layer(), complaints(60)
    right_already = logits_of(layer, said).argmax(axis=1)
    nothing_new = Corrections(said.read, right_already, said.fast)
    assert chosen_hold(layer, nothing_new, POWERS) == HOLDS[-1]
    firm = chosen_hold(layer, said, POWERS)
    assert firm < HOLDS[-1]
    others = complaints(300, seed=2)
    made = {hold: fitted(layer, said, POWERS, hold) for hold in (firm, HOLDS[-1])}
    assert right(layer, others, made[firm]) > right(layer, others, made[HOLDS[-1]])


def test_labels_that_go_with_nothing_are_not_learnt() -> None:
    """A model is not better for corrections it has not seen, where there is nothing to learn."""
    layer, said = a_layer(), complaints(60)
    chance = np.array([0, 1, 2] * 20)
    noise = Corrections(said.read, chance, said.fast)
    after = product(unseen(layer, noise, POWERS), noise.fast, POWERS)
    before = product(logits_of(layer, noise), noise.fast, POWERS)
    assert not verdict(before, after, chance).is_better


def test_the_exit_answers_where_it_is_sure() -> None:
    early, late = np.array([[5.0, 0, 0], [0.1, 0, 0]]), np.array([[0, 0, 5.0], [0, 4.0, 0]])
    assert answered(early, late, 0.9).tolist() == [[5.0, 0, 0], [0, 4.0, 0]]


def test_a_verdict_counts_what_is_right_and_how_sure_that_is() -> None:
    labels = np.array([0, 0, 1, 2])
    before = np.array([[0.5, 0.3, 0.2], [0.2, 0.5, 0.3], [0.2, 0.6, 0.2], [0.4, 0.3, 0.3]])
    after = np.array([[0.6, 0.2, 0.2], [0.6, 0.2, 0.2], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6]])
    found = verdict(before, after, labels)
    assert (found.count, found.right_before, found.right_after) == (4, 2, 4)
    gains = np.log([0.6 / 0.5, 0.6 / 0.2, 0.8 / 0.6, 0.6 / 0.3])
    assert found.gain == pytest.approx(gains.mean())
    assert found.spread == pytest.approx(gains.std(ddof=1) / 2)
    assert found.is_better
    assert not verdict(after, before, labels).is_better


def test_being_less_sure_is_not_better_where_no_more_are_right() -> None:
    labels = np.array([0, 1] * 20)
    before, after = np.tile([0.9, 0.05, 0.05], (40, 1)), np.tile([0.5, 0.4, 0.1], (40, 1))
    found = verdict(before, after, labels)
    assert found.gain > 2 * found.spread
    assert not found.is_better
