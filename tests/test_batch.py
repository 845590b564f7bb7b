"""Scoring into a folder: chunks, workers, interruption, and what is left behind."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from regime_model import RegimeModel

from slantwise import batch
from slantwise.articles import read_articles
from slantwise.batch import score_to_folder
from slantwise.errors import NothingToRead, SlantwiseError, UsageError
from slantwise.records import Article
from slantwise.scores import read_scores

MODEL: Any = RegimeModel()


def write_records(path: Path, *records: Mapping[str, object]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Ten articles; number n holds n spans."""
    records = [{"article_id": f"a{n}", "text": "Rain. " + "regime " * n} for n in range(10)]
    return write_records(tmp_path / "corpus.jsonl", *records)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file but the manifest, whose timings differ."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }


def test_the_manifest_says_what_was_done(corpus: Path, tmp_path: Path) -> None:
    output = tmp_path / "scores"
    manifest = score_to_folder(MODEL, corpus, output, chunk_articles=4)
    assert manifest == json.loads((output / "manifest.json").read_text())
    assert manifest["status"] == "finished"
    assert manifest["model"] == {"name": "regime", "hash": MODEL.hash}
    assert manifest["sources"] == [str(corpus)]
    assert manifest["counts"] == {
        "articles": 10,
        "spans": 45,
        "words": 55,
        "outlet_words": 55,
        "not_english": 0,
        "rejected": 0,
        "parts": 3,
        "parts_kept": 0,
    }
    assert [part["articles"]["rows"] for part in manifest["parts"]] == [4, 4, 2]
    assert manifest["related"].keys() == {"events", "copies"}
    assert manifest["columns"]["spans"][-1] == {"name": "evidence", "type": "list<string>"}
    assert sorted(contents(output)) == [
        "articles/part-00000.parquet",
        "articles/part-00001.parquet",
        "articles/part-00002.parquet",
        "copies.parquet",
        "events.parquet",
        "rejected.jsonl",
        "spans/part-00000.parquet",
        "spans/part-00001.parquet",
        "spans/part-00002.parquet",
    ]


def test_copies_and_events_are_not_looked_for_if_told_so(corpus: Path, tmp_path: Path) -> None:
    output = tmp_path / "scores"
    score_to_folder(MODEL, corpus, output)
    manifest = score_to_folder(MODEL, corpus, output, overwrite=True, relate=False)
    assert manifest["related"] == {}
    assert [path.suffix for path in output.iterdir() if path.is_file()].count(".parquet") == 0
    assert (read_scores(output).articles["copied_from"].isna()).all()


@pytest.mark.parametrize(("n_jobs", "backend"), [(2, "threading"), (2, "loky"), (3, "loky")])
def test_any_number_of_workers_writes_the_same_files(
    corpus: Path, tmp_path: Path, n_jobs: int, backend: str
) -> None:
    score_to_folder(MODEL, corpus, tmp_path / "one", chunk_articles=2)
    score_to_folder(
        MODEL, corpus, tmp_path / "many", chunk_articles=2, n_jobs=n_jobs, backend=backend
    )
    assert contents(tmp_path / "many") == contents(tmp_path / "one")


def test_a_chunk_is_bounded_by_its_text_too(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("slantwise.workers._CHUNK_CHARACTERS", 50)
    manifest = score_to_folder(MODEL, corpus, tmp_path / "scores")
    rows = [part["articles"]["rows"] for part in manifest["parts"]]
    assert rows == [4, 2, 2, 1, 1]  # 6 characters and 7 a span: 6, 13, 20, 27 make 66


def test_articles_are_read_only_as_far_as_they_are_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = 0
    ahead = []

    def stream(*_: object, **__: object) -> Iterator[Article]:
        nonlocal given
        for given in range(1, 101):
            yield Article("regime", f"a{given}")

    monkeypatch.setattr(batch, "read_articles", stream)
    done = 0

    def progress(n_articles: int) -> None:
        nonlocal done
        done += n_articles
        ahead.append(given - done)

    score_to_folder(MODEL, "-", tmp_path / "scores", chunk_articles=5, progress=progress)
    assert done == 100
    assert max(ahead) == 0


@pytest.mark.parametrize("backend", ["loky", "threading"])
def test_what_stops_the_reading_stops_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backend: str
) -> None:
    def stream(*_: object, **__: object) -> Iterator[Article]:
        yield from (Article("regime", f"a{n}") for n in range(20))
        raise OSError("the disk has gone")

    monkeypatch.setattr(batch, "read_articles", stream)
    with pytest.raises(OSError, match="the disk has gone"):
        score_to_folder(
            MODEL, "-", tmp_path / "scores", chunk_articles=2, n_jobs=2, backend=backend
        )


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_an_article_that_breaks_the_model_is_named(
    corpus: Path, tmp_path: Path, n_jobs: int
) -> None:
    model: Any = RegimeModel(fails_on="a5")
    with pytest.raises(SlantwiseError, match=r"from 'a4' to 'a5'.*ZeroDivisionError: deliberate"):
        score_to_folder(model, corpus, tmp_path / "scores", chunk_articles=2, n_jobs=n_jobs)


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_an_interrupted_run_goes_on_to_the_same_end(
    corpus: Path, tmp_path: Path, n_jobs: int
) -> None:
    output = tmp_path / "scores"
    broken: Any = RegimeModel(fails_on="a5")
    with pytest.raises(SlantwiseError, match="deliberate"):
        score_to_folder(broken, corpus, output, chunk_articles=2)
    assert json.loads((output / "manifest.json").read_text())["status"] == "unfinished"
    (output / "spans" / ".part-00002.parquet.1234.tmp").write_bytes(b"half")
    first = (output / "spans" / "part-00000.parquet").stat().st_mtime_ns

    manifest = score_to_folder(MODEL, corpus, output, chunk_articles=2, resume=True, n_jobs=n_jobs)
    assert manifest["counts"]["parts_kept"] == 2
    assert (output / "spans" / "part-00000.parquet").stat().st_mtime_ns == first
    score_to_folder(MODEL, corpus, tmp_path / "fresh", chunk_articles=2)
    assert contents(output) == contents(tmp_path / "fresh")
    read_scores(output, verify=True)


