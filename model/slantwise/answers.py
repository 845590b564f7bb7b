"""What a reader answers of every token in its context.

A reader is a small network beside the weights of word types: the convolution of `fast`,
the transformer of `accurate`. All answer the same questions, so the heads of a model
listen to each of them alike.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from slantwise.records import LABELS, VALENCES, VOICES
from slantwise.spread import Spread

EXCLUSIVE = (  # questions with one right answer each
    ("outside", "begin", "inside"),
    tuple(f"label {label}" for label in LABELS),
    tuple(f"voice {voice}" for voice in VOICES),
    (*(f"valence {valence}" for valence in VALENCES), "valence none"),
)
ANSWERS = (*(name for group in EXCLUSIVE for name in group), "content", "source", "cue", "bias")
_LEAST = -12.0  # log chance: nothing is ever quite impossible


class Reader(Protocol):
    """Anything that reads tokens in their context."""

    def read(self, spread: Spread) -> NDArray[np.float32]:
        """Return what is answered of every token, shape (n_tokens, len(ANSWERS)).

        Log chances where answers exclude each other, else log odds.
        """


def log_chances(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn logits of questions with one right answer into log chances.

    Parameters
    ----------
    logits : ndarray of shape (n_tokens, len(ANSWERS))
    """
    # A row for each answer: reductions over the few columns of each token are slow in numpy.
    answers = np.array(logits.T, order="C")
    at = 0
    for group in EXCLUSIVE:
        own = answers[at : at + len(group)]
        own -= own.max(axis=0)
        own -= np.log(np.exp(own).sum(axis=0))
        np.maximum(own, _LEAST, out=own)
        at += len(group)
    return answers.T
