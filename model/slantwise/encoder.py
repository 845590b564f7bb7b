"""A small transformer encoder that reads every token of a text in its context.

The graph runs in ONNX Runtime: int8 with scales that were fixed beforehand, so that
what is read of an article does not depend on what it is read with.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slantwise.answers import ANSWERS, log_chances
from slantwise.spread import Spread
from slantwise.text import Document
from slantwise.windows import Window, cut_windows

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

_UNREAD = -10.0  # log chance that boilerplate, which is not read, is loaded
_BATCH_PIECES = 4096  # of a batch, padding included: larger ones are no faster


@dataclass(frozen=True, eq=False)
class Encoder:
    """A graph with its word pieces.

    Parameters
    ----------
    graph : bytes
        ONNX, inputs ``ids`` and ``mask`` (int32, n_windows × n_pieces), outputs
        ``states`` and ``logits``, the last axis of these as in ``ANSWERS``.
    pieces : tuple of str
        Word pieces in the order of their numbers.
    """

    graph: bytes
    pieces: tuple[str, ...]

    def __getstate__(self) -> dict[str, object]:
        return {"graph": self.graph, "pieces": self.pieces}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)

    def read(self, spread: Spread) -> NDArray[np.float32]:
        """Return what is answered of every token, shape (n_tokens, len(ANSWERS)).

        Log chances where answers exclude each other, else log odds. Boilerplate is not
        read: it counts as not loaded.
        """
        documents = spread.documents
        read = np.zeros((sum(len(one.tokens) for one in documents), len(ANSWERS)), np.float32)
        read[:, 1:3] = _UNREAD
        for rows, logits in self._run(documents, "logits"):
            read[rows] = log_chances(logits)
        return read

    def states(self, documents: Sequence[Document]) -> NDArray[np.float32]:
        """Return the encoder's states of every token, shape (n_tokens, n_states)."""
        width = int(self._session.get_outputs()[0].shape[2])
        read = np.zeros((sum(len(one.tokens) for one in documents), width), np.float32)
        for rows, states in self._run(documents, "states"):
            read[rows] = states
        return read

    def _run(
        self, documents: Sequence[Document], output: str
    ) -> Iterator[tuple[slice, NDArray[np.float32]]]:
        """Yield the rows of a window's tokens and what the graph puts out for them."""
        edges = np.cumsum([0] + [len(document.tokens) for document in documents]).tolist()
        windows = [
            (edge, window)
            for edge, document in zip(edges, documents, strict=False)
            for window in cut_windows(document, self._tokenizer)
        ]
        # By length, so that little of a batch is padding.
        windows.sort(key=lambda entry: len(entry[1].ids))
        low = 0
        while low < len(windows):
            high = _batch_end(windows, low)
            batch = windows[low:high]
            (values,) = self._session.run([output], _inputs([window for _, window in batch]))
            for row, (edge, window) in enumerate(batch):
                yield slice(edge + window.first, edge + window.last), values[row, window.heads]
            low = high

    @cached_property
    def _session(self) -> InferenceSession:
        from onnxruntime import InferenceSession, SessionOptions

        options = SessionOptions()
        options.log_severity_level = 3
        # joblib tells its workers by this variable how many threads each may have.
        options.intra_op_num_threads = int(os.environ.get("OMP_NUM_THREADS") or 0)
        return InferenceSession(self.graph, options, providers=["CPUExecutionProvider"])

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

        numbers = {piece: number for number, piece in enumerate(self.pieces)}
        tokenizer = Tokenizer(models.WordPiece(numbers, unk_token="[UNK]"))
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        tokenizer.post_processor = processors.BertProcessing(
            ("[SEP]", numbers["[SEP]"]), ("[CLS]", numbers["[CLS]"])
        )
        return tokenizer


def _batch_end(windows: Sequence[tuple[int, Window]], low: int) -> int:
    high = low + 1
    while high < len(windows) and (high + 1 - low) * len(windows[high][1].ids) <= _BATCH_PIECES:
        high += 1
    return high


def _inputs(windows: Sequence[Window]) -> dict[str, NDArray[np.int32]]:
    width = max(len(window.ids) for window in windows)
    ids = np.zeros((len(windows), width), dtype=np.int32)
    mask = np.zeros_like(ids)
    for row, window in enumerate(windows):
        ids[row, : len(window.ids)] = window.ids
        mask[row, : len(window.ids)] = 1
    return {"ids": ids, "mask": mask}
