"""Text as arrays: tokens and sentences with exact offsets.

A token is a run of word characters (letters, digits, underscore) or one other
visible character. Hyphens and apostrophes are tokens of their own: "far-left"
is three tokens, so that a span may end at the hyphen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slantwise.sentences import split_sentences

__all__ = ["Document", "Tokens", "read_document", "split_sentences", "tokenize"]

_TOKEN = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one text: parallel arrays of shape (n_tokens,)."""

    words: list[str]
    start: NDArray[np.int32]  # code points
    end: NDArray[np.int32]

    def __len__(self) -> int:
        """Return the number of tokens."""
        return len(self.words)

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
    spans = [match.span() for match in _TOKEN.finditer(text)]
    offsets = np.array(spans, dtype=np.int32).reshape(-1, 2)
    return Tokens([text[a:b] for a, b in spans], offsets[:, 0], offsets[:, 1])


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
