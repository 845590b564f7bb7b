"""The model: from an article to its labelled spans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from slantwise.actors import Namer
from slantwise.answers import ANSWERS, Reader
from slantwise.attributed import attributed_voices
from slantwise.attribution import Attributor
from slantwise.calibration import Calibrator
from slantwise.codebook import ActorBook, Codebook, TermBook, read_actors, read_terms
from slantwise.errors import ModelError
from slantwise.evidence import Reasons
from slantwise.features import TypeRows, TypeTable, TypeWeights, Vocabulary
from slantwise.genre import Genre
from slantwise.labelled import Fields, Found, LabelledArticle
from slantwise.labeller import Extents, SpanHead
from slantwise.language import language_of
from slantwise.layout import Layout, lay_out, sentence_means
from slantwise.mentions import Mentions
from slantwise.packing import pack, unpack, unpack_pooled
from slantwise.pooling import Pooling
from slantwise.raising import Raised, raise_candidates
from slantwise.records import LABELS, VOICES, Article
from slantwise.rivals import TargetSpans
from slantwise.sharing import shared, shared_model
from slantwise.spread import Spread
from slantwise.storage import read_model_file, write_model_file
from slantwise.tagger import Tagger
from slantwise.targets import TargetFinder
from slantwise.terms import Judgements, by_terms
from slantwise.text import Document
from slantwise.voice import Voices, find_voices

if TYPE_CHECKING:
    from slantwise.scores import Scores

__all__ = ["FramingModel", "LabelledArticle", "load_model"]

EMBEDDED = Path(__file__).parent / "models"
LEAST_SCORE = 0.1  # spans below are not worth writing down
_CHUNK_ARTICLES = 48
_CHUNK_CHARACTERS = 1_000_000
_OUTLET, _QUOTE, _REPORTED, _SCARE = range(len(VOICES))


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
    opinion: Genre
    thresholds: Mapping[str, float]
    balanced_threshold: float
    card: Mapping[str, Any]
    readers: tuple[Reader, ...] = ()  # what reads every token in its context
    bias_pool: tuple[float, ...] = (1.0,)  # how its own sentence bias and each reader's count
    attributor: Attributor | None = None  # hears whose words are whose; without it rules do
    pooling: Pooling | None = None  # how much the last reader counts
    base: FramingModel | None = None  # of a model whose file keeps only what it adds to another
    names: Mapping[str, str] = field(default_factory=dict)  # whom a surname usually stands for
    codebook: Codebook = field(default_factory=Codebook)  # an analyst's, in no file
    hash: str = ""

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
        with shared(self) as path:
            parts = parallel(delayed(_label_shared)(path, chunk) for chunk in _chunks(articles))
            return Scores.from_labelled((one for part in parts for one in part), self)

    def with_codebook(
        self,
        actors: str | Path | ActorBook | None = None,
        terms: str | Path | TermBook | None = None,
    ) -> FramingModel:
        """Return the model that also goes by what an analyst knows of a corpus.

        Parameters
        ----------
        actors : str, Path or ActorBook, optional
            ``actors.yaml``: the one name of each actor, with aliases, kind and side.
        terms : str, Path or TermBook, optional
            ``terms.yaml``: words that always or never count, by label.

        Raises
        ------
        InputError
            If a file can't be read or says what can't be.
        """
        if isinstance(actors, str | Path):
            actors = read_actors(actors)
        if isinstance(terms, str | Path):
            terms = read_terms(terms)
        old = self.codebook
        return replace(self, codebook=Codebook(actors or old.actors, terms or old.terms))

    def save(self, path: str | Path) -> str:
        """Write the model to a file and return its SHA-256."""
        return write_model_file(Path(path), pack(self))

    def spread(self, documents: Sequence[Document]) -> Spread:
        """Lay documents end to end, with their voices and word types."""
        layout = lay_out(documents)
        types = self._table.look_up(layout.words, layout.number)
        spread = Spread(documents, self.voices(documents, layout, types), layout, types)
        if not self.readers:
            return spread
        # Each answer lies in one piece: heads ask for a few answers about many tokens.
        answers = np.empty((len(self.readers) * len(ANSWERS), len(types.row)), dtype=np.float32).T
        for number, reader in enumerate(self.readers):
            own = slice(number * len(ANSWERS), (number + 1) * len(ANSWERS))
            answers[:, own] = reader.read(spread)
        return replace(spread, types=replace(types, answers=answers))

    def voices(
        self, documents: Sequence[Document], layout: Layout, types: TypeRows
    ) -> list[Voices]:
        """Find whose words the words of documents are, laid end to end."""
        if self.attributor is not None:
            return attributed_voices(documents, layout, types, self.attributor)
        traits = types.traits
        return [
            find_voices(document, traits[layout.tokens_of(number)])
            for number, document in enumerate(documents)
        ]

    def raised(self, spread: Spread) -> Raised:
        """Raise the candidates of documents, with voice and label but no score."""
        return raise_candidates(spread, self.tagger, self.labeller, self.voicer)

    def _label_chunk(self, articles: Sequence[Article]) -> list[LabelledArticle]:
        read = [Fields.of(article) for article in articles]
        spread = self.spread([document for one in read for document in one.documents])
        found, named = self._found(spread, LEAST_SCORE)
        bias, scored = self._sentence_bias(spread), _scored_sentences(spread)
        ends = np.cumsum([len(one.documents) for one in read])
        opinion = self._opinion(spread, ends - 1)  # of the text, the last document
        edges = spread.layout.sentence_edges
        labelled = []
        for number, (one, end) in enumerate(zip(read, ends.tolist(), strict=True)):
            begin = end - len(one.documents)
            here = slice(int(edges[begin]), int(edges[end]))
            mean_bias = _mean(bias[here][scored[here]])
            self._name_actors(found, spread, named, range(begin, end))
            labelled.append(
                self._assembled(
                    one, spread, range(begin, end), found, mean_bias, float(opinion[number])
                )
            )
        return labelled

    def find(self, spread: Spread, least_score: float = LEAST_SCORE) -> list[list[Found]]:
        """Return the spans of each document with this score or more, in order."""
        return self._found(spread, least_score)[0]

    def _found(
        self, spread: Spread, least_score: float
    ) -> tuple[list[list[Found]], Mentions | None]:
        """Return the spans, and who is named in documents that have any."""
        raised = self.raised(spread)
        inputs = raised.inputs()
        scores, chances = self.calibrator.scores(inputs), self.calibrator.chances(inputs)
        running = np.append(0, np.cumsum(~spread.scored))
        extents = raised.extents
        in_text = running[extents.last] == running[extents.first]
        kept = np.flatnonzero((scores >= least_score) & in_text)
        written = Extents(extents.first[kept], extents.last[kept], extents.voice[kept])
        labels, scores, chances = raised.label[kept], scores[kept], chances[kept]
        sources = raised.sources(spread, kept)
        if self.codebook.terms:
            judged = Judgements(written, labels, scores, chances, sources)
            judged = by_terms(self.codebook.terms, spread, judged)
            written, labels, sources = judged.extents, judged.label, judged.speaker
            scores, chances = judged.score, judged.chance
        reasons = Reasons(self.tagger, self.labeller, spread.types, spread.layout).of(
            written, [LABELS[index] for index in labels]
        )
        places = list(spread.places(written.first, written.last))
        speakers = [
            spread.tokens(place.document, source) if source else None
            for place, source in zip(places, sources, strict=True)
        ]
        targets, valences, mentions = self.targets.find_named(
            spread.types, spread.layout, TargetSpans(written, labels, speakers)
        )
        found: list[list[Found]] = [[] for _ in spread.documents]
        for place, label, score, chance, voice, source, target, valence, reason in zip(
            places,
            labels.tolist(),
            scores.tolist(),
            chances.tolist(),
            written.voice.tolist(),
            sources,
            targets,
            valences,
            reasons,
            strict=True,
        ):
            text = spread.documents[place.document].text
            found[place.document].append(
                Found(
                    place.first,
                    place.last,
                    LABELS[label],
                    score,
                    chance,
                    VOICES[voice],
                    text[slice(*source)] if source else None,
                    spread.voices[place.document].name_of(source) if source else None,
                    text[slice(*spread.extent(*target))] if target else None,
                    valence,
                    reason,
                )
            )
        return found, mentions

    def _name_actors(
        self,
        found: list[list[Found]],
        spread: Spread,
        mentions: Mentions | None,
        documents: range,
    ) -> None:
        """Give the targets of one article's spans the names of their actors."""
        if mentions is None or not any(one.target for at in documents for one in found[at]):
            return
        low, high = spread.layout.token_edges[[documents.start, documents.stop]]
        namer = Namer.of(
            spread.names(mentions, int(low), int(high)), self.names, self.codebook.actors
        )
        for at in documents:
            found[at] = [
                replace(one, actor=namer.actor(one.target)) if one.target else one
                for one in found[at]
            ]

    def _sentence_bias(self, spread: Spread) -> NDArray[np.float64]:
        """Return for each sentence the probability that its wording is biased."""
        return np.asarray(1 / (1 + np.exp(-self.bias_odds(spread))))

    def bias_odds(self, spread: Spread) -> NDArray[np.float64]:
        """Return for each sentence the log odds that its wording is biased."""
        values = spread.types.columns("bias")[spread.types.row]
        raw = sentence_means(values, spread.layout)[:, 0]
        slope, intercept = self.sentence_bias
        odds = self.bias_pool[0] * (slope * raw + intercept)
        if spread.types.answers is not None:
            answers = spread.types.answers[:, ANSWERS.index("bias") :: len(ANSWERS)]
            odds += sentence_means(answers, spread.layout, power=1.0) @ self.bias_pool[1:]
        return np.asarray(odds)

    def _opinion(self, spread: Spread, documents: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return for each of these documents the probability that it is opinion."""
        weights, rows = spread.types.columns("opinion")[:, 0], spread.types.row
        odds = []
        for at in documents.tolist():
            scored = spread.documents[at].scored
            here = weights[rows[spread.layout.tokens_of(at)][scored]]
            odds.append(self.opinion.log_odds(here, spread.voices[at].token_voice[scored]))
        return np.asarray(1 / (1 + np.exp(-np.array(odds))))

    def _assembled(
        self,
        read: Fields,
        spread: Spread,
        documents: range,
        found: Sequence[Sequence[Found]],
        bias: float,
        opinion: float,
    ) -> LabelledArticle:
        words = spread.word_counts[documents.start : documents.stop].sum(axis=0)
        return LabelledArticle(
            read.article,
            [
                one.as_span(read.article, name, spread.documents[at])
                for name, at in zip(read.names, documents, strict=True)
                for one in found[at]
            ],
            n_words=int(words.sum()),
            n_outlet_words=int(words[_OUTLET] + words[_SCARE]),
            n_quote_words=int(words[_QUOTE]),
            n_reported_words=int(words[_REPORTED]),
            bias=bias,
            genre="opinion" if opinion >= 0.5 else "news",
            genre_score=max(opinion, 1 - opinion),
            language=language_of(
                spread.traits[spread.layout.tokens_of(documents[-1])], read.article.text
            ),
            thresholds=self.thresholds,
            speakers=_speakers(spread, documents),
        )


def _speakers(spread: Spread, documents: range) -> dict[str, int]:
    """Return how many scored words of these documents, fields of one article, are whose."""
    found: dict[str, int] = {}
    for at in documents:
        counted = spread.counted[spread.layout.tokens_of(at)]
        for name, n_words in spread.voices[at].speakers(counted).items():
            found[name] = found.get(name, 0) + n_words
    return found


def _label_shared(path: str, articles: Sequence[Article]) -> list[LabelledArticle]:
    return shared_model(path)._label_chunk(articles)


def _scored_sentences(spread: Spread) -> NDArray[np.bool_]:
    """Return which sentences have words that are not boilerplate, shape (n_sentences,)."""
    sentence = spread.layout.token_sentence[spread.scored]
    return np.bincount(sentence, minlength=len(spread.layout.lengths)) > 0


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
    content = read_model_file(path)
    try:
        built_on = content.settings.get("built_on")
        if built_on is None:
            return FramingModel(**unpack(content))
        return unpack_pooled(content, load_model(built_on["name"]))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise ModelError(
            f"{path}: parts of the model are missing or don't fit ({error!r}); "
            "fetch or train it again"
        ) from error


def load_model(
    name: str | Path | None = None,
    *,
    actors: str | Path | ActorBook | None = None,
    terms: str | Path | TermBook | None = None,
) -> FramingModel:
    """Load an embedded model by name, or a model file by path.

    Parameters
    ----------
    name : str or Path, optional
        An embedded model, or the path of a file that ``slantwise train`` wrote; without it
        "accurate" if that is embedded, else "fast".
    actors, terms : str, Path, ActorBook or TermBook, optional
        A codebook, as :meth:`FramingModel.with_codebook` takes it.

    Raises
    ------
    ModelError
        If there is no such model or the file is damaged.
    InputError
        If a codebook can't be read or says what can't be.
    """
    if actors is not None or terms is not None:
        return load_model(name).with_codebook(actors, terms)
    if name is None:
        name = "accurate" if (EMBEDDED / "accurate.slantwise").is_file() else "fast"
    embedded = EMBEDDED / f"{name}.slantwise"
    path = embedded if embedded.is_file() else Path(name)
    if not path.is_file():
        there = ", ".join(sorted(file.stem for file in EMBEDDED.glob("*.slantwise")))
        raise ModelError(f"no model {str(name)!r}: embedded are {there}; or give a file's path")
    return _loaded(path, path.stat().st_mtime_ns)
