"""The network that `slantwise.convolution` applies: word types in, every answer out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from slantwise.features import SHAPES, Vocabulary
from teacher.network import Batch
from teacher.targets import N_COLUMNS, Example

N_VECTOR = 64  # columns of a word
N_HIDDEN = 64  # columns of every layer
WIDTH = 5  # tokens that a layer reads at once
N_LAYERS = 3
REACH = N_LAYERS * (WIDTH // 2)  # tokens that the whole looks to either side
_VOID = 0  # the piece before and after a window
_UNSEEN = 0.05  # of the words, and of the stems, while it learns: it must cope without
_SPREAD = 0.3  # of the vectors it begins with


@dataclass(frozen=True, slots=True)
class _Encoded:
    ids: list[int]
    word_ids: list[int | None]


@dataclass
class WordTypes:
    """Stands in for a tokeniser: the only piece of a word is its type.

    Pieces are even numbers; one more says that the word stands between quotation marks.
    """

    number: dict[str, int] = field(default_factory=dict)

    def encode(self, words: Sequence[str], is_pretokenized: bool = True) -> _Encoded:
        """Return the types of words, framed by the void."""
        types = [2 * self.number.setdefault(word, len(self.number) + 1) for word in words]
        return _Encoded([_VOID, *types, _VOID], [None, *range(len(types)), None])


def with_quoted(examples: list[Example]) -> list[Example]:
    """Write into the pieces of new examples which words stand between quotation marks."""
    for example in examples:
        example.window.ids[example.window.heads] += example.quoted
    return examples


class ContextNetwork(nn.Module):
    """A convolution over the vectors of word types.

    Parameters
    ----------
    vocabulary : Vocabulary
    types : WordTypes
        All that will be read.
    """

    def __init__(self, vocabulary: Vocabulary, types: WordTypes) -> None:
        super().__init__()
        analysis = vocabulary.analyse(list(types.number))
        parts = np.array([analysis.word, analysis.stem, analysis.suffix, analysis.shape])
        self.parts = torch.from_numpy(np.pad(parts, ((0, 0), (1, 0)))).long()  # the void first
        self.word = nn.Embedding.from_pretrained(_first_vectors(vocabulary), freeze=False)
        self.stem = nn.Embedding(len(vocabulary.stems), N_VECTOR)
        self.suffix = nn.Embedding(len(vocabulary.suffixes), N_VECTOR)
        self.shape = nn.Embedding(len(SHAPES), N_VECTOR)
        for table in (self.stem, self.suffix, self.shape):
            nn.init.normal_(table.weight, std=0.02)
        self.quoted = nn.Parameter(torch.zeros(N_VECTOR))
        self.sentence = nn.Linear(N_VECTOR, N_HIDDEN, bias=False)
        widths = [N_VECTOR, *[N_HIDDEN] * N_LAYERS]
        self.layers = nn.ModuleList(
            nn.Conv1d(n_in, n_out, WIDTH, padding=WIDTH // 2) for n_in, n_out in pairwise(widths)
        )
        self.head = nn.Linear(N_HIDDEN + N_VECTOR, N_COLUMNS)
        nn.init.zeros_(self.head.bias)
        with torch.no_grad():
            self.head.bias[0] = 3.0  # most words are outside any span
        self.dropout = nn.Dropout(0.15)

    def forward(self, batch: Batch) -> Tensor:
        """Return logits of shape (n_windows, n_pieces, N_COLUMNS)."""
        passed = self.passed(batch)
        both = torch.cat([passed[f"hidden.{N_LAYERS - 1}"], passed["vectors"]], dim=-1)
        logits: Tensor = self.head(both)
        return logits[:, REACH:-REACH]

    def passed(self, batch: Batch) -> dict[str, Tensor]:
        """Return what passes from layer to layer, by name.

        Each of shape (n_windows, n_pieces + 2 REACH, n_columns), with the void around a
        window as around a document.
        """
        vectors = self.dropout(self._vectors(batch))
        whole = self._void_around(self._whole(vectors, batch))
        vectors = self._void_around(vectors)
        passed = {"vectors": vectors, "whole": whole}
        hidden = vectors
        for number, layer in enumerate(self.layers):
            heard = layer(hidden.transpose(1, 2)).transpose(1, 2)
            passed[f"heard.{number}"] = heard
            if number == 0:
                hidden = self.dropout(functional.relu(heard + whole))
            else:
                hidden = self.dropout(hidden + functional.relu(heard))
            passed[f"hidden.{number}"] = hidden
        return passed

    def _vectors(self, batch: Batch) -> Tensor:
        kind = batch.ids // 2
        word, stem, suffix, shape = self.parts[:, kind]
        vectors = self.word(self._unseen(word)) + self.stem(self._unseen(stem))
        vectors = vectors + self.suffix(suffix) + self.shape(shape)
        vectors = vectors + (batch.ids % 2).unsqueeze(-1) * self.quoted
        within: Tensor = (kind != _VOID).unsqueeze(-1)
        return vectors * within

    def _whole(self, vectors: Tensor, batch: Batch) -> Tensor:
        """Return what each token hears of its sentence as a whole."""
        said = self.sentence(self.sums(vectors, batch))
        heard = vectors.new_zeros(vectors.shape[0] * vectors.shape[1], N_HIDDEN)
        heard = heard.index_copy(0, batch.heads, said[batch.sentence])
        return heard.view(*vectors.shape[:2], N_HIDDEN)

    def sums(self, vectors: Tensor, batch: Batch) -> Tensor:
        """Return each sentence's vectors summed, over the root of its length."""
        n_sentences = len(batch.bias)
        total = vectors.new_zeros(n_sentences, N_VECTOR)
        total = total.index_add(0, batch.sentence, vectors.flatten(0, 1)[batch.heads])
        length = torch.bincount(batch.sentence, minlength=n_sentences).clamp(min=1)
        return total / length.sqrt().unsqueeze(-1)

    def _void_around(self, values: Tensor) -> Tensor:
        return functional.pad(values, (0, 0, REACH, REACH))

    def _unseen(self, parts: Tensor) -> Tensor:
        if not self.training:
            return parts
        return parts * (torch.rand(parts.shape) >= _UNSEEN)


def _first_vectors(vocabulary: Vocabulary) -> Tensor:
    """Return the vocabulary's vectors in as many columns as the network has."""
    left, sizes, _ = np.linalg.svd(vocabulary.vectors, full_matrices=False)
    first = (left * sizes)[:, :N_VECTOR]
    vectors = np.zeros((len(first), N_VECTOR), dtype=np.float32)
    vectors[:, : first.shape[1]] = first * (_SPREAD / first.std())
    vectors[0] = 0
    return torch.from_numpy(vectors)


def tables_of(network: ContextNetwork) -> dict[str, NDArray[np.float16]]:
    """Return the vectors of words, stems, suffixes and shapes."""
    return {
        name: getattr(network, name).weight.detach().numpy().astype(np.float16)
        for name in ("word", "stem", "suffix", "shape")
    }
