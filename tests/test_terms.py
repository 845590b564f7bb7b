"""A model that goes by an analyst's codebook: terms that always or never count, and actors."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from tiny_model import tiny_model

from slantwise.batch import made_by, score_to_folder
from slantwise.codebook import Actor, ActorBook, TermBook
from slantwise.errors import InputError
from slantwise.model import FramingModel, load_model
from slantwise.records import Article
from slantwise.scores import read_scores

TEXT = "The brutal regime of Dolmar fell. The ferry sailed on."


@pytest.fixture(scope="module")
def model() -> FramingModel:
    return tiny_model()


def found(model: FramingModel, text: str = TEXT) -> list[tuple[str, str]]:
    return [(span.text, span.label) for span in model.label(text).spans]


def test_what_never_counts_is_not_there(model: FramingModel) -> None:
    (text, label), *_ = found(model)
    without = model.with_codebook(terms=TermBook(never={label: (text.upper(),)}))
    assert (text, label) not in found(without)


def test_another_label_of_the_same_words_stays(model: FramingModel) -> None:
    without = model.with_codebook(terms=TermBook(never={"flag-waving": (found(model)[0][0],)}))
    assert found(without) == found(model)


def test_what_always_counts_is_certain(model: FramingModel) -> None:
    marked = model.with_codebook(terms=TermBook(always={"doubt": ("ferry",)}))
    (span,) = [one for one in marked.label(TEXT).spans if one.text == "ferry"]
    assert (span.label, span.score, span.voice) == ("doubt", 1.0, "outlet")
    assert TEXT[span.start : span.end] == "ferry"
    assert span in marked.label(TEXT).counted


def test_a_term_takes_the_place_of_what_it_overlaps(model: FramingModel) -> None:
    terms = TermBook(always={"exaggeration": ("brutal regime of Dolmar",)})
    spans = model.with_codebook(terms=terms).label(TEXT).spans
    assert [one.label for one in spans if one.start < 27] == ["exaggeration"]
    assert all(one.end <= other.start for one, other in pairwise(spans))


def test_a_term_in_a_quote_is_the_quotes(model: FramingModel) -> None:
    marked = model.with_codebook(terms=TermBook(always={"doubt": ("ferry",)}))
    (span,) = [
        one for one in marked.label("“The ferry sank,” Olund said.").spans if one.text == "ferry"
    ]
    assert (span.voice, span.speaker) == ("quote", "Olund")


def test_actors_have_the_names_of_the_codebook() -> None:
    book = ActorBook((Actor("Republic of Kestria", ("Kestrian government",)),))
    model = load_model("fast", actors=book)
    labelled = model.label("Odo Finch slammed the Kestrian government on Monday.")
    (span,) = [one for one in labelled.spans if one.text == "slammed"]
    assert span.target is not None
    assert span.actor == "Republic of Kestria"


def test_the_fuller_name_of_the_article_is_the_actors() -> None:
    text = "President Ada Moss came on Monday. On Tuesday critics slammed Moss over the dam."
    (span,) = [one for one in load_model("fast").label(text).spans if one.text == "slammed"]
    assert (span.target, span.actor) == ("Moss", "Ada Moss")


def test_a_model_without_a_codebook_is_as_it_was(model: FramingModel) -> None:
    assert found(model.with_codebook()) == found(model)
    assert made_by(model.with_codebook()) == model.hash


def test_files_are_read(tmp_path: Path, model: FramingModel) -> None:
    path = tmp_path / "terms.yaml"
    path.write_text("always: {doubt: [ferry]}")
    assert ("ferry", "doubt") in found(model.with_codebook(terms=path))
    with pytest.raises(InputError, match="can't be read"):
        load_model("fast", actors=tmp_path / "none.yaml")


def test_scores_keep_the_codebook_and_another_makes_other_parts(
    tmp_path: Path, model: FramingModel
) -> None:
    book = ActorBook((Actor("Dolmar", ("Dolmarian",)),))
    one = replace(model, hash="x" * 64).with_codebook(actors=book)
    source, output = tmp_path / "a.jsonl", tmp_path / "out"
    source.write_text(json.dumps({"text": TEXT}) + "\n")
    score_to_folder(one, source, output)
    kept = read_scores(output).manifest["codebook"]["actors"]["actors"]
    assert [row["name"] for row in kept] == ["Dolmar"]
    again = score_to_folder(one, source, output, resume=True)
    assert again["counts"]["parts_kept"] == 1
    other = one.with_codebook(terms=TermBook(always={"doubt": ("ferry",)}))
    assert score_to_folder(other, source, output, resume=True)["counts"]["parts_kept"] == 0


def test_labels_of_many_articles_do_not_mix(model: FramingModel) -> None:
    marked = model.with_codebook(terms=TermBook(always={"doubt": ("ferry",)}))
    both = list(marked.label_many([Article("The army fell."), Article(TEXT)]))
    assert [one.text for one in both[1].spans] == [one.text for one in marked.label(TEXT).spans]
