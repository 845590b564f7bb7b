"""PolNeAR: the official layout, and content and sources of an invented article."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tiny_model import tiny_model

import benchmarks.common as common
from benchmarks import polnear
from benchmarks.corpora.polnear import read_polnear
from slantwise.errors import InputError

TEXT = "“The dam is safe,” Ada Moss said on Monday.\n\nOdo Finch said that the plan had failed."
ANNOTATIONS = {
    "T1": ("Content", "“The dam is safe,”"),
    "T2": ("Source", "Ada Moss"),
    "T3": ("Cue", "said"),
    "T4": ("Attribution", "said"),
    "T5": ("Content", "that the plan had failed"),
    "T6": ("Source", "Odo Finch"),
    "T7": ("Discuss", "Monday"),
}
EVENTS = ("Attribution:T4 Content:T1 Source:T2 Cue:T3", "Attribution:T4 Content:T5 Source:T6")


def brat(annotations: dict[str, tuple[str, str]], events: tuple[str, ...]) -> str:
    lines = []
    for name, (kind, words) in annotations.items():
        start = TEXT.index(words)
        lines.append(f"{name}\t{kind} {start} {start + len(words)}\t{words}")
    lines += [f"E{number}\t{event}" for number, event in enumerate(events)]
    return "\n".join([*lines, "#1\tAnnotatorNotes T1\tThe\u2028Two lines"]) + "\n"


def polnear_folder(folder: Path, content: str) -> Path:
    part = folder / "data" / "dev"
    (part / "text").mkdir(parents=True)
    (part / "attributions").mkdir()
    (part / "text" / "wire_dam.txt").write_bytes(TEXT.encode())
    (part / "attributions" / "wire_dam_0001.ann").write_text(content)
    (part / "attributions" / "wire_dam_0002.ann").write_text("T1\tContent 0 4\tX\n")
    return folder


def test_the_official_layout_is_read_and_the_first_annotator_counts(tmp_path: Path) -> None:
    (article,) = read_polnear(polnear_folder(tmp_path, brat(ANNOTATIONS, EVENTS)), "dev")
    assert (article.name, article.text) == ("wire_dam", TEXT)
    first, second = article.attributions
    assert [TEXT[slice(*extent)] for extent in first.content] == ["“The dam is safe,”"]
    assert [TEXT[slice(*extent)] for extent in second.source] == ["Odo Finch"]


def test_contents_may_be_in_pieces(tmp_path: Path) -> None:
    content = "T1\tContent 0 4;6 9\tX\nT2\tCue 20 24\tX\nT3\tContent 10 12\tX\n"
    content += "E1\tAttribution-no-source:T2 Content:T1 Content2:T3\n"
    (article,) = read_polnear(polnear_folder(tmp_path, content), "dev")
    assert article.attributions[0].content == ((0, 4), (6, 9), (10, 12))
    assert article.attributions[0].source == ()


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"wire_dam_0001\.ann, line 1: not brat's format"):
        read_polnear(polnear_folder(tmp_path, "T1\tContent 0 x\tX\n"), "dev")


def test_a_folder_that_is_not_polnear(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is it the PolNeAR corpus"):
        read_polnear(tmp_path, "dev")


def test_polnear_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(common, "load_model", lambda _: tiny_model())
    # The gold says that only "the plan" was said, and that nobody said the first.
    events = ("Attribution:T4 Content:T1 Cue:T3", "Attribution:T4 Content:T5 Source:T6")
    annotations = {**ANNOTATIONS, "T5": ("Content", "the plan")}
    folder = polnear_folder(tmp_path, brat(annotations, events))
    out = tmp_path / "out"
    args = ["--data", str(folder), "--predictions", str(out), "--json"]
    assert polnear.main(args) == 0
    metrics = json.loads(capsys.readouterr().out)
    assert metrics["direct_token_f1"] > 0.8
    assert 0 < metrics["indirect_token_f1"] < metrics["direct_token_f1"]
    # Two sources found, one of them gold and found whole.
    assert (metrics["source_precision"], metrics["source_recall"]) == (0.5, 1)
    rows = [json.loads(line) for line in (out / "polnear.jsonl").read_text().splitlines()]
    assert {TEXT[slice(*row["source"])] for row in rows} == {"Ada Moss", "Odo Finch"}
