"""Errors of a model: counted by hand, and carried into rates."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tiny_scores import tiny_scores

import slantwise
from slantwise.accuracy import (
    ALL,
    Accuracy,
    ErrorCounts,
    known_accuracy,
    read_accuracy,
    write_accuracy,
)
from slantwise.error_counts import count_errors
from slantwise.errors import InputError
from slantwise.evaluation import Judged
from slantwise.outlets import profile
from slantwise.passages import Passage
from slantwise.records import LABELS, Span
from slantwise.text import read_document

COUNTS = ErrorCounts(right=60, wrong=20, missed=40)
SPARSE = ErrorCounts(right=10, wrong=1, missed=5)
KNOWN = Accuracy("fast", "our passages", {ALL: COUNTS, "loaded-language": COUNTS, "doubt": SPARSE})


def test_draws_are_precision_over_recall() -> None:
    draws = COUNTS.draws(20_000, np.random.default_rng(1))
    assert np.median(draws) == pytest.approx(0.75 / 0.60, rel=0.02)
    low, high = np.quantile(draws, (0.025, 0.975))
    assert 1.0 < low < 1.1
    assert 1.45 < high < 1.6


def test_precision_and_recall_have_beta_posteriors() -> None:
    random = np.random.default_rng(2)
    right, wrong, _ = random.dirichlet([60.5, 20.5, 40.5], 40_000).T
    beta = random.beta(60.5, 20.5, 40_000)
    assert np.quantile(right / (right + wrong), (0.025, 0.5, 0.975)) == pytest.approx(
        np.quantile(beta, (0.025, 0.5, 0.975)), abs=0.005
    )


def test_a_rate_is_corrected_with_the_errors_in_its_interval() -> None:
    found = profile(tiny_scores(), accuracy=KNOWN)
    cockerel = found.table.set_index("group").loc["Daily Cockerel"]
    assert cockerel["corrected"] == pytest.approx(16.0 * 1.25, rel=0.02)
    assert cockerel["corrected_low"] < cockerel["corrected"] < cockerel["corrected_high"]
    surer = Accuracy("fast", "", {ALL: ErrorCounts(6000, 2000, 4000)})
    other = profile(tiny_scores(), accuracy=surer).table.set_index("group").loc["Daily Cockerel"]
    assert other["corrected_high"] - other["corrected_low"] < (
        cockerel["corrected_high"] - cockerel["corrected_low"]
    )


def test_labels_with_few_marked_spans_say_so() -> None:
    labels = profile(tiny_scores(), accuracy=KNOWN).labels.set_index(["group", "label"])
    loaded, doubt = (labels.loc[("Daily Cockerel", one)] for one in ("loaded-language", "doubt"))
    assert loaded["corrected"] == pytest.approx(8.0 * 1.25, rel=0.02)
    assert loaded["not_corrected"] == ""
    assert np.isnan(doubt["corrected"])
    assert doubt["not_corrected"] == "15 marked spans, 50 needed"
    assert "labels with 50 or more marked spans there: loaded-language" in str(
        profile(tiny_scores(), accuracy=KNOWN)
    )


def test_a_single_article_has_no_corrected_interval() -> None:
    gazette = profile(tiny_scores(), accuracy=KNOWN).table.set_index("group").loc["Sorn Gazette"]
    assert gazette["corrected"] > 50
    assert np.isnan(gazette["corrected_low"])


def test_without_counts_nothing_is_corrected() -> None:
    found = profile(tiny_scores())
    assert found.table["corrected"].isna().all()
    assert "not corrected" in found.model_errors


def test_at_other_thresholds_nothing_is_corrected() -> None:
    scores = tiny_scores()
    scores.manifest["model"]["hash"] = slantwise.load_model("fast").hash  # type: ignore[index]
    assert "at its own thresholds" in profile(scores, min_score=0.5).model_errors


def test_embedded_counts_are_well_formed() -> None:
    from slantwise.accuracy import _embedded

    for model_hash, entry in _embedded().items():
        assert len(model_hash) == 64
        known = known_accuracy(model_hash)
        assert known is not None
        assert set(known.counts) == {*LABELS, ALL}
        assert known.as_json() == entry
        assert known.counts[ALL].n_gold == sum(known.counts[one].n_gold for one in LABELS)


# -- files -------------------------------------------------------------------------------


def test_counts_are_written_beside_those_of_other_models(tmp_path: Path) -> None:
    file = tmp_path / "errors.json"
    write_accuracy(file, "aa", KNOWN)
    write_accuracy(file, "bb", Accuracy("mine", "x", {ALL: SPARSE}))
    assert read_accuracy(file, "aa") == KNOWN
    assert read_accuracy(file, "bb").counts[ALL] == SPARSE


def test_counts_of_another_model(tmp_path: Path) -> None:
    write_accuracy(tmp_path / "errors.json", "aabbccddeeff00", KNOWN)
    with pytest.raises(InputError, match="counts the errors of fast aabbccddeeff, not of"):
        read_accuracy(tmp_path / "errors.json", "ffff")


@pytest.mark.parametrize("content", ["[]", "{", '{"a": 3}', '{"a": {"model": "m"}}'])
def test_a_file_of_something_else(tmp_path: Path, content: str) -> None:
    (tmp_path / "errors.json").write_text(content)
    with pytest.raises(InputError, match=r"errors\.json"):
        read_accuracy(tmp_path / "errors.json", "a")


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_accuracy(tmp_path / "none.json", "a")


# -- counting ----------------------------------------------------------------------------

TEXT = "The regime slammed the shameless plan, a disaster, critics said."


def gold(words: str, label: str, voice: str) -> dict[str, object]:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words), "label": label, "voice": voice}


def found(words: str, label: str, voice: str = "outlet", score: float = 0.9) -> Judged:
    start = TEXT.index(words)
    span = Span("", "", "", "text", start, start + len(words), words, label, score, voice,
                None, None, None, None, None, 0, len(TEXT))  # fmt: skip
    return Judged(span, score)


def test_errors_by_hand() -> None:
    passage = Passage(
        read_document(TEXT), "Wire",
        [gold("regime", "name-calling", "outlet"), gold("shameless", "loaded-language", "outlet"),
         gold("disaster", "exaggeration", "reported")],
    )  # fmt: skip
    candidates = [
        found("regime", "name-calling"),  # right
        found("slammed", "loaded-language"),  # wrong: nothing is marked
        found("shameless", "doubt"),  # wrong as doubt, right as framing of any label
        found("disaster", "exaggeration"),  # wrong: not in the outlet's voice
        found("plan", "loaded-language", score=0.4),  # does not count
    ]
    counts = count_errors([passage], [candidates], dict.fromkeys(LABELS, 0.5))
    assert counts["name-calling"] == ErrorCounts(1, 0, 0)
    assert counts["loaded-language"] == ErrorCounts(0, 1, 1)
    assert counts["doubt"] == ErrorCounts(0, 1, 0)
    assert counts["exaggeration"] == ErrorCounts(0, 1, 0)
    assert counts[ALL] == ErrorCounts(2, 2, 0)


def test_the_file_is_plain_json(tmp_path: Path) -> None:
    write_accuracy(tmp_path / "errors.json", "aa", KNOWN)
    entry = json.loads((tmp_path / "errors.json").read_text())["aa"]
    assert entry["counts"]["doubt"] == {"right": 10, "wrong": 1, "missed": 5}
