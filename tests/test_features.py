"""Word types on a vocabulary of three words whose weights can be added up by eye."""

from __future__ import annotations

import pickle
import random
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slantwise.features import SHAPES, UNKNOWN, TypeTable, TypeWeights, Vocabulary, shape, stem
from slantwise.text import tokenize

VOCABULARY = Vocabulary(
    words=("", "the", "regime", "slammed"),
    stems=("", "regime", "slamm"),
    suffixes=("", "ime", "med"),
    vectors=np.array([[0, 0], [1, 0], [0, 2], [3, 1]], dtype=np.float32),
)


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float32)[:, None]


#                    ""  the regime slammed
WORD = column(0, 1, 20, 300)
#                    "" lower capital upper digit mixed mark quote stop
SHAPE = column(0, 0, 0.5, 0.25, 0, 0, 0, 0, 0.125)
WEIGHTS = TypeWeights(WORD, column(0, 2, 3), column(0, 4, 5), SHAPE, vector=column(1000, 10_000))
TYPES = ["The", "regime", "slammed", "REGIME", "slamming", "ship", "."]
# word + stem + suffix + shape + 1000 × first and 10,000 × second dimension
FOLDED = [
    1 + 0 + 0 + 0.5 + 1000,
    20 + 2 + 4 + 0 + 20_000,
    300 + 3 + 5 + 0 + 13_000,
    20 + 2 + 4 + 0.25 + 20_000,
    0 + 3 + 0 + 0 + 0,
    0,
    0.125,
]


@pytest.fixture
def table() -> TypeTable:
    return TypeTable(VOCABULARY, {"span": WEIGHTS})


def columns_of(table: TypeTable, words: list[str], part: str = "span") -> list[float]:
    rows = table.look_up(words)
    return [float(value) for value in rows.columns(part)[rows.row, 0]]


# -- analysis ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("slamming", "slamm"),
        ("regime", "regime"),
        ("regimes", "regim"),
        ("liberation", "liber"),
        ("terrorists", "terror"),
        ("ships", "ship"),
        ("news", "news"),  # what is left must have four letters
        ("ted", "ted"),
        ("", ""),
    ],
)
def test_stems(word: str, expected: str) -> None:
    assert stem(word) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("said", "lower"),
        ("Ankara", "capital"),
        ("A", "capital"),
        ("NATO", "upper"),
        ("2020", "digit"),
        ("٣", "digit"),
        ("Covid19", "mixed"),
        ("snake_case", "mixed"),
        ("_", "mixed"),
        ("“", "quote"),
        ("'", "quote"),
        ("!", "stop"),
        ("…", "stop"),
        ("-", "mark"),
        ("€", "mark"),
        ("\ud800", "mark"),
        ("新", "lower"),
    ],
)
def test_shapes(word: str, expected: str) -> None:
    assert shape(word) == expected


@settings(deadline=None)
@given(st.text(max_size=60))
def test_every_token_has_a_stem_and_a_shape(text: str) -> None:
    for word in tokenize(text).words:
        assert shape(word) in SHAPES[1:]
        assert word.startswith(stem(word))


def test_types_are_taken_apart() -> None:
    found = VOCABULARY.analyse(TYPES)
    assert len(found) == 7
    assert found.word.tolist() == [1, 2, 3, 2, UNKNOWN, UNKNOWN, UNKNOWN]
    assert found.stem.tolist() == [0, 1, 2, 1, 2, 0, 0]
    assert found.suffix.tolist() == [0, 1, 2, 1, 0, 0, 0]
    assert [SHAPES[index] for index in found.shape] == [
        "capital", "lower", "lower", "upper", "lower", "lower", "stop",
    ]  # fmt: skip


def test_no_types_are_an_empty_analysis() -> None:
    found = VOCABULARY.analyse([])
    assert len(found) == 0
    assert WEIGHTS.fold(found, VOCABULARY.vectors).shape == (0, 1)


def test_weights_fold_into_one_number_a_type() -> None:
    assert WEIGHTS.n_columns == 1
    folded = WEIGHTS.fold(VOCABULARY.analyse(TYPES), VOCABULARY.vectors)
    assert folded[:, 0].tolist() == FOLDED


# -- the table ---------------------------------------------------------------------------


def test_a_type_has_one_row_wherever_it_stands(table: TypeTable) -> None:
    rows = table.look_up(["the", "regime", "the", "ship", "regime"])
    assert rows.row.tolist() == [1, 2, 1, 3, 2]
    assert rows.word.tolist() == [1, 2, 1, UNKNOWN, 2]
    assert table.look_up(["ship", "ferry", "the"]).row.tolist() == [3, 4, 1]


