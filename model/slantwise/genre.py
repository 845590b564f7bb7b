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
        speaking = spoken(voice, self.voices)
        total = weights[speaking].sum(dtype=np.float64)
        raw = total / max(int(speaking.sum()), 1) ** self.power
        quoted, reported = roots_of_shares(voice)
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


def spoken(voice: NDArray[np.integer], voices: Sequence[str]) -> NDArray[np.bool_]:
    """Return which tokens are in one of some voices, shape (n_tokens,)."""
    return np.isin(voice, [VOICES.index(name) for name in voices])


def roots_of_shares(voice: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return the roots of the shares of words quoted and reported, shape (2,).

    Roots, because the step from no quotation to some says more than that from some to many.
    """
    counts = np.bincount(voice, minlength=len(VOICES))
    return np.asarray(np.sqrt(counts[[_QUOTE, _REPORTED]] / max(len(voice), 1)))
