"""Design matrices over word types: the training side of :mod:`slantwise.features`."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from slantwise.features import SHAPES, Analysis, TypeWeights, Vocabulary


@dataclass(frozen=True)
class TypeDesign:
    """The analysis of word types as matrices, so that weights can be learned over it.

    Parameters
    ----------
    sparse : csr matrix of shape (n_types, n_indicators)
        One indicator each for word, stem, suffix and shape; index 0 (unknown) has none.
    dense : ndarray of shape (n_types, n_dimensions)
        Vectors.
    """

    sparse: sp.csr_matrix
    dense: NDArray[np.float64]
    sizes: tuple[int, int, int, int]

    @property
    def n_features(self) -> int:
        """Number of weights a column takes."""
        return int(self.sparse.shape[1] + self.dense.shape[1])

    @property
    def used(self) -> NDArray[np.bool_]:
        """Whether any type has a feature, shape (n_features,)."""
        return np.concatenate(
            [self.sparse.getnnz(axis=0) > 0, np.ones(self.dense.shape[1], dtype=bool)]
        )

    def __matmul__(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Fold weights of shape (n_features, n_columns) into (n_types, n_columns)."""
        split = self.sparse.shape[1]
        return np.asarray(self.sparse @ weights[:split] + self.dense @ weights[split:])

    def gradient(self, by_type: NDArray[np.float64]) -> NDArray[np.float64]:
        """Carry a gradient of shape (n_types, n_columns) back to the weights."""
        return np.vstack([self.sparse.T @ by_type, self.dense.T @ by_type])

    def examples(self, roles: list[sp.csr_matrix]) -> sp.csr_matrix:
        """Return the matrix of examples, one block of features for each role.

        Parameters
        ----------
        roles : list of csr matrix of shape (n_examples, n_types)
            How much of each type stands in this role.
        """
        parts = [
            part
            for role in roles
            for part in (role @ self.sparse, sp.csr_matrix(role @ self.dense))
        ]
        return sp.hstack(parts, format="csr")

    def type_weights(self, weights: NDArray[np.float64]) -> TypeWeights:
        """Return learned weights of shape (n_features, n_columns) for use at run time."""
        edges = np.cumsum([0, *self.sizes])
        word, stem, suffix, shape = (
            weights[low:high].astype(np.float32) for low, high in pairwise(edges)
        )
        return TypeWeights(word, stem, suffix, shape, weights[edges[-1] :].astype(np.float32))


def type_design(
    vocabulary: Vocabulary, analysis: Analysis, counts: NDArray[np.integer], min_count: int = 2
) -> TypeDesign:
    """Return the design of analysed types.

    Parameters
    ----------
    vocabulary : Vocabulary
    analysis : Analysis of n_types types
    counts : ndarray of shape (n_types,)
        Occurrences of each type in the training text.
    min_count : int
        Indicators seen less often get no weight: they could only be learned by heart.
    """
    sizes = (len(vocabulary.words), len(vocabulary.stems), len(vocabulary.suffixes), len(SHAPES))
    blocks = []
    for index, size in zip(
        (analysis.word, analysis.stem, analysis.suffix, analysis.shape), sizes, strict=True
    ):
        seen = np.bincount(index, weights=counts, minlength=size)
        kept = (index > 0) & (seen[index] >= min_count)
        rows = np.flatnonzero(kept)
        blocks.append(
            sp.csr_matrix((np.ones(len(rows)), (rows, index[rows])), shape=(len(index), size))
        )
    dense = vocabulary.vectors[analysis.word].astype(np.float64)
    return TypeDesign(sp.hstack(blocks, format="csr"), dense, sizes)
