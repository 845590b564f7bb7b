"""A model of word types and an encoder pooled: what both say, added up as log odds.

Genest and Zidek, "Combining probability distributions" (Statistical Science, 1986):
a logarithmic opinion pool. Each part of the model has two weights, its own and the
encoder's, so that the pooled model has the same heads and runs the same path.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slantwise.encoder import ANSWERS, Encoder
from slantwise.features import TypeWeights
from slantwise.labeller import SpanHead
from slantwise.sequence import BEGIN, INSIDE, N_STATES
from slantwise.tagger import CONTEXT, Tagger

if TYPE_CHECKING:
    from slantwise.model import FramingModel

_STATE_ANSWERS = ("outside", "begin", "inside")  # in the order of the chain's states


@dataclass(frozen=True, slots=True)
class Pooling:
    """Weights of a model's own log odds and of the encoder's, part by part."""

    span: tuple[float, float]
    states: tuple[float, float]  # added to begin and inside: both know how rare they are
    label: tuple[float, float]
    voice: tuple[float, float]
    valence: tuple[float, float]
    bias: tuple[float, float]  # of the calibrated log odds of a sentence; an intercept is apart

    def as_settings(self) -> dict[str, list[float]]:
        """Return them as a model file keeps them."""
        return {name: list(pair) for name, pair in asdict(self).items()}

    @classmethod
    def of_settings(cls, settings: Mapping[str, list[float]]) -> Pooling:
        """Take them from a model file's settings."""
        return cls(**{name: (pair[0], pair[1]) for name, pair in settings.items()})


def pooled(model: FramingModel, encoder: Encoder, pooling: Pooling) -> FramingModel:
    """Return a model that hears an encoder too."""
    weights = dict(model.weights)
    for name in ("span", "label", "voice", "valence"):
        weights[name] = _scaled(weights[name], getattr(pooling, name)[0])
    own, of_encoder = pooling.span
    answers = np.zeros((len(ANSWERS), N_STATES), dtype=np.float32)
    for state, name in enumerate(_STATE_ANSWERS):
        answers[ANSWERS.index(name), state] = of_encoder
    context = model.tagger.context * np.float32(own)
    context[CONTEXT.index("constant"), [BEGIN, INSIDE]] += np.array(pooling.states, np.float32)
    tagger = Tagger(
        model.tagger.offsets,
        context,
        model.tagger.chain,
        model.tagger.eagerness,
        answers,
    )
    return replace(
        model,
        weights=weights,
        tagger=tagger,
        labeller=_pooled_head(model.labeller, "label", pooling.label),
        voicer=_pooled_head(model.voicer, "voice", pooling.voice),
        targets=replace(
            model.targets, valence=_pooled_head(model.targets.valence, "valence", pooling.valence)
        ),
        encoder=encoder,
        pooling=pooling,
        base=model,
    )


def _pooled_head(head: SpanHead, question: str, pair: tuple[float, float]) -> SpanHead:
    own, of_encoder = pair
    answers: NDArray[np.float32] = np.zeros((len(ANSWERS), len(head.classes)), dtype=np.float32)
    for number, name in enumerate(head.classes):
        answers[ANSWERS.index(f"{question} {name}"), number] = of_encoder
    return SpanHead(head.part, head.classes, head.figures * np.float32(own), answers)


def _scaled(weights: TypeWeights, factor: float) -> TypeWeights:
    return TypeWeights(
        *(getattr(weights, block) * np.float32(factor) for block in TypeWeights.BLOCKS)
    )
