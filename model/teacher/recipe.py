"""The steps of the recipe: members of the teacher, its labels, the student."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer
from torch import nn

from slantwise.passages import Passage, read_passages
from slantwise.training.folds import outlet_folds
from teacher.encoders import load_tokenizer, unpack
from teacher.examples import attribution_examples, framing_examples, sentence_examples
from teacher.export import write_graph, write_vocabulary
from teacher.fit import Schedule, fit, new_network, read_out
from teacher.measure import Figures, figures, passage_logits
from teacher.network import FramingNetwork
from teacher.quantise import Scale, calibrate, rounded
from teacher.soft import Member, Unlabelled, choose_articles, soft_examples, write_part
from teacher.targets import Example

logger = logging.getLogger(__name__)

AUXILIARY = Schedule(epochs=1, rate=1.2e-4)
FRAMING = {
    "minilm": Schedule(epochs=5, rate=1.2e-4),
    "mpnet": Schedule(epochs=3, rate=7e-5, layer_decay=0.92, frozen_layers=4),
}
DISTILLING = Schedule(epochs=1, rate=1.2e-4)
FINISHING = Schedule(epochs=3, rate=6e-5)
_SENTENCES = slice(None, None, 2)  # of anno-lexical and of PolNeAR: enough for a CPU's patience
_ATTRIBUTIONS = slice(None, None, 3)
_PART = 250  # articles in a file of soft labels
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

    def report(self, name: str, network: nn.Module, tokenizer: Tokenizer) -> Figures | None:
        """Measure on the outlets held out, the threshold chosen on them, and log the figures."""
        if not self.held_out:
            return None
        examples = framing_examples(self.held_out, tokenizer)
        logits = passage_logits(self.held_out, read_out(network, examples), tokenizer)
        found = figures(self.held_out, logits)
        logger.info("%s, outlets held out: %s", name, found)
        return found


def auxiliary_examples(shop: Workshop, tokenizer: Tokenizer) -> list[list[Example]]:
    """Return what teaches sentence bias and attribution."""
    return [
        sentence_examples(shop.data / "anno_lexical" / "anno-lexical-train.parquet", tokenizer)[
            _SENTENCES
        ],
        attribution_examples(shop.data / "polnear" / "data" / "train", tokenizer)[_ATTRIBUTIONS],
    ]


def train_member(shop: Workshop, name: str, seed: int) -> Member:
    """Fine-tune one network of the teacher; MiniLM learns bias and attribution first."""
    tokenizer = shop.tokenizer(name)
    network = shop.new_network(name)
    if name == "minilm":
        fit(network, auxiliary_examples(shop, tokenizer), AUXILIARY.seeded(seed))
    fit(network, [framing_examples(shop.passages, tokenizer)], FRAMING[name].seeded(seed))
    shop.report(f"{name}, seed {seed}", network, tokenizer)
    return Member(partial(read_out, network), tokenizer, _KNOWS[name])


def label_articles(shop: Workshop, members: Sequence[Member], n_articles: int) -> Path:
    """Write the teacher's probabilities on unlabelled articles; return their folder."""
    folder = shop.output / "soft"
    folder.mkdir(exist_ok=True)
    articles = choose_articles(shop.data / "allsides_articles.parquet", n_articles)
    part: list[Unlabelled] = list(islice(articles, _PART))
    number = 0
    while part:
        n_sentences = write_part(folder / f"part-{number:03}.npz", part, members)
        logger.info("part %d: %d sentences", number, n_sentences)
        part = list(islice(articles, _PART))
        number += 1
    return folder


def train_student(
    shop: Workshop, network: FramingNetwork, soft: Path
) -> tuple[FramingNetwork, dict[str, Scale]]:
    """Distil a teacher into a MiniLM; the last passes compute in eight bits.

    Parameters
    ----------
    network : FramingNetwork
        A MiniLM that has had the auxiliary corpora.
    soft : Path
        Folder of :func:`label_articles`.
    """
    tokenizer = shop.tokenizer("minilm")
    unlabelled = soft_examples(soft, shop.data / "allsides_articles.parquet", tokenizer)
    framing = framing_examples(shop.passages, tokenizer)
    sentences, _ = auxiliary_examples(shop, tokenizer)
    fit(network, [unlabelled, framing, sentences[::2]], DISTILLING)
    shop.report("student, distilled", network, tokenizer)
    rng = np.random.default_rng(0)
    chosen = [unlabelled[row] for row in rng.permutation(len(unlabelled))[:_CALIBRATION].tolist()]
    scales = calibrate(network, chosen)
    with rounded(network, scales):
        fit(network, [framing, unlabelled[::8], sentences[::16]], FINISHING)
        shop.report("student, in eight bits", network, tokenizer)
    return network, scales


def write_student(
    shop: Workshop, network: FramingNetwork, scales: dict[str, Scale]
) -> tuple[Path, Path]:
    """Write graph and vocabulary; return their paths."""
    graph, vocabulary = shop.output / "encoder.onnx", shop.output / "vocabulary.txt"
    write_graph(network, scales, graph)
    write_vocabulary(shop.tokenizer("minilm"), vocabulary)
    return graph, vocabulary
