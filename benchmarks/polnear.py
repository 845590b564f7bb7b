"""PolNeAR: whose words are whose in political news. The voices are found by rule.

Without --test on the dev part of --data, with it on the dev part of --test. A token is
content if the voice found for it is that of a source; direct content stands between
quotation marks, indirect does not.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.common import Metrics, Run, main_of, parser_of
from benchmarks.corpora.polnear import GoldAttribution, PolnearArticle, Range, read_polnear
from slantwise.metrics import Floats, partial_overlap, ratio, with_intervals
from slantwise.records import VOICES, Attribution
from slantwise.text import Document, read_document
from slantwise.voice import Voices, find_voices

_PART = "dev"
_SAID = [VOICES.index("quote"), VOICES.index("reported")]


def figures(run: Run) -> Metrics:
    """Measure content and sources, with intervals over articles."""
    articles = read_polnear(run.measured, _PART)
    table = np.zeros((len(articles), 13))
    rows = []
    for number, article in enumerate(articles):
        document = read_document(article.text, unscored=())
        voices = find_voices(document)
        table[number] = [*content_counts(article, document, voices), *source_sums(article, voices)]
        rows += [
            {"article": article.name, "content": one.content, "source": one.source, "cue": one.cue}
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


def content_counts(article: PolnearArticle, document: Document, voices: Voices) -> list[int]:
    """Count content tokens in both, predicted and gold: all, inside marks and outside them."""
    found = np.isin(voices.token_voice, _SAID)
    gold = covered(document, [extent for one in article.attributions for extent in one.content])
    inside = covered(document, [(one.start, one.end) for one in voices.quotations])
    counts = []
    for here in (np.ones_like(inside), inside, ~inside):
        counts += [int((a & here).sum()) for a in (found & gold, found, gold)]
    return counts


def covered(document: Document, ranges: Sequence[Range]) -> NDArray[np.bool_]:
    """Return which tokens lie in one of the ranges."""
    flags = np.zeros(len(document.tokens), dtype=bool)
    for start, end in ranges:
        first, last = document.tokens.covering(start, end)
        flags[first:last] = True
    return flags


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
        overlap = partial_overlap([found.source] if found.source else [], gold.source)
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
    return main_of("polnear", parser_of("polnear", __doc__ or ""), figures, argv)


if __name__ == "__main__":
    raise SystemExit(main())
