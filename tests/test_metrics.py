"""The official metric and its companions on cases computed by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slantwise.metrics import (
    Floats,
    Overlap,
    area_under_curve,
    calibration_error,
    f1_of,
    half_shared,
    matched,
    mean_of,
    partial_overlap,
    ratio,
    same_actor,
    with_intervals,
)

metrics = pytest.importorskip("sklearn.metrics")

Extents = list[tuple[int, int]]
extents = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 9)).map(lambda pair: (pair[0], sum(pair))),
    max_size=6,
)


# -- partial overlap -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("predicted", "gold", "precision", "recall"),
    [
        ([(0, 10)], [(0, 10)], 1, 1),
        ([(0, 10)], [(10, 20)], 0, 0),
        ([(0, 10)], [(5, 15)], 1 / 2, 1 / 2),
        # Figure of the paper's kind: one gold span of 10, half of it found, and one missed.
        ([(0, 5)], [(0, 10), (20, 30)], 1, 1 / 4),
        # One long prediction over two gold spans: both pairs add up.
        ([(0, 20)], [(0, 5), (10, 20)], 15 / 20, 1),
        # Two predictions within one gold span of 10: each is right, together they find 6.
        ([(0, 2), (5, 9)], [(0, 10)], 1, 6 / 10),
        ([(0, 4), (30, 34)], [(2, 4)], (1 / 2 + 0) / 2, 1),
        ([], [(0, 4)], 0, 0),
        ([(0, 4)], [], 0, 0),
    ],
)
def test_partial_overlap(
    predicted: Extents, gold: Extents, precision: float, recall: float
) -> None:
    overlap = partial_overlap(predicted, gold)
    assert overlap.precision == pytest.approx(precision)
    assert overlap.recall == pytest.approx(recall)
    both = precision + recall
    assert overlap.f1 == pytest.approx(2 * precision * recall / both if both else 0)


def test_with_labels_only_pairs_of_the_same_label_count() -> None:
    predicted, gold = [(0, 10), (20, 30)], [(0, 10), (20, 25)]
    labels = ["doubt", "euphemism"], ["doubt", "exaggeration"]
    overlap = partial_overlap(predicted, gold, labels)
    assert (overlap.precision, overlap.recall) == (0.5, 0.5)


def test_sums_of_articles_are_pooled_not_averaged() -> None:
    # 1 of 1 and 0 of 3: a mean of articles would say 1/2.
    parts = [partial_overlap([(0, 4)], [(0, 4)]), partial_overlap([(0, 1)] * 3, [(8, 9)])]
    total = Overlap.total(parts)
    assert (total.precision, total.recall) == (1 / 4, 1 / 2)
    assert total.count_ratio == 4 / 2


@given(extents, extents)
def test_precision_and_recall_change_places_with_the_sides(one: Extents, other: Extents) -> None:
    there, back = partial_overlap(one, other), partial_overlap(other, one)
    assert there.precision_sum == pytest.approx(back.recall_sum)
    assert (there.n_predicted, there.n_gold) == (back.n_gold, back.n_predicted)


# -- matching --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("predicted", "gold", "pairs"),
    [
        ([(0, 4)], [(4, 8)], []),
        ([(0, 4), (5, 9)], [(6, 20), (0, 5)], [(0, 1), (1, 0)]),
        # The gold span shares more with the second; the first stays alone.
        ([(0, 6), (6, 16)], [(4, 14)], [(1, 0)]),
        # Greatest overlap first, even where another choice would match more spans.
        ([(0, 10), (10, 12)], [(4, 12), (0, 3)], [(0, 0)]),
        ([(0, 4), (0, 4)], [(0, 4)], [(0, 0)]),
    ],
)
def test_spans_match_one_to_one(
    predicted: Extents, gold: Extents, pairs: list[tuple[int, int]]
) -> None:
    assert matched(predicted, gold) == pairs


@given(extents, extents)
def test_no_span_is_matched_twice(predicted: Extents, gold: Extents) -> None:
    pairs = matched(predicted, gold)
    for side in (0, 1):
        taken = [pair[side] for pair in pairs]
        assert len(taken) == len(set(taken))
    for one, other in pairs:
        assert min(predicted[one][1], gold[other][1]) > max(predicted[one][0], gold[other][0])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [((0, 10), (5, 15), True), ((0, 10), (6, 16), False), ((0, 4), (0, 8), True),
     ((0, 4), (0, 9), False), ((0, 1), (1, 2), False)],
)  # fmt: skip
def test_half_of_the_longer(one: tuple[int, int], other: tuple[int, int], expected: bool) -> None:
    assert half_shared(one, other) is expected
    assert half_shared(other, one) is expected


# -- targets ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "gold", "expected"),
    [
        ("the Dolmar army", "Dolmar army", True),
        ("Olund", "Sefa Olund", True),
        ("President Olund", "Olund", True),
        ("the president", "The President", True),
        ("Kestria’s army", "army", True),
        ("Kestria's", "Kestria", True),
        ("the government of Kestria", "Kestrian government", True),
        ("the leader of Dolmar", "the dam of Dolmar", False),
        ("Kestria", "Dolmar", False),
        ("of", "of", True),
        (None, None, True),
        (None, "Dolmar", False),
        ("Dolmar", None, False),
        ("…", "Dolmar", False),
    ],
)
def test_the_same_actor(found: str | None, gold: str | None, expected: bool) -> None:
    assert same_actor(found, gold) is expected


# -- figures ---------------------------------------------------------------------------------


def test_ratios_of_nothing() -> None:
    part, whole = np.array([1.0, 0.0]), np.array([4.0, 0.0])
    assert ratio(part, whole, 0.0).tolist() == [0.25, 0.0]
    assert np.isnan(ratio(part, whole)).tolist() == [False, True]


def test_the_f1_of_a_class() -> None:
    # Precision 2/4, recall 2/3.
    assert f1_of(np.array([2.0]), np.array([4.0]), np.array([3.0])) == pytest.approx([4 / 7])


def test_a_mean_leaves_out_what_cannot_be_told() -> None:
    values = mean_of([np.array([0.2, np.nan]), np.array([0.4, np.nan])])
    assert values[0] == pytest.approx(0.3)
    assert np.isnan(values[1])


def test_the_area_under_the_curve() -> None:
    # Of six pairs of a positive and a negative, four are in order and one is a tie.
    scores, truth = [0.9, 0.5, 0.2, 0.5, 0.1], [1, 1, 1, 0, 0]
    assert area_under_curve(scores, truth, np.ones((1, 5))) == pytest.approx([4.5 / 6])


def test_a_weight_counts_like_so_many_items() -> None:
    scores, truth = np.array([0.9, 0.4, 0.6, 0.4]), np.array([1, 1, 0, 0])
    weights = np.array([[2.0, 1.0, 0.0, 3.0]])
    times = weights[0].astype(int)
    repeated = area_under_curve(
        np.repeat(scores, times), np.repeat(truth, times), np.ones((1, times.sum()))
    )
    assert area_under_curve(scores, truth, weights) == pytest.approx(repeated)


def test_one_class_alone_has_no_curve() -> None:
    assert np.isnan(area_under_curve([0.1, 0.2], [1, 1], np.ones((1, 2)))).all()


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=2, max_size=30))
def test_the_area_is_that_of_scikit_learn(items: list[tuple[float, bool]]) -> None:
    scores, truth = zip(*items, strict=True)
    if len(set(truth)) == 2:
        ours = area_under_curve(scores, truth, np.ones((1, len(items))))
        assert ours == pytest.approx([metrics.roc_auc_score(truth, scores)])


def test_the_calibration_error() -> None:
    # Bin .2–.3: sure by .25, right never; bin .8–.9: sure by .85, right in 1 of 2.
    scores, right = [0.25, 0.25, 0.85, 0.85], [0, 0, 1, 0]
    assert calibration_error(scores, right) == pytest.approx([(2 * 0.25 + 2 * 0.35) / 4])
    assert calibration_error(scores, right, np.array([[1.0, 0, 2, 0], [0, 0, 1, 1]])) == (
        pytest.approx([(0.25 + 2 * 0.15) / 3, 0.35])
    )
    assert calibration_error([1.0, 0.0], [1, 0]).tolist() == [0]
    assert np.isnan(calibration_error([], [])).all()


def shares(weights: Floats) -> dict[str, Floats]:
    # Ten units, three of them right.
    return {"share": ratio(weights[:, :3].sum(axis=1), weights.sum(axis=1))}


def test_intervals_hold_the_figure_of_all_units() -> None:
    found = with_intervals(10, shares)
    assert found["share"] == 0.3
    low, high = found["share_low"], found["share_high"]
    assert low is not None and high is not None
    # Of 10 draws with chance .3, 95 % give 1 to 6 (binomial quantiles).
    assert (low, high) == (pytest.approx(0.1, abs=0.1), pytest.approx(0.6, abs=0.1))
    assert low < 0.3 < high


def test_intervals_are_the_same_every_time() -> None:
    assert with_intervals(10, shares) == with_intervals(10, shares)
    one, other = (with_intervals(99, shares, n_boot=50, random_state=seed) for seed in (0, 1))
    assert one != other


def test_one_unit_has_no_interval() -> None:
    found = with_intervals(1, lambda weights: {"share": weights[:, 0] / 2})
    assert found == {"share": 0.5, "share_low": None, "share_high": None}


def test_what_cannot_be_told_is_none() -> None:
    found = with_intervals(3, lambda weights: {"share": np.full(len(weights), np.nan)})
    assert found == {"share": None, "share_low": None, "share_high": None}
