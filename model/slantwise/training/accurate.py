"""The recipe of the `accurate` model: `fast` pooled with an encoder.

``python -m slantwise.training.accurate --data CORPORA --encoder ENCODER --output MODEL``

The encoder's folder holds ``encoder.onnx`` and ``vocabulary.txt`` as the teacher's recipe writes
them, of an encoder that has not learned from the first fold of outlets: on that fold the
weights of the pool are chosen and the scores calibrated.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path

from slantwise.encoder import Encoder
from slantwise.model import FramingModel, load_model
from slantwise.passages import Passage, read_passages
from slantwise.training.annotated import elsewhere, read_annotated
from slantwise.training.card import accurate_card
from slantwise.training.fit import Base, fit_draft
from slantwise.training.pooling import first_fold_apart, fit_pooled
from slantwise.training.recipe import ARTICLES, bias_sentences

logger = logging.getLogger(__name__)


def learn_accurate(
    data: Path, encoder: Encoder, fast: FramingModel, more: Sequence[Passage] = ()
) -> FramingModel:
    """Return the embedded fast model pooled with an encoder, calibrated on unseen outlets.

    Parameters
    ----------
    more : sequence of Passage
        What `fast` and the encoder have learned from besides; outlets held out left alone.
    """
    passages = read_passages(data / "framing_train.jsonl", independent=True)
    seen, unseen = first_fold_apart(passages)
    draft = fit_draft(Base.of(fast), [*seen, *elsewhere(more, unseen)], "accurate")
    sentences, biased = bias_sentences(data)
    return fit_pooled(
        draft, fast, encoder, unseen, sentences, biased, card=accurate_card(fast.card)
    )


def read_encoder(folder: Path) -> Encoder:
    """Read an encoder as the teacher's recipe writes it."""
    pieces = (folder / "vocabulary.txt").read_text(encoding="utf-8").split("\n")[:-1]
    return Encoder((folder / "encoder.onnx").read_bytes(), tuple(pieces))


def main(argv: Sequence[str] | None = None) -> int:
    """Learn the accurate model."""
    parser = argparse.ArgumentParser(prog="python -m slantwise.training.accurate")
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--encoder", type=Path, required=True, help="folder of the encoder")
    parser.add_argument("--annotated", type=Path, help="annotations that stand apart")
    parser.add_argument("--output", type=Path, required=True, help="model file to write")
    args = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    more = read_annotated(args.annotated, args.data / ARTICLES) if args.annotated else []
    model = learn_accurate(args.data, read_encoder(args.encoder), load_model("fast"), more)
    logger.info("%s: %s", args.output, model.save(args.output))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
