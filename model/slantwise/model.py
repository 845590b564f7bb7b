"""The model: from an article to its labelled spans."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from slantwise.calibration import Calibrator, calibration_inputs
from slantwise.errors import ModelError
from slantwise.evidence import Reasons
from slantwise.features import TypeRows, TypeTable, TypeWeights, Vocabulary
from slantwise.labeller import Extents, SpanHead
from slantwise.language import language_of
from slantwise.layout import Layout, lay_out, sentence_means
from slantwise.records import LABELS, VOICES, Article, Span
from slantwise.sequence import Chain
from slantwise.storage import ModelFile, quantise, read_model_file, write_model_file
from slantwise.tagger import Candidates, Tagger
from slantwise.targets import TargetFinder, TargetSpans
from slantwise.text import Document, read_document
from slantwise.voice import Voices, find_voices

if TYPE_CHECKING:
    import pandas as pd

    from slantwise.scores import Scores

EMBEDDED = Path(__file__).parent / "models"
LEAST_SCORE = 0.1  # spans below are not worth writing down
_CHUNK_ARTICLES = 64
_CHUNK_CHARACTERS = 1_000_000
_OUTLET, _QUOTE, _REPORTED, _SCARE = range(len(VOICES))
_IS_WORD = re.compile(r"\w")


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

    @property
    def counted(self) -> list[Span]:
        """Spans at or above the operating threshold of their label."""
        return [span for span in self.spans if span.score >= self.thresholds[span.label]]

    def to_frame(self) -> pd.DataFrame:
        """Return the spans as a pandas frame with the contract's columns."""
        from slantwise.tables import span_frame

        return span_frame(self.spans)

    def _repr_html_(self) -> str:
        from slantwise.highlight import article_html

        return article_html(replace(self, spans=self.counted))


