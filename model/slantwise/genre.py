"""Opinion or news: by the words an outlet speaks in its own voice, and by whom it lets speak."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slantwise.records import OWN_VOICES, VOICES

_QUOTE, _REPORTED = VOICES.index("quote"), VOICES.index("reported")


@dataclass(frozen=True)
class Genre:
    """The weights that tell opinion from news, but for those of the words.

    >>> genre = Genre(slope=2.0, intercept=-1.0, quoted=-4.0)
    >>> genre.log_odds(np.array([3.0, 1.0, 9.0, 9.0]), np.array([0, 0, 1, 1])).round(2).item()
    0.17

    Parameters
    ----------
    slope : float
        Log odds for each unit of the words' mean weight.
    intercept : float
    quoted, reported : float
        Log odds for each unit of the root of the share of words in that voice.
    voices : tuple of str
        The voices whose words count.
    power : float
        The sum of the weights is divided by the number of words to this power.
    few : float
        So many words say half of what they seem to: few are no reason to be sure.
    """

    slope: float
    intercept: float
    quoted: float = 0.0
    reported: float = 0.0
    voices: tuple[str, ...] = OWN_VOICES
    power: float = 1.0
    few: float = 0.0

    def log_odds(self, weights: NDArray[np.floating], voice: NDArray[np.integer]) -> np.float64:
        """Return the log odds that a text is opinion.

        Parameters
        ----------
        weights : ndarray of shape (n_tokens,)
            Of the words, boilerplate left out.
        voice : ndarray of shape (n_tokens,)
            Index into ``records.VOICES``.
        """
        counts, own = voice_counts(voice), [VOICES.index(name) for name in self.voices]
        total = np.bincount(voice, weights, len(VOICES))[own].sum()
        raw = total / max(int(counts[own].sum()), 1) ** self.power
        quoted, reported = roots_of_shares(counts)
        odds = self.slope * raw + self.intercept + self.quoted * quoted + self.reported * reported
        return np.float64(odds * (len(voice) / (len(voice) + self.few) if self.few else 1.0))

    def as_settings(self) -> dict[str, Any]:
        """Return them as a model file keeps them."""
        return {**asdict(self), "voices": list(self.voices)}

    @classmethod
    def of_settings(cls, settings: Mapping[str, Any] | Sequence[float]) -> Genre:
        """Take them from a model file's settings: format 1 has slope and intercept alone."""
        if isinstance(settings, Mapping):
            return cls(**{**settings, "voices": tuple(settings["voices"])})
        slope, intercept = settings
        return cls(slope, intercept, voices=VOICES, power=0.5)


def voice_counts(voice: NDArray[np.integer]) -> NDArray[np.int64]:
    """Count the words in each voice, shape (len(VOICES),)."""
    return np.bincount(voice, minlength=len(VOICES))


def roots_of_shares(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the roots of the shares of words quoted and reported, shape (2,).

    Roots, because the step from no quotation to some says more than that from some to many.
    """
    return np.asarray(np.sqrt(counts[[_QUOTE, _REPORTED]] / max(int(counts.sum()), 1)))
