"""Linear-chain decoding over many sequences at once, in plain arrays.

All sequences of a batch advance together: at step *t* one matrix product
serves every sequence longer than *t*. The recursions are those of Rabiner,
"A tutorial on hidden Markov models" (1989), scaled at every step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.floating]
IntArray = NDArray[np.integer]

OUTSIDE, BEGIN, INSIDE = 0, 1, 2
N_STATES = 3


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
    # Column by column: a reduction over three columns of each row is slow in numpy.
    peak = np.maximum(np.maximum(emission[:, 0], emission[:, 1]), emission[:, 2])[:, None]
    potential = np.exp(emission - peak)
    move = np.exp(chain.transition)
    forward = np.empty_like(potential)
    scale = np.ones(len(potential), dtype=potential.dtype)
    alpha = np.exp(chain.initial)[None, :]
    for step, row in enumerate(rows):
        arrived = alpha if step == 0 else alpha[: len(row)] @ move
        alpha = arrived * potential[row]
        scale[row] = alpha.sum(axis=1)
        alpha = alpha / scale[row][:, None]
        forward[row] = alpha
    backward = np.ones_like(potential)
    pair = np.zeros((N_STATES, N_STATES))
    for row, before in zip(rows[:0:-1], rows[-2::-1], strict=True):
        weighted = potential[row] * backward[row] / scale[row][:, None]
        before = before[: len(row)]
        pair += move * (forward[before].T @ weighted)
        backward[before] = weighted @ move.T
    log_partition = float(np.log(scale).sum() + (peak.sum() if len(peak) else 0.0))
    return Posterior(forward * backward, log_partition, pair)


def viterbi(emission: FloatArray, chain: Chain, rows: list[IntArray]) -> NDArray[np.int8]:
    """Return the likeliest state of every token, shape (n_tokens,)."""
    best = np.empty_like(emission)
    pointer = np.zeros(emission.shape, dtype=np.int8)
    reached = chain.initial[None, :]
    for step, row in enumerate(rows):
        if step:
            candidates = reached[: len(row), :, None] + chain.transition
            pointer[row] = candidates.argmax(axis=1)
            reached = candidates.max(axis=1)
        reached = reached + emission[row]
        best[row] = reached
    states = np.zeros(len(emission), dtype=np.int8)
    following = np.empty(0, dtype=np.int8)
    for step in range(len(rows) - 1, -1, -1):
        row = rows[step]
        state = best[row].argmax(axis=1).astype(np.int8)
        if len(following):
            state[: len(following)] = pointer[rows[step + 1], following]
        states[row] = following = state
    return states
