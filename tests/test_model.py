"""The embedded model: one article, many, frames, files, and what it must leave alone."""

from __future__ import annotations

import json
import pickle
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from slantwise.errors import ModelError
from slantwise.evidence import TOGETHER
from slantwise.model import LEAST_SCORE, FramingModel, LabelledArticle, load_model
from slantwise.records import LABELS, VALENCES, VOICES, Article, Span
from slantwise.tables import SPAN_COLUMNS, at_threshold

SEEDS = Path(__file__).parents[1] / "seeds"

LOADED = (
    "Critics slammed the shameful plan. The brutal regime, they said, was bent on a land grab.\n\n"
    "“This is a disgrace and a naked betrayal,” Ada Moss told reporters. "
    "The “reform” closed nine schools."
)
PLAIN = (
    "Kestria said four of its soldiers were killed. The two staffs spoke over a hotline on "
    "Thursday and will do so again on Friday, officials on both sides said."
)


@pytest.fixture(scope="module")
def model() -> FramingModel:
    return load_model("fast")


@pytest.fixture(scope="module")
def sample() -> list[Article]:
    """The sample corpus, with a few articles that are hard on arrays."""
    rows = [json.loads(line) for line in (SEEDS / "labels.jsonl").read_text("utf-8").splitlines()]
    articles = [
        Article(row["text"], row["article_id"], row["outlet"], row["date"], row["title"])
        for row in rows
    ]
    hard = [
        Article("", "empty"),
        Article(LOADED, "loaded", title="Fury over shameful plan"),
        Article("Regime", "one word"),
        Article('It ended: "', "a mark at the end"),
        Article("Feigning concern, the regime slammed its critics.", "begins loaded"),
        Article(" \n\n\t", "space"),
        Article("A shameless onslaught", "no stop"),
        Article(PLAIN, "plain"),
    ]
    return [article for pair in zip(articles, hard, strict=False) for article in pair] + articles[
        8:
    ]


@pytest.fixture(scope="module")
def labelled(model: FramingModel, sample: list[Article]) -> list[LabelledArticle]:
    return list(model.label_many(sample))


def counted(model: FramingModel, text: str) -> list[str]:
    return [span.text for span in model.label(text).counted]


# -- one article -------------------------------------------------------------------------


def test_a_text_is_labelled(model: FramingModel) -> None:
    found = model.label("Critics slammed the plan on Monday.", outlet="Harbour Wire")
    (span,) = found.counted
    assert (span.text, span.label, span.voice) == ("slammed", "loaded-language", "outlet")
    assert (span.start, span.end, span.field) == (8, 15, "text")
    assert (span.sentence_start, span.sentence_end) == (0, 35)
    assert (span.outlet, span.article_id) == ("Harbour Wire", "")
    assert (found.n_words, found.n_outlet_words, found.n_quote_words) == (6, 6, 0)


def test_a_text_is_an_article_of_its_outlet(model: FramingModel) -> None:
    assert model.label(LOADED, outlet="Post") == model.label(Article(LOADED, outlet="Post"))


def test_what_a_record_says_of_itself_is_carried_into_its_spans(model: FramingModel) -> None:
    article = Article(LOADED, "a1", "Harbour Wire", "2031-03-13")
    labelled = model.label(article)
    assert labelled.article is article
    assert {(one.article_id, one.outlet, one.date) for one in labelled.spans} == {
        ("a1", "Harbour Wire", "2031-03-13")
    }


def test_voices_are_those_of_who_speaks(model: FramingModel) -> None:
    spans = model.label(LOADED).spans
    quoted = [span for span in spans if span.start > LOADED.index("“This") and "”" not in span.text]
    assert ("quote", "Ada Moss") in {(span.voice, span.speaker) for span in quoted}
    (reform,) = [span for span in spans if span.text == "reform"]
    assert (reform.label, reform.voice, reform.speaker) == ("scare-quotes", "scare", None)


def test_words_are_counted_by_voice(model: FramingModel) -> None:
    found = model.label("“It is over now,” Ada Moss said. She said that rain fell.")
    # Ada Moss said She said | It is over now | that rain fell
    assert found.n_quote_words == 4
    assert found.n_words == 12
    assert found.n_outlet_words + found.n_quote_words + found.n_reported_words == 12
    assert 2 <= found.n_reported_words <= 3


