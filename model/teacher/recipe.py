"""The steps of the recipe: members of the teacher, its labels, the student."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from slantwise.passages import Passage, read_passages
from slantwise.training.annotated import elsewhere, read_annotated
from slantwise.training.folds import outlet_folds
from slantwise.training.recipe import ARTICLES
from slantwise.training.written import read_written
from teacher.encoders import load_tokenizer, unpack
from teacher.encoding import GraphReader
from teacher.examples import attribution_examples, framing_examples, sentence_examples
from teacher.export import write_graph, write_vocabulary
from teacher.fit import Schedule, fit, new_network, read_out
from teacher.measure import Figures, figures, passage_logits
from teacher.network import FramingNetwork
from teacher.quantise import Scale, calibrate
from teacher.soft import Member, Unlabelled, choose_articles, soft_examples, write_part
from teacher.targets import Example

logger = logging.getLogger(__name__)

_OURS = Path(__file__).parent.parent
WRITTEN = _OURS / "written"  # sentences written for training
ANNOTATED = _OURS / "annotated" / "allsides.jsonl"  # annotations of unlabelled articles
AUXILIARY = Schedule(epochs=1, rate=1.2e-4, layer_decay=0.9)
# On outlets held out a rate that falls from layer to layer cost MiniLM two points of span F1.
FRAMING = {
    "minilm": Schedule(epochs=1, rate=1.3e-4),
    "mpnet": Schedule(epochs=3, rate=7e-5, layer_decay=0.92, frozen_layers=4),
}
DISTILLING = Schedule(epochs=1, rate=1e-4)
_PASSES = 5  # of MiniLM over the passages, while it sees some sentences with their bias once
_SECOND_PASSES = 2  # of the student, beside the teacher's labels
_ATTRIBUTIONS = slice(None, None, 3)  # of the windows of PolNeAR
_REMINDER = slice(3, None, 10)  # of the sentences, so that later steps don't unlearn bias
_PART = 80  # articles in a file of soft labels
_PER_ARTICLE = 2  # windows: many articles teach more than long ones
_CALIBRATION = 200  # windows
# The larger encoder finds spans better by far, the smaller names them as well (outlets held out).
_KNOWS = {
    "mpnet": {"span": 0.8, "label": 0.5, "voice": 0.5, "valence": 0.5},
    "minilm": {
        "span": 0.2,
        "label": 0.5,
        "voice": 0.5,
        "valence": 0.5,
        "attribution": 1.0,
        "bias": 1.0,
    },
}


Reader = Callable[[Sequence[Example]], list[NDArray[np.float32]]]  # logits of their tokens


@dataclass(frozen=True)
class Workshop:
    """Where things are, and which passages may be learned from."""

    data: Path  # the corpora
    output: Path
    packages: Path | None  # of the pretrained encoders; where they are installed unless given
    passages: list[Passage]
    held_out: list[Passage]  # of outlets not learned from; empty when everything is learned from

    @classmethod
    def open(cls, data: Path, output: Path, packages: Path | None, *, hold_out: bool) -> Workshop:
        """Read the passages and keep one fold of outlets back if asked to."""
        passages = read_passages(data / "framing_train.jsonl", independent=True)
        fold = outlet_folds([passage.outlet for passage in passages], 5)
        kept = [one for one, where in zip(passages, fold, strict=True) if where or not hold_out]
        held = [one for one, where in zip(passages, fold, strict=True) if hold_out and not where]
        kept += elsewhere(read_annotated(ANNOTATED, data / ARTICLES), held)
        output.mkdir(parents=True, exist_ok=True)
        return cls(data, output, packages, kept, held)

    @property
    def cache(self) -> Path:
        """Folder of unpacked encoders."""
        return self.output / "encoders"

    def tokenizer(self, name: str) -> Tokenizer:
        """Return the tokeniser of an encoder."""
        return load_tokenizer(unpack(name, self.cache, self.packages))

    def new_network(self, name: str) -> FramingNetwork:
        """Return an encoder as it was published, with a fresh head."""
        return new_network(name, self.cache, self.packages)

    def report(self, name: str, read: Reader, tokenizer: Tokenizer) -> Figures | None:
        """Measure on the outlets held out, the threshold chosen on them, and log the figures."""
        if not self.held_out:
            return None
        windows = read(framing_examples(self.held_out, tokenizer))
        found = figures(self.held_out, passage_logits(self.held_out, windows, tokenizer))
        logger.info("%s, outlets held out: %s", name, found)
        return found


def bias_examples(shop: Workshop, tokenizer: Tokenizer) -> list[Example]:
    """Return sentences with their bias."""
    return sentence_examples(shop.data / "anno_lexical" / "anno-lexical-train.parquet", tokenizer)


def train_member(shop: Workshop, name: str, seed: int) -> Member:
    """Fine-tune one network of the teacher; MiniLM learns bias and attribution first."""
    tokenizer = shop.tokenizer(name)
    network = shop.new_network(name)
    passages = framing_examples(shop.passages, tokenizer)
    parts = [passages]
    if name == "minilm":
        sentences = bias_examples(shop, tokenizer)
        attributions = attribution_examples(shop.data / "polnear" / "data" / "train", tokenizer)
        most = [one for number, one in enumerate(sentences) if number % 5 < 3]
        fit(network, [most, attributions[_ATTRIBUTIONS]], AUXILIARY.seeded(seed))
        parts = [passages] * _PASSES + [sentences[_REMINDER]]
    fit(network, parts, FRAMING[name].seeded(seed))
    shop.report(f"{name}, seed {seed}", partial(read_out, network), tokenizer)
    return Member(network, tokenizer, _KNOWS[name])


def label_articles(shop: Workshop, members: Sequence[Member], n_articles: int) -> Path:
    """Write the teacher's probabilities on unlabelled articles; return their folder."""
    folder = shop.output / "soft"
    folder.mkdir(exist_ok=True)
    articles = choose_articles(shop.data / ARTICLES, n_articles)
    part: list[Unlabelled] = list(islice(articles, _PART))
    number = 0
    while part:
        n_sentences = write_part(folder / f"part-{number:03}.npz", part, members, _PER_ARTICLE)
        logger.info("part %d: %d sentences", number, n_sentences)
        part = list(islice(articles, _PART))
        number += 1
    return folder


