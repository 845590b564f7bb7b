"""Whose image a span affects, and how.

Every mention near a span, and nobody at all, compete for it: a conditional
logit over a few figures of span and mention (McFadden, "Conditional logit
analysis of qualitative choice behavior", 1974). Where a span's words point,
back to a doer or on to whoever is hit, is told by a classifier of its words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slantwise.features import TypeRows
from slantwise.labeller import SpanHead, View
from slantwise.layout import Layout
from slantwise.rivals import AIMS, TargetSpans, choices_of, mentions_of


@dataclass(frozen=True, slots=True)
class TargetFinder:
    """Weights of a fitted :class:`slantwise.training.targets.TargetRanker`."""

    weights: NDArray[np.float32]  # (len(FIGURES),)
    aim: SpanHead
    valence: SpanHead
    valence_of_label: NDArray[np.float32]  # (len(LABELS), n_valences), log odds against the whole

    def find(
        self, types: TypeRows, layout: Layout, spans: TargetSpans
    ) -> tuple[list[tuple[int, int] | None], list[str | None]]:
        """Return the tokens that name the target of each span, if any, and the valence."""
        if not len(spans.extents):
            return [], []
        mentions = mentions_of(types, layout, spans.extents)
        view = View.of(types, layout, spans.extents)
        aims = in_order(self.aim.seen(view), self.aim.classes)
        choices = choices_of(types, layout, spans, mentions, aims)
        edges = choices.edges
        odds = choices.odds(self.weights)
        best = np.flatnonzero(odds == np.maximum.reduceat(odds, edges)[choices.span])
        best = best[np.searchsorted(best, edges)]  # of equals the first
        targets = [None if at < 0 else mentions.extent(at) for at in choices.mention[best].tolist()]
        chances = self.valence.seen(view)
        polarity = (np.log(chances) + self.valence_of_label[spans.label]).argmax(axis=1)
        valence = [
            None if target is None else self.valence.classes[at]
            for target, at in zip(targets, polarity, strict=True)
        ]
        return targets, valence


def in_order(chances: NDArray[np.float64], classes: Sequence[str]) -> NDArray[np.float64]:
    """Return chances in the order of ``AIMS``; what was never learned has none."""
    ordered = np.zeros((len(chances), len(AIMS)))
    ordered[:, [AIMS.index(name) for name in classes]] = chances
    return ordered