@dataclass(frozen=True)
class FramingModel:
    """Labels loaded framing, span by span.

    Use :func:`load_model` to get one.

    >>> model = load_model()
    >>> [span.text for span in model.label("Critics slammed the plan.").counted]
    ['slammed']
    """

    name: str
    vocabulary: Vocabulary
    weights: Mapping[str, TypeWeights]
    tagger: Tagger
    labeller: SpanHead
    voicer: SpanHead
    calibrator: Calibrator
    targets: TargetFinder
    sentence_bias: tuple[float, float]  # slope and intercept of the log odds
    opinion: tuple[float, float]
    thresholds: Mapping[str, float]
    balanced_threshold: float
    card: Mapping[str, Any]
    hash: str = ""

    def types(self, layout: Layout) -> TypeRows:
        """Look up the word types of laid-out documents."""
        return self._table.look_up(layout.words)

    @cached_property
    def _table(self) -> TypeTable:
        return TypeTable(self.vocabulary, self.weights)

    def label(self, article: str | Article, outlet: str = "") -> LabelledArticle:
        """Label one article.

        Parameters
        ----------
        article : str or Article
            The text, or an article as :func:`slantwise.read_articles` yields it.
        outlet : str
            The outlet of a bare text.
        """
        if isinstance(article, str):
            article = Article(article, outlet=outlet)
        return self._label_chunk([article])[0]

    def label_many(self, articles: Iterable[Article]) -> Iterator[LabelledArticle]:
        """Label articles as they come, in order; each result depends on its article alone."""
        for chunk in _chunks(articles):
            yield from self._label_chunk(chunk)

    def score(self, articles: Iterable[Article], n_jobs: int = 1) -> Scores:
        """Label articles and gather spans and articles in two frames.

        Parameters
        ----------
        articles : iterable of Article
        n_jobs : int
            Processes; the result is the same for any number.
        """
        from slantwise.scores import Scores

        if n_jobs == 1:
            return Scores.from_labelled(self.label_many(articles), self)
        from joblib import Parallel, delayed

        parallel = Parallel(n_jobs=n_jobs, return_as="generator")
        parts = parallel(delayed(self._label_chunk)(chunk) for chunk in _chunks(articles))
        return Scores.from_labelled((one for part in parts for one in part), self)

    def save(self, path: str | Path) -> str:
        """Write the model to a file and return its SHA-256."""
        return write_model_file(Path(path), _as_file(self))

    def _label_chunk(self, articles: Sequence[Article]) -> list[LabelledArticle]:
        read = [_Read.of(article) for article in articles]
        documents = [document for one in read for document in one.documents]
        voices = [find_voices(document) for document in documents]
        layout = lay_out(documents)
        types = self.types(layout)
        found = self._spans(documents, voices, layout, types)
        bias = self._sentence_bias(types, layout)
        opinion = self._opinion(types, layout, read)
        labelled, position = [], 0
        for number, one in enumerate(read):
            here = range(position, position + len(one.documents))
            position += len(one.documents)
            labelled.append(
                self._assembled(
                    one,
                    [documents[at] for at in here],
                    [voices[at] for at in here],
                    [found[at] for at in here],
                    _mean(bias[layout.sentence_edges[here[0]] : layout.sentence_edges[here[-1] + 1]]),
                    float(opinion[number]),
                )
            )
        return labelled

    def raised(
        self,
        documents: Sequence[Document],
        voices: Sequence[Voices],
        layout: Layout,
        types: TypeRows,
    ) -> Raised:
        """Raise the candidates of laid-out documents, with voice and label but no score."""
        quoted, scare = _quotation_tokens(documents, voices, layout)
        emission = self.tagger.emissions(types, layout, quoted)
        candidates = self.tagger.candidates(emission, layout, scare)
        said = [
            voices[at].said(*_extent(documents[at], first - edge, last - edge))
            for at, edge, first, last in _by_document(layout, candidates.first, candidates.last)
        ]
        by_rule = np.array([voice for voice, _ in said], dtype=np.int64)
        extents = Extents(candidates.first, candidates.last, by_rule)
        voice = self._voice(types, layout, extents)
        chances = self.labeller.probabilities(types, layout, extents)
        label = np.array([LABELS.index(name) for name in self.labeller.classes])[
            chances.argmax(axis=1) if len(chances) else np.zeros(0, dtype=np.int64)
        ]
        # Scare quotes are told by their marks, so their label is certain if they are any.
        is_scare = voice == _SCARE
        return Raised(
            candidates,
            Extents(candidates.first, candidates.last, voice),
            [
                source if here in (_QUOTE, _REPORTED) else None
                for here, (_, source) in zip(voice, said, strict=True)
            ],
            np.where(is_scare, LABELS.index("scare-quotes"), label),
            np.where(is_scare, 1.0, chances.max(axis=1, initial=0.0)),
        )

    def _voice(self, types: TypeRows, layout: Layout, extents: Extents) -> NDArray[np.int64]:
        """Return whose words each span is: the rules' answer, corrected by the words around.

        What the rules can't tell is whether a word is foreign to the source it
        is reported with; scare quotes there are only where the rules see marks.
        """
        chances = self.voicer.probabilities(types, layout, extents)
        order = [VOICES.index(name) for name in self.voicer.classes]
        by_voice = np.zeros((len(chances), len(VOICES)))
        by_voice[:, order] = chances
        by_voice[extents.voice != _SCARE, _SCARE] = 0.0
        return by_voice.argmax(axis=1)

    def _spans(
        self,
        documents: Sequence[Document],
        voices: Sequence[Voices],
        layout: Layout,
        types: TypeRows,
    ) -> list[list[_Found]]:
        raised = self.raised(documents, voices, layout, types)
        scores = self.calibrator.scores(raised.inputs())
        unscored = np.concatenate([~document.scored for document in documents])
        running = np.concatenate([[0], np.cumsum(unscored)])
        extents = raised.extents
        in_text = running[extents.last] == running[extents.first]
        kept = np.flatnonzero((scores >= LEAST_SCORE) & in_text)
        written = Extents(extents.first[kept], extents.last[kept], extents.voice[kept])
        reasons = Reasons(self.tagger, self.labeller, types, layout).of(
            written, [LABELS[index] for index in raised.label[kept]]
        )
        places = list(_by_document(layout, written.first, written.last))
        sources = [raised.speaker[candidate] for candidate in kept]
        speakers = [
            _tokens_of(documents[place[0]], place[1], source)
            for place, source in zip(places, sources, strict=True)
        ]
        targets, valences = self.targets.find(
            types, layout, TargetSpans(written, raised.label[kept], speakers)
        )
        spans: list[list[_Found]] = [[] for _ in documents]
        for number, (candidate, place) in enumerate(zip(kept, places, strict=True)):
            at, edge, first, last = place
            document, source, target = documents[at], sources[number], targets[number]
            spans[at].append(
                _Found(
                    first - edge,
                    last - edge,
                    LABELS[raised.label[candidate]],
                    float(scores[candidate]),
                    VOICES[extents.voice[candidate]],
                    document.text[slice(*source)] if source else None,
                    _words(document, target[0] - edge, target[1] - edge) if target else None,
                    valences[number],
                    reasons[number],
                )
            )
        return spans

    def _sentence_bias(self, types: TypeRows, layout: Layout) -> NDArray[np.float64]:
        raw = sentence_means(types.columns("bias")[types.row], layout)[:, 0]
        slope, intercept = self.sentence_bias
        return np.asarray(1 / (1 + np.exp(-(slope * raw + intercept))))

    def _opinion(
        self, types: TypeRows, layout: Layout, read: Sequence[_Read]
    ) -> NDArray[np.float64]:
        """Return for each article the probability that it is opinion, from its text alone."""
        values = types.columns("opinion")[types.row, 0].astype(np.float64)
        running = np.concatenate([[0.0], np.cumsum(values)])
        at = np.cumsum([len(one.documents) for one in read]) - 1  # the text is the last document
        low, high = layout.token_edges[at], layout.token_edges[at + 1]
        slope, intercept = self.opinion
        raw = (running[high] - running[low]) / np.sqrt(np.maximum(high - low, 1))
        return np.asarray(1 / (1 + np.exp(-(slope * raw + intercept))))

    def _assembled(
        self,
        read: _Read,
        documents: Sequence[Document],
        voices: Sequence[Voices],
        found: Sequence[Sequence[_Found]],
        bias: float,
        opinion: float,
    ) -> LabelledArticle:
        spans = [
            span
            for field, document, here in zip(read.fields, documents, found, strict=True)
            for span in _rows(read.article, field, document, here)
        ]
        words = sum(
            (_voice_counts(document, voice) for document, voice in zip(documents, voices, strict=True)),
            np.zeros(len(VOICES), dtype=np.int64),
        )
        return LabelledArticle(
            read.article,
            spans,
            n_words=int(words.sum()),
            n_outlet_words=int(words[_OUTLET] + words[_SCARE]),
            n_quote_words=int(words[_QUOTE]),
            n_reported_words=int(words[_REPORTED]),
            bias=bias,
            genre="opinion" if opinion >= 0.5 else "news",
            genre_score=max(opinion, 1 - opinion),
            language=language_of(documents[-1].tokens.words, read.article.text),
            thresholds=self.thresholds,
        )


