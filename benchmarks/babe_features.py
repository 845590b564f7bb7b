"""What an embedded model knows of BABE's sentences, before anything is fitted to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from benchmarks.corpora.babe import Sentence, biased_ranges, token_flags
from slantwise.answers import ANSWERS
from slantwise.encoder import Encoder
from slantwise.features import TypeRows
from slantwise.model import FramingModel
from slantwise.sequence import OUTSIDE, forward_backward, steps
from slantwise.tagger import context_features
from slantwise.text import Document, read_document
from slantwise.training.design import TypeDesign, type_design

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]
_TOP = 3  # likeliest words of a sentence


@dataclass(frozen=True)
class Heard:
    """What one reader says of every token, in log odds."""

    loaded: NDArray[np.floating]  # (n_tokens,)
    bias: NDArray[np.floating]

    @classmethod
    def of(cls, answers: NDArray[np.float32]) -> Heard:
        """Take it from a reader's answers, shape (n_tokens, len(ANSWERS))."""
        outside, begin, inside, bias = (
            answers[:, ANSWERS.index(name)] for name in ("outside", "begin", "inside", "bias")
        )
        return cls(np.logaddexp(begin, inside) - outside, bias)


def answers_of_readers(types: TypeRows) -> list[NDArray[np.float32]]:
    """Return the answers of each reader of a model; of one without readers none."""
    if types.answers is None:
        return []
    return np.split(types.answers, types.answers.shape[1] // len(ANSWERS), axis=1)


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
        heard = [Heard.of(answers) for answers in answers_of_readers(types)]
        self.context = np.column_stack(
            [
                context_features(types, self.layout, quoted),
                types.columns("opinion")[types.row],
                log_odds(self.loaded),
                *(one.loaded for one in heard),
            ]
        ).astype(np.float64)
        index: dict[str, int] = {}
        self.type_of = np.array([index.setdefault(word, len(index)) for word in self.layout.words])
        self._analysis = model.vocabulary.analyse(list(index))
        edges = self.layout.token_edges
        self.document_of = np.repeat(np.arange(len(self.documents)), np.diff(edges))
        both = [types.columns(part)[types.row, 0] for part in ("bias", "opinion")]
        self.odds = np.column_stack(
            [self._means(values, 0.5) for values in both]
            + [self._means(one.bias, 1.0) for one in heard]
        )
        states = [one.states(self.documents) for one in model.readers if isinstance(one, Encoder)]
        self.states = (
            np.column_stack([self._means(values, 1.0) for values in states[0].T])
            if states
            else np.zeros((len(self.documents), 0))
        )

    def _means(self, values: NDArray[np.floating], power: float) -> Floats:
        """Return the sum of a value over each sentence, divided by its length to ``power``."""
        size = np.maximum(np.diff(self.layout.token_edges), 1)
        return np.bincount(self.document_of, values, len(size)) / size**power

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
