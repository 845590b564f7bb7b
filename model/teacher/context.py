"""Teaching a small convolution over word types to answer as larger networks do.

``python -m teacher.context --data CORPORA --model LINEAR --soft FOLDER --written WRITTEN
--output context.npz``

It learns from a teacher's labels of unlabelled articles (Hinton et al., "Distilling the
knowledge in a neural network", 2015), from the labelled passages, from passages written for
training and from PolNeAR's attributions.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from slantwise.convolution import Convolution
from slantwise.model import load_model
from slantwise.passages import read_passages
from slantwise.training.annotated import elsewhere, read_annotated
from slantwise.training.pooling import first_fold_apart
from slantwise.training.written import read_written
from teacher.bytewise import convolution_of
from teacher.convolution import ContextNetwork, WordTypes, tables_of, with_quoted
from teacher.examples import attribution_examples, framing_examples
from teacher.fit import batches, descend
from teacher.measure import figures, passage_logits
from teacher.network import collate, token_logits
from teacher.soft import soft_examples
from teacher.targets import QUESTIONS, Example

logger = logging.getLogger(__name__)

_PASSAGES, _SOFT = 4, 3  # passes over each in an epoch; one over all else
_EPOCHS = 2
_RATE = 2e-3
_LEAST_RATE = 0.02  # of that
_WARM_UP = 50  # steps
_BATCH = 5000  # tokens, padding included
_SAMPLE = 300  # windows, from which the steps of whole numbers are taken


def unlabelled_examples(folder: Path, articles: Path, types: WordTypes) -> list[Example]:
    """Return a teacher's labels of articles, but for attributions: PolNeAR knows those better."""
    examples = with_quoted(soft_examples(folder, articles, types))
    for example in examples:
        example.weights[:, list(QUESTIONS).index("attribution")] = 0
    return examples


def fit_context(
    network: ContextNetwork, parts: Sequence[Sequence[Example]], epochs: int = _EPOCHS
) -> ContextNetwork:
    """Train a network in place and return it.

    Parameters
    ----------
    parts : sequence of sequence of Example
        Corpora; a batch never mixes two, an epoch passes over all of them.
    """
    rng = np.random.default_rng(0)
    steps = []
    for _ in range(epochs):
        plan = [(part, rows) for part in parts for rows in batches(part, _BATCH, rng)]
        rng.shuffle(plan)
        steps += plan
    optimizer = torch.optim.AdamW(network.parameters(), lr=_RATE, weight_decay=0.01)
    scheduler = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: min((step + 1) / _WARM_UP, max(_LEAST_RATE, 1 - step / len(steps))),
    )
    descend(network, network, steps, optimizer, scheduler)
    return network.eval()


def read_out(network: ContextNetwork, examples: Sequence[Example]) -> list[NDArray[np.float32]]:
    """Return the logits of each example's tokens, shape (n_tokens, N_COLUMNS), in order."""
    network.eval()
    with torch.inference_mode():
        alone = [collate([example]) for example in examples]
        return [token_logits(network(batch), batch).numpy() for batch in alone]


def write_context(path: Path, network: ContextNetwork, convolution: Convolution) -> None:
    """Write what ``slantwise.training.recipe.read_context`` reads."""
    np.savez_compressed(
        path,
        graph=np.frombuffer(convolution.graph, dtype=np.uint8),
        quoted=convolution.quoted,
        step=convolution.step,
        reach=convolution.reach,
        **tables_of(network),
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Teach the convolution of the fast model."""
    parser = argparse.ArgumentParser(prog="python -m teacher.context")
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--model", type=Path, required=True, help="model whose words are read")
    parser.add_argument(
        "--soft",
        type=Path,
        nargs="+",
        required=True,
        help="folders of a teacher's labels; the first counts most",
    )
    parser.add_argument("--annotated", type=Path, help="annotations that stand apart")
    parser.add_argument("--written", type=Path, required=True, help="folder of written passages")
    parser.add_argument("--output", type=Path, required=True, help=".npz file to write")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--hold-out", action="store_true", help="keep a fifth of the outlets back and measure on it"
    )
    args = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    types = WordTypes()
    passages = read_passages(args.data / "framing_train.jsonl", independent=True)
    seen, unseen = first_fold_apart(passages) if args.hold_out else (passages, [])
    articles = args.data / "allsides_articles.parquet"
    more = elsewhere(read_annotated(args.annotated, articles), unseen) if args.annotated else []
    by_hand = [
        with_quoted(framing_examples(some, types))
        for some in (seen, more, read_written(args.written))
    ]
    first, *others = [unlabelled_examples(one, articles, types) for one in args.soft]
    polnear = args.data / "polnear" / "data" / "train"
    attributions = with_quoted(attribution_examples(polnear, types))
    held_out = with_quoted(framing_examples(unseen, types))
    network = ContextNetwork(load_model(args.model).vocabulary, types)
    fit_context(network, [*by_hand * _PASSAGES, *[first] * _SOFT, *others, attributions])
    if unseen:
        logits = passage_logits(unseen, read_out(network, held_out), types)
        logger.info("outlets held out: %s", figures(unseen, logits))
    sample = np.random.default_rng(0).permutation(len(first))[:_SAMPLE]
    write_context(args.output, network, convolution_of(network, [first[at] for at in sample]))
    logger.info("%s: %d types were read", args.output, len(types.number))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
