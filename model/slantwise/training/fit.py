"""Fitting a framing model on labelled passages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from slantwise.attribution import Attributor
from slantwise.calibration import Calibrator
from slantwise.convolution import PART, Convolution
from slantwise.errors import InputError
from slantwise.features import TypeWeights, Vocabulary
from slantwise.genre import Genre
from slantwise.labeller import SpanHead
from slantwise.metrics import half_shared, partial_overlap
from slantwise.model import FramingModel
from slantwise.passages import Passage
from slantwise.pooling import Pooling, pooled
from slantwise.records import LABELS
from slantwise.rivals import FIGURES
from slantwise.targets import TargetFinder
from slantwise.text import Document
from slantwise.training.attribution import heard_voices
from slantwise.training.folds import outlet_folds
from slantwise.training.labeller import SpanClassifier
from slantwise.training.tagger import SpanTagger
from slantwise.training.targets import fit_targets
from slantwise.training.thresholds import (
    HeldOut,
    balanced_threshold,
    measured,
    operating_thresholds,
)
from slantwise.voice import Voices

_FOLDS = 5


_NO_TARGETS = TargetFinder(  # of a draft, whose candidates are judged by words and label alone
    np.zeros(len(FIGURES), dtype=np.float32),
    SpanHead("aim", (), np.zeros((0, 0), dtype=np.float32)),
    SpanHead("valence", (), np.zeros((0, 0), dtype=np.float32)),
    np.zeros((len(LABELS), 0), dtype=np.float32),
)


@dataclass(frozen=True)
class Context:
    """How a model reads words in their context, and how much it makes of that."""

    words: TypeWeights
    convolution: Convolution
    pooling: Pooling

    @classmethod
    def of(cls, model: FramingModel) -> Context | None:
        """Take it from a fitted model that has one."""
        for reader in model.readers:
            if isinstance(reader, Convolution) and model.pooling is not None:
                return cls(model.weights[PART], reader, model.pooling)
        return None

    def heard_by(self, model: FramingModel) -> FramingModel:
        """Return the model that hears it too."""
        return pooled(with_words(model, self.words), self.convolution, self.pooling)


def with_words(model: FramingModel, words: TypeWeights) -> FramingModel:
    """Return the model with the word vectors that a convolution reads."""
    return replace(model, weights={**model.weights, PART: words})


@dataclass(frozen=True)
class Base:
    """What a model knows of words before it sees a labelled passage."""

    vocabulary: Vocabulary
    tone: TypeWeights  # how much a word speaks for a biased sentence, to the tagger
    bias: TypeWeights
    sentence_bias: tuple[float, float]
    opinion_words: TypeWeights
    opinion: Genre
    context: Context | None = None
    words: TypeWeights | None = (
        None  # vectors of a convolution: targets and voices are told by them
    )
    names: Mapping[str, str] = field(default_factory=dict)  # whom a surname usually stands for
    attributor: Attributor | None = None  # which reads these words

    @classmethod
    def of(cls, model: FramingModel) -> Base:
        """Take the base of a fitted model; of one built on another, that other's."""
        model = model.base or model
        weights = model.weights
        return cls(
            model.vocabulary,
            weights["tone"],
            weights["bias"],
            model.sentence_bias,
            weights["opinion"],
            model.opinion,
            Context.of(model),
            weights.get(PART),
            model.names,
            model.attributor,
        )

    def read_by(self, model: FramingModel) -> FramingModel:
        """Return a model of word types that reads them in their context too, if this does."""
        if self.context is None:
            return model
        return replace(self.context.heard_by(model), attributor=self.attributor)

    def voices(self, documents: Sequence[Document]) -> dict[int, Voices] | None:
        """Return what it hears of documents, by their ``id``; None where rules find voices."""
        if self.words is None or self.attributor is None:
            return None
        return heard_voices(self.vocabulary, self.words, self.attributor, documents)


def fit_model(
    base: Base,
    passages: Sequence[Passage],
    *,
    name: str,
    card: Mapping[str, Any],
) -> FramingModel:
    """Fit every learned part and calibrate it on outlets it was not fitted on.

    Parameters
    ----------
    base : Base
    passages : sequence of Passage
    name : str
        Name the outputs will give.
    card : mapping
        Sections of the model card known beforehand.
    """
    _require_enough(passages)
    draft = replace(fit_draft(base, passages, name), card=card)
    return calibrated(draft, _held_out(base, passages, draft))


def fit_draft(base: Base, passages: Sequence[Passage], name: str) -> FramingModel:
    """Fit every learned part; the scores of a draft say nothing yet."""
    draft = _fit_heads(base, passages, name)
    spans = [(one.document, one.spans) for one in passages]
    targets = fit_targets(base.vocabulary, spans, base.words)
    whole = replace(draft, targets=targets.finder, weights={**draft.weights, **targets.weights})
    return base.read_by(whole)


