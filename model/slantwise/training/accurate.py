"""The recipe of the `accurate` model: `fast` pooled with an encoder.

``python -m slantwise.training.accurate --data CORPORA --encoder FOLDER --output MODEL``

The folder holds ``encoder.onnx`` and ``vocabulary.txt`` as the teacher's recipe writes
them, of an encoder that has not learned from the first fold of outlets: on that fold the
weights of the pool are chosen and the scores calibrated.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from slantwise.encoder import Encoder
from slantwise.model import FramingModel, load_model
from slantwise.passages import read_passages
from slantwise.pooling import pooled
from slantwise.training.card import accurate_card
from slantwise.training.fit import Base, calibrated, fit_draft, judged_candidates
from slantwise.training.folds import outlet_folds
from slantwise.training.pooling import fit_pooling
from slantwise.training.recipe import anno_lexical

logger = logging.getLogger(__name__)

_SENTENCES = 2500  # that calibrate sentence bias


def learn_accurate(data: Path, encoder: Encoder, fast: FramingModel) -> FramingModel:
    """Return the embedded fast model pooled with an encoder, calibrated on unseen outlets."""
    passages = read_passages(data / "framing_train.jsonl", independent=True)
    fold = outlet_folds([one.outlet for one in passages])
    seen = [one for one, where in zip(passages, fold, strict=True) if where]
    unseen = [one for one, where in zip(passages, fold, strict=True) if not where]
    draft = fit_draft(Base.of(fast), seen, "accurate")
    sentences, biased = anno_lexical(data, "dev")
    chosen = np.random.default_rng(0).permutation(len(sentences))[:_SENTENCES]
    pooling, sentence_bias = fit_pooling(
        draft, encoder, unseen, [sentences[at] for at in chosen], biased[chosen]
    )
    candidates = pooled(draft, encoder, pooling)
    sure = calibrated(candidates, [judged_candidates(candidates, one) for one in unseen])
    return replace(
        pooled(fast, encoder, pooling),
        name="accurate",
        calibrator=sure.calibrator,
        thresholds=sure.thresholds,
        balanced_threshold=sure.balanced_threshold,
        sentence_bias=sentence_bias,
        card={**accurate_card(), "Measured": sure.card["Measured"]},
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
    parser.add_argument("--output", type=Path, required=True, help="model file to write")
    args = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    model = learn_accurate(args.data, read_encoder(args.encoder), load_model("fast"))
    logger.info("%s: %s", args.output, model.save(args.output))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
