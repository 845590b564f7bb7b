"""What an embedded model knows of BABE's sentences, before anything is fitted to them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from benchmarks.corpora.babe import Sentence, biased_ranges, token_flags
from slantwise.model import FramingModel
from slantwise.sequence import OUTSIDE, forward_backward, steps
from slantwise.tagger import context_features
from slantwise.text import Document, read_document
from slantwise.training.design import TypeDesign, type_design

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]
_TOP = 3  # likeliest words of a sentence


class Features:
    """Sentences with what an embedded model knows of them, computed once for all splits.

    Parameters
    ----------
    model : FramingModel
    sentences : sequence of Sentence
    """

    def __init__(self, model: FramingModel, sentences: Sequence[Sentence]) -> None:
        self.sentences = list(sentences)
        self.documents: list[Document] = [read_document(one.text, unscored=()) for one in sentences]
        self.biased = np.array([one.biased for one in sentences])
        self.biased_tokens = [
            token_flags(document.tokens, biased_ranges(one))
            for document, one in zip(self.documents, sentences, strict=True)
        ]
        self._vocabulary = model.vocabulary
        spread = model.spread(self.documents)
        self.layout, types, quoted = spread.layout, spread.types, spread.quoted()
        emission = model.tagger.emissions(types, self.layout, quoted)
        posterior = forward_backward(emission, model.tagger.chain, steps(self.layout.lengths))
        self.loaded = 1 - posterior.state[:, OUTSIDE].astype(np.float64)
        self.context = np.column_stack(
            [
                context_features(types, self.layout, quoted),
                types.columns("opinion")[types.row],
                log_odds(self.loaded),
            ]
        ).astype(np.float64)
        index: dict[str, int] = {}
        self.type_of = np.array([index.setdefault(word, len(index)) for word in self.layout.words])
        self._analysis = model.vocabulary.analyse(list(index))
        edges = self.layout.token_edges
        self.document_of = np.repeat(np.arange(len(self.documents)), np.diff(edges))
        both = [types.columns(part)[types.row, 0] for part in ("bias", "opinion")]
        size = np.maximum(np.diff(edges), 1)
        self.odds = np.column_stack(
            [np.bincount(self.document_of, values, len(size)) / size**0.5 for values in both]
        )

    @cached_property
    def flags(self) -> NDArray[np.bool_]:
        """Whether each token of the layout is a biased word."""
        return np.concatenate(self.biased_tokens)

    def tokens_of(self, rows: Rows) -> Rows:
        """Return the layout's tokens of some sentences, in their order."""
        edges = self.layout.token_edges
        return np.concatenate([np.arange(edges[at], edges[at + 1]) for at in rows])

    def per_sentence(self, values: Floats, rows: Rows) -> list[Floats]:
        """Cut values of the tokens of some sentences at the ends of the sentences."""
        sizes = np.diff(self.layout.token_edges)[rows]
        return np.split(values, np.cumsum(sizes)[:-1])

    def design(self, rows: Rows, min_count: int) -> TypeDesign:
        """Return the design of the word types, indicators counted in some sentences."""
        counts = np.bincount(self.type_of[self.tokens_of(rows)], minlength=len(self._analysis))
        return type_design(self._vocabulary, self._analysis, counts, min_count)

    def bags(self) -> sp.csr_matrix:
        """Return the weight of each word type in each sentence, shape (n_sentences, n_types)."""
        size = np.maximum(np.diff(self.layout.token_edges), 1)
        weight = 1 / np.sqrt(size)[self.document_of]
        shape = (len(size), len(self._analysis))
        return sp.csr_matrix((weight, (self.document_of, self.type_of)), shape=shape)


def summary(values: Floats) -> list[float]:
    """Return log odds of the likeliest token and of the mean of the likeliest, and the sum."""
    top = np.sort(values)[::-1][:_TOP]
    return [
        float(log_odds(top[:1])[0]),
        float(log_odds(top).mean()),
        float(np.log(values.sum() + 1e-3)),
    ]


def log_odds(chances: Floats) -> Floats:
    """Return log odds, at most about 7 either way."""
    clipped = np.clip(chances, 1e-3, 1 - 1e-3)
    return np.asarray(np.log(clipped / (1 - clipped)))
