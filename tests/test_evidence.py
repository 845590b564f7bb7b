"""Why a span was labelled, with weights whose order can be seen by eye."""

from __future__ import annotations

import numpy as np
import pytest

from slantwise.evidence import Reasons
from slantwise.features import SHAPES, TypeTable, TypeWeights, Vocabulary
from slantwise.labeller import FIGURES, ROLES, SpanHead, extents_of
from slantwise.layout import lay_out
from slantwise.records import LABELS
from slantwise.sequence import BEGIN, INSIDE, N_STATES, Chain
from slantwise.tagger import CONTEXT, Tagger
from slantwise.text import read_document

WORDS = ("", "brutal", "regime", "said", "the", "must", "“")
VOCABULARY = Vocabulary(WORDS, ("",), ("",), np.zeros((len(WORDS), 1), dtype=np.float32))
OFFSETS = (-2, -1, 0, 1)
CLASSES = tuple(label for label in LABELS if label != "scare-quotes")
TEXT = "He said the brutal regime must go. “Regime” it is."

SpanWeights = dict[tuple[str, int, int], float]  # word, offset, state
LabelWeights = dict[tuple[str, str], float]  # word, role; for name-calling


def weights_of(columns: np.ndarray) -> TypeWeights:
    flat = columns.reshape(len(WORDS), -1).astype(np.float32)
    none = np.zeros((1, flat.shape[1]), dtype=np.float32)
    return TypeWeights(flat, none, none, np.zeros((len(SHAPES), flat.shape[1]), np.float32), none)


def evidence(
    span: SpanWeights,
    label: LabelWeights,
    extent: tuple[int, int] = (3, 5),
    name: str = "name-calling",
) -> tuple[str, ...]:
    of_span = np.zeros((len(WORDS), len(OFFSETS), N_STATES))
    for (word, offset, state), weight in span.items():
        of_span[WORDS.index(word), OFFSETS.index(offset), state] = weight
    of_label = np.zeros((len(WORDS), len(ROLES), len(CLASSES)))
    for (word, role), weight in label.items():
        # As much less for the others, so that the mean over the classes is nought.
        of_label[WORDS.index(word), ROLES.index(role)] = -weight / (len(CLASSES) - 1)
        of_label[WORDS.index(word), ROLES.index(role), CLASSES.index("name-calling")] = weight
    layout = lay_out([read_document(TEXT, unscored=())])
    table = TypeTable(VOCABULARY, {"span": weights_of(of_span), "label": weights_of(of_label)})
    chain = Chain(np.zeros((N_STATES, N_STATES)), np.zeros(N_STATES))
    tagger = Tagger(OFFSETS, np.zeros((len(CONTEXT), N_STATES), np.float32), chain, 0.0)
    head = SpanHead("label", CLASSES, np.zeros((len(FIGURES), len(CLASSES)), np.float32))
    reasons = Reasons(tagger, head, table.look_up(layout.words), layout)
    (found,) = reasons.of(extents_of(layout, [extent], ["outlet"]), [name])
    return found


def test_the_strongest_comes_first() -> None:
    span = {("brutal", 0, BEGIN): 1.0, ("regime", 0, INSIDE): 3.0, ("the", -1, BEGIN): 0.5}
    label = {("regime", "last"): 2.0}
    assert evidence(span, label) == (
        "the word “regime”",
        "“regime” closes it: name-calling",
        "the word “brutal”",
        "“the” before it",
    )


@pytest.mark.parametrize(
    ("word", "role", "expected"),
    [
        ("brutal", "first", "“brutal” opens it: name-calling"),
        ("regime", "last", "“regime” closes it: name-calling"),
        ("regime", "inside", "the word “regime”: name-calling"),
        ("the", "before", "“the” just before it: name-calling"),
        ("said", "further before", "“said” a little before it: name-calling"),
        ("must", "after", "“must” just after it: name-calling"),
    ],
)
def test_a_role_in_words(word: str, role: str, expected: str) -> None:
    assert evidence({}, {(word, role): 1.0}) == (expected,)


def test_four_reasons_are_enough() -> None:
    span = {("brutal", 0, BEGIN): 9.0, ("regime", 0, INSIDE): 8.0, ("the", -1, BEGIN): 7.0}
    label = {("brutal", "first"): 6.0, ("regime", "last"): 5.0, ("must", "after"): 4.0}
    found = evidence(span, label)
    assert len(found) == 4
    assert found[-1] == "“brutal” opens it: name-calling"


def test_weak_reasons_are_not_worth_a_readers_time() -> None:
    assert evidence({("brutal", 0, BEGIN): 0.2}, {("regime", "last"): 0.2}) == ()


def test_what_speaks_against_is_no_reason() -> None:
    assert evidence({("brutal", 0, BEGIN): -3.0}, {("regime", "last"): -3.0}) == ()


def test_the_same_words_are_said_once() -> None:
    span = {("regime", 0, BEGIN): 2.0, ("regime", 0, INSIDE): 1.0}
    assert evidence(span, {}, extent=(9, 10)) == ("the word “Regime”",)


def test_marks_alone_tell_a_reader_nothing() -> None:
    span = {("“", 0, BEGIN): 9.0, ("“", -1, BEGIN): 9.0}
    assert evidence(span, {("“", "before"): 9.0}, extent=(9, 10)) == ()
    assert evidence(span, {}, extent=(8, 11)) == ()


def test_words_of_another_sentence_are_no_reason() -> None:
    # “must” stands two words before the stop that ends the first sentence.
    assert evidence({("must", -2, BEGIN): 9.0}, {}, extent=(7, 8)) == ("“must” before it",)
    assert evidence({("must", -2, BEGIN): 9.0, ("regime", -2, BEGIN): 9.0}, {}, (8, 9)) == ()


def test_scare_quotes_are_told_by_their_marks() -> None:
    found = evidence({("regime", 0, BEGIN): 2.0}, {}, extent=(9, 10), name="scare-quotes")
    assert found == ("in quotation marks that nobody is named for", "the word “Regime”")


def test_no_spans_have_no_reasons() -> None:
    layout = lay_out([read_document(TEXT, unscored=())])
    table = TypeTable(VOCABULARY, {})
    chain = Chain(np.zeros((N_STATES, N_STATES)), np.zeros(N_STATES))
    tagger = Tagger(OFFSETS, np.zeros((len(CONTEXT), N_STATES), np.float32), chain, 0.0)
    head = SpanHead("label", CLASSES, np.zeros((len(FIGURES), len(CLASSES)), np.float32))
    reasons = Reasons(tagger, head, table.look_up(layout.words), layout)
    assert reasons.of(extents_of(layout, [], []), []) == []
