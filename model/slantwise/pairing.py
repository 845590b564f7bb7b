"""Who says what was heard: each stretch of somebody's words is paired with a source near it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
_PARTS = 2.0**20
_REACH = 4  # sources before and after that may be meant
_AROUND = 4  # tokens beside a source where its cue is looked for
_LEAST = -1.0  # log odds of a word that names a source
_SIDES = ("before", "after", "inside")
_OF_A_PAIR = (
    *("surest word", "sum of words", "log distance", "at most 2 apart", "at most 5 apart"),
    *("same sentence", "next sentence", "further sentence", "cue after it", "cue before it"),
    *("cue between", "log words of others between", "none of them", "nearest", "second nearest"),
    *("said by somebody itself", "capitalised", "one word", "direct", "direct and same sentence"),
    "constant",
)
FIGURES = tuple(f"{side}: {name}" for side in _SIDES for name in _OF_A_PAIR)


@dataclass(frozen=True, slots=True)
class Ranges:
    """Half-open ranges of the layout's tokens, in order: parallel arrays."""

    first: IntArray
    last: IntArray

    def __len__(self) -> int:
        return len(self.first)


@dataclass(frozen=True, slots=True)
class Scene:
    """What pairs are judged by, of every token: arrays of shape (n_tokens,)."""

    content: NDArray[np.bool_]  # whether it is somebody's words
    source: NDArray[np.floating]  # log odds that it names a source
    cue: NDArray[np.floating]
    capital: NDArray[np.bool_]
    sentence: IntArray
    document: IntArray


@dataclass(frozen=True, slots=True)
class Pairs:
    """Contents and the sources that may be meant, shape (n_contents, 2 * _REACH) or more."""

    source: IntArray  # number of a source; any where none is
    there: NDArray[np.bool_]
    figures: NDArray[np.float32]  # (n_contents, 2 * _REACH, len(FIGURES))


@dataclass(frozen=True, eq=False)
class Pairing:
    """Weights of ``FIGURES`` and the least log odds of a pair, shape (len(FIGURES) + 1,)."""

    weights: NDArray[np.floating]

    def chosen(self, pairs: Pairs) -> IntArray:
        """Return which source each content has, -1 none."""
        if not len(pairs.source):
            return np.zeros(0, dtype=np.int64)
        odds = pairs.figures.astype(np.float64) @ self.weights[:-1]
        odds[~pairs.there] = -np.inf
        best = odds.argmax(axis=1)[:, None]
        sure = np.take_along_axis(odds, best, axis=1)[:, 0] >= self.weights[-1]
        return np.where(sure, np.take_along_axis(pairs.source, best, axis=1)[:, 0], -1)


def ranges_of(flags: NDArray[np.bool_], begins: NDArray[np.bool_]) -> Ranges:
    """Return the runs of flagged tokens, cut wherever something begins.

    >>> runs = ranges_of(np.array([0, 1, 1, 1, 0], bool), np.array([1, 0, 0, 1, 0], bool))
    >>> runs.first.tolist(), runs.last.tolist()
    ([1, 3], [3, 4])
    """
    follows = np.zeros_like(flags)
    follows[1:] = flags[:-1]
    opens = flags & (~follows | begins)
    closes = np.zeros_like(flags)
    closes[:-1] = flags[:-1] & (~flags[1:] | begins[1:])
    if len(flags):
        closes[-1] = flags[-1]
    return Ranges(np.flatnonzero(opens), np.flatnonzero(closes) + 1)


def running_sum(values: NDArray[Any]) -> NDArray[np.float64]:
    """Return the sum of what stands before each token and before the end.

    Of chances rounded to parts of a million: their sums are exact, so that the sum over a
    stretch, a difference of two, does not depend on what stands before it.
    """
    parts = np.rint(values * _PARTS).astype(np.int64)
    return np.append(0, np.cumsum(parts)) / _PARTS


def sources_in(scene: Scene) -> Ranges:
    """Return the runs of words that may name a source, none across sentences."""
    begins = np.diff(scene.sentence, prepend=-1) != 0
    return ranges_of(scene.source > _LEAST, begins)


def pair(contents: Ranges, direct: NDArray[np.bool_], sources: Ranges, scene: Scene) -> Pairs:
    """Return which sources may be meant for each content, and what speaks for each.

    Parameters
    ----------
    contents : Ranges
    direct : ndarray of shape (n_contents,)
        Whether they stand between quotation marks.
    sources : Ranges
    scene : Scene
    """
    near = np.arange(-_REACH, _REACH)
    rank = np.where(near < 0, -1 - near, near)
    at = np.searchsorted(sources.first, contents.first)[:, None] + near
    there = (at >= 0) & (at < len(sources))
    if not len(contents) or not len(sources):
        empty = np.zeros((*at.shape, len(FIGURES)), dtype=np.float32)
        return Pairs(np.zeros_like(at), np.zeros_like(there), empty)
    at = np.where(there, at, 0)
    first, last = contents.first[:, None], contents.last[:, None]
    begin, end = sources.first[at], sources.last[at]
    there &= scene.document[begin] == scene.document[first]
    before, after = end <= first, begin >= last
    inside = ~before & ~after
    gap = np.where(before, first - end, np.where(after, begin - last, 0))
    low = np.where(before, end, np.where(after, last, begin))
    # The word of the content that is nearest to the source.
    facing = np.where(after, last - 1, first)
    steps = np.abs(scene.sentence[begin] - scene.sentence[facing])
    chance = 1 / (1 + np.exp(-scene.source.astype(np.float64)))
    named, cued, said = (
        running_sum(values)
        for values in (chance, 1 / (1 + np.exp(-scene.cue.astype(np.float64))), scene.content)
    )
    # A cue beside a source stands in its document, whatever else is read at once.
    opens = np.searchsorted(scene.document, scene.document[begin], side="left")
    closes = np.searchsorted(scene.document, scene.document[begin], side="right")
    between = said[low + gap] - said[low]
    covered = (said[end] - said[begin]) / (end - begin)
    same = steps == 0
    of_pair = np.stack(
        np.broadcast_arrays(
            (named[end] - named[begin]) / (end - begin),
            named[end] - named[begin],
            np.log1p(gap),
            gap <= 2,
            gap <= 5,
            same,
            steps == 1,
            steps >= 2,
            cued[np.minimum(end + _AROUND, closes)] - cued[end],
            cued[begin] - cued[np.maximum(begin - _AROUND, opens)],
            cued[low + gap] - cued[low],
            np.log1p(between),
            between == 0,
            rank == 0,
            rank == 1,
            covered,
            scene.capital[begin],
            end - begin == 1,
            direct[:, None],
            direct[:, None] & same,
            1.0,
        ),
        axis=-1,
    ).astype(np.float32)
    figures = np.concatenate(
        [of_pair * side[..., None] for side in (before, after, inside)], axis=-1
    )
    return Pairs(at, there, figures.astype(np.float32))
