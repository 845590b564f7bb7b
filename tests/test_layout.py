"""Documents laid end to end, on a corpus whose rows can be counted by eye.

row       0     1     2  3       4     5  6    7      8       9
word      Rain  fell  .  Nobody  came  .  The  ferry  sailed  .
sentence  0     0     0  1       1     1  2    2      2       2
document  0     0     0  0       0     0  2    2      2       2     (1 is empty)
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slantwise.layout import Layout, lay_out, sentence_means, shifted
from slantwise.text import Document, read_document


def read(text: str) -> Document:
    return read_document(text, unscored=())


DOCUMENTS = [read("Rain fell. Nobody came."), read(""), read("The ferry sailed.")]
ROWS = np.arange(1, 11)  # a row of the type table for each token; 0 would be the void


@pytest.fixture(scope="module")
def layout() -> Layout:
    return lay_out(DOCUMENTS)


def test_words_follow_one_another(layout: Layout) -> None:
    assert layout.words == "Rain fell . Nobody came . The ferry sailed .".split()


def test_edges_say_where_each_document_lies(layout: Layout) -> None:
    assert layout.token_edges.tolist() == [0, 6, 6, 10]
    assert layout.sentence_edges.tolist() == [0, 2, 2, 3]
    assert layout.words[layout.tokens_of(0)][-1] == "."
    assert layout.words[layout.tokens_of(1)] == []
    assert layout.words[layout.tokens_of(2)] == ["The", "ferry", "sailed", "."]


def test_sentences_of_tokens_and_their_starts(layout: Layout) -> None:
    assert layout.lengths.tolist() == [3, 3, 4]
    assert layout.sentence_starts.tolist() == [0, 3, 6]
    assert layout.token_sentence.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2, 2]


@pytest.mark.parametrize(
    ("offset", "expected"),
    [
        (0, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        (1, [2, 3, 0, 5, 6, 0, 8, 9, 10, 0]),
        (-1, [0, 1, 2, 0, 4, 5, 0, 7, 8, 9]),
        (2, [3, 0, 0, 6, 0, 0, 9, 10, 0, 0]),
        (-3, [0, 0, 0, 0, 0, 0, 0, 0, 0, 7]),
        (10, [0] * 10),
        (-99, [0] * 10),
    ],
)
def test_neighbours_end_at_the_sentence(layout: Layout, offset: int, expected: list[int]) -> None:
    assert shifted(ROWS, layout, offset).tolist() == expected


def test_means_of_sentences(layout: Layout) -> None:
    values = np.column_stack([ROWS, np.ones(10)]).astype(float)
    means = sentence_means(values, layout, power=1.0)
    assert means == pytest.approx(np.array([[2.0, 1.0], [5.0, 1.0], [8.5, 1.0]]))


def test_damped_sums_of_sentences(layout: Layout) -> None:
    sums = sentence_means(np.ones((10, 1)), layout)  # n tokens over the square root of n
    assert sums[:, 0] == pytest.approx(np.sqrt([3.0, 3.0, 4.0]))


@pytest.mark.parametrize("documents", [[], [read("")], [read(" \n"), read("")]])
def test_nothing_is_laid_out_as_nothing(documents: list[Document]) -> None:
    layout = lay_out(documents)
    assert layout.words == []
    assert layout.token_edges.tolist() == [0] * (len(documents) + 1)
    assert layout.token_sentence.shape == layout.sentence_starts.shape == (0,)
    assert sentence_means(np.zeros((0, 2)), layout).shape == (0, 2)
    assert shifted(np.zeros(0, dtype=np.int32), layout, 1).shape == (0,)


@settings(deadline=None)
@given(
    st.lists(st.text(alphabet="ab. \n“”", max_size=30), max_size=4),
    st.integers(min_value=-4, max_value=4),
)
def test_a_document_is_laid_out_as_if_alone(texts: list[str], offset: int) -> None:
    documents = [read(text) for text in texts]
    layout = lay_out(documents)
    rows = np.arange(1, len(layout.words) + 1)
    moved = shifted(rows, layout, offset)
    for number, document in enumerate(documents):
        here, alone = layout.tokens_of(number), lay_out([document])
        edge = int(layout.token_edges[number])
        assert layout.words[here] == alone.words
        expected = shifted(np.arange(1, len(alone.words) + 1), alone, offset)
        assert np.where(moved[here] > 0, moved[here] - edge, 0).tolist() == expected.tolist()


def test_a_part_is_the_layout_of_its_documents(layout: Layout) -> None:
    part, alone = layout.part(1, 3), lay_out(DOCUMENTS[1:])
    assert part.words == alone.words
    for name in ("number", "lengths", "token_edges", "sentence_edges", "token_sentence"):
        assert getattr(part, name).tolist() == getattr(alone, name).tolist()
