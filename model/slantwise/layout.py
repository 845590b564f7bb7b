"""Many documents laid end to end, so that arrays serve them all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from slantwise.text import Document
from slantwise.words import UNMET


@dataclass(frozen=True)
class Layout:
    """Tokens and sentences of many documents.

    ``token_edges`` and ``sentence_edges`` have shape (n_documents + 1,): the
    tokens of document *i* are rows ``token_edges[i]`` to ``token_edges[i + 1]``.
    """

    words: list[str]  # (n_tokens,)
    number: NDArray[np.int32]  # (n_tokens,), of the word types; see `slantwise.words`
    lengths: NDArray[np.int64]  # (n_sentences,), tokens in each sentence
    token_edges: NDArray[np.int64]
    sentence_edges: NDArray[np.int64]

    def __reduce__(self) -> tuple[type[Layout], tuple[object, ...]]:
        """Leave out the numbers, which mean nothing to another process."""
        unmet = np.full_like(self.number, UNMET)
        return Layout, (self.words, unmet, self.lengths, self.token_edges, self.sentence_edges)

    @cached_property
    def token_sentence(self) -> NDArray[np.int64]:
        """The sentence of every token, shape (n_tokens,)."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

    @cached_property
    def sentence_starts(self) -> NDArray[np.int64]:
        """The first token of every sentence, shape (n_sentences,)."""
        return np.cumsum(self.lengths) - self.lengths

    def tokens_of(self, document: int) -> slice:
        """Rows of the tokens of one document."""
        return slice(int(self.token_edges[document]), int(self.token_edges[document + 1]))

    def part(self, first: int, last: int) -> Layout:
        """Return the layout of some of the documents, a half-open range."""
        sentences = slice(int(self.sentence_edges[first]), int(self.sentence_edges[last]))
        tokens = slice(int(self.token_edges[first]), int(self.token_edges[last]))
        return Layout(
            self.words[tokens],
            self.number[tokens],
            self.lengths[sentences],
            self.token_edges[first : last + 1] - self.token_edges[first],
            self.sentence_edges[first : last + 1] - sentences.start,
        )


def lay_out(documents: Sequence[Document]) -> Layout:
    """Lay documents end to end."""
    words: list[str] = []
    lengths = []
    for document in documents:
        words += document.tokens.words
        lengths.append(np.bincount(document.token_sentence, minlength=len(document.sentences)))
    return Layout(
        words,
        np.concatenate([np.zeros(0, np.int32), *(one.tokens.number for one in documents)]),
        np.concatenate(lengths) if lengths else np.zeros(0, dtype=np.int64),
        np.cumsum([0] + [len(document.tokens) for document in documents]),
        np.cumsum([0] + [len(document.sentences) for document in documents]),
    )


def shifted(rows: NDArray[np.integer], layout: Layout, offset: int) -> NDArray[np.integer]:
    """Return for each token the row ``offset`` tokens on; 0 (the void) beyond its sentence."""
    if offset == 0:
        return rows
    result = np.zeros_like(rows)
    ahead = abs(offset)
    if ahead >= len(rows):
        return result
    sentence = layout.token_sentence
    same = sentence[ahead:] == sentence[:-ahead]
    if offset > 0:
        result[:-ahead][same] = rows[ahead:][same]
    else:
        result[ahead:][same] = rows[:-ahead][same]
    return result


def sentence_means(
    values: NDArray[np.floating], layout: Layout, power: float = 0.5
) -> NDArray[np.floating]:
    """Return the sum of a value over each sentence, divided by its length to ``power``.

    Parameters
    ----------
    values : ndarray of shape (n_tokens, n_columns)
    power : float
        1 gives the mean; 0.5 keeps long sentences a little heavier, as a
        bag of words with unit length would.
    """
    if not len(layout.lengths):
        return np.zeros((0, values.shape[1]))
    total = np.add.reduceat(values, layout.sentence_starts, axis=0)
    return np.asarray(total / np.maximum(layout.lengths, 1)[:, None] ** power)
