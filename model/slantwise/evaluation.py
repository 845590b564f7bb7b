"""Measuring a model on labelled passages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from slantwise.metrics import (
    Extent,
    Figures,
    Floats,
    calibration_error,
    f1_of,
    half_shared,
    matched,
    mean_of,
    partial_overlap,
    ratio,
    same_actor,
    with_intervals,
)
from slantwise.passages import Passage, read_passages
from slantwise.records import LABELS, VALENCES, Article, Span

if TYPE_CHECKING:
    from slantwise.model import FramingModel

Counts = Callable[[str], Floats]
_VALENCES = (*VALENCES, None)


def evaluate(model: FramingModel, labelled: str | Path) -> dict[str, Any]:
    """Measure a model on labelled passages.

    Passages are scored as they stand: nothing in them counts as boilerplate.
    ``span_…``, ``token_f1``, ``labelled_span_f1`` and what is told of matched
    spans count the candidates whose chance of being loaded, whatever the label,
    reaches the model's ``balanced_threshold``;
    ``…_at_default`` those at the operating threshold of their label.

    Parameters
    ----------
    model : FramingModel
    labelled : str or Path
        JSON lines in the layout of :mod:`slantwise.passages`.

    Returns
    -------
    dict, every figure with its 95 % interval over articles as NAME_low and NAME_high

    Raises
    ------
    InputError
        If the file is broken.
    """
    passages = read_passages(labelled)
    return measure(passages, judge(model, passages), model.thresholds, model.balanced_threshold)


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate: the span it would be, and the chance that it is loaded at all."""

    span: Span
    chance: float


def judge(model: FramingModel, passages: Sequence[Passage]) -> list[list[Judged]]:
    """Return every candidate of each passage, however low its score."""
    found = model.find(model.spread([one.document for one in passages]), least_score=0.0)
    judged = []
    for passage, here in zip(passages, found, strict=True):
        article = Article(passage.document.text, passage.article_id, passage.outlet)
        spans = [one.as_span(article, "text", passage.document) for one in here]
        judged.append([Judged(span, one.chance) for span, one in zip(spans, here, strict=True)])
    return judged


@dataclass(frozen=True)
class Tally:
    """What each passage adds to the figures, and which article it belongs to."""

    counts: list[Counter[str]]
    unit: list[int]

    @classmethod
    def of(
        cls,
        passages: Sequence[Passage],
        judged: Sequence[Sequence[Judged]],
        thresholds: Mapping[str, float],
        balanced_threshold: float,
    ) -> Tally:
        """Count what counts in judged passages."""
        counts = []
        for passage, candidates in zip(passages, judged, strict=True):
            counted = [one.span for one in candidates if one.chance >= balanced_threshold]
            # In 32 bits, as scores are kept: what lies on its threshold counts.
            sure = [
                one.span
                for one in candidates
                if np.float32(one.span.score) >= np.float32(thresholds[one.span.label])
            ]
            counts.append(Counter(dict(_counts(passage, counted, sure))))
        units: dict[str, int] = {}
        return cls(counts, [units.setdefault(one.article_id, len(units)) for one in passages])

    @property
    def n_units(self) -> int:
        """Number of articles."""
        return max(self.unit, default=-1) + 1

    def figures(self, rows: Floats) -> dict[str, Floats]:
        """Return the figures, each article counted as often as ``rows`` says."""
        return _figures(self._counted(rows))

    def figures_of(self, label: str) -> Figures:
        """Return what computes the figures of one label."""
        return lambda rows: _of_label(self._counted(rows), label)

    def _counted(self, rows: Floats) -> Counts:
        weights = rows[:, self.unit]
        return lambda name: weights @ np.array([one[name] for one in self.counts], dtype=float)


def measure(
    passages: Sequence[Passage],
    judged: Sequence[Sequence[Judged]],
    thresholds: Mapping[str, float],
    balanced_threshold: float,
) -> dict[str, Any]:
    """Return the figures of judged passages; see :func:`evaluate`."""
    tally = Tally.of(passages, judged, thresholds, balanced_threshold)
    n_units = tally.n_units
    total: Counter[str] = sum(tally.counts, Counter())
    labels = {name.split(":")[1] for name in total if name.startswith("label:")}
    metrics: dict[str, Any] = with_intervals(n_units, tally.figures)
    metrics["labels"] = {
        label: {
            **with_intervals(n_units, tally.figures_of(label)),
            "n_gold": int(total[f"label:{label}:n_gold"]),
            "n_predicted": int(total[f"label:{label}:n_predicted"]),
        }
        for label in sorted(labels, key=LABELS.index)
    }
    every = [(at, one) for at, here in zip(tally.unit, judged, strict=True) for one in here]
    scores, places = [one.span.score for _, one in every], [at for at, _ in every]
    right = are_right(passages, judged)
    metrics |= with_intervals(
        n_units,
        lambda rows: {"calibration_error": calibration_error(scores, right, rows[:, places])},
    )
    metrics["n_candidates"] = len(every)
    metrics["n_articles"] = n_units
    metrics["n_gold"] = int(total["n_gold"])
    metrics["n_predicted"] = int(total["n_predicted"])
    return metrics


