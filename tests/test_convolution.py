"""Reading with a convolution: the same answers in any company. What the bytes should say is
tested where they are made (test_context.py)."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from slantwise import FramingModel, load_model
from slantwise.answers import ANSWERS
from slantwise.convolution import Convolution
from slantwise.errors import ModelError
from slantwise.packing import pack, unpack
from slantwise.spread import Spread
from slantwise.storage import ModelFile
from slantwise.text import read_document

TEXTS = ["The regime fell. Rain fell on it.", "Rain.", "", "“Never,” said the regime. It fell."]


@pytest.fixture(scope="module")
def model() -> FramingModel:
    return load_model("fast")


@pytest.fixture(scope="module")
def convolution(model: FramingModel) -> Convolution:
    (reader,) = model.readers
    assert isinstance(reader, Convolution)
    return reader


def spread(model: FramingModel, *texts: str) -> Spread:
    return model.spread([read_document(text, unscored=()) for text in texts])


def test_a_word_is_read_in_its_context(convolution: Convolution, model: FramingModel) -> None:
    pair = spread(model, "The regime slammed critics.", "The boss slammed doors.")
    first, second = np.split(convolution.read(pair), [5])
    loaded = ANSWERS.index("begin")
    assert np.abs(first[2] - second[2]).max() > 0.1  # the same verb
    assert first[1, loaded] > first[0, loaded] + 1  # regime, the


def test_documents_do_not_touch_each_other(convolution: Convolution, model: FramingModel) -> None:
    together = convolution.read(spread(model, *TEXTS * 400))
    alone = np.concatenate([convolution.read(spread(model, text)) for text in TEXTS] * 400)
    assert np.array_equal(together, alone)


def test_boilerplate_is_not_heard(convolution: Convolution, model: FramingModel) -> None:
    text = "The regime fell.\nShare on Facebook\nRain fell on the town."
    tokens = [".", "Share"]
    heard = model.spread([read_document(text)])
    assert not heard.scored[[heard.layout.words.index(one) for one in tokens]][1]
    for other in ("Share on Twitter", "Share on WhatsApp"):
        again = model.spread([read_document(text.replace("Share on Facebook", other))])
        assert np.array_equal(
            convolution.read(heard)[heard.scored], convolution.read(again)[again.scored]
        )


def test_nothing_to_read(convolution: Convolution, model: FramingModel) -> None:
    assert convolution.read(spread(model)).shape == (0, len(ANSWERS))
    assert convolution.read(spread(model, "")).shape == (0, len(ANSWERS))


def test_another_process_reads_the_same(convolution: Convolution, model: FramingModel) -> None:
    text = spread(model, *TEXTS)
    before = convolution.read(text)
    assert np.array_equal(pickle.loads(pickle.dumps(convolution)).read(text), before)


def test_a_model_file_keeps_it(model: FramingModel, tmp_path: Path) -> None:
    model.save(tmp_path / "one.slantwise")
    again = load_model(tmp_path / "one.slantwise")
    assert again.pooling == model.pooling and again.bias_pool == model.bias_pool
    text = "Critics slammed the brutal regime. Rain fell."
    assert again.label(text).spans == model.label(text).spans


def test_one_in_floating_point_is_refused(model: FramingModel) -> None:
    content = pack(model)
    arrays = {**content.arrays, "convolution.0.matrix": np.zeros((2, 2), dtype=np.float32)}
    older = ModelFile(content.settings, content.words, arrays)
    with pytest.raises(ModelError, match="train it again"):
        unpack(replace(older, sha256="1"))
