"""Where loaded spans begin and end: the span tagger at run time.

A linear chain over begin, inside and outside. The emission of a token is the
sum of the folded weights of the word types around it and of a few figures of
its sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slantwise.features import TypeRows
from slantwise.layout import Layout, sentence_means
from slantwise.sequence import (
    BEGIN,
    INSIDE,
    N_STATES,
    OUTSIDE,
    Chain,
    cut,
    state_chances,
    steps,
)

CONTEXT = ("constant", "tone", "tone here", "tone around", "quoted")
# Candidates by how sure they are: the chance of the surest token, and the chance that a token
# beside it needs to belong to it. What is sure has sharp edges; what is not, reaches further.
_LEVELS = ((0.3, 0.12), (0.004, 0.004), (0.0005, 0.0005))
_AROUND = 3  # sentences on either side that count as around


@dataclass(frozen=True, slots=True)
class Candidates:
    """Spans that may be loaded: half-open ranges of the layout's tokens.

    ``certainty`` has shape (n_candidates, 5): the probability that the span
    begins there, the mean and least probability of its tokens, and those of
    the tokens just outside it.
    """

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    certainty: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tagger:
    """Weights of a fitted :class:`slantwise.training.tagger.SpanTagger`."""

    offsets: tuple[int, ...]
    context: NDArray[np.float32]  # (len(CONTEXT), N_STATES)
    chain: Chain
    answers: NDArray[np.float32] | None = None  # (n_answers, N_STATES), of an encoder's answers

    def emissions(
        self, types: TypeRows, layout: Layout, quoted: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        """Return log scores of the states, shape (n_tokens, N_STATES).

        Parameters
        ----------
        types : TypeRows of n_tokens tokens
            With the columns of ``span`` and ``tone``.
        layout : Layout
        quoted : ndarray of shape (n_tokens,)
            Whether the token stands between quotation marks.
        """
        emission = context_features(types, layout, quoted) @ self.context
        # States lie in rows and sentences apart, so that every offset is one addition of
        # slices: operations over three columns of each token are slow in numpy.
        reach = max(map(abs, self.offsets))
        at = _apart(layout, reach)
        padded = np.zeros(len(at) + reach * (len(layout.lengths) + 1), dtype=np.int32)
        padded[at] = types.row
        columns = np.ascontiguousarray(types.columns("span").take(padded, axis=0).T)
        total = np.zeros((N_STATES, len(padded)), dtype=np.float32)
        total[:, at] = emission.T
        inner = total[:, reach : len(padded) - reach]
        for number, offset in enumerate(self.offsets):
            states = columns[number * N_STATES : (number + 1) * N_STATES]
            inner += states[:, reach + offset : len(padded) - reach + offset]
        emission = total[:, at]
        if self.answers is not None and types.answers is not None:
            for answer, state in zip(*np.nonzero(self.answers), strict=True):
                emission[state] += types.answers[:, answer] * self.answers[answer, state]
        return np.ascontiguousarray(emission.T)

    def candidates(
        self,
        emission: NDArray[np.float32],
        layout: Layout,
        certain: Sequence[tuple[int, int]] = (),
    ) -> Candidates:
        """Return the spans worth a second look, in order.

        Runs of tokens that may be loaded, likely ones first, cut where a span rather begins
        than goes on. The score decides.

        Parameters
        ----------
        emission : ndarray of shape (n_tokens, N_STATES)
        layout : Layout
        certain : sequence of (first, last)
            Disjoint token ranges that are candidates whatever the chain says;
            they take the place of those that overlap them.
        """
        rows = steps(cut(layout.lengths))
        posterior = state_chances(emission, self.chain, rows)
        loaded = 1 - posterior[:, OUTSIDE]
        # Where next to nothing is loaded, what begins and what goes on says nothing either.
        again = (posterior[:, BEGIN] > posterior[:, INSIDE]) & (loaded >= _LEVELS[0][1])
        first, last = np.zeros((2, 0), dtype=np.int64)
        for peak, reach in _LEVELS:
            free = (loaded >= reach) & ~_covered(first, last, len(loaded))
            runs = _peaking(*_runs(free, again, layout), loaded, peak)
            first, last = _merged((first, last), runs)
        first, last = _with_certain(first, last, certain)
        certainty = _certainty(first, last, loaded, posterior[:, BEGIN], layout)
        return Candidates(first, last, certainty)


def _apart(layout: Layout, reach: int) -> NDArray[np.int64]:
    """Return where the tokens lie when so many empty places stand around each sentence."""
    return np.arange(len(layout.token_sentence)) + reach * (layout.token_sentence + 1)


def context_features(
    types: TypeRows, layout: Layout, quoted: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Return the figures of ``CONTEXT`` for each token, shape (n_tokens, len(CONTEXT))."""
    tone_here = types.columns("tone")[types.row, 0]
    tone = sentence_means(tone_here[:, None], layout)[:, 0]
    sentence = layout.token_sentence
    return np.column_stack(
        [
            np.ones(len(types.row)),
            tone[sentence],
            tone_here,
            _around(tone, layout)[sentence],
            quoted,
        ]
    ).astype(np.float32)


