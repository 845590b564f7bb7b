"""A small convolution over word types: how `fast` reads a token in its context.

Each word type has a short vector, analysed once and then looked up; a few layers add up
the vectors around a token and of its sentence (Collobert et al., "Natural language
processing (almost) from scratch", JMLR 2011). It learned from what larger networks answer
of unlabelled articles, which is how it knows words that no labelled passage holds.

The layers run in ONNX Runtime, in whole numbers with scales that were fixed beforehand:
several times as fast as in floating point, and what is read of an article is the same to
the last bit in any company.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from slantwise.answers import ANSWERS, log_chances
from slantwise.spread import Spread

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

PART = "context"  # of the type table: the vectors of the words
ZERO = 128  # the byte that stands for 0 in a vector
FloatArray = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Convolution:
    """A fitted network, as the teacher's recipe writes it.

    Parameters
    ----------
    graph : bytes
        ONNX. Inputs ``words`` (uint8, n_tokens × n_columns), ``sentences`` (float32, n_sentences
        × n_columns: the sum of a sentence's vectors over the root of its length) and
        ``sentence`` (int64, n_tokens: the sentence of each token); output ``logits`` (n_tokens ×
        len(ANSWERS)).
    quoted : ndarray of shape (n_columns,)
        Added to the vector of a word between quotation marks.
    step : float
        A vector's byte is ``round(value / step) + ZERO``.
    reach : int
        How many tokens the graph looks to either side.
    """

    graph: bytes
    quoted: FloatArray
    step: float
    reach: int

    def __getstate__(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in ("graph", "quoted", "step", "reach")}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)

    def as_settings(self) -> dict[str, float]:
        """Return the numbers that a model file keeps beside graph and array."""
        return {"step": self.step, "reach": self.reach}

    @classmethod
    def of_settings(
        cls, settings: Mapping[str, Any], graph: bytes, quoted: FloatArray
    ) -> Convolution:
        """Put together what a model file keeps."""
        return cls(graph, quoted, float(settings["step"]), int(settings["reach"]))

    def read(self, spread: Spread) -> FloatArray:
        """Return what is answered of every token, shape (n_tokens, len(ANSWERS))."""
        answers = np.zeros((len(spread.types.row), len(ANSWERS)), dtype=np.float32)
        at = 0
        for piece in spread.pieces():  # what a layer puts out should stay in the cache
            here = slice(at, at + len(piece.types.row))
            answers[here] = self._read(piece)
            at = here.stop
        return answers

    def _read(self, spread: Spread) -> FloatArray:
        layout = spread.layout
        at = self._places(np.diff(layout.token_edges))
        laid = np.zeros(len(at) + self.reach * len(layout.token_edges), dtype=np.int32)
        # Row 0 of the types is the void: boilerplate says nothing of the words beside it.
        laid[at] = np.where(spread.scored, spread.types.row, 0)
        vectors = spread.types.columns(PART)[laid]
        vectors[at[spread.quoted()]] += self.quoted
        return log_chances(self._heard(vectors, at, layout.lengths)[at])

    def _places(self, lengths: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return where each token is laid: so much void apart that no document hears another."""
        document = np.repeat(np.arange(len(lengths)), lengths)
        return np.arange(len(document)) + self.reach * (document + 1)

    def _heard(
        self, values: FloatArray, at: NDArray[np.int64], lengths: NDArray[np.int64]
    ) -> FloatArray:
        """Return the logits at every place.

        Parameters
        ----------
        values : ndarray of shape (n_places, n_columns)
            Vectors, which are overwritten.
        at : ndarray of shape (n_tokens,)
        lengths : ndarray of shape (n_sentences,)
        """
        values *= np.float32(1 / self.step)
        np.rint(values, out=values)
        np.clip(values, -ZERO, ZERO - 1, out=values)
        # Whole numbers, so that a sentence's sum does not depend on what was added up before it.
        running = np.zeros((len(at) + 1, values.shape[1]), dtype=np.int32)
        np.cumsum(values[at].astype(np.int32), axis=0, out=running[1:])
        edges = np.append(0, np.cumsum(lengths))
        total = (running[edges[1:]] - running[edges[:-1]]).astype(np.float32)
        root = np.sqrt(np.maximum(lengths, 1)).astype(np.float32)[:, None]
        sentence = np.full(len(values), len(lengths))  # of the void: the one behind the last
        sentence[at] = np.repeat(np.arange(len(lengths)), lengths)
        (logits,) = self._session.run(
            ["logits"],
            {
                "words": (values + ZERO).astype(np.uint8),
                "sentences": np.pad(total * (np.float32(self.step) / root), ((0, 1), (0, 0))),
                "sentence": sentence,
            },
        )
        return np.asarray(logits)

    @cached_property
    def _session(self) -> InferenceSession:
        from onnxruntime import InferenceSession, SessionOptions

        options = SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = 1  # too little work to share
        return InferenceSession(self.graph, options, providers=["CPUExecutionProvider"])
