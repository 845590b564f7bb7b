"""How well predicted spans match gold spans, and how sure one may be of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Extent = tuple[int, int]
Floats = NDArray[np.float64]
Figures = Callable[[Floats], Mapping[str, Floats]]

_WORD = re.compile(r"(?<![’'])\b\w+|(?<=[’'])(?!s\b)\w+")  # but not the s of a possessive
_DROPPED = frozenset(
    "the a an mr mrs ms dr president minister prime sen senator rep gov governor secretary".split()
)
# What follows one of these tells which, not who: the head of "leader of the party" is "leader".
_PREPOSITIONS = frozenset("of in for from at on with to by who that".split())
_REPLICATES = 1000


@dataclass(frozen=True, slots=True)
class Overlap:
    """Sums from which partial-overlap precision and recall follow.

    Sums of several articles add up: ``Overlap.total(parts)``.
    """

    precision_sum: float
    recall_sum: float
    n_predicted: int
    n_gold: int

    @property
    def precision(self) -> float:
        """Mean share of a predicted span that is gold."""
        return self.precision_sum / self.n_predicted if self.n_predicted else 0.0

    @property
    def recall(self) -> float:
        """Mean share of a gold span that was predicted."""
        return self.recall_sum / self.n_gold if self.n_gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def count_ratio(self) -> float:
        """Predicted spans for each gold span."""
        return self.n_predicted / self.n_gold if self.n_gold else 0.0

    @classmethod
    def total(cls, parts: Sequence[Overlap]) -> Overlap:
        """Add up the sums of several articles."""
        return cls(
            sum(part.precision_sum for part in parts),
            sum(part.recall_sum for part in parts),
            sum(part.n_predicted for part in parts),
            sum(part.n_gold for part in parts),
        )


def partial_overlap(
    predicted: Sequence[Extent],
    gold: Sequence[Extent],
    labels: tuple[Sequence[str], Sequence[str]] | None = None,
) -> Overlap:
    """Return the partial overlap of the spans of one article.

    Da San Martino et al., "Fine-grained analysis of propaganda in news
    articles" (EMNLP 2019), section 5, equations 1 to 3: every pair that
    overlaps adds its overlap over the length of the predicted span to
    precision and over that of the gold span to recall.

    Parameters
    ----------
    predicted, gold : sequence of (start, end)
    labels : pair of sequences of str, optional
        Labels of the predicted and of the gold spans: only pairs of the same
        label count.

    Examples
    --------
    >>> partial_overlap([(0, 10)], [(5, 15)]).f1
    0.5
    >>> partial_overlap([(0, 10)], [(5, 15)], (["doubt"], ["euphemism"])).f1
    0.0
    """
    precision_sum = recall_sum = 0.0
    for number, (start, end) in enumerate(predicted):
        for other, (gold_start, gold_end) in enumerate(gold):
            shared = min(end, gold_end) - max(start, gold_start)
            same = labels is None or labels[0][number] == labels[1][other]
            if shared > 0 and same:
                precision_sum += shared / (end - start)
                recall_sum += shared / (gold_end - gold_start)
    return Overlap(precision_sum, recall_sum, len(predicted), len(gold))


def matched(predicted: Sequence[Extent], gold: Sequence[Extent]) -> list[tuple[int, int]]:
    """Match spans one to one by greatest overlap; return pairs of indices (predicted, gold).

    >>> matched([(0, 4), (5, 9)], [(6, 20), (0, 5)])
    [(0, 1), (1, 0)]
    """
    pairs = [
        (min(end, gold_end) - max(start, gold_start), -number, -other)
        for number, (start, end) in enumerate(predicted)
        for other, (gold_start, gold_end) in enumerate(gold)
        if min(end, gold_end) > max(start, gold_start)
    ]
    taken: dict[int, int] = {}
    used: set[int] = set()
    for _, number, other in sorted(pairs, reverse=True):
        if -number not in taken and -other not in used:
            taken[-number] = -other
            used.add(-other)
    return sorted(taken.items())


def half_shared(one: Extent, other: Extent) -> bool:
    """Whether two spans share at least half of the longer of the two.

    >>> half_shared((0, 10), (5, 15)), half_shared((0, 10), (6, 16))
    (True, False)
    """
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared > 0 and 2 * shared >= max(one[1] - one[0], other[1] - other[0])


def same_actor(found: str | None, gold: str | None) -> bool:
    """Whether two naming phrases name the same.

    Equal after articles and titles are dropped, or one holds the other's head
    noun; nobody is the same as nobody.

    >>> same_actor("the Syrian army", "Syrian army"), same_actor("Akar", "Hulusi Akar")
    (True, True)
    >>> same_actor("the leader of Dolmar", "the dam of Dolmar")
    False
    """
    if found is None or gold is None:
        return found is gold
    ours, theirs = _naming_words(found), _naming_words(gold)
    if not ours or not theirs:
        return ours == theirs
    return ours == theirs or _head(ours) in theirs or _head(theirs) in ours


def _naming_words(name: str) -> list[str]:
    words = _WORD.findall(name.lower())
    return [word for word in words if word not in _DROPPED] or words


def _head(words: Sequence[str]) -> str:
    for number, word in enumerate(words):
        if number and word in _PREPOSITIONS:
            return words[number - 1]
    return words[-1]


def f1_of(true_positive: Floats, predicted: Floats, gold: Floats) -> Floats:
    """Return the F1 of a class from its counts; not a number where it never occurs.

    >>> f1_of(np.array([1.0]), np.array([2.0]), np.array([2.0])).tolist()
    [0.5]
    """
    return ratio(2 * true_positive, predicted + gold)


def ratio(part: Floats, whole: Floats, empty: float = np.nan) -> Floats:
    """Divide, with ``empty`` where there is nothing to divide by."""
    part, whole = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    safe = np.where(whole > 0, whole, 1.0)
    return np.where(whole > 0, part / safe, empty)


def mean_of(values: Sequence[Floats]) -> Floats:
    """Return the mean of several figures, those left out that can't be told."""
    table = np.stack(list(values))
    known = ~np.isnan(table)
    return ratio(np.where(known, table, 0.0).sum(axis=0), known.sum(axis=0))


