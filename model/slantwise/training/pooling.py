"""Learning how much a model and a reader count in a pool, and how sure the two are.

On passages of outlets that neither has seen: what has been learned by heart would count
too much.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from slantwise.answers import ANSWERS, Reader
from slantwise.labeller import Extents, SpanHead, means
from slantwise.layout import sentence_means
from slantwise.model import FramingModel
from slantwise.passages import Passage
from slantwise.pooling import Pooling, pooled
from slantwise.spread import Spread
from slantwise.text import read_document
from slantwise.training.fit import calibrated, judged_candidates
from slantwise.training.folds import outlet_folds
from slantwise.training.thresholds import steady_f1

logger = logging.getLogger(__name__)

_SHARES = (0.4, 0.5, 0.6, 0.7)  # of the reader in the emissions of a pool
# Both weights together: the more, the surer the pool, and the fewer candidates are left to judge.
_WEIGHT = 1.8
_STATES = (0.3, 0.3)  # both know how rare begin and inside are: half of what is counted twice
Floats = NDArray[np.float64]


def first_fold_apart(passages: Sequence[Passage]) -> tuple[list[Passage], list[Passage]]:
    """Return the passages that a reader may have seen, and those that pools are fitted on."""
    fold = outlet_folds([one.outlet for one in passages])
    return (
        [one for one, where in zip(passages, fold, strict=True) if where],
        [one for one, where in zip(passages, fold, strict=True) if not where],
    )


def fit_pooled(
    draft: FramingModel,
    whole: FramingModel,
    reader: Reader,
    held_out: Sequence[Passage],
    sentences: Sequence[str],
    biased: NDArray[np.int64],
    *,
    card: Mapping[str, Any],
) -> FramingModel:
    """Pool a model with a reader as it is best to pool its draft.

    Parameters
    ----------
    draft, whole : FramingModel
        Without the passages held out, and with them.
    reader : Reader
    held_out, sentences, biased
        As for :func:`fit_pooling`; the scores are calibrated on the passages too.
    card : mapping
        Sections of the model card known beforehand.
    """
    pooling, sentence_bias = fit_pooling(draft, reader, held_out, sentences, biased)
    candidates = pooled(replace(draft, card=card), reader, pooling)
    sure = calibrated(candidates, [judged_candidates(candidates, one) for one in held_out])
    return replace(
        pooled(whole, reader, pooling),
        name=sure.name,
        calibrator=sure.calibrator,
        thresholds=sure.thresholds,
        balanced_threshold=sure.balanced_threshold,
        sentence_bias=sentence_bias,
        card=sure.card,
    )


def fit_pooling(
    model: FramingModel,
    reader: Reader,
    held_out: Sequence[Passage],
    sentences: Sequence[str],
    biased: NDArray[np.int64],
) -> tuple[Pooling, tuple[float, float]]:
    """Choose the weights of a pool by what the annotators marked.

    Parameters
    ----------
    model : FramingModel
    reader : Reader
    held_out : sequence of Passage
        Of outlets that neither has seen.
    sentences, biased : sequence of str, ndarray of shape (n_sentences,)
        Sentences and whether their wording is biased, seen by neither.

    Returns
    -------
    Pooling, and slope and intercept that `FramingModel.sentence_bias` gets
    """
    spread = model.spread([one.document for one in held_out])
    answers = reader.read(spread)
    spans = [
        (spread.tokens(number, (span["start"], span["end"])), span)
        for number, passage in enumerate(held_out)
        for span in passage.spans
    ]
    pairs = np.array([extent for extent, _ in spans], dtype=np.int64)

    def head(own: SpanHead, question: str) -> tuple[float, float]:
        told = [
            (at, span[question] or "none")
            for at, (_, span) in enumerate(spans)
            if (span[question] or "none") in own.classes
        ]
        at = np.array([number for number, _ in told])
        extents = _extents(spread, pairs[at])
        alone = np.log(own.probabilities(spread.types, spread.layout, extents))
        columns = [ANSWERS.index(f"{question} {name}") for name in own.classes]
        heard = means(answers, extents)[:, columns]
        truth = np.array([own.classes.index(name) for _, name in told])
        return _weights(alone, heard, truth)

    bias, intercept = _bias(model, reader, sentences, biased)
    pooling = Pooling(
        (0.5, 0.5),
        _STATES,
        head(model.labeller, "label"),
        head(model.voicer, "voice"),
        head(model.targets.valence, "valence"),
        bias,
    )
    pooling = _best_span(model, reader, pooling, held_out)
    logger.info("pooling: %s", pooling)
    slope, constant = model.sentence_bias
    # The intercept joins that of the model itself, which is weighted with it.
    return pooling, (slope, constant + intercept / (bias[0] * model.bias_pool[0] or 1.0))


def _extents(spread: Spread, pairs: NDArray[np.int64]) -> Extents:
    voices = [
        spread.voices[place.document].said(*spread.offsets(place))[0]
        for place in spread.places(pairs[:, 0], pairs[:, 1])
    ]
    return Extents(pairs[:, 0], pairs[:, 1], np.array(voices, dtype=np.int64))


def _best_span(
    model: FramingModel, reader: Reader, pooling: Pooling, held_out: Sequence[Passage]
) -> Pooling:
    """Choose the weights of the emissions by the span F1 that they lead to.

    Their likelihood would be the wrong guide: a network is too sure of itself, which
    costs likelihood and no span.
    """
    tried = [replace(pooling, span=(_WEIGHT * (1 - share), _WEIGHT * share)) for share in _SHARES]
    found = {}
    for number, one in enumerate(tried):
        candidate = pooled(model, reader, one)
        judged = [judged_candidates(candidate, passage) for passage in held_out]
        chances = calibrated(candidate, judged).calibrator.chances(
            np.vstack([passage.inputs for passage in judged])
        )
        found[number] = steady_f1(judged, chances)
        logger.info("span (%.2f, %.2f): F1 %.3f", *one.span, found[number])
    return tried[max(found, key=found.__getitem__)]


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
    reader: Reader,
    sentences: Sequence[str],
    biased: NDArray[np.int64],
) -> tuple[tuple[float, float], float]:
    documents = [read_document(sentence, unscored=()) for sentence in sentences]
    spread = model.spread(documents)
    layout = spread.layout
    heard = sentence_means(reader.read(spread)[:, [ANSWERS.index("bias")]], layout, power=1.0)
    document = np.repeat(np.arange(len(documents)), np.diff(layout.sentence_edges))
    # A few are two sentences to our eyes: the mean of what is told of them.
    times = np.maximum(np.bincount(document, minlength=len(documents)), 1)
    figures = np.column_stack(
        [
            np.bincount(document, weights=values, minlength=len(documents)) / times
            for values in (model.bias_odds(spread), heard[:, 0])
        ]
    )
    logistic = LogisticRegression(C=1e3).fit(figures, biased)
    return (float(logistic.coef_[0, 0]), float(logistic.coef_[0, 1])), float(logistic.intercept_[0])
