"""Partial pooling of rates: what a group with few articles learns from all the others.

Counts are gamma-Poisson: each group has a rate of its own, drawn from a gamma
distribution that all groups share (Clayton & Kaldor, Biometrics 43, 1987). The mean and
the spread of that distribution aren't fixed at their best values, which makes intervals
too narrow, but averaged over a grid by their likelihood (Gelman et al., Bayesian Data
Analysis, 3rd ed., 2013, ch. 5.3), the spread under a half-normal prior. Counts and words
are first divided by how much more counts vary from unit to unit than Poisson counts do.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slantwise.intervals import PER, TAILS, Floats

_SPREADS = np.geomspace(0.02, 3.0, 24)  # standard deviation between groups over their mean
_MEANS = np.linspace(-4.0, 4.0, 25)  # in standard errors
_N_DRAWS = 4000


@dataclass(frozen=True, eq=False)
class PooledRates:
    """Partially pooled rates per 1,000 words.

    Parameters
    ----------
    mean, low, high : ndarray of shape (n_groups,)
        Posterior mean and the bounds of the 95 % interval.
    spread : float
        How much the groups' true rates differ: standard deviation over mean.
    draws : ndarray of shape (n_draws, n_groups)
        Draws of all rates together.
    """

    mean: Floats
    low: Floats
    high: Floats
    spread: float
    draws: Floats


def pooled_dispersion(variances: Floats, counts: Floats) -> float:
    """Return how much more counts vary than Poisson counts do, over all groups.

    Parameters
    ----------
    variances : ndarray of shape (n_groups,)
        Variance of each group's count, estimated from its units; 0 with a single unit.
    counts : ndarray of shape (n_groups,)
    """
    known = variances > 0
    total = counts[known].sum()
    return max(1.0, float(variances[known].sum() / total)) if total else 1.0


def pool_rates(
    counts: Floats,
    words: Floats,
    dispersion: float = 1.0,
    *,
    n_draws: int = _N_DRAWS,
    random_state: int = 0,
) -> PooledRates:
    """Estimate the rate of each group in the light of all groups.

    Parameters
    ----------
    counts : ndarray of shape (n_groups,)
    words : ndarray of shape (n_groups,)
        A group without words gets what is known of groups in general.
    dispersion : float
        Variance of a count over that of a Poisson count; see :func:`pooled_dispersion`.
    n_draws : int
    random_state : int
        Seed of the draws.

    Raises
    ------
    ValueError
        If there is no group, or no word.
    """
    if not len(counts) or not words.sum():
        raise ValueError("rates can't be pooled without a group that has words")
    y, exposure = counts / dispersion, words / (PER * dispersion)
    shapes, rates, weights = _grid(y, exposure)
    random = np.random.default_rng(random_state)
    chosen = random.choice(len(weights), size=n_draws, p=weights)
    draws = random.standard_gamma(shapes[chosen][:, None] + y) / (rates[chosen][:, None] + exposure)
    means = (shapes[:, None] + y) / (rates[:, None] + exposure)
    low, high = np.quantile(draws, TAILS, axis=0)
    spread = float(weights @ (1 / np.sqrt(shapes)))
    return PooledRates(weights @ means, low, high, spread, draws)


def _grid(y: Floats, exposure: Floats) -> tuple[Floats, Floats, Floats]:
    """Return shapes, rates and posterior weights of gamma distributions over groups."""
    total = max(y.sum(), 0.5)
    error = min(math.sqrt(1 / len(y) + 1 / total), 0.75)
    means = total / exposure.sum() * np.exp(error * _MEANS)
    shape = 1 / _SPREADS**2
    rate = shape[:, None] / means
    counted = _log_gamma(shape[:, None] + y).sum(axis=1) - len(y) * _log_gamma(shape)
    posterior = (
        counted[:, None]
        + len(y) * shape[:, None] * np.log(rate)
        - np.einsum("sg,smg->sm", shape[:, None] + y, np.log(rate[:, :, None] + exposure))
        # Spacing on the logarithmic grid, and the half-normal prior of the spread.
        + (np.log(_SPREADS) - _SPREADS**2 / 2)[:, None]
    )
    weights = np.exp(posterior - posterior.max())
    shapes = np.broadcast_to(shape[:, None], rate.shape)
    return shapes.ravel(), rate.ravel(), (weights / weights.sum()).ravel()


def _log_gamma(values: Floats) -> Floats:
    return np.asarray(np.vectorize(math.lgamma, otypes=[np.float64])(values))


@dataclass(frozen=True, eq=False)
class Ranks:
    """Places of groups, the highest rate first, with 95 % intervals.

    The places are those of the expected ranks (Goldstein & Spiegelhalter, Journal of the
    Royal Statistical Society A 159, 1996).
    """

    place: Floats
    low: Floats
    high: Floats


def rank_groups(draws: Floats) -> Ranks:
    """Rank groups by draws of their rates.

    Parameters
    ----------
    draws : ndarray of shape (n_draws, n_groups)
    """
    each = (-draws).argsort(axis=1).argsort(axis=1) + 1.0
    low, high = np.quantile(each, TAILS, axis=0, method="nearest")
    place = each.mean(axis=0).argsort(kind="stable").argsort(kind="stable") + 1.0
    return Ranks(place, low, high)


def differs_from_average(draws: Floats) -> Floats:
    """Tell which groups are above (1) or below (-1) the average of all, or neither (0).

    Groups are compared on the logarithm of their rates, all at once: a group differs if
    its simultaneous 95 % interval leaves out the average (the largest of all groups'
    deviations decides; Besag et al., Statistical Science 10, 1995).

    Parameters
    ----------
    draws : ndarray of shape (n_draws, n_groups)
    """
    logs = np.log(np.maximum(draws, 1e-12))
    middle, half = _band(logs - logs.mean(axis=1, keepdims=True))
    return np.asarray(np.sign(middle) * (np.abs(middle) > half))


@dataclass(frozen=True, eq=False)
class Pairs:
    """Every pair of groups, all pairs at once.

    Parameters
    ----------
    first, second : ndarray of shape (n_pairs,)
        The groups of a pair.
    ratio, low, high : ndarray of shape (n_pairs,)
        Median of the first's rate over the second's, and the bounds of its simultaneous
        95 % interval.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    ratio: Floats
    low: Floats
    high: Floats

    @property
    def differ(self) -> NDArray[np.bool_]:
        """Whether the interval leaves out that both are the same."""
        return np.asarray((self.low > 1) | (self.high < 1))


def pairs_of(draws: Floats) -> Pairs:
    """Compare every pair of groups by draws of their rates.

    Parameters
    ----------
    draws : ndarray of shape (n_draws, n_groups)
    """
    first, second = np.triu_indices(draws.shape[1], 1)
    logs = np.log(np.maximum(draws, 1e-12))
    middle, half = _band(logs[:, first] - logs[:, second])
    return Pairs(first, second, np.exp(middle), np.exp(middle - half), np.exp(middle + half))


def _band(differences: Floats) -> tuple[Floats, Floats]:
    middle = np.median(differences, axis=0)
    error = np.maximum(differences.std(axis=0), 1e-12)
    largest = np.abs((differences - middle) / error).max(axis=1)
    return middle, np.quantile(largest, 0.95) * error
