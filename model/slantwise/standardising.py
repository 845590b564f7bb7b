"""Rates of groups on equal events, so that who covers a war isn't called loaded for it.

Direct standardisation asks what each group's rate would be had all covered the same
events, each with the weight it has in all groups together. Most outlets miss most events,
so what they would have written there is filled in by a log-linear model, in which a
group's rate on an event is the group's own factor times the event's (Lane & Nelder,
Biometrics 38, 1982; the model is fitted by turns, as in iterative proportional fitting).
Only events that two or more groups cover can tell groups and events apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slantwise.intervals import PER, TAILS, Floats

Integers = NDArray[np.int64]
_Node = tuple[str, int]

MIN_EVENTS = 5  # shared events from which a bootstrap over them tells anything
_TURNS = 500
_SETTLED = 1e-8
_TURNS_AGAIN = 30  # from a solution nearby


@dataclass(frozen=True, eq=False)
class Standardised:
    """Rates per 1,000 words on equal events; not a number where it can't be told.

    Parameters
    ----------
    rate, low, high : ndarray of shape (n_groups,)
    n_events : ndarray of shape (n_groups,)
        Events that a group shares with another.
    """

    rate: Floats
    low: Floats
    high: Floats
    n_events: Integers


@dataclass(frozen=True, eq=False)
class _Cells:
    """Spans and words of each group on each event, where there are any."""

    group: Integers
    event: Integers
    spans: Floats
    words: Floats
    n_groups: int
    n_events: int

    def of_groups(self, values: Floats) -> Floats:
        return _sums(self.group, values, self.n_groups)

    def of_events(self, values: Floats) -> Floats:
        return _sums(self.event, values, self.n_events)


def standardise(
    groups: Integers,
    events: Integers,
    spans: Floats,
    words: Floats,
    *,
    n_boot: int = 200,
    random_state: int = 0,
) -> Standardised:
    """Estimate the rate of each group on equal events, with a bootstrap over events.

    Parameters
    ----------
    groups : ndarray of shape (n_articles,)
        Group of each article, numbered from 0.
    events : ndarray of shape (n_articles,)
        Event of each article, numbered from 0; -1 for none.
    spans, words : ndarray of shape (n_articles,)
    n_boot, random_state : int
    """
    n_groups = int(groups.max(initial=-1)) + 1
    missing = np.full(n_groups, np.nan)
    cells = _shared_cells(groups, events, spans, words, n_groups)
    n_events = np.bincount(cells.group, minlength=n_groups)
    if not len(cells.group):
        return Standardised(missing, missing, missing, n_events)
    weights = cells.of_events(cells.words) / cells.words.sum()
    once = np.ones(cells.n_events)
    event_factor, rate = _fit(cells, weights, once, once, _TURNS)
    random, chances = np.random.default_rng(random_state), once / cells.n_events
    drawn = random.multinomial(cells.n_events, chances, size=n_boot)
    with np.errstate(invalid="ignore"):
        replicates = np.array(
            [_fit(cells, weights, times, event_factor, _TURNS_AGAIN)[1] for times in drawn]
        )
    low, high = missing.copy(), missing.copy()
    told = (n_events >= MIN_EVENTS) & (np.isfinite(replicates).mean(axis=0) > 0.5)
    if told.any():
        low[told], high[told] = np.nanquantile(replicates[:, told], TAILS, axis=0)
    low[low == high] = high[low == high] = np.nan
    return Standardised(np.where(n_events > 0, rate, np.nan), low, high, n_events)


def _fit(
    cells: _Cells, weights: Floats, times: Floats, event_factor: Floats, turns: int
) -> tuple[Floats, Floats]:
    """Fit factors of groups and events by turns; events count as often as ``times`` says."""
    spans, words = cells.spans * times[cells.event], cells.words * times[cells.event]
    there, total = times > 0, cells.of_events(words)
    of_group, of_event = cells.of_groups(spans), cells.of_events(spans)
    group_factor = np.ones(cells.n_groups)
    with np.errstate(divide="ignore", invalid="ignore"):
        for _ in range(turns):
            before = group_factor
            group_factor = of_group / cells.of_groups(words * event_factor[cells.event])
            known = np.nan_to_num(group_factor[cells.group])
            event_factor = np.where(
                there & (total > 0), of_event / cells.of_events(words * known), 0.0
            )
            event_factor = np.nan_to_num(event_factor, posinf=0.0)
            if np.nanmax(np.abs(group_factor - before), initial=0.0) < _SETTLED:
                break
        standard = (weights * times) @ event_factor / (weights @ times)
    return event_factor, PER * group_factor * standard


def _shared_cells(
    groups: Integers, events: Integers, spans: Floats, words: Floats, n_groups: int
) -> _Cells:
    """Add up the cells of events that two or more groups cover, all linked to each other."""
    known = (events >= 0) & (words > 0)
    pair, cell = np.unique(
        np.column_stack([groups[known], events[known]]), axis=0, return_inverse=True
    )
    pair, cell = pair.reshape(-1, 2), cell.ravel()
    spans_of = _sums(cell, spans[known], len(pair))
    words_of = _sums(cell, words[known], len(pair))
    shared = np.bincount(pair[:, 1], minlength=1)[pair[:, 1]] >= 2
    linked = shared & _in_largest_part(pair, shared, words_of)
    numbers = np.unique(pair[linked, 1], return_inverse=True)
    return _Cells(
        pair[linked, 0], numbers[1], spans_of[linked], words_of[linked], n_groups, len(numbers[0])
    )


def _in_largest_part(pair: Integers, shared: NDArray[np.bool_], words: Floats) -> NDArray[np.bool_]:
    """Tell which cells hang together, through groups and events, with the most words."""
    part: dict[_Node, _Node] = {}

    def root(node: _Node) -> _Node:
        part.setdefault(node, node)
        while part[node] != node:
            part[node] = part[part[node]]
            node = part[node]
        return node

    for group, event in pair[shared].tolist():
        part[root(("group", group))] = root(("event", event))
    roots = [
        root(("group", group)) if there else None
        for (group, _), there in zip(pair.tolist(), shared.tolist(), strict=True)
    ]
    size: dict[_Node, float] = {}
    for one, n in zip(roots, words.tolist(), strict=True):
        if one is not None:
            size[one] = size.get(one, 0.0) + n
    largest = max(size, key=lambda one: (size[one], one), default=None)
    return np.array([one is not None and one == largest for one in roots], dtype=bool)


def _sums(places: Integers, values: Floats, n: int) -> Floats:
    return np.asarray(np.bincount(places, values, n), dtype=np.float64)
