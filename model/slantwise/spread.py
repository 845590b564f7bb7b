"""Documents spread out for labelling: the words, types and voices of many at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slantwise.features import TypeRows
from slantwise.layout import Layout
from slantwise.mentions import Mentions
from slantwise.records import VOICES
from slantwise.text import Document
from slantwise.traits import IS_WORD, UPPER, Traits
from slantwise.voice import Voices

_OUTLET, _QUOTE, _REPORTED, _SCARE = range(len(VOICES))
_PIECE_TOKENS = 4096


@dataclass(frozen=True, slots=True)
class Place:
    """A range of tokens within its document."""

    document: int
    first: int
    last: int


@dataclass(frozen=True)
class Spread:
    """Documents laid end to end, with whatever was read off them before labelling."""

    documents: Sequence[Document]
    voices: Sequence[Voices]
    layout: Layout
    types: TypeRows

    def pieces(self) -> Iterator[Spread]:
        """Yield the same in turn: some documents at a time, few enough for a processor's cache."""
        edges = self.layout.token_edges.tolist()
        begin, n_documents = 0, len(self.documents)
        for end in range(1, n_documents + 1):
            following = edges[min(end + 1, n_documents)]
            if end == n_documents or following - edges[begin] > _PIECE_TOKENS:
                tokens = slice(edges[begin], edges[end])
                piece = Spread(
                    self.documents[begin:end],
                    self.voices[begin:end],
                    self.layout.part(begin, end),
                    replace(self.types, row=self.types.row[tokens]),
                )
                piece.__dict__["_quoted"] = self._quoted[tokens]  # found already
                yield piece
                begin = end

    def places(self, first: NDArray[np.int64], last: NDArray[np.int64]) -> Iterator[Place]:
        """Yield where ranges of the layout's tokens lie in their documents."""
        edges = self.layout.token_edges
        at = np.searchsorted(edges, first, side="right") - 1
        within = (at.tolist(), (first - edges[at]).tolist(), (last - edges[at]).tolist())
        return (Place(*one) for one in zip(*within, strict=True))

    def offsets(self, place: Place) -> tuple[int, int]:
        """Return the code points of a place in its document."""
        tokens = self.documents[place.document].tokens
        return int(tokens.start[place.first]), int(tokens.end[place.last - 1])

    def extent(self, first: int, last: int) -> tuple[int, int]:
        """Return the code points that a range of the layout's tokens covers in its document."""
        return int(self.start[first]), int(self.end[last - 1])

    def tokens(self, document: int, span: tuple[int, int]) -> tuple[int, int]:
        """Return the layout's tokens that code points of a document cover."""
        edge = int(self.layout.token_edges[document])
        first, last = self.documents[document].tokens.covering(*span)
        return edge + first, edge + last

    def names(self, mentions: Mentions, low: int, high: int) -> Iterator[tuple[str, str]]:
        """Yield titles and words of the names among these of the layout's tokens.

        Names of one word without a title are left out unless they are abbreviations.
        """
        begin, end = np.searchsorted(mentions.first, [low, high])
        first, last, phrase = (
            one[begin:end] for one in (mentions.first, mentions.last, mentions.phrase)
        )
        telling = (last - first > 1) | (phrase < first) | (self.traits[first] & UPPER > 0)
        at = np.flatnonzero(telling & mentions.named[begin:end])
        first, last, phrase = first[at], last[at], phrase[at]
        document = np.searchsorted(self.layout.token_edges, first, side="right") - 1
        columns = (document, self.start[phrase], self.start[first], self.end[last - 1])
        for number, whole, start, end in zip(*(one.tolist() for one in columns), strict=True):
            text = self.documents[number].text
            yield text[whole:start].strip(), text[start:end]

    def quoted(self) -> NDArray[np.bool_]:
        """Return which tokens stand in quotation marks, shape (n_tokens,)."""
        return self._quoted

    @cached_property
    def _quoted(self) -> NDArray[np.bool_]:
        first, last, _ = self._quotations
        size = len(self.layout.words) + 1
        steps = np.bincount(first, minlength=size) - np.bincount(last, minlength=size)
        return np.asarray(np.cumsum(steps)[:-1] > 0)

    def scare_quotes(self) -> list[tuple[int, int]]:
        """Return the disjoint token ranges of scare quotes, in order."""
        first, last, scare = self._quotations
        some = scare & (last > first)
        kept: list[tuple[int, int]] = []
        for begin, end in sorted(zip(first[some].tolist(), last[some].tolist(), strict=True)):
            if not kept or begin >= kept[-1][1]:
                kept.append((begin, end))
        return kept

    @cached_property
    def _quotations(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
        """Where the quotations begin and end in tokens, and which are scare quotes."""
        found = [
            (number, one.start, one.end, one.kind == "scare")
            for number, voices in enumerate(self.voices)
            for one in voices.quotations
        ]
        document, start, end, scare = np.array(found, dtype=np.int64).reshape(-1, 4).T
        # All documents on one line, so that all quotations are sought at once.
        lengths = [len(one.text) + 1 for one in self.documents]
        begins = np.cumsum([0, *lengths])[:-1]
        begin_of_token = np.repeat(begins, np.diff(self.layout.token_edges))
        first = np.searchsorted(self.end + begin_of_token, start + begins[document], "right")
        last = np.searchsorted(self.start + begin_of_token, end + begins[document], "left")
        return first, np.maximum(first, last), scare > 0

    @cached_property
    def traits(self) -> Traits:
        """What is known of each token by itself, shape (n_tokens,)."""
        return self.types.traits

    @cached_property
    def scored(self) -> NDArray[np.bool_]:
        """Which tokens are the article's own words, shape (n_tokens,)."""
        return _joined([document.scored for document in self.documents], np.bool_)

    @cached_property
    def start(self) -> NDArray[np.int32]:
        """Where each token begins in its document, in code points, shape (n_tokens,)."""
        return _joined([document.tokens.start for document in self.documents], np.int32)

    @cached_property
    def end(self) -> NDArray[np.int32]:
        """Where each token ends in its document, in code points, shape (n_tokens,)."""
        return _joined([document.tokens.end for document in self.documents], np.int32)

    @cached_property
    def voice(self) -> NDArray[np.int8]:
        """Whose word each token is, shape (n_tokens,); index into ``VOICES``."""
        return _joined([voices.token_voice for voices in self.voices], np.int8)

    @cached_property
    def attribution(self) -> NDArray[np.int32]:
        """Which attribution of its document gives each token, -1 none, shape (n_tokens,)."""
        return _joined([voices.token_attribution for voices in self.voices], np.int32)

    @cached_property
    def counted(self) -> NDArray[np.bool_]:
        """Which tokens are words that are scored, shape (n_tokens,)."""
        return np.asarray((self.traits & IS_WORD > 0) & self.scored)

    @cached_property
    def word_counts(self) -> NDArray[np.int64]:
        """How many scored words of each document are whose, shape (n_documents, len(VOICES))."""
        edges = self.layout.token_edges
        document = np.repeat(np.arange(len(self.documents)), np.diff(edges))
        counted = self.counted
        cells = document[counted] * len(VOICES) + self.voice[counted]
        shape = (len(self.documents), len(VOICES))
        return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)

    def voices_of(self, first: NDArray[np.int64], last: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the voice of each span: that of most of its tokens.

        Parameters
        ----------
        first, last : ndarray of shape (n_spans,)
            Not empty ranges of the layout's tokens, each in one document.
        """
        counts = np.empty((len(VOICES), len(first)), dtype=np.int64)
        running = np.zeros(len(self.voice) + 1, dtype=np.int32)
        for voice in range(len(VOICES)):
            np.cumsum(self.voice == voice, out=running[1:])
            counts[voice] = running[last] - running[first]
        mixed = counts[_SCARE] < last - first
        counts[_OUTLET, mixed] += counts[_SCARE, mixed]
        counts[_SCARE, mixed] = 0
        return np.asarray(counts.argmax(axis=0))

    def sources(
        self, first: NDArray[np.int64], last: NDArray[np.int64], voice: NDArray[np.int64]
    ) -> list[tuple[int, int] | None]:
        """Return where the speaker of each span in its voice is named, in code points."""
        sources: list[tuple[int, int] | None] = [None] * len(first)
        heard = np.flatnonzero((voice == _QUOTE) | (voice == _REPORTED))
        least, most = self._attributions(first[heard], last[heard], voice[heard])
        places = self.places(first[heard], last[heard])
        found = zip(heard.tolist(), least.tolist(), most.tolist(), places, strict=True)
        for number, low, high, place in found:
            voices = self.voices[place.document]
            if low == high:
                sources[number] = voices.attributions[low].source
            elif high >= 0:
                sources[number] = voices.speaker(place.first, place.last, int(voice[number]))
        return sources

    def _attributions(
        self, first: NDArray[np.int64], last: NDArray[np.int64], voice: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the least and the greatest attribution of the tokens of spans in their voices.

        The greatest is -1 where there is none.
        """
        if not len(first):
            return first, last
        size = last - first
        edges = np.cumsum(size) - size
        tokens = np.arange(size.sum()) + np.repeat(first - edges, size)
        given = self.attribution[tokens].astype(np.int64)
        given[self.voice[tokens] != np.repeat(voice, size)] = -1
        none = np.iinfo(np.int64).max
        least = np.minimum.reduceat(np.where(given < 0, none, given), edges)
        return least, np.maximum.reduceat(given, edges)


def _joined(arrays: Sequence[NDArray[Any]], kind: type) -> NDArray[Any]:
    return np.concatenate(arrays) if arrays else np.zeros(0, dtype=kind)
