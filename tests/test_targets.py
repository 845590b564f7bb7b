"""Whose image a span affects: hand-made weights, and the embedded model on plain cases."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from slantwise import load_model
from slantwise.features import SHAPES, TypeRows, TypeTable, TypeWeights, Vocabulary
from slantwise.labeller import FIGURES as SPAN_FIGURES
from slantwise.labeller import SpanHead, extents_of
from slantwise.layout import Layout, lay_out
from slantwise.records import LABELS
from slantwise.rivals import AIMS, FIGURES, TargetSpans, choices_of, mentions_of
from slantwise.targets import EVIDENCE, OUTCOMES, TargetFinder, in_order
from slantwise.text import read_document

TEXT = "Ada Moss slammed Odo Finch, the envoy said. Rain fell in Casseline."
#       0   1    2       3   4    5 6   7     8   9 10   11   12 13
VOCABULARY = Vocabulary(("", "slammed"), ("",), ("",), np.zeros((2, 1), dtype=np.float32))


def columns(number: int, always: float = 0.0) -> TypeWeights:
    shapes = np.full((len(SHAPES), number), always, np.float32)
    none = np.zeros((1, number), np.float32)
    return TypeWeights(np.zeros((2, number), np.float32), none, none, shapes, none)


def laid_out(*texts: str) -> tuple[Layout, TypeRows]:
    layout = lay_out([read_document(text, unscored=()) for text in texts])
    parts = {
        "actor": columns(1, always=-9.0),
        "aim": columns(7 * len(AIMS)),
        "valence": columns(14),
    }
    return layout, TypeTable(VOCABULARY, parts).look_up(layout.words)


def spans_at(
    layout: Layout,
    extents: list[tuple[int, int]],
    label: str = "loaded-language",
    speaker: tuple[int, int] | None = None,
) -> TargetSpans:
    number = len(extents)
    return TargetSpans(
        extents_of(layout, extents, ["outlet"] * number),
        np.full(number, LABELS.index(label)),
        [speaker] * number,
    )


def finder(**weights: float) -> TargetFinder:
    vector = np.zeros(len(FIGURES), dtype=np.float32)
    for name, weight in weights.items():
        vector[FIGURES.index(name.replace("_", " "))] = weight
    valences = np.zeros((len(SPAN_FIGURES), 2), dtype=np.float32)
    return TargetFinder(
        vector,
        SpanHead("aim", AIMS, np.zeros((len(SPAN_FIGURES), len(AIMS)), np.float32)),
        SpanHead("valence", ("negative", "positive"), valences),
        np.tile(np.array([1.0, 0.0], np.float32), (len(LABELS), 1)),
    )


def target(found: TargetFinder, *texts: str, at: tuple[int, int] = (2, 3)) -> str | None:
    layout, types = laid_out(*texts)
    (tokens,), _ = found.find(types, layout, spans_at(layout, [at]))
    return " ".join(layout.words[slice(*tokens)]) if tokens else None


def test_the_nearest_after_is_whom_an_attack_hits() -> None:
    assert target(finder(nearest_after=1.0), TEXT) == "Odo Finch"


def test_the_nearest_before_is_who_does_it() -> None:
    assert target(finder(nearest_before=1.0), TEXT) == "Ada Moss"


def test_nobody_wins_where_nothing_speaks_for_a_mention() -> None:
    assert target(finder(nobody=1.0), TEXT) is None


def test_the_valence_is_null_without_a_target() -> None:
    layout, types = laid_out(TEXT)
    targets, valences = finder(nobody=1.0).find(types, layout, spans_at(layout, [(2, 3)]))
    assert (targets, valences) == ([None], [None])


def test_the_valence_of_its_label_counts() -> None:
    layout, types = laid_out(TEXT)
    _, valences = finder(before=1.0).find(types, layout, spans_at(layout, [(2, 3)]))
    assert valences == ["negative"]


def deciding(outcome: str, **weights: float) -> TargetFinder:
    """Return a finder whose last word is always the same outcome."""
    decision = np.zeros((len(EVIDENCE), len(OUTCOMES)), dtype=np.float32)
    decision[EVIDENCE.index("constant"), OUTCOMES.index(outcome)] = 9.0
    return replace(finder(**weights), decision=decision)


def test_what_concerns_nobody_has_no_target() -> None:
    layout, types = laid_out(TEXT)
    found = deciding("none", nearest_before=5.0).find(types, layout, spans_at(layout, [(2, 3)]))
    assert found == ([None], [None])


def test_what_concerns_somebody_has_the_likeliest_though_nobody_were_likelier() -> None:
    layout, types = laid_out(TEXT)
    spans = spans_at(layout, [(2, 3)])
    found = deciding("positive", nobody=5.0, nearest_before=1.0).find(types, layout, spans)
    assert found == ([(0, 2)], ["positive"])


def test_where_nobody_is_named_there_is_no_target_after_all() -> None:
    layout, types = laid_out("It rained slammed.")
    found = deciding("negative").find(types, layout, spans_at(layout, [(2, 3)]))
    assert found == ([None], [None])


def test_no_spans_no_targets() -> None:
    layout, types = laid_out(TEXT)
    assert finder().find(types, layout, spans_at(layout, [])) == ([], [])


def test_mentions_of_another_document_do_not_compete() -> None:
    assert target(finder(nobody=-9.0), "It rained slammed.", "Ada Moss left.", at=(2, 3)) is None


def test_every_span_competes_with_nobody_first() -> None:
    layout, types = laid_out(TEXT)
    spans = spans_at(layout, [(2, 3), (9, 10)])
    mentions = mentions_of(types, layout, spans.extents)
    choices = choices_of(types, layout, spans, mentions, np.full((2, len(AIMS)), 0.25))
    assert choices.edges.tolist() == [0, len(mentions) + 1]
    assert choices.figures[choices.edges, FIGURES.index("nobody")].tolist() == [1, 1]


def figure(name: str, mention: str, **more: tuple[int, int]) -> float:
    layout, types = laid_out(TEXT)
    spans = spans_at(layout, [(2, 3)], **more)  # type: ignore[arg-type]
    mentions = mentions_of(types, layout, spans.extents)
    choices = choices_of(types, layout, spans, mentions, np.full((1, len(AIMS)), 0.25))
    (row,) = [
        row
        for row, at in enumerate(choices.mention.tolist())
        if at >= 0 and " ".join(layout.words[slice(*mentions.extent(at))]) == mention
    ]
    return float(choices.figures[row, FIGURES.index(name)])


@pytest.mark.parametrize(
    ("name", "mention", "expected"),
    [
        ("before", "Ada Moss", 1),
        ("after", "Odo Finch", 1),
        ("sentence after", "Casseline", 1),
        ("touches before", "Ada Moss", 1),
        ("touches after", "Odo Finch", 1),
        ("touches after", "Casseline", 0),
        ("opens its sentence", "Ada Moss", 1),
        ("first of its sentence", "Odo Finch", 0),
        ("after a preposition", "Casseline", 1),
        ("before a verb", "Ada Moss", 1),
        ("aim", "Odo Finch", np.log(0.25)),
    ],
)
def test_figures(name: str, mention: str, expected: float) -> None:
    assert figure(name, mention) == pytest.approx(expected)


def test_who_speaks_is_known() -> None:
    assert figure("speaks", "Ada Moss", speaker=(0, 2)) == 1
    assert figure("speaks", "Odo Finch", speaker=(0, 2)) == 0


def test_chances_are_put_in_order() -> None:
    ordered = in_order(np.array([[0.75, 0.25]]), ("none", "before"))
    assert ordered.tolist() == [[0, 0.25, 0, 0.75]]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Feigning sympathy, Interior Minister Ada Moss said it was late.", "Feign", "Ada Moss"),
        ("Odo Finch slammed the Kestrian government on Monday.", "slammed", "Kestrian government"),
    ],
)
def test_the_embedded_model_on_plain_cases(text: str, words: str, expected: str) -> None:
    spans = [span for span in load_model("fast").label(text).spans if words in span.text]
    assert spans
    assert expected in (spans[0].target or "")