def compare(one: Tally, other: Tally) -> dict[str, float | None]:
    """Return by how much each figure of one model exceeds that of another.

    A paired bootstrap: both are measured on the same passages and resampled together, so
    that an interval without 0 means a difference that is more than chance.
    """

    def differences(rows: Floats) -> dict[str, Floats]:
        ours, theirs = one.figures(rows), other.figures(rows)
        return {name: ours[name] - theirs[name] for name in ours}

    return with_intervals(one.n_units, differences)


def are_right(passages: Sequence[Passage], judged: Sequence[Sequence[Judged]]) -> list[bool]:
    """Return whether each candidate is framing with its label.

    Right is what shares half of the longer of the two with a gold span of the same label.
    """
    return [
        any(
            span["label"] == one.span.label
            and half_shared((one.span.start, one.span.end), (span["start"], span["end"]))
            for span in passage.spans
        )
        for passage, candidates in zip(passages, judged, strict=True)
        for one in candidates
    ]


def _counts(
    passage: Passage, counted: Sequence[Span], sure: Sequence[Span]
) -> Iterator[tuple[str, float]]:
    """Yield what one passage adds to every figure."""
    gold, gold_labels = passage.extents, [span["label"] for span in passage.spans]
    extents, labels = [(one.start, one.end) for one in counted], [one.label for one in counted]
    yield from _overlap("", extents, gold)
    yield from _overlap("labelled:", extents, gold, (labels, gold_labels))
    yield from _overlap("default:", [(one.start, one.end) for one in sure], gold)
    for label in set(labels) | set(gold_labels):
        yield from _overlap(
            f"label:{label}:",
            [(one.start, one.end) for one in counted if one.label == label],
            [extent for extent, other in zip(gold, gold_labels, strict=True) if other == label],
        )
    ours, theirs = _tokens(passage, extents), _tokens(passage, gold)
    yield "tokens:both", len(ours & theirs)
    yield "tokens:either", len(ours) + len(theirs)
    pairs = [(counted[one], passage.spans[other]) for one, other in matched(extents, gold)]
    yield "matched", len(pairs)
    yield "same label", sum(one.label == span["label"] for one, span in pairs)
    yield "same voice", sum(one.voice == span["voice"] for one, span in pairs)
    yield "same target", sum(same_actor(one.target, span.get("target")) for one, span in pairs)
    for value in _VALENCES:
        found = [one.valence == value for one, _ in pairs]
        true = [span.get("valence") == value for _, span in pairs]
        yield f"valence:{value}:both", sum(a and b for a, b in zip(found, true, strict=True))
        yield f"valence:{value}:found", sum(found)
        yield f"valence:{value}:true", sum(true)


def _overlap(
    prefix: str,
    predicted: Sequence[Extent],
    gold: Sequence[Extent],
    labels: tuple[Sequence[str], Sequence[str]] | None = None,
) -> Iterator[tuple[str, float]]:
    overlap = partial_overlap(predicted, gold, labels)
    yield f"{prefix}precision_sum", overlap.precision_sum
    yield f"{prefix}recall_sum", overlap.recall_sum
    yield f"{prefix}n_predicted", overlap.n_predicted
    yield f"{prefix}n_gold", overlap.n_gold


def _tokens(passage: Passage, extents: Sequence[Extent]) -> set[int]:
    return {at for extent in extents for at in range(*passage.document.tokens.covering(*extent))}


def _figures(count: Counts) -> dict[str, Floats]:
    precision, recall, f1 = _overlap_figures(count, "")
    sure_precision, sure_recall, _ = _overlap_figures(count, "default:")
    return {
        "span_f1": f1,
        "span_precision": precision,
        "span_recall": recall,
        "token_f1": ratio(2 * count("tokens:both"), count("tokens:either"), 0.0),
        "labelled_span_f1": _overlap_figures(count, "labelled:")[2],
        "count_ratio": ratio(count("n_predicted"), count("n_gold")),
        "label_accuracy": ratio(count("same label"), count("matched")),
        "voice_accuracy": ratio(count("same voice"), count("matched")),
        "target_accuracy": ratio(count("same target"), count("matched")),
        # Of the three values, null among them; one that occurs on neither side has no say.
        "valence_macro_f1": mean_of(
            [
                f1_of(*(count(f"valence:{value}:{part}") for part in ("both", "found", "true")))
                for value in _VALENCES
            ]
        ),
        "precision_at_default": sure_precision,
        "recall_at_default": sure_recall,
    }


def _of_label(count: Counts, label: str) -> dict[str, Floats]:
    precision, recall, f1 = _overlap_figures(count, f"label:{label}:")
    return {"f1": f1, "precision": precision, "recall": recall}


def _overlap_figures(count: Counts, prefix: str) -> tuple[Floats, Floats, Floats]:
    precision = ratio(count(f"{prefix}precision_sum"), count(f"{prefix}n_predicted"), 0.0)
    recall = ratio(count(f"{prefix}recall_sum"), count(f"{prefix}n_gold"), 0.0)
    return precision, recall, ratio(2 * precision * recall, precision + recall, 0.0)