def area_under_curve(scores: ArrayLike, truth: ArrayLike, weights: Floats) -> Floats:
    """Return the area under the ROC curve for each row of weights.

    The chance that a positive scores higher than a negative, ties counting
    half (Hanley and McNeil, Radiology 143, 1982).

    Parameters
    ----------
    scores : array of shape (n_items,)
    truth : array of shape (n_items,)
        0 or 1.
    weights : ndarray of shape (n_rows, n_items)

    Examples
    --------
    >>> area_under_curve([0.1, 0.4, 0.4, 0.8], [0, 0, 1, 1], np.ones((1, 4))).tolist()
    [0.875]
    """
    values, rank = np.unique(np.asarray(scores, dtype=np.float64), return_inverse=True)
    order = np.argsort(rank, kind="stable")
    edges = np.searchsorted(rank[order], np.arange(len(values)))
    positive = np.asarray(truth)[order] == 1
    ordered = weights[:, order]
    above = np.add.reduceat(ordered * positive, edges, axis=1)
    below = np.add.reduceat(ordered * ~positive, edges, axis=1)
    lower = np.cumsum(below, axis=1) - below / 2
    return ratio((above * lower).sum(axis=1), above.sum(axis=1) * below.sum(axis=1))


def calibration_error(
    scores: ArrayLike, correct: ArrayLike, weights: Floats | None = None, n_bins: int = 10
) -> Floats:
    """Return the expected calibration error for each row of weights.

    Guo et al., "On calibration of modern neural networks" (ICML 2017),
    equation 3, over bins of equal width: the mean distance between how sure
    the scores are and how often they are right, weighted by the bins' sizes.

    Parameters
    ----------
    scores, correct : array of shape (n_items,)
    weights : ndarray of shape (n_rows, n_items), optional
        One row of ones unless given.
    n_bins : int

    Examples
    --------
    >>> calibration_error([0.75, 0.75, 0.75, 0.75], [1, 1, 1, 0]).tolist()
    [0.0]
    >>> calibration_error([0.9, 0.9, 0.1, 0.1], [1, 0, 0, 0]).round(3).tolist()
    [0.25]
    """
    certain = np.asarray(scores, dtype=np.float64)
    rows = np.ones((1, len(certain))) if weights is None else weights
    here = np.minimum((certain * n_bins).astype(np.int64), n_bins - 1)
    gap = (certain - np.asarray(correct, dtype=np.float64))[:, None] * np.eye(n_bins)[here]
    return ratio(np.abs(rows @ gap).sum(axis=1), rows.sum(axis=1))


def with_intervals(
    n_units: int, figures: Figures, *, n_boot: int = _REPLICATES, random_state: int = 0
) -> dict[str, float | None]:
    """Return figures with the bounds of their 95 % intervals.

    The percentile bootstrap (Efron and Tibshirani, "An introduction to the
    bootstrap", 1993, chapter 13) over whole units, articles as a rule.

    Parameters
    ----------
    n_units : int
    figures : callable
        Takes how often each unit counts, shape (n_rows, n_units), and returns
        each figure with shape (n_rows,).
    n_boot : int
        Replicates.
    random_state : int
        Seed.

    Returns
    -------
    dict with NAME, NAME_low and NAME_high of each figure, None where it can't be told
    """
    drawn = np.random.default_rng(random_state).integers(n_units, size=(n_boot, n_units))
    drawn += np.arange(n_boot)[:, None] * n_units
    weights = np.bincount(drawn.ravel(), minlength=n_boot * n_units).reshape(n_boot, n_units)
    rows = np.vstack([np.ones((1, n_units)), weights]).astype(np.float64)
    result: dict[str, float | None] = {}
    for name, values in figures(rows).items():
        known = values[1:][~np.isnan(values[1:])]
        bounds = (
            np.percentile(known, [2.5, 97.5]) if len(known) and n_units > 1 else [np.nan, np.nan]
        )
        for ending, value in zip(("", "_low", "_high"), (values[0], *bounds), strict=True):
            result[name + ending] = None if np.isnan(value) else round(float(value), 4)
    return result
