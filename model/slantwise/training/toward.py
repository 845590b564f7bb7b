"""Learning how a sentence speaks of somebody who is named in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from slantwise.features import TypeTable, TypeWeights, Vocabulary
from slantwise.layout import Layout, lay_out
from slantwise.text import Document
from slantwise.toward import Toward, windows
from slantwise.training.labeller import SpanInDocument
from slantwise.training.vectors import WordVectors, fit_head

_PART = "toward"


class TowardTarget(ClassifierMixin, BaseEstimator):
    """A multinomial logistic regression over the words around a naming, by side and distance.

    Parameters
    ----------
    vocabulary : Vocabulary
    words : TypeWeights, optional
        Vectors of words that a convolution has learned; they tell most.
    C : float
        Inverse strength of the L2 penalty.
    """

    def __init__(
        self, vocabulary: Vocabulary, words: TypeWeights | None = None, C: float = 0.02
    ) -> None:
        self.vocabulary = vocabulary
        self.words = words
        self.C = C

    def fit(self, X: Sequence[SpanInDocument], y: ArrayLike) -> Self:
        """Fit to namings (document, start, end), in code points, and their polarities."""
        layout, first, last = _located(X)
        fitted = fit_head(
            WordVectors(self.vocabulary, self.words),
            layout,
            windows(layout, first, last),
            np.zeros((len(first), 0)),
            y,
            C=self.C,
        )
        self.classes_ = np.array(fitted.classes)
        self.type_weights_ = fitted.type_weights
        self.head_ = Toward(_PART, fitted.classes, fitted.constant.astype(np.float32))
        return self

    def predict_proba(self, X: Sequence[SpanInDocument]) -> NDArray[np.float64]:
        """Return the probability of each polarity, shape (n_namings, n_classes)."""
        check_is_fitted(self)
        layout, first, last = _located(X)
        types = TypeTable(self.vocabulary, {_PART: self.type_weights_}).look_up(layout.words)
        odds = self.head_.odds(types, layout, first, last)
        raised = np.exp(odds - odds.max(axis=1, keepdims=True, initial=-np.inf))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True))

    def predict(self, X: Sequence[SpanInDocument]) -> NDArray[np.generic]:
        """Return the likeliest polarity of each naming."""
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])


def _located(
    namings: Sequence[SpanInDocument],
) -> tuple[Layout, NDArray[np.int64], NDArray[np.int64]]:
    """Lay out the documents, each once, and find the tokens that name."""
    documents: dict[int, Document] = {id(document): document for document, _, _ in namings}
    order = {key: number for number, key in enumerate(documents)}
    layout = lay_out(list(documents.values()))
    ranges = np.zeros((len(namings), 2), dtype=np.int64)
    for number, (document, start, end) in enumerate(namings):
        first, last = document.tokens.covering(start, end)
        if last <= first:
            raise ValueError(f"no token lies in {start}–{end} of {document.text[:40]!r}…")
        ranges[number] = layout.token_edges[order[id(document)]] + np.array([first, last])
    return layout, ranges[:, 0], ranges[:, 1]
