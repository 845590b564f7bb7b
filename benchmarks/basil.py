"""BASIL: sentences with lexical bias, and whose words they are; nothing is fitted.

A sentence is called biased if a span at the operating threshold of its label lies in it.
The voice is asked for the gold spans of either kind: a quote, or not.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.common import Metrics, Run, main_of, parser_of
from benchmarks.corpora.basil import BasilArticle, read_basil
from slantwise.labeller import View, extents_of
from slantwise.metrics import Floats, f1_of, ratio, with_intervals
from slantwise.model import FramingModel
from slantwise.raising import corrected_voice
from slantwise.records import VOICES, Article
from slantwise.text import read_document


def figures(run: Run) -> Metrics:
    """Measure sentences and voices, with intervals over events."""
    articles = read_basil(run.measured)
    placed = [text_of(article) for article in articles]
    labelled = run.model.label_many(
        Article(text, article_id=article.article_id, outlet=article.outlet)
        for article, (text, _) in zip(articles, placed, strict=True)
    )
    events: dict[str, int] = {}
    unit = [events.setdefault(article.event, len(events)) for article in articles]
    rows = []
    table = np.zeros((len(events), 5))
    for article, (text, starts), found, at in zip(articles, placed, labelled, unit, strict=True):
        scores = sentence_scores(
            starts, article.sentences, [(span.start, span.end, 1.0) for span in found.counted]
        )
        predicted = scores > 0
        gold = np.zeros(len(starts), dtype=bool)
        gold[[span.sentence for span in article.spans if span.lexical and span.sentence >= 0]] = (
            True
        )
        table[at, :3] += (predicted & gold).sum(), predicted.sum(), gold.sum()
        voices = voices_of(run.model, text, starts, article)
        flags = [span.quoted for span in article.spans if span.sentence >= 0]
        table[at, 3:] += sum(a == b for a, b in zip(voices, flags, strict=True)), len(flags)
        rows += [
            {
                "article_id": article.article_id,
                "sentence": number,
                "predicted": bool(predicted[number]),
            }
            for number in range(len(starts))
        ]
    run.write("basil.jsonl", rows)

    def of_rows(weights: Floats) -> dict[str, Floats]:
        both, predicted, gold, right, spans = (weights @ table).T
        return {
            "lexical_sentence_f1": f1_of(both, predicted, gold),
            "lexical_sentence_precision": ratio(both, predicted),
            "lexical_sentence_recall": ratio(both, gold),
            "voice_accuracy": ratio(right, spans),
        }

    metrics: Metrics = with_intervals(len(events), of_rows)
    metrics["n_articles"], metrics["n_sentences"] = len(articles), len(rows)
    return metrics


def text_of(article: BasilArticle) -> tuple[str, list[int]]:
    """Return the body as one text, and where each sentence begins in it."""
    text, starts = "", []
    for paragraph in article.paragraphs:
        text += "\n\n" if text else ""
        for number, sentence in enumerate(paragraph):
            text += " " if number else ""
            starts.append(len(text))
            text += sentence
    return text, starts


def sentence_scores(
    starts: Sequence[int], sentences: Sequence[str], spans: Sequence[tuple[int, int, float]]
) -> NDArray[np.float64]:
    """Return the highest score of a span that lies in each sentence, 0 without one."""
    scores = np.zeros(len(starts))
    for number, (start, sentence) in enumerate(zip(starts, sentences, strict=True)):
        end = start + len(sentence)
        scores[number] = max(
            (score for low, high, score in spans if low < end and high > start), default=0.0
        )
    return scores


def voices_of(
    model: FramingModel, text: str, starts: Sequence[int], article: BasilArticle
) -> list[bool]:
    """Return whether the model takes each gold span of the body for a quote."""
    spread = model.spread([read_document(text, unscored=())])
    ranges, names = [], []
    for span in article.spans:
        if span.sentence >= 0:
            start, end = (starts[span.sentence] + at for at in (span.start, span.end))
            ranges.append(spread.tokens(0, (start, end)))
            names.append(VOICES[spread.voices[0].said(start, end)[0]])
    extents = extents_of(spread.layout, ranges, names)
    voices = corrected_voice(model.voicer, View.of(spread.types, spread.layout, extents))
    return [VOICES[voice] == "quote" for voice in voices]


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``python -m benchmarks.basil``."""
    return main_of("basil", parser_of("basil", __doc__ or ""), figures, argv)


if __name__ == "__main__":
    raise SystemExit(main())
