"""What is fitted to BABE: a head that finds biased words, and one that judges sentences.

Both stand on an embedded model: its word types and their vectors, its log odds of sentence
bias and of opinion, and how likely its span tagger holds each token for loaded. The words
are learned first; how biased a sentence's likeliest words are is an input of the second.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold

from benchmarks.babe_features import Features, Floats, Rows, summary
from slantwise.layout import shifted
from slantwise.training.design import TypeDesign
from slantwise.training.folds import outlet_folds
from slantwise.training.tagger import one_hot

Split = tuple[Rows, Rows]
_INNER = 3  # folds within a training part
_NEGATIVES = 4  # one of so many tokens that aren't biased is enough to learn from


class WordHead:
    """A logistic regression of a token: the word types at and beside it, and its context."""

    offsets = (-1, 0, 1)
    C = 0.03

    def fit(self, features: Features, rows: Rows) -> Self:
        """Fit to the biased words of some sentences."""
        design = features.design(rows, 2)
        tokens = features.tokens_of(rows)
        truth = features.flags[tokens]
        kept = truth | (np.arange(len(tokens)) % _NEGATIVES == 0)
        model = LogisticRegression(C=self.C, max_iter=200)
        model.fit(
            self._matrix(features, design, tokens[kept]),
            truth[kept],
            sample_weight=np.where(truth[kept], 1.0, _NEGATIVES),
        )
        self.design_, self.model_ = design, model
        return self

    def chances(self, features: Features, rows: Rows) -> list[Floats]:
        """Return for each sentence how likely each token is a biased word."""
        tokens = features.tokens_of(rows)
        matrix = self._matrix(features, self.design_, tokens)
        return features.per_sentence(self.model_.predict_proba(matrix)[:, 1], rows)

    def out_of_fold(self, features: Features, rows: Rows) -> list[Floats]:
        """Return the same for the training part, each told by a head that has not seen it."""
        found: list[Floats] = [np.zeros(0)] * len(rows)
        folds = StratifiedKFold(_INNER, shuffle=True, random_state=0)
        for seen, unseen in folds.split(rows, features.biased[rows]):
            head = type(self)().fit(features, rows[seen])
            for at, chances in zip(unseen, head.chances(features, rows[unseen]), strict=True):
                found[at] = chances
        return found

    def threshold(self, features: Features, rows: Rows, chances: Sequence[Floats]) -> float:
        """Return the chance from which calling a word biased gives the best F1."""
        truth = features.flags[features.tokens_of(rows)]
        values = np.concatenate(list(chances))
        order = np.argsort(-values, kind="stable")
        found = np.cumsum(truth[order])
        f1 = 2 * found / (np.arange(1, len(order) + 1) + truth.sum())
        return float(values[order][f1.argmax()])

    def _matrix(self, features: Features, design: TypeDesign, tokens: Rows) -> sp.csr_matrix:
        size = len(design.dense)
        roles = [
            one_hot(shifted(features.type_of + 1, features.layout, offset)[tokens] - 1, size)
            for offset in self.offsets
        ]
        context = sp.csr_matrix(features.context[tokens])
        return sp.hstack([design.examples(roles), context], format="csr")


@dataclass(frozen=True)
class Setting:
    """How a sentence head is fitted: chosen within the training part."""

    types: float  # weight of the word types beside the figures; 0 leaves them out
    grams: float  # weight of runs of words and letters
    C: float
    states: float = 0.0  # weight of an encoder's mean states
    # Whether biased and unbiased sentences of an outlet weigh the same, so that nothing is
    # learned of which outlets are biased.
    balanced: bool = False


class SentenceHead:
    """A logistic regression of a sentence: its figures, and the words that stand in it."""

    settings = (
        Setting(0.0, 0.0, 0.1, balanced=True),
        Setting(0.0, 0.0, 0.1),
        Setting(0.3, 0.0, 0.3),
        Setting(0.0, 1.0, 1.0),
        Setting(0.2, 1.0, 1.0),
    )
    # Of a model that has an encoder, besides.
    settings_with_states = (
        Setting(0.0, 0.0, 0.1, states=0.2, balanced=True),
        Setting(0.0, 0.0, 0.1, states=0.2),
        Setting(0.2, 1.0, 1.0, states=0.2),
    )

    def fit(
        self, features: Features, rows: Rows, chances: Sequence[Floats], folds: Sequence[Split]
    ) -> Self:
        """Fit to some sentences.

        Parameters
        ----------
        features : Features
        rows : ndarray of shape (n_sentences,)
        chances : sequence of ndarray
            How likely each token of them is biased, told out of fold.
        folds : sequence of (seen, unseen)
            Positions in ``rows``: what is kept out to choose the setting should differ from
            the rest as what is measured will.
        """
        self.design_ = features.design(rows, 2)
        texts = [features.sentences[at].text for at in rows]
        self.words_ = TfidfVectorizer(
            ngram_range=(1, 2), min_df=2, sublinear_tf=True, token_pattern=r"\w+|[^\w\s]"
        ).fit(texts)
        self.letters_ = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(3, 5), min_df=3, sublinear_tf=True
        ).fit(texts)
        figures = self._figures(features, rows, chances)
        self.mean_, self.scale_ = figures.mean(axis=0), figures.std(axis=0) + 1e-9
        states = features.states[rows]
        self.states_mean_, self.states_scale_ = states.mean(axis=0), states.std(axis=0) + 1e-9
        matrix, truth = self._matrix(features, rows, chances), features.biased[rows]
        even = evening_weights([features.sentences[at].outlet for at in rows], truth)

        def fitted(setting: Setting, here: Rows) -> LogisticRegression:
            return LogisticRegression(C=setting.C, max_iter=300).fit(
                self._weighed(matrix[here], setting),
                truth[here],
                sample_weight=even[here] if setting.balanced else None,
            )

        def quality(setting: Setting) -> float:
            found = []
            for seen, unseen in folds:
                head = fitted(setting, seen)
                scores = head.decision_function(self._weighed(matrix[unseen], setting))
                found.append(f1_score(truth[unseen], scores > 0, average="macro"))
                # Beside the F1, which is noisy on few sentences.
                found.append(roc_auc_score(truth[unseen], scores))
            return float(np.mean(found))

        settings = self.settings
        if features.states.shape[1]:
            settings += self.settings_with_states
        self.setting_ = max(settings, key=quality)
        self.model_ = fitted(self.setting_, np.arange(len(rows)))
        return self

    def decision_function(
        self, features: Features, rows: Rows, chances: Sequence[Floats]
    ) -> Floats:
        """Return the log odds of bias."""
        matrix = self._weighed(self._matrix(features, rows, chances), self.setting_)
        return np.asarray(self.model_.decision_function(matrix), dtype=np.float64)

    def _matrix(self, features: Features, rows: Rows, chances: Sequence[Floats]) -> sp.csr_matrix:
        texts = [features.sentences[at].text for at in rows]
        blocks = [
            sp.csr_matrix((self._figures(features, rows, chances) - self.mean_) / self.scale_),
            self.design_.examples([features.bags()[rows]]),
            sp.hstack([self.words_.transform(texts), self.letters_.transform(texts)]),
            sp.csr_matrix((features.states[rows] - self.states_mean_) / self.states_scale_),
        ]
        self.edges_ = np.cumsum([0, *(block.shape[1] for block in blocks)])
        return sp.hstack(blocks, format="csc")

    def _weighed(self, matrix: sp.csc_matrix, setting: Setting) -> sp.csr_matrix:
        weights = (1.0, setting.types, setting.grams, setting.states)
        blocks = [
            weight * matrix[:, low:high]
            for weight, (low, high) in zip(weights, pairwise(self.edges_), strict=True)
            if weight
        ]
        return sp.hstack(blocks, format="csr")

    def _figures(self, features: Features, rows: Rows, chances: Sequence[Floats]) -> Floats:
        loaded = features.per_sentence(features.loaded[features.tokens_of(rows)], rows)
        return np.column_stack(
            [
                features.odds[rows],
                [summary(values) for values in chances],
                [summary(values) for values in loaded],
                [np.log(len(values)) for values in loaded],
            ]
        )


def random_folds(features: Features, rows: Rows) -> list[Split]:
    """Return folds of some sentences, biased and unbiased alike in each."""
    folds = StratifiedKFold(_INNER, shuffle=True, random_state=1)
    return list(folds.split(rows, features.biased[rows]))


def folds_of_outlets(features: Features, rows: Rows) -> list[Split]:
    """Return folds of some sentences that keep every outlet in one piece."""
    fold = outlet_folds([features.sentences[at].outlet for at in rows], _INNER)
    return [
        (np.flatnonzero(fold != number), np.flatnonzero(fold == number))
        for number in range(_INNER)
        if 0 < (fold == number).sum() < len(rows)
    ]


def evening_weights(outlets: Sequence[str], biased: NDArray[np.bool_]) -> Floats:
    """Return weights under which both classes of an outlet weigh the same.

    An outlet as a whole weighs like the root of its size, so that none drowns the others.
    """
    cell = Counter(zip(outlets, biased.tolist(), strict=True))
    size = Counter(outlets)
    weights = np.array(
        [
            size[outlet] ** 0.5 / cell[outlet, value]
            for outlet, value in zip(outlets, biased.tolist(), strict=True)
        ]
    )
    return np.asarray(weights * len(weights) / weights.sum())
