"""Behaviour: the files hold what they say, and what is measured on them."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tiny_model import tiny_model, write

import benchmarks.common as common
from benchmarks import behaviour
from benchmarks.behaviour_templates import FILES, FOLDER
from slantwise.errors import InputError
from slantwise.records import LABELS

TRAINED = Path(__file__).parents[2] / "shared" / "corpora" / "framing_train.jsonl"


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / name).read_text("utf-8").splitlines()]


# -- the files -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_the_files_are_those_of_the_templates(name: str) -> None:
    assert rows(name) == list(FILES[name]())


def test_there_are_enough_pairs_and_half_of_their_words_are_new() -> None:
    pairs = rows("pairs.jsonl")
    assert len(pairs) >= 300
    assert len({pair["id"] for pair in pairs}) == len(pairs)
    assert len({pair["loaded"] for pair in pairs}) == len(pairs)
    assert Counter(pair["met"] for pair in pairs)[False] * 2 >= len(pairs)


def test_a_pair_differs_in_one_place_alone() -> None:
    for pair in rows("pairs.jsonl"):
        (start, end), (same, other_end) = pair["plain_span"], pair["loaded_span"]
        plain, loaded = pair["plain"], pair["loaded"]
        assert start == same
        assert plain[start:end] != loaded[start:other_end]
        assert (plain[:start], plain[end:]) == (loaded[:start], loaded[other_end:])


def test_a_swap_differs_in_one_place_alone() -> None:
    for swap in rows("swaps.jsonl"):
        start, end = swap["start"], swap["start"] + len(swap["word"])
        assert swap["text"][start:end] == swap["word"]
        assert swap["text"][:start] + swap["other"] + swap["text"][end:] == swap["swapped"]


def test_swaps_are_of_all_kinds() -> None:
    kinds = Counter(swap["kind"] for swap in rows("swaps.jsonl"))
    assert set(kinds) == {"name", "place", "religion", "gender", "nationality"}
    assert min(kinds.values()) >= 12


@pytest.mark.skipif(not TRAINED.is_file(), reason="the training passages are not here")
def test_words_that_are_said_to_be_new_stand_in_no_training_span() -> None:
    met = {
        word
        for line in TRAINED.read_text(encoding="utf-8").splitlines()
        for span in json.loads(line)["spans"]
        for word in re.findall(r"\w+", span["text"].lower())
    }
    for pair in rows("pairs.jsonl"):
        words = re.findall(r"\w+", pair["loaded"][slice(*pair["loaded_span"])].lower())
        assert pair["met"] == all(word in met for word in words), pair["id"]
        assert pair["met"] or not any(word in met for word in words), pair["id"]


# -- the figures -----------------------------------------------------------------------------


def pair(plain: str, loaded: str, word: str, other: str, met: bool, kind: str) -> dict[str, Any]:
    at, there = plain.index(word), loaded.index(other)
    return {
        "id": loaded, "kind": kind, "met": met, "plain": plain, "loaded": loaded,
        "plain_span": [at, at + len(word)], "loaded_span": [there, there + len(other)],
    }  # fmt: skip


PAIRS = [
    pair("The old regime of Dolmar fell.", "The vile regime of Dolmar fell.",
         "old", "vile", True, "one"),
    pair("The plan of Kestria ended.", "The ploy of Kestria ended.", "plan", "ploy", False, "one"),
    # Loaded both ways: the other word scores no higher by rule, and does not cross alone.
    pair("The vile plan of Kestria fell.", "The said plan of Kestria fell.",
         "vile", "said", True, "two"),
]  # fmt: skip
SWAPS = [
    {"id": "0", "text": "In Dolmar the vile regime fell.", "swapped": "In Kestria the vile regime "
     "fell.", "start": 3, "word": "Dolmar", "other": "Kestria"},
    {"id": "1", "text": "The vile regime fell.", "swapped": "The plan regime fell.", "start": 4,
     "word": "vile", "other": "plan"},
    {"id": "2", "text": "The army of Dolmar.", "swapped": "The army of Kestria.", "start": 12,
     "word": "Dolmar", "other": "Kestria"},
]  # fmt: skip
CONTROLS = [
    {"id": "w", "genre": "wire", "text": "The plan of Dolmar ended on Monday."},
    {"id": "o", "genre": "opinion", "text": "The vile regime of Dolmar fell on Monday."},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "pairs.jsonl", PAIRS)
    write(tmp_path / "swaps.jsonl", SWAPS)
    write(tmp_path / "controls.jsonl", CONTROLS)
    return tmp_path


@pytest.fixture(autouse=True)
def embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    model = replace(tiny_model(), thresholds=dict.fromkeys(LABELS, 0.9))
    monkeypatch.setattr(common, "load_model", lambda _: model)


def test_behaviour_is_measured(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert behaviour.main(["--data", str(folder), "--json"]) == 0
    metrics = json.loads(capsys.readouterr().out)
    assert metrics["pair_order"] == metrics["pair_crossing"] == pytest.approx(1 / 3, abs=1e-4)
    assert metrics["pair_order_unmet"] == metrics["pair_crossing_unmet"] == 0
    assert metrics["swap_invariance"] == pytest.approx(2 / 3, abs=1e-4)
    assert metrics["swap_invariance_flagged"] == 0.5
    assert metrics["wire_rate"] == 0
    assert metrics["opinion_rate"] == 1000 / 8
    assert (metrics["n_pairs"], metrics["n_swaps"]) == (3, 3)


def test_what_was_predicted_is_written(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert behaviour.main(["--data", str(folder), "--predictions", str(out)]) == 0
    written = [json.loads(line) for line in (out / "behaviour.jsonl").read_text().splitlines()]
    by_id = {row["id"]: row for row in written}
    assert len(by_id) == 3 + 3 + 2
    assert by_id[PAIRS[0]["id"]]["crosses"] is True
    assert by_id["o"]["spans"] == 1


def test_a_folder_without_the_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"pairs\.jsonl: no such file; --data is"):
        behaviour.read_rows(tmp_path / "pairs.jsonl")
