"""Partial pooling: what must hold by hand, and whether it is honest on simulated outlets."""

from __future__ import annotations

import numpy as np
import pytest
from simulations import called, covered

from slantwise.shrinkage import (
    differs_from_average,
    pairs_of,
    pool_rates,
    pooled_dispersion,
    rank_groups,
)

COUNTS = np.array([2.0, 30.0, 60.0, 55.0])
WORDS = np.array([100.0, 6000.0, 6000.0, 6000.0])  # rates of 20, 5, 10 and 9.2


def test_a_pooled_rate_lies_between_its_own_and_that_of_all() -> None:
    pooled = pool_rates(COUNTS, WORDS)
    raw = 1000 * COUNTS / WORDS
    assert raw[1] < pooled.mean[1] < 8.1 < pooled.mean[2] < raw[2]
    assert pooled.mean[0] < 13  # two spans in a hundred words tell little
    assert (pooled.low < pooled.mean).all()
    assert (pooled.mean < pooled.high).all()


def test_the_less_is_known_the_more_is_pooled() -> None:
    drawn_in = 1 - pool_rates(COUNTS, WORDS).mean / (1000 * COUNTS / WORDS)
    assert drawn_in[0] > 4 * drawn_in[2] > 0


def test_counts_that_vary_more_are_pooled_more() -> None:
    plain, varied = pool_rates(COUNTS, WORDS), pool_rates(COUNTS, WORDS, 6.0)
    assert varied.mean[1] - plain.mean[1] > 0.3
    assert (varied.high - varied.low > plain.high - plain.low)[1:].all()


def test_a_group_without_words_gets_what_is_known_of_groups() -> None:
    pooled = pool_rates(np.append(COUNTS, 0.0), np.append(WORDS, 0.0))
    assert pooled.low[4] < pooled.low[1:4].min() + 2
    assert pooled.high[4] > pooled.high[1:4].max()


def test_groups_that_are_alike_have_little_spread() -> None:
    alike = pool_rates(np.full(10, 50.0), np.full(10, 5000.0))
    apart = pool_rates(np.array([10.0, 90.0] * 5), np.full(10, 5000.0))
    assert alike.spread < 0.15 < 0.5 < apart.spread


def test_the_seed_decides() -> None:
    first, again, other = (pool_rates(COUNTS, WORDS, random_state=seed).low for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


@pytest.mark.parametrize("words", [np.zeros(2), np.zeros(0)])
def test_nothing_to_pool(words: np.ndarray) -> None:
    with pytest.raises(ValueError, match="without a group that has words"):
        pool_rates(np.zeros(len(words)), words)


def test_dispersion_is_variance_over_count_where_it_is_known() -> None:
    variances, counts = np.array([30.0, 0.0, 10.0]), np.array([10.0, 50.0, 10.0])
    assert pooled_dispersion(variances, counts) == 2.0
    assert pooled_dispersion(np.array([1.0]), np.array([10.0])) == 1.0
    assert pooled_dispersion(np.zeros(2), counts[:2]) == 1.0


# -- ranks and differences ---------------------------------------------------------------

DRAWS = np.array([[1.0, 2.0, 9.0], [1.0, 3.0, 8.0], [2.0, 1.0, 9.0], [1.0, 2.0, 7.0]])


def test_ranks_by_hand() -> None:
    ranks = rank_groups(DRAWS)
    assert ranks.place.tolist() == [3.0, 2.0, 1.0]
    assert ranks.low.tolist() == [2.0, 2.0, 1.0]
    assert ranks.high.tolist() == [3.0, 3.0, 1.0]


def test_a_clear_difference_is_called() -> None:
    draws = np.random.default_rng(1).gamma([100, 100, 400], 0.05, (4000, 3))
    assert differs_from_average(draws).tolist() == [-1.0, -1.0, 1.0]
    pairs = pairs_of(draws)
    assert list(zip(pairs.first, pairs.second, pairs.differ, strict=True)) == [
        (0, 1, False), (0, 2, True), (1, 2, True),
    ]  # fmt: skip
    assert pairs.ratio[1] == pytest.approx(0.25, abs=0.01)
    assert pairs.low[1] < 0.25 < pairs.high[1]


# -- simulated outlets (tests/simulations.py runs them at length) --------------------------


def test_intervals_hold_the_true_rate_and_pooling_beats_the_raw_rate() -> None:
    found = covered(30, seed=11)
    assert 93 <= found["density_covered"] <= 97
    assert 93 <= found["pooled_covered"] <= 97
    assert found["pooled_mse"] < found["density_mse"]


def test_intervals_hold_the_true_rate_where_articles_on_an_event_are_alike() -> None:
    found = covered(20, seed=12, per_event=4)
    assert 93 <= found["density_covered"] <= 97
    assert 93 <= found["pooled_covered"] <= 97


def test_outlets_that_are_alike_are_seldom_told_apart() -> None:
    found = called(40, seed=13)
    assert found["average"] <= 5
    assert found["pairs"] <= 5
