"""Learning how much a model of word types and an encoder count in a pool.

On passages of outlets that neither has seen: what has been learned by heart would count
too much.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from slantwise.encoder import ANSWERS, Encoder
from slantwise.labeller import Extents, SpanHead, means
from slantwise.layout import lay_out, sentence_means
from slantwise.model import FramingModel
from slantwise.passages import Passage
from slantwise.pooling import Pooling
from slantwise.sequence import BEGIN, INSIDE, N_STATES, Chain, forward_backward, steps
from slantwise.spread import Spread
from slantwise.text import read_document
from slantwise.training.crf import states_of

logger = logging.getLogger(__name__)

Floats = NDArray[np.float64]


def fit_pooling(
    model: FramingModel,
    encoder: Encoder,
    held_out: Sequence[Passage],
    sentences: Sequence[str],
    biased: NDArray[np.int64],
) -> tuple[Pooling, tuple[float, float]]:
    """Choose the weights of a pool by the likelihood of what the annotators marked.

    Parameters
    ----------
    model : FramingModel
    encoder : Encoder
    held_out : sequence of Passage
        Of outlets that neither has seen.
    sentences, biased : sequence of str, ndarray of shape (n_sentences,)
        Sentences and whether their wording is biased, seen by neither.

    Returns
    -------
    Pooling, and slope and intercept that `FramingModel.sentence_bias` gets
    """
    spread = model.spread([one.document for one in held_out])
    answers = encoder.read(spread.documents)
    spans = [
        (spread.tokens(number, (span["start"], span["end"])), span)
        for number, passage in enumerate(held_out)
        for span in passage.spans
    ]
    pairs = np.array([extent for extent, _ in spans], dtype=np.int64)

    def head(own: SpanHead, question: str) -> tuple[float, float]:
        told = [
            (at, span[question])
            for at, (_, span) in enumerate(spans)
            if span[question] in own.classes
        ]
        at = np.array([number for number, _ in told])
        extents = _extents(spread, pairs[at])
        alone = np.log(own.probabilities(spread.types, spread.layout, extents))
        columns = [ANSWERS.index(f"{question} {name}") for name in own.classes]
        heard = means(answers, extents)[:, columns]
        truth = np.array([own.classes.index(spans[number][1][question]) for number in at])
        return _weights(alone, heard, truth)

    bias, intercept = _bias(model, encoder, sentences, biased)
    pooling = Pooling(
        *_span(model, spread, answers, [one.extents for one in held_out]),
        head(model.labeller, "label"),
        head(model.voicer, "voice"),
        head(model.targets.valence, "valence"),
        bias,
    )
    logger.info("pooling: %s", pooling)
    slope, constant = model.sentence_bias
    # The intercept joins that of the model itself, which is weighted with it.
    return pooling, (slope, constant + intercept / (bias[0] or 1.0))


def _extents(spread: Spread, pairs: NDArray[np.int64]) -> Extents:
    voices = [
        spread.voices[place.document].said(*spread.offsets(place))[0]
        for place in spread.places(pairs[:, 0], pairs[:, 1])
    ]
    return Extents(pairs[:, 0], pairs[:, 1], np.array(voices, dtype=np.int64))


def _span(
    model: FramingModel,
    spread: Spread,
    answers: NDArray[np.float32],
    extents: Sequence[Sequence[tuple[int, int]]],
) -> tuple[tuple[float, float], tuple[float, float]]:
    own = model.tagger.emissions(spread.types, spread.layout, spread.quoted()).astype(np.float64)
    heard = answers[:, :N_STATES].astype(np.float64)
    states = np.concatenate(
        [
            states_of(
                [document.tokens.covering(*extent) for extent in marked], len(document.tokens)
            )
            for document, marked in zip(spread.documents, extents, strict=True)
        ]
    )
    rows = steps(spread.layout.lengths)
    gold = np.eye(N_STATES)[states]
    chain: Chain = model.tagger.chain

    def loss(weights: Floats) -> float:
        emission = weights[0] * own + weights[1] * heard
        emission[:, [BEGIN, INSIDE]] += weights[2:]
        partition = forward_backward(emission, chain, rows).log_partition
        return partition - float((emission * gold).sum())

    bounds = [(0, 3), (0, 3), (-9, 9), (-9, 9)]
    found = minimize(loss, np.array([0.5, 0.5, 0, 0]), method="L-BFGS-B", bounds=bounds).x
    return (float(found[0]), float(found[1])), (float(found[2]), float(found[3]))


def _weights(own: Floats, heard: Floats, truth: NDArray[np.int64]) -> tuple[float, float]:
    def loss(weights: Floats) -> float:
        odds = weights[0] * own + weights[1] * heard
        odds = odds - odds.max(axis=1, keepdims=True)
        chosen = odds[np.arange(len(truth)), truth]
        return float((np.log(np.exp(odds).sum(axis=1)) - chosen).sum())

    return _minimum(loss)


def _minimum(loss: Callable[[Floats], float]) -> tuple[float, float]:
    """Return the two weights, neither below 0, of the least loss."""
    found = minimize(loss, np.array([0.5, 0.5]), method="L-BFGS-B", bounds=[(0, 3), (0, 3)])
    return float(found.x[0]), float(found.x[1])


def _bias(
    model: FramingModel,
    encoder: Encoder,
    sentences: Sequence[str],
    biased: NDArray[np.int64],
) -> tuple[tuple[float, float], float]:
    documents = [read_document(sentence, unscored=()) for sentence in sentences]
    layout = lay_out(documents)
    types = model.spread(documents).types
    sums = sentence_means(types.columns("bias")[types.row], layout)[:, 0]
    slope, intercept = model.sentence_bias
    heard = sentence_means(encoder.read(documents)[:, [ANSWERS.index("bias")]], layout, power=1.0)
    document = np.repeat(np.arange(len(documents)), np.diff(layout.sentence_edges))
    # A few are two sentences to our eyes: the mean of what is told of them.
    times = np.maximum(np.bincount(document, minlength=len(documents)), 1)
    figures = np.column_stack(
        [
            np.bincount(document, weights=values, minlength=len(documents)) / times
            for values in (slope * sums + intercept, heard[:, 0])
        ]
    )
    logistic = LogisticRegression(C=1e3).fit(figures, biased)
    return (float(logistic.coef_[0, 0]), float(logistic.coef_[0, 1])), float(logistic.intercept_[0])
