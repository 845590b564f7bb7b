"""Learning whose image a span affects."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_is_fitted

from slantwise.features import TypeTable, TypeWeights, Vocabulary
from slantwise.layout import Layout
from slantwise.metrics import same_actor
from slantwise.records import LABELS
from slantwise.rivals import AIMS, Choices, TargetSpans, choices_of, mentions_of
from slantwise.targets import TargetFinder
from slantwise.text import Document
from slantwise.training.design import type_design
from slantwise.training.labeller import SpanClassifier, locate
from slantwise.voice import find_voices

SpanOf = tuple[Document, Mapping[str, Any]]
_FOLDS = 4
_AIM_C = 0.03
_ACTOR_C = 0.3
# Missing an actor noun loses a target for good; one too many only competes.
_ACTOR_WEIGHT = 4.0
_WORDS = re.compile(r"\w+")


class ActorNouns(BaseEstimator):
    """A logistic regression that tells words that name actors from other words.

    Parameters
    ----------
    vocabulary : Vocabulary
    C : float
        Inverse strength of the L2 penalty.
    """

    def __init__(self, vocabulary: Vocabulary, C: float = _ACTOR_C) -> None:
        self.vocabulary = vocabulary
        self.C = C

    def fit(self, X: Sequence[Document], y: Sequence[Sequence[str]]) -> Self:
        """Fit to documents and the naming phrases of the targets in each."""
        counts: dict[str, list[int]] = {}
        for document, targets in zip(X, y, strict=True):
            heads = {_WORDS.findall(target)[-1] for target in targets if _WORDS.search(target)}
            for word in document.tokens.words:
                if word.isalpha():
                    counts.setdefault(word, [0, 0])[word in heads] += 1
        types = list(counts)
        table = np.array([counts[word] for word in types], dtype=np.float64)
        analysis = self.vocabulary.analyse(types)
        design = type_design(self.vocabulary, analysis, table.sum(axis=1).astype(np.int64))
        matrix = sp.hstack([design.sparse, sp.csr_matrix(design.dense)], format="csr")
        weight = np.concatenate([table[:, 0], _ACTOR_WEIGHT * table[:, 1]])
        truth = np.repeat([0, 1], len(types))
        model = LogisticRegression(C=self.C, max_iter=300)
        model.fit(sp.vstack([matrix, matrix]), truth, sample_weight=np.log1p(weight))
        weights = np.asarray(model.coef_.T)
        self.type_weights_ = design.type_weights(weights)
        # The constant travels with the shape, of which every word has one.
        self.type_weights_.shape[:] += np.float32(model.intercept_[0])
        return self


class TargetRanker(BaseEstimator):
    """A conditional logit over who competes for a span.

    McFadden, "Conditional logit analysis of qualitative choice behavior" (1974),
    fitted by L-BFGS; several mentions of the target count as right together.

    Parameters
    ----------
    alpha : float
        Strength of the L2 penalty.
    max_iter : int
    """

    def __init__(self, alpha: float = 1.0, max_iter: int = 200) -> None:
        self.alpha = alpha
        self.max_iter = max_iter

    def fit(self, X: Choices, y: NDArray[np.bool_]) -> Self:
        """Fit to choices and whether each is right; spans without a right choice don't count."""
        edges = X.edges
        usable = np.add.reduceat(y.astype(np.int64), edges) > 0
        if not usable.any():  # without a weight, nobody is chosen
            self.coef_ = np.zeros(X.figures.shape[1])
            return self
        size = np.diff(np.append(edges, len(y)))
        keep = np.repeat(usable, size)
        figures, right = X.figures[keep], y[keep]
        starts = np.concatenate([[0], np.cumsum(size[usable])[:-1]])
        span = np.repeat(np.arange(len(starts)), size[usable])

        def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            odds = figures @ weights
            odds -= np.maximum.reduceat(odds, starts)[span]
            raised = np.exp(odds)
            total = np.add.reduceat(raised, starts)
            of_right = np.add.reduceat(raised * right, starts)
            chance = raised / total[span]
            wanted = raised * right / of_right[span]
            value = float(np.log(total / of_right).sum()) + 0.5 * self.alpha * float(
                weights @ weights
            )
            return value, figures.T @ (chance - wanted) + self.alpha * weights

        result = minimize(
            loss,
            np.zeros(figures.shape[1]),
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": self.max_iter},
        )
        self.coef_ = result.x
        return self

    def predict(self, X: Choices) -> NDArray[np.int64]:
        """Return the mention chosen for each span, -1 for nobody."""
        check_is_fitted(self)
        odds = X.figures @ self.coef_
        edges = X.edges
        ends = np.append(edges[1:], len(odds))
        best = [low + int(odds[low:high].argmax()) for low, high in zip(edges, ends, strict=True)]
        return X.mention[best]


@dataclass(frozen=True)
class FittedTargets:
    """A target finder with the columns of the type table that it needs."""

    finder: TargetFinder
    weights: Mapping[str, TypeWeights]


