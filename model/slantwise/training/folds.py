"""Folds that keep every outlet in one piece."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def outlet_folds(outlets: Sequence[str], n_folds: int = 5, seed: int = 0) -> NDArray[np.int64]:
    """Return the fold of each item so that an outlet lies in one fold and folds are even.

    Parameters
    ----------
    outlets : sequence of str of length n_items
    n_folds : int
    seed : int
        Order in which outlets of equal size are dealt out.
    """
    size = Counter(outlets)
    names = sorted(size)
    np.random.default_rng(seed).shuffle(names)
    load = np.zeros(n_folds, dtype=np.int64)
    fold: dict[str, int] = {}
    for name in sorted(names, key=lambda name: -size[name]):
        lightest = int(load.argmin())
        fold[name] = lightest
        load[lightest] += size[name]
    return np.array([fold[outlet] for outlet in outlets])
