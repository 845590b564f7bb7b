"""A model's learned parts as arrays and JSON, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from slantwise.attribution import Attributor
from slantwise.calibration import Calibrator
from slantwise.convolution import Convolution
from slantwise.encoder import Encoder
from slantwise.errors import ModelError
from slantwise.features import TypeWeights, Vocabulary
from slantwise.genre import Genre
from slantwise.labeller import SpanHead
from slantwise.pooling import Pooling, pooled
from slantwise.sequence import Chain
from slantwise.storage import ModelFile, quantise
from slantwise.tagger import Tagger
from slantwise.targets import TargetFinder

if TYPE_CHECKING:
    from slantwise.answers import Reader
    from slantwise.model import FramingModel

_CONVOLUTION = "convolution.onnx"
_DENSE = ("aim", "valence")  # of every word: bytes do, and take half the room


def pack(model: FramingModel) -> ModelFile:
    """Return what a model file keeps of a model."""
    if model.base is not None:
        return _pack_pooled(model, model.base)
    vectors, scale = quantise(model.vocabulary.vectors)
    arrays: dict[str, NDArray[Any]] = {
        "vectors": vectors,
        "vectors.scale": scale,
        "tagger.context": model.tagger.context,
        "tagger.transition": model.tagger.chain.transition,
        "tagger.initial": model.tagger.chain.initial,
        "labeller.figures": model.labeller.figures,
        "voicer.figures": model.voicer.figures,
        "calibrator.labelled": model.calibrator.labelled,
        "calibrator.loaded": model.calibrator.loaded,
    }
    for part, weights in model.weights.items():
        for block in TypeWeights.BLOCKS:
            name, array = f"weights.{part}.{block}", getattr(weights, block)
            if part in _DENSE:
                arrays[name], arrays[f"{name}.scale"] = quantise(array)
            else:
                arrays[name] = array.astype(np.float16)
    arrays |= _reader_arrays(model)
    if model.attributor is not None:
        own = model.attributor.arrays().items()
        arrays |= {f"attribution.{name}": array for name, array in own}
    arrays["targets.weights"] = model.targets.weights
    arrays["targets.valence_of_label"] = model.targets.valence_of_label
    if model.targets.decision is not None:
        arrays["targets.decision"] = model.targets.decision
    arrays["aim.figures"] = model.targets.aim.figures
    arrays["valence.figures"] = model.targets.valence.figures
    settings = {
        "name": model.name,
        "parts": list(model.weights),
        "offsets": list(model.tagger.offsets),
        "labels": list(model.labeller.classes),
        "voices": list(model.voicer.classes),
        "aims": list(model.targets.aim.classes),
        "valences": list(model.targets.valence.classes),
        "sentence_bias": list(model.sentence_bias),
        "opinion": model.opinion.as_settings(),
        "bias_pool": list(model.bias_pool),
        "pooling": model.pooling.as_settings() if model.pooling else None,
        "thresholds": dict(model.thresholds),
        "balanced_threshold": model.balanced_threshold,
        "card": dict(model.card),
    }
    words = {
        "words": list(model.vocabulary.words),
        "stems": list(model.vocabulary.stems),
        "suffixes": list(model.vocabulary.suffixes),
    }
    if model.names:
        words["surnames"], words["names"] = list(model.names), list(model.names.values())
    files = {}
    for reader in model.readers:
        assert isinstance(reader, Convolution)
        settings["convolution"] = reader.as_settings()
        files[_CONVOLUTION] = reader.graph
    return ModelFile(settings, words, arrays, files)


def _reader_arrays(model: FramingModel) -> dict[str, NDArray[Any]]:
    """Return the array of a convolution and what the heads make of its answers."""
    if not model.readers:
        return {}
    (reader,) = model.readers
    assert isinstance(reader, Convolution)
    listening = {
        "tagger": model.tagger.answers,
        "labeller": model.labeller.answers,
        "voicer": model.voicer.answers,
        "valence": model.targets.valence.answers,
    }
    return {"convolution.quoted": reader.quoted} | {
        f"{name}.answers": answers for name, answers in listening.items() if answers is not None
    }


def _pack_pooled(model: FramingModel, base: FramingModel) -> ModelFile:
    """Keep of a pooled model what the model that it is built on does not have."""
    encoder = model.readers[-1]
    assert isinstance(encoder, Encoder) and model.pooling is not None
    settings = {
        "name": model.name,
        "built_on": {"name": base.name, "hash": base.hash},
        "pooling": model.pooling.as_settings(),
        "sentence_bias": list(model.sentence_bias),
        "thresholds": dict(model.thresholds),
        "balanced_threshold": model.balanced_threshold,
        "card": dict(model.card),
    }
    return ModelFile(
        settings,
        {"pieces": list(encoder.pieces)},
        {
            "calibrator.labelled": model.calibrator.labelled,
            "calibrator.loaded": model.calibrator.loaded,
        },
        {"encoder.onnx": encoder.graph},
    )


def unpack_pooled(content: ModelFile, base: FramingModel) -> FramingModel:
    """Return the pooled model that a model file describes.

    Raises
    ------
    ModelError
        If it was built on another model than the one given.
    """
    settings = content.settings
    if settings["built_on"]["hash"] != base.hash:
        raise ModelError(
            f"{settings['name']!r} was built on {settings['built_on']['name']!r} with hash "
            f"{settings['built_on']['hash'][:12]}; the one here has {base.hash[:12]}: "
            "install the two from one release"
        )
    encoder = Encoder(content.files["encoder.onnx"], tuple(content.words["pieces"]))
    model = pooled(base, encoder, Pooling.of_settings(settings["pooling"]))
    return replace(
        model,
        base=base,
        name=settings["name"],
        calibrator=Calibrator(
            content.arrays["calibrator.labelled"], content.arrays["calibrator.loaded"]
        ),
        sentence_bias=(settings["sentence_bias"][0], settings["sentence_bias"][1]),
        thresholds=settings["thresholds"],
        balanced_threshold=settings["balanced_threshold"],
        card=settings["card"],
        hash=content.sha256,
    )


def _under(part: str, arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Return the arrays of a part by their own names; none where the model lacks it."""
    return {
        name.removeprefix(f"{part}."): array
        for name, array in arrays.items()
        if name.startswith(f"{part}.")
    }


