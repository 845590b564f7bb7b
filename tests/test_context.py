"""Teaching the convolution: what PyTorch learned, NumPy says again. Needs the extra `teacher`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

import torch
from tiny_model import MARKED, VOCABULARY, labelled, tiny_model

from slantwise.answers import log_chances
from slantwise.features import TypeWeights
from slantwise.passages import labelled_passage
from slantwise.training.fit import with_words
from slantwise.training.recipe import read_context
from teacher.bytewise import convolution_of
from teacher.context import fit_context, read_out, write_context
from teacher.convolution import N_VECTOR, ContextNetwork, WordTypes, tables_of, with_quoted
from teacher.examples import framing_examples
from teacher.network import collate, loss
from teacher.targets import Example

PASSAGES = [labelled_passage(row, "here") for row in labelled(MARKED)]


@pytest.fixture
def network() -> ContextNetwork:
    torch.manual_seed(0)
    network = ContextNetwork(VOCABULARY, read()[1]).eval()
    with torch.no_grad():
        network.quoted.normal_()
    return network


def read() -> tuple[list[Example], WordTypes]:
    types = WordTypes()
    return with_quoted(framing_examples(PASSAGES, types)), types


def test_pieces_are_types_and_whether_they_are_quoted() -> None:
    examples, types = read()
    ids = examples[8].window.ids  # “The vile plan ended,” Olund said.
    words = dict(zip(types.number.values(), types.number, strict=True))
    assert [words.get(one // 2, "") for one in ids.tolist()] == [
        "", "“", "The", "vile", "plan", "ended", ",", "”", "Olund", "said", ".", "",
    ]  # fmt: skip
    quoted = (ids % 2).tolist()
    assert quoted[2:6] == [1] * 4
    assert quoted[8:] == [0] * 4


def test_the_bytes_say_what_the_network_says(network: ContextNetwork, tmp_path: Path) -> None:
    made = convolution_of(network, read()[0])
    write_context(tmp_path / "context.npz", network, made)
    words, convolution = read_context(tmp_path / "context.npz", VOCABULARY)
    spread = with_words(tiny_model(), words).spread([one.document for one in PASSAGES])
    expected = log_chances(np.concatenate(read_out(network, read()[0])))
    found = convolution.read(spread)
    assert expected.std(axis=0).min() > 0.005
    for column in range(expected.shape[1]):
        assert np.corrcoef(found[:, column], expected[:, column])[0, 1] > 0.99
    assert np.abs(found - expected).mean() < 0.02


def test_documents_do_not_touch_each_other(network: ContextNetwork) -> None:
    convolution = convolution_of(network, read()[0])
    model = with_words(
        tiny_model(),
        TypeWeights(
            **{k: v.astype(np.float32) for k, v in tables_of(network).items()},
            vector=np.zeros((VOCABULARY.vectors.shape[1], N_VECTOR), dtype=np.float32),
        ),
    )
    documents = [one.document for one in PASSAGES]
    together = convolution.read(model.spread(documents * 20))
    alone = np.concatenate([convolution.read(model.spread([one])) for one in documents] * 20)
    assert np.array_equal(together, alone)


def test_it_learns(network: ContextNetwork) -> None:
    examples, _ = read()
    batch = collate(examples)
    with torch.inference_mode():
        before = float(loss(network(batch), batch))
    fit_context(network, [examples], epochs=60)
    with torch.inference_mode():
        assert float(loss(network(batch), batch)) < 0.5 * before
