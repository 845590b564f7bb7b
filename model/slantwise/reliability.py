"""Agreement between coders, and shares with intervals, by published formulas."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from slantwise.intervals import TAILS, Floats

_Z = 1.959963984540054  # of a 95 % interval


def krippendorff_alpha(units: Sequence[Sequence[str | None]]) -> float:
    """Return Krippendorff's alpha for nominal values.

    One less observed over expected disagreement, from the matrix of coincidences, in
    which each pair of values of a unit counts as one over its number of values less one
    (Krippendorff, Content Analysis, 2004, ch. 11; Computing Krippendorff's
    Alpha-Reliability, 2011).

    Parameters
    ----------
    units : sequence of sequences of str or None
        For each unit the value that each coder gave, None if they gave none.

    Returns
    -------
    float, not a number if no unit has two values, or if all values are one and the same

    Examples
    --------
    >>> round(krippendorff_alpha([("a", "a"), ("a", "b"), ("b", "b"), ("b", "b")]), 3)
    0.533
    """
    return _alpha(_coincidences(units))


def alpha_interval(
    units: Sequence[Sequence[str | None]], *, n_boot: int = 1000, random_state: int = 0
) -> tuple[float, float]:
    """Return the bounds of alpha's 95 % interval, by a bootstrap over units.

    The standard bootstrap, as recommended by Zapf et al., BMC Medical Research
    Methodology 16 (2016).
    """
    each = _coincidences(units)
    if len(each) < 2:
        return math.nan, math.nan
    random, flat = np.random.default_rng(random_state), each.reshape(len(each), -1)
    times = random.multinomial(len(each), np.full(len(each), 1 / len(each)), size=n_boot)
    alphas = np.array([_alpha(total.reshape(1, *each.shape[1:])) for total in times @ flat])
    if np.isfinite(alphas).mean() < 0.5:
        return math.nan, math.nan
    low, high = np.nanquantile(alphas, TAILS)
    return float(low), float(high)


def wilson(share: float, n: float) -> tuple[float, float]:
    """Return the bounds of a share's 95 % interval (Wilson 1927).

    Parameters
    ----------
    share : float
    n : float
        Observations, or the effective number of weighted ones.

    Examples
    --------
    >>> tuple(round(bound, 3) for bound in wilson(0.8, 10))
    (0.49, 0.943)
    """
    if not n or math.isnan(share):
        return math.nan, math.nan
    middle = share + _Z**2 / (2 * n)
    half = _Z * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n * n))
    return max(0.0, (middle - half) / (1 + _Z**2 / n)), min(1.0, (middle + half) / (1 + _Z**2 / n))


def effective_number(weights: Floats) -> float:
    """Return how many equal observations weighted ones are worth (Kish 1965)."""
    total = float((weights**2).sum())
    return float(weights.sum()) ** 2 / total if total else 0.0


def _coincidences(units: Sequence[Sequence[str | None]]) -> Floats:
    """Return each unit's matrix of coincidences, of shape (n_units, n_values, n_values)."""
    values = sorted({value for unit in units for value in unit if value is not None})
    place = {value: at for at, value in enumerate(values)}
    matrices = []
    for unit in units:
        given = [place[value] for value in unit if value is not None]
        if len(given) < 2:
            continue
        counts = np.bincount(given, minlength=len(values)).astype(float)
        pairs = np.outer(counts, counts) - np.diag(counts)
        matrices.append(pairs / (len(given) - 1))
    return np.array(matrices).reshape(len(matrices), len(values), len(values))


def _alpha(matrices: Floats) -> float:
    total = matrices.sum(axis=0)
    margins = total.sum(axis=1)
    n = margins.sum()
    observed = n - np.trace(total)
    expected = (n**2 - (margins**2).sum()) / (n - 1) if n > 1 else 0.0
    return float(1 - observed / expected) if expected > 0 else math.nan