def calibrated(draft: FramingModel, held_out: Sequence[HeldOut]) -> FramingModel:
    """Calibrate a model on candidates that were raised without having seen their outlets."""
    inputs = np.vstack([one.inputs for one in held_out])
    correct = np.concatenate([one.correct for one in held_out])
    if correct.all() or not correct.any():
        raise InputError(
            "too little to learn from: of the spans found in outlets left out, "
            f"{'all' if len(correct) and correct.all() else 'none'} are right, "
            "which leaves nothing to tell certain from doubtful ones by; label more passages"
        )
    share = np.concatenate([one.share for one in held_out])
    calibrator = Calibrator(_logistic(inputs, correct), _logistic(inputs, share >= 0.5))
    chances, scores = calibrator.chances(inputs), calibrator.scores(inputs)
    balanced = balanced_threshold(held_out, chances)
    operating = operating_thresholds(held_out, scores)
    figures = measured(held_out, chances, scores, balanced, operating)
    return replace(
        draft,
        calibrator=calibrator,
        balanced_threshold=balanced,
        thresholds=operating,
        card={**draft.card, "Measured": figures},
    )


def _logistic(inputs: NDArray[np.float64], truth: NDArray[np.bool_]) -> NDArray[np.float64]:
    if truth.all() or not truth.any():  # always so, or never: nothing is told apart
        certain = np.zeros(inputs.shape[1] + 1)
        certain[-1] = 4.0 if truth.all() else -4.0
        return certain
    logistic = LogisticRegression(C=1.0, max_iter=1000).fit(inputs, truth)
    return np.append(logistic.coef_[0], logistic.intercept_[0])


def _require_enough(passages: Sequence[Passage]) -> None:
    """Raise InputError unless something is left to learn from whatever outlets are left out."""
    fold = outlet_folds([one.outlet for one in passages], _FOLDS)
    for number in np.unique(fold):
        seen = [one for one, where in zip(passages, fold, strict=True) if where != number]
        if not any(span["label"] != "scare-quotes" for one in seen for span in one.spans):
            raise InputError(
                "too little to learn from: a model is measured on outlets it has not seen, and "
                "without some of these outlets no labelled span is left; label passages of at "
                "least two outlets"
            )


def _fit_heads(base: Base, passages: Sequence[Passage], name: str) -> FramingModel:
    tagger = SpanTagger(base.vocabulary, base.tone).fit(
        [one.document for one in passages], [one.extents for one in passages]
    )
    spans = [(one.document, span) for one in passages for span in one.spans]
    plain = [(document, span) for document, span in spans if span["label"] != "scare-quotes"]
    labeller = SpanClassifier(base.vocabulary).fit(
        [(document, span["start"], span["end"]) for document, span in plain],
        [span["label"] for _, span in plain],
    )
    voicer = SpanClassifier(base.vocabulary, C=0.03, part="voice").fit(
        [(document, span["start"], span["end"]) for document, span in spans],
        [span["voice"] for _, span in spans],
        voices=base.voices([one.document for one in passages]),
    )
    return FramingModel(
        name=name,
        vocabulary=base.vocabulary,
        weights={
            "span": tagger.weights_,
            "label": labeller.type_weights_,
            "voice": voicer.type_weights_,
            "tone": base.tone,
            "bias": base.bias,
            "opinion": base.opinion_words,
        },
        tagger=tagger.tagger_,
        labeller=labeller.head_,
        voicer=voicer.head_,
        calibrator=Calibrator(np.zeros(1), np.zeros(1)),
        targets=_NO_TARGETS,
        sentence_bias=base.sentence_bias,
        opinion=base.opinion,
        thresholds={},
        balanced_threshold=0.0,
        card={},
        names=base.names,
    )


def _held_out(base: Base, passages: Sequence[Passage], draft: FramingModel) -> list[HeldOut]:
    fold = outlet_folds([one.outlet for one in passages], _FOLDS)
    found = []
    for number in range(_FOLDS):
        seen = [one for one, where in zip(passages, fold, strict=True) if where != number]
        unseen = [one for one, where in zip(passages, fold, strict=True) if where == number]
        if not unseen:
            continue
        model = base.read_by(_fit_heads(base, seen, draft.name))
        found += [judged_candidates(model, one) for one in unseen]
    return found


def judged_candidates(model: FramingModel, passage: Passage) -> HeldOut:
    """Raise the candidates of a passage and compare them with what annotators marked."""
    document = passage.document
    spread = model.spread([document])
    raised = model.raised(spread)
    extents = [
        spread.offsets(place) for place in spread.places(raised.extents.first, raised.extents.last)
    ]
    correct = [
        any(
            span["label"] == LABELS[label] and half_shared(extent, (span["start"], span["end"]))
            for span in passage.spans
        )
        for extent, label in zip(extents, raised.label, strict=True)
    ]
    return HeldOut(
        raised.inputs(),
        np.array(correct, dtype=bool),
        np.array([partial_overlap([extent], passage.extents).precision for extent in extents]),
        raised.label,
        extents,
        passage.extents,
    )
