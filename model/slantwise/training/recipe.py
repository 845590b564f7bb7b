"""The recipe of the embedded model: one command for whoever has the corpora.

``python -m slantwise.training.recipe --data CORPORA --output linear.slantwise`` learns from
word types alone; with ``--context context.npz --written WRITTEN`` the model also hears the
convolution that ``teacher.context`` taught to read these words. That must not have learned
from the first fold of outlets: on it the weights of the pool are chosen and the scores
calibrated.

Nothing of a corpus enters the model but weights, counts and the words themselves.
"""

from __future__ import annotations

import argparse
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from slantwise.convolution import Convolution
from slantwise.errors import InputError
from slantwise.features import TypeWeights, Vocabulary
from slantwise.model import FramingModel
from slantwise.passages import Passage, read_passages
from slantwise.text import tokenize
from slantwise.training.bias import SentenceBias
from slantwise.training.card import base_card, fast_card
from slantwise.training.fit import Base, fit_draft, fit_model, with_words
from slantwise.training.pooling import first_fold_apart, fit_pooled
from slantwise.training.vocabulary import learn_vocabulary
from slantwise.training.written import read_written

logger = logging.getLogger(__name__)

# A section of a site or a mark in a title says "opinion" more reliably than any wording.
_OPINION_URL = re.compile(
    r"/(?:opinions?|op-?eds?|commentary|columnists?|columns?|editorials?|blogs?)/"
)
_OPINION_TITLE = re.compile(r"^(?:OPINION|ANALYSIS|EDITORIAL|COLUMN|COMMENTARY)\b", re.IGNORECASE)
# BABE measures on outlets left out one by one: what a model knows of sentence bias must not
# come from them, or the figure would be about memory.
_OUTLETS_OF_BABE = frozenset(
    "alternet breitbart daily-beast daily-stormer fox-news huffpost msnbc new-york-times reuters "
    "the-federalist usa-today".split()
)
_GENRE_ARTICLES = 6000  # of each genre, at most
_GENRE_WORDS = 600  # the opening of an article shows its genre
_SENTENCES = 2500  # that choose the weights of sentence bias in a pool


@dataclass(frozen=True)
class Unlabelled:
    """Unlabelled articles that may be learned from."""

    texts: list[str]
    is_opinion: NDArray[np.bool_]


def read_unlabelled(path: Path) -> Unlabelled:
    """Read the articles, those left out that a measured passage comes from."""
    table = pq.read_table(path, columns=["text", "title", "url", "measured"]).to_pylist()
    rows = [row for row in table if not row["measured"] and row["text"]]
    return Unlabelled(
        [row["text"] for row in rows],
        np.array([says_opinion(row["url"] or "", row["title"] or "") for row in rows]),
    )


def says_opinion(url: str, title: str) -> bool:
    """Whether address or title mark an article as opinion.

    >>> says_opinion("https://harbour.example/opinion/2031/dam", "The dam")
    True
    """
    return bool(_OPINION_URL.search(url.lower()) or _OPINION_TITLE.match(title))


def learn_base(data: Path) -> Base:
    """Learn what a model knows of words before it sees a labelled passage."""
    unlabelled = read_unlabelled(data / "allsides_articles.parquet")
    logger.info("vocabulary of %d articles", len(unlabelled.texts))
    vocabulary = learn_vocabulary(unlabelled.texts)
    sentences, biased = anno_lexical(data, "train")
    logger.info("sentence bias of %d sentences", len(sentences))
    bias = SentenceBias(vocabulary).fit(sentences, biased)
    held_out, truth = anno_lexical(data, "dev")
    slope, intercept = _platt(bias.decision_function(held_out), truth)
    genre, genre_scale = _genre(vocabulary, unlabelled)
    return Base(
        vocabulary,
        tone=bias.type_weights_,
        bias=bias.type_weights_,
        sentence_bias=(slope, float(slope * bias.intercept_[0] + intercept)),
        opinion_words=genre.type_weights_,
        opinion=(genre_scale[0], float(genre_scale[0] * genre.intercept_[0] + genre_scale[1])),
    )


def anno_lexical(data: Path, part: str) -> tuple[list[str], NDArray[np.int64]]:
    """Read sentences and whether they are biased, without those of BABE's outlets."""
    table = pq.read_table(data / "anno_lexical" / f"anno-lexical-{part}.parquet").to_pylist()
    rows = [row for row in table if row["source_name"] not in _OUTLETS_OF_BABE]
    return [row["text"] for row in rows], np.array([row["label"] for row in rows], dtype=np.int64)


def bias_sentences(data: Path) -> tuple[list[str], NDArray[np.int64]]:
    """Draw sentences, and whether they are biased, that no model has learned from."""
    sentences, biased = anno_lexical(data, "dev")
    chosen = np.random.default_rng(0).permutation(len(sentences))[:_SENTENCES]
    return [sentences[at] for at in chosen], biased[chosen]


