"""Throughput: what is timed, and how memory is counted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tiny_model import tiny_model

pytest.importorskip("sklearn")

import benchmarks.common as common
from benchmarks import throughput
from slantwise.errors import InputError

on_linux = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="needs /proc")


def corpus(folder: Path, n: int) -> Path:
    texts = [
        f"The vile regime of Dolmar fell. The plan ended on day {number}." for number in range(n)
    ]
    path = folder / "articles.parquet"
    pq.write_table(pa.table({"text": texts, "outlet": ["Harbour Wire"] * n}), path)
    return path


def test_the_first_articles_are_taken_with_all_columns(tmp_path: Path) -> None:
    path = corpus(tmp_path, 10)
    texts = throughput.first_articles(path, 4, tmp_path / "few")
    assert texts == pq.read_table(path)["text"].to_pylist()[:4]
    assert pq.read_table(tmp_path / "few").equals(pq.read_table(path).slice(0, 4))


def test_no_more_articles_than_there_are(tmp_path: Path) -> None:
    corpus(tmp_path, 3)
    assert len(throughput.first_articles(tmp_path, 99, tmp_path / "few")) == 3


def test_a_folder_without_parquet(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no Parquet file in it"):
        throughput.first_articles(tmp_path, 1, tmp_path / "few")


@on_linux
def test_memory_of_children_counts() -> None:
    code = "block = bytearray(b'x') * 60_000_000; print(len(block), flush=True); input()"
    with throughput.PeakMemory() as peak:
        before = throughput.proportional_kilobytes(os.getpid()) / 1024
        child = subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        child.stdout.readline()
        assert child.pid in throughput.family(os.getpid())
        while peak.megabytes < before + 50 and child.poll() is None:
            pass
        child.communicate("\n", timeout=20)
    assert peak.megabytes > before + 50
    assert throughput.proportional_kilobytes(child.pid) == 0


@on_linux
def test_throughput_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(common, "load_model", lambda _: tiny_model())
    path = corpus(tmp_path, 30)
    assert throughput.main(["--data", str(path), "--articles", "20", "--json"]) == 0
    metrics = json.loads(capsys.readouterr().out)
    assert metrics["n_articles"] == 20
    assert metrics["articles_per_s_1"] > 0 and metrics["articles_per_s_2"] > 0
    # A pass of one regular expression takes less than the whole pipeline.
    assert 0 < metrics["regex_ratio_1"] < 1
    assert metrics["tfidf_ratio"] > 0 and metrics["peak_pss_mb"] > 10


def test_no_articles_are_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(common, "load_model", lambda _: tiny_model())
    assert throughput.main(["--data", str(corpus(tmp_path, 1)), "--articles", "0"]) == 2
    assert "--articles is 0; give 1 or more" in capsys.readouterr().err
