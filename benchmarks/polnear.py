"""PolNeAR: whose words are whose in political news.

Measured on the dev part of --data, with --test on that of --test. The model has learned from
the train part of the corpus, and from sentences of ours; with --fit it learns attribution
here, from the train part of --data alone. One that hears no attribution finds voices by rule.
A token is content if it belongs to an attribution that was found; direct content stands
between quotation marks, indirect does not. The sources compared are those in full, as the
annotators marked them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from benchmarks.common import Metrics, Run, main_of, parser_of
from benchmarks.corpora.polnear import GoldAttribution, PolnearArticle, read_polnear
from slantwise.convolution import PART
from slantwise.metrics import Floats, partial_overlap, ratio, with_intervals
from slantwise.model import FramingModel
from slantwise.records import Attribution
from slantwise.text import Document, read_document
from slantwise.training.attribution import fit_attributor
from slantwise.training.told import covered
from slantwise.voice import Voices

_TRAIN, _PART = "train", "dev"


def figures(run: Run) -> Metrics:
    """Measure content and sources, with intervals over articles."""
    articles = read_polnear(run.measured, _PART)
    documents = [read_document(article.text, unscored=()) for article in articles]
    table = np.zeros((len(articles), 13))
    rows = []
    model = fitted(run)
    for number, (article, document) in enumerate(zip(articles, documents, strict=True)):
        (voices,) = model.spread([document]).voices
        table[number] = [*content_counts(article, document, voices), *source_sums(article, voices)]
        rows += [
            {
                "article": article.name,
                "content": one.content,
                "source": one.phrase or one.source,
                "cue": one.cue,
            }
            for one in voices.attributions
        ]
    run.write("polnear.jsonl", rows)

    def of_rows(weights: Floats) -> dict[str, Floats]:
        sums = (weights @ table).T
        f1s = [ratio(2 * sums[at], sums[at + 1] + sums[at + 2], 0.0) for at in (0, 3, 6)]
        precision, recall = ratio(sums[9], sums[11], 0.0), ratio(sums[10], sums[12], 0.0)
        return {
            "content_token_f1": f1s[0],
            "direct_token_f1": f1s[1],
            "indirect_token_f1": f1s[2],
            "source_f1": ratio(2 * precision * recall, precision + recall, 0.0),
            "source_precision": precision,
            "source_recall": recall,
        }

    metrics: Metrics = with_intervals(len(articles), of_rows)
    metrics["n_articles"] = len(articles)
    return metrics


def fitted(run: Run) -> FramingModel:
    """Return the model, with --fit its attribution learned from the train part of --data."""
    model = run.model
    if not run.options.fit:
        return model
    articles = read_polnear(run.data, _TRAIN)
    attributor = fit_attributor(model.vocabulary, model.weights[PART], articles)
    return replace(model, attributor=attributor)


def content_counts(article: PolnearArticle, document: Document, voices: Voices) -> list[int]:
    """Count content tokens in both, predicted and gold: all, inside marks and outside them."""
    found = covered(document, [one.content for one in voices.attributions])
    gold = covered(document, [extent for one in article.attributions for extent in one.content])
    inside = covered(document, [(one.start, one.end) for one in voices.quotations])
    counts = []
    for here in (np.ones_like(inside), inside, ~inside):
        counts += [int((a & here).sum()) for a in (found & gold, found, gold)]
    return counts


def source_sums(article: PolnearArticle, voices: Voices) -> list[float]:
    """Return overlap sums for precision and recall, found and gold sources, and no more.

    Only gold contents that were found count: each is paired with the attribution that
    shares most of it.
    """
    sums = np.zeros(4)
    for gold in article.attributions:
        found = best_found(gold, voices.attributions)
        if found is None:
            continue
        source = found.phrase or found.source
        overlap = partial_overlap([source] if source else [], gold.source)
        sums += (
            overlap.precision_sum,
            overlap.recall_sum,
            overlap.n_predicted,
            overlap.n_gold,
        )
    return sums.tolist()


def best_found(gold: GoldAttribution, found: Sequence[Attribution]) -> Attribution | None:
    """Return the attribution that shares most code points with a gold content, if any does."""
    shared = [
        sum(
            max(0, min(end, one.content[1]) - max(start, one.content[0]))
            for start, end in gold.content
        )
        for one in found
    ]
    best = max(range(len(found)), key=shared.__getitem__, default=None)
    return found[best] if best is not None and shared[best] else None


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``python -m benchmarks.polnear``."""
    parser = parser_of("polnear", __doc__ or "")
    parser.add_argument(
        "--fit", action="store_true", help="learn attribution here, from the train part of --data"
    )
    return main_of("polnear", parser, figures, argv)


if __name__ == "__main__":
    raise SystemExit(main())
