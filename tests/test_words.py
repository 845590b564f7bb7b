"""Word types of a process: found by a hash, and always the words that stand there."""

from __future__ import annotations

import pickle
import re
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slantwise import words as module
from slantwise.layout import lay_out
from slantwise.text import read_document, tokenize
from slantwise.words import UNMET, Met, WordTypes

TEXT = "The ferry left the harbour, and the ferry came back."


def meet(types: WordTypes, text: str) -> Met:
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    spans = [match.span() for match in re.finditer(r"\S+", text)]
    start, end = np.array(spans, dtype=np.int64).reshape(-1, 2).T
    return types.meet(text, codes, start, end)


def test_a_word_type_has_one_number_and_one_string() -> None:
    types = WordTypes()
    met = meet(types, "the ferry saw the ferry")
    assert met.words == "the ferry saw the ferry".split()
    the, ferry, saw, *again = met.number.tolist()
    assert again == [the, ferry]
    assert len({the, ferry, saw, UNMET}) == 4
    later = meet(types, "a ferry")
    assert later.number[1] == ferry
    assert later.words[1] is meet(types, "ferry").words[0]


def test_case_and_order_of_letters_make_a_type() -> None:
    numbers = meet(WordTypes(), "ant tan Ant nat a\N{LATIN SMALL LETTER E WITH ACUTE} ae").number
    assert len(set(numbers.tolist())) == 6


@given(st.lists(st.text(st.characters(exclude_categories=("Cs", "Z", "Cc")), min_size=1)))
@settings(max_examples=50, deadline=None)
def test_words_are_what_stands_there(written: list[str]) -> None:
    types, text = WordTypes(), " ".join(written)
    for _ in range(2):  # new, and then known
        met = meet(types, text)
        assert met.words == re.findall(r"\S+", text)
        numbered = {pair for pair in zip(met.number.tolist(), met.words, strict=True) if pair[0]}
        assert len(numbered) == len({number for number, _ in numbered})


def test_a_table_that_grows_keeps_its_numbers() -> None:
    types = WordTypes()
    first = meet(types, TEXT)
    for thousand in range(70):
        meet(types, " ".join(f"{thousand}x{number}" for number in range(1000)))
    again = meet(types, TEXT)
    assert again.words == first.words
    assert again.number.tolist() == first.number.tolist()


def test_a_full_table_goes_on_without_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    types = WordTypes()
    known = meet(types, "ferry").number
    monkeypatch.setattr(module, "_MOST_TYPES", 2)
    met = meet(types, "ferry harbour")
    assert met.words == ["ferry", "harbour"]
    assert met.number.tolist() == [*known, UNMET]


def test_a_long_word_has_no_number() -> None:
    met = meet(WordTypes(), "short " + "long" * 10)
    assert met.words[1] == "long" * 10
    assert met.number.tolist()[1] == UNMET


def test_threads_share_a_table() -> None:
    types = WordTypes()
    texts = [" ".join(f"w{number % 97}" for number in range(at, at + 300)) for at in range(40)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: meet(types, text), texts))
    numbers = {(word, number) for met in found for word, number in zip(*met, strict=True)}
    assert len(numbers) == 97


def test_numbers_do_not_travel_to_another_process() -> None:
    document = read_document(TEXT * 6)
    assert document.tokens.number.all()
    assert not pickle.loads(pickle.dumps(document)).tokens.number.any()
    assert not pickle.loads(pickle.dumps(lay_out([document]))).number.any()


@given(st.text(max_size=80))
@settings(max_examples=100, deadline=None)
def test_a_short_text_has_the_same_tokens_as_within_a_long_one(text: str) -> None:
    alone, within = tokenize(text), tokenize(text + "\n" + " \n" * 300)
    assert alone.words == within.words
    assert alone.start.tolist() == within.start.tolist()
    assert alone.end.tolist() == within.end.tolist()


def test_a_very_long_text_is_cut_without_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    text = TEXT * 6
    usual = tokenize(text)
    monkeypatch.setattr("slantwise.text.LONGEST_TEXT", 10)
    long = tokenize(text)
    assert long.words == usual.words
    assert not long.number.any()