def test_spans_are_as_the_contract_has_them(labelled: list[LabelledArticle]) -> None:
    spans = [(one.article, span) for one in labelled for span in one.spans]
    assert len(spans) > 100
    for article, span in spans:
        field = getattr(article, span.field)
        assert field[span.start : span.end] == span.text
        assert span.sentence_start <= span.start < span.end <= len(field)
        assert span.start < span.sentence_end
        assert span.label in LABELS
        assert span.voice in VOICES
        assert (span.label == "scare-quotes") == (span.voice == "scare")
        assert LEAST_SCORE <= span.score <= 1
        assert span.speaker is None or span.voice in ("quote", "reported")
        assert span.speaker is None or span.speaker in field
        assert span.target is None or span.target in field
        assert (span.valence is None) == (span.target is None)
        assert span.valence is None or span.valence in VALENCES


def test_spans_are_in_order_and_do_not_overlap(labelled: list[LabelledArticle]) -> None:
    for one in labelled:
        for before, after in pairwise(one.spans):
            if before.field == after.field:
                assert before.end <= after.start
            else:
                assert (before.field, after.field) == ("title", "text")


def test_articles_are_as_the_contract_has_them(labelled: list[LabelledArticle]) -> None:
    for one in labelled:
        assert one.genre in ("news", "opinion")
        assert 0.5 <= one.genre_score <= 1
        assert 0 <= one.bias <= 1
        assert one.language == "en"
        assert one.n_words == one.n_outlet_words + one.n_quote_words + one.n_reported_words


def test_every_counted_span_says_why(labelled: list[LabelledArticle]) -> None:
    spans = [span for one in labelled for span in one.counted]
    assert len(spans) > 20
    for span in spans:
        assert 1 <= len(span.evidence) <= 4
        assert all(isinstance(reason, str) and reason for reason in span.evidence)
    of_words = [span for span in spans if span.label != "scare-quotes"]
    reasons = [reason for span in of_words for reason in span.evidence]
    assert all(re.search(r"“\w", reason) or reason == TOGETHER for reason in reasons)
    assert sum(reason == TOGETHER for reason in reasons) < 0.1 * len(reasons)


# -- what counts -------------------------------------------------------------------------


def test_counted_spans_reach_the_threshold_of_their_label(
    model: FramingModel, labelled: list[LabelledArticle]
) -> None:
    assert set(model.thresholds) == set(LABELS)
    for one in labelled:
        flags = at_threshold(
            [span.label for span in one.spans], [span.score for span in one.spans], model.thresholds
        )
        assert one.counted == [span for span, yes in zip(one.spans, flags, strict=True) if yes]


def test_a_score_at_its_threshold_counts_in_single_precision(model: FramingModel) -> None:
    span = model.label("Critics slammed the plan.").spans[0]
    for threshold in (0.7, 0.6, 0.55, 0.123):
        at_it = replace(span, score=float(np.float32(threshold)))
        labelled = replace(model.label("Rain."), spans=[at_it], thresholds={span.label: threshold})
        assert labelled.counted == [at_it]


# -- what it must leave alone --------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Two Turkish soldiers were killed in an air strike in Idlib.",
        "Three people were wounded when a shell hit a hospital on Monday.",
        "The talks failed, officials on both sides said.",
        "The rebels and the government agreed on a ceasefire.",
        "The minister said the firm had cut 40 jobs in order to save costs.",
        "The storm left 2,000 homes without power.",
        "Police arrested two men after a fire at the docks.",
        "The council voted 7 to 2 to build the bridge.",
        PLAIN,
    ],
)
def test_plain_news_carries_no_counted_span(model: FramingModel, text: str) -> None:
    assert counted(model, text) == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Police liberated eleven hostages who had been held in a customs house.", "liberated"),
        ("Engineers neutralised the acid with lime before it reached the river.", "neutralised"),
        ("Merrow is the largest city in the country.", "largest"),
        ("The children raised the flag in front of the school.", "flag"),
        ("Her novel “The Long Water” appears in May.", "The Long Water"),
        pytest.param(
            "The company blasted a tunnel through the rock.",
            "blasted",
            marks=pytest.mark.xfail(strict=True, reason="taken for an attack"),
        ),
    ],
)
def test_words_meant_literally_carry_no_counted_span(
    model: FramingModel, text: str, word: str
) -> None:
    assert not [span for span in counted(model, text) if word in span or span in word]


@pytest.mark.parametrize("text", ["", " ", "\n\n\t ", "\u200b", "…", "“”"])
def test_a_text_without_words_has_no_span(model: FramingModel, text: str) -> None:
    found = model.label(text)
    assert found.spans == []
    assert (found.n_words, found.n_outlet_words) == (0, 0)
    assert 0 <= found.bias <= 1
    assert found.language == "en"
    assert len(found.to_frame()) == 0


def test_an_article_in_another_language_says_so(model: FramingModel) -> None:
    dutch = "De veerboot vertrok maandag en niemand op het eiland zei dat hij te laat was. " * 3
    assert model.label(dutch).language == "nl"


# -- titles ------------------------------------------------------------------------------


