"""Framing spans: an embedded model on labelled passages that it was not fitted to.

Without --test on framing_gold.jsonl of --data, with it on that of --test. With --folds also
in outlet-disjoint folds of framing_train.jsonl, refitted for each; with --against, a paired
comparison with another model, such as the previous one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from benchmarks.common import Metrics, Run, main_of, parser_of
from slantwise.evaluation import Judged, Tally, compare, judge, measure
from slantwise.model import load_model
from slantwise.passages import Passage, read_passages

GOLD, TRAIN = "framing_gold.jsonl", "framing_train.jsonl"
_FOLDS = 5
_REPORTED = ("span_f1", "span_precision", "span_recall", "count_ratio", "label_accuracy")


def figures(run: Run) -> Metrics:
    """Measure the embedded model, and in folds if asked for."""
    passages = read_passages(_file(run.measured, GOLD))
    judged = judge(run.model, passages)
    thresholds, balanced = run.model.thresholds, run.model.balanced_threshold
    metrics = measure(passages, judged, thresholds, balanced)
    run.write(
        "framing.jsonl",
        (
            {
                **asdict(one.span),
                "balanced": one.chance >= balanced,
                "default": one.span.score >= thresholds[one.span.label],
            }
            for candidates in judged
            for one in candidates
        ),
    )
    if run.options.against:
        other = load_model(run.options.against)
        metrics["difference"] = compare(
            Tally.of(passages, judged, thresholds, balanced),
            Tally.of(passages, judge(other, passages), other.thresholds, other.balanced_threshold),
        )
    if run.options.folds:
        metrics["outlet_folds"] = in_folds(run, read_passages(_file(run.data, TRAIN)))
    return metrics


def in_folds(run: Run, passages: Sequence[Passage], n_folds: int = _FOLDS) -> Metrics:
    """Refit on all outlets but those of a fold, calibration and thresholds too, and measure."""
    from slantwise.training.fit import Base, fit_model
    from slantwise.training.folds import outlet_folds

    fold = outlet_folds([one.outlet for one in passages], n_folds)
    found: list[list[Judged]] = [[] for _ in passages]
    kept: list[list[Judged]] = [[] for _ in passages]
    for number in range(n_folds):
        seen = [one for one, where in zip(passages, fold, strict=True) if where != number]
        unseen = np.flatnonzero(fold == number).tolist()
        model = fit_model(Base.of(run.model), seen, name="fold", card={})
        for at, candidates in zip(
            unseen, judge(model, [passages[at] for at in unseen]), strict=True
        ):
            found[at] = candidates
            kept[at] = [one for one in candidates if one.chance >= model.balanced_threshold]
    metrics = measure(passages, kept, dict.fromkeys(run.model.thresholds, 0.0), 0.0)
    every = measure(passages, found, dict.fromkeys(run.model.thresholds, 0.0), 0.0)
    chosen = {
        name + ending: metrics[name + ending]
        for name in _REPORTED
        for ending in ("", "_low", "_high")
    }
    error = {name: value for name, value in every.items() if name.startswith("calibration_error")}
    return {**chosen, **error, "n_candidates": every["n_candidates"]}


def _file(path: Path, name: str) -> Path:
    return path / name if path.is_dir() else path


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``python -m benchmarks.framing``."""
    parser = parser_of("framing", __doc__ or "")
    parser.add_argument(
        "--folds", action="store_true", help="refit in folds of the training passages too (slow)"
    )
    parser.add_argument(
        "--against", metavar="NAME or PATH", help="by how much this model is exceeded, too"
    )
    return main_of("framing", parser, figures, argv)


if __name__ == "__main__":
    raise SystemExit(main())