def fit_targets(
    vocabulary: Vocabulary, passages: Sequence[tuple[Document, Sequence[Mapping[str, Any]]]]
) -> FittedTargets:
    """Fit everything that tells a span's target and valence.

    Parameters
    ----------
    vocabulary : Vocabulary
    passages : sequence of (document, its labelled spans)
    """
    spans = [(document, span) for document, here in passages for span in here]
    actor = ActorNouns(vocabulary).fit(
        [document for document, _ in passages],
        [[span["target"] for span in here if span["target"]] for _, here in passages],
    )
    places = [(document, span["start"], span["end"]) for document, span in spans]
    aims = [aim_of(document, span) for document, span in spans]
    aim = SpanClassifier(vocabulary, C=_AIM_C, part="aim").fit(places, aims)
    charged = [number for number, (_, span) in enumerate(spans) if span["valence"]]
    valence = SpanClassifier(vocabulary, part="valence").fit(
        [places[number] for number in charged], [spans[number][1]["valence"] for number in charged]
    )
    located = _locate(vocabulary, actor.type_weights_, spans)
    chances = _out_of_fold(vocabulary, places, aims)
    choices, right = located.choices(chances)
    ranker = TargetRanker().fit(choices, right)
    finder = TargetFinder(
        ranker.coef_.astype(np.float32),
        aim.head_,
        valence.head_,
        _valence_of_label([spans[number][1] for number in charged], valence.head_.classes),
    )
    return FittedTargets(
        finder,
        {
            "actor": actor.type_weights_,
            "aim": aim.type_weights_,
            "valence": valence.type_weights_,
        },
    )


def _valence_of_label(
    spans: Sequence[Mapping[str, Any]], classes: Sequence[str]
) -> NDArray[np.float32]:
    """Return how far the valences of each label differ from all, shape (len(LABELS), n_classes).

    Log odds that add to those of the words, as in naive Bayes; one span of the
    usual valences is added to each label, so that rare ones say little.
    """
    counts = np.zeros((len(LABELS), len(classes)))
    for span in spans:
        counts[LABELS.index(span["label"]), classes.index(span["valence"])] += 1
    usual = (counts.sum(axis=0) + 1) / (counts.sum() + len(classes))
    smoothed = counts + usual
    share = smoothed / smoothed.sum(axis=1, keepdims=True)
    return np.asarray(np.log(share / usual), dtype=np.float32)


def aim_of(document: Document, span: Mapping[str, Any]) -> str:
    """Return where the nearest naming of a span's target stands, seen from the span."""
    target = span["target"]
    places = [
        match.start() for match in re.finditer(re.escape(target or ""), document.text) if target
    ]
    if not places:
        return AIMS[3]
    start, end = span["start"], span["end"]
    nearest = min(places, key=lambda at: max(start - at - len(target), at - end, 0))
    if nearest < end and nearest + len(target) > start:
        return "inside"
    return "before" if nearest < start else "after"


@dataclass(frozen=True)
class _Located:
    spans: Sequence[SpanOf]
    layout: Layout
    types: Any
    targets: TargetSpans

    def choices(self, aims: NDArray[np.float64]) -> tuple[Choices, NDArray[np.bool_]]:
        mentions = mentions_of(self.types, self.layout, self.targets.extents)
        choices = choices_of(self.types, self.layout, self.targets, mentions, aims)
        named = [
            " ".join(self.layout.words[a:b])
            for a, b in zip(mentions.first, mentions.last, strict=True)
        ]
        right = [
            same_actor(named[mention] if mention >= 0 else None, self.spans[span][1]["target"])
            for span, mention in zip(choices.span, choices.mention, strict=True)
        ]
        return choices, np.array(right, dtype=bool)


def _locate(vocabulary: Vocabulary, actor: TypeWeights, spans: Sequence[SpanOf]) -> _Located:
    layout, extents = locate([(document, span["start"], span["end"]) for document, span in spans])
    types = TypeTable(vocabulary, {"actor": actor}).look_up(layout.words)
    voices = {id(document): find_voices(document) for document, _ in spans}
    edges = {id(document): 0 for document, _ in spans}
    for number, key in enumerate(edges):
        edges[key] = int(layout.token_edges[number])
    speakers: list[tuple[int, int] | None] = []
    for document, span in spans:
        source = voices[id(document)].said(span["start"], span["end"])[1]
        if source is None:
            speakers.append(None)
            continue
        first, last = document.tokens.covering(*source)
        edge = edges[id(document)]
        speakers.append((edge + first, edge + last))
    label = np.array([LABELS.index(span["label"]) for _, span in spans])
    # Spans must stand in the order of the layout.
    return _Located(spans, layout, types, TargetSpans(extents, label, speakers))


def _out_of_fold(
    vocabulary: Vocabulary, places: Sequence[tuple[Document, int, int]], aims: Sequence[str]
) -> NDArray[np.float64]:
    """Return where spans aim, told by a classifier that has not seen their passage."""
    passage: dict[int, int] = {}
    fold = np.array([passage.setdefault(id(place[0]), len(passage)) % _FOLDS for place in places])
    chances = np.zeros((len(places), len(AIMS)))
    for number in range(_FOLDS):
        seen = np.flatnonzero(fold != number).tolist()
        unseen = np.flatnonzero(fold == number).tolist()
        if not unseen or len({aims[at] for at in seen}) < 2:
            chances[unseen] = 1 / len(AIMS)
            continue
        fitted = SpanClassifier(vocabulary, C=_AIM_C, part="aim").fit(
            [places[at] for at in seen], [aims[at] for at in seen]
        )
        columns = [AIMS.index(name) for name in fitted.classes_]
        chances[np.array(unseen)[:, None], columns] = fitted.predict_proba(
            [places[at] for at in unseen]
        )
    return chances
