"""Articles grouped by the happening they report, from their words and dates.

Candidates come from an index of each article's most telling words, within a window of
dates; no matrix of all pairs is ever made. How likely two articles tell the same story is
a logistic regression of a few likenesses, learned without labels: of articles that look
alike, those of one day mostly tell one story and those of different days don't
(``slantwise.training.stories``). Groups are then joined by average linkage (Sokal &
Michener 1958), which one odd link can't chain together.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slantwise.likeness import NEIGHBOURS, Candidates, Likeness, crowding, neighbours
from slantwise.sketches import Sketch, stored_table

if TYPE_CHECKING:
    from collections.abc import Callable

# Log odds from which two groups are one story. The undated cut was chosen on stories found by day
# and topic among the unlabelled articles and checked by title; the dated one, lower since a window
# of dates makes a match likelier beforehand, is a guess that was not measured.
DATED_CUT, UNDATED_CUT = -2.75, -2.0
_MARGIN = 1.0  # below the cut, at which articles may still meet in a group
_LARGEST = 1_000  # articles that are compared each with each
_FARTHEST = -8.0  # log odds of a pair that shares nothing
_NAMING = re.compile(r"[^\W\d_]+")

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PairModel:
    """A logistic regression of the likenesses of two articles."""

    weights: Floats  # (n_features,)
    intercept: float

    def log_odds(self, features: Floats) -> Floats:
        """Return for each row the log odds that both articles tell one story."""
        return np.asarray(features @ self.weights + self.intercept)


@cache
def pair_model() -> PairModel:
    """Return the pair model that travels with the package."""
    table = stored_table()
    return PairModel(np.asarray(table["story_weights"], float), float(table["story_intercept"]))


def group_events(sketches: Sequence[Sketch]) -> Ints:
    """Group articles by the story they tell.

    The groups don't depend on the order of the articles.

    Parameters
    ----------
    sketches : sequence of Sketch

    Returns
    -------
    ndarray of shape (n_articles,): numbers of groups, from 0, in order of their first
    article's day and content
    """
    order = sorted(range(len(sketches)), key=lambda at: (sketches[at].day, sketches[at].key))
    ordered = [sketches[at] for at in order]
    labels = np.empty(len(sketches), np.int64)
    labels[order] = _grouped(ordered)
    return labels


def _grouped(sketches: Sequence[Sketch]) -> Ints:
    n = len(sketches)
    if n < 2:
        return np.zeros(n, np.int64)
    likeness, model = Likeness(sketches), pair_model()
    near = neighbours(sketches)
    basic = likeness.of(near.first, near.second)
    crowd = crowding(near, basic, n)
    odds = model.log_odds(with_crowding(basic, crowd, near.first, near.second))
    cut = np.where(likeness.dated(near.first, near.second), DATED_CUT, UNDATED_CUT)

    def between(members: Ints) -> Floats:
        """Return how far the log odds of each pair lie above their cut, a square matrix."""
        size = len(members)
        first, second = np.triu_indices(size, 1)
        a, b = members[first], members[second]
        log_odds = model.log_odds(with_crowding(likeness.of(a, b), crowd, a, b))
        cuts = np.where(likeness.dated(a, b), DATED_CUT, UNDATED_CUT)
        square = np.zeros((size, size))
        square[first, second] = np.maximum(log_odds, _FARTHEST) - cuts
        return square + square.T

    edges = np.column_stack([near.first, near.second])
    labels = np.full(n, -1, np.int64)
    _split(np.arange(n), edges, odds - cut, -_MARGIN, between, labels)
    _, first_at, numbered = np.unique(labels, return_index=True, return_inverse=True)
    return np.asarray(np.argsort(np.argsort(first_at))[numbered], np.int64)


def with_crowding(basic: Floats, crowd: Floats, first: Ints, second: Ints) -> Floats:
    """Add to each pair's likenesses how alike their other neighbours are to them."""
    return np.hstack([basic, (crowd[first] + crowd[second]) / 2])


def _split(
    members: Ints,
    edges: Ints,
    above: Floats,
    least: float,
    between: Callable[[Ints], Floats],
    labels: NDArray[np.int64],
) -> None:
    """Label the members: connected ones together, by average linkage where they are few."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    waiting = [(members, edges, above, least)]
    number = 0
    while waiting:
        members, edges, above, least = waiting.pop()
        kept = above >= least
        edges, above = edges[kept], above[kept]
        here = np.searchsorted(members, edges)
        graph = coo_array((np.ones(len(here)), (here[:, 0], here[:, 1])), shape=(len(members),) * 2)
        _, part = connected_components(graph, directed=False)
        sorting = np.argsort(part, kind="stable")
        for rows in np.split(sorting, np.flatnonzero(np.diff(part[sorting])) + 1):
            group = members[rows]
            if len(group) > _LARGEST:  # loosely chained together: ask more of a link
                inside = part[here[:, 0]] == part[rows[0]]
                waiting.append((group, edges[inside], above[inside], least + 0.5))
                continue
            local = np.zeros(1, np.int64) if len(group) == 1 else _linked(between(group))
            labels[group] = number + local
            number += int(local.max()) + 1


def _linked(above: Floats) -> Ints:
    """Join by average linkage what lies above 0 on average."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    top = max(float(above.max()), 0.0) + 1.0  # distances must not be negative
    distances = top - above
    np.fill_diagonal(distances, 0.0)
    tree = linkage(squareform(distances, checks=False), "average")
    return np.asarray(fcluster(tree, top, "distance"), np.int64) - 1


def event_ids(sketches: Sequence[Sketch], titles: Sequence[str], groups: Ints) -> list[str]:
    """Name the group of each article after its first article.

    The name has the first words of that article's title and a hash of its content: it
    stays the same from run to run, in any order of the articles, and when later articles
    join the event.
    """
    founders: dict[int, int] = {}
    for at, group in enumerate(groups.tolist()):
        founder = founders.setdefault(group, at)
        if _age(sketches[at]) < _age(sketches[founder]):
            founders[group] = at
    names = {group: _name(sketches[at], titles[at]) for group, at in founders.items()}
    return [names[group] for group in groups.tolist()]


def _age(one: Sketch) -> tuple[bool, int, str]:
    return one.day < 0, one.day, one.key


def _name(founder: Sketch, title: str) -> str:
    digest = hashlib.blake2b(founder.key.encode(), digest_size=4).hexdigest()
    words = [word.lower() for word in _NAMING.findall(title) if len(word) > 3 or word.isupper()]
    return "-".join([*words[:4], digest])


__all__ = [
    "NEIGHBOURS",
    "Candidates",
    "PairModel",
    "event_ids",
    "group_events",
    "pair_model",
    "with_crowding",
]
