"""Learning to tell opinion from news by the text alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from slantwise.features import SHAPES, Analysis, TypeWeights, Vocabulary
from slantwise.genre import Genre, roots_of_shares, voice_counts
from slantwise.records import OWN_VOICES, VOICES
from slantwise.training.folds import outlet_folds
from slantwise.training.marked import MarkedTexts, ReadText

# What footers and bylines call a piece: whoever learned it would know the page, not the text.
_SELF_NAMING = frozenset(
    "opinion opinions editorial editorials commentary column columns columnist columnists op ed "
    "contributor contributors author authors".split()
)
_CAPITALS = [SHAPES.index("capital"), SHAPES.index("upper")]
_FEWEST_TEXTS = 10  # that a word must stand in to be learned
_SHARE_SCALE = 1.5  # of a root of a share: by it the penalty lets words have most of the say
_FEW = 100.0  # chosen by the log loss of articles cut short, of outlets not fitted on
_SIZE = 3.0  # standard deviations of a word of a text that make one unit
_FOLDS = 5


@dataclass(frozen=True)
class FittedGenre:
    """What a model needs to tell the genre."""

    words: TypeWeights
    genre: Genre

    def log_odds(self, vocabulary: Vocabulary, texts: Sequence[ReadText]) -> NDArray[np.float64]:
        """Return the log odds that texts are opinion, shape (n_texts,)."""
        index: dict[str, int] = {}
        rows = [[index.setdefault(word, len(index)) for word in one.words] for one in texts]
        weights = self.words.fold(vocabulary.analyse(list(index)), vocabulary.vectors)[:, 0]
        odds = [
            self.genre.log_odds(weights[np.array(row, dtype=np.int64)], one.voice)
            for row, one in zip(rows, texts, strict=True)
        ]
        return np.array(odds)


def fit_genre(vocabulary: Vocabulary, marked: MarkedTexts, C: float = 1.0) -> FittedGenre:
    """Fit a logistic regression, calibrated on sites that it was not fitted on.

    It hears how often the outlet says each word in its own voice, and how much of the text it
    leaves to others. Names are not learned: what they tell holds for a few sites.

    Parameters
    ----------
    vocabulary : Vocabulary
    marked : MarkedTexts
    C : float
        Inverse strength of the L2 penalty.
    """
    fitted = _fitted(vocabulary, marked, C)
    fold = outlet_folds(marked.sites, _FOLDS)
    odds = np.full(len(fold), np.nan)
    for number in np.unique(fold):
        seen, unseen = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        if len(set(marked.is_opinion[seen])) == 2:
            beside = _fitted(vocabulary, marked.at(seen), C)
            odds[unseen] = beside.log_odds(vocabulary, marked.at(unseen).texts)
    measured = ~np.isnan(odds)
    if not measured.any():  # one site alone
        return fitted
    slope, intercept = platt(odds[measured], marked.is_opinion[measured])
    genre = replace(
        fitted.genre,
        slope=slope * fitted.genre.slope,
        intercept=slope * fitted.genre.intercept + intercept,
        quoted=slope * fitted.genre.quoted,
        reported=slope * fitted.genre.reported,
    )
    return replace(fitted, genre=genre)


def platt(odds: NDArray[np.float64], truth: NDArray[np.generic]) -> tuple[float, float]:
    """Return slope and intercept that turn log odds into calibrated ones (Platt 1999)."""
    logistic = LogisticRegression(C=1e6).fit(odds[:, None], truth)
    return float(logistic.coef_[0, 0]), float(logistic.intercept_[0])


def _fitted(vocabulary: Vocabulary, marked: MarkedTexts, C: float) -> FittedGenre:
    shares, types = _own_shares(marked.texts)
    analysis = vocabulary.analyse(types)
    n_words = len(vocabulary.words)
    word_of = (np.ones(len(types)), (np.arange(len(types)), analysis.word))
    frequency = shares @ sp.csr_matrix(word_of, shape=(len(types), n_words))
    learned = np.flatnonzero(_is_learned(vocabulary, analysis, shares))
    frequency = frequency[:, learned]
    # How much a frequency varies goes with the root of its mean: over it, rare words are heard.
    mean = np.asarray(frequency.mean(axis=0)).ravel()
    scale = mean**-0.5
    roots = (
        np.array([roots_of_shares(voice_counts(one.voice)) for one in marked.texts]) * _SHARE_SCALE
    )
    examples = sp.hstack([frequency @ sp.diags(scale), sp.csr_matrix(roots)], format="csr")
    model = LogisticRegression(C=C, max_iter=3000).fit(examples, marked.is_opinion)
    *of_words, quoted, reported = model.coef_[0]
    weights = np.zeros((n_words, 1))
    weights[learned, 0] = np.array(of_words) * scale
    # Of the size that weights of sentence bias have, for whoever puts both into one penalty.
    slope = _SIZE * float(np.sqrt(mean @ weights[learned, 0] ** 2)) or 1.0
    return FittedGenre(
        _of_words(vocabulary, weights / slope),
        Genre(
            slope,
            float(model.intercept_[0]),
            float(quoted) * _SHARE_SCALE,
            float(reported) * _SHARE_SCALE,
            few=_FEW,
        ),
    )


def _own_shares(texts: Sequence[ReadText]) -> tuple[sp.csr_matrix, list[str]]:
    """Return the share of each word type in what the outlet says, shape (n_texts, n_types)."""
    index: dict[str, int] = {}
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    own_voices = [VOICES.index(name) for name in OWN_VOICES]
    for row, one in enumerate(texts):
        own = np.flatnonzero(np.isin(one.voice, own_voices))
        columns += [index.setdefault(one.words[at], len(index)) for at in own]
        rows += [row] * len(own)
        values += [1 / max(len(own), 1)] * len(own)
    shares = sp.csr_matrix((values, (rows, columns)), shape=(len(texts), len(index)))
    return shares, list(index)


def _is_learned(
    vocabulary: Vocabulary, analysis: Analysis, shares: sp.csr_matrix
) -> NDArray[np.bool_]:
    """Return which words of the vocabulary get a weight, shape (n_words,)."""
    n_words = len(vocabulary.words)
    n_texts = shares.getnnz(axis=0)
    in_all = np.bincount(analysis.word, n_texts, n_words)
    capital = np.isin(analysis.shape, _CAPITALS)
    in_capitals = np.bincount(analysis.word, n_texts * capital, n_words)
    may_be = [len(word) > 0 and word not in _SELF_NAMING for word in vocabulary.words]
    is_letter = [len(word) == 1 for word in vocabulary.words]  # "I" is no name
    common = in_all >= _FEWEST_TEXTS
    small = (2 * in_capitals <= in_all) | np.array(is_letter)
    return np.asarray(np.array(may_be) & common & small)


def _of_words(vocabulary: Vocabulary, weights: NDArray[np.float64]) -> TypeWeights:
    """Return weights of shape (n_words, 1) for use at run time, with none for anything else."""
    sizes = (len(vocabulary.stems), len(vocabulary.suffixes), len(SHAPES))
    nothing = [np.zeros((size, 1), np.float32) for size in (*sizes, vocabulary.vectors.shape[1])]
    return TypeWeights(weights.astype(np.float32), *nothing)
