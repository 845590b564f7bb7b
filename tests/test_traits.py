"""Traits of words: what each bit says, word by word."""

from __future__ import annotations

import numpy as np
import pytest

from slantwise import traits
from slantwise.traits import traits_of

CASES = {
    "IS_WORD": (["rain", "2020", "_"], [",", "“"]),
    "ALPHANUMERIC": (["rain", "2020"], ["_", ","]),
    "LETTER": (["rain", "Été"], ["2020", "_"]),
    "CAPITAL": (["Ada", "NATO"], ["ada", "2020", ","]),
    "LOWER": (["ada"], ["Ada", "NATO", "2020"]),
    "UPPER": (["NATO", "I"], ["Ada", "ada", ","]),
    "ONE_LETTER": (["A", ","], ["of"]),
    "UP_TO_TWO": (["A", "of"], ["the"]),
    "OVER_FOUR": (["claim"], ["said"]),
    "ENDS_ING": (["calling", "king"], ["called"]),
    "COMMA": ([","], [";"]),
    "FULL_STOP": (["."], ["…"]),
    "APOSTROPHE": (["'", "’"], ["‘"]),
    "OPENING_MARK": (["“", "'", "«"], ["”", "’"]),
    "GLUE": (["-", "&", "’"], [","]),
    "LINK": (["of", "van"], ["Of", "and"]),
    "CUE": (["said", "Claims", "according"], ["rain"]),
    "HEDGE": (["supposed"], ["said"]),
    "AUTHOR": (["I", "our"], ["he"]),
    "GRAMMAR": (["the", "Of"], ["rain"]),
    "CLOSED": (["the", "Monday"], ["rain"]),
    "TITLE": (["Mr", "President"], ["Ada"]),
    "ARTICLE": (["The", "an"], ["this"]),
    "PREPOSITION": (["of", "In"], ["rain"]),
    "OF": (["of", "OF"], ["by"]),
    "BY": (["by"], ["of"]),
    "PERSONAL": (["they", "He"], ["US", "it"]),
    "VERB": (["said", "landed", "is"], ["Said", "rain"]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_trait(name: str) -> None:
    having, lacking = CASES[name]
    bit = getattr(traits, name)
    assert (traits_of([*having, *lacking]) & bit > 0).tolist() == [
        *[True] * len(having),
        *[False] * len(lacking),
    ]


def test_every_trait_has_a_case_and_a_bit_of_its_own() -> None:
    bits = {name: value for name, value in vars(traits).items() if isinstance(value, np.uint32)}
    assert bits.keys() == CASES.keys()
    assert len(set(bits.values())) == len(bits)


def test_no_words_have_no_traits() -> None:
    assert traits_of([]).shape == (0,)
