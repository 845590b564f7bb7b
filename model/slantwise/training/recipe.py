"""The recipe of the embedded model: one command for whoever has the corpora.

``python -m slantwise.training.recipe --data CORPORA --annotated ANNOTATIONS --output
linear.slantwise`` learns from word types alone; with ``--context context.npz --written WRITTEN``
the model also hears the
convolution that ``teacher.context`` taught to read these words. That must not have learned
from the first fold of outlets: on it the weights of the pool are chosen and the scores
calibrated.

Nothing of a corpus enters the model but weights, counts and the words themselves.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from slantwise.convolution import Convolution
from slantwise.errors import InputError
from slantwise.features import TypeWeights, Vocabulary
from slantwise.model import FramingModel
from slantwise.passages import Passage, read_passages
from slantwise.training.annotated import elsewhere, read_annotated
from slantwise.training.attribution import fit_attributor
from slantwise.training.bias import SentenceBias
from slantwise.training.card import base_card, fast_card
from slantwise.training.fit import Base, fit_draft, fit_model, with_words
from slantwise.training.genre import fit_genre, platt
from slantwise.training.marked import read_marked
from slantwise.training.names import learn_names
from slantwise.training.polnear import PolnearArticle, read_polnear
from slantwise.training.pooling import first_fold_apart, fit_pooled
from slantwise.training.told import (
    read_written_attributions,
    told_by_article,
    told_by_passage,
)
from slantwise.training.vocabulary import learn_vocabulary
from slantwise.training.written import read_written

logger = logging.getLogger(__name__)

# BABE measures on outlets left out one by one: what a model knows of sentence bias must not
# come from them, or the figure would be about memory.
_OUTLETS_OF_BABE = frozenset(
    "alternet breitbart daily-beast daily-stormer fox-news huffpost msnbc new-york-times reuters "
    "the-federalist usa-today".split()
)
ARTICLES = "allsides_articles.parquet"  # of the corpora: the unlabelled ones
_NAMES_OF = 2  # names are learned from every second article: that's plenty
_SENTENCES = 2500  # that choose the weights of sentence bias in a pool


def read_unlabelled(path: Path) -> list[str]:
    """Read the articles, those left out that a measured passage comes from."""
    table = pq.read_table(path, columns=["text", "measured"]).to_pylist()
    return [row["text"] for row in table if not row["measured"] and row["text"]]


def learn_base(data: Path) -> Base:
    """Learn what a model knows of words before it sees a labelled passage."""
    articles = data / ARTICLES
    texts = read_unlabelled(articles)
    logger.info("vocabulary of %d articles", len(texts))
    vocabulary = learn_vocabulary(texts)
    sentences, biased = anno_lexical(data, "train")
    logger.info("sentence bias of %d sentences", len(sentences))
    bias = SentenceBias(vocabulary).fit(sentences, biased)
    held_out, truth = anno_lexical(data, "dev")
    slope, intercept = platt(bias.decision_function(held_out), truth)
    marked = read_marked(articles)
    logger.info("genre of %d articles", len(marked.texts))
    genre = fit_genre(vocabulary, marked)
    return Base(
        vocabulary,
        tone=bias.type_weights_,
        bias=bias.type_weights_,
        sentence_bias=(slope, float(slope * bias.intercept_[0] + intercept)),
        opinion_words=genre.words,
        opinion=genre.genre,
        names=learn_names(texts[::_NAMES_OF]),
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
    words = {
        block: arrays[block].astype(np.float32) for block in ("word", "stem", "suffix", "shape")
    }
    given = [len(words[block]) for block in ("word", "stem", "suffix")]
    known = [len(one) for one in (vocabulary.words, vocabulary.stems, vocabulary.suffixes)]
    if given != known:
        raise InputError(
            f"{path}: vectors of {given} words, stems and suffixes, but the vocabulary has "
            f"{known}; run teacher.context with the linear model learned from these corpora"
        )
    none = np.zeros((vocabulary.vectors.shape[1], words["word"].shape[1]), dtype=np.float32)
    convolution = Convolution.of_settings(arrays, arrays["graph"].tobytes(), arrays["quoted"])
    return TypeWeights(**words, vector=none), convolution


@dataclass(frozen=True)
class Attributions:
    """Texts of which it is known who says what in them."""

    articles: list[PolnearArticle]
    written: list[PolnearArticle]  # sentences written for training

    @classmethod
    def read(cls, data: Path, written: Path | None) -> Attributions:
        """Read PolNeAR's train part, and the sentences of the folder that has them."""
        articles = read_polnear(data / "polnear", "train")
        path = written / "attribution" / "sentences.txt" if written else None
        return cls(articles, read_written_attributions(path) if path else [])


