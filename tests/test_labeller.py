"""What a span does, with weights that can be added up by eye."""

from __future__ import annotations

import numpy as np
import pytest

from slantwise.features import SHAPES, TypeRows, TypeTable, TypeWeights, Vocabulary
from slantwise.labeller import (
    FIGURES,
    ROLES,
    Extents,
    Members,
    SpanHead,
    extents_of,
    roles,
    span_figures,
)
from slantwise.layout import Layout, lay_out
from slantwise.text import read_document

WORDS = ("", "brutal", "regime", "said")
VOCABULARY = Vocabulary(WORDS, ("",), ("",), np.zeros((len(WORDS), 1), dtype=np.float32))
CLASSES = ("loaded-language", "name-calling")
#        0  1    2   3      4      5    6  7       8        9  10
TEXT = "He said the brutal regime must go. Feigning concern, he left."


def laid_out(*texts: str) -> Layout:
    return lay_out([read_document(text, unscored=()) for text in texts])


def head_and_types(
    layout: Layout,
    weights: dict[tuple[str, str], tuple[float, ...]],
    figures: dict[str, tuple[float, ...]] | None = None,
) -> tuple[SpanHead, TypeRows]:
    """Return a head with these weights for a word in a role, and the types it needs."""
    by_word = np.zeros((len(WORDS), len(ROLES), len(CLASSES)), dtype=np.float32)
    for (word, role), odds in weights.items():
        by_word[WORDS.index(word), ROLES.index(role)] = odds
    n_columns = len(ROLES) * len(CLASSES)
    none = np.zeros((1, n_columns), dtype=np.float32)
    shape = np.zeros((len(SHAPES), n_columns), dtype=np.float32)
    word = by_word.reshape(len(WORDS), n_columns)
    table = TypeTable(VOCABULARY, {"label": TypeWeights(word, none, none, shape, none)})
    of_figures = np.zeros((len(FIGURES), len(CLASSES)), dtype=np.float32)
    for name, odds in (figures or {}).items():
        of_figures[FIGURES.index(name)] = odds
    return SpanHead("label", CLASSES, of_figures), table.look_up(layout.words)


def name_calling(
    weights: dict[tuple[str, str], tuple[float, ...]],
    figures: dict[str, tuple[float, ...]] | None = None,
    span: tuple[int, int] = (3, 5),
) -> float:
    layout = laid_out(TEXT)
    head, types = head_and_types(layout, weights, figures)
    chances = head.probabilities(types, layout, extents_of(layout, [span], ["outlet"]))
    assert chances.sum() == pytest.approx(1.0)
    return float(chances[0, CLASSES.index("name-calling")])


def logistic(odds: float) -> float:
    return float(1 / (1 + np.exp(-odds)))


def true_figures(layout: Layout, extents: Extents) -> list[list[str]]:
    found = span_figures(layout, extents)
    return [[name for name, value in zip(FIGURES, row, strict=True) if value] for row in found]


# -- probabilities -----------------------------------------------------------------------


def test_without_weights_every_class_is_as_likely() -> None:
    assert name_calling({}) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("word", "role", "share"),
    [
        ("brutal", "first", 1.0),
        ("brutal", "last", 0.0),
        ("regime", "last", 1.0),
        ("regime", "first", 0.0),
        ("regime", "inside", 1 / np.sqrt(2)),  # one of two words
        ("said", "before", 0.0),
        ("said", "further before", 1 / np.sqrt(2)),
        ("said", "sentence", 1 / np.sqrt(8)),
        ("regime", "after", 0.0),
    ],
)
def test_a_word_counts_in_its_role(word: str, role: str, share: float) -> None:
    assert name_calling({(word, role): (0.0, 2.0)}) == pytest.approx(logistic(2.0 * share))


def test_roles_and_figures_add_up() -> None:
    weights = {("brutal", "first"): (1.0, 0.0), ("regime", "last"): (0.0, 2.5)}
    figures = {"constant": (0.0, 0.25), "two words": (0.0, 0.5), "one word": (9.0, 0.0)}
    assert name_calling(weights, figures) == pytest.approx(logistic(2.5 + 0.25 + 0.5 - 1.0))


def test_odds_of_any_size_give_probabilities() -> None:
    assert name_calling({("regime", "last"): (0.0, 5000.0)}) == pytest.approx(1.0)
    assert name_calling({("regime", "last"): (5000.0, 0.0)}) == pytest.approx(0.0)


def test_no_spans() -> None:
    for layout in (laid_out(TEXT), laid_out("")):
        head, types = head_and_types(layout, {})
        assert head.probabilities(types, layout, extents_of(layout, [], [])).shape == (0, 2)


