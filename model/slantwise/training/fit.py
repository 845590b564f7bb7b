"""Fitting a framing model on labelled passages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from slantwise.calibration import Calibrator
from slantwise.errors import InputError
from slantwise.features import TypeWeights, Vocabulary
from slantwise.labeller import SpanHead
from slantwise.layout import lay_out
from slantwise.metrics import Overlap, partial_overlap
from slantwise.model import FramingModel
from slantwise.records import LABELS, VOICES
from slantwise.targets import FIGURES, TargetFinder
from slantwise.text import Document, read_document
from slantwise.training.folds import outlet_folds
from slantwise.training.labeller import SpanClassifier
from slantwise.training.tagger import SpanTagger
from slantwise.training.targets import fit_targets
from slantwise.voice import find_voices

_FOLDS = 5
_CANDIDATE_EAGERNESS = 2.5  # raise more than will be kept: the score decides
_PRECISION_FIRST = 0.75  # precision that an operating threshold aims at
_FEWEST = 40  # candidates a label needs for a threshold of its own


_NO_TARGETS = TargetFinder(  # of a draft, whose candidates are judged by words and label alone
    np.zeros(len(FIGURES), dtype=np.float32),
    SpanHead("aim", (), np.zeros((0, 0), dtype=np.float32)),
    SpanHead("valence", (), np.zeros((0, 0), dtype=np.float32)),
)


@dataclass(frozen=True)
class Base:
    """What a model knows of words before it sees a labelled passage."""

    vocabulary: Vocabulary
    tone: TypeWeights  # how much a word speaks for a biased sentence, to the tagger
    bias: TypeWeights
    sentence_bias: tuple[float, float]
    opinion_words: TypeWeights
    opinion: tuple[float, float]

    @classmethod
    def of(cls, model: FramingModel) -> Base:
        """Take the base of a fitted model."""
        weights = model.weights
        return cls(
            model.vocabulary,
            weights["tone"],
            weights["bias"],
            model.sentence_bias,
            weights["opinion"],
            model.opinion,
        )


@dataclass(frozen=True)
class Passage:
    """A labelled passage, read."""

    document: Document
    outlet: str
    spans: list[Mapping[str, Any]]

    @property
    def extents(self) -> list[tuple[int, int]]:
        """Code-point ranges of its spans."""
        return [(span["start"], span["end"]) for span in self.spans]


def read_passages(path: str | Path, *, independent: bool = False) -> list[Passage]:
    """Read labelled passages, one JSON object a line.

    Parameters
    ----------
    path : str or Path
    independent : bool
        Leave out passages marked ``overlaps_other_sets``, whose article also
        stands in a corpus that a benchmark measures on.

    Raises
    ------
    InputError
        If a line is broken; it names the line and what is wrong with it.
    """
    passages = []
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                try:
                    row = json.loads(line)
                    if not (independent and row.get("overlaps_other_sets")):
                        passages.append(_passage(row))
                except (ValueError, KeyError, TypeError) as error:
                    raise InputError(f"{path}, line {number}: {error}") from error
    if not passages:
        raise InputError(f"{path}: no labelled passage in it")
    return passages


def _passage(row: Mapping[str, Any]) -> Passage:
    text = row["text"]
    for span in row["spans"]:
        if text[span["start"] : span["end"]] != span.get("text", text[span["start"] : span["end"]]):
            raise ValueError(f"span {span['start']}–{span['end']} does not read {span['text']!r}")
        if span["label"] not in LABELS:
            raise ValueError(f"unknown label {span['label']!r}; labels are {', '.join(LABELS)}")
        if span["voice"] not in VOICES:
            raise ValueError(f"unknown voice {span['voice']!r}; voices are {', '.join(VOICES)}")
    # Passages are labelled as they stand, so nothing in them counts as boilerplate.
    return Passage(read_document(text, unscored=()), row.get("outlet", ""), list(row["spans"]))


def fit_model(base: Base, passages: Sequence[Passage], *, name: str, card: Mapping[str, Any]) -> FramingModel:
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
    draft = _fit_heads(base, passages, name)
    held_out = _held_out(base, passages, draft)
    inputs = np.vstack([one.inputs for one in held_out])
    correct = np.concatenate([one.correct for one in held_out])
    logistic = LogisticRegression(C=1.0, max_iter=1000).fit(inputs, correct)
    calibrator = Calibrator(np.append(logistic.coef_[0], logistic.intercept_[0]))
    scores = calibrator.scores(inputs)
    targets = fit_targets(base.vocabulary, [(one.document, one.spans) for one in passages])
    model = replace(draft, calibrator=calibrator, card=card)
    return replace(
        model,
        balanced_threshold=_balanced_threshold(held_out, scores),
        thresholds=_operating_thresholds(
            scores, np.concatenate([one.share for one in held_out]), np.concatenate([one.label for one in held_out])
        ),
        targets=targets.finder,
        weights={**draft.weights, **targets.weights},
    )


def _fit_heads(base: Base, passages: Sequence[Passage], name: str) -> FramingModel:
    tagger = SpanTagger(base.vocabulary, base.tone, eagerness=_CANDIDATE_EAGERNESS).fit(
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
        calibrator=Calibrator(np.zeros(1)),
        targets=_NO_TARGETS,
        sentence_bias=base.sentence_bias,
        opinion=base.opinion,
        thresholds={},
        balanced_threshold=0.0,
        card={},
    )


@dataclass(frozen=True)
class _HeldOut:
    """Candidates of one passage, raised by a model that has not seen its outlet."""

    inputs: NDArray[np.float64]
    correct: NDArray[np.bool_]  # same label, and half of both spans shared
    share: NDArray[np.float64]  # of the candidate's characters that are loaded
    label: NDArray[np.int64]
    extents: list[tuple[int, int]]
    gold: list[tuple[int, int]]


def _held_out(base: Base, passages: Sequence[Passage], draft: FramingModel) -> list[_HeldOut]:
    fold = outlet_folds([one.outlet for one in passages], _FOLDS)
    found = []
    for number in range(_FOLDS):
        seen = [one for one, where in zip(passages, fold, strict=True) if where != number]
        unseen = [one for one, where in zip(passages, fold, strict=True) if where == number]
        if not unseen:
            continue
        model = _fit_heads(base, seen, draft.name)
        found += [_judged(model, one) for one in unseen]
    return found


def _judged(model: FramingModel, passage: Passage) -> _HeldOut:
    document = passage.document
    layout = lay_out([document])
    raised = model.raised([document], [find_voices(document)], layout, model.types(layout))
    extents = [
        (int(document.tokens.start[first]), int(document.tokens.end[last - 1]))
        for first, last in zip(raised.extents.first, raised.extents.last, strict=True)
    ]
    return _HeldOut(
        raised.inputs(),
        np.array(
            [_is_right(extent, LABELS[at], passage.spans) for extent, at in zip(extents, raised.label, strict=True)],
            dtype=bool,
        ),
        np.array([partial_overlap([extent], passage.extents).precision for extent in extents]),
        raised.label,
        extents,
        passage.extents,
    )


def _is_right(extent: tuple[int, int], label: str, gold: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a gold span of the same label shares at least half of the longer of the two."""
    start, end = extent
    return any(
        span["label"] == label
        and 2 * (min(end, span["end"]) - max(start, span["start"]))
        >= max(end - start, span["end"] - span["start"])
        for span in gold
    )


