"""Tokens and documents: arrays that agree with the text they come from."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slantwise.text import Document, read_document, tokenize

TEXT = "By A. Vale\n\nRain fell. Nobody came to far-left talks.\n\nShare this story"


def words(document: Document, sentence: int) -> list[str]:
    return [
        word
        for word, place in zip(document.tokens.words, document.token_sentence, strict=True)
        if place == sentence
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("far-left, he said", ["far", "-", "left", ",", "he", "said"]),
        ("don't", ["don", "'", "t"]),
        ("3.5 %", ["3", ".", "5", "%"]),
        ("snake_case", ["snake_case"]),
        ("naïve café", ["naïve", "café"]),
        ("", []),
        (" \n\t", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokenize(text).words == expected


@given(st.text(max_size=200))
def test_token_offsets_give_the_words(text: str) -> None:
    tokens = tokenize(text)
    offsets = zip(tokens.start.tolist(), tokens.end.tolist(), strict=True)
    assert [text[start:end] for start, end in offsets] == tokens.words


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(0, 3, (0, 1)), (2, 5, (0, 3)), (3, 4, (1, 2)), (8, 9, (3, 3)), (100, 120, (6, 6))],
    ids=["one word", "inside two words", "a hyphen", "a space", "behind the text"],
)
def test_tokens_that_cover_a_range(start: int, end: int, expected: tuple[int, int]) -> None:
    assert tokenize("far-left he said so").covering(start, end) == expected


def test_a_document_has_its_sentences() -> None:
    document = read_document(TEXT, unscored=())
    assert [TEXT[start:end] for start, end in document.sentences.tolist()] == [
        "By A. Vale",
        "Rain fell.",
        "Nobody came to far-left talks.",
        "Share this story",
    ]
    assert words(document, 1) == ["Rain", "fell", "."]
    assert document.scored.all()


def test_boilerplate_is_not_scored_and_ends_sentences() -> None:
    text = "Rain fell on Monday Share this Nobody came."
    start = text.index("Share")
    document = read_document(text, unscored=[(start, start + len("Share this"))])
    assert [text[a:b] for a, b in document.sentences.tolist()] == [
        "Rain fell on Monday",
        "Share this",
        "Nobody came.",
    ]
    unscored = np.array(document.tokens.words)[~document.scored]
    assert unscored.tolist() == ["Share", "this"]


def test_a_range_inside_a_word_takes_the_whole_word() -> None:
    document = read_document("Rain fell.", unscored=[(2, 6)])
    assert document.scored.tolist() == [False, False, True]
    assert document.sentences.tolist() == [[0, 9], [9, 10]]


def test_a_range_of_white_space_changes_nothing() -> None:
    document = read_document("Rain fell.", unscored=[(4, 5)])
    assert document.scored.all()
    assert document.sentences.tolist() == [[0, 10]]


def test_boilerplate_is_found_unless_given() -> None:
    found = read_document("Rain falls\n\nRain fell on the docks. Nobody came.", title="Rain falls")
    assert words(found, 0) == ["Rain", "falls"]
    assert found.scored.tolist() == [False] * 2 + [True] * 9


@pytest.mark.parametrize("text", ["", " \n "])
def test_an_empty_text_is_an_empty_document(text: str) -> None:
    document = read_document(text)
    assert document.sentences.shape == (0, 2)
    assert len(document.tokens) == len(document.token_sentence) == len(document.scored) == 0


@given(
    st.text(alphabet="aB1 .?!…\"'“”’()[]\n\r\u2028-—•é", max_size=120),
    st.lists(st.tuples(st.integers(0, 120), st.integers(0, 30)), max_size=3),
)
def test_every_token_is_in_its_sentence_and_every_sentence_has_one(
    text: str, ranges: list[tuple[int, int]]
) -> None:
    document = read_document(text, unscored=[(start, start + size) for start, size in ranges])
    tokens, sentences = document.tokens, document.sentences
    assert document.token_sentence.dtype == sentences.dtype == np.int32
    assert (sentences[document.token_sentence, 0] <= tokens.start).all()
    assert (tokens.end <= sentences[document.token_sentence, 1]).all()
    assert set(document.token_sentence.tolist()) == set(range(len(sentences)))
    for start, size in ranges:
        first, last = tokens.covering(start, start + size)
        assert not document.scored[first:last].any()
