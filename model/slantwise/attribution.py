"""How `fast` hears whose words are whose: a small network over word types and a chain.

A word's vector, what is known of it by itself and where it stands among quotation marks
pass through two convolutions, the second of which reads further apart; a linear chain then
decides where reported words begin and end (Huang, Xu and Yu, "Bidirectional LSTM-CRF models
for sequence tagging", 2015, with convolutions in place of the LSTM, after Strubell et al.,
"Fast and accurate entity recognition with iterated dilated convolutions", EMNLP 2017). It
learned from PolNeAR (Newell et al., LREC 2018).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slantwise.convolution import PART
from slantwise.draft import Draft
from slantwise.features import TypeRows, product
from slantwise.layout import Layout
from slantwise.pairing import Pairing
from slantwise.sequence import N_STATES, OUTSIDE, Chain, cut, state_chances, steps
from slantwise.traits import Traits

FloatArray = NDArray[np.float32]
Marks = tuple[NDArray[np.bool_], ...]
NEAR = (-2, -1, 0, 1, 2)  # what the first layer reads around a token
FAR = (-6, -3, 0, 3, 6)  # and the second
_TRAITS = 28
_REACH = max(FAR)  # tokens of silence between documents
_BLOCK = 256  # tokens that are heard at once
FIGURES = (
    *(f"trait {bit}" for bit in range(_TRAITS)),
    *("between marks", "opens a quotation", "closes a quotation", "before one", "after one"),
    *("in a short quotation", "in a middling quotation", "opens its sentence", "constant"),
)
_SHORT, _MIDDLING = 3, 7  # tokens of a quotation
_LAYERS = ("near", "far", "head")


@dataclass(frozen=True, slots=True)
class Layer:
    """What the tokens around one say, those before it first, or what comes of it."""

    matrix: FloatArray  # (n_tokens_read * n_in, n_out)
    bias: FloatArray  # (n_out,)


@dataclass(frozen=True, slots=True)
class Heard:
    """What is heard of every token, each of shape (n_tokens,)."""

    content: NDArray[np.float64]  # probability that it is somebody's words
    source: FloatArray  # log odds that it names who says them
    cue: FloatArray  # log odds that it says so


@dataclass(frozen=True, eq=False)
class Attributor:
    """Weights of a fitted :class:`slantwise.training.attribution.AttributionNetwork`.

    Parameters
    ----------
    figures : ndarray of shape (len(FIGURES), n_columns)
        Added to the vector of a word, which has as many columns.
    sentence : ndarray of shape (n_columns, n_hidden)
        What the sentence as a whole adds to the first layer.
    near, far : Layer
        Read ``NEAR`` and ``FAR``; the second is added to the first.
    head : Layer
        From the last layer and the word itself to outside, begin, inside, source and cue.
    chain : Chain
    pairing : Pairing
        Who says what was heard.
    """

    figures: FloatArray
    sentence: FloatArray
    near: Layer
    far: Layer
    head: Layer
    chain: Chain
    pairing: Pairing

    def arrays(self) -> dict[str, NDArray[np.floating]]:
        """Return the weights by name, as a model file keeps them."""
        named: dict[str, NDArray[np.floating]] = {
            "figures": self.figures,
            "sentence": self.sentence,
        }
        for name in _LAYERS:
            layer: Layer = getattr(self, name)
            named |= {f"{name}.matrix": layer.matrix, f"{name}.bias": layer.bias}
        named |= {"transition": self.chain.transition, "initial": self.chain.initial}
        return named | {"pairing": self.pairing.weights}

    @classmethod
    def of_arrays(cls, named: Mapping[str, NDArray[np.floating]]) -> Attributor:
        """Take the weights from what :meth:`arrays` returned."""
        own = {name: np.asarray(array) for name, array in named.items()}
        layers = {
            name: Layer(
                own[f"{name}.matrix"].astype(np.float32), own[f"{name}.bias"].astype(np.float32)
            )
            for name in _LAYERS
        }
        return cls(
            own["figures"].astype(np.float32),
            own["sentence"].astype(np.float32),
            layers["near"],
            layers["far"],
            layers["head"],
            Chain(own["transition"], own["initial"]),
            Pairing(own["pairing"]),
        )

    def hear(
        self, types: TypeRows, layout: Layout, marks: Marks, silent: NDArray[np.bool_]
    ) -> Heard:
        """Hear every token of documents.

        Parameters
        ----------
        types : TypeRows
        layout : Layout
        marks : Marks
            Where its tokens stand among quotation marks.
        silent : ndarray of shape (n_tokens,)
            Boilerplate, which says nothing of the words beside it.
        """
        n_tokens = len(silent)
        if not n_tokens:
            nothing = np.zeros(0, dtype=np.float32)
            return Heard(nothing.astype(np.float64), nothing, nothing)
        # Rows of a common sheet, with silence between documents: every layer is then a few
        # products of blocks that stay in the processor's cache.
        sizes = np.diff(layout.token_edges)
        row = np.arange(n_tokens) + _REACH * (1 + np.repeat(np.arange(len(sizes)), sizes))
        height = -(-(int(row[-1]) + 1) // _BLOCK) * _BLOCK + _BLOCK
        sheet = self._sheet(types, marks, silent, row, height)
        starts = layout.sentence_starts[layout.lengths > 0]
        lengths = layout.lengths[layout.lengths > 0].astype(np.float32)
        whole = np.zeros((len(starts) + 1, self.sentence.shape[1]), dtype=np.float32)
        # The silence behind a document's last sentence adds nothing to it.
        said = np.add.reduceat(product(sheet, self.sentence), row[starts], axis=0)
        np.divide(said, np.sqrt(lengths)[:, None], out=whole[1:])
        sentence = np.zeros(height, dtype=np.int64)
        sentence[row] = np.repeat(np.arange(len(starts)), lengths.astype(np.int64)) + 1
        sentence[row[silent]] = 0
        near = self._layer(sheet, self.near, NEAR, sentence, whole)
        both = self._layer(near, self.far, FAR, sentence)
        both += near
        told = self._told(both, sheet)[row]
        chances = state_chances(told[:, :N_STATES], self.chain, steps(cut(layout.lengths)))
        content = 1 - chances[:, OUTSIDE].astype(np.float64)
        return Heard(content, told[:, N_STATES], told[:, N_STATES + 1])

    def _sheet(
        self,
        types: TypeRows,
        marks: Marks,
        silent: NDArray[np.bool_],
        row: NDArray[np.int64],
        height: int,
    ) -> FloatArray:
        """Return the vector of every token in its row, each type looked at once."""
        columns = types.columns(PART)
        met = np.zeros(len(columns), dtype=np.bool_)
        met[types.row] = True
        used = np.flatnonzero(met)
        place = np.zeros(len(columns), dtype=np.int32)
        place[used] = np.arange(1, len(used) + 1)
        vectors = np.zeros((len(used) + 1, columns.shape[1]), dtype=np.float32)  # silence first
        known = product(bits_of(types.traits_of_types[used]), self.figures[:_TRAITS])
        vectors[1:] = columns[used] + known + self.figures[-1]
        of_row = np.zeros(height, dtype=np.int32)
        of_row[row] = np.where(silent, 0, place[types.row])
        sheet: FloatArray = vectors[of_row]
        for column, flags in enumerate(marks, start=_TRAITS):
            sheet[row[flags & ~silent]] += self.figures[column]
        return sheet

    @staticmethod
    def _layer(
        sheet: FloatArray,
        layer: Layer,
        offsets: tuple[int, ...],
        sentence: NDArray[np.int64],
        whole: FloatArray | None = None,
    ) -> FloatArray:
        """Return what a layer makes of a sheet; `whole` is what its sentences add, 0 silence."""
        n_in = sheet.shape[1]
        result = np.zeros((len(sheet), len(layer.bias)), dtype=np.float32)
        block = np.zeros((_BLOCK, len(offsets) * n_in), dtype=np.float32)
        spoken = sentence > 0
        for low in range(_REACH, len(sheet) - _REACH, _BLOCK):
            high = min(low + _BLOCK, len(sheet) - _REACH)
            for number, offset in enumerate(offsets):
                columns = slice(number * n_in, (number + 1) * n_in)
                block[: high - low, columns] = sheet[low + offset : high + offset]
            made = (block @ layer.matrix)[: high - low]
            made += layer.bias
            if whole is not None:
                made += whole[sentence[low:high]]
            np.maximum(made, 0, out=made)
            made *= spoken[low:high, None]
            result[low:high] = made
        return result

    def _told(self, hidden: FloatArray, sheet: FloatArray) -> FloatArray:
        n_hidden = hidden.shape[1]
        told = product(hidden, self.head.matrix[:n_hidden])
        told += product(sheet, self.head.matrix[n_hidden:])
        told += self.head.bias
        return told


def bits_of(traits: Traits) -> FloatArray:
    """Return what is known of words by themselves, shape (n_words, 28)."""
    bits = traits[:, None] >> np.arange(_TRAITS, dtype=np.uint32) & np.uint32(1)
    return np.asarray(bits, dtype=np.float32)


def marks_of(drafts: Sequence[Draft], layout: Layout) -> Marks:
    """Return where tokens stand among quotation marks, in the order of ``FIGURES``.

    Parameters
    ----------
    drafts : sequence of Draft
        Of the documents of the layout.
    layout : Layout
    """
    n_tokens = len(layout.words)
    if not n_tokens:
        return tuple(np.zeros((len(FIGURES) - _TRAITS - 1, 0), dtype=np.bool_))
    quoted = np.concatenate([draft.in_quotes for draft in drafts])
    edge = np.zeros(n_tokens + 1, dtype=np.bool_)  # where a document begins
    edge[layout.token_edges] = True
    within = ~edge[1:-1]
    opens, closes = quoted.copy(), quoted.copy()
    opens[1:] &= ~(quoted[:-1] & within)
    closes[:-1] &= ~(quoted[1:] & within)
    before, after = np.zeros_like(quoted), np.zeros_like(quoted)
    before[:-1] = quoted[1:] & ~quoted[:-1] & within
    after[1:] = quoted[:-1] & ~quoted[1:] & within
    first, last = np.flatnonzero(opens), np.flatnonzero(closes) + 1
    length = np.zeros(n_tokens, dtype=np.int64)
    length[quoted] = np.repeat(last - first, last - first)
    starts = np.zeros(n_tokens, dtype=np.bool_)
    starts[layout.sentence_starts[layout.lengths > 0]] = True
    short = (length > 0) & (length <= _SHORT)
    middling = (length > _SHORT) & (length <= _MIDDLING)
    return quoted, opens, closes, before, after, short, middling, starts


def figures_of(drafts: Sequence[Draft], traits: Traits, layout: Layout) -> FloatArray:
    """Return ``FIGURES`` of every token, shape (n_tokens, len(FIGURES)); to learn from.

    Parameters
    ----------
    drafts : sequence of Draft
        Of the documents of the layout.
    traits : ndarray of shape (n_tokens,)
    layout : Layout
    """
    constant = np.ones((len(traits), 1), dtype=np.float32)
    marks = np.column_stack(marks_of(drafts, layout)).astype(np.float32)
    return np.hstack([bits_of(traits), marks, constant])
