"""Words and their vectors, learned from unlabelled articles.

Vectors come from the positive pointwise mutual information of a word with its
neighbours, factorised: Levy, Goldberg and Dagan, "Improving distributional
similarity with lessons learned from word embeddings" (TACL 2015), with left
and right neighbours told apart and context counts smoothed to the power 0.75.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.utils.extmath import randomized_svd

from slantwise.features import Vocabulary, stem
from slantwise.storage import quantise
from slantwise.text import tokenize

# Vectors are scaled so that one penalty suits them and the indicators alike:
# chosen on outlet-disjoint folds of the training passages.
_VECTOR_LENGTH = 3.0


def learn_vocabulary(
    texts: Iterable[str],
    *,
    max_words: int = 45_000,
    min_count: int = 8,
    n_dimensions: int = 100,
    n_contexts: int = 12_000,
    reach: int = 4,
    random_state: int = 0,
) -> Vocabulary:
    """Learn the vocabulary and its vectors.

    Parameters
    ----------
    texts : iterable of str
        Articles.
    max_words, min_count : int
        Words kept: the commonest, with at least so many occurrences.
    n_dimensions : int
        Length of a vector.
    n_contexts : int
        Commonest words that count as neighbours.
    reach : int
        Furthest neighbour, in tokens; one at distance *d* counts 1 / *d*.
    """
    tokenized = [[word.lower() for word in tokenize(text).words] for text in texts]
    counts: Counter[str] = Counter()
    for words in tokenized:
        counts.update(words)
    known = [word for word, count in counts.most_common(max_words) if count >= min_count]
    index = {word: number for number, word in enumerate(known, start=1)}
    rows = [np.array([index.get(word, 0) for word in words]) for words in tokenized]
    document = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    cooccurrence = _cooccurrence(
        np.concatenate(rows), document, len(known) + 1, min(n_contexts, len(known) + 1), reach
    )
    stems = Counter(stem(word) for word in known)
    suffixes = Counter(word[-3:] for word in known)
    return Vocabulary(
        ("", *known),
        ("", *(entry for entry, count in stems.most_common() if count >= 2 or entry in index)),
        ("", *(entry for entry, count in suffixes.most_common() if count >= 3)),
        quantised(_factorise(cooccurrence, n_dimensions, random_state)),
    )


def quantised(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    """Round vectors to the 8-bit grid on which a model file keeps them."""
    small, scale = quantise(vectors)
    return np.asarray(small * scale, dtype=np.float32)


def _cooccurrence(
    words: NDArray[np.integer],
    document: NDArray[np.integer],
    n_words: int,
    n_contexts: int,
    reach: int,
) -> sp.csr_matrix:
    """Count neighbours; the near ones on the left have columns of their own."""
    total = sp.csr_matrix((n_words, 2 * n_contexts), dtype=np.float32)
    for distance in range(1, reach + 1):
        left, right = words[:-distance], words[distance:]
        usable = (document[:-distance] == document[distance:]) & (left > 0) & (right > 0)
        own_columns = n_contexts if distance <= 2 else 0
        for word, neighbour, column in ((left, right, 0), (right, left, own_columns)):
            pair = usable & (neighbour < n_contexts)
            key = word[pair].astype(np.int64) * (2 * n_contexts) + neighbour[pair] + column
            unique, count = np.unique(key, return_counts=True)
            total = total + sp.csr_matrix(
                (
                    count.astype(np.float32) / distance,
                    (unique // (2 * n_contexts), unique % (2 * n_contexts)),
                ),
                shape=total.shape,
            )
    return total


def _factorise(counts: sp.csr_matrix, n_dimensions: int, random_state: int) -> NDArray[np.floating]:
    matrix = counts.tocoo()
    by_word = np.asarray(counts.sum(axis=1)).ravel() + 1e-9
    by_context = np.asarray(counts.sum(axis=0)).ravel() ** 0.75
    by_context = by_context / by_context.sum() + 1e-12
    information = np.log(matrix.data / by_word[matrix.row] / by_context[matrix.col])
    positive = information > 0
    ppmi = sp.csr_matrix(
        (information[positive], (matrix.row[positive], matrix.col[positive])), shape=counts.shape
    )
    left, strength, _ = randomized_svd(ppmi, n_dimensions, n_iter=5, random_state=random_state)
    vectors = left * np.sqrt(strength)
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(_VECTOR_LENGTH * vectors / np.maximum(length, 1e-6))