def test_a_span_is_classified_as_if_alone() -> None:
    weights = {("regime", "last"): (0.0, 2.0), ("said", "further before"): (1.0, 0.0)}
    both, one = laid_out(TEXT, TEXT), laid_out(TEXT)
    head, types = head_and_types(both, weights)
    spans = extents_of(both, [(3, 5), (8, 10), (17, 19), (22, 24)], ["outlet"] * 4)
    found = head.probabilities(types, both, spans)
    head, types = head_and_types(one, weights)
    alone = [
        head.probabilities(types, one, extents_of(one, [span], ["outlet"]))[0]
        for span in ((3, 5), (8, 10))
    ]
    assert found == pytest.approx(np.array([*alone, *alone]))


# -- roles -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        # first, last, inside, before, further before, after, sentence
        ((3, 5), ["brutal", "regime", "brutal regime", "the", "He said", "must",
                  "He said the brutal regime must go ."]),
        ((8, 10), ["Feigning", "concern", "Feigning concern", "", "", ",",
                   "Feigning concern , he left ."]),
        ((0, 1), ["He", "He", "He", "", "", "said", "He said the brutal regime must go ."]),
        ((6, 8), ["go", ".", "go .", "must", "the brutal regime", "",
                  "He said the brutal regime must go ."]),
        ((5, 6), ["must", "must", "must", "regime", "said the brutal", "go",
                  "He said the brutal regime must go ."]),
    ],
)  # fmt: skip
def test_roles_of_a_span_end_at_its_sentence(span: tuple[int, int], expected: list[str]) -> None:
    layout = laid_out(TEXT)
    found = roles(layout, extents_of(layout, [span], ["outlet"]))
    assert [
        " ".join(layout.words[int(role.first[0]) : int(role.last[0])]) for role in found
    ] == expected


def test_members_of_a_role_share_its_weight() -> None:
    layout = laid_out(TEXT)
    role = roles(layout, extents_of(layout, [(0, 1), (6, 8)], ["outlet"] * 2))[4]
    spans, tokens, weights = role.members()
    assert spans.tolist() == [1, 1, 1]
    assert tokens.tolist() == [3 - 1, 3, 4]
    assert weights == pytest.approx(1 / np.sqrt(3))


def test_the_two_ways_to_sum_a_role_agree() -> None:
    # One serves at run time, the other builds the matrix that weights are learned from.
    layout = laid_out(TEXT)
    columns = np.random.default_rng(0).normal(size=(14, 3))
    rows = np.arange(14)
    extents = extents_of(layout, [(3, 5), (8, 9), (0, 8)], ["outlet"] * 3)
    for name, role in zip(ROLES, roles(layout, extents), strict=True):
        expected = np.zeros((3, 3))
        for span, token, weight in zip(*role.members(), strict=True):
            expected[span] += weight * columns[token]
        members = Members.of(role, rows, shared=name == "sentence")
        assert members.mean_of(columns) == pytest.approx(expected)


# -- figures -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("span", "length"),
    [
        ((3, 4), "one word"),
        ((3, 5), "two words"),
        ((3, 6), "three or four words"),
        ((3, 7), "three or four words"),
        ((1, 6), "five words or more"),
    ],
)
def test_figures_of_length(span: tuple[int, int], length: str) -> None:
    layout = laid_out(TEXT)
    found = true_figures(layout, extents_of(layout, [span], ["reported"]))
    assert found == [["constant", length, "voice reported"]]


@pytest.mark.parametrize("voice", ["outlet", "quote", "reported", "scare"])
def test_figures_of_voice(voice: str) -> None:
    layout = laid_out(TEXT)
    assert f"voice {voice}" in true_figures(layout, extents_of(layout, [(3, 4)], [voice]))[0]


def test_figures_of_place() -> None:
    layout = laid_out(TEXT, "The “reform” began. Rain fell.")
    spans = extents_of(layout, [(8, 9), (14, 15), (16, 17), (20, 21)], ["outlet"] * 4)
    assert [names[3:] for names in true_figures(layout, spans)] == [
        ["opens its sentence", "capitalised"],
        ["opens its sentence", "capitalised"],
        ["in quotation marks"],
        ["opens its sentence", "capitalised"],
    ]


def test_a_mark_that_ends_another_document_is_not_before_a_span() -> None:
    layout = laid_out('It said: "No."', "Feigning concern, he left.")
    assert layout.words[int(layout.token_edges[1]) - 1] == '"'
    at = int(layout.token_edges[1])
    (names,) = true_figures(layout, extents_of(layout, [(at, at + 2)], ["outlet"]))
    assert "in quotation marks" not in names


def test_an_unknown_voice() -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        extents_of(laid_out(TEXT), [(0, 1)], ["whisper"])
