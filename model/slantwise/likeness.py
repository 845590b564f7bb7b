"""How alike two articles are, and which articles are worth comparing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slantwise.sketches import Rarities, Rarity, Sketch, rarities

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NEIGHBOURS = 25  # candidates of an article
WINDOW_DAYS = 4
_TELLING = 40  # words of an article that are looked up
_MOST_HOLDERS = 2_000  # of a word that is looked up, in one window
_BLOCK = 512  # articles compared with their window at a time
_PAIRS = 20_000  # compared at a time
_LEAST_RARITY = 1.0  # of a word that tells anything
_CROWD = slice(3, 12)  # the neighbours, by rank, that tell how crowded a place is
_TYPICAL_CROWD = (0.335, 0.135)  # of those that are missing, near the median in a news corpus


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of articles that may tell the same story; first < second, each once."""

    first: Ints
    second: Ints


def neighbours(
    sketches: Sequence[Sketch],
    window: int | None = WINDOW_DAYS,
    rarity: Rarities | None = None,
) -> Candidates:
    """Find for each article those that share most of its telling words.

    Parameters
    ----------
    sketches : sequence of Sketch, by day; undated ones (-1) first
    window : days, at most, between two dated articles; None for any number
    rarity : of words; that of the package if None
    """
    telling = _telling_words(sketches, (rarity or rarities()).words)
    days = np.array([one.day for one in sketches], np.int64)
    n_undated = int(np.count_nonzero(days < 0)) if window is not None else len(days)
    pairs = []
    for start in range(0, len(sketches), _BLOCK):
        rows = np.arange(start, min(start + _BLOCK, len(sketches)))
        low, high = 0, len(days)
        if start >= n_undated and window is not None:
            low = int(np.searchsorted(days, days[start] - window))
            high = int(np.searchsorted(days, days[rows[-1]] + window, side="right"))
        others = np.arange(low, high)
        if low and n_undated:
            others = np.concatenate([np.arange(n_undated), others])
        pairs += list(_nearest(telling, rows, others, days, window))
    joined = np.concatenate(pairs) if pairs else np.zeros(0, np.int64)
    first, second = np.divmod(np.unique(joined), len(sketches))
    return Candidates(first, second)


def _nearest(
    telling: Any, rows: Ints, others: Ints, days: Ints, window: int | None
) -> Iterator[Ints]:
    """Yield the nearest others of each row as first * n_articles + second."""
    n = telling.shape[0]
    there = telling[others]
    holders = np.bincount(there.indices, minlength=telling.shape[1])
    there.data[holders[there.indices] > _MOST_HOLDERS] = 0
    there.eliminate_zeros()
    likeness = (telling[rows] @ there.T).tocsr()
    for number, row in enumerate(rows.tolist()):
        span = slice(likeness.indptr[number], likeness.indptr[number + 1])
        other, value = others[likeness.indices[span]], likeness.data[span]
        fitting = other != row
        if window is not None and days[row] >= 0:
            fitting &= (days[other] < 0) | (np.abs(days[other] - days[row]) <= window)
        other, value = other[fitting], value[fitting]
        # Ties fall to the earlier article, whatever the order of the product.
        best = other[np.lexsort((other, -value))[:NEIGHBOURS]]
        yield np.minimum(best, row) * n + np.maximum(best, row)


def _telling_words(sketches: Sequence[Sketch], rarity: Rarity) -> Any:
    hashes, weights, lengths = [], [], []
    for one in sketches:
        weight = _word_weights(one, rarity)
        keep = np.sort(np.lexsort((one.words, -weight))[:_TELLING])
        keep = keep[weight[keep] > 0]
        hashes.append(one.words[keep])
        weights.append(weight[keep])
        lengths.append(len(keep))
    return _rows(hashes, weights, lengths)


