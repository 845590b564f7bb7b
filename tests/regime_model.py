"""A model for tests that can be checked by eye: every "regime" is a span.

The n-th span of a field scores 0.9, 0.6, 0.3, 0.9, ...; a word between quotation marks
is a quote. The threshold of name-calling is 0.5. It fails on
the article whose id is `fails_on`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from slantwise.codebook import Codebook
from slantwise.records import LABELS, Article, Span

SCORES = (0.9, 0.6, 0.3)


@dataclass(frozen=True)
class RegimeLabelled:
    article: Article
    spans: list[Span]
    n_words: int
    n_outlet_words: int
    n_quote_words: int
    n_reported_words: int
    bias: float
    genre: str
    genre_score: float
    language: str
    speakers: Mapping[str, int] = field(default_factory=dict)


class RegimeModel:
    name = "regime"
    base = None
    codebook = Codebook()

    def __init__(self, hash: str = "c0ffee" * 6, fails_on: str = "") -> None:
        self.hash = hash
        self.fails_on = fails_on
        self.thresholds = dict.fromkeys(LABELS, 0.5)

    def label_many(self, articles: Iterable[Article]) -> Iterator[RegimeLabelled]:
        return map(self.label, articles)

    def label(self, article: Article) -> RegimeLabelled:
        if self.fails_on and self.fails_on == article.article_id:
            raise ZeroDivisionError("deliberate")
        quoted = " ".join(re.findall('"([^"]*)"', article.text))
        n_words, n_quote_words = len(article.text.split()), len(quoted.split())
        spans = [*self._spans(article, "title"), *self._spans(article, "text")]
        return RegimeLabelled(
            article,
            spans,
            n_words,
            n_words - n_quote_words,
            n_quote_words,
            0,
            0.25,
            "news",
            0.75,
            "nl" if "regime van" in article.text else "en",
        )

    def _spans(self, article: Article, field: str) -> Iterator[Span]:
        text = getattr(article, field)
        for n, match in enumerate(re.finditer("regime", text)):
            is_quote = text[: match.start()].count('"') % 2 == 1
            yield Span(
                article_id=article.article_id,
                outlet=article.outlet,
                date=article.date,
                field=field,
                start=match.start(),
                end=match.end(),
                text=match.group(),
                label="name-calling",
                score=SCORES[n % len(SCORES)],
                voice="quote" if is_quote else "outlet",
                speaker="the envoy" if is_quote else None,
                speaker_name=None,
                target="Ostrava",
                actor=None,
                valence="negative",
                sentence_start=0,
                sentence_end=len(text),
                evidence=("the word “regime”", "said of a government"),
            )
