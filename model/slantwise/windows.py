"""Texts as an encoder reads them: windows of whole sentences, cut into word pieces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slantwise.text import Document

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MAX_PIECES = 192  # of a window, with the two that frame it; a labelled passage has about 140


@dataclass(frozen=True, slots=True)
class Pieces:
    """The word pieces of a document's tokens, without those that frame a window."""

    ids: NDArray[np.int32]  # (n_pieces,)
    edges: NDArray[np.int64]  # (n_tokens + 1,): pieces of token i are edges[i] to edges[i + 1]
    frame: tuple[int, int]  # what opens and what closes a window


def cut_pieces(document: Document, tokenizer: Tokenizer) -> Pieces:
    """Cut the tokens of a document into word pieces.

    A token of signs that the encoder does not know at all (a zero-width joiner) has none.
    """
    encoded = tokenizer.encode(document.tokens.words, is_pretokenized=True)
    inner = slice(1, -1)
    words = np.array(encoded.word_ids[inner], dtype=np.int64)
    counts = np.bincount(words, minlength=len(document.tokens))
    return Pieces(
        np.array(encoded.ids[inner], dtype=np.int32),
        np.append(0, np.cumsum(counts)),
        (encoded.ids[0], encoded.ids[-1]),
    )


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a document's tokens as an encoder reads it."""

    first: int  # tokens of the document, half-open
    last: int
    ids: NDArray[np.int32]  # (n_pieces,)
    heads: NDArray[np.int64]  # (last - first,): where in ids each token begins
    sentence: NDArray[np.int64]  # (last - first,): sentence of each token, from 0 in the window


def cut_windows(
    document: Document, tokenizer: Tokenizer, max_pieces: int = MAX_PIECES
) -> list[Window]:
    """Cut a document into windows of whole sentences.

    Sentences are joined in order while they fit; one that is too long for a window is cut
    at a token. Boilerplate is left out and ends a window.
    """
    pieces = cut_pieces(document, tokenizer)
    room = max_pieces - 2
    starts = np.searchsorted(document.token_sentence, np.arange(len(document.sentences) + 1))
    windows: list[Window] = []
    begun, ended = 0, 0  # the window being filled
    for first, last in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        scored = first < last and bool(document.scored[first])
        fits = pieces.edges[last] - pieces.edges[begun] <= room
        if not scored or first != ended or not fits:
            if begun < ended:
                windows.append(_window(document, pieces, begun, ended))
            begun = ended = first
        if not scored:
            begun = ended = last
            continue
        while pieces.edges[last] - pieces.edges[begun] > room:
            stop = int(np.searchsorted(pieces.edges, pieces.edges[begun] + room, side="right")) - 1
            stop = max(stop, begun + 1)
            windows.append(_window(document, pieces, begun, stop))
            begun = stop
        ended = last
    if begun < ended:
        windows.append(_window(document, pieces, begun, ended))
    return windows


def _window(document: Document, pieces: Pieces, first: int, last: int) -> Window:
    low, high = pieces.edges[first], pieces.edges[last]
    ids = np.concatenate([pieces.frame[:1], pieces.ids[low:high], pieces.frame[1:]])
    # A token without pieces is read at what follows it, at worst the closing frame.
    heads = pieces.edges[first:last] - low + 1
    sentence = document.token_sentence[first:last].astype(np.int64)
    sentence = np.cumsum(np.diff(sentence, prepend=sentence[:1]) != 0)
    return Window(first, last, ids.astype(np.int32), heads, sentence)
