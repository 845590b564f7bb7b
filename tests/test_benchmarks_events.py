"""The events benchmark: its figures by hand, on corpora of our own."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.events import compared


def test_groups_that_are_the_stories_score_one() -> None:
    story = np.array([0, 0, 1, 1, 2])
    figures = compared(story, np.array([7, 7, 3, 3, 5]))
    assert figures["b3_f1"] == figures["pairwise_f1"] == 1.0


def test_figures_by_hand() -> None:
    # Groups {a, b, c} and {d}; stories {a, b} and {c, d}.
    figures = compared(np.array([0, 0, 1, 1]), np.array([0, 0, 0, 1]))
    precision, recall = (2 / 3 + 2 / 3 + 1 / 3 + 1) / 4, (1 + 1 + 0.5 + 0.5) / 4
    assert figures["b3_precision"] == pytest.approx(precision, abs=1e-4)
    assert figures["b3_recall"] == pytest.approx(recall, abs=1e-4)
    expected = 2 * precision * recall / (precision + recall)
    assert figures["b3_f1"] == pytest.approx(expected, abs=1e-4)
    # One pair is right, of three that are grouped and two that tell one story.
    assert figures["pairwise_f1"] == pytest.approx(2 * 1 / (3 + 2), abs=1e-4)
