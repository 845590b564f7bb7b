"""An article with its labelled spans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from slantwise.records import Article, Span
from slantwise.text import Document, read_document

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class LabelledArticle:
    """An article with its spans; shows its highlights in a notebook."""

    article: Article
    spans: list[Span]  # with a score of 0.1 or more, title first, by start
    n_words: int  # words that were scored, in title and text
    n_outlet_words: int  # in the outlet's own voice, scare quotes included
    n_quote_words: int
    n_reported_words: int
    bias: float  # mean calibrated probability that a sentence is biased
    genre: str  # "news" or "opinion"
    genre_score: float  # probability of that genre
    language: str  # ISO 639-1
    thresholds: Mapping[str, float]  # score from which a span of each label counts
    speakers: Mapping[str, int] = field(default_factory=dict)  # words quoted and reported of each

    @property
    def counted(self) -> list[Span]:
        """Spans at or above the operating threshold of their label."""
        from slantwise.tables import at_threshold

        labels, scores = [one.label for one in self.spans], [one.score for one in self.spans]
        counts = at_threshold(labels, scores, self.thresholds)
        return [span for span, counted in zip(self.spans, counts, strict=True) if counted]

    def to_frame(self) -> pd.DataFrame:
        """Return the spans as a pandas frame with the contract's columns."""
        from slantwise.tables import span_frame

        return span_frame(self.spans)

    def _repr_html_(self) -> str:
        from slantwise.highlight import article_html

        return article_html(replace(self, spans=self.counted))


@dataclass(frozen=True, slots=True)
class Fields:
    """An article's fields as documents; the text is always the last."""

    article: Article
    names: tuple[str, ...]
    documents: tuple[Document, ...]

    @classmethod
    def of(cls, article: Article) -> Fields:
        """Read the fields of an article."""
        text = read_document(article.text, article.title)
        if not article.title.strip():
            return cls(article, ("text",), (text,))
        title = read_document(article.title, unscored=())
        return cls(article, ("title", "text"), (title, text))


@dataclass(frozen=True, slots=True)
class Found:
    """A span of one document, in its tokens."""

    first: int
    last: int
    label: str
    score: float
    chance: float  # that it is loaded at all
    voice: str
    speaker: str | None
    speaker_name: str | None
    target: str | None
    valence: str | None
    evidence: tuple[str, ...]
    actor: str | None = None  # the one name of the target

    def as_span(self, article: Article, field: str, document: Document) -> Span:
        """Return the row that is shown and written."""
        start, end = int(document.tokens.start[self.first]), int(document.tokens.end[self.last - 1])
        sentence = document.sentences[document.token_sentence[self.first]]
        return Span(
            article_id=article.article_id,
            outlet=article.outlet,
            date=article.date,
            field=field,
            start=start,
            end=end,
            text=document.text[start:end],
            label=self.label,
            score=self.score,
            voice=self.voice,
            speaker=self.speaker,
            speaker_name=self.speaker_name,
            target=self.target,
            actor=self.actor,
            valence=self.valence,
            sentence_start=int(sentence[0]),
            sentence_end=int(sentence[1]),
            evidence=self.evidence,
        )