def test_columns_are_the_folded_weights(table: TypeTable) -> None:
    assert columns_of(table, TYPES) == FOLDED


def test_the_void_weighs_nothing(table: TypeTable) -> None:
    assert table.look_up(TYPES).columns("span")[0].tolist() == [0.0]


def test_no_words(table: TypeTable) -> None:
    rows = table.look_up([])
    assert rows.row.shape == rows.word.shape == (0,)


def test_parts_have_their_own_columns() -> None:
    wide = TypeWeights(*(np.repeat(getattr(WEIGHTS, block), 3, axis=1) for block in WEIGHTS.BLOCKS))
    rows = TypeTable(VOCABULARY, {"tone": WEIGHTS, "span": wide}).look_up(["regime"])
    assert rows.columns("tone")[rows.row].tolist() == [[20_026.0]]
    assert rows.columns("span")[rows.row].tolist() == [[20_026.0] * 3]


def test_a_part_that_is_not_there(table: TypeTable) -> None:
    with pytest.raises(KeyError, match="voice"):
        table.look_up(["the"]).columns("voice")


def test_the_table_grows_and_keeps_what_it_knows(table: TypeTable) -> None:
    before = table.look_up(TYPES)
    names = [f"ship{n}" for n in range(5000)]  # more than it has room for at first
    assert columns_of(table, names) == [0.0] * 5000  # a mixed shape has no weight
    assert table.look_up(TYPES).row.tolist() == before.row.tolist()
    assert columns_of(table, TYPES) == FOLDED
    assert before.columns("span")[before.row, 0].tolist() == FOLDED


def test_a_full_table_starts_afresh(table: TypeTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TypeTable, "MAX_TYPES", 7)
    before = table.look_up(TYPES)
    assert columns_of(table, ["ferry", "regime"]) == [0.0, FOLDED[1]]
    assert table.look_up(["ferry", "regime"]).row.tolist() == [1, 2]
    assert before.columns("span")[before.row, 0].tolist() == FOLDED  # rows given out stay good


def test_one_text_may_have_more_types_than_the_table(
    table: TypeTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TypeTable, "MAX_TYPES", 3)
    assert columns_of(table, TYPES) == FOLDED
    assert columns_of(table, ["ferry"]) == [0.0]


def test_a_pickled_table_knows_the_weights_and_not_the_types(table: TypeTable) -> None:
    small = len(pickle.dumps(table))
    table.look_up([f"ship{n}" for n in range(5000)])
    assert len(pickle.dumps(table)) == small
    again = pickle.loads(pickle.dumps(table))
    assert columns_of(again, TYPES) == FOLDED
    assert again.look_up(["The"]).row.tolist() == [1]


def test_threads_share_a_table_that_keeps_starting_afresh(
    table: TypeTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TypeTable, "MAX_TYPES", 40)
    weight = {f"ship{n}": 0.0 for n in range(60)} | dict(zip(TYPES, FOLDED, strict=True))

    def look_up(seed: int) -> bool:
        choose = random.Random(seed)
        drawn = [choose.sample(sorted(weight), 20) for _ in range(50)]
        return all(columns_of(table, words) == [weight[w] for w in words] for words in drawn)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(look_up, range(16)))


def test_a_type_weighs_the_same_to_the_last_bit_in_any_company() -> None:
    random = np.random.default_rng(0)
    names = tuple(f"word{n}" for n in range(700))
    vectors = random.normal(size=(701, 37)).astype(np.float32)
    vocabulary = Vocabulary(("", *names), ("",), ("",), vectors)
    none = np.zeros((1, 21), dtype=np.float32)
    weights = TypeWeights(
        random.normal(size=(701, 21)).astype(np.float32), none, none,
        np.zeros((len(SHAPES), 21), dtype=np.float32),
        random.normal(size=(37, 21)).astype(np.float32),
    )  # fmt: skip
    together = weights.fold(vocabulary.analyse(names), vectors)
    for size in (1, 2, 3, 5, 17, 256, 300):
        for low in (0, 123, 400):
            some = vocabulary.analyse(names[low : low + size])
            assert weights.fold(some, vectors).tolist() == together[low : low + size].tolist()


def test_numbers_of_word_types_lead_to_the_same_rows(table: TypeTable) -> None:
    tokens = tokenize("Rain fell, and rain fell on the harbour. " * 8)
    assert tokens.number.all()
    for _ in range(2):  # new, and then known
        by_number = table.look_up(tokens.words, tokens.number).row
        assert by_number.tolist() == table.look_up(tokens.words).row.tolist()
    unmet = np.zeros_like(tokens.number)
    assert table.look_up(tokens.words, unmet).row.tolist() == by_number.tolist()
