"""Quality floors on the sample corpus, which no model was trained, tuned or chosen on.

`floors.json` holds them with the checksum of the labels they were measured on: three
hundredths below the figures of the embedded model, or above them for an error; the number
of spans for each gold span has both. Who changes the corpus measures again; a floor is
never lowered without saying so in the changelog.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from slantwise.evaluation import evaluate
from slantwise.model import load_model

LABELS = Path(__file__).parents[1] / "seeds" / "labels.jsonl"
FLOORS: dict[str, Any] = json.loads(
    Path(__file__).with_name("floors.json").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def measured() -> dict[str, Any]:
    return evaluate(load_model("fast"), LABELS)


def test_floors_are_those_of_this_corpus() -> None:
    assert hashlib.sha256(LABELS.read_bytes()).hexdigest() == FLOORS["seeds_sha256"]


@pytest.mark.parametrize("name", FLOORS["at_least"])
def test_quality_does_not_fall(measured: dict[str, Any], name: str) -> None:
    assert measured[name] >= FLOORS["at_least"][name]


@pytest.mark.parametrize("name", FLOORS["at_most"])
def test_errors_do_not_grow(measured: dict[str, Any], name: str) -> None:
    assert measured[name] <= FLOORS["at_most"][name]


def test_every_gold_span_is_measured(measured: dict[str, Any]) -> None:
    rows = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    assert measured["n_articles"] == len(rows) == 15
    assert measured["n_gold"] == sum(len(row["spans"]) for row in rows)


def test_figures_lie_in_their_intervals(measured: dict[str, Any]) -> None:
    for name in FLOORS["at_least"]:
        assert measured[f"{name}_low"] <= measured[name] <= measured[f"{name}_high"]