def test_a_resumed_run_follows_its_input(corpus: Path, tmp_path: Path) -> None:
    """Articles that changed since are scored again; parts that are no longer needed go."""
    output = tmp_path / "scores"
    score_to_folder(MODEL, corpus, output, chunk_articles=2)
    lines = corpus.read_text().splitlines(keepends=True)
    lines[2] = lines[2].replace("Rain", "Snow")
    corpus.write_text("".join(lines[:7]))
    manifest = score_to_folder(MODEL, corpus, output, chunk_articles=2, resume=True)
    assert manifest["counts"]["parts_kept"] == 2
    score_to_folder(MODEL, corpus, tmp_path / "fresh", chunk_articles=2)
    assert contents(output) == contents(tmp_path / "fresh")


def test_a_damaged_part_is_written_again(corpus: Path, tmp_path: Path) -> None:
    output = tmp_path / "scores"
    score_to_folder(MODEL, corpus, output, chunk_articles=5)
    before = contents(output)
    (output / "spans" / "part-00001.parquet").write_bytes(b"PAR1 no more")
    (output / "articles" / "part-00000.parquet").unlink()
    manifest = score_to_folder(MODEL, corpus, output, chunk_articles=5, resume=True)
    assert manifest["counts"]["parts_kept"] == 0
    assert contents(output) == before


def test_resume_refuses_another_model(corpus: Path, tmp_path: Path) -> None:
    score_to_folder(MODEL, corpus, tmp_path / "scores")
    other: Any = RegimeModel(hash="decade" * 6)
    with pytest.raises(UsageError, match="begun with the model regime c0ffee"):
        score_to_folder(other, corpus, tmp_path / "scores", resume=True)


def test_resume_starts_where_nothing_is(corpus: Path, tmp_path: Path) -> None:
    manifest = score_to_folder(MODEL, corpus, tmp_path / "new" / "scores", resume=True)
    assert manifest["counts"]["articles"] == 10


def test_results_are_never_mixed_unasked(corpus: Path, tmp_path: Path) -> None:
    score_to_folder(MODEL, corpus, tmp_path / "scores")
    with pytest.raises(UsageError, match=r"--resume .* --overwrite"):
        score_to_folder(MODEL, corpus, tmp_path / "scores")


def test_overwrite_leaves_nothing_of_the_earlier_run(corpus: Path, tmp_path: Path) -> None:
    output = tmp_path / "scores"
    score_to_folder(MODEL, corpus, output, chunk_articles=2)
    (output / "copies.parquet").write_bytes(b"of the earlier run")
    score_to_folder(MODEL, corpus, output, overwrite=True)
    score_to_folder(MODEL, corpus, tmp_path / "fresh")
    assert contents(output) == contents(tmp_path / "fresh")


