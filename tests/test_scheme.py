"""The label scheme holds together with what the outputs use."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError
from itertools import combinations

import pytest

from slantwise.records import LABELS, OWN_VOICES, VALENCES, VOICES
from slantwise.scheme import SCHEME, VOICE_SCHEME, LabelDefinition

BRACKETS = re.compile(r"\[([^\[\]]+)\]")

each_label = pytest.mark.parametrize("one", SCHEME.values(), ids=lambda one: one.label)


def test_labels_are_those_of_the_outputs_in_their_order() -> None:
    assert tuple(SCHEME) == LABELS
    assert tuple(one.label for one in SCHEME.values()) == LABELS


def test_voices_are_those_of_the_outputs_in_their_order() -> None:
    assert tuple(one.voice for one in VOICE_SCHEME) == VOICES


def test_own_voice_is_the_outlets_and_its_scare_quotes() -> None:
    assert OWN_VOICES == ("outlet", "scare")
    assert VALENCES == ("negative", "positive")


@each_label
def test_a_definition_is_said_in_full_sentences(one: LabelDefinition) -> None:
    for words in (one.what, BRACKETS.sub(r"\1", one.example), one.not_this):
        assert words[0].isupper()
        assert words[-1] == "."
        assert words == " ".join(words.split())


@each_label
def test_an_example_marks_its_span_in_brackets(one: LabelDefinition) -> None:
    assert 1 <= len(BRACKETS.findall(one.example)) <= 2
    assert "[" not in BRACKETS.sub("", one.example) + one.what + one.not_this


def test_scare_quotes_leave_the_marks_outside() -> None:
    assert "“[reform]”" in SCHEME["scare-quotes"].example


def test_no_two_labels_say_the_same() -> None:
    for one, other in combinations(SCHEME.values(), 2):
        assert one.what != other.what
        assert one.example != other.example


def test_a_definition_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'what'"):
        SCHEME["doubt"].what = "anything"  # type: ignore[misc]
