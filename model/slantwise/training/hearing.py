"""The network of :mod:`slantwise.attribution` while it learns: forward, backward, steps.

Gradients are written out by hand, in numpy: with some twenty thousand weights, learning
takes a minute. Adam after Kingma and Ba, "Adam: a method for stochastic optimization"
(ICLR 2015); dropout after Srivastava et al. (JMLR 2014).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slantwise.attribution import FAR, FIGURES, NEAR
from slantwise.sequence import BEGIN, INSIDE, N_STATES, OUTSIDE, Chain, forward_backward, steps

Floats = NDArray[np.float32]
Weights = dict[str, Floats]
Piece = tuple[int, int]
N_HIDDEN = 32
N_HEARD = N_STATES + 2  # states of the chain, source, cue
_FORBIDDEN = -30.0  # to be inside what has not begun
_WHOLE = 0.5  # of the documents that stay whole in an epoch
_MOST_SENTENCES = 6  # of a piece of the others
_MARKED_WEIGHT = 0.5  # of the loss of sources and cues


@dataclass(frozen=True)
class Reading:
    """Documents to learn from, laid end to end.

    Parameters
    ----------
    vectors, row : ndarray of shape (n_types, n_columns), of shape (n_tokens,)
        Vectors of word types, and the type of each token.
    figures : ndarray of shape (n_tokens, len(FIGURES))
    allowed : ndarray of shape (n_tokens, N_STATES)
        Which states of the chain a token may be in, by what the annotators marked; all, where
        they say nothing.
    marked : ndarray of shape (n_tokens, 2)
        Whether a token names a source, and whether it belongs to a cue.
    told : ndarray of shape (n_tokens,)
        Whether sources and cues were marked at all.
    opens : ndarray of shape (n_tokens,)
        Whether a sentence begins.
    edges : ndarray of shape (n_documents + 1,)
    """

    vectors: Floats
    row: NDArray[np.integer]
    figures: Floats
    allowed: NDArray[np.bool_]
    marked: Floats
    told: NDArray[np.bool_]
    opens: NDArray[np.bool_]
    edges: NDArray[np.integer]

    def cut(self, documents: Sequence[int], rng: np.random.Generator) -> list[Piece]:
        """Return these documents as pieces, each whole or cut into a few sentences at a time.

        What is heard must not depend on the words far away: an article may be a headline.
        """
        pieces: list[Piece] = []
        for document in documents:
            low, high = int(self.edges[document]), int(self.edges[document + 1])
            if rng.random() < _WHOLE:
                pieces.append((low, high))
                continue
            starts = low + np.flatnonzero(self.opens[low:high])
            at = 0
            while at < len(starts):
                after = at + int(rng.integers(1, _MOST_SENTENCES + 1))
                end = int(starts[after]) if after < len(starts) else high
                pieces.append((int(starts[at]), end))
                at = after
        return pieces


def first_weights(n_columns: int, rng: np.random.Generator) -> Weights:
    """Draw the weights that learning begins with (He et al., ICCV 2015)."""

    def drawn(n_in: int, n_out: int, scale: float = 1.0) -> Floats:
        spread = scale * float(np.sqrt(2 / n_in))
        return np.asarray(rng.normal(size=(n_in, n_out)) * spread, dtype=np.float32)

    weights = {
        "figures": drawn(len(FIGURES), n_columns, 0.1),
        "sentence": drawn(n_columns, N_HIDDEN, 0.1),
        "near.matrix": drawn(len(NEAR) * n_columns, N_HIDDEN),
        "near.bias": np.zeros(N_HIDDEN, dtype=np.float32),
        "far.matrix": drawn(len(FAR) * N_HIDDEN, N_HIDDEN),
        "far.bias": np.zeros(N_HIDDEN, dtype=np.float32),
        "head.matrix": drawn(N_HIDDEN + n_columns, N_HEARD, 0.3),
        "head.bias": np.zeros(N_HEARD, dtype=np.float32),
        "transition": np.zeros((N_STATES, N_STATES), dtype=np.float32),
        "initial": np.zeros(N_STATES, dtype=np.float32),
    }
    weights["transition"][OUTSIDE, INSIDE] = _FORBIDDEN
    weights["initial"][INSIDE] = _FORBIDDEN
    return weights


class Pass:
    """One pass over pieces of documents, forward and back.

    Parameters
    ----------
    reading : Reading
    pieces : sequence of (first, last)
        Half-open ranges of tokens, each of whole sentences of one document.
    weights : Weights
    rng : Generator
    dropout : float
        Share of columns that are silent.
    """

    def __init__(
        self,
        reading: Reading,
        pieces: Sequence[Piece],
        weights: Weights,
        rng: np.random.Generator,
        dropout: float,
    ) -> None:
        self._reading, self._weights = reading, weights
        reach = max(max(NEAR), max(FAR))
        places, tokens, at = [], [], reach
        for first, last in pieces:
            places.append(np.arange(at, at + last - first))
            tokens.append(np.arange(first, last))
            at += last - first + reach
        self._at, self._tokens = np.concatenate(places), np.concatenate(tokens)
        self._size = at + reach  # with the silence between documents

        def mask(n_columns: int) -> Floats:
            kept = rng.random((len(self._tokens), n_columns), dtype=np.float32) >= dropout
            return (kept / np.float32(1 - dropout)).astype(np.float32)

        self._figures = reading.figures[self._tokens]
        vectors = reading.vectors[reading.row[self._tokens]] + self._figures @ weights["figures"]
        self._masks = [mask(vectors.shape[1]), mask(N_HIDDEN), mask(N_HIDDEN)]
        vectors = vectors * self._masks[0]
        self._starts = np.flatnonzero(reading.opens[self._tokens])
        self.lengths = np.diff(np.append(self._starts, len(self._tokens)))
        self._sentence = np.repeat(np.arange(len(self.lengths)), self.lengths)
        self._root = np.sqrt(self.lengths)[:, None].astype(np.float32)
        summed = np.add.reduceat(vectors, self._starts, axis=0)
        self._whole: Floats = np.asarray(summed / self._root, dtype=np.float32)
        self._near = self._windows(vectors, NEAR)
        near = self._near @ weights["near.matrix"] + weights["near.bias"]
        near += (self._whole @ weights["sentence"])[self._sentence]
        hidden = np.maximum(near, 0) * self._masks[1]
        self._far = self._windows(hidden, FAR)
        far = self._far @ weights["far.matrix"] + weights["far.bias"]
        self._heard = [near > 0, far > 0]
        self._last = np.hstack([hidden + np.maximum(far, 0) * self._masks[2], vectors])
        self.told: Floats = self._last @ weights["head.matrix"] + weights["head.bias"]

    def _windows(self, values: Floats, offsets: Sequence[int]) -> Floats:
        padded = np.zeros((self._size, values.shape[1]), dtype=np.float32)
        padded[self._at] = values
        return np.hstack([padded[self._at + offset] for offset in offsets])

    def _unwound(self, windows: Floats, offsets: Sequence[int]) -> Floats:
        """Carry a gradient of windows back to what they hold."""
        n_columns = windows.shape[1] // len(offsets)
        padded = np.zeros((self._size, n_columns), dtype=np.float32)
        for number, offset in enumerate(offsets):
            padded[self._at + offset] += windows[:, number * n_columns : (number + 1) * n_columns]
        return padded[self._at]

    def gradient(self) -> tuple[float, Weights]:
        """Return the loss of a token, and its gradient by every weight."""
        loss, by_told, gradient = self._loss()
        weights = self._weights
        gradient["head.matrix"], gradient["head.bias"] = self._last.T @ by_told, by_told.sum(0)
        by_last: Floats = by_told @ weights["head.matrix"].T
        by_hidden, by_vectors = by_last[:, :N_HIDDEN], by_last[:, N_HIDDEN:].copy()
        by_far: Floats = by_hidden * self._masks[2] * self._heard[1]
        gradient["far.matrix"], gradient["far.bias"] = self._far.T @ by_far, by_far.sum(0)
        by_hidden = by_hidden + self._unwound(by_far @ weights["far.matrix"].T, FAR)
        by_near: Floats = by_hidden * self._masks[1] * self._heard[0]
        gradient["near.matrix"], gradient["near.bias"] = self._near.T @ by_near, by_near.sum(0)
        by_sentence: Floats = np.add.reduceat(by_near, self._starts, axis=0)
        gradient["sentence"] = self._whole.T @ by_sentence
        by_whole = (by_sentence @ weights["sentence"].T) / self._root
        by_vectors += self._unwound(by_near @ weights["near.matrix"].T, NEAR)
        by_vectors += by_whole[self._sentence]
        gradient["figures"] = self._figures.T @ (by_vectors * self._masks[0])
        return loss, gradient

    def _loss(self) -> tuple[float, Floats, Weights]:
        reading, weights = self._reading, self._weights
        n_tokens = len(self._tokens)
        chain = Chain(
            weights["transition"].astype(np.float64), weights["initial"].astype(np.float64)
        )
        emission = self.told[:, :N_STATES].astype(np.float64)
        rows = steps(self.lengths)
        found = forward_backward(emission, chain, rows)
        # What was marked may leave several readings: all of them count (Tsuboi et al.,
        # "Training conditional random fields using incomplete annotations", COLING 2008).
        barred = np.where(reading.allowed[self._tokens], 0.0, _FORBIDDEN)
        wanted = forward_backward(emission + barred, chain, rows)
        by_transition = found.pair - wanted.pair
        by_transition[OUTSIDE, INSIDE] = 0
        by_initial = (found.state - wanted.state)[self._starts].sum(axis=0)
        by_initial[INSIDE] = 0
        marked = reading.marked[self._tokens]
        odds = self.told[:, N_STATES:]
        weight = _MARKED_WEIGHT * reading.told[self._tokens, None]
        chance = 1 / (1 + np.exp(-odds))
        missed = weight * (np.logaddexp(0, odds) - marked * odds)
        by_told = np.hstack([found.state - wanted.state, weight * (chance - marked)])
        loss = (found.log_partition - wanted.log_partition + missed.sum()) / n_tokens
        gradient = {
            "transition": (by_transition / n_tokens).astype(np.float32),
            "initial": (by_initial / n_tokens).astype(np.float32),
        }
        return float(loss), (by_told / n_tokens).astype(np.float32), gradient


@dataclass(frozen=True)
class Schedule:
    """How long and how fast it learns."""

    epochs: int = 6
    rate: float = 4e-3
    least_rate: float = 0.02  # of that
    warm_up: int = 30  # steps
    batch: int = 4000  # tokens
    dropout: float = 0.2
    decay: float = 1e-4


def descend(
    reading: Reading, documents: Sequence[int], schedule: Schedule, rng: np.random.Generator
) -> Weights:
    """Learn from these documents of a reading."""
    weights = first_weights(reading.vectors.shape[1], rng)
    mean = {name: np.zeros_like(value) for name, value in weights.items()}
    square = {name: np.zeros_like(value) for name, value in weights.items()}
    plan = [
        batch
        for _ in range(schedule.epochs)
        for batch in _batches(reading.cut(documents, rng), schedule.batch, rng)
    ]
    for step, pieces in enumerate(plan, start=1):
        _, gradient = Pass(reading, pieces, weights, rng, schedule.dropout).gradient()
        rate = schedule.rate * min(
            step / schedule.warm_up, max(schedule.least_rate, 1 - step / len(plan))
        )
        norm = np.sqrt(sum(float((one * one).sum()) for one in gradient.values()))
        for name, one in gradient.items():
            own = one / np.float32(max(norm, 1.0))
            mean[name] += np.float32(0.1) * (own - mean[name])
            square[name] += np.float32(0.01) * (own * own - square[name])
            root = np.sqrt(square[name] / np.float32(1 - 0.99**step)) + np.float32(1e-8)
            move = mean[name] / np.float32(1 - 0.9**step) / root
            if weights[name].ndim > 1 and name != "transition":
                move += np.float32(schedule.decay) * weights[name]
            weights[name] -= np.float32(rate) * move
    return weights


def _batches(
    pieces: Sequence[Piece], n_tokens: int, rng: np.random.Generator
) -> Iterator[list[Piece]]:
    """Yield pieces, shuffled, as many at a time as make a batch."""
    batch: list[Piece] = []
    size = 0
    for number in rng.permutation(len(pieces)).tolist():
        batch.append(pieces[number])
        size += batch[-1][1] - batch[-1][0]
        if size >= n_tokens:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def states_of(content: NDArray[np.bool_], opens: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Return the states of tokens of which some are content; no content goes on across sentences.

    >>> states_of(np.array([0, 1, 1, 1], bool), np.array([1, 0, 0, 1], bool)).tolist()
    [0, 1, 2, 1]
    """
    begins = content.copy()
    begins[1:] &= ~content[:-1] | opens[1:]
    state = np.where(content, INSIDE, OUTSIDE).astype(np.int8)
    state[begins] = BEGIN
    return state
