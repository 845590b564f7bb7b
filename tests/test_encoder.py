"""Reading with an encoder: a stand-in graph whose answers can be seen by eye.

It answers for every word piece with the number of the piece, so that what a token is
told can be traced back to the piece it was read at.
"""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from slantwise import load_model
from slantwise.answers import ANSWERS
from slantwise.encoder import Encoder
from slantwise.pooling import Pooling, pooled
from slantwise.spread import Spread
from slantwise.text import Document, read_document
from slantwise.windows import MAX_PIECES, cut_windows

PIECES = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "regime", "fell", ".", "re", "##gim", "rain")
BEGIN, BIAS = ANSWERS.index("begin"), ANSWERS.index("bias")


class Session:
    """Stands in for ONNX Runtime: begin and bias are the piece's number, the rest nought."""

    def __init__(self) -> None:
        self.shapes: list[tuple[int, ...]] = []

    def run(self, outputs: Sequence[str], inputs: dict[str, Any]) -> list[Any]:
        ids, mask = inputs["ids"], inputs["mask"]
        self.shapes.append(ids.shape)
        assert ids.dtype == mask.dtype == np.int32
        width = len(ANSWERS) if outputs == ["logits"] else 5
        values = np.zeros((*ids.shape, width), dtype=np.float32)
        values[..., BEGIN] = ids
        values[..., -1] = ids
        return [values]

    def get_outputs(self) -> list[Any]:
        return [SimpleNamespace(shape=["n_windows", "n_pieces", 5])]


@pytest.fixture
def encoder() -> Encoder:
    made = Encoder(b"", PIECES)
    made.__dict__["_session"] = Session()
    return made


def documents(*texts: str) -> list[Document]:
    return [read_document(text) for text in texts]


def spread(*texts: str) -> Spread:
    return load_model("fast").spread(documents(*texts))


def test_a_token_is_told_what_its_first_piece_says(encoder: Encoder) -> None:
    read = encoder.read(spread("The regime fell.", "Rain fell."))
    assert read[:, BIAS].tolist() == [4, 5, 6, 7, 10, 6, 7]


def test_unknown_words_are_read_as_such(encoder: Encoder) -> None:
    assert encoder.read(spread("Casseline fell."))[:, BIAS].tolist() == [1, 6, 7]


def test_answers_that_exclude_each_other_are_log_chances(encoder: Encoder) -> None:
    read = encoder.read(spread("The regime fell."))
    assert np.exp(read[:, :3]).sum(axis=1) == pytest.approx(1, abs=1e-4)


def test_documents_do_not_touch_each_other(encoder: Encoder) -> None:
    texts = ["The regime fell.", "Rain fell. The regime fell.", "Rain."]
    together = encoder.read(spread(*texts))
    alone = np.concatenate([encoder.read(spread(text)) for text in texts])
    assert np.array_equal(together, alone)


def test_boilerplate_is_not_read(encoder: Encoder) -> None:
    (document,) = documents("READ MORE: The regime fell\n\nRain fell.")
    assert not document.scored[0]
    read = encoder.read(load_model("fast").spread([document]))
    assert read[~document.scored, BIAS].tolist() == [0] * int((~document.scored).sum())
    assert (read[~document.scored, BEGIN] < -5).all()


def test_nothing_to_read(encoder: Encoder) -> None:
    assert encoder.read(spread()).shape == (0, len(ANSWERS))
    assert encoder.read(spread(""))[:, BIAS].tolist() == []


def test_states_have_a_row_a_token(encoder: Encoder) -> None:
    assert encoder.states(documents("The regime fell."))[:, -1].tolist() == [4, 5, 6, 7]


def test_windows_hold_whole_sentences_while_they_fit(encoder: Encoder) -> None:
    (document,) = documents("The regime fell. " * 60)
    windows = cut_windows(document, encoder._tokenizer)
    assert len(windows) > 1
    assert all(len(window.ids) <= MAX_PIECES for window in windows)
    assert [window.first for window in windows[1:]] == [window.last for window in windows[:-1]]
    assert all(document.tokens.words[window.last - 1] == "." for window in windows)


def test_a_sentence_longer_than_a_window_is_cut(encoder: Encoder) -> None:
    (document,) = documents("the regime " * 300)
    windows = cut_windows(document, encoder._tokenizer)
    assert windows[0].first == 0
    assert windows[-1].last == len(document.tokens)
    assert all(len(window.ids) <= MAX_PIECES for window in windows)


def test_an_encoder_travels_without_its_session(encoder: Encoder) -> None:
    encoder.read(spread("Rain fell."))
    copy = pickle.loads(pickle.dumps(encoder))
    assert copy.pieces == PIECES
    assert "_session" not in copy.__dict__


# -- pooled with a model of word types -------------------------------------------------------

ALONE = Pooling((1, 0), (0, 0), (1, 0), (1, 0), (1, 0), (1, 0))
TEXT = "Critics slammed the brutal regime. It fell on Monday."


def test_a_pool_that_gives_the_encoder_nothing_is_the_model_alone(encoder: Encoder) -> None:
    fast = load_model("fast")
    both = pooled(fast, encoder, ALONE).label(TEXT)
    assert both.spans == fast.label(TEXT).spans
    assert both.bias == fast.label(TEXT).bias


def test_an_encoder_that_is_sure_moves_the_scores(encoder: Encoder) -> None:
    fast = load_model("fast")
    # The stand-in finds that every token begins a span.
    loud = Pooling((1, 3), (0, 0), (1, 0), (1, 0), (1, 0), (1, 1))
    both = pooled(fast, encoder, loud).label("The regime fell.")
    assert len(both.spans) > len(fast.label("The regime fell.").spans)
    assert both.bias > fast.label("The regime fell.").bias


def test_pooling_survives_its_settings() -> None:
    pooling = Pooling((0.5, 1), (-1, 2), (1, 0.25), (1, 0), (0, 1), (1, 2))
    assert Pooling.of_settings(pooling.as_settings()) == pooling


def test_a_pooled_model_is_kept_without_the_one_it_is_built_on(
    encoder: Encoder, tmp_path: Any
) -> None:
    fast = load_model("fast")
    model = pooled(fast, encoder, ALONE)
    path = tmp_path / "pooled.slantwise"
    model.save(path)
    assert path.stat().st_size < 100_000
    back = load_model(path)
    assert back.pooling == ALONE
    assert back.base is fast
    last = back.readers[-1]
    assert isinstance(last, Encoder) and last.pieces == PIECES


def test_a_pooled_model_refuses_another_base(encoder: Encoder, tmp_path: Any) -> None:
    from dataclasses import replace

    from slantwise.errors import ModelError

    other = replace(load_model("fast"), hash="0" * 64)
    path = tmp_path / "pooled.slantwise"
    pooled(other, encoder, ALONE).save(path)
    with pytest.raises(ModelError, match="was built on 'fast' with hash 0000"):
        load_model(path)
