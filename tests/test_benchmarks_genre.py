"""Genre: outlets that are measured are never fitted on."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tiny_model import tiny_model

pytest.importorskip("sklearn")

import benchmarks.common as common
from benchmarks import genre
from slantwise.errors import InputError


def corpus(path: Path, outlets: str = "ABCDE", n: int = 12) -> Path:
    """Outlets that mark opinion, which says "brutal"; Z never marks any."""
    rows = []
    for outlet in [*outlets, "Z"]:
        for number in range(2 * n):
            opinion = outlet != "Z" and number % 2 == 1
            section, word = ("opinion", "brutal") if opinion else ("world", "old")
            rows.append(
                {
                    "outlet": outlet,
                    "title": "A dam",
                    "url": f"https://{outlet}.example/{section}/{number}",
                    "text": f"The {word} plan of day {number} fell.",
                }
            )
    path.parent.mkdir(exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


@pytest.fixture(autouse=True)
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(common, "load_model", lambda _: tiny_model())


@pytest.mark.parametrize("with_test", [False, True])
def test_genre_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], with_test: bool
) -> None:
    args = ["--data", str(corpus(tmp_path / "articles.parquet")), "--json"]
    if with_test:
        args += ["--test", str(corpus(tmp_path / "test" / "t.parquet", outlets="EFG").parent)]
    assert genre.main([*args, "--predictions", str(tmp_path / "predicted")]) == 0
    metrics = json.loads(capsys.readouterr().out)
    assert metrics["macro_f1"] == metrics["opinion_f1"] == 1
    assert metrics["n_outlets"] == (3 if with_test else 5)
    assert metrics["n_articles"] == 2 * metrics["n_opinion"]
    rows = (tmp_path / "predicted" / "genre.jsonl").read_text(encoding="utf-8").splitlines()
    assert all((json.loads(row)["log_odds"] > 0) == json.loads(row)["opinion"] for row in rows)
    assert len(rows) == metrics["n_articles"]


@pytest.mark.parametrize(("data", "test"), [("A", None), ("A", "A"), ("AB", "AB")])
def test_nothing_is_measured_on_outlets_fitted_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: str, test: str | None
) -> None:
    args = ["--data", str(corpus(tmp_path / "articles.parquet", data))]
    if test:
        args += ["--test", str(corpus(tmp_path / "t.parquet", test))]
    assert genre.main(args) == 1
    assert "outlets that were not trained on" in capsys.readouterr().err


def test_a_folder_without_parquet(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no Parquet file in it"):
        genre.corpus_of(tmp_path)
