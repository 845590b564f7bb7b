"""Learning where loaded spans begin and end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from slantwise.features import TypeTable, TypeWeights, Vocabulary
from slantwise.layout import Layout, lay_out, shifted
from slantwise.sequence import Chain
from slantwise.tagger import Tagger, context_features
from slantwise.text import Document
from slantwise.training.crf import Expected, Sequences, fit_field, states_of, window_masks
from slantwise.training.design import type_design

Extent = tuple[int, int]
_MEAN = 1  # column of a candidate's certainty: the mean of its tokens


@dataclass(frozen=True)
class Taught:
    """Documents, and a teacher's log scores of the states of their tokens."""

    documents: Sequence[Document]
    emission: NDArray[np.float32]  # (n_tokens, N_STATES), documents end to end
    chain: Chain

    def expected(self) -> Expected:
        """Return how likely the teacher finds each state."""
        return Expected.taught(self.emission, self.chain, lay_out(self.documents).lengths)


class SpanTagger(BaseEstimator):
    """A conditional random field over the word types around a token.

    Parameters
    ----------
    vocabulary : Vocabulary
        Words and their vectors.
    tone : TypeWeights
        One column: how much a word speaks for a biased sentence.
    offsets : tuple of int
        Neighbours whose words count.
    inner : int
        Neighbours up to here count with stem, suffix, shape and vector too.
    alpha : float
        Strength of the L2 penalty.
    max_iter : int
        L-BFGS iterations; stopping early regularises further.
    min_count : int
        Words, stems and suffixes seen less often get no weight of their own.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        tone: TypeWeights,
        offsets: tuple[int, ...] = (-3, -2, -1, 0, 1, 2, 3),
        inner: int = 1,
        alpha: float = 2.0,
        max_iter: int = 60,
        min_count: int = 2,
    ) -> None:
        self.vocabulary = vocabulary
        self.tone = tone
        self.offsets = offsets
        self.inner = inner
        self.alpha = alpha
        self.max_iter = max_iter
        self.min_count = min_count

    def fit(
        self,
        X: Sequence[Document],
        y: Sequence[Sequence[Extent]],
        taught: Taught | None = None,
    ) -> Self:
        """Fit to documents and the code-point ranges of their loaded spans.

        Parameters
        ----------
        X, y : sequence of Document, sequence of sequences of (start, end)
        taught : Taught, optional
            Further documents, and what a teacher thinks of them (Hinton, Vinyals and
            Dean, "Distilling the knowledge in a neural network", 2015).
        """
        if isinstance(X, str):
            raise ValueError("Got one string where a sequence of documents is needed")
        lengths = lay_out(X).lengths
        states = [_states(document, spans) for document, spans in zip(X, y, strict=True)]
        wanted = Expected.certain(np.concatenate(states), lengths)
        if taught is not None:
            X = [*X, *taught.documents]
            wanted = wanted + taught.expected()
        layout, types, inverse = _types(X)
        analysis = self.vocabulary.analyse(types)
        design = type_design(
            self.vocabulary, analysis, np.bincount(inverse, minlength=len(types)), self.min_count
        )
        table = TypeTable(self.vocabulary, {"tone": self.tone})
        context = context_features(table.look_up(layout.words), layout, quoted_tokens(X))
        # Row 0 of the table is the void; design rows start at the first type.
        at_offset = [
            one_hot(shifted(inverse + 1, layout, offset) - 1, len(types)) for offset in self.offsets
        ]
        field = fit_field(
            design,
            Sequences(at_offset, sp.csr_matrix(context), layout.lengths),
            wanted,
            window_masks(design, self.offsets, self.inner),
            alpha=self.alpha,
            max_iter=self.max_iter,
        )
        window = field.window.transpose(1, 0, 2).reshape(design.n_features, -1)
        self.weights_ = design.type_weights(window)
        self.tagger_ = Tagger(self.offsets, field.context.astype(np.float32), field.chain)
        return self

    def predict(self, X: Sequence[Document]) -> list[list[Extent]]:
        """Return the code-point ranges in each document that are rather loaded than not."""
        check_is_fitted(self)
        layout = lay_out(X)
        found = self.tagger_.candidates(self._emissions(X, layout), layout)
        return [
            [
                (
                    int(document.tokens.start[first - edge]),
                    int(document.tokens.end[last - edge - 1]),
                )
                for first, last, certainty in zip(
                    found.first, found.last, found.certainty, strict=True
                )
                if certainty[_MEAN] >= 0.5 and edge <= first < edge + len(document.tokens)
            ]
            for document, edge in zip(X, layout.token_edges, strict=False)
        ]

    def _emissions(self, documents: Sequence[Document], layout: Layout) -> NDArray[np.float32]:
        table = TypeTable(self.vocabulary, {"span": self.weights_, "tone": self.tone})
        return self.tagger_.emissions(table.look_up(layout.words), layout, quoted_tokens(documents))


def quoted_tokens(documents: Sequence[Document]) -> NDArray[np.bool_]:
    """Return whether each token of the laid-out documents stands in quotation marks."""
    from slantwise.voice import find_voices

    flags = []
    for document in documents:
        inside = np.zeros(len(document.tokens), dtype=bool)
        for quotation in find_voices(document).quotations:
            first, last = document.tokens.covering(quotation.start, quotation.end)
            inside[first:last] = True
        flags.append(inside)
    return np.concatenate(flags) if flags else np.zeros(0, dtype=bool)


def one_hot(column: NDArray[np.integer], n_columns: int) -> sp.csr_matrix:
    """Return the indicator matrix of shape (len(column), n_columns); -1 gives an empty row."""
    rows = np.flatnonzero(column >= 0)
    return sp.csr_matrix((np.ones(len(rows)), (rows, column[rows])), shape=(len(column), n_columns))


def _types(documents: Sequence[Document]) -> tuple[Layout, list[str], NDArray[np.int64]]:
    layout = lay_out(documents)
    index: dict[str, int] = {}
    inverse = np.array([index.setdefault(word, len(index)) for word in layout.words])
    return layout, list(index), inverse


def _states(document: Document, spans: Sequence[Extent]) -> NDArray[np.int8]:
    covered = [document.tokens.covering(start, end) for start, end in spans]
    return states_of([(a, b) for a, b in covered if b > a], len(document.tokens))