def read_context(path: Path, vocabulary: Vocabulary) -> tuple[TypeWeights, Convolution]:
    """Read word vectors and a convolution as ``teacher.context`` writes them.

    Raises
    ------
    InputError
        If they are of another vocabulary.
    """
    arrays = np.load(path, allow_pickle=False)
    parts: dict[str, dict[str, NDArray[np.float32]]] = {"words": {}, "convolution": {}}
    for name in arrays.files:
        part, _, own = name.partition(".")
        parts[part][own] = arrays[name].astype(np.float32)
    words = parts["words"]
    given = [len(words[block]) for block in ("word", "stem", "suffix")]
    known = [len(one) for one in (vocabulary.words, vocabulary.stems, vocabulary.suffixes)]
    if given != known:
        raise InputError(
            f"{path}: vectors of {given} words, stems and suffixes, but the vocabulary has "
            f"{known}; run teacher.context with the linear model learned from these corpora"
        )
    none = np.zeros((vocabulary.vectors.shape[1], words["word"].shape[1]), dtype=np.float32)
    return TypeWeights(**words, vector=none), Convolution.of_arrays(parts["convolution"])


def learn_fast(
    base: Base,
    passages: Sequence[Passage],
    written: Sequence[Passage],
    words: TypeWeights,
    convolution: Convolution,
    sentences: Sequence[str],
    biased: NDArray[np.int64],
) -> FramingModel:
    """Fit the heads and pool them with a convolution, calibrated on unseen outlets.

    Parameters
    ----------
    base : Base
    passages : sequence of Passage
        The convolution has seen those that :func:`first_fold_apart` lets it see.
    written : sequence of Passage
        Learned from too, but nothing is calibrated on them.
    words : TypeWeights
        The word vectors that the convolution reads.
    convolution : Convolution
    sentences, biased : sequence of str, ndarray of shape (n_sentences,)
        Sentences and whether their wording is biased, learned from by neither.
    """
    linear = replace(base, context=None)

    def draft(some: Sequence[Passage]) -> FramingModel:
        return with_words(fit_draft(linear, [*some, *written], "fast"), words)

    seen, unseen = first_fold_apart(passages)
    return fit_pooled(
        draft(seen),
        draft(passages),
        convolution,
        unseen,
        sentences,
        biased,
        card=fast_card(len(written)),
    )


def _genre(
    vocabulary: Vocabulary, unlabelled: Unlabelled
) -> tuple[SentenceBias, tuple[float, float]]:
    """Learn opinion against news; every tenth article is kept to calibrate."""
    rng = np.random.default_rng(0)
    chosen = np.concatenate(
        [
            rng.permutation(np.flatnonzero(unlabelled.is_opinion == opinion))[:_GENRE_ARTICLES]
            for opinion in (False, True)
        ]
    )
    texts = [_opening(unlabelled.texts[index]) for index in chosen]
    truth = unlabelled.is_opinion[chosen].astype(np.int64)
    kept = np.arange(len(chosen)) % 10 == 0
    fitted = SentenceBias(vocabulary, C=0.003).fit(
        [text for text, out in zip(texts, kept, strict=True) if not out], truth[~kept]
    )
    raw = fitted.decision_function([text for text, out in zip(texts, kept, strict=True) if out])
    return fitted, _platt(raw, truth[kept])


def _opening(text: str) -> str:
    tokens = tokenize(text)
    return text[: int(tokens.end[:_GENRE_WORDS][-1])] if len(tokens) else text


def _platt(raw: NDArray[np.float64], truth: NDArray[np.int64]) -> tuple[float, float]:
    """Return slope and intercept that turn log odds into calibrated ones (Platt 1999)."""
    logistic = LogisticRegression(C=1e6).fit(raw[:, None], truth)
    return float(logistic.coef_[0, 0]), float(logistic.intercept_[0])


def main(argv: Sequence[str] | None = None) -> int:
    """Learn the embedded model."""
    parser = argparse.ArgumentParser(prog="python -m slantwise.training.recipe")
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--context", type=Path, help="what teacher.context wrote")
    parser.add_argument("--written", type=Path, help="folder of passages written for training")
    parser.add_argument("--output", type=Path, required=True, help="model file to write")
    args = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    base = learn_base(args.data)
    passages = read_passages(args.data / "framing_train.jsonl", independent=True)
    written = read_written(args.written) if args.written else []
    logger.info("framing of %d passages and %d written ones", len(passages), len(written))
    if args.context:
        context = read_context(args.context, base.vocabulary)
        model = learn_fast(base, passages, written, *context, *bias_sentences(args.data))
    else:
        card = base_card(len(written))
        model = fit_model(base, passages, name="fast", card=card, written=written)
    logger.info("%s: %s", args.output, model.save(args.output))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
