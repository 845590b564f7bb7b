"""Scores for other programs: what they read must be what was found."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tiny_scores import ARTICLES, tiny_scores

from slantwise.errors import UsageError
from slantwise.exporting import FORMATS, export
from slantwise.spreadsheets import as_csv, as_written, harmless
from slantwise.standoff import standoff


def test_csv_and_json_hold_what_counts(tmp_path: Path) -> None:
    export(tiny_scores(), tmp_path / "csv", "csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "csv/spans.csv").read_text("utf-8-sig"))))
    export(tiny_scores(), tmp_path / "json", "json")
    spans = json.loads((tmp_path / "json/spans.json").read_text("utf-8"))
    assert len(rows) == len(spans) == 11
    assert rows[0]["text"] == spans[0]["text"] == "Fury"
    assert rows[0]["target"] == ""
    assert spans[0]["target"] is None
    assert rows[0]["evidence"] == "the word “Fury”"
    assert spans[0]["evidence"] == ["the word “Fury”"]
    articles = json.loads((tmp_path / "json/articles.json").read_text("utf-8"))
    assert [one["article_id"] for one in articles] == [one["article_id"] for one in ARTICLES]


def test_parquet_keeps_types(tmp_path: Path) -> None:
    paths = export(tiny_scores(), tmp_path / "out", "parquet", min_score=0.0)
    spans = pd.read_parquet(paths[0])
    assert len(spans) == 12
    assert spans["score"].dtype == "float32"
    assert list(spans["evidence"].iloc[0]) == ["the word “Fury”"]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "  =1", "=cmd|' /C'!A"])
def test_formulas_are_text(cell: str) -> None:
    assert str(harmless(cell)) == f"'{cell}"
    assert as_written(str(harmless(cell))) == cell


@pytest.mark.parametrize("cell", ["'t is", "plain", "", "a=b", -1.5, None])
def test_what_is_no_formula_stays(cell: object) -> None:
    assert harmless(cell) == cell


def test_no_cell_of_a_csv_runs() -> None:
    frame = pd.DataFrame({"=name": ["=1+1", None], "n": [-1.5, 2.0], "list": [["=1", "b"], []]})
    rows = list(csv.reader(io.StringIO(as_csv(frame))))
    assert rows == [["'=name", "n", "list"], ["'=1+1", "-1.5", "'=1; b"], ["", "2.0", ""]]


# -- W3C Web Annotations -----------------------------------------------------------------


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    records = [one | {"url": "https://example.org/dam"} if one["article_id"] == "c1" else one
               for one in ARTICLES]  # fmt: skip
    folder = tmp_path_factory.mktemp("annotations") / "out"
    (path,) = export(tiny_scores(*records), folder, "webannotation")
    assert path.name == "annotations.jsonld"
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def test_a_collection_has_what_the_standard_asks_for(collection: dict[str, Any]) -> None:
    assert collection["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    assert collection["type"] == "AnnotationCollection"
    items = collection["first"]["items"]
    assert collection["total"] == len(items) == 11
    assert collection["first"]["type"] == "AnnotationPage"
    assert len({one["id"] for one in items}) == 11
    for one in items:
        assert one["type"] == "Annotation"
        assert one["target"]["source"]["id"].startswith("urn:slantwise:article:")


def test_selectors_find_the_words(collection: dict[str, Any]) -> None:
    texts = {row["article_id"]: row for row in tiny_scores().articles.to_dict("records")}
    for one in collection["first"]["items"]:
        *_, article_id, field = one["target"]["source"]["id"].split(":")
        position, quotation = one["target"]["selector"]
        text = texts[article_id][field]
        assert text[position["start"] : position["end"]] == quotation["exact"]
        around = quotation["prefix"] + quotation["exact"] + quotation["suffix"]
        assert around in text


def test_bodies_say_label_and_voice(collection: dict[str, Any]) -> None:
    (one,) = [one for one in collection["first"]["items"]
              if one["target"]["selector"][1]["exact"] == "disaster"]  # fmt: skip
    assert one["body"][0]["source"] == "urn:slantwise:label:exaggeration"
    assert one["body"][0]["purpose"] == one["motivation"] == "classifying"
    assert one["body"][1]["value"] == "exaggeration, voice: quote, about Parliament, negative"
    assert one["slantwise:voice"] == "quote"
    assert one["slantwise:speaker"] == "Finch"
    assert one["target"]["source"]["slantwise:url"] == "https://example.org/dam"


# -- brat --------------------------------------------------------------------------------


def test_standoff_points_at_the_words(tmp_path: Path) -> None:
    assert export(tiny_scores(), tmp_path / "brat", "brat") == [tmp_path / "brat"]
    text = (tmp_path / "brat/c1.txt").read_bytes().decode()
    lines = (tmp_path / "brat/c1.ann").read_text("utf-8").splitlines()
    assert text.startswith("Fury over dam\n\nThe shameless vote")
    bound = [line.split("\t") for line in lines if line.startswith("T")]
    assert [words for *_, words in bound] == ["Fury", "shameless", "disaster"]
    for _, place, words in bound:
        _, start, end = place.split()
        assert text[int(start) : int(end)] == words
    assert "A1\tVoice T1 outlet" in lines
    assert "A3\tValence T2 negative" in lines
    assert any(
        line.startswith("#3\tAnnotatorNotes T3\tcertainty 0.90; speaker: Finch") for line in lines
    )


def test_every_article_has_both_files_and_the_scheme_is_declared(tmp_path: Path) -> None:
    export(tiny_scores(), tmp_path, "brat")
    names = {path.stem for path in tmp_path.glob("*.txt")}
    assert names == {path.stem for path in tmp_path.glob("*.ann")}
    assert len(names) == len(ARTICLES)
    conf = (tmp_path / "annotation.conf").read_text()
    assert "[entities]\nimputed-motive\n" in conf
    assert "Voice\tArg:<ENTITY>, Value:outlet|quote|reported|scare" in conf


def test_a_span_over_a_line_break_is_written_in_pieces() -> None:
    span = {
        "field": "text",
        "start": 2,
        "end": 9,
        "label": "doubt",
        "voice": "outlet",
        "score": 0.5,
    }
    found = standoff({"text": "a bad\r\njoke told"}, [span | {"end": 11}])
    assert found.annotations.splitlines()[0] == "T1\tdoubt 2 5;7 11\tbad joke"


def test_an_id_can_not_leave_the_folder(tmp_path: Path) -> None:
    export(tiny_scores({"article_id": "../../up", "text": "Rain."}), tmp_path / "in", "brat")
    assert [path.name for path in tmp_path.iterdir()] == ["in"]
    assert (tmp_path / "in/up.txt").is_file()


# -- refusals ----------------------------------------------------------------------------


def test_what_can_not_be_exported(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no format 'xml'; there are csv, parquet"):
        export(tiny_scores(), tmp_path, "xml")
    with pytest.raises(UsageError, match="no text, which brat needs"):
        export(tiny_scores(text=False), tmp_path, "brat")
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="holds something already"):
        export(tiny_scores(), tmp_path, "csv")


def test_the_command_knows_every_format() -> None:
    from slantwise.cli.checking import EXPORTS

    assert set(EXPORTS) == set(FORMATS)
