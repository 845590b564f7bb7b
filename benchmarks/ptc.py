"""PTC: propaganda spans and their techniques, as in SemEval-2020 Task 11.

A span tagger and a technique classifier are fitted in each fold on its own articles, over
the words and the tone of an embedded model that has never seen PTC's labels. Articles that
tell the same story in the same words lie in one fold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from benchmarks.common import Metrics, Run, main_of, parser_of
from benchmarks.corpora.ptc import PropagandaArticle, read_ptc, story_groups
from benchmarks.ptc_heads import PropagandaSpans, Techniques
from slantwise.metrics import Floats, f1_of, partial_overlap, ratio, with_intervals
from slantwise.text import Document, read_document
from slantwise.training.folds import outlet_folds

T = TypeVar("T")
_FOLDS = 5


@dataclass(frozen=True)
class Predicted:
    """What was predicted of one article."""

    spans: list[tuple[int, int]]
    techniques: list[str]  # of the gold spans, in their order


def figures(run: Run) -> Metrics:
    """Measure in folds of --data, or on --test."""
    articles = read_ptc(run.data)
    documents = [read_document(one.text, unscored=()) for one in articles]
    if run.test is None:
        groups = story_groups([one.text for one in articles])
        fold = outlet_folds([str(group) for group in groups], _FOLDS)
        predicted: list[Predicted | None] = [None] * len(articles)
        for number in range(_FOLDS):
            unseen = np.flatnonzero(fold == number)
            seen = np.flatnonzero(fold != number)
            found = predict(
                run, _at(articles, seen), _at(documents, seen), _at(articles, unseen),
                _at(documents, unseen), groups[seen],
            )  # fmt: skip
            for at, one in zip(unseen, found, strict=True):
                predicted[at] = one
        measured, results = articles, [one for one in predicted if one is not None]
    else:
        measured = read_ptc(run.test)
        unseen_documents = [read_document(one.text, unscored=()) for one in measured]
        groups = story_groups([one.text for one in articles])
        results = predict(run, articles, documents, measured, unseen_documents, groups)
    run.write("si.tsv", si_rows(measured, results))
    run.write("tc.tsv", tc_rows(measured, results))
    return measure(measured, results)


def predict(
    run: Run,
    seen: Sequence[PropagandaArticle],
    seen_documents: Sequence[Document],
    unseen: Sequence[PropagandaArticle],
    unseen_documents: Sequence[Document],
    groups: NDArray[np.int64],
) -> list[Predicted]:
    """Fit to some articles and predict others."""
    tagger = PropagandaSpans(run.model).fit(seen_documents, [one.spans for one in seen], groups)
    spans = tagger.predict(unseen_documents)
    classifier = Techniques(run.model).fit(
        [
            (document, start, end)
            for document, one in zip(seen_documents, seen, strict=True)
            for start, end, _ in one.techniques
        ],
        [technique for one in seen for *_, technique in one.techniques],
    )
    return [
        Predicted(found, classifier.assign(document, [row[:2] for row in one.techniques]))
        for found, document, one in zip(spans, unseen_documents, unseen, strict=True)
    ]


def measure(articles: Sequence[PropagandaArticle], predicted: Sequence[Predicted]) -> Metrics:
    """Return the official figures of both tasks, with intervals over articles."""
    overlaps = [
        partial_overlap(found.spans, one.spans)
        for one, found in zip(articles, predicted, strict=True)
    ]
    sums = np.array(
        [(o.precision_sum, o.recall_sum, o.n_predicted, o.n_gold) for o in overlaps], dtype=float
    )
    names = sorted(
        {technique for one in articles for *_, technique in one.techniques}
        | {technique for one in predicted for technique in one.techniques}
    )
    counts = np.array(
        [technique_counts(*pair, names) for pair in zip(articles, predicted, strict=True)]
    )

    def of_rows(weights: Floats) -> dict[str, Floats]:
        found, held, n_predicted, n_gold = (weights @ sums).T
        precision, recall = ratio(found, n_predicted, 0.0), ratio(held, n_gold, 0.0)
        both, called, gold = np.moveaxis(np.tensordot(weights, counts, axes=1), 1, 0)
        return {
            "si_f1": ratio(2 * precision * recall, precision + recall, 0.0),
            "si_precision": precision,
            "si_recall": recall,
            "tc_micro_f1": f1_of(both.sum(axis=1), called.sum(axis=1), gold.sum(axis=1)),
            **{
                f"class {name}": f1_of(both[:, at], called[:, at], gold[:, at])
                for at, name in enumerate(names)
            },
        }

    flat = with_intervals(len(articles), of_rows)
    metrics: Metrics = {name: value for name, value in flat.items() if " " not in name}
    metrics["classes"] = {
        name.partition(" ")[2]: value for name, value in flat.items() if " " in name
    }
    metrics["n_articles"] = len(articles)
    metrics["n_spans"] = int(sums[:, 3].sum())
    return metrics


def technique_counts(
    article: PropagandaArticle, predicted: Predicted, names: Sequence[str]
) -> NDArray[np.float64]:
    """Return right, predicted and gold techniques of one article, shape (3, n_techniques).

    A span that stands there several times, once for each of its techniques, is matched as
    well as can be: the order of its rows says nothing (README of the corpus, "Overlapping
    techniques").
    """
    gold: Counter[tuple[int, int, str]] = Counter(article.techniques)
    called: Counter[tuple[int, int, str]] = Counter(
        (start, end, technique)
        for (start, end, _), technique in zip(article.techniques, predicted.techniques, strict=True)
    )
    index = {name: at for at, name in enumerate(names)}
    counts = np.zeros((3, len(names)))
    for row, counted in enumerate((gold & called, called, gold)):
        for (_, _, technique), number in counted.items():
            counts[row, index[technique]] += number
    return counts


def si_rows(
    articles: Sequence[PropagandaArticle], predicted: Sequence[Predicted]
) -> Iterator[tuple[str, int, int]]:
    """Yield article, start and end: the official format of span identification."""
    for article, found in zip(articles, predicted, strict=True):
        for start, end in found.spans:
            yield article.article_id, start, end


def tc_rows(
    articles: Sequence[PropagandaArticle], predicted: Sequence[Predicted]
) -> Iterator[tuple[str, str, int, int]]:
    """Yield article, technique, start and end: the official format of technique classification."""
    for article, found in zip(articles, predicted, strict=True):
        for (start, end, _), technique in zip(article.techniques, found.techniques, strict=True):
            yield article.article_id, technique, start, end


def _at(items: Sequence[T], rows: NDArray[np.int64]) -> list[T]:
    return [items[row] for row in rows]


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``python -m benchmarks.ptc``."""
    return main_of("ptc", parser_of("ptc", __doc__ or ""), figures, argv)


if __name__ == "__main__":
    raise SystemExit(main())
