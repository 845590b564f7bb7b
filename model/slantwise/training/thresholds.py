"""Choosing thresholds on outlets that a model was not fitted on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slantwise.metrics import Overlap, partial_overlap
from slantwise.records import LABELS

# Share of the words shown that shall be loaded, at least, where a threshold operates.
_PRECISION_FIRST = 0.7
_FEWEST = 10  # candidates above a threshold that a label has for itself
_HIGHEST = 0.4  # from this score on three of four words are loaded, all labels together
_ABOUT = (0.75, 1.3)  # spans counted for one marked
_GRID = [round(0.02 * step, 2) for step in range(5, 40)]  # balanced thresholds tried


@dataclass(frozen=True)
class HeldOut:
    """Candidates of one passage, raised by a model that has not seen its outlet."""

    inputs: NDArray[np.float64]
    correct: NDArray[np.bool_]  # same label, and half of the longer span shared
    share: NDArray[np.float64]  # of the candidate's characters that are loaded
    label: NDArray[np.int64]
    extents: list[tuple[int, int]]
    gold: list[tuple[int, int]]


def balanced_threshold(held_out: Sequence[HeldOut], chances: NDArray[np.float32]) -> float:
    """Return the chance of being loaded with the best span F1 on held-out outlets.

    Partial overlap hardly punishes spans that are one too many, so the best
    F1 alone would count half as many again as there are: no more are counted
    than the annotators marked.
    """
    found = {threshold: _overlap(held_out, chances, threshold) for threshold in _GRID}
    modest = {at: one for at, one in found.items() if one.count_ratio <= 1.0} or found
    return max(modest, key=lambda threshold: modest[threshold].f1)


def steady_f1(held_out: Sequence[HeldOut], chances: NDArray[np.float32]) -> float:
    """Return the mean span F1 over all thresholds that count about as many as were marked.

    The best F1 of a few hundred passages is partly luck; its neighbours tell.
    """
    found = [_overlap(held_out, chances, threshold) for threshold in _GRID]
    near = [one.f1 for one in found if _ABOUT[0] <= one.count_ratio <= _ABOUT[1]]
    return float(np.mean(near)) if near else max(one.f1 for one in found)


def _overlap(
    held_out: Sequence[HeldOut], chances: NDArray[np.float32], threshold: float
) -> Overlap:
    edges = np.cumsum([0] + [len(one.extents) for one in held_out])
    return Overlap.total(
        [
            partial_overlap(
                [
                    extent
                    for extent, chance in zip(one.extents, chances[low:high], strict=True)
                    if chance >= threshold
                ],
                one.gold,
            )
            for one, low, high in zip(held_out, edges[:-1], edges[1:], strict=True)
        ]
    )


def measured(
    held_out: Sequence[HeldOut],
    chances: NDArray[np.float32],
    scores: NDArray[np.float32],
    threshold: float,
    operating: Mapping[str, float],
) -> str:
    """Say how well a model does on the passages of outlets that it was not fitted on."""
    found = _overlap(held_out, chances, threshold)
    correct = np.concatenate([one.correct for one in held_out])
    label = np.concatenate([one.label for one in held_out])
    bins = np.minimum((scores * 10).astype(int), 9)
    gaps = [
        abs(float(scores[bins == at].sum()) - float(correct[bins == at].sum())) for at in range(10)
    ]
    lines = [
        f"On {len(held_out):,} passages of outlets not learned from: span F1 {found.f1:.3f} "
        f"(partial overlap; precision {found.precision:.3f}, recall {found.recall:.3f}, "
        f"{found.count_ratio:.2f} spans for one marked); calibration error "
        f"{sum(gaps) / max(len(scores), 1):.3f} over {len(scores):,} candidates. Right means "
        "the same label and half of the longer span shared. Per label, at its threshold:",
        "",
        "| label | threshold | spans | right |",
        "|---|---|---|---|",
    ]
    for number, name in enumerate(LABELS):
        shown = (label == number) & (scores >= np.float32(operating[name]))
        right = f"{correct[shown].mean():.2f}" if shown.any() else "–"
        lines.append(f"| {name} | {operating[name]:.2f} | {int(shown.sum()):,} | {right} |")
    return "\n".join(lines)


def operating_thresholds(
    held_out: Sequence[HeldOut], scores: NDArray[np.float32]
) -> dict[str, float]:
    """Return for each label the least score above which candidates are precise enough.

    A label with too few candidates to tell has the threshold of all labels together; one
    that is never precise enough by itself has the highest.
    """
    share = np.concatenate([one.share for one in held_out])
    label = np.concatenate([one.label for one in held_out])
    together = _precise_from(scores, share)
    thresholds = {}
    for number, name in enumerate(LABELS):
        own = label == number
        told_apart = int((scores[own] >= together).sum()) >= _FEWEST
        thresholds[name] = _precise_from(scores[own], share[own]) if told_apart else together
    return thresholds


def _precise_from(scores: NDArray[np.float32], share: NDArray[np.float64]) -> float:
    order = np.argsort(-scores, kind="stable")
    precision = np.cumsum(share[order]) / np.arange(1, len(order) + 1)
    precise = np.flatnonzero(precision >= _PRECISION_FIRST)
    if not len(precise) or precise[-1] < _FEWEST:
        return _HIGHEST
    return min(round(float(scores[order][precise[-1]]), 3), _HIGHEST)
