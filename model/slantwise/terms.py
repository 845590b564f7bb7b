"""Spans by an analyst's terms: words that always count, and words that never do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slantwise.codebook import TermBook
from slantwise.labeller import Extents
from slantwise.records import LABELS, VOICES
from slantwise.spread import Spread

_SCARE, _SCARE_LABEL = VOICES.index("scare"), LABELS.index("scare-quotes")
_HAS_SPEAKER = (VOICES.index("quote"), VOICES.index("reported"))


@dataclass(frozen=True, slots=True)
class Judgements:
    """Spans as a model judges them: parallel over n_spans, in the order of the layout."""

    extents: Extents
    label: NDArray[np.int64]  # index into LABELS
    score: NDArray[np.float32]
    chance: NDArray[np.float32]  # of being loaded, whatever the label
    speaker: list[tuple[int, int] | None]  # where it is named, in code points


def by_terms(terms: TermBook, spread: Spread, judged: Judgements) -> Judgements:
    """Return the spans as an analyst's terms have them.

    What never counts is dropped; what always counts is certain, and takes the place of
    spans that it overlaps.
    """
    always = _always(terms, spread)
    taken = np.zeros(len(spread.layout.words) + 1, dtype=np.int64)
    for first, last, _ in always:
        taken[first:last] = 1
    running = np.append(0, np.cumsum(taken))
    places = list(spread.places(judged.extents.first, judged.extents.last))
    keep = [
        number
        for number, place in enumerate(places)
        if running[judged.extents.last[number]] == running[judged.extents.first[number]]
        and not terms.forbids(
            spread.documents[place.document].text[slice(*spread.offsets(place))],
            LABELS[judged.label[number]],
        )
    ]
    if not always:
        return _at(judged, np.array(keep, dtype=np.int64))
    first, last, label = np.array(always, dtype=np.int64).T
    voice = spread.voices_of(first, last)
    sources = spread.sources(first, last, voice)
    # A term's label is the analyst's; only scare quotes and their voice go together.
    voice = np.where((voice == _SCARE) & (label != _SCARE_LABEL), VOICES.index("outlet"), voice)
    old = _at(judged, np.array(keep, dtype=np.int64))
    every = Judgements(
        Extents(
            np.append(old.extents.first, first),
            np.append(old.extents.last, last),
            np.append(old.extents.voice, voice),
        ),
        np.append(old.label, label),
        np.append(old.score, np.ones(len(first), dtype=old.score.dtype)),
        np.append(old.chance, np.ones(len(first), dtype=old.chance.dtype)),
        old.speaker
        + [
            source if here in _HAS_SPEAKER else None
            for here, source in zip(voice.tolist(), sources, strict=True)
        ],
    )
    return _at(every, np.argsort(every.extents.first, kind="stable"))


def _always(terms: TermBook, spread: Spread) -> list[tuple[int, int, int]]:
    """Return first and last token and label of what always counts, in order."""
    found = []
    for number, document in enumerate(spread.documents):
        for start, end, label in terms.found_in(document.text):
            first, last = spread.tokens(number, (start, end))
            if last > first and spread.scored[first:last].all():
                found.append((first, last, LABELS.index(label)))
    return found


def _at(judged: Judgements, at: NDArray[np.int64]) -> Judgements:
    extents = judged.extents
    return Judgements(
        Extents(extents.first[at], extents.last[at], extents.voice[at]),
        judged.label[at],
        judged.score[at],
        judged.chance[at],
        [judged.speaker[number] for number in at.tolist()],
    )