TITLE = "Critics slam shameful dam plan"
BODY = "Parliament passed the law on Monday. Nobody came to the talks."


def test_a_title_is_labelled_in_its_own_offsets(model: FramingModel) -> None:
    found = model.label(Article(BODY, title=TITLE))
    assert found.spans
    assert {span.field for span in found.spans} == {"title"}
    assert all(TITLE[span.start : span.end] == span.text for span in found.spans)
    assert found.n_words == 5 + 11


def test_a_title_that_the_text_repeats_counts_once(model: FramingModel) -> None:
    once = model.label(Article(BODY, title=TITLE))
    twice = model.label(Article(f"{TITLE}\n\n{BODY}", title=TITLE))
    assert [(span.field, span.text) for span in twice.counted] == [
        (span.field, span.text) for span in once.counted
    ]
    assert twice.n_words == once.n_words
    assert twice.bias == pytest.approx(once.bias)
    assert twice.genre_score == pytest.approx(once.genre_score)


@pytest.mark.parametrize("title", ["", " \n"])
def test_an_empty_title_is_none(model: FramingModel, title: str) -> None:
    found = model.label(Article(LOADED, title=title))
    assert found.spans == model.label(LOADED).spans


def test_boilerplate_is_not_labelled(model: FramingModel) -> None:
    tail = "\n\nShare this article\n\nYou might also like: Brutal regime slammed over vile plot"
    found = model.label(LOADED + tail)
    assert [span for span in found.spans if span.start >= len(LOADED)] == []
    assert found.n_words == model.label(LOADED).n_words
    assert found.bias == pytest.approx(model.label(LOADED).bias)


# -- many articles -----------------------------------------------------------------------


def differing(one: LabelledArticle, other: LabelledArticle) -> list[str]:
    """Return where two labelled articles differ, to the last bit."""
    names = [name for name in vars(one) if getattr(one, name) != getattr(other, name)]
    return [f"{name}: {getattr(one, name)!r} != {getattr(other, name)!r}"[:300] for name in names]


@pytest.mark.parametrize(
    "order",
    [
        lambda articles: articles[::-1],
        lambda articles: articles[5:9],
        lambda articles: [article for article in articles for _ in range(2)],
    ],
    ids=["backwards", "a few", "twice"],
)
def test_an_article_is_labelled_the_same_in_any_company(
    model: FramingModel,
    sample: list[Article],
    labelled: list[LabelledArticle],
    order: Callable[[Sequence[Article]], list[Article]],
) -> None:
    expected = {one.article.article_id: one for one in labelled}
    for one in model.label_many(order(sample)):
        assert differing(one, expected[one.article.article_id]) == []


def test_an_article_is_labelled_the_same_alone(
    model: FramingModel, sample: list[Article], labelled: list[LabelledArticle]
) -> None:
    for article, expected in zip(sample, labelled, strict=True):
        assert differing(model.label(article), expected) == []


def test_what_was_labelled_before_changes_nothing(sample: list[Article]) -> None:
    model = load_model("fast")
    fresh = pickle.loads(pickle.dumps(model))
    list(fresh.label_many([Article("Zyx qwv " * 50, "noise")] * 3))
    assert differing(fresh.label(LOADED), model.label(LOADED)) == []


def test_articles_come_back_in_order_and_as_they_come(model: FramingModel) -> None:
    taken: list[str] = []

    def stream() -> Any:
        for number in range(200):
            taken.append(str(number))
            yield Article("Critics slammed the plan.", str(number))

    labelled = model.label_many(stream())
    assert next(labelled).article.article_id == "0"
    assert len(taken) < 200
    assert [one.article.article_id for one in labelled] == [str(n) for n in range(1, 200)]


def test_no_articles(model: FramingModel) -> None:
    assert list(model.label_many([])) == []
    scores = model.score([])
    assert len(scores.spans) == len(scores.articles) == 0


# -- frames ------------------------------------------------------------------------------


def test_to_frame_has_the_columns_of_the_contract(model: FramingModel) -> None:
    labelled = model.label(LOADED)
    frame = labelled.to_frame()
    assert list(frame) == list(SPAN_COLUMNS)
    assert frame["text"].tolist() == [span.text for span in labelled.spans]
    assert frame["start"].tolist() == [span.start for span in labelled.spans]
    assert frame["evidence"].tolist() == [list(span.evidence) for span in labelled.spans]
    assert str(frame["score"].dtype) == "float32"


def test_score_says_what_label_says(
    model: FramingModel, sample: list[Article], labelled: list[LabelledArticle]
) -> None:
    scores = model.score(sample)
    assert scores.articles["article_id"].tolist() == [one.article.article_id for one in labelled]
    assert scores.spans["text"].tolist() == [span.text for one in labelled for span in one.spans]
    assert scores.articles["n_spans"].tolist() == [len(one.counted) for one in labelled]
    assert len(scores.counted()) == sum(len(one.counted) for one in labelled)
    assert scores.thresholds == model.thresholds


