"""BASIL: the official layout, and sentences and voices of invented articles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tiny_model import tiny_model

import benchmarks.common as common
from benchmarks import basil
from benchmarks.corpora.basil import read_basil
from slantwise.errors import InputError

PARAGRAPHS = [
    ["The vile regime of Dolmar fell.", "The plan ended."],
    ["“The vile plan of Kestria ended,” Ada Moss said."],
]


def label(identity: str, words: str, bias: str = "lex", quote: str = "no") -> dict[str, Any]:
    sentences = [sentence for paragraph in PARAGRAPHS for sentence in paragraph]
    text = "A vile title" if identity == "title" else sentences[int(identity[1:])]
    start = text.index(words)
    return {"id": identity, "start": start, "end": start + len(words), "txt": words,
            "bias": bias, "quote": quote}  # fmt: skip


def basil_folder(folder: Path, name: str, labels: list[dict[str, Any]], event: str = "e") -> Path:
    for kind in ("articles", "annotations"):
        (folder / kind / "2031").mkdir(parents=True, exist_ok=True)
    article = {"uuid": name, "triplet-uuid": event, "source": "wire", "title": "A vile title",
               "body-paragraphs": PARAGRAPHS}  # fmt: skip
    annotations = {"phrase-level-annotations": labels}
    (folder / "articles" / "2031" / f"{name}.json").write_text(json.dumps(article))
    (folder / "annotations" / "2031" / f"{name}_ann.json").write_text(json.dumps(annotations))
    return folder


@pytest.fixture(autouse=True)
def embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(common, "load_model", lambda _: tiny_model())


def test_the_official_layout_is_read(tmp_path: Path) -> None:
    labels = [label("p2", "vile plan", quote="yes"), label("title", "vile", bias="inf")]
    (article,) = read_basil(basil_folder(tmp_path, "one", labels))
    assert (article.article_id, article.event, article.outlet) == ("one", "e", "wire")
    assert article.sentences == [*PARAGRAPHS[0], *PARAGRAPHS[1]]
    first, title = article.spans
    assert article.sentences[first.sentence][first.start : first.end] == "vile plan"
    assert (first.lexical, first.quoted) == (True, True)
    assert (title.sentence, title.lexical, title.quoted) == (-1, False, False)


def test_an_article_without_its_annotations(tmp_path: Path) -> None:
    basil_folder(tmp_path, "one", [])
    (tmp_path / "annotations" / "2031" / "one_ann.json").unlink()
    with pytest.raises(InputError, match=r"one_ann\.json: no such file beside"):
        read_basil(tmp_path)


def test_an_article_that_is_not_of_basil(tmp_path: Path) -> None:
    basil_folder(tmp_path, "one", [])
    (tmp_path / "articles" / "2031" / "one.json").write_text('{"uuid": "one"}')
    with pytest.raises(InputError, match=r"one\.json: not an article of BASIL"):
        read_basil(tmp_path)


def test_a_folder_that_is_not_basil(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is it BASIL"):
        read_basil(tmp_path)


def test_sentences_keep_their_place_in_the_text(tmp_path: Path) -> None:
    (article,) = read_basil(basil_folder(tmp_path, "one", []))
    text, starts = basil.text_of(article)
    for start, sentence in zip(starts, article.sentences, strict=True):
        assert text[start : start + len(sentence)] == sentence
    assert text.count("\n\n") == 1


def test_a_sentence_has_the_score_of_its_best_span() -> None:
    # The second span lies over the border of both.
    spans = [(0, 2, 0.25), (4, 8, 0.5)]
    assert basil.sentence_scores([0, 6, 12], ["abcde", "fghij", "klm"], spans).tolist() == (
        [0.5, 0.5, 0]
    )


def test_basil_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    labels = [
        label("p0", "vile regime"),
        label("p1", "ended"),
        label("p2", "vile plan", quote="yes"),
        label("p1", "plan", bias="inf", quote="yes"),
    ]
    basil_folder(tmp_path, "one", labels, "e1")
    basil_folder(tmp_path, "two", labels, "e2")
    out = tmp_path / "out"
    assert basil.main(["--data", str(tmp_path), "--json", "--predictions", str(out)]) == 0
    metrics = json.loads(capsys.readouterr().out)
    rows = [json.loads(line) for line in (out / "basil.jsonl").read_text().splitlines()]
    assert [row["predicted"] for row in rows] == [True, False, True] * 2
    # Two of three lexical sentences, and nothing else.
    assert metrics["lexical_sentence_f1"] == pytest.approx(2 * 2 / (2 + 3))
    # "plan" in the second sentence is no quote, whatever its label says.
    assert metrics["voice_accuracy"] == 0.75
    assert (metrics["n_articles"], metrics["n_sentences"]) == (2, 6)
    assert metrics["voice_accuracy_low"] == metrics["voice_accuracy_high"] == 0.75
