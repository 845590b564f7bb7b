"""Learning whose words are whose from PolNeAR, and giving it to a model.

``python -m slantwise.training.attribution --data CORPORA --model fast.slantwise --written
model/written/attribution/sentences.txt --output fast.slantwise`` learns in a few minutes on
one core. The model's word vectors stay as they are, so it is to be run again whenever they
change. It learns from PolNeAR's train part, from sentences written for training, and from the
voices of labelled spans, so that it knows texts with fewer sources than PolNeAR's too.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from slantwise.attributed import attributed_voices
from slantwise.attribution import Attributor, figures_of
from slantwise.convolution import PART
from slantwise.draft import Draft
from slantwise.errors import InputError
from slantwise.features import TypeTable, TypeWeights, Vocabulary
from slantwise.layout import lay_out
from slantwise.model import FramingModel, load_model
from slantwise.pairing import FIGURES, Pairing
from slantwise.passages import Passage, read_passages
from slantwise.pooling import revoiced
from slantwise.stage import Stage, set_stage
from slantwise.text import Document
from slantwise.training.hearing import Reading, Schedule, Weights, descend
from slantwise.training.labeller import SpanClassifier
from slantwise.training.polnear import GoldAttribution, PolnearArticle, read_polnear
from slantwise.training.told import (
    Told,
    covered,
    read_written_attributions,
    told_by_article,
    told_by_passage,
)
from slantwise.voice import Voices

logger = logging.getLogger(__name__)

_FOLDS = 5  # on one of them it is learned who says what was heard
_VOICER_C = 0.03  # as in training.fit
_CHUNK = 64  # documents heard at once
Extent = tuple[int, int]


def fit_attributor(
    vocabulary: Vocabulary,
    words: TypeWeights,
    articles: Sequence[PolnearArticle],
    more: Sequence[Told] = (),
    schedule: Schedule | None = None,
    random_state: int = 0,
    draft_only: bool = False,
) -> Attributor:
    """Learn to hear contents, sources and cues, and which belong together.

    What a network makes of articles that it has seen is too good to learn pairing from: it
    is learned on a fold that a first network has not seen; a second one sees all.

    Parameters
    ----------
    vocabulary : Vocabulary
    words : TypeWeights
        The word vectors that are read, as they are.
    articles : sequence of PolnearArticle
    more : sequence of Told
        Further documents, of which less may be known.
    schedule : Schedule, optional
    random_state : int
    draft_only : bool
        Whether to stop at the first network, which every fifth article can be measured on.

    Raises
    ------
    InputError
        If there are fewer articles than folds, or in none of them a source is found.
    """
    if len(articles) < _FOLDS:
        raise InputError(f"{len(articles)} articles with attributions; {_FOLDS} are the fewest")
    schedule = schedule or Schedule()
    table = TypeTable(vocabulary, {PART: words})
    examples = [*map(told_by_article, articles), *more]
    reading = reading_of(examples, table)
    every = list(range(len(examples)))
    unseen = every[: len(articles) : _FOLDS]
    seen = sorted(set(every) - set(unseen))
    first = descend(reading, seen, schedule, np.random.default_rng(random_state))
    draft = _attributor(first, Pairing(np.zeros(len(FIGURES) + 1)))
    documents = [examples[at].document for at in unseen]
    pairing = fit_pairing(draft, table, documents, [articles[at] for at in unseen])
    if draft_only:
        return _attributor(first, pairing)
    logger.info("sources are paired; now all %d articles", len(articles))
    whole = descend(reading, every, schedule, np.random.default_rng(random_state))
    return _attributor(whole, pairing)


def _attributor(weights: Weights, pairing: Pairing) -> Attributor:
    return Attributor.of_arrays({**weights, "pairing": pairing.weights})


def reading_of(examples: Sequence[Told], table: TypeTable) -> Reading:
    """Lay out what there is to learn from."""
    documents = [one.document for one in examples]
    layout = lay_out(documents)
    types = table.look_up(layout.words, layout.number)
    traits = types.traits
    drafts = [
        Draft(document, traits[layout.tokens_of(number)])
        for number, document in enumerate(documents)
    ]
    used, row = np.unique(types.row, return_inverse=True)
    sizes = [len(one.document.tokens) for one in examples]
    return Reading(
        types.columns(PART)[used],
        row,
        figures_of(drafts, traits, layout),
        np.concatenate([one.allowed for one in examples]),
        np.concatenate([one.marked for one in examples]).astype(np.float32),
        np.repeat([one.known for one in examples], sizes),
        np.diff(layout.token_sentence, prepend=-1) != 0,
        layout.token_edges,
    )


def fit_pairing(
    attributor: Attributor,
    table: TypeTable,
    documents: Sequence[Document],
    articles: Sequence[PolnearArticle],
) -> Pairing:
    """Learn which source near a content says it, from articles not seen before."""
    figures, right, candidates = [], [], []
    for low in range(0, len(documents), _CHUNK):
        some = documents[low : low + _CHUNK]
        layout = lay_out(some)
        stage = set_stage(some, layout, table.look_up(layout.words, layout.number), attributor)
        pairs = stage.pairs()
        gold = articles[low : low + _CHUNK]
        truth = _true_pairs(stage, layout.token_edges, some, gold, pairs.source)
        known = truth >= 0
        figures.append(pairs.figures[known & pairs.there])
        right.append(truth[known & pairs.there] > 0)
        candidates.append((pairs.figures, pairs.there, truth))
    examples, labels = np.vstack(figures), np.concatenate(right)
    if labels.all() or not labels.any():
        raise InputError("no source is found in the articles with attributions; are there more?")
    scale = examples.std(axis=0) + 1e-6
    model = LogisticRegression(C=1.0, max_iter=1000).fit(examples / scale, labels)
    weights = model.coef_[0] / scale
    # The logistic's intercept moves all odds alike: it goes into the threshold.
    least = _best_threshold(weights, candidates)
    return Pairing(np.append(weights, least).astype(np.float32))


def _true_pairs(
    stage: Stage,
    edges: NDArray[np.int64],
    documents: Sequence[Document],
    articles: Sequence[PolnearArticle],
    at: NDArray[np.int64],
) -> NDArray[np.int8]:
    """Return for each pair whether it is right, -1 for contents that no annotator marked."""
    truth = np.full(at.shape, -1, dtype=np.int8)
    document = stage.scene.document[stage.contents.first]
    for number, own in enumerate(document.tolist()):
        edge = int(edges[own])
        first = int(stage.contents.first[number]) - edge
        last = int(stage.contents.last[number]) - edge
        tokens = documents[own].tokens
        gold = _best_gold(
            (int(tokens.start[first]), int(tokens.end[last - 1])), articles[own].attributions
        )
        if gold is None:
            continue
        named = covered(documents[own], gold.source)
        for place, source in enumerate(at[number].tolist()):
            begin, end = int(stage.sources.first[source]), int(stage.sources.last[source])
            truth[number, place] = named[max(begin - edge, 0) : max(end - edge, 0)].any()
    return truth


def _best_gold(content: Extent, gold: Sequence[GoldAttribution]) -> GoldAttribution | None:
    def shared(one: GoldAttribution) -> int:
        return sum(
            max(0, min(end, content[1]) - max(start, content[0])) for start, end in one.content
        )

    best = max(gold, key=shared, default=None)
    return best if best is not None and shared(best) else None


def _best_threshold(
    weights: NDArray[np.float64],
    candidates: Sequence[tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.int8]]],
) -> float:
    """Return the least odds of a pair by which most sources are right, by F1."""
    odds, truth = [], []
    n_gold = 0
    for figures, there, right in candidates:
        if not len(figures):
            continue
        told = np.where(there, figures.astype(np.float64) @ weights, -np.inf)
        best = told.argmax(axis=1)
        rows = np.arange(len(best))
        known = right[:, 0] >= 0
        n_gold += int(known.sum())
        odds.append(told[rows, best][known])
        truth.append((right[rows, best] > 0)[known])
    told, correct = np.concatenate(odds), np.concatenate(truth)
    # Also below all that was met: a pair that is surer than none may well be right.
    finite = told[np.isfinite(told)]
    grid = np.append(finite.min() - 2, np.quantile(finite, np.linspace(0, 0.5, 26)))
    scores = [2 * correct[told >= at].sum() / ((told >= at).sum() + n_gold) for at in grid]
    return float(grid[int(np.argmax(scores))])


def heard_voices(
    vocabulary: Vocabulary,
    words: TypeWeights,
    attributor: Attributor,
    documents: Sequence[Document],
) -> dict[int, Voices]:
    """Return whose words the words of each document are, by its ``id``."""
    table = TypeTable(vocabulary, {PART: words})
    found: dict[int, Voices] = {}
    for low in range(0, len(documents), _CHUNK):
        some = documents[low : low + _CHUNK]
        layout = lay_out(some)
        voices = attributed_voices(
            some, layout, table.look_up(layout.words, layout.number), attributor
        )
        found |= dict(zip(map(id, some), voices, strict=True))
    return found


def given_to(
    model: FramingModel, attributor: Attributor, passages: Sequence[Passage]
) -> FramingModel:
    """Return the model with an attributor, its voicer learned again from what that hears.

    Parameters
    ----------
    model : FramingModel
    attributor : Attributor
    passages : sequence of Passage
        Labelled passages, whose spans have voices.
    """
    hearing = replace(model, attributor=attributor, hash="")
    documents = [one.document for one in passages]
    voices = heard_voices(model.vocabulary, model.weights[PART], attributor, documents)
    spans = [(one.document, span) for one in passages for span in one.spans]
    voicer = SpanClassifier(model.vocabulary, C=_VOICER_C, part="voice").fit(
        [(document, span["start"], span["end"]) for document, span in spans],
        [span["voice"] for _, span in spans],
        voices=voices,
    )
    return revoiced(hearing, voicer.type_weights_, voicer.head_)


def main(argv: Sequence[str] | None = None) -> int:
    """Learn attribution and write the model that has it."""
    parser = argparse.ArgumentParser(prog="python -m slantwise.training.attribution")
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--model", required=True, help="model whose words are read")
    parser.add_argument("--written", type=Path, help="file of sentences written for training")
    parser.add_argument(
        "--draft", action="store_true", help="leave every fifth article out, to measure on it"
    )
    parser.add_argument("--output", type=Path, required=True, help="model file to write")
    args = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    model = load_model(args.model)
    articles = read_polnear(args.data / "polnear", "train")
    passages = read_passages(args.data / "framing_train.jsonl", independent=True)
    written = read_written_attributions(args.written) if args.written else []
    more = [*map(told_by_passage, passages), *map(told_by_article, written)]
    logger.info("attribution of %d articles and %d texts more", len(articles), len(more))
    attributor = fit_attributor(
        model.vocabulary, model.weights[PART], articles, more, draft_only=args.draft
    )
    logger.info("voices of spans in %d passages", len(passages))
    hearing = given_to(model, attributor, passages)
    logger.info("%s: %s", args.output, hearing.save(args.output))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
