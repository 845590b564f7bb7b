"""The working arrays of one document while its voices are found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slantwise.clauses import Said
from slantwise.quotes import find_quoted
from slantwise.records import VOICES, Attribution
from slantwise.sources import Range
from slantwise.traits import ALPHANUMERIC, Traits

if TYPE_CHECKING:
    from slantwise.text import Document

OUTLET, QUOTE, REPORTED, SCARE = range(len(VOICES))
WINDOW = 120  # tokens around a cue; no sentence that people wrote needs more
MARKS = frozenset("\"“”„«»‘’'‚‹›")


class Draft:
    """Tokens, sentences and quoted passages of a document, and what is known of their voices."""

    def __init__(self, document: Document, traits: Traits) -> None:
        self.traits = traits
        self.text = document.text
        self._tokens = tokens = document.tokens
        self.words: list[str] = tokens.words
        self.lower: list[str] = list(map(str.lower, tokens.words))
        self.start, self.end = tokens.start, tokens.end
        count = len(self.words)
        self.voice = np.zeros(count, np.int8)
        self.attribution = np.full(count, -1, np.int32)
        self.attributions: list[Attribution] = []
        self.laid_out = False  # whether the layout gave words to a source
        self.named: dict[Range, Range] = {}  # a source -> the fullest naming of whom it is
        sentences = document.sentences.reshape(-1, 2)
        # Plain lists: they are read one value at a time, where arrays are slow.
        self.first = np.searchsorted(tokens.end, sentences[:, 0], side="right").tolist()
        self.last = np.searchsorted(tokens.start, sentences[:, 1], side="left").tolist()
        self.sentence = document.token_sentence
        self.passages = find_quoted(document.text)
        starts = np.array([p.start for p in self.passages], np.int32)
        ends = np.array([p.end for p in self.passages], np.int32)
        self.q_first = np.searchsorted(tokens.end, starts, side="right").tolist()
        self.q_last = np.searchsorted(tokens.start, ends, side="left").tolist()
        quoted = bytearray(count)
        for passage, a, b in zip(self.passages, self.q_first, self.q_last, strict=True):
            if not passage.nested:
                quoted[a:b] = b"\1" * (b - a)
        self.quoted = quoted
        self._is_word = (traits & ALPHANUMERIC > 0).tobytes()
        self.in_quotes = np.frombuffer(quoted, dtype=np.bool_)  # the same, as an array

    def n_words(self, first: int, last: int) -> int:
        """Count the tokens of a range that are not marks."""
        return self._is_word.count(1, first, last)

    def span(self, tokens: Range) -> Range:
        """Return the offsets of a range of tokens."""
        return int(self.start[tokens[0]]), int(self.end[tokens[1] - 1])

    def add(self, content: Range, said: Said | None, direct: bool) -> int:
        """Append an attribution of a content in tokens; return its index."""
        source = named = None
        if said is not None and said.source:
            source = self.span(said.source)
            naming = self.named.get(said.source)
            named = self.span(naming) if naming else None
        cue = self.span(said.cue) if said is not None and said.cue[1] > said.cue[0] else None
        self.attributions.append(
            Attribution(self.span(content), source, cue, direct, source, named)
        )
        return len(self.attributions) - 1

    def tokens(self, span: Range) -> Range:
        """Return the range of tokens that overlap these offsets."""
        return self._tokens.covering(*span)

    def mark(self, first: int, last: int, voice: int, attribution: int) -> None:
        """Give quoted words, with the marks around them, a voice."""
        if first and self.words[first - 1] in MARKS:
            first -= 1
        if last < len(self.words) and self.words[last] in MARKS:
            last += 1
        self.voice[first:last] = voice
        self.attribution[first:last] = attribution
