"""Learning what a span does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_is_fitted

from slantwise.features import TypeTable, Vocabulary
from slantwise.labeller import ROLES, Extents, SpanHead, extents_of, roles, span_figures
from slantwise.layout import Layout, lay_out
from slantwise.text import Document
from slantwise.training.design import TypeDesign, type_design
from slantwise.voice import Voices, find_voices

SpanInDocument = tuple[Document, int, int]


class SpanClassifier(ClassifierMixin, BaseEstimator):
    """A multinomial logistic regression over the word types in and around a span.

    Parameters
    ----------
    vocabulary : Vocabulary
    C : float
        Inverse strength of the L2 penalty.
    max_iter : int
    part : str
        Name of its columns in the type table at run time.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        C: float = 0.1,
        max_iter: int = 400,
        part: str = "label",
    ) -> None:
        self.vocabulary = vocabulary
        self.C = C
        self.max_iter = max_iter
        self.part = part

    def fit(
        self,
        X: Sequence[SpanInDocument],
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        voices: Mapping[int, Voices] | None = None,
    ) -> Self:
        """Fit to spans (document, start, end), in code points, and their classes.

        Parameters
        ----------
        X, y : sequence of (Document, int, int), array-like of shape (n_spans,)
        sample_weight : array-like of shape (n_spans,), optional
        voices : mapping of int to Voices, optional
            Whose words the words of each document are, by its ``id``; found by rule unless
            given.
        """
        layout, extents = locate(X, voices)
        index: dict[str, int] = {}
        inverse = np.array([index.setdefault(word, len(index)) for word in layout.words])
        design = type_design(
            self.vocabulary,
            self.vocabulary.analyse(list(index)),
            np.bincount(inverse, minlength=len(index)),
        )
        matrix = _matrix(design, layout, extents, inverse).tocsc()
        # Most words stand in no span: fitting the columns that are used is ten times faster.
        used = np.flatnonzero(matrix.getnnz(axis=0))
        self.classes_ = np.unique(y)
        if len(self.classes_) == 1:  # a class that all share needs no weights
            self._export(np.zeros((1, matrix.shape[1])), np.zeros(1), design)
            return self
        model = LogisticRegression(C=self.C, max_iter=self.max_iter)
        model.fit(matrix[:, used].tocsr(), y, sample_weight=sample_weight)
        coefficients = np.zeros((len(model.coef_), matrix.shape[1]))
        coefficients[:, used] = model.coef_
        self._export(coefficients, model.intercept_, design)
        return self

    def predict_proba(self, X: Sequence[SpanInDocument]) -> NDArray[np.float64]:
        """Return class probabilities of shape (n_spans, n_classes)."""
        check_is_fitted(self)
        layout, extents = locate(X)
        table = TypeTable(self.vocabulary, {self.part: self.type_weights_})
        return self.head_.probabilities(table.look_up(layout.words), layout, extents)

    def predict(self, X: Sequence[SpanInDocument]) -> NDArray[np.generic]:
        """Return the likeliest class of each span."""
        likeliest = self.predict_proba(X).argmax(axis=1)
        return np.asarray(self.classes_[likeliest])

    def _export(
        self,
        coefficients: NDArray[np.float64],
        intercept: NDArray[np.float64],
        design: TypeDesign,
    ) -> None:
        if len(self.classes_) == 2:  # the library keeps one row for two classes
            coefficients = np.vstack([np.zeros_like(coefficients), coefficients])
            intercept = np.array([0.0, intercept[0]])
        split = len(ROLES) * design.n_features
        by_role = coefficients[:, :split].reshape(len(self.classes_), len(ROLES), -1)
        self.type_weights_ = design.type_weights(
            by_role.transpose(2, 1, 0).reshape(design.n_features, -1)
        )
        figures = coefficients[:, split:].T.copy()
        figures[0] += intercept
        self.head_ = SpanHead(
            self.part, tuple(str(name) for name in self.classes_), figures.astype(np.float32)
        )


def _matrix(
    design: TypeDesign, layout: Layout, extents: Extents, inverse: NDArray[np.integer]
) -> sp.csr_matrix:
    counts = []
    for role in roles(layout, extents):
        spans, tokens, weights = role.members()
        counts.append(
            sp.csr_matrix(
                (weights, (spans, inverse[tokens])), shape=(len(extents), design.sparse.shape[0])
            )
        )
    figures = sp.csr_matrix(span_figures(layout, extents))
    return sp.hstack([design.examples(counts), figures], format="csr")


def locate(
    spans: Sequence[SpanInDocument], voices: Mapping[int, Voices] | None = None
) -> tuple[Layout, Extents]:
    """Lay out the documents of spans, each once, and find the tokens of the spans."""
    documents: dict[int, Document] = {id(document): document for document, _, _ in spans}
    order = {key: number for number, key in enumerate(documents)}
    layout = lay_out(list(documents.values()))
    if voices is None:
        voices = {key: find_voices(document) for key, document in documents.items()}
    ranges, names = [], []
    for document, start, end in spans:
        edge = int(layout.token_edges[order[id(document)]])
        first, last = document.tokens.covering(start, end)
        if last <= first:
            raise ValueError(f"No token lies in span {start}–{end} of {document.text[:40]!r}…")
        ranges.append((edge + first, edge + last))
        names.append(voices[id(document)].at(start, end)[0])
    return layout, extents_of(layout, ranges, names)
