"""How well a readout's spans, labels and voices match labelled passages."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from slantwise.metrics import Overlap, matched, partial_overlap
from slantwise.passages import Passage
from slantwise.records import LABELS, VOICES
from slantwise.windows import cut_windows
from teacher.targets import QUESTIONS

THRESHOLDS = np.arange(0.2, 0.71, 0.02)
_MOST_SPANS = 1.2  # found for each gold span


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of one model on one set of passages."""

    threshold: float
    span_f1: float
    precision: float
    recall: float
    count_ratio: float
    labelled_f1: float  # a match counts only with the same label
    label_accuracy: float  # of matched spans
    voice_accuracy: float
    valence_accuracy: float

    def __str__(self) -> str:
        return (
            f"span F1 {self.span_f1:.3f} (P {self.precision:.3f}, R {self.recall:.3f}, "
            f"{self.count_ratio:.2f} a gold span, at {self.threshold:.2f}), labelled "
            f"{self.labelled_f1:.3f}, label {self.label_accuracy:.3f}, "
            f"voice {self.voice_accuracy:.3f}, valence {self.valence_accuracy:.3f}"
        )


def softmax(logits: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return probabilities along the last axis."""
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), dtype=np.float64)


def passage_logits(
    passages: Sequence[Passage], of_windows: Sequence[NDArray[np.float32]], tokenizer: Tokenizer
) -> list[NDArray[np.float32]]:
    """Join the windows of each passage: logits of shape (n_tokens, N_COLUMNS)."""
    left = iter(of_windows)
    return [
        np.concatenate([next(left) for _ in cut_windows(passage.document, tokenizer)])
        for passage in passages
    ]


def spans_at(logits: NDArray[np.float32], threshold: float) -> list[tuple[int, int]]:
    """Return the token ranges that are loaded, by their surest token, with ``threshold`` or more.

    A range goes on while half of that is reached, and is split where a token rather begins a
    span than continues one.
    """
    outside, begin, inside = softmax(logits[:, QUESTIONS["span"].columns]).T
    loaded = 1 - outside
    reached = loaded >= threshold / 2
    before = np.append(False, reached[:-1])
    opens = np.flatnonzero(reached & (~before | (begin > inside)))
    edges = np.append(opens, len(reached))
    return [
        (int(start), stop)
        for start, limit in itertools.pairwise(edges)
        for stop in [int(start + np.argmin(np.append(reached[start:limit], False)))]
        if loaded[start:stop].max() >= threshold
    ]


def figures(
    passages: Sequence[Passage],
    logits: Sequence[NDArray[np.float32]],
    threshold: float | None = None,
) -> Figures:
    """Measure; unless given, the threshold is that of the best span F1 on these very passages.

    Partial overlap rewards more spans than there are, hence a limit to how many more.
    """
    if threshold is None:
        tried = {float(at): _overlap(passages, logits, float(at)) for at in THRESHOLDS}
        fair = {at: one.f1 for at, one in tried.items() if one.count_ratio <= _MOST_SPANS}
        threshold = max(fair, key=fair.__getitem__, default=float(THRESHOLDS[-1]))
    overlap = _overlap(passages, logits, threshold)
    right = np.zeros(4)
    labelled = []
    for passage, own in zip(passages, logits, strict=True):
        ranges = spans_at(own, threshold)
        extents = _extents(passage, ranges)
        labels = [_answer(own, one, "label") for one in ranges]
        for at, gold in matched(extents, passage.extents):
            span = passage.spans[gold]
            valence = QUESTIONS["valence"].answers[_answer(own, ranges[at], "valence")]
            right += (
                1,
                LABELS[labels[at]] == span["label"],
                VOICES[_answer(own, ranges[at], "voice")] == span["voice"],
                valence == (span["valence"] or "none"),
            )
        for number, label in enumerate(LABELS):
            labelled.append(
                partial_overlap(
                    [one for one, got in zip(extents, labels, strict=True) if got == number],
                    [
                        one
                        for one, span in zip(passage.extents, passage.spans, strict=True)
                        if span["label"] == label
                    ],
                )
            )
    shares = right[1:] / max(right[0], 1)
    return Figures(
        threshold,
        overlap.f1,
        overlap.precision,
        overlap.recall,
        overlap.count_ratio,
        Overlap.total(labelled).f1,
        *(float(share) for share in shares),
    )


def _overlap(
    passages: Sequence[Passage], logits: Sequence[NDArray[np.float32]], threshold: float
) -> Overlap:
    return Overlap.total(
        [
            partial_overlap(_extents(passage, spans_at(own, threshold)), passage.extents)
            for passage, own in zip(passages, logits, strict=True)
        ]
    )


def _extents(passage: Passage, ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    tokens = passage.document.tokens
    return [(int(tokens.start[first]), int(tokens.end[last - 1])) for first, last in ranges]


def _answer(logits: NDArray[np.float32], tokens: tuple[int, int], question: str) -> int:
    return int(logits[slice(*tokens), QUESTIONS[question].columns].mean(axis=0).argmax())
