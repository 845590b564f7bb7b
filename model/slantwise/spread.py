"""Documents spread out for labelling: the words, types and voices of many at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slantwise.features import TypeRows
from slantwise.layout import Layout
from slantwise.records import VOICES
from slantwise.text import Document
from slantwise.voice import Voices

_IS_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Place:
    """A range of tokens within its document."""

    document: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Spread:
    """Documents laid end to end, with whatever was read off them before labelling."""

    documents: Sequence[Document]
    voices: Sequence[Voices]
    layout: Layout
    types: TypeRows

    def places(self, first: NDArray[np.int64], last: NDArray[np.int64]) -> Iterator[Place]:
        """Yield where ranges of the layout's tokens lie in their documents."""
        edges = self.layout.token_edges
        at = np.searchsorted(edges, first, side="right") - 1
        within = zip(at, first - edges[at], last - edges[at], strict=True)
        return (Place(int(document), int(low), int(high)) for document, low, high in within)

    def offsets(self, place: Place) -> tuple[int, int]:
        """Return the code points of a place in its document."""
        tokens = self.documents[place.document].tokens
        return int(tokens.start[place.first]), int(tokens.end[place.last - 1])

    def tokens(self, document: int, span: tuple[int, int]) -> tuple[int, int]:
        """Return the layout's tokens that code points of a document cover."""
        edge = int(self.layout.token_edges[document])
        first, last = self.documents[document].tokens.covering(*span)
        return edge + first, edge + last

    def quoted(self) -> NDArray[np.bool_]:
        """Return which tokens stand in quotation marks, shape (n_tokens,)."""
        quoted = np.zeros(len(self.layout.words), dtype=bool)
        for first, last, _ in self._quotations():
            quoted[first:last] = True
        return quoted

    def scare_quotes(self) -> list[tuple[int, int]]:
        """Return the disjoint token ranges of scare quotes, in order."""
        kept: list[tuple[int, int]] = []
        for first, last, kind in sorted(self._quotations()):
            if kind == "scare" and last > first and (not kept or first >= kept[-1][1]):
                kept.append((first, last))
        return kept

    def _quotations(self) -> Iterator[tuple[int, int, str]]:
        for number, voices in enumerate(self.voices):
            for quotation in voices.quotations:
                yield *self.tokens(number, (quotation.start, quotation.end)), quotation.kind

    def n_words(self, document: int) -> NDArray[np.int64]:
        """Count the scored words of a document in each voice, shape (len(VOICES),)."""
        tokens, scored = self.documents[document].tokens, self.documents[document].scored
        is_word = np.array([bool(_IS_WORD.match(word)) for word in tokens.words], dtype=bool)
        voice = self.voices[document].token_voice[is_word & scored]
        return np.bincount(voice, minlength=len(VOICES))
