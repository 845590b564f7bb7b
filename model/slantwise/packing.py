"""A model's learned parts as arrays and JSON, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from slantwise.calibration import Calibrator
from slantwise.features import TypeWeights, Vocabulary
from slantwise.labeller import SpanHead
from slantwise.sequence import Chain
from slantwise.storage import ModelFile, quantise
from slantwise.tagger import Tagger
from slantwise.targets import TargetFinder

if TYPE_CHECKING:
    from slantwise.model import FramingModel


def pack(model: FramingModel) -> ModelFile:
    """Return what a model file keeps of a model."""
    vectors, scale = quantise(model.vocabulary.vectors)
    arrays: dict[str, NDArray[Any]] = {
        "vectors": vectors,
        "vectors.scale": scale,
        "tagger.context": model.tagger.context,
        "tagger.transition": model.tagger.chain.transition,
        "tagger.initial": model.tagger.chain.initial,
        "labeller.figures": model.labeller.figures,
        "voicer.figures": model.voicer.figures,
        "calibrator": model.calibrator.coefficients,
    }
    for part, weights in model.weights.items():
        for block in TypeWeights.BLOCKS:
            arrays[f"weights.{part}.{block}"] = getattr(weights, block).astype(np.float16)
    arrays["targets.weights"] = model.targets.weights
    arrays["targets.valence_of_label"] = model.targets.valence_of_label
    arrays["aim.figures"] = model.targets.aim.figures
    arrays["valence.figures"] = model.targets.valence.figures
    settings = {
        "name": model.name,
        "parts": list(model.weights),
        "offsets": list(model.tagger.offsets),
        "eagerness": model.tagger.eagerness,
        "labels": list(model.labeller.classes),
        "voices": list(model.voicer.classes),
        "aims": list(model.targets.aim.classes),
        "valences": list(model.targets.valence.classes),
        "sentence_bias": list(model.sentence_bias),
        "opinion": list(model.opinion),
        "thresholds": dict(model.thresholds),
        "balanced_threshold": model.balanced_threshold,
        "card": dict(model.card),
    }
    words = {
        "words": list(model.vocabulary.words),
        "stems": list(model.vocabulary.stems),
        "suffixes": list(model.vocabulary.suffixes),
    }
    return ModelFile(settings, words, arrays)


def unpack(content: ModelFile) -> dict[str, Any]:
    """Return the fields of the model that a model file describes."""
    arrays, settings = content.arrays, content.settings
    words, stems, suffixes = (tuple(content.words[name]) for name in ("words", "stems", "suffixes"))
    vectors = arrays["vectors"].astype(np.float32) * arrays["vectors.scale"]
    vocabulary = Vocabulary(words, stems, suffixes, vectors)
    weights = {
        part: TypeWeights(
            *(arrays[f"weights.{part}.{block}"].astype(np.float32) for block in TypeWeights.BLOCKS)
        )
        for part in settings["parts"]
    }
    chain = Chain(arrays["tagger.transition"], arrays["tagger.initial"])
    return dict(
        name=settings["name"],
        vocabulary=vocabulary,
        weights=weights,
        tagger=Tagger(
            tuple(settings["offsets"]), arrays["tagger.context"], chain, settings["eagerness"]
        ),
        labeller=SpanHead("label", tuple(settings["labels"]), arrays["labeller.figures"]),
        voicer=SpanHead("voice", tuple(settings["voices"]), arrays["voicer.figures"]),
        calibrator=Calibrator(arrays["calibrator"]),
        targets=TargetFinder(
            arrays["targets.weights"],
            SpanHead("aim", tuple(settings["aims"]), arrays["aim.figures"]),
            SpanHead("valence", tuple(settings["valences"]), arrays["valence.figures"]),
            arrays["targets.valence_of_label"],
        ),
        sentence_bias=(settings["sentence_bias"][0], settings["sentence_bias"][1]),
        opinion=(settings["opinion"][0], settings["opinion"][1]),
        thresholds=settings["thresholds"],
        balanced_threshold=settings["balanced_threshold"],
        card=settings["card"],
        hash=content.sha256,
    )
