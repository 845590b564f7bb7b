"""Whose image a span affects, and how.

Every mention near a span, and nobody at all, compete for it: a conditional
logit over a few figures of span and mention (McFadden, "Conditional logit
analysis of qualitative choice behavior", 1974). Where a span's words point,
back to a doer or on to whoever is hit, is told by a classifier of its words. Another
tells from its words whether it shows somebody negatively, positively, or concerns nobody;
what both say, label and voice are weighed against each other at the end (stacking:
Wolpert, "Stacked generalization", Neural Networks 5, 1992).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slantwise.features import TypeRows
from slantwise.labeller import SpanHead, View
from slantwise.layout import Layout
from slantwise.mentions import Mentions
from slantwise.records import LABELS, VALENCES, VOICES
from slantwise.rivals import AIMS, Choices, TargetSpans, choices_of, mentions_of

OUTCOMES = (*VALENCES, "none")  # in the order of a decision's columns
EVIDENCE = (
    "constant",
    *(f"words {outcome}" for outcome in OUTCOMES),
    "nobody chosen",
    *(f"label {label}" for label in LABELS),
    *(f"voice {voice}" for voice in VOICES),
)
_LEAST = 1e-4
_NONE = OUTCOMES.index("none")


@dataclass(frozen=True, slots=True)
class TargetFinder:
    """Weights of a fitted :class:`slantwise.training.targets.TargetRanker`."""

    weights: NDArray[np.float32]  # (len(FIGURES),)
    aim: SpanHead
    valence: SpanHead
    valence_of_label: NDArray[np.float32]  # (len(LABELS), n_valences), log odds against the whole
    decision: NDArray[np.float32] | None = None  # (len(EVIDENCE), len(OUTCOMES)); None: older file

    def find(
        self, types: TypeRows, layout: Layout, spans: TargetSpans
    ) -> tuple[list[tuple[int, int] | None], list[str | None]]:
        """Return the tokens that name the target of each span, if any, and the valence."""
        targets, valences, _ = self.find_named(types, layout, spans)
        return targets, valences

    def find_named(
        self, types: TypeRows, layout: Layout, spans: TargetSpans
    ) -> tuple[list[tuple[int, int] | None], list[str | None], Mentions | None]:
        """Return the same, and all who are named in documents that have spans."""
        if not len(spans.extents):
            return [], [], None
        mentions = mentions_of(types, layout, spans.extents)
        view = View.of(types, layout, spans.extents)
        aims = in_order(self.aim.seen(view), self.aim.classes)
        choices = choices_of(types, layout, spans, mentions, aims)
        odds = choices.odds(self.weights)
        chances = self.valence.seen(view)
        if self.decision is None:
            best = likeliest(choices, odds)
            polarity = (np.log(chances) + self.valence_of_label[spans.label]).argmax(axis=1)
            names: Sequence[str] = self.valence.classes
        else:
            polarity = (
                evidence_of(chances, self.valence, choices, odds, spans) @ self.decision
            ).argmax(axis=1)
            best = likeliest(choices, odds, named=polarity != _NONE)
            names = OUTCOMES
        mention = choices.mention[best]
        if self.decision is not None:
            mention = np.where(polarity == _NONE, -1, mention)
        targets = [None if at < 0 else mentions.extent(at) for at in mention.tolist()]
        valence = [
            None if target is None else names[at]
            for target, at in zip(targets, polarity.tolist(), strict=True)
        ]
        return targets, valence, mentions


def likeliest(
    choices: Choices, odds: NDArray[np.float64], named: NDArray[np.bool_] | None = None
) -> NDArray[np.int64]:
    """Return the likeliest choice of each span, of equals the first, shape (n_spans,).

    Parameters
    ----------
    odds : ndarray of shape (n_choices,)
    named : ndarray of shape (n_spans,), optional
        Which spans concern somebody, so that nobody is chosen only where nobody is named.
    """
    edges = choices.edges
    if named is not None:
        odds = np.where((choices.mention < 0) & named[choices.span], -1e9, odds)
    best = np.flatnonzero(odds == np.maximum.reduceat(odds, edges)[choices.span])
    return np.asarray(best[np.searchsorted(best, edges)])


def evidence_of(
    chances: NDArray[np.float64],
    head: SpanHead,
    choices: Choices,
    odds: NDArray[np.float64],
    spans: TargetSpans,
) -> NDArray[np.float64]:
    """Return ``EVIDENCE`` of each span, shape (n_spans, len(EVIDENCE)).

    Parameters
    ----------
    chances : ndarray of shape (n_spans, len(head.classes))
        What the words of each span say.
    odds : ndarray of shape (n_choices,)
    """
    words = np.full((len(chances), len(OUTCOMES)), np.log(_LEAST))
    words[:, [OUTCOMES.index(name) for name in head.classes]] = np.log(np.maximum(chances, _LEAST))
    edges = choices.edges
    raised = np.exp(odds - np.maximum.reduceat(odds, edges)[choices.span])
    nobody = np.clip(raised[edges] / np.add.reduceat(raised, edges), _LEAST, 1 - _LEAST)
    return np.column_stack(
        [
            np.ones(len(chances)),
            words,
            np.log(nobody / (1 - nobody)),
            np.eye(len(LABELS))[spans.label],
            np.eye(len(VOICES))[spans.extents.voice],
        ]
    )


def in_order(chances: NDArray[np.float64], classes: Sequence[str]) -> NDArray[np.float64]:
    """Return chances in the order of ``AIMS``; what was never learned has none."""
    ordered = np.zeros((len(chances), len(AIMS)))
    ordered[:, [AIMS.index(name) for name in classes]] = chances
    return ordered
