"""NewsMTSC: how a sentence speaks of a target that is marked in it.

Fitted on the train part of --data with the word vectors of the model, which has seen none of
its labels; measured on the part devtest_mt of --data, or of --test. Intervals are over
sentences.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks.common import Metrics, Run, main_of, parser_of
from benchmarks.corpora.newsmtsc import read_newsmtsc
from slantwise.convolution import PART
from slantwise.metrics import Floats, f1_of, mean_of, ratio, with_intervals
from slantwise.toward import POLARITIES
from slantwise.training.toward import TowardTarget

_TRAIN, _MEASURED = "train", "devtest_mt"


def figures(run: Run) -> Metrics:
    """Fit and measure."""
    seen = read_newsmtsc(run.data, _TRAIN)
    measured = read_newsmtsc(run.measured, _MEASURED)
    estimator = TowardTarget(run.model.vocabulary, run.model.weights.get(PART))
    estimator.fit([one.place for one in seen], [one.polarity for one in seen])
    chances = estimator.predict_proba([one.place for one in measured])
    found = estimator.classes_[chances.argmax(axis=1)]
    truth = np.array([one.polarity for one in measured])
    run.write(
        "newsmtsc.jsonl",
        (
            {"sentence": one.document.text, "from": one.start, "to": one.end, "polarity": str(name)}
            for one, name in zip(measured, found, strict=True)
        ),
    )
    sentences: dict[int, int] = {}
    unit = np.array([sentences.setdefault(id(one.document), len(sentences)) for one in measured])

    def of_rows(weights: Floats) -> dict[str, Floats]:
        rows = weights[:, unit]
        f1s = {
            f"{name}_f1": f1_of(
                rows @ ((truth == name) & (found == name)),
                rows @ (found == name),
                rows @ (truth == name),
            )
            for name in POLARITIES
        }
        accuracy = ratio(rows @ (found == truth), rows.sum(axis=1))
        return {"macro_f1": mean_of(list(f1s.values())), "accuracy": accuracy, **f1s}

    metrics: Metrics = with_intervals(len(sentences), of_rows)
    metrics["n_sentences"], metrics["n_targets"] = len(sentences), len(measured)
    return metrics


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``python -m benchmarks.newsmtsc``."""
    return main_of("newsmtsc", parser_of("newsmtsc", __doc__ or ""), figures, argv)


if __name__ == "__main__":
    raise SystemExit(main())
