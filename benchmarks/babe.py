"""BABE: which sentences are biased, and by which words.

Heads are fitted in each fold on its own training part, over features of an embedded model
that has never seen BABE's labels, nor, for sentence bias, a sentence of BABE's outlets.
Five folds as in the paper, then each outlet with 100 sentences or more left out in turn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold

from benchmarks.babe_features import Features
from benchmarks.babe_heads import (
    SentenceHead,
    Split,
    WordHead,
    folds_of_outlets,
    random_folds,
)
from benchmarks.common import Metrics, Run, main_of, parser_of
from benchmarks.corpora.babe import Sentence, read_babe
from slantwise.metrics import Floats, area_under_curve, f1_of, mean_of, ratio, with_intervals

Inner = Callable[[Features, NDArray[np.int64]], list[Split]]
_FOLDS, _SEED = 5, 42  # of the paper
_FEWEST = 100  # sentences of an outlet that is left out


@dataclass(frozen=True)
class Part:
    """One split: which sentences are fitted to and which are measured, and what came of it."""

    name: str
    measured: NDArray[np.int64]
    scores: NDArray[np.float64]  # log odds
    words: list[NDArray[np.bool_]]  # which tokens of each sentence are called biased


def figures(run: Run) -> Metrics:
    """Measure in the paper's folds and with outlets left out, or on --test."""
    sentences = read_babe(run.data)
    if run.test is None:
        features = Features(run.model, sentences)
        folds = [fitted(features, *split) for split in paper_folds(features.biased)]
        left_out = [
            fitted(features, *split, folds_of_outlets) for split in outlets_left_out(sentences)
        ]
    else:
        tested = read_babe(run.test)
        features = Features(run.model, [*sentences, *tested])
        everything = np.arange(len(sentences) + len(tested))
        seen, unseen = np.split(everything, [len(sentences)])
        folds, left_out = [fitted(features, "test", seen, unseen)], []
    measured = features.sentences
    units: dict[str, int] = {}
    unit = np.array([units.setdefault(one.url or one.text, len(units)) for one in measured])

    def of_rows(rows: Floats) -> dict[str, Floats]:
        weights = rows[:, unit]
        result = {
            "macro_f1": mean_of([macro_f1(features, part, weights) for part in folds]),
            "auc": mean_of([auc(features, part, weights) for part in folds]),
        }
        if left_out:
            outside = {part.name: macro_f1(features, part, weights) for part in left_out}
            result["outlet_out_macro_f1"] = mean_of(list(outside.values()))
            result["outlet_out_auc"] = mean_of([auc(features, part, weights) for part in left_out])
            result |= {f"outlet_out_macro_f1 {name}": value for name, value in outside.items()}
        return result | {"word_f1": word_f1(features, folds, weights)}

    flat = with_intervals(len(units), of_rows)
    metrics: Metrics = {name: value for name, value in flat.items() if " " not in name}
    for name, value in flat.items():
        if " " in name:
            outlet = name.partition(" ")[2]
            metrics.setdefault("outlets", {})[outlet] = value
    metrics["n_sentences"] = len(measured)
    run.write("babe.jsonl", predictions(features, [*folds, *left_out]))
    return metrics


def paper_folds(
    biased: NDArray[np.bool_],
) -> Iterator[tuple[str, NDArray[np.int64], NDArray[np.int64]]]:
    """Yield name, training part and measured part of the paper's folds."""
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=_SEED)
    for number, (seen, unseen) in enumerate(folds.split(np.zeros(len(biased)), biased)):
        yield f"fold {number}", seen, unseen


def outlets_left_out(
    sentences: Sequence[Sentence],
) -> Iterator[tuple[str, NDArray[np.int64], NDArray[np.int64]]]:
    """Yield name, training part and measured part for each outlet with enough sentences."""
    outlet = np.array([one.outlet for one in sentences])
    for name, count in sorted(Counter(outlet.tolist()).items()):
        if count >= _FEWEST:
            yield name, np.flatnonzero(outlet != name), np.flatnonzero(outlet == name)


def fitted(
    features: Features,
    name: str,
    seen: NDArray[np.int64],
    unseen: NDArray[np.int64],
    inner: Inner = random_folds,
) -> Part:
    """Fit both heads to one part and apply them to the other."""
    words = WordHead().fit(features, seen)
    within = words.out_of_fold(features, seen)
    outside = words.chances(features, unseen)
    threshold = words.threshold(features, seen, within)
    head = SentenceHead().fit(features, seen, within, inner(features, seen))
    return Part(
        name,
        unseen,
        head.decision_function(features, unseen, outside),
        [chance >= threshold for chance in outside],
    )


def macro_f1(features: Features, part: Part, weights: Floats) -> Floats:
    """Return the mean of the F1 of biased and of unbiased sentences."""
    here = weights[:, part.measured]
    truth, called = features.biased[part.measured], part.scores > 0
    return mean_of(
        [
            f1_of(
                here @ ((truth == value) & (called == value)).astype(float),
                here @ (called == value).astype(float),
                here @ (truth == value).astype(float),
            )
            for value in (False, True)
        ]
    )


def auc(features: Features, part: Part, weights: Floats) -> Floats:
    """Return the area under the ROC curve."""
    truth = features.biased[part.measured]
    return area_under_curve(part.scores, truth, weights[:, part.measured])


def word_f1(features: Features, parts: Sequence[Part], weights: Floats) -> Floats:
    """Return the F1 of biased words, over the tokens of all parts together."""
    both, either = np.zeros(len(features.sentences)), np.zeros(len(features.sentences))
    for part in parts:
        for at, called in zip(part.measured, part.words, strict=True):
            truth = features.biased_tokens[at]
            both[at] += (called & truth).sum()
            either[at] += called.sum() + truth.sum()
    return ratio(2 * (weights @ both), weights @ either, 0.0)


def predictions(features: Features, parts: Sequence[Part]) -> Iterator[dict[str, object]]:
    """Yield what was predicted of each sentence in each split."""
    for part in parts:
        for at, score, called in zip(part.measured, part.scores, part.words, strict=True):
            words = features.documents[at].tokens.words
            yield {
                "split": part.name,
                "row": int(at),
                "biased": bool(score > 0),
                "probability": round(float(1 / (1 + np.exp(-score))), 4),
                "biased_words": [
                    w for w, is_called in zip(words, called, strict=True) if is_called
                ],
            }


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``python -m benchmarks.babe``."""
    return main_of("babe", parser_of("babe", __doc__ or ""), figures, argv)


if __name__ == "__main__":
    raise SystemExit(main())