def learn_fast(
    base: Base,
    passages: Sequence[Passage],
    words: TypeWeights,
    convolution: Convolution,
    sentences: Sequence[str],
    biased: NDArray[np.int64],
    *,
    more: Sequence[Passage] = (),
    n_written: int = 0,
    attributions: Attributions | None = None,
) -> FramingModel:
    """Fit the heads and pool them with a convolution, calibrated on unseen outlets.

    Parameters
    ----------
    base : Base
    passages : sequence of Passage
        The convolution has seen those that :func:`first_fold_apart` lets it see.
    words : TypeWeights
        The word vectors that the convolution reads.
    convolution : Convolution
    sentences, biased : sequence of str, ndarray of shape (n_sentences,)
        Sentences and whether their wording is biased, learned from by neither.
    more : sequence of Passage
        Further passages; those of outlets held out are left alone.
    n_written : int
        Passages written for training that the convolution has learned from, for the card.
    attributions : Attributions, optional
        From which it is learned who says what; without them rules tell.
    """
    # On outlets held out the heads of word types lose by what was written for training: half
    # of it is plain, and it teaches them how rare loaded words are in sentences of its kind.
    linear = replace(base, context=None, words=words)

    def draft(some: Sequence[Passage]) -> FramingModel:
        fitted = fit_draft(linear, some, "fast")
        return replace(with_words(fitted, words), attributor=linear.attributor)

    seen, unseen = first_fold_apart(passages)
    more = elsewhere(more, unseen)
    if attributions is not None:
        told = [*map(told_by_passage, [*seen, *more]), *map(told_by_article, attributions.written)]
        heard = fit_attributor(base.vocabulary, words, attributions.articles, told)
        linear = replace(linear, attributor=heard)
    return fit_pooled(
        draft([*seen, *more]),
        draft([*passages, *more]),
        convolution,
        unseen,
        sentences,
        biased,
        card=fast_card(len(more), n_written),
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Learn the embedded model."""
    parser = argparse.ArgumentParser(prog="python -m slantwise.training.recipe")
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--annotated", type=Path, help="annotations that stand apart")
    parser.add_argument("--context", type=Path, help="what teacher.context wrote")
    parser.add_argument("--written", type=Path, help="folder of passages the context learned from")
    parser.add_argument("--output", type=Path, required=True, help="model file to write")
    args = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    base = learn_base(args.data)
    passages = read_passages(args.data / "framing_train.jsonl", independent=True)
    more = read_annotated(args.annotated, args.data / ARTICLES) if args.annotated else []
    logger.info("framing of %d and %d passages", len(passages), len(more))
    if args.context:
        context = read_context(args.context, base.vocabulary)
        n_written = len(read_written(args.written)) if args.written else 0
        sentences = bias_sentences(args.data)
        model = learn_fast(
            base,
            passages,
            *context,
            *sentences,
            more=more,
            n_written=n_written,
            attributions=Attributions.read(args.data, args.written),
        )
    else:
        everything = [*passages, *more]
        model = fit_model(base, everything, name="fast", card=base_card(len(more)))
    logger.info("%s: %s", args.output, model.save(args.output))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
