"""Who is named: texts with their mentions between brackets, titles left outside."""

from __future__ import annotations

import re

import numpy as np
import pytest

from slantwise.mentions import find_mentions
from slantwise.text import read_document
from slantwise.traits import traits_of

ACTOR_NOUNS = {"army", "villagers", "government", "protesters", "ministry"}

CASES = [
    "[Ada Moss] met the envoy in [Casseline].",
    "Defence Minister [Ada Moss] spoke.",
    "President [Odo van Finch] left.",
    "[The Kestrian army] took the ridge.",
    "On Monday [they] left, and [she] stayed.",
    "A law was passed. It rained.",
    "[Ada Moss]'s plan failed.",
    "[U.S.] planes left for [Dolmar].",
    "[The villagers] and [protesters] stayed.",
]


def read(marked: str) -> tuple[str, list[str]]:
    return re.sub(r"[\[\]]", "", marked), re.findall(r"\[([^\]]*)\]", marked)


def found(text: str) -> list[str]:
    document = read_document(text, unscored=())
    words = document.tokens.words
    opens = np.diff(document.token_sentence, prepend=-1) > 0
    actor = np.array([5.0 if word.lower() in ACTOR_NOUNS else -9.0 for word in words])
    mentions = find_mentions(traits_of(words), opens, np.arange(len(words)) == 0, actor)
    return [
        text[document.tokens.start[first] : document.tokens.end[last - 1]]
        for first, last in zip(mentions.first, mentions.last, strict=True)
    ]


@pytest.mark.parametrize("marked", CASES)
def test_mentions(marked: str) -> None:
    text, expected = read(marked)
    assert found(text) == expected


def test_a_name_takes_the_noun_it_qualifies_along() -> None:
    assert found("She saw the Kestria government.") == ["She", "the Kestria government"]


def test_the_phrase_begins_with_the_titles() -> None:
    document = read_document("Yesterday Defence Minister Ada Moss spoke.", unscored=())
    words = document.tokens.words
    opens = np.arange(len(words)) == 0
    mentions = find_mentions(traits_of(words), opens, opens, np.full(len(words), -9.0))
    (at,) = [n for n in range(len(mentions)) if words[mentions.first[n]] == "Ada"]
    assert words[mentions.phrase[at]] == "Defence"
    assert mentions.extent(at) == (3, 5)


def test_grammar_at_the_head_of_a_sentence_names_nobody() -> None:
    assert found("However, it rained. There was mud.") == []


def test_no_words_no_mentions() -> None:
    none = np.zeros(0, dtype=bool)
    assert len(find_mentions(traits_of([]), none, none, np.zeros(0))) == 0


def test_no_name_goes_on_into_the_next_text() -> None:
    words = ["Ada", "Moss", "of", "Dolmar", "left"]
    begins = np.array([True, False, False, True, False])
    mentions = find_mentions(traits_of(words), begins, begins, np.full(len(words), -9.0))
    assert [mentions.extent(at) for at in range(len(mentions))] == [(0, 2), (3, 4)]