def test_overwrite_spares_other_peoples_folders(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("mine")
    with pytest.raises(UsageError, match="holds other things than scores"):
        score_to_folder(MODEL, corpus, tmp_path / "thesis", overwrite=True)


def test_overwrite_with_nothing_to_read_removes_nothing(corpus: Path, tmp_path: Path) -> None:
    output = tmp_path / "scores"
    score_to_folder(MODEL, corpus, output)
    before = contents(output)
    empty = write_records(tmp_path / "empty.jsonl", {"article_id": "a1"})
    with pytest.raises(NothingToRead, match=r"all 1 records were rejected.*empty\.jsonl"):
        score_to_folder(MODEL, empty, output, overwrite=True)
    assert contents(output) == before
    read_scores(output)


def test_nothing_to_read_leaves_no_folder(tmp_path: Path) -> None:
    empty = write_records(tmp_path / "empty.jsonl", {"article_id": "a1"})
    with pytest.raises(NothingToRead, match="rejected"):
        score_to_folder(MODEL, empty, tmp_path / "scores")
    assert not (tmp_path / "scores").exists()


def test_rejected_records_are_listed_with_place_and_reason(tmp_path: Path) -> None:
    source = write_records(tmp_path / "c.jsonl", {"title": "No text"}, {"text": "regime"})
    source.write_text(source.read_text() + "{broken\n")
    manifest = score_to_folder(MODEL, source, tmp_path / "scores")
    assert manifest["counts"]["rejected"] == 2
    lines = (tmp_path / "scores" / "rejected.jsonl").read_text().splitlines()
    first, second = map(json.loads, lines)
    assert first.keys() == {"source", "place", "reason"}
    assert (first["place"], second["place"]) == ("line 1", "line 3")
    assert first["source"] == str(source)


def test_the_text_can_be_left_out(corpus: Path, tmp_path: Path) -> None:
    score_to_folder(MODEL, corpus, tmp_path / "scores", keep_text=False)
    assert "text" not in read_scores(tmp_path / "scores").articles


def test_uneven_records_still_make_one_table(tmp_path: Path) -> None:
    source = write_records(
        tmp_path / "c.jsonl",
        {"article_id": "a1", "text": "regime", "country": "NL"},
        {"article_id": "a2", "text": "rain", "leaning": "left"},
        {"article_id": "a3", "text": "rain", "country": "BE", "leaning": "right"},
    )
    output = tmp_path / "scores"
    score_to_folder(MODEL, source, output, chunk_articles=1)
    articles = pd.read_parquet(output / "articles")
    assert articles["country"].fillna("-").tolist() == ["NL", "-", "BE"]
    assert articles["leaning"].fillna("-").tolist() == ["-", "left", "right"]
    read_scores(output, verify=True)
    before = contents(output)
    manifest = score_to_folder(MODEL, source, output, chunk_articles=1, resume=True)
    assert manifest["counts"]["parts_kept"] == 3
    assert contents(output) == before


def test_columns_and_outlet_reach_the_reader(tmp_path: Path) -> None:
    source = write_records(
        tmp_path / "c.jsonl", {"body": "regime", "paper": "Dike Post"}, {"body": "rain"}
    )
    columns = {"text": "body", "outlet": "paper"}
    score_to_folder(MODEL, source, tmp_path / "s", columns=columns, outlet="Harbour Wire")
    assert read_scores(tmp_path / "s").articles["outlet"].tolist() == ["Dike Post", "Harbour Wire"]
    assert [a.outlet for a in read_articles(source, columns=columns)] == ["Dike Post", ""]


def test_other_languages_are_counted_in_one_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    texts = ["het regime van gisteren", "a regime", "het regime van morgen"]
    source = write_records(tmp_path / "c.jsonl", *({"text": text} for text in texts))
    with caplog.at_level(logging.WARNING, "slantwise"):
        manifest = score_to_folder(MODEL, source, tmp_path / "scores", chunk_articles=1)
    assert manifest["counts"]["not_english"] == 2
    assert [r.getMessage() for r in caplog.records if "English" in r.getMessage()] == [
        "2 of 3 articles are not in English: they are labelled, but the labels are made for "
        "English; profiles leave them out"
    ]


def test_passwords_in_addresses_stay_out_of_the_manifest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "read_articles", lambda *_, **__: iter([Article("regime")]))
    source = "ftp://reader:secret@files.example/corpus.jsonl"
    manifest = score_to_folder(MODEL, source, tmp_path / "scores")
    assert manifest["sources"] == ["ftp://files.example/corpus.jsonl"]


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"n_jobs": 0}, "number of jobs is 0"),
        ({"backend": "mpi"}, "no backend 'mpi'; there are loky, threading, dask"),
        ({"chunk_articles": 0}, "can't hold 0 articles"),
        ({"resume": True, "overwrite": True}, "exclude each other"),
        ({"columns": {"headline": "h"}}, "headline"),
    ],
)
def test_options_that_cannot_be(
    corpus: Path, tmp_path: Path, options: dict[str, Any], match: str
) -> None:
    with pytest.raises(UsageError, match=match):
        score_to_folder(MODEL, corpus, tmp_path / "scores", **options)


def test_the_output_cannot_lie_in_the_input(corpus: Path) -> None:
    with pytest.raises(UsageError, match="lies in the input"):
        score_to_folder(MODEL, corpus.parent, corpus.parent / "scores")


def test_the_output_cannot_be_a_file(corpus: Path) -> None:
    with pytest.raises(UsageError, match="is a file; name a folder"):
        score_to_folder(MODEL, corpus, corpus)
