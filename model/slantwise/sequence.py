"""The posteriors of a linear chain over many sequences at once, in plain arrays.

All sequences of a batch advance together: at step *t* one matrix product
serves every sequence longer than *t*. The recursions are those of Rabiner,
"A tutorial on hidden Markov models" (1989), scaled at every step.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.floating]
IntArray = NDArray[np.integer]

OUTSIDE, BEGIN, INSIDE = 0, 1, 2
N_STATES = 3
_MOST_STEPS = 1024  # tokens; the longest sentence of news has some hundreds


@dataclass(frozen=True, slots=True)
class Chain:
    """Scores of a first-order chain over the states outside, begin, inside."""

    transition: FloatArray  # (N_STATES, N_STATES), from row to column
    initial: FloatArray  # (N_STATES,)


@dataclass(frozen=True, slots=True)
class Posterior:
    """What forward-backward knows about a batch."""

    state: FloatArray  # (n_tokens, N_STATES), probability of each state
    log_partition: float
    pair: FloatArray  # (N_STATES, N_STATES), expected number of transitions


def cut(lengths: IntArray, most: int = _MOST_STEPS) -> IntArray:
    """Cut sequences that are longer than any sentence, so that a text without stops is no slower.

    >>> cut(np.array([3, 5, 2]), most=2).tolist()
    [2, 1, 2, 2, 1, 2]
    """
    lengths = np.asarray(lengths, dtype=np.int64)
    if not len(lengths) or lengths.max() <= most:
        return lengths
    pieces = np.maximum(-(-lengths // most), 1)
    result = np.full(int(pieces.sum()), most, dtype=np.int64)
    result[np.cumsum(pieces) - 1] = lengths - (pieces - 1) * most
    return result


def steps(lengths: IntArray) -> list[IntArray]:
    """Return for each step the rows of the tokens that stand there.

    Parameters
    ----------
    lengths : ndarray of shape (n_sequences,)
        Tokens in each sequence; the sequences lie one after another.

    Returns
    -------
    list of ndarray
        Rows at step 0, 1, …; longer sequences come first, so that the rows of
        step *t + 1* continue the first ones of step *t*.
    """
    lengths = np.asarray(lengths, dtype=np.int64)
    starts = np.cumsum(lengths) - lengths
    order = np.argsort(-lengths, kind="stable")
    descending, starts = lengths[order], starts[order]
    longest = int(descending[0]) if len(descending) else 0
    alive = np.searchsorted(-descending, -np.arange(longest), side="left")
    return [starts[:count] + step for step, count in enumerate(alive)]


def forward_backward(emission: FloatArray, chain: Chain, rows: list[IntArray]) -> Posterior:
    """Return the posterior of every state at every token.

    Parameters
    ----------
    emission : ndarray of shape (n_tokens, N_STATES)
        Log scores of the states.
    chain : Chain
    rows : list of ndarray
        As returned by :func:`steps`.
    """
    passed = _forward(emission, chain, rows)
    potential, backward, scale = passed.potential, np.ones_like(passed.potential), passed.scale
    move = np.exp(chain.transition)
    pair = np.zeros((N_STATES, N_STATES))
    for before, low, high in _backwards(passed.edges):
        weighted = potential[:, low:high] * backward[:, low:high] / scale[low:high]
        here = slice(before, before + high - low)
        pair += passed.forward[:, here] @ weighted.T
        backward[:, here] = move @ weighted
    state = np.empty_like(emission)
    state[passed.order] = (passed.forward * backward).T
    log_partition = float(np.log(scale).sum() + passed.peak.sum())
    return Posterior(state, log_partition, move * pair)


def state_chances(emission: FloatArray, chain: Chain, rows: list[IntArray]) -> FloatArray:
    """Return the ``state`` of :func:`forward_backward` alone, in half the time."""
    passed = _forward(emission, chain, rows)
    move = np.exp(chain.transition)
    backward = np.ones_like(passed.potential)
    for before, low, high in _backwards(passed.edges):
        weighted = passed.potential[:, low:high] * backward[:, low:high]
        weighted /= passed.scale[low:high]
        np.matmul(move, weighted, out=backward[:, before : before + high - low])
    state = np.empty_like(emission)
    state[passed.order] = (passed.forward * backward).T
    return state


@dataclass(frozen=True, slots=True)
class _Passed:
    """What a pass from the first step to the last knows; tokens lie step after step."""

    order: IntArray  # (n_tokens,), the row of each
    edges: list[int]  # where each step begins, the end last
    peak: FloatArray  # (n_tokens,), taken off the emissions, by row
    potential: FloatArray  # (N_STATES, n_tokens)
    forward: FloatArray  # (N_STATES, n_tokens)
    scale: FloatArray  # (n_tokens,)


def _forward(emission: FloatArray, chain: Chain, rows: list[IntArray]) -> _Passed:
    # States lie in rows and tokens step after step, so that every operation of a step runs
    # along memory: a reduction over three columns of each token is slow in numpy.
    order = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64)
    edges = np.cumsum([0] + [len(row) for row in rows]).tolist()
    peak = np.maximum(np.maximum(emission[:, 0], emission[:, 1]), emission[:, 2])
    potential = np.exp((emission - peak[:, None])[order].T)
    arrives = np.ascontiguousarray(np.exp(chain.transition).T)
    forward = np.empty_like(potential)
    scale = np.ones(len(order), dtype=potential.dtype)
    alpha = np.exp(chain.initial)[:, None]
    for low, high in pairwise(edges):
        if low:
            alpha = arrives @ alpha[:, : high - low]
        alpha = alpha * potential[:, low:high]
        scale[low:high] = alpha[0] + (alpha[1] + alpha[2])
        alpha /= scale[low:high]
        forward[:, low:high] = alpha
    return _Passed(order, edges, peak, potential, forward, scale)


def _backwards(edges: list[int]) -> Iterator[tuple[int, int, int]]:
    """Yield where the step before, a step and the step after it begin, the last step first."""
    return zip(edges[-3::-1], edges[-2:0:-1], edges[:1:-1], strict=True)
