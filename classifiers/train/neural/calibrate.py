"""Temperatures, so that a probability means what it says (Guo et al., 2017).

One for all keeps the model a plain one: the classifier's weights are divided by it. Where that
leaves a family of sources over five points of calibration error, each family gets its own beside.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from classifiers.train.datasets import Row
from classifiers.train.neural import score, sets

MOST_ERROR: Final = 0.05


@dataclass(frozen=True, slots=True)
class Calibration:
    """By what to divide the logits: `common`, and then a family's own factor, if any is needed.

    raw, errors: calibration error of each family, as trained and by these temperatures, each row
    by temperatures that were fitted on the other half of the rows.
    """

    common: float
    factors: dict[str, float]
    raw: dict[str, float]
    errors: dict[str, float]


def calibrate(judged: score.Judged) -> Calibration:
    """Fit on held-out rows; say how they do on rows that they were not fitted on."""
    three = judged.where([not row.two_class for row in judged.rows])
    alone = crossed(three, _errors_of_one)
    common = fit_temperature(three)
    raw = score.by_family(three)
    if all(error <= MOST_ERROR for error in alone.values()):
        return Calibration(common, {}, raw, alone)
    own = _own(three)
    factors = {family: each / common for family, each in own.items()}
    return Calibration(common, factors, raw, crossed(three, _errors_of_own))


def fit_temperature(judged: score.Judged) -> float:
    """Find the temperature of least loss; each set counts alike, so that no large one decides."""
    import numpy as np  # noqa: PLC0415
    from scipy import optimize  # noqa: PLC0415

    def loss(log_temperature: float) -> float:
        return score.log_loss(
            score.Judged(judged.rows, judged.logits / np.float32(np.exp(log_temperature)))
        )

    return float(np.exp(optimize.minimize_scalar(loss, bounds=(-2, 2), method="bounded").x))


def crossed(
    judged: score.Judged, errors: Callable[[score.Judged, score.Judged], dict[str, float]]
) -> dict[str, float]:
    """Give each family's error, the mean of both halves of the rows by what the other one says.

    errors: of each family, given what to fit on and what to measure on. Empty if a half is.
    """
    halves = [judged.where([_half(row) == each for row in judged.rows]) for each in (0, 1)]
    if not all(half.rows for half in halves):
        return {}
    sums: dict[str, float] = {}
    for fitted_on, measured_on in (halves, halves[::-1]):
        for family, error in errors(fitted_on, measured_on).items():
            sums[family] = sums.get(family, 0.0) + error / 2
    return sums


def _half(row: Row) -> int:
    return zlib.crc32(row.text.encode("utf-8", "surrogatepass")) & 1


def _own(judged: score.Judged) -> dict[str, float]:
    parts = {
        family: judged.where([sets.family_of(row.source) == family for row in judged.rows])
        for family in (sets.SOCIAL, sets.REVIEW)
    }
    return {family: fit_temperature(part) for family, part in parts.items() if part.rows}


def _errors_of_one(fitted_on: score.Judged, measured_on: score.Judged) -> dict[str, float]:
    common = fit_temperature(fitted_on)
    return score.by_family(measured_on, {sets.SOCIAL: common, sets.REVIEW: common})


def _errors_of_own(fitted_on: score.Judged, measured_on: score.Judged) -> dict[str, float]:
    common = fit_temperature(fitted_on)
    used = {sets.SOCIAL: common, sets.REVIEW: common} | _own(fitted_on)
    return score.by_family(measured_on, used)
