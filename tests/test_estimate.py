"""How long a corpus will take, before it is scored."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from slantwise import load_model
from slantwise.estimate import expected_articles, seconds_to_score
from slantwise.records import Article

TEXT = "The council met on Friday. Critics slammed the plan. " * 20
SAMPLE = [Article(TEXT)]


def test_the_rows_of_parquet_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "one.parquet"
    pq.write_table(pa.table({"text": [TEXT] * 300}), path)
    assert expected_articles([str(path)], SAMPLE) == 300


def test_lines_follow_from_the_size(tmp_path: Path) -> None:
    lines = "".join(json.dumps({"text": TEXT}) + "\n" for _ in range(200)).encode()
    (tmp_path / "one.jsonl").write_bytes(lines)
    assert expected_articles([str(tmp_path / "one.jsonl")], SAMPLE) == pytest.approx(200, rel=0.1)
    (tmp_path / "two.jsonl.gz").write_bytes(gzip.compress(lines))
    assert expected_articles([str(tmp_path / "two.jsonl.gz")], SAMPLE) is not None


def test_a_text_is_one_article(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    assert expected_articles([str(tmp_path)], SAMPLE) == 2


def test_time_is_shared_by_workers_and_stdin_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "one.parquet"
    pq.write_table(pa.table({"text": [TEXT] * 1000}), path)
    fast = load_model("fast")
    assert seconds_to_score([fast], ["-"]) is None
    (one,) = seconds_to_score([fast], [str(path)]) or [0.0]
    (many,) = seconds_to_score([fast], [str(path)], n_jobs=1000) or [0.0]
    assert one > 20 * many > 0


def test_a_long_corpus_is_told_beforehand(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from slantwise import estimate
    from slantwise.cli import corpus

    model = load_model("fast")
    for times, told in (([9000.0, 70.0], True), ([500.0, 20.0], False), (None, False)):
        monkeypatch.setattr(estimate, "seconds_to_score", lambda *_, times=times, **__: times)
        corpus._tell_time(model, model, ["corpus.parquet"], {}, 1)
        said = capsys.readouterr().err
        assert (
            "about 2.5 hours" in said and "--model fast would take about 2 minutes" in said
        ) == told