def train_student(
    shop: Workshop, network: FramingNetwork, soft: Path
) -> tuple[FramingNetwork, dict[str, Scale]]:
    """Distil a teacher into one of its members, a MiniLM, and choose scales for eight bits.

    Parameters
    ----------
    network : FramingNetwork
        Trained on in place.
    soft : Path
        Folder of :func:`label_articles`.
    """
    tokenizer = shop.tokenizer("minilm")
    unlabelled = soft_examples(soft, shop.data / ARTICLES, tokenizer)
    passages = framing_examples(shop.passages, tokenizer)
    written = framing_examples(read_written(WRITTEN), tokenizer)
    sentences = bias_examples(shop, tokenizer)
    attributions = attribution_examples(shop.data / "polnear" / "data" / "train", tokenizer)
    fit(
        network,
        [
            *[passages, written] * _SECOND_PASSES,
            unlabelled,
            # Without these it would unlearn who says what, and which sentences are biased.
            sentences[_REMINDER],
            attributions[_ATTRIBUTIONS],
        ],
        DISTILLING,
    )
    shop.report("student", partial(read_out, network), tokenizer)
    rng = np.random.default_rng(0)
    chosen = rng.permutation(len(unlabelled))[:_CALIBRATION].tolist()
    return network, calibrate(network, [unlabelled[row] for row in chosen])


def write_student(
    shop: Workshop, network: FramingNetwork, scales: dict[str, Scale]
) -> tuple[Path, Path]:
    """Write graph and vocabulary; return their paths."""
    graph, vocabulary = shop.output / "encoder.onnx", shop.output / "vocabulary.txt"
    tokenizer = shop.tokenizer("minilm")
    write_graph(network, scales, graph)
    write_vocabulary(tokenizer, vocabulary)
    shop.report("student, in eight bits", GraphReader(graph).read_out, tokenizer)
    return graph, vocabulary