@dataclass(frozen=True, slots=True)
class Raised:
    """Candidates with their voice and label, before they are scored."""

    candidates: Candidates
    extents: Extents
    speaker: list[tuple[int, int] | None]  # where it is named, in code points
    label: NDArray[np.int64]  # index into LABELS
    chance: NDArray[np.float64]  # of that label

    def inputs(self) -> NDArray[np.float64]:
        """Return what a score rests on, shape (n_candidates, n_inputs)."""
        return calibration_inputs(self.candidates, self.extents, self.chance, self.label)


@dataclass(frozen=True, slots=True)
class _Found:
    """A span of one document, in its tokens."""

    first: int
    last: int
    label: str
    score: float
    voice: str
    speaker: str | None
    target: str | None
    valence: str | None
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """An article's fields as documents; the text is always the last."""

    article: Article
    fields: tuple[str, ...]
    documents: tuple[Document, ...]

    @classmethod
    def of(cls, article: Article) -> _Read:
        text = read_document(article.text, article.title)
        if not article.title.strip():
            return cls(article, ("text",), (text,))
        title = read_document(article.title, unscored=())
        return cls(article, ("title", "text"), (title, text))


def _extent(document: Document, first: int, last: int) -> tuple[int, int]:
    return int(document.tokens.start[first]), int(document.tokens.end[last - 1])


