"""Densities and their intervals by hand; their use on a corpus is in test_outlets."""

from __future__ import annotations

import importlib

import numpy as np
import pytest

from slantwise.intervals import PER, densities, density_intervals

# Two articles of 100 words: 4 and 0 spans of one kind, 1 and 1 of another, none of a third.
COUNTS = np.array([[4.0, 1.0, 0.0], [0.0, 1.0, 0.0]])
WORDS = np.array([100.0, 100.0])
EACH = np.arange(2)


def test_density_is_counts_per_thousand_words() -> None:
    assert PER == 1000
    assert densities(np.array([4.0, 1.0, 0.0]), 200.0).tolist() == [20.0, 5.0, 0.0]


def test_without_words_there_is_no_density() -> None:
    assert np.isnan(densities(np.array([0.0, 3.0]), 0.0)).all()


def test_interval_of_two_articles_reaches_from_one_to_the_other() -> None:
    low, high = density_intervals(COUNTS, WORDS, EACH)
    assert (low[0], high[0]) == (0.0, 40.0)  # drawn twice, either of them is all there is
    assert np.isnan([low[1], high[1]]).all()  # the articles don't differ
    assert (low[2], high[2]) == (0.0, 15.0)  # three of 200 words


def test_long_articles_weigh_more() -> None:
    counts, words = np.array([[10.0]] * 10 + [[0.0]] * 10), np.array([1000.0] * 10 + [10.0] * 10)
    low, high = density_intervals(counts, words, np.arange(20))[:, 0]
    assert 9.0 < low < 1000 * 100 / 10_100 < high <= 10.0


def test_units_that_are_drawn_together_are_one() -> None:
    assert np.isnan(density_intervals(COUNTS, WORDS, np.zeros(2, dtype=np.int64))).all()
    doubled = density_intervals(
        np.repeat(COUNTS, 2, axis=0), np.repeat(WORDS, 2), np.repeat(EACH, 2)
    )
    assert doubled[:, 0].tolist() == [0.0, 40.0]


def test_no_articles() -> None:
    bounds = density_intervals(np.zeros((0, 2)), np.zeros(0), np.zeros(0, dtype=np.int64))
    assert bounds.shape == (2, 2)
    assert np.isnan(bounds).all()


def test_more_replicates_settle_the_bounds() -> None:
    random = np.random.default_rng(3)
    counts, words = random.poisson(2.0, (50, 1)).astype(float), np.full(50, 500.0)
    settled = [
        density_intervals(counts, words, np.arange(50), n_boot=20_000, random_state=seed)
        for seed in (0, 1)
    ]
    assert settled[0] == pytest.approx(settled[1], abs=0.05)


def test_memory_bounds_do_not_change_the_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(4)
    counts, words = random.poisson(2.0, (30, 2)).astype(float), np.full(30, 500.0)
    at_once = density_intervals(counts, words, np.arange(30), n_boot=100)
    monkeypatch.setattr(importlib.import_module("slantwise.intervals"), "_CELLS", 30 * 7)
    piecemeal = density_intervals(counts, words, np.arange(30), n_boot=100)
    assert piecemeal.tolist() == at_once.tolist()
