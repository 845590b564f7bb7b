"""A model and a reader pooled: what both say, added up as log odds.

Genest and Zidek, "Combining probability distributions" (Statistical Science, 1986):
a logarithmic opinion pool. Each part of the model has two weights, its own and the
reader's, so that the pooled model has the same heads and runs the same path.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slantwise.answers import ANSWERS, Reader
from slantwise.features import TypeWeights
from slantwise.labeller import SpanHead
from slantwise.sequence import BEGIN, INSIDE
from slantwise.tagger import CONTEXT

if TYPE_CHECKING:
    from slantwise.model import FramingModel

_STATE_ANSWERS = ("outside", "begin", "inside")  # in the order of the chain's states


@dataclass(frozen=True, slots=True)
class Pooling:
    """Weights of a model's own log odds and of the reader's, part by part."""

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


def pooled(model: FramingModel, reader: Reader, pooling: Pooling) -> FramingModel:
    """Return a model that hears one reader more."""
    weights = dict(model.weights)
    for name in ("span", "label", "voice", "valence"):
        if name in weights:  # a draft may know no valence yet
            weights[name] = _scaled(weights[name], getattr(pooling, name)[0])
    own = pooling.span[0]
    context = model.tagger.context * np.float32(own)
    context[CONTEXT.index("constant"), [BEGIN, INSIDE]] += np.array(pooling.states, np.float32)
    tagger = replace(
        model.tagger,
        context=context,
        answers=_listening(model.tagger.answers, _STATE_ANSWERS, pooling.span),
    )
    own, heard = pooling.bias
    return replace(
        model,
        weights=weights,
        tagger=tagger,
        labeller=_pooled_head(model.labeller, "label", pooling.label),
        voicer=_pooled_head(model.voicer, "voice", pooling.voice),
        targets=replace(
            model.targets, valence=_pooled_head(model.targets.valence, "valence", pooling.valence)
        ),
        readers=(*model.readers, reader),
        bias_pool=(*(own * weight for weight in model.bias_pool), heard),
        pooling=pooling,
        # What stands in a file of its own need not be kept twice.
        base=model if model.hash else None,
    )


def revoiced(model: FramingModel, words: TypeWeights, voicer: SpanHead) -> FramingModel:
    """Return a model with another voicer, pooled like the one that it had.

    Parameters
    ----------
    model : FramingModel
        Without a reader, or pooled with one.
    words : TypeWeights
        What the new voicer makes of word types.
    voicer : SpanHead
    """
    if model.pooling is not None:
        words = _scaled(words, model.pooling.voice[0])
        voicer = _pooled_head(voicer, "voice", model.pooling.voice)
    return replace(model, weights={**model.weights, "voice": words}, voicer=voicer)


def _pooled_head(head: SpanHead, question: str, pair: tuple[float, float]) -> SpanHead:
    names = [f"{question} {name}" for name in head.classes]
    answers = _listening(head.answers, names, pair)
    return SpanHead(head.part, head.classes, head.figures * np.float32(pair[0]), answers)


def _listening(
    before: NDArray[np.float32] | None, names: Sequence[str], pair: tuple[float, float]
) -> NDArray[np.float32]:
    """Return what is made of the answers of all readers, the new one last.

    Parameters
    ----------
    before : ndarray of shape (n_answers, n_names), optional
        The same for the readers there were.
    names : sequence of str
        The answer that speaks for each column.
    pair : (own, heard)
    """
    own, heard = pair
    new = np.zeros((len(ANSWERS), len(names)), dtype=np.float32)
    new[[ANSWERS.index(name) for name in names], range(len(names))] = heard
    return new if before is None else np.vstack([before * np.float32(own), new])


def _scaled(weights: TypeWeights, factor: float) -> TypeWeights:
    return TypeWeights(
        *(getattr(weights, block) * np.float32(factor) for block in TypeWeights.BLOCKS)
    )