def _words(document: Document, first: int, last: int) -> str:
    start, end = _extent(document, first, last)
    return document.text[start:end]


def _tokens_of(
    document: Document, edge: int, source: tuple[int, int] | None
) -> tuple[int, int] | None:
    """Return the layout's tokens that a range of code points covers."""
    if source is None:
        return None
    first, last = document.tokens.covering(*source)
    return edge + first, edge + last


def _rows(
    article: Article, field: str, document: Document, found: Sequence[_Found]
) -> Iterator[Span]:
    for one in found:
        start, end = _extent(document, one.first, one.last)
        sentence = document.sentences[document.token_sentence[one.first]]
        yield Span(
            article_id=article.article_id,
            outlet=article.outlet,
            date=article.date,
            field=field,
            start=start,
            end=end,
            text=document.text[start:end],
            label=one.label,
            score=one.score,
            voice=one.voice,
            speaker=one.speaker,
            speaker_name=None,
            target=one.target,
            actor=None,
            valence=one.valence,
            sentence_start=int(sentence[0]),
            sentence_end=int(sentence[1]),
            evidence=one.evidence,
        )


def _by_document(
    layout: Layout, first: NDArray[np.int64], last: NDArray[np.int64]
) -> Iterator[tuple[int, int, int, int]]:
    """Yield document, its first token, and the range, for each range of tokens."""
    at = np.searchsorted(layout.token_edges, first, side="right") - 1
    for document, low, high in zip(at, first, last, strict=True):
        yield int(document), int(layout.token_edges[document]), int(low), int(high)


def _quotation_tokens(
    documents: Sequence[Document], voices: Sequence[Voices], layout: Layout
) -> tuple[NDArray[np.bool_], list[tuple[int, int]]]:
    """Return which tokens stand in quotation marks, and the token ranges of scare quotes."""
    quoted = np.zeros(len(layout.words), dtype=bool)
    scare: list[tuple[int, int]] = []
    for edge, document, voice in zip(layout.token_edges, documents, voices, strict=False):
        for quotation in voice.quotations:
            first, last = document.tokens.covering(quotation.start, quotation.end)
            quoted[edge + first : edge + last] = True
            if quotation.kind == "scare" and last > first:
                scare.append((int(edge + first), int(edge + last)))
    return quoted, _disjoint(scare)


