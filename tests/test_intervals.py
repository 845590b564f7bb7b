"""Densities and their intervals by hand; their use on a corpus is in test_outlets."""

from __future__ import annotations

import importlib

import numpy as np
import pytest
import scipy.stats

from slantwise.gammas import gamma_quantile
from slantwise.intervals import PER, densities, density_intervals, share_interval

# Two articles of 100 words: 4 and 0 spans of one kind, 1 and 1 of another, none of a third.
COUNTS = np.array([[4.0, 1.0, 0.0], [0.0, 1.0, 0.0]])
WORDS = np.array([100.0, 100.0])
EACH = np.arange(2)


def test_density_is_counts_per_thousand_words() -> None:
    assert PER == 1000
    assert densities(np.array([4.0, 1.0, 0.0]), 200.0).tolist() == [20.0, 5.0, 0.0]


def test_without_words_there_is_no_density() -> None:
    assert np.isnan(densities(np.array([0.0, 3.0]), 0.0)).all()


def test_few_spans_have_the_exact_interval_of_a_poisson_count() -> None:
    low, high = density_intervals(COUNTS, WORDS, EACH)
    # Garwood's bounds of 2 are 0.2422 and 7.2247; the articles vary less than Poisson counts.
    assert (low[1], high[1]) == (pytest.approx(1.211, abs=1e-3), pytest.approx(36.12, abs=0.01))
    assert (low[2], high[2]) == (0.0, 15.0)  # three of 200 words


def test_counts_that_vary_more_than_poisson_counts_have_wider_intervals() -> None:
    low, high = density_intervals(COUNTS, WORDS, EACH)
    # 4 and 0 have a variance of 16, four times that of a Poisson count: 4 spans tell no
    # more than one would. Bounds of 1 are 0.0253 and 5.5716, each 20 per 1,000 words.
    assert (low[0], high[0]) == (pytest.approx(0.506, abs=1e-3), pytest.approx(111.43, abs=0.01))


def test_long_articles_weigh_more() -> None:
    counts, words = np.array([[10.0]] * 10 + [[0.0]] * 10), np.array([1000.0] * 10 + [10.0] * 10)
    low, high = density_intervals(counts, words, np.arange(20))[:, 0]
    assert 9.0 < low < 1000 * 100 / 10_100 < high <= 10.0


def test_units_that_are_drawn_together_are_one() -> None:
    assert np.isnan(density_intervals(COUNTS, WORDS, np.zeros(2, dtype=np.int64))).all()
    doubled = density_intervals(
        np.repeat(COUNTS, 2, axis=0), np.repeat(WORDS, 2), np.repeat(EACH, 2)
    )
    # Two units of 8 and 0 in 200 words each are told apart from four of 4, 4, 0 and 0.
    free = density_intervals(np.repeat(COUNTS, 2, axis=0), np.repeat(WORDS, 2), np.arange(4))
    assert doubled[0, 0] < free[0, 0] < 20.0 < free[1, 0] < doubled[1, 0]


def test_no_articles() -> None:
    bounds = density_intervals(np.zeros((0, 2)), np.zeros(0), np.zeros(0, dtype=np.int64))
    assert bounds.shape == (2, 2)
    assert np.isnan(bounds).all()


def test_a_share_has_the_percentiles_of_the_bootstrap() -> None:
    part, whole = np.array([1.0] * 30 + [0.0] * 30), np.full(60, 1.0)
    low, high = share_interval(part, whole, np.arange(60))
    assert low == pytest.approx(0.5 - 1.96 * 0.5 / 60**0.5, abs=0.02)
    assert high == pytest.approx(0.5 + 1.96 * 0.5 / 60**0.5, abs=0.02)
    assert np.isnan(share_interval(part, whole, np.zeros(60, dtype=np.int64))).all()
    assert np.isnan(share_interval(whole, whole, np.arange(60))).all()


@pytest.mark.parametrize("shape", [0.05, 0.7, 1.0, 12.5, 900.0])
def test_the_gamma_distribution_is_that_of_scipy(shape: float) -> None:
    for chance in (0.025, 0.5, 0.975):
        expected = scipy.stats.gamma.ppf(chance, shape)
        assert gamma_quantile(chance, shape) == pytest.approx(expected, rel=1e-6, abs=1e-12)


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
