"""Counting a model's errors on labelled passages, as corrections of rates need them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from slantwise.accuracy import ALL, Accuracy, ErrorCounts
from slantwise.evaluation import Judged, judge
from slantwise.metrics import Extent, matched
from slantwise.passages import Passage, read_passages
from slantwise.records import LABELS, OWN_VOICES

if TYPE_CHECKING:
    from slantwise.model import FramingModel


def measure_errors(model: FramingModel, labelled: str | Path) -> Accuracy:
    """Count what a model finds rightly and wrongly and what it misses, in own voice.

    A span that was found at the operating threshold of its label is right if a marked
    span of the same label, also in the outlet's own voice, matches it one to one by
    greatest overlap.

    Parameters
    ----------
    model : FramingModel
    labelled : str or Path
        JSON lines in the layout of :mod:`slantwise.passages`; none that the model was
        fitted to.
    """
    passages = read_passages(labelled)
    counts = count_errors(passages, judge(model, passages), model.thresholds)
    return Accuracy(model.name, f"{len(passages):,} passages of {Path(labelled).name}", counts)


def count_errors(
    passages: Sequence[Passage],
    judged: Sequence[Sequence[Judged]],
    thresholds: Mapping[str, float],
) -> dict[str, ErrorCounts]:
    """Count errors by label, and for all labels together."""
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    there: Counter[str] = Counter()
    for passage, candidates in zip(passages, judged, strict=True):
        sure = [one.span for one in candidates if _counts(one, thresholds)]
        for label in (*LABELS, ALL):
            ours = [(one.start, one.end) for one in sure if label in (ALL, one.label)]
            theirs = [_extent(one) for one in passage.spans if _is_gold(one, label)]
            right[label] += len(matched(ours, theirs))
            found[label] += len(ours)
            there[label] += len(theirs)
    return {
        label: ErrorCounts(right[label], found[label] - right[label], there[label] - right[label])
        for label in (*LABELS, ALL)
    }


def _counts(one: Judged, thresholds: Mapping[str, float]) -> bool:
    # In 32 bits, as scores are kept: what lies on its threshold counts.
    threshold = np.float32(thresholds[one.span.label])
    return one.span.own_voice and bool(np.float32(one.span.score) >= threshold)


def _is_gold(span: Mapping[str, Any], label: str) -> bool:
    return span["voice"] in OWN_VOICES and label in (ALL, span["label"])


def _extent(span: Mapping[str, Any]) -> Extent:
    return span["start"], span["end"]