def _around(tone: NDArray[np.floating], layout: Layout) -> NDArray[np.floating]:
    """Return the mean tone of the sentences near each one, within its document."""
    n_sentences = len(tone)
    document = np.repeat(np.arange(len(layout.sentence_edges) - 1), np.diff(layout.sentence_edges))
    here = np.arange(n_sentences)
    low = np.maximum(here - _AROUND, layout.sentence_edges[document])
    high = np.minimum(here + _AROUND + 1, layout.sentence_edges[document + 1])
    running = np.concatenate([[0.0], np.cumsum(tone, dtype=np.float64)])
    return np.asarray((running[high] - running[low]) / np.maximum(high - low, 1))


def _runs(
    reached: NDArray[np.bool_], again: NDArray[np.bool_], layout: Layout
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the runs of tokens that reach a chance, cut where a span begins again."""
    opens = reached.copy()
    sentence = layout.token_sentence
    opens[1:] &= ~reached[:-1] | again[1:] | (sentence[1:] != sentence[:-1])
    closes = reached.copy()
    closes[:-1] &= ~reached[1:] | opens[1:]
    first, last = np.flatnonzero(opens), np.flatnonzero(closes) + 1
    return first, last


def _peaking(
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    loaded: NDArray[np.floating],
    peak: float,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Keep the ranges whose surest token reaches a chance."""
    if not len(first):
        return first, last
    edges = np.column_stack([first, last]).ravel()
    most = np.maximum.reduceat(np.append(loaded, 0.0), edges)[::2]
    return first[most >= peak], last[most >= peak]


def _covered(first: NDArray[np.int64], last: NDArray[np.int64], n_tokens: int) -> NDArray[np.bool_]:
    """Return which tokens lie in disjoint ranges."""
    change = np.bincount(first, minlength=n_tokens + 1) - np.bincount(last, minlength=n_tokens + 1)
    return np.asarray(np.cumsum(change)[:-1] > 0)


def _merged(
    *parts: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    first, last = (np.concatenate(one) for one in zip(*parts, strict=True))
    order = np.argsort(first, kind="stable")
    return first[order], last[order]


def _with_certain(
    first: NDArray[np.int64], last: NDArray[np.int64], certain: Sequence[tuple[int, int]]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    if not len(certain):
        return first, last
    pairs = np.array(sorted(certain), dtype=np.int64)
    # The certain range that ends after a candidate's start overlaps it if it starts before its end.
    nearest = np.searchsorted(pairs[:, 1], first, side="right")
    starts = np.append(pairs[:, 0], np.iinfo(np.int64).max)
    free = starts[nearest] >= last
    merged = np.vstack([np.column_stack([first[free], last[free]]), pairs])
    merged = merged[merged[:, 0].argsort(kind="stable")]
    return merged[:, 0], merged[:, 1]


def _certainty(
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    loaded: NDArray[np.floating],
    begins: NDArray[np.floating],
    layout: Layout,
) -> NDArray[np.float64]:
    if not len(first):
        return np.zeros((0, 5))
    running = np.concatenate([[0.0], np.cumsum(loaded, dtype=np.float64)])
    mean = (running[last] - running[first]) / (last - first)
    edges = np.column_stack([first, last]).ravel()
    padded = np.concatenate([loaded, [0.0]])
    least = np.minimum.reduceat(padded, edges)[::2]
    # Nothing stands before or behind a document.
    before = np.where(np.isin(first, layout.token_edges), 0.0, padded[first - 1])
    after = np.where(np.isin(last, layout.token_edges), 0.0, padded[last])
    return np.column_stack([begins[first], mean, least, before, after])
