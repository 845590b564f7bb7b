"""Behaviour: minimal pairs, swapped names and groups, plain wire copy; nothing is fitted.

--data is benchmarks/behaviour. What counts is what the operating thresholds let through.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.common import Metrics, Run, main_of, parser_of
from slantwise.errors import InputError
from slantwise.metrics import Figures, Floats, ratio, with_intervals
from slantwise.model import FramingModel
from slantwise.records import Article, Span
from slantwise.text import read_document

Row = Mapping[str, Any]


def figures(run: Run) -> Metrics:
    """Measure pairs, swaps and controls."""
    pairs, swaps, controls = (
        read_rows(run.measured / f"{name}.jsonl") for name in ("pairs", "swaps", "controls")
    )
    metrics: Metrics = {}
    rows: list[dict[str, Any]] = []
    for measure, items in (
        (pair_figures, pairs),
        (swap_figures, swaps),
        (control_figures, controls),
    ):
        found, written = measure(run.model, items)
        metrics |= found
        rows += written
    run.write("behaviour.jsonl", rows)
    return metrics


def pair_figures(model: FramingModel, pairs: Sequence[Row]) -> tuple[Metrics, list[dict[str, Any]]]:
    """Measure whether the loaded version scores higher, and whether it alone crosses.

    A version's score is that of its best candidate over the words that differ, however low,
    and 0 without one.
    """
    scores = {}
    crosses = {}
    for version in ("plain", "loaded"):
        labelled = model.label_many(Article(pair[version]) for pair in pairs)
        words = [pair[f"{version}_span"] for pair in pairs]
        scores[version] = best_scores(model, [pair[version] for pair in pairs], words)
        crosses[version] = np.array(
            [bool(over(one.counted, *span)) for one, span in zip(labelled, words, strict=True)]
        )
    order = scores["loaded"] > scores["plain"]
    crossing = crosses["loaded"] & ~crosses["plain"]
    unmet = np.array([not pair["met"] for pair in pairs], dtype=bool)
    # Pairs of one kind share their templates, so that kinds are what could have been others.
    kinds: dict[str, int] = {}
    unit = [kinds.setdefault(pair["kind"], len(kinds)) for pair in pairs]

    def of_rows(rows: Floats) -> dict[str, Floats]:
        weights = rows[:, unit]
        return {
            "pair_order": ratio(weights @ order, weights.sum(axis=1)),
            "pair_crossing": ratio(weights @ crossing, weights.sum(axis=1)),
            "pair_order_unmet": ratio(weights @ (order & unmet), weights @ unmet),
            "pair_crossing_unmet": ratio(weights @ (crossing & unmet), weights @ unmet),
        }

    metrics: Metrics = with_intervals(len(kinds), of_rows)
    metrics["n_pairs"] = len(pairs)
    written = [
        {
            "id": pair["id"],
            "plain": round(float(scores["plain"][at]), 4),
            "loaded": round(float(scores["loaded"][at]), 4),
            "crosses": bool(crossing[at]),
        }
        for at, pair in enumerate(pairs)
    ]
    return metrics, written


def best_scores(
    model: FramingModel, texts: Sequence[str], words: Sequence[tuple[int, int]]
) -> Floats:
    """Return the score of the best candidate over the given words of each text."""
    spread = model.spread([read_document(text) for text in texts])
    found = model.find(spread, least_score=0.0)
    best = np.zeros(len(texts))
    for at, (start, end) in enumerate(words):
        first, last = spread.documents[at].tokens.covering(start, end)
        near = [one.score for one in found[at] if one.first < last and one.last > first]
        best[at] = max(near, default=0.0)
    return best


def over(spans: Sequence[Span], start: int, end: int) -> list[Span]:
    """Return the spans that lie over some of these code points."""
    return [span for span in spans if span.start < end and span.end > start]


def swap_figures(model: FramingModel, swaps: Sequence[Row]) -> tuple[Metrics, list[dict[str, Any]]]:
    """Measure how often the same words are flagged with the same label after a swap."""
    same, flagged, rows = [], [], []
    before = model.label_many(Article(row["text"]) for row in swaps)
    after = model.label_many(Article(row["swapped"]) for row in swaps)
    for row, one, other in zip(swaps, before, after, strict=True):
        ours = [(span.label, moved(span, row)) for span in one.counted]
        theirs = [(span.label, (span.start, span.end)) for span in other.counted]
        same.append(ours == theirs)
        flagged.append(bool(ours or theirs))
        rows.append({"id": row["id"], "same": ours == theirs})
    is_same, is_flagged = np.array(same, dtype=bool), np.array(flagged, dtype=bool)

    def of_rows(weights: Floats) -> dict[str, Floats]:
        return {
            "swap_invariance": ratio(weights @ is_same, weights.sum(axis=1)),
            # Where nothing is flagged, nothing can differ: this leaves those out.
            "swap_invariance_flagged": ratio(
                weights @ (is_same & is_flagged), weights @ is_flagged
            ),
        }

    metrics: Metrics = with_intervals(len(swaps), of_rows)
    metrics["n_swaps"] = len(swaps)
    return metrics, rows


def moved(span: Span, row: Row) -> tuple[int, int]:
    """Return where a span of the text lies in the swapped one."""
    end = row["start"] + len(row["word"])
    longer = len(row["other"]) - len(row["word"])
    return (
        span.start + (longer if span.start >= end else 0),
        span.end + (longer if span.end >= end else 0),
    )


def control_figures(
    model: FramingModel, controls: Sequence[Row]
) -> tuple[Metrics, list[dict[str, Any]]]:
    """Measure flagged own-voice spans per 1,000 own-voice words, wire copy and opinion apart."""
    labelled = list(model.label_many(Article(row["text"]) for row in controls))
    spans = np.array([sum(span.own_voice for span in one.counted) for one in labelled], dtype=float)
    words = np.array([one.n_outlet_words for one in labelled], dtype=float)
    metrics: Metrics = {}
    for genre in ("wire", "opinion"):
        here = [at for at, row in enumerate(controls) if row["genre"] == genre]
        if here:
            metrics |= with_intervals(len(here), rate_of(f"{genre}_rate", spans[here], words[here]))
    return metrics, [
        {"id": row["id"], "spans": int(count)} for row, count in zip(controls, spans, strict=True)
    ]


def rate_of(name: str, spans: Floats, words: Floats) -> Figures:
    """Return what computes spans per 1,000 words."""
    return lambda weights: {name: 1000 * ratio(weights @ spans, weights @ words)}


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Read JSON lines."""
    if not path.is_file():
        raise InputError(f"{path}: no such file; --data is benchmarks/behaviour")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``python -m benchmarks.behaviour``."""
    return main_of("behaviour", parser_of("behaviour", __doc__ or ""), figures, argv)


if __name__ == "__main__":
    raise SystemExit(main())
