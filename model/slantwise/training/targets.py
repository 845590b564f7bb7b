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

from slantwise.features import TypeRows, TypeTable, TypeWeights, Vocabulary
from slantwise.labeller import Extents, SpanHead, roles, span_figures
from slantwise.layout import Layout
from slantwise.metrics import same_actor
from slantwise.records import LABELS
from slantwise.rivals import AIMS, Choices, TargetSpans, choices_of, mentions_of
from slantwise.targets import OUTCOMES, TargetFinder, evidence_of
from slantwise.text import Document
from slantwise.training.design import type_design
from slantwise.training.labeller import locate
from slantwise.training.vectors import WordVectors, fit_head
from slantwise.voice import find_voices

SpanOf = tuple[Document, Mapping[str, Any]]
_FOLDS = 4
_AIM_C = 0.03
_VALENCE_C = 0.03
_DECISION_C = 0.3
# Nobody and praise are rare: an error with them counts more, as in a mean over the three.
_RARE = 0.4
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
    vocabulary: Vocabulary,
    passages: Sequence[tuple[Document, Sequence[Mapping[str, Any]]]],
    words: TypeWeights | None = None,
) -> FittedTargets:
    """Fit everything that tells a span's target and valence.

    Parameters
    ----------
    vocabulary : Vocabulary
    passages : sequence of (document, its labelled spans)
    words : TypeWeights, optional
        Vectors of words that a convolution has learned.
    """
    spans = [(document, span) for document, here in passages for span in here]
    actor = ActorNouns(vocabulary).fit(
        [document for document, _ in passages],
        [[span["target"] for span in here if span["target"]] for _, here in passages],
    )
    located = _locate(vocabulary, actor.type_weights_, spans)
    vectors = WordVectors(vocabulary, words)
    aims = np.array([aim_of(document, span) for document, span in spans])
    valences = np.array([span["valence"] or OUTCOMES[-1] for _, span in spans])
    aim = located.head("aim", vectors, aims, _AIM_C)
    valence = located.head("valence", vectors, valences, _VALENCE_C)
    choices, right = located.choices(located.out_of_fold("aim", vectors, aims, _AIM_C, AIMS))
    ranker = TargetRanker().fit(choices, right)
    said = located.out_of_fold("valence", vectors, valences, _VALENCE_C, OUTCOMES)
    outcomes = SpanHead("valence", OUTCOMES, valence.head.figures)
    evidence = evidence_of(
        said, outcomes, choices, _odds_out_of_fold(choices, right, located), located.targets
    )
    finder = TargetFinder(
        ranker.coef_.astype(np.float32),
        aim.head,
        valence.head,
        np.zeros((len(LABELS), len(valence.head.classes)), dtype=np.float32),
        _decision(evidence, valences),
    )
    return FittedTargets(
        finder,
        {"actor": actor.type_weights_, "aim": aim.weights, "valence": valence.weights},
    )


def _decision(evidence: NDArray[np.float64], outcomes: NDArray[np.str_]) -> NDArray[np.float32]:
    """Return what each piece of ``EVIDENCE`` weighs for each of ``OUTCOMES``."""
    weights = np.zeros((evidence.shape[1], len(OUTCOMES)))
    there = [name for name in OUTCOMES if (outcomes == name).any()]
    weights[0, [OUTCOMES.index(name) for name in OUTCOMES if name not in there]] = -1e6
    if len(there) < 2:
        return weights.astype(np.float32)
    model = LogisticRegression(C=_DECISION_C, max_iter=1000).fit(evidence, outcomes)
    columns = [OUTCOMES.index(name) for name in model.classes_]
    if len(columns) == 2:
        weights[:, columns[1]] = model.coef_[0]
        weights[0, columns[1]] += model.intercept_[0]
    else:
        weights[:, columns] = model.coef_.T
        weights[0, columns] += model.intercept_
    usual = max(there, key=lambda name: int((outcomes == name).sum()))
    weights[0, [OUTCOMES.index(name) for name in there if name != usual]] += _RARE
    return weights.astype(np.float32)


def _odds_out_of_fold(
    choices: Choices, right: NDArray[np.bool_], located: _Located
) -> NDArray[np.float64]:
    """Return the log odds of all choices, told by a ranker that has not seen their passage."""
    odds = np.zeros(len(choices.span))
    figures = choices.figures
    for number in range(_FOLDS):
        unseen = (located.fold == number)[choices.span]
        if not unseen.any() or unseen.all():
            continue
        ranker = TargetRanker().fit(choices, right & ~unseen)
        odds[unseen] = figures[unseen] @ ranker.coef_
    return odds


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
class _Head:
    head: SpanHead
    weights: TypeWeights


@dataclass(frozen=True)
class _Located:
    spans: Sequence[SpanOf]
    layout: Layout
    types: TypeRows
    targets: TargetSpans

    @property
    def fold(self) -> NDArray[np.int64]:
        """The fold of each span, those of a passage in the same."""
        passage: dict[int, int] = {}
        return np.array(
            [passage.setdefault(id(one), len(passage)) % _FOLDS for one, _ in self.spans]
        )

    def head(
        self,
        part: str,
        vectors: WordVectors,
        classes: NDArray[np.str_],
        C: float,
        at: NDArray[np.int64] | None = None,
    ) -> _Head:
        """Fit a head to these spans, or to some of them."""
        at = np.arange(len(self.spans)) if at is None else at
        extents = _of(self.targets.extents, at)
        fitted = fit_head(
            vectors,
            self.layout,
            roles(self.layout, extents),
            span_figures(self.layout, extents),
            classes[at],
            C=C,
        )
        figures = fitted.figures.copy()
        figures[0] += fitted.constant
        head = SpanHead(part, fitted.classes, figures.astype(np.float32))
        return _Head(head, fitted.type_weights)

    def out_of_fold(
        self,
        part: str,
        vectors: WordVectors,
        classes: NDArray[np.str_],
        C: float,
        names: Sequence[str],
    ) -> NDArray[np.float64]:
        """Return the chances of each name, told by heads that have not seen the passage."""
        fold = self.fold
        chances = np.full((len(fold), len(names)), 1 / len(names))
        for number in range(_FOLDS):
            seen, unseen = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
            if not len(unseen) or not len(seen):
                continue
            one = self.head(part, vectors, classes, C, seen)
            types = TypeTable(vectors.vocabulary, {part: one.weights}).look_up(self.layout.words)
            told = one.head.probabilities(types, self.layout, _of(self.targets.extents, unseen))
            chances[unseen] = 0.0
            columns = [names.index(name) for name in one.head.classes]
            chances[unseen[:, None], columns] = told
        return chances

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


def _of(extents: Extents, at: NDArray[np.int64]) -> Extents:
    return Extents(extents.first[at], extents.last[at], extents.voice[at])
