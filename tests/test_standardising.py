"""Rates on equal events, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from tiny_scores import tiny_scores

from slantwise.outlets import profile
from slantwise.standardising import standardise

# Outlet 1 writes twice as loaded as 0 on either event; event 1 has three times the framing
# of event 0, and outlet 0 covers it at length.
GROUPS, EVENTS = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
SPANS, WORDS = np.array([10.0, 90.0, 20.0, 20.0]), np.array([1000.0, 3000.0, 1000.0, 333.0])


def test_on_equal_events_the_order_turns() -> None:
    words = np.array([1000.0, 3000.0, 1000.0, 1000.0 / 3])
    raw = [100 / 4.0, 40 / (4 / 3)]
    found = standardise(GROUPS, EVENTS, SPANS, words)
    # Events have 2,000 and 3,333 of 5,333 words: 10 * 0.375 + 30 * 0.625 = 22.5, and twice.
    assert found.rate == pytest.approx([22.5, 45.0], rel=1e-4)
    assert raw[1] / raw[0] == pytest.approx(1.2)
    assert found.n_events.tolist() == [2, 2]


def test_what_an_outlet_missed_is_filled_in() -> None:
    # Outlet 1 covers the plain event alone.
    found = standardise(GROUPS[:3], EVENTS[:3], SPANS[:3], np.array([1000.0, 3000.0, 1000.0]))
    assert np.isfinite(found.rate[0])
    only_shared = standardise(
        np.array([0, 1]), np.array([0, 0]), np.array([10.0, 20.0]), np.array([1000.0, 1000.0])
    )
    assert only_shared.rate == pytest.approx([10.0, 20.0])


def test_an_outlet_that_shares_no_event_has_no_rate() -> None:
    found = standardise(
        np.append(GROUPS, [2, 2]), np.append(EVENTS, [2, -1]),
        np.append(SPANS, [5.0, 5.0]), np.append(WORDS, [500.0, 500.0]),
    )  # fmt: skip
    assert np.isnan(found.rate[2])
    assert found.n_events[2] == 0
    assert np.isfinite(found.rate[:2]).all()


def test_groups_of_events_that_nothing_links_are_not_compared() -> None:
    found = standardise(
        np.array([0, 1, 2, 3]), np.array([0, 0, 1, 1]), np.full(4, 5.0),
        np.array([1000.0, 1000.0, 400.0, 400.0]),
    )  # fmt: skip
    assert np.isfinite(found.rate).tolist() == [True, True, False, False]


def test_no_events() -> None:
    found = standardise(GROUPS, np.full(4, -1), SPANS, WORDS)
    assert np.isnan(found.rate).all()


def test_the_interval_holds_the_truth_and_covering_wars_costs_nothing() -> None:
    random = np.random.default_rng(4)
    heat = random.gamma(1.0, 1.0, 60)
    rows = [
        (outlet, event, random.poisson(5 * heat[event] / 2), 500.0)
        for outlet in range(4)
        for event in range(60)
        if random.random() < ((0.9 if heat[event] > 1 else 0.1) if outlet == 3 else 0.5)
    ]
    groups, events, spans, words = (np.array(column) for column in zip(*rows, strict=True))
    raw = [1000 * spans[groups == at].sum() / words[groups == at].sum() for at in range(4)]
    found = standardise(groups, events, spans.astype(float), words)
    assert raw[3] > 1.5 * np.mean(raw[:3])
    assert found.rate[3] == pytest.approx(found.rate[:3].mean(), rel=0.2)
    assert (found.low < found.rate.mean()).all()
    assert (found.rate.mean() < found.high).all()


def test_a_profile_tells_it() -> None:
    table = profile(tiny_scores()).table.set_index("group")
    assert table.loc["Daily Cockerel", "n_shared_events"] == 2
    assert table.loc["Daily Cockerel", "standardised"] > 0
