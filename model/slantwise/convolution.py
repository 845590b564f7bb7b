"""A small convolution over word types: how `fast` reads a token in its context.

Each word type has a short vector, analysed once and then looked up; a few layers add up
the vectors around a token and of its sentence (Collobert et al., "Natural language
processing (almost) from scratch", JMLR 2011). It learned from what larger networks answer
of unlabelled articles, which is how it knows words that no labelled passage holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slantwise.answers import log_chances
from slantwise.features import product
from slantwise.layout import Layout, sentence_means
from slantwise.spread import Spread

PART = "context"  # of the type table: the vectors of the words
FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Layer:
    """One convolution: what the tokens around one say, those before it first."""

    matrix: FloatArray  # (width * n_in, n_out)
    bias: FloatArray  # (n_out,)

    def width(self, n_in: int) -> int:
        """Return how many tokens are read at once, an odd number."""
        return len(self.matrix) // n_in


@dataclass(frozen=True, eq=False)
class Convolution:
    """Weights of a fitted network, as the teacher's recipe writes them.

    Parameters
    ----------
    quoted : ndarray of shape (n_columns,)
        Added to the vector of a word between quotation marks.
    sentence : ndarray of shape (n_columns, n_hidden)
        What the sentence as a whole adds to the first layer.
    layers : tuple of Layer
        Each but the first is added to what came before it.
    head : Layer
        From the last layer and the word's own vector to the logits of ``ANSWERS``.
    """

    quoted: FloatArray
    sentence: FloatArray
    layers: tuple[Layer, ...]
    head: Layer

    def arrays(self) -> dict[str, FloatArray]:
        """Return the weights by name, as a model file keeps them."""
        named = {"quoted": self.quoted, "sentence": self.sentence}
        for number, layer in enumerate((self.head, *self.layers)):
            named |= {f"{number}.matrix": layer.matrix, f"{number}.bias": layer.bias}
        return named

    @classmethod
    def of_arrays(cls, named: Mapping[str, FloatArray]) -> Convolution:
        """Take the weights from what :meth:`arrays` returned."""
        head, *layers = (
            Layer(named[f"{number}.matrix"], named[f"{number}.bias"])
            for number in range((len(named) - 2) // 2)
        )
        return cls(named["quoted"], named["sentence"], tuple(layers), head)

    def read(self, spread: Spread) -> FloatArray:
        """Return what is answered of every token, shape (n_tokens, len(ANSWERS))."""
        types, layout = spread.types, spread.layout
        vectors = types.columns(PART)[types.row]
        vectors[spread.quoted()] += self.quoted
        silent = ~spread.scored  # boilerplate says nothing of the words beside it
        vectors[silent] = 0
        whole = product(sentence_means(vectors, layout).astype(np.float32), self.sentence)
        hidden = vectors
        for number, layer in enumerate(self.layers):
            heard = _convolved(hidden, layer, layout)
            if number == 0:
                heard += whole[layout.token_sentence]
            np.maximum(heard, 0, out=heard)
            if number:
                heard += hidden
            heard[silent] = 0
            hidden = heard
        both = np.hstack([hidden, vectors])
        return log_chances(product(both, self.head.matrix) + self.head.bias)


def _convolved(values: FloatArray, layer: Layer, layout: Layout) -> FloatArray:
    """Return what a layer hears at each token; beyond a document's ends there is silence."""
    if not len(values):
        return np.zeros((0, len(layer.bias)), dtype=np.float32)
    n_in = values.shape[1]
    width = layer.width(n_in)
    half = width // 2
    sizes = np.diff(layout.token_edges)
    at = np.arange(len(values)) + half * (1 + np.repeat(np.arange(len(sizes)), sizes))
    padded = np.zeros((len(values) + half * (len(sizes) + 1), n_in), dtype=np.float32)
    padded[at] = values
    # Row i holds the tokens from i on, one after another, without copying any.
    windows = np.lib.stride_tricks.sliding_window_view(padded.ravel(), width * n_in)[::n_in]
    heard = product(windows, layer.matrix)
    return np.asarray(heard[at - half] + layer.bias)
