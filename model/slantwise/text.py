"""Text as arrays: tokens and sentences with exact offsets.

A token is a run of word characters (letters, digits, underscore) or one other
visible character. Hyphens and apostrophes are tokens of their own: "far-left"
is three tokens, so that a span may end at the hyphen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from slantwise.sentences import split_sentences
from slantwise.words import LONGEST_TEXT, UNMET, Met, word_types

__all__ = ["Document", "Tokens", "read_document", "split_sentences", "tokenize"]

_SPACE, _MARK, _WORD = 0, 1, 2  # what a code point is
_TOKEN = re.compile(r"\w+|[^\w\s]")
_FEW = 240  # code points, as of a title: below, arrays don't pay


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one text: parallel arrays of shape (n_tokens,)."""

    words: list[str]
    start: NDArray[np.int32]  # code points
    end: NDArray[np.int32]
    number: NDArray[np.int32]  # of the word type in this process, see `slantwise.words`

    def __len__(self) -> int:
        """Return the number of tokens."""
        return len(self.words)

    def __reduce__(self) -> tuple[type[Tokens], tuple[object, ...]]:
        """Leave out the numbers, which mean nothing to another process."""
        return Tokens, (self.words, self.start, self.end, np.full_like(self.number, UNMET))

    def covering(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open range of tokens that overlap ``[start, end)``."""
        # Of the arrays' own type: for any other numpy would copy the whole array each time.
        first = int(self.end.searchsorted(np.int32(start), side="right"))
        last = int(self.start.searchsorted(np.int32(end), side="left"))
        return first, max(first, last)


def tokenize(text: str) -> Tokens:
    """Split a text into tokens.

    >>> tokenize("far-left, he said").words
    ['far', '-', 'left', ',', 'he', 'said']
    """
    if len(text) < _FEW:
        return _tokens_of_few(text)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    # As plain indices: numpy would convert any other kind more slowly.
    kind = np.full(len(codes) + 2, _SPACE, dtype=np.uint8)
    kind[1:-1] = _kinds()[codes.astype(np.intp)]
    parted = (kind[1:] & kind[:-1]) != _WORD
    visible = kind[1:-1] != _SPACE
    start = np.flatnonzero(parted[:-1] & visible)
    end = np.flatnonzero(parted[1:] & visible) + 1
    if len(text) <= LONGEST_TEXT:
        met = word_types().meet(text, codes, start, end)
    else:
        cut = [text[a:b] for a, b in zip(start.tolist(), end.tolist(), strict=True)]
        met = Met(cut, np.full(len(cut), UNMET, dtype=np.int32))
    return Tokens(met.words, start.astype(np.int32), end.astype(np.int32), met.number)


def _tokens_of_few(text: str) -> Tokens:
    matches = list(_TOKEN.finditer(text))
    edges = np.array([match.span() for match in matches], dtype=np.int32).reshape(-1, 2)
    start, end = np.ascontiguousarray(edges.T)
    number = np.full(len(matches), UNMET, dtype=np.int32)
    return Tokens([match[0] for match in matches], start, end, number)


@cache
def _kinds() -> NDArray[np.uint8]:
    """Return what every code point is to a regular expression, shape (0x110000,)."""
    codes = np.arange(0x110000, dtype="<u4")
    every = codes.tobytes().decode("utf-32-le", "surrogatepass")
    kinds = np.full(len(codes), _MARK, dtype=np.uint8)
    for pattern, kind in ((r"\w+", _WORD), (r"\s+", _SPACE)):
        for match in re.finditer(pattern, every):
            kinds[match.start() : match.end()] = kind
    return kinds


@dataclass(frozen=True, slots=True)
class Document:
    """One text with its tokens and sentences; every token is in one sentence."""

    text: str
    tokens: Tokens
    sentences: NDArray[np.int32]  # (n_sentences, 2), code points, without white space at the ends
    token_sentence: NDArray[np.int32]  # (n_tokens,), the sentence of each token
    scored: NDArray[np.bool_]  # (n_tokens,), false in boilerplate


def read_document(
    text: str, title: str = "", unscored: Sequence[tuple[int, int]] | None = None
) -> Document:
    """Read a text into tokens and sentences.

    Parameters
    ----------
    text : str
    title : str
        Lines that repeat it are left unscored.
    unscored : sequence of (start, end), optional
        Code-point ranges that are not the article's own words; found by
        `slantwise.boilerplate` unless given. No sentence crosses their ends.

    Examples
    --------
    >>> document = read_document("Rain fell. Ms. Dale left.", unscored=())
    >>> document.sentences.tolist()
    [[0, 10], [11, 25]]
    >>> document.token_sentence.tolist()
    [0, 0, 0, 1, 1, 1, 1, 1]
    """
    if unscored is None:
        from slantwise.boilerplate import boilerplate

        unscored = boilerplate(text, title)
    tokens = tokenize(text)
    scored = np.ones(len(tokens), dtype=np.bool_)
    cuts: list[int] = []
    for start, end in unscored:
        first, last = tokens.covering(start, end)
        if first < last:
            scored[first:last] = False
            cuts += (int(tokens.start[first]), int(tokens.end[last - 1]))
    sentences = split_sentences(text, cuts)
    first_tokens = np.searchsorted(tokens.start, sentences[:, 0])
    token_sentence = np.repeat(
        np.arange(len(sentences), dtype=np.int32), np.diff(first_tokens, append=len(tokens))
    )
    return Document(text, tokens, sentences, token_sentence, scored)