def test_two_processes_say_what_one_says(model: FramingModel, sample: list[Article]) -> None:
    many = [replace(one, article_id=f"{one.article_id}{n}") for n in range(4) for one in sample]
    one, two = model.score(many), model.score(iter(many), n_jobs=2)
    pd.testing.assert_frame_equal(two.spans, one.spans)
    pd.testing.assert_frame_equal(two.articles, one.articles)


# -- in a notebook -----------------------------------------------------------------------


def test_a_notebook_shows_the_counted_spans(model: FramingModel) -> None:
    labelled = model.label(Article(LOADED, title="Fury over shameful plan"))
    html = labelled._repr_html_()
    marks = re.findall(r"<mark[^>]*>(.*?)</mark>", html, re.DOTALL)
    assert [unescape(re.sub(r"<[^>]+>", "", mark)) for mark in marks] == [
        span.text for span in labelled.counted
    ]


def test_a_notebook_shows_markup_as_words(model: FramingModel) -> None:
    text = "<script>alert(1)</script> Critics slammed the <b>plan</b> & “left”."
    html = model.label(Article(text, outlet="<i>Post</i>", title="<img src=x onerror=y>"))
    page = html._repr_html_()
    assert "<script" not in page
    assert "<b>plan" not in page
    assert "<i>" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page


# -- files -------------------------------------------------------------------------------


def test_the_default_is_the_fast_model(model: FramingModel) -> None:
    assert load_model("fast") is model
    assert model.name == "fast"
    assert re.fullmatch(r"[0-9a-f]{64}", model.hash)


def test_the_card_says_how_labels_came_about(model: FramingModel) -> None:
    assert "language models" in model.card["How labels came about"]
    assert model.card["Not for"]


def test_a_saved_model_labels_the_same(
    model: FramingModel, labelled: list[LabelledArticle], tmp_path: Path
) -> None:
    path = tmp_path / "copy.slantwise"
    digest = model.save(path)
    copy = load_model(path)
    assert copy.hash == digest
    for one in labelled[:8]:
        assert differing(copy.label(one.article), one) == []
    assert copy.save(tmp_path / "again.slantwise") == digest


def test_a_model_file_that_changes_is_read_again(model: FramingModel, tmp_path: Path) -> None:
    path = tmp_path / "own.slantwise"
    replace(model, name="first").save(path)
    first = load_model(path)
    replace(model, name="second").save(path)
    assert (first.name, load_model(path).name) == ("first", "second")


def test_a_pickled_model_labels_the_same(model: FramingModel) -> None:
    again = pickle.loads(pickle.dumps(model))
    assert differing(again.label(LOADED), model.label(LOADED)) == []
    labelled = model.label(LOADED)
    assert pickle.loads(pickle.dumps(labelled)) == labelled


@pytest.mark.parametrize("name", ["accurat", "nowhere/model.slantwise", ""])
def test_a_model_that_is_not_there(name: str) -> None:
    with pytest.raises(ModelError, match=f"no model {name!r}: embedded are .*fast; or give a file"):
        load_model(name)


def test_a_model_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "model.slantwise"
    path.write_text("no model")
    with pytest.raises(ModelError, match=r"model\.slantwise: damaged or no slantwise model"):
        load_model(path)


def rewritten(
    model: FramingModel, path: Path, change: Callable[[dict[str, bytes]], object]
) -> Path:
    model.save(path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def with_setting(name: str, value: object) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        settings = json.loads(members["model.json"])
        settings[name] = value
        members["model.json"] = json.dumps(settings).encode()

    return change


@pytest.mark.parametrize(
    "change",
    [
        lambda members: members.pop("arrays/calibrator.labelled.npy"),
        lambda members: members.pop("arrays/weights.span.word.npy"),
        lambda members: members.update({"vocabulary.json": b'{"words": []}'}),
        with_setting("sentence_bias", []),
        with_setting("offsets", 3),
        with_setting("parts", ["nothing"]),
    ],
    ids=["an array", "weights", "stems", "a setting", "a list", "a part"],
)
def test_a_model_with_something_missing(
    model: FramingModel, tmp_path: Path, change: Callable[[dict[str, bytes]], object]
) -> None:
    path = rewritten(model, tmp_path / "part.slantwise", change)
    with pytest.raises(ModelError, match=r"part\.slantwise: "):
        load_model(path)


def test_spans_are_values() -> None:
    names = list(Span.__dataclass_fields__)
    assert names == list(SPAN_COLUMNS)
