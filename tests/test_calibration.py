"""From certainties to a probability, with numbers that can be checked by eye."""

from __future__ import annotations

import numpy as np
import pytest

from slantwise.calibration import Calibrator, calibration_inputs
from slantwise.labeller import Extents
from slantwise.records import LABELS, VOICES
from slantwise.tagger import Candidates


def inputs_of(
    certainty: list[list[float]], lengths: list[int], voices: list[str], labels: list[str]
) -> np.ndarray:
    last = np.array(lengths, dtype=np.int64)
    first = np.zeros_like(last)
    return calibration_inputs(
        Candidates(first, last, np.array(certainty, dtype=float).reshape(-1, 5)),
        Extents(first, last, np.array([VOICES.index(voice) for voice in voices], dtype=np.int64)),
        np.array([0.75] * len(lengths)),
        np.array([LABELS.index(label) for label in labels], dtype=np.int64),
    )


EVEN = [0.5] * 5


def test_inputs_of_a_candidate() -> None:
    (row,) = inputs_of([EVEN], [2], ["outlet"], ["doubt"])
    assert len(row) == 5 + 1 + 2 + 2 + len(LABELS)
    assert row[:5].tolist() == [0.0] * 5  # even odds
    assert row[5] == pytest.approx(np.log(3))  # three to one
    assert row[6:8] == pytest.approx([np.log(2), np.log(2) ** 2])
    assert row[8:10].tolist() == [1.0, 0.0]
    assert row[10:].tolist() == [float(label == "doubt") for label in LABELS]


@pytest.mark.parametrize(
    ("voice", "expected"),
    [("outlet", [1, 0]), ("quote", [0, 0]), ("reported", [0, 0]), ("scare", [0, 1])],
)
def test_voices_that_count(voice: str, expected: list[int]) -> None:
    assert inputs_of([EVEN], [1], [voice], ["doubt"])[0, 8:10].tolist() == expected


def test_certainties_of_nought_and_one_stay_finite() -> None:
    (row,) = inputs_of([[0.0, 1.0, 0.0, 1.0, 1.0]], [1], ["outlet"], ["doubt"])
    assert row[:5] == pytest.approx(np.log(9999) * np.array([-1, 1, -1, 1, 1]))


def test_no_candidates() -> None:
    inputs = inputs_of([], [], [], [])
    assert inputs.shape == (0, 20)
    assert Calibrator(np.zeros(21), np.zeros(21)).scores(inputs).shape == (0,)


def test_a_score_is_the_logistic_of_the_weighted_inputs() -> None:
    calibrator = Calibrator(np.array([2.0, -1.0, 0.5]), np.zeros(3))  # the intercept last
    scores = calibrator.scores(np.array([[0.0, 0.5], [np.log(2), 0.5], [0.0, 0.5 + np.log(3)]]))
    # odds of 1, of 2 × 2 = 4, of 1 / 3
    assert scores == pytest.approx([0.5, 0.8, 0.25])
    assert scores.dtype == np.float32


def test_a_score_rests_on_its_candidate_alone() -> None:
    inputs = np.random.default_rng(0).normal(size=(50, 20))
    calibrator = Calibrator(np.random.default_rng(1).normal(size=21), np.zeros(21))
    together = calibrator.scores(inputs)
    assert [calibrator.scores(row[None, :])[0] for row in inputs] == pytest.approx(together)
