"""Genre: which articles are measured, and told by their bodies alone."""

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


def corpus(path: Path, n: int = 12, outlets: str = "ABCDE") -> Path:
    """Outlets that mark opinion, which says "brutal"; Z never marks any."""
    rows = []
    for outlet in [*outlets, "Z"]:
        for number in range(2 * n):
            opinion = outlet != "Z" and number % 2 == 1
            section = "opinion" if opinion else "world"
            word = "brutal" if opinion else "old"
            rows.append(
                {
                    "outlet": outlet,
                    "title": "OPINION: a dam",
                    "url": f"https://{outlet}.example/{section}/{number}",
                    "text": f"The {word} plan of day {number} fell.",
                }
            )
    for row in rows:
        if "/world/" in row["url"]:
            row["title"] = "A dam"
    path.parent.mkdir(exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


def test_only_outlets_that_mark_their_opinion_are_measured(tmp_path: Path) -> None:
    bodies = genre.read_bodies(corpus(tmp_path / "articles.parquet"))
    assert set(bodies.outlets) == set("ABCDE")
    assert len(bodies.texts) == 5 * 24
    for text, opinion in zip(bodies.texts, bodies.is_opinion, strict=True):
        assert ("brutal" in text) == opinion


def test_no_outlet_adds_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(genre, "_MOST", 11)
    bodies = genre.read_bodies(corpus(tmp_path / "articles.parquet"))
    assert len(bodies.texts) == 5 * 22


def test_a_file_in_which_nobody_marks_opinion(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no outlet marks 10 opinion pieces"):
        genre.read_bodies(corpus(tmp_path / "articles.parquet", outlets=""))


def test_a_folder_without_parquet(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no Parquet file in it"):
        genre.read_bodies(tmp_path)


def test_the_opening_is_cut_at_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(genre, "_WORDS", 3)
    assert genre.opening("Rain fell on Monday.") == "Rain fell on"
    assert genre.opening("Rain.") == "Rain."
    assert genre.opening(" ") == ""


@pytest.mark.parametrize("with_test", [False, True])
def test_genre_is_measured(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    with_test: bool,
) -> None:
    monkeypatch.setattr(common, "load_model", lambda _: tiny_model())
    monkeypatch.setattr(genre, "_STRENGTH", 1.0)
    args = ["--data", str(corpus(tmp_path / "articles.parquet")), "--json"]
    if with_test:
        args += ["--test", str(corpus(tmp_path / "test" / "t.parquet", outlets="FG").parent)]
    assert genre.main(args) == 0
    metrics = json.loads(capsys.readouterr().out)
    assert metrics["macro_f1"] == metrics["opinion_f1"] == 1
    assert metrics["n_outlets"] == (2 if with_test else 5)
    assert metrics["n_articles"] == 2 * metrics["n_opinion"]
