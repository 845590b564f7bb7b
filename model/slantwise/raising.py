"""Candidates: spans that may be loaded, with their voice and label, before they are scored."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slantwise.calibration import calibration_inputs
from slantwise.labeller import Extents, SpanHead, View
from slantwise.records import LABELS, VOICES
from slantwise.spread import Spread
from slantwise.tagger import Candidates, Tagger

_SCARE = VOICES.index("scare")
_HAS_SPEAKER = (VOICES.index("quote"), VOICES.index("reported"))


@dataclass(frozen=True, slots=True)
class Raised:
    """Candidates in the order of the layout: parallel over n_candidates."""

    candidates: Candidates
    extents: Extents
    by_rule: NDArray[np.int64]  # the voice before it was corrected, index into VOICES
    label: NDArray[np.int64]  # index into LABELS
    chance: NDArray[np.float64]  # of that label

    def inputs(self) -> NDArray[np.float64]:
        """Return what a score rests on, shape (n_candidates, n_inputs)."""
        return calibration_inputs(self.candidates, self.extents, self.chance, self.label)

    def sources(self, spread: Spread, kept: NDArray[np.int64]) -> list[tuple[int, int] | None]:
        """Return where the speaker of each of these candidates is named, in code points."""
        voices = self.extents.voice[kept]
        first, last = self.extents.first[kept], self.extents.last[kept]
        found = spread.sources(first, last, self.by_rule[kept])
        return [
            source if voice in _HAS_SPEAKER else None
            for voice, source in zip(voices.tolist(), found, strict=True)
        ]


def raise_candidates(
    spread: Spread, tagger: Tagger, labeller: SpanHead, voicer: SpanHead
) -> Raised:
    """Raise the candidates of documents, more of them than will be kept."""
    layout, types = spread.layout, spread.types
    emission = tagger.emissions(types, layout, spread.quoted())
    candidates = tagger.candidates(emission, layout, spread.scare_quotes())
    by_rule = spread.voices_of(candidates.first, candidates.last)
    extents = Extents(candidates.first, candidates.last, by_rule)
    view = View.of(types, layout, extents)
    voice = corrected_voice(voicer, view)
    chances = labeller.seen(view)
    order = np.array([LABELS.index(name) for name in labeller.classes])
    # Scare quotes are told by their marks, so their label is certain if they are any.
    is_scare = voice == _SCARE
    return Raised(
        candidates,
        Extents(candidates.first, candidates.last, voice),
        by_rule,
        np.where(is_scare, LABELS.index("scare-quotes"), order[chances.argmax(axis=1)]),
        np.where(is_scare, 1.0, chances.max(axis=1, initial=0.0)),
    )


def corrected_voice(voicer: SpanHead, view: View) -> NDArray[np.int64]:
    """Return whose words each span is: the rules' answer, corrected by the words around.

    What the rules can't tell is whether a word is foreign to the source it
    is reported with; scare quotes there are only where the rules see marks.
    """
    by_voice = np.zeros((len(view.extents), len(VOICES)))
    order = [VOICES.index(name) for name in voicer.classes]
    by_voice[:, order] = voicer.seen(view)
    by_voice[view.extents.voice != _SCARE, _SCARE] = 0.0
    return np.asarray(by_voice.argmax(axis=1))
