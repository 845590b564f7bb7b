"""NewsMTSC: its layout, and figures on invented sentences."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tiny_model import tiny_model

import benchmarks.common as common
from benchmarks import newsmtsc
from benchmarks.corpora.newsmtsc import read_newsmtsc
from slantwise.errors import InputError

SENTENCES = [
    ("The shameful plan of Moss fell.", "Moss", 2),
    ("The army said Moss ended on Monday.", "Moss", 4),
    ("The brutal army of Finch fell.", "Finch", 6),
]


def line(sentence: str, mention: str, polarity: float) -> str:
    start = sentence.index(mention)
    target = {"from": start, "to": start + len(mention), "mention": mention, "polarity": polarity}
    return json.dumps({"sentence_normalized": sentence, "targets": [target]}) + "\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    lines = [line(*one) for one in SENTENCES]
    (tmp_path / "train.jsonl").write_text("".join(lines * 6), encoding="utf-8")
    (tmp_path / "devtest_mt.jsonl").write_text("".join(lines * 2), encoding="utf-8")
    return tmp_path


def test_targets_are_read_with_their_polarity(corpus: Path) -> None:
    first = read_newsmtsc(corpus, "devtest_mt")[0]
    assert first.document.text[first.start : first.end] == "Moss"
    assert first.polarity == "negative"


@pytest.mark.parametrize("broken", ["{", '{"targets": []}', line("A Moss.", "Moss", 3)])
def test_a_broken_line_is_named(corpus: Path, broken: str) -> None:
    with (corpus / "train.jsonl").open("a", encoding="utf-8") as file:
        file.write(broken)
    with pytest.raises(InputError, match=r"train\.jsonl, line 19: not NewsMTSC's layout"):
        read_newsmtsc(corpus, "train")


def test_a_folder_that_is_not_newsmtsc(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"is .* the NewsMTSC corpus"):
        read_newsmtsc(tmp_path, "train")


def test_newsmtsc_is_measured(
    corpus: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(common, "load_model", lambda _: tiny_model())
    out = corpus / "out"
    assert newsmtsc.main(["--data", str(corpus), "--json", "--predictions", str(out)]) == 0
    metrics = json.loads(capsys.readouterr().out)
    assert {"macro_f1", "macro_f1_low", "macro_f1_high", "accuracy"} <= metrics.keys()
    assert (metrics["n_sentences"], metrics["n_targets"]) == (6, 6)
    rows = [json.loads(row) for row in (out / "newsmtsc.jsonl").read_text().splitlines()]
    right = [
        row["polarity"] == {2: "negative", 4: "neutral", 6: "positive"}[polarity]
        for row, (_, _, polarity) in zip(rows, SENTENCES * 2, strict=True)
    ]
    assert metrics["accuracy"] == pytest.approx(sum(right) / len(right))


def test_another_set_is_measured_on_request(
    corpus: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(common, "load_model", lambda _: tiny_model())
    other = tmp_path / "other"
    other.mkdir()
    (other / "devtest_mt.jsonl").write_text(line(*SENTENCES[1]), encoding="utf-8")
    assert newsmtsc.main(["--data", str(corpus), "--test", str(other), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["n_targets"] == 1