def _disjoint(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if not kept or first >= kept[-1][1]:
            kept.append((first, last))
    return kept


def _voice_counts(document: Document, voices: Voices) -> NDArray[np.int64]:
    """Count the scored words in each voice."""
    is_word = np.array([bool(_IS_WORD.match(word)) for word in document.tokens.words], dtype=bool)
    return np.bincount(voices.token_voice[is_word & document.scored], minlength=len(VOICES))


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else 0.0


def _chunks(articles: Iterable[Article]) -> Iterator[list[Article]]:
    """Cut a stream into chunks that are worth an array and fit the memory."""
    waiting = iter(articles)
    chunk: list[Article] = []
    characters = 0
    for article in waiting:
        chunk.append(article)
        characters += len(article.text)
        if len(chunk) >= _CHUNK_ARTICLES or characters >= _CHUNK_CHARACTERS:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk


@lru_cache(maxsize=4)
def _loaded(path: Path, changed: int) -> FramingModel:
    return _from_file(read_model_file(path))


def load_model(name: str | Path = "fast") -> FramingModel:
    """Load an embedded model by name, or a model file by path.

    Parameters
    ----------
    name : str or Path
        "fast", or the path of a file that ``slantwise train`` wrote.

    Raises
    ------
    ModelError
        If there is no such model or the file is damaged.
    """
    embedded = EMBEDDED / f"{name}.slantwise"
    path = embedded if embedded.is_file() else Path(name)
    if not path.is_file():
        there = ", ".join(sorted(file.stem for file in EMBEDDED.glob("*.slantwise")))
        raise ModelError(f"no model {str(name)!r}: embedded are {there}; or give a file's path")
    return _loaded(path, path.stat().st_mtime_ns)


def _as_file(model: FramingModel) -> ModelFile:
    vectors, scale = quantise(model.vocabulary.vectors)
    arrays: dict[str, NDArray[Any]] = {
        "vectors": vectors,
        "vectors.scale": scale,
        "tagger.context": model.tagger.context,
        "tagger.transition": model.tagger.chain.transition,
        "tagger.initial": model.tagger.chain.initial,
        "labeller.figures": model.labeller.figures,
        "voicer.figures": model.voicer.figures,
        "calibrator": model.calibrator.coefficients,
    }
    for part, weights in model.weights.items():
        for block in TypeWeights.BLOCKS:
            arrays[f"weights.{part}.{block}"] = getattr(weights, block).astype(np.float16)
    arrays["targets.weights"] = model.targets.weights
    arrays["aim.figures"] = model.targets.aim.figures
    arrays["valence.figures"] = model.targets.valence.figures
    settings = {
        "name": model.name,
        "parts": list(model.weights),
        "offsets": list(model.tagger.offsets),
        "eagerness": model.tagger.eagerness,
        "labels": list(model.labeller.classes),
        "voices": list(model.voicer.classes),
        "aims": list(model.targets.aim.classes),
        "valences": list(model.targets.valence.classes),
        "sentence_bias": list(model.sentence_bias),
        "opinion": list(model.opinion),
        "thresholds": dict(model.thresholds),
        "balanced_threshold": model.balanced_threshold,
        "card": dict(model.card),
    }
    words = {
        "words": list(model.vocabulary.words),
        "stems": list(model.vocabulary.stems),
        "suffixes": list(model.vocabulary.suffixes),
    }
    return ModelFile(settings, words, arrays)


def _from_file(content: ModelFile) -> FramingModel:
    arrays, settings = content.arrays, content.settings
    vocabulary = Vocabulary(
        *(tuple(content.words[name]) for name in ("words", "stems", "suffixes")),
        arrays["vectors"].astype(np.float32) * arrays["vectors.scale"],
    )
    weights = {
        part: TypeWeights(
            *(arrays[f"weights.{part}.{block}"].astype(np.float32) for block in TypeWeights.BLOCKS)
        )
        for part in settings["parts"]
    }
    chain = Chain(arrays["tagger.transition"], arrays["tagger.initial"])
    return FramingModel(
        name=settings["name"],
        vocabulary=vocabulary,
        weights=weights,
        tagger=Tagger(
            tuple(settings["offsets"]), arrays["tagger.context"], chain, settings["eagerness"]
        ),
        labeller=SpanHead("label", tuple(settings["labels"]), arrays["labeller.figures"]),
        voicer=SpanHead("voice", tuple(settings["voices"]), arrays["voicer.figures"]),
        calibrator=Calibrator(arrays["calibrator"]),
        targets=TargetFinder(
            arrays["targets.weights"],
            SpanHead("aim", tuple(settings["aims"]), arrays["aim.figures"]),
            SpanHead("valence", tuple(settings["valences"]), arrays["valence.figures"]),
        ),
        sentence_bias=(settings["sentence_bias"][0], settings["sentence_bias"][1]),
        opinion=(settings["opinion"][0], settings["opinion"][1]),
        thresholds=settings["thresholds"],
        balanced_threshold=settings["balanced_threshold"],
        card=settings["card"],
        hash=content.sha256,
    )
