"""Learning how biased the wording of a sentence is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_is_fitted

from slantwise.features import Vocabulary
from slantwise.text import tokenize
from slantwise.training.design import type_design


class SentenceBias(ClassifierMixin, BaseEstimator):
    """A logistic regression over the word types of a sentence.

    A sentence is the sum of its analysed word types over the square root of
    its length, so that a fitted model is one number per word type.

    Parameters
    ----------
    vocabulary : Vocabulary
    C : float
        Inverse strength of the L2 penalty.
    max_iter : int
    """

    def __init__(self, vocabulary: Vocabulary, C: float = 0.3, max_iter: int = 300) -> None:
        self.vocabulary = vocabulary
        self.C = C
        self.max_iter = max_iter

    def fit(
        self,
        X: Sequence[str],
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Fit to sentences of shape (n_sentences,) and their labels, 0 or 1."""
        index: dict[str, int] = {}
        bags = _bags(X, index)
        analysis = self.vocabulary.analyse(list(index))
        design = type_design(
            self.vocabulary, analysis, np.asarray(bags.sign().sum(axis=0)).ravel(), min_count=3
        )
        model = LogisticRegression(C=self.C, max_iter=self.max_iter)
        model.fit(design.examples([bags]), y, sample_weight=sample_weight)
        self.classes_ = model.classes_
        self.type_weights_ = design.type_weights(model.coef_.T)
        self.intercept_ = model.intercept_
        return self

    def decision_function(self, X: Sequence[str]) -> NDArray[np.float64]:
        """Return the log odds of bias, shape (n_sentences,)."""
        check_is_fitted(self)
        index: dict[str, int] = {}
        bags = _bags(X, index)
        columns = self.type_weights_.fold(
            self.vocabulary.analyse(list(index)), self.vocabulary.vectors
        )
        return np.asarray(bags @ columns[:, 0] + self.intercept_[0], dtype=np.float64)

    def predict_proba(self, X: Sequence[str]) -> NDArray[np.float64]:
        """Return probabilities of shape (n_sentences, 2)."""
        biased = 1 / (1 + np.exp(-self.decision_function(X)))
        return np.column_stack([1 - biased, biased])

    def predict(self, X: Sequence[str]) -> NDArray[np.generic]:
        """Return the likelier class of each sentence."""
        positive = self.decision_function(X) > 0
        return np.asarray(self.classes_[positive.astype(int)])


def _bags(sentences: Sequence[str], index: dict[str, int]) -> sp.csr_matrix:
    """Return the weight of each word type in each sentence, shape (n_sentences, n_types)."""
    if isinstance(sentences, str):
        raise ValueError("Got one string where a sequence of sentences is needed: pass [text]")
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for row, sentence in enumerate(sentences):
        words = tokenize(sentence).words
        columns += [index.setdefault(word, len(index)) for word in words]
        rows += [row] * len(words)
        values += [1 / max(len(words), 1) ** 0.5] * len(words)
    return sp.csr_matrix((values, (rows, columns)), shape=(len(sentences), len(index)))