def _balanced_threshold(held_out: Sequence[_HeldOut], scores: NDArray[np.float32]) -> float:
    """Return the threshold of the best span F1 on held-out outlets."""
    edges = np.cumsum([0] + [len(one.extents) for one in held_out])

    def f1(threshold: float) -> float:
        return Overlap.total(
            [
                partial_overlap(
                    [extent for extent, score in zip(one.extents, scores[low:high], strict=True) if score >= threshold],
                    one.gold,
                )
                for one, low, high in zip(held_out, edges[:-1], edges[1:], strict=True)
            ]
        ).f1

    return float(max(np.arange(0.1, 0.6, 0.02), key=f1))


def _operating_thresholds(
    scores: NDArray[np.float32], share: NDArray[np.float64], label: NDArray[np.int64]
) -> dict[str, float]:
    """Return for each label the least score above which candidates are precise enough."""
    overall = _precise_from(scores, share)
    thresholds = {}
    for number, name in enumerate(LABELS):
        own = label == number
        thresholds[name] = (
            _precise_from(scores[own], share[own]) if own.sum() >= _FEWEST else overall
        )
    return thresholds


def _precise_from(scores: NDArray[np.float32], share: NDArray[np.float64]) -> float:
    order = np.argsort(-scores, kind="stable")
    precision = np.cumsum(share[order]) / np.arange(1, len(order) + 1)
    precise = np.flatnonzero(precision >= _PRECISION_FIRST)
    if not len(precise):
        return float(scores.max(initial=0.9))
    return round(float(scores[order][precise[-1]]), 3)