def _readers(content: ModelFile) -> tuple[Reader, ...]:
    if "convolution.0.matrix" in content.arrays:
        raise ModelError(
            f"{content.settings['name']!r} was written by a development version, before its "
            "convolution counted in whole numbers: train it again"
        )
    if _CONVOLUTION not in content.files:
        return ()
    settings, graph = content.settings["convolution"], content.files[_CONVOLUTION]
    return (Convolution.of_settings(settings, graph, content.arrays["convolution.quoted"]),)


def _weights(arrays: Mapping[str, NDArray[Any]], name: str) -> NDArray[np.float32]:
    weights = arrays[name].astype(np.float32)
    return weights * arrays[f"{name}.scale"] if f"{name}.scale" in arrays else weights


def unpack(content: ModelFile) -> dict[str, Any]:
    """Return the fields of the model that a model file describes."""
    arrays, settings = content.arrays, content.settings
    words, stems, suffixes = (tuple(content.words[name]) for name in ("words", "stems", "suffixes"))
    vectors = arrays["vectors"].astype(np.float32) * arrays["vectors.scale"]
    vocabulary = Vocabulary(words, stems, suffixes, vectors)
    weights = {
        part: TypeWeights(
            *(_weights(arrays, f"weights.{part}.{block}") for block in TypeWeights.BLOCKS)
        )
        for part in settings["parts"]
    }

    def head(part: str, name: str, classes: str) -> SpanHead:
        answers = arrays.get(f"{name}.answers")  # of a model with a reader
        return SpanHead(part, tuple(settings[classes]), arrays[f"{name}.figures"], answers)

    attribution = _under("attribution", arrays)
    chain = Chain(arrays["tagger.transition"], arrays["tagger.initial"])
    return dict(
        name=settings["name"],
        vocabulary=vocabulary,
        weights=weights,
        tagger=Tagger(
            tuple(settings["offsets"]),
            arrays["tagger.context"],
            chain,
            arrays.get("tagger.answers"),
        ),
        labeller=head("label", "labeller", "labels"),
        voicer=head("voice", "voicer", "voices"),
        calibrator=Calibrator(arrays["calibrator.labelled"], arrays["calibrator.loaded"]),
        targets=TargetFinder(
            arrays["targets.weights"],
            head("aim", "aim", "aims"),
            head("valence", "valence", "valences"),
            arrays["targets.valence_of_label"],
            arrays.get("targets.decision"),  # none in a file of the first development versions
        ),
        sentence_bias=(settings["sentence_bias"][0], settings["sentence_bias"][1]),
        opinion=Genre.of_settings(settings["opinion"]),
        thresholds=settings["thresholds"],
        balanced_threshold=settings["balanced_threshold"],
        card=settings["card"],
        readers=_readers(content),
        attributor=Attributor.of_arrays(attribution) if attribution else None,
        bias_pool=tuple(settings.get("bias_pool", (1.0,))),
        pooling=Pooling.of_settings(settings["pooling"]) if settings.get("pooling") else None,
        names=dict(
            zip(content.words.get("surnames", ()), content.words.get("names", ()), strict=True)
        ),
        hash=content.sha256,
    )
