"""Densities with intervals: spans per 1,000 words over a sample of articles.

A density is a ratio estimator, all spans divided by all words (Cochran, Sampling
Techniques, 1977, ch. 6), so that long articles weigh more than short ones. What is
resampled are units: articles, or whole events, since articles on one event resemble each
other. Where there is enough to resample, intervals are the studentised bootstrap (Efron &
Tibshirani, An Introduction to the Bootstrap, 1993, ch. 12.5); percentiles of the bootstrap
are too narrow for counts as skewed as these. With few units or spans they are the exact
interval of a Poisson count (Garwood, Biometrika 28, 1936), its counts divided by how much
more they vary from unit to unit than Poisson counts do.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from slantwise.gammas import gamma_quantile

Floats = NDArray[np.float64]

PER = 1000  # words
TAILS = (0.025, 0.975)
ENOUGH_UNITS, ENOUGH_SPANS = 8, 10  # to resample; simulated in tests/simulations.py
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
    unit. Where nothing was counted, the upper bound is three spans.
    """
    by_unit, unit_words = unit_totals(counts, words, units)
    totals, total_words = by_unit.sum(axis=0), unit_words.sum()
    if len(by_unit) < 2 or not total_words:
        return np.full((2, counts.shape[1]), np.nan)
    bounds = _scaled_poisson(totals, total_words, dispersions(by_unit, unit_words))
    plenty = totals >= ENOUGH_SPANS
    if len(by_unit) >= ENOUGH_UNITS and plenty.any():
        found = _studentised(by_unit[:, plenty], unit_words, n_boot, random_state)
        bounds[:, plenty] = np.where(np.isnan(found), bounds[:, plenty], found)
    return bounds


def share_interval(
    part: Floats,
    whole: Floats,
    units: NDArray[np.int64],
    *,
    n_boot: int = 1000,
    random_state: int = 0,
) -> tuple[float, float]:
    """Return the bounds of the 95 % interval of a share, by percentiles of the bootstrap.

    Parameters
    ----------
    part, whole : ndarray of shape (n_articles,)
        The share is the sum of the one divided by that of the other.
    units : ndarray of shape (n_articles,)
    n_boot, random_state : int

    Returns
    -------
    tuple of two floats, not a number with a single unit or if the units don't differ
    """
    parts, wholes = unit_totals(part[:, None], whole, units)
    if len(parts) < 2 or not wholes.sum():
        return np.nan, np.nan
    tables = np.column_stack([parts, wholes])
    drawn = np.concatenate(list(_resampled(tables, n_boot, random_state)))
    drawn = drawn[drawn[:, 1] > 0]
    low, high = np.percentile(drawn[:, 0] / drawn[:, 1], [100 * tail for tail in TAILS])
    return (float(low), float(high)) if low < high else (np.nan, np.nan)


def unit_totals(
    counts: Floats, words: Floats, units: NDArray[np.int64]
) -> tuple[Floats, NDArray[np.float64]]:
    """Add up the counts and the words of each unit."""
    n_units = int(units.max(initial=-1)) + 1
    by_unit = np.zeros((n_units, counts.shape[1] + 1))
    np.add.at(by_unit, units, np.column_stack([counts, words]))
    return by_unit[:, :-1], by_unit[:, -1]


def excess(by_unit: Floats, words: Floats) -> Floats:
    """Return the variance of each total over units, estimated from their residuals."""
    n_units, total = len(by_unit), words.sum()
    if n_units < 2 or not total:
        return np.zeros(by_unit.shape[1])
    residuals = by_unit - np.outer(words, by_unit.sum(axis=0) / total)
    return np.asarray((residuals**2).sum(axis=0) * n_units / (n_units - 1))


def dispersions(by_unit: Floats, words: Floats) -> Floats:
    """Return how much more each count varies than a Poisson count; 1 or more.

    Parameters
    ----------
    by_unit : ndarray of shape (n_units, n_counts)
    words : ndarray of shape (n_units,)
    """
    totals = by_unit.sum(axis=0)
    return np.asarray(np.maximum(1.0, excess(by_unit, words) / np.maximum(totals, 1.0)))


def _scaled_poisson(totals: Floats, words: float, dispersion: Floats) -> Floats:
    bounds = np.zeros((2, len(totals)))
    bounds[1] = PER * _RULE_OF_THREE / words
    for at in np.flatnonzero(totals):
        shape, scale = totals[at] / dispersion[at], PER * dispersion[at] / words
        bounds[0, at] = scale * gamma_quantile(TAILS[0], shape)
        bounds[1, at] = scale * gamma_quantile(TAILS[1], shape + 1)
    return bounds


def _studentised(by_unit: Floats, words: Floats, n_boot: int, random_state: int) -> Floats:
    """Bootstrap (r* - r) / se* and turn its quantiles into bounds around r."""
    n_counts, n_units = by_unit.shape[1], len(by_unit)
    moments = np.column_stack(
        [by_unit, by_unit**2, by_unit * words[:, None], words**2, words]
    )  # what the linearised standard error of a replicate is made of
    drawn = np.concatenate(list(_resampled(moments, n_boot, random_state)))
    y, yy, yw = (drawn[:, at * n_counts : (at + 1) * n_counts] for at in range(3))
    ww, w = drawn[:, -2:-1], drawn[:, -1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = y / w
        errors = np.sqrt(np.maximum(yy - 2 * rates * yw + rates**2 * ww, 0.0)) / w
        rate = by_unit.sum(axis=0) / words.sum()
        error = np.sqrt(excess(by_unit, words) * (n_units - 1) / n_units) / words.sum()
        scores = np.where(errors > 1e-9 * rate, (rates - rate) / errors, np.nan)
    bounds = np.full((2, n_counts), np.nan)
    for at in range(n_counts):
        known = scores[np.isfinite(scores[:, at]), at]
        if len(known) > n_boot / 2 and error[at] > 1e-9 * rate[at]:
            low, high = np.percentile(known, [100 * tail for tail in TAILS])
            widened = error[at] * np.sqrt(n_units / (n_units - 1))
            bounds[:, at] = PER * np.array([rate[at] - high * widened, rate[at] - low * widened])
    return np.asarray(np.maximum(bounds, 0.0))


def _resampled(by_unit: Floats, n_boot: int, random_state: int) -> list[Floats]:
    """Draw units with replacement, and add up their columns; in pieces that fit memory."""
    random, n_units = np.random.default_rng(random_state), len(by_unit)
    at_once = max(1, _CELLS // n_units)
    pieces = []
    for done in range(0, n_boot, at_once):
        n = min(at_once, n_boot - done)
        drawn = random.integers(n_units, size=(n, n_units))
        drawn += np.arange(n)[:, None] * n_units
        times = np.bincount(drawn.ravel(), minlength=n * n_units).reshape(n, n_units)
        pieces.append(np.asarray(times @ by_unit, dtype=np.float64))
    return pieces
