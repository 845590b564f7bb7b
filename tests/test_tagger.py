"""Where spans begin and end, with weights that can be added up by eye."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from slantwise.features import SHAPES, TypeRows, TypeTable, TypeWeights, Vocabulary
from slantwise.layout import Layout, lay_out
from slantwise.sequence import BEGIN, INSIDE, N_STATES, OUTSIDE, Chain
from slantwise.tagger import CONTEXT, Tagger, context_features
from slantwise.text import read_document

WORDS = ("", "brutally", "slammed", "critics", "bad", "the")
VOCABULARY = Vocabulary(WORDS, ("",), ("",), np.zeros((len(WORDS), 1), dtype=np.float32))
FREE = Chain(np.zeros((N_STATES, N_STATES), dtype=np.float32), np.zeros(N_STATES, dtype=np.float32))
NO_CONTEXT = np.zeros((len(CONTEXT), N_STATES), dtype=np.float32)
TEXT = "Critics brutally slammed the plan."  # tokens 0 to 5


def word_weights(n_columns: int, weights: dict[str, list[float]]) -> TypeWeights:
    word = np.zeros((len(WORDS), n_columns), dtype=np.float32)
    for name, values in weights.items():
        word[WORDS.index(name)] = values
    none = np.zeros((1, n_columns), dtype=np.float32)
    shape = np.zeros((len(SHAPES), n_columns), dtype=np.float32)
    return TypeWeights(word, none, none, shape, none)


def laid_out(*texts: str) -> Layout:
    return lay_out([read_document(text, unscored=()) for text in texts])


def typed(layout: Layout, span: TypeWeights, tone: TypeWeights | None = None) -> TypeRows:
    weights = {"span": span, "tone": tone or word_weights(1, {"bad": [1.0]})}
    return TypeTable(VOCABULARY, weights).look_up(layout.words)


def tagger(offsets: tuple[int, ...] = (0,)) -> Tagger:
    return Tagger(offsets, NO_CONTEXT, FREE)


def log(*chances: tuple[float, float, float]) -> NDArray[np.float32]:
    """Return an emission that, without transitions, gives tokens these probabilities."""
    return np.log(np.array(chances, dtype=np.float32))


def unquoted(layout: Layout) -> NDArray[np.bool_]:
    return np.zeros(len(layout.words), dtype=bool)


# -- emissions ---------------------------------------------------------------------------


def test_an_emission_adds_up_the_words_around() -> None:
    #                                        before   here      after
    span = word_weights(9, {"slammed": [0, 1, 0, 0, 20, 0, 0, 300, 0]})
    layout = laid_out(TEXT, "Slammed.")
    types = typed(layout, span)
    found = tagger((-1, 0, 1)).emissions(types, layout, unquoted(layout))
    assert found[:, BEGIN].tolist() == [0, 300, 20, 1, 0, 0, 20, 1]
    assert not found[:, [OUTSIDE, INSIDE]].any()


def test_an_emission_adds_up_the_context() -> None:
    layout = laid_out("Bad plan.", "Critics left.")
    context = np.zeros((len(CONTEXT), N_STATES), dtype=np.float32)
    context[CONTEXT.index("constant"), OUTSIDE] = 2.0
    context[CONTEXT.index("tone here"), INSIDE] = 0.5
    context[CONTEXT.index("quoted"), BEGIN] = 4.0
    quoted = np.array([False, True, False] + [False] * 3)
    types = typed(layout, word_weights(3, {}))
    found = Tagger((0,), context, FREE).emissions(types, layout, quoted)
    assert found.tolist() == [[2, 0, 0.5], [2, 4, 0], [2, 0, 0], *[[2, 0, 0]] * 3]


def test_context_of_a_token() -> None:
    layout = laid_out("Bad, bad plan. Critics left.", "Bad.")
    types = typed(layout, word_weights(3, {}))
    found = context_features(types, layout, np.arange(10) == 1)
    tone = [2 / np.sqrt(5), 0.0, 1 / np.sqrt(2)]  # of each sentence
    around = [(tone[0] + tone[1]) / 2, (tone[0] + tone[1]) / 2, tone[2]]
    assert layout.lengths.tolist() == [5, 3, 2]
    columns = dict(zip(CONTEXT, found.T.tolist(), strict=True))
    assert columns["constant"] == [1.0] * 10
    assert columns["tone here"] == [1, 0, 1, 0, 0, 0, 0, 0, 1, 0]
    assert columns["quoted"] == [0, 1, 0, 0, 0, 0, 0, 0, 0, 0]
    assert columns["tone"] == pytest.approx(np.repeat(tone, [5, 3, 2]))
    assert columns["tone around"] == pytest.approx(np.repeat(around, [5, 3, 2]))


def test_around_are_three_sentences_on_either_side() -> None:
    layout = laid_out("Bad. " + "Critics left. " * 4)
    types = typed(layout, word_weights(3, {}))
    around = context_features(types, layout, unquoted(layout))[layout.sentence_starts, 3]
    bad = 1 / np.sqrt(2)
    assert around == pytest.approx([bad / 4, bad / 5, bad / 5, bad / 5, 0.0], abs=1e-7)


# -- candidates --------------------------------------------------------------------------


def test_words_raise_a_candidate() -> None:
    span = word_weights(3, {"brutally": [0, 14, 0], "slammed": [0, 0, 14], "the": [5, 0, 0]})
    layout = laid_out(TEXT)
    emission = tagger().emissions(typed(layout, span), layout, unquoted(layout))
    emission[:, OUTSIDE] += 12  # what has no weight stays outside
    found = tagger().candidates(emission, layout)
    assert (found.first.tolist(), found.last.tolist()) == ([1], [3])


CHANCES = [
    (0.9996, 0.0002, 0.0002),
    (0.1, 0.6, 0.3),
    (0.2, 0.1, 0.7),
    (0.9, 0.07, 0.03),
    (0.9996, 0.0002, 0.0002),
    (0.5, 0.3, 0.2),
]


def found_ranges(*chances: tuple[float, float, float]) -> list[tuple[int, int]]:
    found = tagger().candidates(log(*chances), laid_out(TEXT))
    return list(zip(found.first.tolist(), found.last.tolist(), strict=True))


def test_likely_tokens_make_a_candidate_and_faint_ones_another() -> None:
    assert found_ranges(*CHANCES) == [(1, 3), (3, 4), (5, 6)]


def test_a_candidate_is_cut_where_another_begins() -> None:
    goes_on, begins = (0.2, 0.1, 0.7), (0.2, 0.7, 0.1)
    assert found_ranges(*[begins] * 2, goes_on, begins, goes_on, goes_on) == [
        (0, 1),
        (1, 3),
        (3, 6),
    ]


def test_certainty_is_that_of_the_tokens() -> None:
    found = tagger().candidates(log(*CHANCES), laid_out(TEXT))
    # begins, mean of 0.9 and 0.8, least of them, token before, token after
    assert found.certainty[0] == pytest.approx([0.6, 0.85, 0.8, 0.0004, 0.1], abs=1e-6)


@pytest.mark.parametrize(
    ("certain", "expected"),
    [
        ([(4, 6)], [(1, 3), (3, 4), (4, 6)]),
        ([(0, 1)], [(0, 1), (1, 3), (3, 4), (5, 6)]),
        ([(3, 4)], [(1, 3), (3, 4), (5, 6)]),
        ([(2, 3)], [(2, 3), (3, 4), (5, 6)]),
        ([(0, 2), (4, 5)], [(0, 2), (3, 4), (4, 5), (5, 6)]),
        ([(0, 6)], [(0, 6)]),
        ([(4, 5), (0, 1)], [(0, 1), (1, 3), (3, 4), (4, 5), (5, 6)]),
    ],
)
def test_certain_ranges_take_the_place_of_what_they_overlap(
    certain: list[tuple[int, int]], expected: list[tuple[int, int]]
) -> None:
    found = tagger().candidates(log(*CHANCES), laid_out(TEXT), certain)
    assert list(zip(found.first.tolist(), found.last.tolist(), strict=True)) == expected
    assert found.certainty.shape == (len(expected), 5)


def test_nothing_stands_beside_a_document() -> None:
    loaded, plain = (0.01, 0.9, 0.09), (0.9996, 0.0002, 0.0002)
    alone = tagger().candidates(log(loaded, plain), laid_out("Critics."))
    between = tagger().candidates(
        log(plain, loaded, loaded, plain, loaded, plain),
        laid_out("The bad", "Critics.", "Critics."),
    )
    assert alone.certainty[:, 3].tolist() == [0.0]
    assert between.certainty[1] == pytest.approx(alone.certainty[0], abs=1e-6)


def test_nothing_to_tag() -> None:
    for layout in (laid_out(), laid_out("")):
        found = tagger().candidates(np.zeros((0, N_STATES), dtype=np.float32), layout)
        assert found.first.shape == found.last.shape == (0,)
        assert found.certainty.shape == (0, 5)


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.floats(-4, 4)] * N_STATES), min_size=6, max_size=6))
def test_candidates_are_ordered_disjoint_and_in_their_sentence(
    scores: list[tuple[float, ...]],
) -> None:
    layout = laid_out("Bad plan.", "Critics left.")
    never = np.zeros((N_STATES, N_STATES), dtype=np.float32)
    never[OUTSIDE, INSIDE] = -30.0
    chain = Chain(never, np.array([0, 0, -30], dtype=np.float32))
    found = Tagger((0,), NO_CONTEXT, chain, 0.5).candidates(
        np.array(scores, dtype=np.float32), layout
    )
    assert (found.first < found.last).all()
    assert (found.last[:-1] <= found.first[1:]).all()
    assert (layout.token_sentence[found.first] == layout.token_sentence[found.last - 1]).all()
    assert ((found.certainty >= -1e-6) & (found.certainty <= 1 + 1e-6)).all()
