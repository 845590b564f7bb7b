"""Reading with a convolution: the arrays do what the sums say, in any company."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from slantwise import FramingModel, load_model
from slantwise.answers import ANSWERS, log_chances
from slantwise.convolution import PART, Convolution, Layer
from slantwise.features import TypeWeights
from slantwise.pooling import Pooling, pooled
from slantwise.spread import Spread
from slantwise.text import read_document

N_COLUMNS, N_HIDDEN, WIDTH = 4, 4, 3
TEXTS = ["The regime fell. Rain fell on it.", "Rain.", "", "“Never,” said the regime. It fell."]


@pytest.fixture(scope="module")
def convolution() -> Convolution:
    rng = np.random.default_rng(3)

    def drawn(*shape: int) -> np.ndarray:
        return rng.normal(size=shape).astype(np.float32)

    return Convolution(
        drawn(N_COLUMNS),
        drawn(N_COLUMNS, N_HIDDEN),
        (
            Layer(drawn(WIDTH * N_COLUMNS, N_HIDDEN), drawn(N_HIDDEN)),
            Layer(drawn(WIDTH * N_HIDDEN, N_HIDDEN), drawn(N_HIDDEN)),
        ),
        Layer(drawn(N_HIDDEN + N_COLUMNS, len(ANSWERS)), drawn(len(ANSWERS))),
    )


@pytest.fixture(scope="module")
def model() -> FramingModel:
    """The embedded model's words with vectors that the convolution above can read."""
    fast = load_model("fast")
    rng = np.random.default_rng(4)
    blocks = [getattr(fast.weights["span"], name) for name in TypeWeights.BLOCKS]
    words = TypeWeights(
        *(rng.normal(size=(len(one), N_COLUMNS)).astype(np.float32) for one in blocks)
    )
    return replace(fast, readers=(), weights={**fast.weights, PART: words})


def spread(model: FramingModel, *texts: str) -> Spread:
    return model.spread([read_document(text, unscored=()) for text in texts])


def summed_by_hand(convolution: Convolution, text: Spread) -> np.ndarray:
    vectors = text.types.columns(PART)[text.types.row].copy()
    vectors[text.quoted()] += convolution.quoted
    sentence = text.layout.token_sentence
    document = np.repeat(np.arange(len(text.documents)), np.diff(text.layout.token_edges))
    hidden = vectors
    for number, layer in enumerate(convolution.layers):
        heard = np.zeros((len(vectors), N_HIDDEN))
        for at in range(len(vectors)):
            for k in range(WIDTH):
                other = at + k - WIDTH // 2
                if 0 <= other < len(vectors) and document[other] == document[at]:
                    n_in = hidden.shape[1]
                    heard[at] += hidden[other] @ layer.matrix[k * n_in : (k + 1) * n_in]
            if number == 0:
                here = sentence == sentence[at]
                whole = vectors[here].sum(axis=0) / np.sqrt(here.sum())
                heard[at] += whole @ convolution.sentence
        heard = np.maximum(heard + layer.bias, 0)
        hidden = heard if number == 0 else hidden + heard
    head = convolution.head
    return np.hstack([hidden, vectors]) @ head.matrix + head.bias


def test_it_sums_what_stands_around_a_token(convolution: Convolution, model: FramingModel) -> None:
    text = spread(model, *TEXTS)
    by_hand = log_chances(summed_by_hand(convolution, text).astype(np.float32))
    assert convolution.read(text) == pytest.approx(by_hand, abs=1e-3)


def test_documents_do_not_touch_each_other(convolution: Convolution, model: FramingModel) -> None:
    together = convolution.read(spread(model, *TEXTS * 40))
    alone = np.concatenate([convolution.read(spread(model, text)) for text in TEXTS] * 40)
    assert np.array_equal(together, alone)


def test_nothing_to_read(convolution: Convolution, model: FramingModel) -> None:
    assert convolution.read(spread(model)).shape == (0, len(ANSWERS))
    assert convolution.read(spread(model, "")).shape == (0, len(ANSWERS))


def test_a_model_file_keeps_it(
    convolution: Convolution, model: FramingModel, tmp_path: Path
) -> None:
    pair = (0.5, 0.5)
    plain = replace(
        load_model("fast"), weights=model.weights, readers=(), bias_pool=(1.0,), hash=""
    )
    plain = replace(
        plain,
        tagger=replace(plain.tagger, answers=None),
        labeller=replace(plain.labeller, answers=None),
        voicer=replace(plain.voicer, answers=None),
        targets=replace(plain.targets, valence=replace(plain.targets.valence, answers=None)),
    )
    made = pooled(plain, convolution, Pooling(pair, (0.3, 0.3), pair, pair, pair, pair))
    made.save(tmp_path / "one.slantwise")
    again = load_model(tmp_path / "one.slantwise")
    assert again.pooling == made.pooling and again.bias_pool == made.bias_pool
    text = "Critics slammed the brutal regime. Rain fell."
    assert again.label(text).spans == load_model(tmp_path / "one.slantwise").label(text).spans
    kept, given = again.readers[0], made.readers[0]
    assert isinstance(kept, Convolution) and isinstance(given, Convolution)
    for name, array in given.arrays().items():
        assert np.array_equal(kept.arrays()[name], array)
