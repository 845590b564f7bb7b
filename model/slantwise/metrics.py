"""How well predicted spans match gold spans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Extent = tuple[int, int]


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


def partial_overlap(predicted: Sequence[Extent], gold: Sequence[Extent]) -> Overlap:
    """Return the partial overlap of the spans of one article.

    Da San Martino et al., "Fine-grained analysis of propaganda in news
    articles" (EMNLP 2019), section 5, equations 1 to 3, without labels: every
    pair that overlaps adds its overlap over the length of the predicted span
    to precision and over that of the gold span to recall.

    >>> partial_overlap([(0, 10)], [(5, 15)]).f1
    0.5
    """
    precision_sum = recall_sum = 0.0
    for start, end in predicted:
        for gold_start, gold_end in gold:
            shared = min(end, gold_end) - max(start, gold_start)
            if shared > 0:
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
