"""Densities with bootstrap intervals: events per 1,000 words over a sample of articles.

A density is a ratio estimator, all events divided by all words (Cochran, Sampling
Techniques, 1977, ch. 6), so that long articles weigh more than short ones. Intervals are
the percentile bootstrap (Efron & Tibshirani, An Introduction to the Bootstrap, 1993,
ch. 13). With a handful of articles they are rather too narrow than too wide.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PER = 1000  # words
_CELLS = 4_000_000  # resampling weights held at once
_RULE_OF_THREE = 3.0  # Hanley & Lippman-Hand, JAMA 249 (1983)


def densities(counts: Floats, words: float) -> Floats:
    """Return counts per 1,000 words; not a number without words."""
    return PER * counts / words if words else np.full_like(counts, np.nan)


def density_intervals(
    counts: Floats,
    words: Floats,
    units: NDArray[np.int64],
    *,
    n_boot: int = 1000,
    random_state: int = 0,
) -> Floats:
    """Return the bounds of 95 % intervals of densities.

    Parameters
    ----------
    counts : ndarray of shape (n_articles, n_counts)
    words : ndarray of shape (n_articles,)
    units : ndarray of shape (n_articles,)
        The unit an article is resampled with, numbered from 0.
    n_boot : int
        Replicates.
    random_state : int
        Seed.

    Returns
    -------
    ndarray of shape (2, n_counts), not a number where it can't be told: with a single
    unit, or where the units don't differ. Where nothing was counted, the upper bound is
    three events.
    """
    n_units, total_words = int(units.max(initial=-1)) + 1, words.sum()
    bounds = np.full((2, counts.shape[1]), np.nan)
    if n_units < 2 or not total_words:
        return bounds
    by_unit = np.zeros((n_units, counts.shape[1] + 1))
    np.add.at(by_unit, units, np.column_stack([counts, words]))

    random = np.random.default_rng(random_state)
    at_once = max(1, _CELLS // n_units)
    replicates = [
        _resampled(by_unit, min(at_once, n_boot - done), random)
        for done in range(0, n_boot, at_once)
    ]
    bounds = np.nanpercentile(np.concatenate(replicates), [2.5, 97.5], axis=0)
    bounds[:, bounds[0] == bounds[1]] = np.nan
    nothing = counts.sum(axis=0) == 0
    bounds[0, nothing], bounds[1, nothing] = 0.0, PER * _RULE_OF_THREE / total_words
    return bounds


def _resampled(by_unit: Floats, n_boot: int, random: np.random.Generator) -> Floats:
    n_units = len(by_unit)
    drawn = random.integers(n_units, size=(n_boot, n_units))
    drawn += np.arange(n_boot)[:, None] * n_units
    times = np.bincount(drawn.ravel(), minlength=n_boot * n_units).reshape(n_boot, n_units)
    totals = times @ by_unit
    words = np.where(totals[:, -1:] > 0, totals[:, -1:], np.nan)  # all drawn were wordless
    return np.asarray(PER * totals[:, :-1] / words)