def _rows(hashes: list[Any], weights: list[Any], lengths: list[int]) -> Any:
    """Return rows of unit length over the hashes that occur, a sparse array."""
    from scipy.sparse import csr_array

    joined = np.concatenate([np.zeros(0, np.uint32), *hashes])
    columns, indices = np.unique(joined, return_inverse=True)
    indptr = np.concatenate([[0], np.cumsum(lengths)])
    data: NDArray[np.float32] = np.concatenate([np.zeros(0, np.float32), *weights])
    squares = np.add.reduceat(np.append(data**2, 0), np.minimum(indptr[:-1], len(data)))
    norms = np.where(np.diff(indptr) > 0, np.sqrt(squares), 1)
    norms[norms == 0] = 1
    scaled = (data / np.repeat(norms, lengths)).astype(np.float32)
    return csr_array((scaled, indices, indptr), shape=(len(lengths), max(len(columns), 1)))


def _word_weights(one: Sketch, rarity: Rarity) -> NDArray[np.float32]:
    rare = rarity.of(one.words)
    weight = (1 + np.log(one.counts)) * rare
    return np.where(rare < _LEAST_RARITY, 0, weight).astype(np.float32)


class Likeness:
    """Compares articles pair by pair: words, pairs of words, days named, and titles."""

    NAMES = ("words", "pairs", "days", "title")

    def __init__(self, sketches: Sequence[Sketch], rarity: Rarities | None = None) -> None:
        self._sketches = sketches
        self._rarity = rarity or rarities()
        self._days = np.array([one.day for one in sketches], np.int64)

    def dated(self, first: Ints, second: Ints) -> NDArray[np.bool_]:
        """Tell which pairs have both a date."""
        return np.asarray((self._days[first] >= 0) & (self._days[second] >= 0))

    def of(self, first: Ints, second: Ints) -> Floats:
        """Return the likenesses of pairs, shape (n_pairs, 4), each from 0 to 1.

        Words and pairs of words count by the square root of their cosine: the step from
        nothing shared to a little tells more than that from much to all.
        """
        parts = [
            self._compared(first[at : at + _PAIRS], second[at : at + _PAIRS])
            for at in range(0, len(first), _PAIRS)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, len(self.NAMES)))

    def _compared(self, first: Ints, second: Ints) -> Floats:
        used, where = np.unique(np.concatenate([first, second]), return_inverse=True)
        sketches = [self._sketches[at] for at in used.tolist()]
        a, b = where[: len(first)], where[len(first) :]
        words, pairs = self._rarity.words, self._rarity.pairs
        columns = []
        for name in self.NAMES:
            hashes, weights = [], []
            for one in sketches:
                if name == "words":
                    hashes.append(one.words)
                    weights.append(_word_weights(one, words))
                elif name == "pairs":
                    hashes.append(one.pairs)
                    weights.append(pairs.of(one.pairs))
                elif name == "days":
                    hashes.append(one.days)
                    weights.append(one.day_counts.astype(np.float32))
                else:
                    hashes.append(one.title)
                    weights.append(words.of(one.title))
            rows = _rows(hashes, weights, [len(one) for one in hashes])
            cosine = np.clip(np.asarray(rows[a].multiply(rows[b]).sum(axis=1)).ravel(), 0, 1)
            columns.append(np.sqrt(cosine) if name in ("words", "pairs") else cosine)
        return np.column_stack(columns)


def crowding(near: Candidates, basic: Floats, n_articles: int) -> Floats:
    """Measure how alike each article is to neighbours that are not the very nearest.

    Much is alike where everybody writes on one subject (Zelnik-Manor & Perona 2004 scale
    distances for the same reason).

    Returns
    -------
    ndarray of shape (n_articles, 2): the mean likeness of words and of pairs of words to
    the neighbours of rank 4 to 12; missing ones count as in an average corpus
    """
    ends = np.concatenate([near.first, near.second])
    crowd = np.empty((n_articles, 2))
    for column, typical in enumerate(_TYPICAL_CROWD):
        values = np.tile(basic[:, column], 2)
        sorting = np.lexsort((-values, ends))
        sorted_ends = ends[sorting]
        begins = np.searchsorted(sorted_ends, np.arange(n_articles))
        rank = np.arange(len(sorting)) - begins[sorted_ends]
        counted = (rank >= _CROWD.start) & (rank < _CROWD.stop)
        total = np.bincount(sorted_ends[counted], values[sorting][counted], n_articles)
        there = np.bincount(sorted_ends[counted], minlength=n_articles)
        width = _CROWD.stop - _CROWD.start
        crowd[:, column] = (total + (width - there) * typical) / width
    return crowd
