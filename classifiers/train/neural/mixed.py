"""How much `fast` has to say beside the model, found on held-out rows."""

from typing import Final

from classifiers.base import LABELS
from classifiers.beside import Powers, predictions, probabilities
from classifiers.fast import FastClassifier
from classifiers.train.neural import score
from classifiers.train.neural.calibrate import crossed

BEGIN: Final = (0.7, 0.4)


def choose(judged: score.Judged) -> tuple[Powers, dict[str, float]]:
    """Find the powers of least loss, each set counting alike; and calibration errors by family.

    judged: what the calibrated model says of held-out rows. `fast` must not have been fitted on
    them. Rows with two labels say nothing of neutral and are left out. Errors are of rows that the
    powers were not fitted on: of each half by those of the other.
    """
    import numpy as np  # noqa: PLC0415

    three = judged.where([not row.two_class for row in judged.rows])
    fast = probabilities(FastClassifier().predict([row.text for row in three.rows]))
    both = np.hstack([probabilities(predictions(three.logits)), fast]).astype(np.float32)
    pairs = score.Judged(three.rows, both)

    def errors(fitted_on: score.Judged, measured_on: score.Judged) -> dict[str, float]:
        return score.by_family(_mixed(measured_on, _fit(fitted_on)))

    return _fit(pairs), crossed(pairs, errors)


def _fit(pairs: score.Judged) -> Powers:
    import numpy as np  # noqa: PLC0415
    from scipy import optimize  # noqa: PLC0415

    def loss(logarithms: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float:
        own, fast = np.exp(logarithms).tolist()
        return score.log_loss(_mixed(pairs, Powers(own=own, fast=fast)))

    found = optimize.minimize(loss, np.log(BEGIN), method="Nelder-Mead", options={"xatol": 1e-3})
    own, fast = np.exp(found.x).tolist()
    return Powers(own=round(own, 4), fast=round(fast, 4))


def _mixed(pairs: score.Judged, powers: Powers) -> score.Judged:
    """Mix them. pairs: instead of logits, both models' probabilities side by side, [rows, 6]."""
    import numpy as np  # noqa: PLC0415

    own, fast = np.split(pairs.logits.astype(np.float64), [len(LABELS)], axis=1)
    return score.Judged(pairs.rows, powers.product(own, fast).astype(np.float32))
