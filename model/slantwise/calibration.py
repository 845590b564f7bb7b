"""How sure: from what the tagger and the labeller say to the chance of being right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slantwise.labeller import Extents
from slantwise.records import LABELS, VOICES
from slantwise.tagger import Candidates

_SCARE = VOICES.index("scare")


@dataclass(frozen=True, slots=True)
class Calibrator:
    """A logistic regression over what is known of a candidate.

    Platt, "Probabilistic outputs for support vector machines" (1999), with
    several inputs: the tagger's certainties, the labeller's, length and voice.
    """

    labelled: NDArray[np.float64]  # (n_inputs + 1,), the intercept last
    loaded: NDArray[np.float64]  # the same, whatever the label

    def scores(self, inputs: NDArray[np.float64]) -> NDArray[np.float32]:
        """Return the probability that each candidate is framing with its label."""
        return _logistic(inputs, self.labelled)

    def chances(self, inputs: NDArray[np.float64]) -> NDArray[np.float32]:
        """Return the probability that each candidate is framing at all."""
        return _logistic(inputs, self.loaded)


def _logistic(
    inputs: NDArray[np.float64], coefficients: NDArray[np.float64]
) -> NDArray[np.float32]:
    odds = inputs @ coefficients[:-1] + coefficients[-1]
    return np.asarray(1 / (1 + np.exp(-odds)), dtype=np.float32)


def calibration_inputs(
    candidates: Candidates, extents: Extents, chances: NDArray[np.float64], label: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return what a score rests on, shape (n_candidates, n_inputs).

    Parameters
    ----------
    candidates : Candidates
    extents : Extents
        The same spans with their voices.
    chances : ndarray of shape (n_candidates,)
        The labeller's probability of the label chosen.
    label : ndarray of shape (n_candidates,)
        Index of that label in ``LABELS``.
    """
    length = np.log(np.maximum(extents.last - extents.first, 1))
    return np.column_stack(
        [
            _odds(candidates.certainty),
            _odds(chances),
            length,
            length**2,
            extents.voice == VOICES.index("outlet"),
            extents.voice == _SCARE,
            np.eye(len(LABELS))[label],
        ]
    ).astype(np.float64)


def _odds(probability: NDArray[np.floating]) -> NDArray[np.float64]:
    clipped = np.clip(probability.astype(np.float64), 1e-4, 1 - 1e-4)
    return np.asarray(np.log(clipped / (1 - clipped)))
