"""The embedded `accurate` model: the same path as `fast`, with an encoder beside it."""

from __future__ import annotations

import pickle
import subprocess
import sys
import time
from pathlib import Path

import pytest

from slantwise import FramingModel, load_model
from slantwise.model import EMBEDDED
from slantwise.records import Article

TEXTS = [
    "Critics slammed the plan. The vote was on Monday.",
    "The envoy said the regime “must fall”. It rained in Casseline all night.",
    "Two soldiers were killed in an air strike near the ridge.",
    "READ MORE: Why the shameless liars want your money\n\nThe council met on Friday.",
    "",
    "The brutal thugs of the junta unleashed yet another bloody onslaught on our heroes. " * 30,
]
ARTICLES = [Article(text, article_id=str(number)) for number, text in enumerate(TEXTS)]


pytestmark = pytest.mark.skipif(
    not (EMBEDDED / "accurate.slantwise").is_file(), reason="no accurate model is embedded yet"
)


@pytest.fixture(scope="module")
def model() -> FramingModel:
    return load_model("accurate")


def test_it_is_the_default(model: FramingModel) -> None:
    assert load_model() is model
    assert model.name == "accurate"


def test_it_is_small_and_loads_fast() -> None:
    assert (EMBEDDED / "accurate.slantwise").stat().st_size <= 25_000_000
    code = (
        "import time, slantwise.model as m; m.load_model('fast');"
        "s = time.process_time(); m.load_model('accurate')._label_chunk([]);"
        "print(time.process_time() - s)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 2.0  # half a second on a quiet machine


def test_an_article_is_labelled_alike_alone_and_in_company(model: FramingModel) -> None:
    together = list(model.label_many(ARTICLES))
    for article, one in zip(ARTICLES, together, strict=True):
        alone = model.label(article)
        assert [(s.start, s.end, s.label, s.voice) for s in alone.spans] == [
            (s.start, s.end, s.label, s.voice) for s in one.spans
        ]
        assert [s.score for s in alone.spans] == pytest.approx(
            [s.score for s in one.spans], abs=1e-4
        )
        assert alone.bias == pytest.approx(one.bias, abs=1e-4)


def test_loaded_words_are_found_and_plain_ones_left(model: FramingModel) -> None:
    found = [[span.text for span in one.counted] for one in model.label_many(ARTICLES)]
    assert "slammed" in found[0]
    assert found[2] == []
    assert found[4] == []


def test_boilerplate_is_left_unscored(model: FramingModel) -> None:
    spans = model.label(ARTICLES[3]).spans
    assert all(span.start > TEXTS[3].index("\n") for span in spans)


def test_offsets_are_of_the_text(model: FramingModel) -> None:
    for one in model.label_many(ARTICLES):
        assert all(one.article.text[span.start : span.end] == span.text for span in one.spans)


def test_it_goes_to_workers(model: FramingModel) -> None:
    copy = pickle.loads(pickle.dumps(model))
    assert copy.label(ARTICLES[0]).spans == model.label(ARTICLES[0]).spans


def test_saving_and_loading_changes_nothing(model: FramingModel, tmp_path: Path) -> None:
    path = tmp_path / "again.slantwise"
    assert model.save(path) == load_model(path).hash
    assert load_model(path).label(ARTICLES[0]).spans == model.label(ARTICLES[0]).spans


def test_time_grows_with_the_text(model: FramingModel) -> None:
    small, large = TEXTS[-1], TEXTS[-1] * 10
    model.label(small)
    started = time.process_time()
    model.label(small)
    middle = time.process_time()
    model.label(large)
    # Ten times the text; a quadratic reading would take a hundred times as long.
    assert time.process_time() - middle < 30 * (middle - started) + 2.0
