"""Heads over the vectors of words: few weights, so that little text teaches them much.

Where a convolution has taught words what they do in loaded sentences, its vectors tell
more of a word that was rarely seen than any weight of its own could.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.linear_model import LogisticRegression

from slantwise.features import SHAPES, TypeWeights, Vocabulary
from slantwise.labeller import Role
from slantwise.layout import Layout

_SPREAD = 0.3  # standard deviation that every figure is brought to, so that one C fits all


@dataclass(frozen=True)
class WordVectors:
    """What is known of a word as one vector: by the company it keeps, and by a convolution.

    Parameters
    ----------
    vocabulary : Vocabulary
    learned : TypeWeights, optional
        The vectors that a convolution reads.
    """

    vocabulary: Vocabulary
    learned: TypeWeights | None = None

    def of(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of words, shape (n_words, n_dimensions)."""
        analysis = self.vocabulary.analyse(words)
        vectors = self.vocabulary.vectors[analysis.word]
        if self.learned is None:
            return vectors
        return np.hstack([self.learned.fold(analysis, self.vocabulary.vectors), vectors])

    def type_weights(self, weights: NDArray[np.floating]) -> TypeWeights:
        """Turn weights of the dimensions, (n_dimensions, n_columns), into those of word types."""
        weights = weights.astype(np.float32)
        n_own = self.vocabulary.vectors.shape[1]
        of_learned, of_own = weights[:-n_own], weights[len(weights) - n_own :]
        if self.learned is None:
            sizes = (self.vocabulary.words, self.vocabulary.stems, self.vocabulary.suffixes, SHAPES)
            word, stem, suffix, shape = (
                np.zeros((len(one), weights.shape[1]), dtype=np.float32) for one in sizes
            )
            return TypeWeights(word, stem, suffix, shape, of_own)
        word, stem, suffix, shape, vector = (
            getattr(self.learned, block) @ of_learned for block in TypeWeights.BLOCKS
        )
        return TypeWeights(word, stem, suffix, shape, vector + of_own)


@dataclass(frozen=True)
class FittedHead:
    """A multinomial logistic regression over word types that play roles, and figures."""

    classes: tuple[str, ...]
    type_weights: TypeWeights  # one column for each role and class
    figures: NDArray[np.float64]  # (n_figures, n_classes)
    constant: NDArray[np.float64]  # (n_classes,)


def fit_head(
    vectors: WordVectors,
    layout: Layout,
    roles: Sequence[Role],
    figures: NDArray[np.float64],
    y: ArrayLike,
    *,
    C: float,
    max_iter: int = 150,
) -> FittedHead:
    """Fit a head to what stands where.

    Parameters
    ----------
    vectors : WordVectors
    layout : Layout
    roles : sequence of Role
        Which tokens play each role for each example.
    figures : ndarray of shape (n_examples, n_figures)
    y : array of shape (n_examples,)
    C : float
        Inverse strength of the L2 penalty.
    """
    of_tokens = vectors.of(layout.words)
    blocks = [_sums(role, of_tokens) for role in roles]
    X = np.hstack([*blocks, figures]).astype(np.float32)
    scale = _SPREAD / np.maximum(X.std(axis=0), 1e-3)
    centre = X.mean(axis=0)
    classes = np.unique(np.asarray(y))
    if len(classes) < 2:  # a class that all share needs no weights
        coefficients, constant = np.zeros((1, X.shape[1])), np.zeros(1)
    else:
        model = LogisticRegression(C=C, max_iter=max_iter).fit((X - centre) * scale, y)
        coefficients = model.coef_ * scale
        constant = model.intercept_ - coefficients @ centre
    if len(classes) == 2:  # the library keeps one row for two classes
        coefficients = np.vstack([np.zeros_like(coefficients), coefficients])
        constant = np.array([0.0, constant[0]])
    split = X.shape[1] - figures.shape[1]
    by_role = coefficients[:, :split].reshape(len(classes), len(roles), -1)
    return FittedHead(
        tuple(str(name) for name in classes),
        vectors.type_weights(by_role.transpose(2, 1, 0).reshape(of_tokens.shape[1], -1)),
        coefficients[:, split:].T.copy(),
        constant,
    )


def _sums(role: Role, of_tokens: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the damped sum of the vectors of each range of tokens."""
    running = np.zeros((len(of_tokens) + 1, of_tokens.shape[1]))
    np.cumsum(of_tokens, axis=0, out=running[1:])
    last = np.maximum(role.last, role.first)
    size = np.maximum(last - role.first, 1)[:, None]
    return np.asarray((running[last] - running[role.first]) / np.sqrt(size), dtype=np.float32)
