"""How a sentence speaks of somebody who is named in it: negatively, neutrally, positively.

The log odds of a polarity are a sum over windows that are counted from the naming outwards,
so that side and distance tell who acts and who is acted upon (Vo and Zhang,
"Target-dependent Twitter sentiment classification with rich automatic features",
IJCAI 2015, told left from right in the same way).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from slantwise.features import TypeRows
from slantwise.labeller import Members, Role
from slantwise.layout import Layout

POLARITIES = ("negative", "neutral", "positive")
WINDOWS = (
    "the naming",
    *("one before", "two before", "five before", "all before"),
    *("one after", "two after", "five after", "all after"),
    "sentence",
)
_REACHES = (0, 1, 3, 8)  # tokens at which a window on either side ends and the next begins


@dataclass(frozen=True, slots=True)
class Toward:
    """Weights of a fitted :class:`slantwise.training.toward.TowardTarget`."""

    part: str  # name of its columns in the type table, len(WINDOWS) for each class
    classes: tuple[str, ...]
    constant: NDArray[np.float32]  # (n_classes,)

    def odds(
        self,
        types: TypeRows,
        layout: Layout,
        first: NDArray[np.int64],
        last: NDArray[np.int64],
    ) -> NDArray[np.float64]:
        """Return the log odds of each polarity, shape (n_namings, n_classes).

        Parameters
        ----------
        first, last : ndarray of shape (n_namings,)
            Tokens of the layout that name somebody, half-open.
        """
        columns = types.columns(self.part).reshape(-1, len(WINDOWS), len(self.classes))
        odds = np.tile(self.constant.astype(np.float64), (len(first), 1))
        for number, role in enumerate(windows(layout, first, last)):
            odds += Members.of(role, types.row, shared=False).mean_of(columns[:, number])
        return odds


def windows(layout: Layout, first: NDArray[np.int64], last: NDArray[np.int64]) -> list[Role]:
    """Return the tokens of each of ``WINDOWS``, all within the sentence of the naming."""
    sentence = layout.token_sentence[first]
    opening = layout.sentence_starts[sentence]
    closing = np.maximum(opening + layout.lengths[sentence], last)
    before = [np.maximum(first - reach, opening) for reach in _REACHES] + [opening]
    after = [np.minimum(last + reach, closing) for reach in _REACHES] + [closing]
    return [
        Role(first, last),
        *(Role(far, near) for near, far in pairwise(before)),
        *(Role(near, far) for near, far in pairwise(after)),
        Role(opening, closing),
    ]
