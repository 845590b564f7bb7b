"""What is fitted to PTC: a head that finds propaganda spans, and one that names techniques."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from slantwise.layout import lay_out
from slantwise.metrics import Overlap, partial_overlap
from slantwise.model import FramingModel
from slantwise.sequence import OUTSIDE, forward_backward, steps
from slantwise.text import Document
from slantwise.training.labeller import SpanClassifier, SpanInDocument
from slantwise.training.tagger import SpanTagger

Extent = tuple[int, int]
_GAP = 3  # tokens, at most, from one likely token to the next of the same span
_THRESHOLDS = np.arange(0.08, 0.32, 0.02)
_KEPT_OUT = 5  # one story of so many chooses the threshold


class PropagandaSpans:
    """A span tagger whose tokens count from a chance that is chosen on stories kept out."""

    def __init__(self, model: FramingModel) -> None:
        self.model = model

    def fit(
        self,
        documents: Sequence[Document],
        spans: Sequence[Sequence[Extent]],
        groups: NDArray[np.int64],
    ) -> Self:
        """Fit to documents, their spans and the story that each tells."""
        order = {group: number for number, group in enumerate(dict.fromkeys(groups.tolist()))}
        kept_out = np.array([order[group] % _KEPT_OUT == 0 for group in groups.tolist()])
        seen, unseen = np.flatnonzero(~kept_out).tolist(), np.flatnonzero(kept_out).tolist()
        if len(seen) and len(unseen):
            draft = self._tagger(documents, spans, seen)
            chances = token_chances(draft, [documents[at] for at in unseen])
            self.threshold_ = max(
                _THRESHOLDS.tolist(),
                key=lambda threshold: (
                    Overlap.total(
                        [
                            partial_overlap(likely_spans(documents[at], here, threshold), spans[at])
                            for at, here in zip(unseen, chances, strict=True)
                        ]
                    ).f1
                ),
            )
        else:  # a single story
            self.threshold_ = 0.2
        self.tagger_ = self._tagger(documents, spans, range(len(documents)))
        return self

    def predict(self, documents: Sequence[Document]) -> list[list[Extent]]:
        """Return the code-point ranges of the spans in each document."""
        return [
            likely_spans(document, chances, self.threshold_)
            for document, chances in zip(
                documents, token_chances(self.tagger_, documents), strict=True
            )
        ]

    def _tagger(
        self,
        documents: Sequence[Document],
        spans: Sequence[Sequence[Extent]],
        rows: Iterable[int],
    ) -> SpanTagger:
        tagger = SpanTagger(self.model.vocabulary, self.model.weights["tone"], max_iter=40)
        rows = list(rows)
        return tagger.fit([documents[row] for row in rows], [spans[row] for row in rows])


def token_chances(tagger: SpanTagger, documents: Sequence[Document]) -> list[NDArray[np.floating]]:
    """Return for each document how likely each token lies in a span."""
    layout = lay_out(documents)
    emission = tagger._emissions(documents, layout)
    posterior = forward_backward(emission, tagger.tagger_.chain, steps(layout.lengths))
    return np.split(1 - posterior.state[:, OUTSIDE], layout.token_edges[1:-1])


def likely_spans(
    document: Document, chances: NDArray[np.floating], threshold: float
) -> list[Extent]:
    """Join likely tokens of one sentence that stand near each other."""
    runs: list[list[int]] = []
    sentence = document.token_sentence
    for token in np.flatnonzero(chances >= threshold).tolist():
        if runs and token - runs[-1][1] <= _GAP and sentence[token] == sentence[runs[-1][1]]:
            runs[-1][1] = token
        else:
            runs.append([token, token])
    tokens = document.tokens
    return [(int(tokens.start[first]), int(tokens.end[last])) for first, last in runs]


class Techniques:
    """Names the technique of a span: two classifiers, the mean of their chances.

    One is the span labeller of slantwise, over the word types in and around a span; the
    other looks at the span's own words and letters, and at how often its article says them.
    """

    def __init__(self, model: FramingModel) -> None:
        self.model = model

    def fit(self, spans: Sequence[SpanInDocument], techniques: Sequence[str]) -> Self:
        """Fit to spans and their techniques."""
        self.types_ = SpanClassifier(self.model.vocabulary, C=0.03, max_iter=400)
        self.types_.fit(spans, techniques)
        texts = [document.text[start:end] for document, start, end in spans]
        self.words_ = TfidfVectorizer(
            ngram_range=(1, 2), min_df=2, sublinear_tf=True, token_pattern=r"\w+|[^\w\s]"
        ).fit(texts)
        self.letters_ = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True
        ).fit(texts)
        self.surface_ = LogisticRegression(max_iter=400).fit(self._matrix(spans), techniques)
        return self

    def chances(self, spans: Sequence[SpanInDocument]) -> NDArray[np.float64]:
        """Return how likely each technique is, shape (n_spans, n_techniques)."""
        by_surface = self.surface_.predict_proba(self._matrix(spans))
        return np.asarray((self.types_.predict_proba(spans) + by_surface) / 2)

    def assign(self, document: Document, spans: Sequence[Extent]) -> list[str]:
        """Return a technique for each span; one that is asked for again gets the next likely."""
        if not spans:
            return []
        order = np.argsort(-self.chances([(document, *span) for span in spans]), axis=1)
        asked: dict[Extent, int] = {}
        techniques = []
        for span, row in zip(spans, order, strict=True):
            again = asked.get(span, 0)
            asked[span] = again + 1
            techniques.append(str(self.surface_.classes_[row[min(again, len(row) - 1)]]))
        return techniques

    def _matrix(self, spans: Sequence[SpanInDocument]) -> sp.csr_matrix:
        texts = [document.text[start:end] for document, start, end in spans]
        figures = sp.csr_matrix([_figures(*span) for span in spans])
        return sp.hstack(
            [self.words_.transform(texts), self.letters_.transform(texts), figures], format="csr"
        )


def _figures(document: Document, start: int, end: int) -> list[float]:
    """Return what the words alone don't tell: length, repetition, marks, place."""
    text = document.text
    span = text[start:end]
    n_words = max(len(span.split()), 1)
    again = re.findall(rf"(?<!\w){re.escape(span)}(?!\w)", text, re.IGNORECASE)
    return [
        float(np.log(n_words)),
        *(
            float(low <= n_words <= high)
            for low, high in ((1, 1), (2, 2), (3, 5), (6, 10), (11, 20))
        ),
        float(np.log(max(len(again), 1))),
        *(float(len(again) > times) for times in (1, 2, 4)),
        *(float(mark in text[start : end + 1]) for mark in "?!"),
        float(bool(re.search('["“”]', span))),
        float(span[:1].isupper()),
        start / max(len(text), 1),
    ]
