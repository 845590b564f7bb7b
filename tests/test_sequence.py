"""Posteriors against the enumeration of every path, on chains short enough for it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from slantwise.sequence import (
    BEGIN,
    INSIDE,
    N_STATES,
    OUTSIDE,
    Chain,
    forward_backward,
    state_chances,
    steps,
)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Enumerated:
    """What summing over all paths of one sequence gives."""

    log_partition: float
    state: Floats
    pair: Floats


def enumerated(emission: Floats, chain: Chain) -> Enumerated:
    paths = list(product(range(N_STATES), repeat=len(emission)))
    scores = np.array(
        [
            chain.initial[path[0]]
            + sum(emission[at, state] for at, state in enumerate(path))
            + sum(chain.transition[path[at - 1], path[at]] for at in range(1, len(path)))
            for path in paths
        ]
    )
    log_partition = float(np.logaddexp.reduce(scores))
    state, pair = np.zeros((len(emission), N_STATES)), np.zeros((N_STATES, N_STATES))
    for path, chance in zip(paths, np.exp(scores - log_partition), strict=True):
        for at, here in enumerate(path):
            state[at, here] += chance
            if at:
                pair[path[at - 1], here] += chance
    return Enumerated(log_partition, state, pair)


def random_chain(random: np.random.Generator) -> Chain:
    return Chain(random.normal(size=(N_STATES, N_STATES)), random.normal(size=N_STATES))


def grouped(lengths: list[int]) -> list[list[int]]:
    return [row.tolist() for row in steps(np.array(lengths, dtype=np.int64))]


# -- steps -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ([], []),
        ([3], [[0], [1], [2]]),
        # Rows 0 and 1 are the first sequence, 2 to 4 the second, 5 the third.
        ([2, 3, 1], [[2, 0, 5], [3, 1], [4]]),
        ([2, 2], [[0, 2], [1, 3]]),
        ([0, 2, 0], [[0], [1]]),
    ],
)
def test_steps(lengths: list[int], expected: list[list[int]]) -> None:
    assert grouped(lengths) == expected


@settings(deadline=None)
@given(st.lists(st.integers(0, 6), max_size=8))
def test_steps_hold_every_row_once_and_continue_each_other(lengths: list[int]) -> None:
    rows = grouped(lengths)
    assert sorted(row for step in rows for row in step) == list(range(sum(lengths)))
    for before, after in pairwise(rows):
        assert after == [row + 1 for row in before[: len(after)]]


# -- against enumeration -----------------------------------------------------------------


@pytest.mark.parametrize("length", [1, 2, 3, 5])
@pytest.mark.parametrize("seed", range(4))
def test_one_sequence_is_that_of_all_its_paths(length: int, seed: int) -> None:
    random = np.random.default_rng([length, seed])
    emission, chain = random.normal(scale=2, size=(length, N_STATES)), random_chain(random)
    rows, expected = steps(np.array([length])), enumerated(emission, chain)
    found = forward_backward(emission, chain, rows)
    assert found.log_partition == pytest.approx(expected.log_partition)
    assert found.state == pytest.approx(expected.state)
    assert found.pair == pytest.approx(expected.pair)


@pytest.mark.parametrize("lengths", [[2, 4, 1], [3, 3], [1, 0, 4], [4, 3, 2, 1]])
def test_many_sequences_at_once_are_each_one_of_them(lengths: list[int]) -> None:
    random = np.random.default_rng(sum(lengths))
    emission, chain = random.normal(size=(sum(lengths), N_STATES)), random_chain(random)
    edges = np.cumsum([0, *lengths])
    alone = [enumerated(emission[low:high], chain) for low, high in pairwise(edges) if high > low]
    rows = steps(np.array(lengths))
    found = forward_backward(emission, chain, rows)
    assert found.log_partition == pytest.approx(sum(one.log_partition for one in alone))
    assert found.state == pytest.approx(np.concatenate([one.state for one in alone]))
    assert found.pair == pytest.approx(np.sum([one.pair for one in alone], axis=0))


# -- by eye ------------------------------------------------------------------------------


def test_without_transitions_each_token_stands_for_itself() -> None:
    chances = np.array([[0.7, 0.2, 0.1], [0.1, 0.6, 0.3], [0.2, 0.2, 0.6]])
    free = Chain(np.zeros((N_STATES, N_STATES)), np.zeros(N_STATES))
    rows = steps(np.array([3]))
    assert forward_backward(np.log(chances), free, rows).state == pytest.approx(chances)


def test_what_is_forbidden_never_happens() -> None:
    transition = np.zeros((N_STATES, N_STATES))
    transition[OUTSIDE, INSIDE] = -30.0
    chain = Chain(transition, np.array([0.0, 0.0, -30.0]))
    emission = np.zeros((4, N_STATES))
    emission[:, INSIDE] = 2.0  # every token would rather be inside
    emission[2, OUTSIDE] = 9.0
    emission[3, BEGIN] = 1.0
    found = forward_backward(emission, chain, steps(np.array([4])))
    assert found.state.argmax(axis=1).tolist() == [BEGIN, INSIDE, OUTSIDE, BEGIN]
    assert found.state[0, INSIDE] < 1e-9
    assert found.pair[OUTSIDE, INSIDE] < 1e-9


def test_large_scores_neither_overflow_nor_vanish() -> None:
    emission = np.array([[5000.0, 0, 0], [-5000.0, 0, -5000.0]])
    chain = Chain(np.zeros((N_STATES, N_STATES)), np.zeros(N_STATES))
    found = forward_backward(emission, chain, steps(np.array([2])))
    assert found.log_partition == pytest.approx(5000.0)
    assert found.state == pytest.approx(np.array([[1.0, 0, 0], [0, 1.0, 0]]))


def test_no_sequences() -> None:
    chain = Chain(np.zeros((N_STATES, N_STATES)), np.zeros(N_STATES))
    empty = np.zeros((0, N_STATES))
    found = forward_backward(empty, chain, steps(np.zeros(0, dtype=np.int64)))
    assert found.state.shape == (0, N_STATES)
    assert found.log_partition == 0.0
    assert not found.pair.any()


def test_single_precision_stays_single_and_near() -> None:
    random = np.random.default_rng(7)
    emission, chain = random.normal(size=(60, N_STATES)), random_chain(random)
    rows = steps(np.array([40, 20]))
    exact = forward_backward(emission, chain, rows).state
    single = Chain(chain.transition.astype(np.float32), chain.initial.astype(np.float32))
    found = forward_backward(emission.astype(np.float32), single, rows).state
    assert found.dtype == np.float32
    assert found == pytest.approx(exact, abs=1e-5)


@pytest.mark.parametrize("lengths", [[], [1], [3, 0, 5, 1], [2, 2]])
def test_chances_alone_are_those_of_the_whole_posterior(lengths: list[int]) -> None:
    random = np.random.default_rng(3)
    chain = random_chain(random)
    emission = random.normal(size=(sum(lengths), 3))
    rows = steps(np.array(lengths, dtype=np.int64))
    expected = forward_backward(emission, chain, rows).state
    assert state_chances(emission, chain, rows).tolist() == expected.tolist()
