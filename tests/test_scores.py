"""Rows, frames and the reading of a scored folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from regime_model import RegimeModel

from slantwise.batch import score_to_folder
from slantwise.errors import ScoresError, UsageError
from slantwise.records import Article
from slantwise.scores import Scores, at_threshold, frames, read_scores, span_frame
from slantwise.tables import ARTICLE_COLUMNS, SPAN_COLUMNS, extra_names

MODEL: Any = RegimeModel()
ARTICLES = [
    Article(
        "The regime fell. The regime's last ship left.",
        "a1",
        "Harbour Wire",
        "2031-05-02",
        "A regime ends",
        extra={"country": "NL", "year": 2031, "bias": "left", "tags": ["x", "y"]},
    ),
    Article('"A regime," the envoy said. ' + "Rain fell on the town. " * 4, "a2", "Dike Post"),
    Article('"All quiet here"', "a3"),
]


@pytest.fixture
def scores() -> Scores:
    return Scores.from_labelled(MODEL.label_many(ARTICLES), MODEL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    source = tmp_path / "corpus.jsonl"
    records = [{"article_id": a.article_id, "text": a.text, "title": a.title} for a in ARTICLES]
    source.write_text("".join(json.dumps(record) + "\n" for record in records))
    score_to_folder(MODEL, source, tmp_path / "scores", chunk_articles=2)
    return tmp_path / "scores"


def test_the_columns_are_those_of_the_contract_in_its_order(scores: Scores) -> None:
    assert list(scores.spans) == list(SPAN_COLUMNS)
    own = len(ARTICLE_COLUMNS)
    assert list(scores.articles)[:own] == list(ARTICLE_COLUMNS)
    assert list(scores.articles)[own:] == ["country", "year", "input_bias", "tags"]


def test_the_types_are_those_of_the_contract(scores: Scores) -> None:
    assert str(scores.spans["start"].dtype) == "int64"
    assert str(scores.spans["score"].dtype) == "float32"
    assert str(scores.articles["bias"].dtype) == "float32"
    assert scores.spans["evidence"][0] == ["the word “regime”", "said of a government"]


def test_counts_and_density_use_the_operating_threshold(scores: Scores) -> None:
    first, second, third = scores.articles.to_dict("records")
    assert (first["n_words"], first["n_spans"], first["n_outlet_spans"]) == (8, 3, 3)
    assert first["outlet_density"] == 3 / 8 * 1000
    assert (second["n_spans"], second["n_outlet_spans"], second["outlet_density"]) == (1, 0, 0.0)
    assert second["n_quote_words"] == 2
    assert third["n_outlet_words"] == 0
    assert pd.isna(third["outlet_density"])


def test_further_columns_are_strings_or_missing(scores: Scores) -> None:
    first, second, _ = scores.articles.to_dict("records")
    assert (first["country"], first["year"], first["input_bias"]) == ("NL", "2031", "left")
    assert first["tags"] == '["x", "y"]'
    assert pd.isna(second["country"])


def test_a_missing_cell_stays_missing_whatever_wrote_it() -> None:
    article = Article("Rain.", extra={"a": float("nan"), "b": None, "c": pd.NaT, "d": ""})
    _, articles = frames(MODEL.label_many([article]), MODEL.thresholds)
    assert articles[["a", "b", "c"]].isna().all(axis=None)
    assert articles["d"].tolist() == [""]


def test_extra_columns_never_overwrite_ours_or_each_other() -> None:
    article = Article("...", extra={"bias": 1, "input_bias": 2, "n_words": 3})
    assert extra_names([article]) == {
        "bias": "input_input_bias",
        "input_bias": "input_bias",
        "n_words": "input_n_words",
    }


def test_counted_keeps_what_reaches_its_label_threshold(scores: Scores) -> None:
    assert scores.spans["score"].round(1).tolist() == pytest.approx([0.9, 0.9, 0.6, 0.9])
    assert len(scores.counted()) == 4
    assert len(scores.counted(0.7)) == 3
    assert len(scores.counted(min_score=0.0)) == 4


def test_counted_refuses_what_is_no_probability(scores: Scores) -> None:
    with pytest.raises(UsageError, match="between 0 and 1"):
        scores.counted(60)


@given(st.floats(0.1, 1.0))
def test_a_score_equal_to_its_threshold_counts_in_any_precision(value: float) -> None:
    assert at_threshold(["doubt"], [value], {"doubt": value}).all()
    stored = pd.Series([value], dtype="float32")
    assert at_threshold(["doubt"], stored, {"doubt": value}).all()


def test_a_label_without_threshold_is_an_error() -> None:
    with pytest.raises(ScoresError, match="no operating threshold for the label 'sarcasm'"):
        at_threshold(["sarcasm"], [0.9], {"doubt": 0.5})


def test_no_articles_make_empty_frames_with_all_columns() -> None:
    spans, articles = frames([], MODEL.thresholds)
    assert list(spans) == list(SPAN_COLUMNS)
    assert list(articles) == list(ARTICLE_COLUMNS)
    assert len(spans) == len(articles) == 0


def test_frames_of_a_stream_are_those_of_its_articles_in_order() -> None:
    many = [Article(f"regime {n}", f"a{n}", extra={f"x{n % 3}": "1"}) for n in range(2100)]
    spans, articles = frames(MODEL.label_many(many), MODEL.thresholds)
    assert articles["article_id"].tolist() == [a.article_id for a in many]
    assert spans["article_id"].tolist() == [a.article_id for a in many]


def test_half_a_surrogate_pair_is_replaced_one_for_one() -> None:
    spans, articles = frames(
        MODEL.label_many([Article("x\ud83d regime", extra={"note": "\udc00"})]), MODEL.thresholds
    )
    text, start, end = articles["text"][0], spans["start"][0], spans["end"][0]
    assert text == "x\ufffd regime"
    assert text[start:end] == "regime"


def test_span_frame_has_the_columns_of_the_contract() -> None:
    assert list(span_frame(MODEL.label(ARTICLES[0]).spans)) == list(SPAN_COLUMNS)
    assert list(span_frame([])) == list(SPAN_COLUMNS)


def test_repr_says_how_much_and_which_model(scores: Scores) -> None:
    assert repr(scores) == "<Scores: 3 articles, 4 spans, model regime c0ffeec0ffee>"


def test_a_folder_reads_back_as_what_the_model_said(folder: Path) -> None:
    read = read_scores(folder)
    written = [Article(a.text, a.article_id, title=a.title) for a in ARTICLES]
    direct = Scores.from_labelled(MODEL.label_many(written), MODEL)
    pd.testing.assert_frame_equal(read.spans, direct.spans)
    pd.testing.assert_frame_equal(read.articles, direct.articles)
    assert read.thresholds == MODEL.thresholds
    assert read.manifest["model"] == {"name": "regime", "hash": MODEL.hash}


def test_the_text_can_be_left_unread(folder: Path) -> None:
    read = read_scores(folder, text=False)
    assert "text" not in read.articles
    assert "text" in read.spans


def test_other_tools_read_the_parts_as_one_dataset(folder: Path) -> None:
    assert len(pd.read_parquet(folder / "articles")) == 3
    assert len(pd.read_parquet(folder / "spans")) == 4


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ScoresError, match="no such folder"):
        read_scores(tmp_path / "nowhere")


def test_a_folder_of_other_things(tmp_path: Path) -> None:
    with pytest.raises(ScoresError, match=r"no manifest\.json in it"):
        read_scores(tmp_path)


@pytest.mark.parametrize(
    ("manifest", "match"),
    [
        ("{", "damaged"),
        ("[]", "not a JSON object"),
        ('{"status": "unfinished"}', "--resume"),
        ('{"status": "finished"}', "not the manifest of a scored folder"),
        ('{"status": "finished", "thresholds": [], "parts": []}', "not the manifest"),
    ],
)
def test_a_manifest_that_cannot_be_used(folder: Path, manifest: str, match: str) -> None:
    (folder / "manifest.json").write_text(manifest)
    with pytest.raises(ScoresError, match=match):
        read_scores(folder)


def test_a_missing_part(folder: Path) -> None:
    (folder / "spans" / "part-00001.parquet").unlink()
    with pytest.raises(ScoresError, match=r"part-00001\.parquet: missing"):
        read_scores(folder)


def test_a_truncated_part(folder: Path) -> None:
    part = folder / "articles" / "part-00000.parquet"
    part.write_bytes(part.read_bytes()[:-10])
    with pytest.raises(ScoresError, match=r"not the file that manifest\.json describes"):
        read_scores(folder)


def test_a_flipped_byte_is_found_on_demand(folder: Path) -> None:
    read_scores(folder, verify=True)
    part = folder / "articles" / "part-00000.parquet"
    data = bytearray(part.read_bytes())
    data[len(data) // 2] ^= 1
    part.write_bytes(bytes(data))
    with pytest.raises(ScoresError, match=r"not the file that manifest\.json describes"):
        read_scores(folder, verify=True)


def test_a_part_of_another_run(folder: Path) -> None:
    part = folder / "spans" / "part-00001.parquet"
    part.with_name("part-00007.parquet").write_bytes(part.read_bytes())
    with pytest.raises(ScoresError, match="mixes two runs"):
        read_scores(folder)
