"""Tail probabilities of counts that vary more than chance alone would have them."""

from math import exp, lgamma, log

_EXACT_UP_TO = 200  # mentions; beyond it a beta of the same mean and variance is as good


def volume_tail(count: int, mean: float, variance: float) -> float:
    """P(K >= count) for a negative binomial K (Poisson if variance <= mean); mean > 0."""
    from scipy.special import betainc, gammainc  # noqa: PLC0415

    if count <= 0:
        return 1.0
    if variance <= mean * (1 + 1e-9):
        return float(gammainc(count, mean))
    shape = mean * mean / (variance - mean)
    return float(betainc(count, shape, 1.0 - mean / variance))


def share_tail(negative: int, mentions: int, usual: float, correlation: float) -> float:
    """P(K >= negative) for a beta-binomial K among `mentions`, whose mean share is `usual`.

    `correlation` (0 to 1, exclusive) says how alike the mentions of one window are; the shape
    of the beta is 1/correlation - 1.
    """
    if negative <= 0:
        return 1.0
    size = 1.0 / correlation - 1.0
    if mentions <= _EXACT_UP_TO:
        return _exact_share_tail(negative, mentions, usual * size, (1.0 - usual) * size)
    from scipy.special import betaincc  # noqa: PLC0415

    spread = correlation + (1.0 - correlation) / mentions  # variance of the share / usual(1-usual)
    size = 1.0 / spread - 1.0
    at = (negative - 0.5) / mentions
    return float(betaincc(usual * size, (1.0 - usual) * size, at))


def _exact_share_tail(negative: int, mentions: int, alpha: float, beta: float) -> float:
    """The sum of the probabilities from `negative` up, each from the one before."""
    rest = mentions - negative
    log_first = (
        lgamma(mentions + 1) - lgamma(negative + 1) - lgamma(rest + 1)
        + lgamma(negative + alpha) + lgamma(rest + beta) - lgamma(mentions + alpha + beta)
        + lgamma(alpha + beta) - lgamma(alpha) - lgamma(beta)
    )  # fmt: skip
    term = exp(log_first)
    total = term
    for j in range(negative, mentions):
        term *= (mentions - j) * (j + alpha) / ((j + 1) * (mentions - j - 1 + beta))
        total += term
        if term < total * 1e-12:
            break
    return min(total, 1.0)


def both(p_volume: float, p_share: float) -> float:
    """The chance that a product of two independent p-values is this small (Fisher, 1925)."""
    product = max(p_volume * p_share, 1e-300)
    return min(product * (1.0 - log(product)), 1.0)
