"""How much `fast` has to say beside the model, found on held-out rows."""

from typing import Final

from classifiers.base import LABELS
from classifiers.beside import Powers, probabilities
from classifiers.fast import FastClassifier
from classifiers.train.neural import score

BEGIN: Final = (0.7, 0.4)


def choose(judged: score.Judged) -> tuple[Powers, dict[str, float]]:
    """Find the powers of least loss, each set counting alike; and calibration errors by family.

    judged: what the calibrated model says of held-out rows. `fast` must not have been fitted on
    them. Rows with two labels say nothing of neutral and are left out.
    """
    import numpy as np  # noqa: PLC0415
    from scipy import optimize  # noqa: PLC0415

    three = judged.where([not row.two_class for row in judged.rows])
    own = probabilities(score.predictions(three.logits))
    fast = probabilities(FastClassifier().predict([row.text for row in three.rows]))
    assert own.shape == fast.shape == (len(three.rows), len(LABELS))

    def mixed(powers: Powers) -> score.Judged:
        return score.Judged(three.rows, powers.product(own, fast).astype(np.float32))

    def loss(logarithms: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float:
        first, second = np.exp(logarithms).tolist()
        return score.log_loss(mixed(Powers(own=first, fast=second)))

    found = optimize.minimize(loss, np.log(BEGIN), method="Nelder-Mead", options={"xatol": 1e-3})
    first, second = np.exp(found.x).tolist()
    powers = Powers(own=round(first, 4), fast=round(second, 4))
    return powers, score.by_family(mixed(powers))
