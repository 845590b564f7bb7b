"""Annotations that stand apart from their texts."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pandas as pd
import pytest

from slantwise.errors import InputError
from slantwise.records import LABELS
from slantwise.training.annotated import checksum, elsewhere, read_annotated

OURS = Path(__file__).parent.parent / "model" / "annotated" / "allsides.jsonl"
TEXT = "It rained. The council slammed the mayor."
SPAN = {
    "start": 12, "end": 19, "label": "loaded-language", "voice": "outlet",
    "speaker": None, "target": "the mayor", "valence": "negative",
}  # fmt: skip


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    table = pd.DataFrame(
        {"article_id": ["a", "b"], "outlet": ["One", "Two"], "text": [TEXT, "No."]}
    )
    table.to_parquet(tmp_path / "articles.parquet")
    return tmp_path / "articles.parquet"


def written(folder: Path, *rows: dict[str, object]) -> Path:
    path = folder / "annotations.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def row(**changed: object) -> dict[str, object]:
    known = {"article_id": "a", "start": 11, "end": 41, "sha256": checksum(TEXT[11:41])}
    return {**known, "spans": [SPAN], **changed}


def test_spans_lie_in_the_passage(tmp_path: Path, articles: Path) -> None:
    (passage,) = read_annotated(written(tmp_path, row()), articles)
    assert passage.document.text == "The council slammed the mayor."
    assert passage.outlet == "One" and passage.article_id == "a"
    ((start, end),) = passage.extents
    assert passage.document.text[start:end] == "slammed"


def test_a_text_that_changed_is_left_out(
    tmp_path: Path, articles: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = written(tmp_path, row(), row(article_id="b"), row(article_id="c"))
    with caplog.at_level(logging.WARNING):
        assert len(read_annotated(path, articles)) == 1
    assert "line 2" in caplog.text and "line 3" in caplog.text


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([row(), {"article_id": "a"}], "line 2: .*start"),
        ([row(spans=[{**SPAN, "label": "slur"}])], "line 1: .*slur"),
        ([row(sha256="0")], "none of its annotations"),
    ],
)
def test_what_is_broken_is_named(
    tmp_path: Path, articles: Path, rows: list[dict[str, object]], wrong: str
) -> None:
    with pytest.raises(InputError, match=wrong):
        read_annotated(written(tmp_path, *rows), articles)


def test_outlets_held_out_stay_out(tmp_path: Path, articles: Path) -> None:
    passages = read_annotated(written(tmp_path, row(), row(article_id="b", start=0, end=3,
                              sha256=checksum("No."), spans=[])), articles)  # fmt: skip
    assert [one.outlet for one in elsewhere(passages, passages[:1])] == ["Two"]


def test_ours_are_whole() -> None:
    rows = [json.loads(line) for line in OURS.read_text(encoding="utf-8").splitlines()]
    assert len(rows) > 500
    for one in rows:
        assert 0 <= one["start"] < one["end"] and len(one["sha256"]) == 64
        ends = 0
        for span in one["spans"]:
            assert ends <= span["start"] < span["end"] <= one["end"] - one["start"]
            assert span["label"] in LABELS
            assert max(len(span[name] or "") for name in ("speaker", "target")) <= 120
            ends = span["end"]
