"""How a sentence speaks of whom it names: windows by hand, and sentences learned from."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone

from slantwise.features import SHAPES, TypeTable, TypeWeights, Vocabulary
from slantwise.layout import lay_out
from slantwise.text import Document, read_document
from slantwise.toward import WINDOWS, Toward, windows
from slantwise.training.toward import TowardTarget
from slantwise.training.vectors import WordVectors

TEXT = "In Dolmar the crowd cheered Ada Moss for ten long hours on Monday. Rain fell."
#       0  1      2   3     4       5   6    7   8   9    10    11 12    13 14   15  16
_WORDS = ("", "cheered", "booed", "met", "the", "crowd")
VOCABULARY = Vocabulary(
    _WORDS, ("",), ("",), np.array([[0, 0], [1, 0], [-1, 0], [0, 0], [0, 1], [0, 1]], dtype="f4")
)


def documents(*texts: str) -> list[Document]:
    return [read_document(text, unscored=()) for text in texts]


def words_in(window: str) -> list[str]:
    layout = lay_out(documents(TEXT))
    roles = windows(layout, np.array([5]), np.array([7]))
    role = roles[WINDOWS.index(window)]
    return layout.words[int(role.first[0]) : int(role.last[0])]


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("the naming", ["Ada", "Moss"]),
        ("one before", ["cheered"]),
        ("two before", ["the", "crowd"]),
        ("five before", ["In", "Dolmar"]),
        ("all before", []),
        ("one after", ["for"]),
        ("two after", ["ten", "long"]),
        ("five after", ["hours", "on", "Monday", "."]),
        ("all after", []),
    ],
)
def test_windows_are_counted_from_the_naming(window: str, expected: list[str]) -> None:
    assert words_in(window) == expected


def test_the_next_sentence_is_not_heard() -> None:
    assert "Rain" not in words_in("sentence")


def test_odds_are_the_weights_of_what_stands_there() -> None:
    weights = np.zeros((len(_WORDS), len(WINDOWS), 2), dtype="f4")
    weights[1, WINDOWS.index("one before"), 1] = 3.0
    none = np.zeros((1, weights[0].size), dtype="f4")
    parts = TypeWeights(
        weights.reshape(len(_WORDS), -1),
        none,
        none,
        np.zeros((len(SHAPES), none.size), dtype="f4"),
        np.zeros((2, none.size), dtype="f4"),
    )
    layout = lay_out(documents(TEXT))
    types = TypeTable(VOCABULARY, {"toward": parts}).look_up(layout.words)
    head = Toward("toward", ("negative", "positive"), np.array([0.5, 0.0], dtype="f4"))
    odds = head.odds(types, layout, np.array([5, 2]), np.array([7, 4]))
    assert odds.tolist() == [[0.5, 3.0], [0.5, 0.0]]


def naming(document: Document, name: str) -> tuple[Document, int, int]:
    start = document.text.index(name)
    return document, start, start + len(name)


def examples() -> tuple[list[tuple[Document, int, int]], list[str]]:
    verbs = {"cheered": "positive", "booed": "negative", "met": "neutral"}
    found, polarity = [], []
    for name in ("Ada Moss", "Odo Finch", "Lena Hobb"):
        for verb, said in verbs.items():
            (document,) = documents(f"The crowd {verb} {name} on Monday.")
            found.append(naming(document, name))
            polarity.append(said)
    return found, polarity


def test_verbs_before_a_name_tell() -> None:
    found, polarity = examples()
    fitted = TowardTarget(VOCABULARY, C=10.0).fit(found, polarity)
    (document,) = documents("The crowd booed Ione Maddrick on Friday.")
    assert fitted.predict([naming(document, "Ione Maddrick")]).tolist() == ["negative"]


def test_chances_add_up_and_depend_on_their_own_sentence_alone() -> None:
    found, polarity = examples()
    fitted = TowardTarget(VOCABULARY, C=10.0).fit(found, polarity)
    together = fitted.predict_proba(found)
    assert together.sum(axis=1) == pytest.approx(np.ones(len(found)))
    assert fitted.predict_proba(found[4:5]) == pytest.approx(together[4:5])


def test_it_is_an_estimator_and_learns_the_same_again() -> None:
    found, polarity = examples()
    once = TowardTarget(VOCABULARY, C=10.0).fit(found, polarity)
    again = clone(once).fit(found, polarity)
    assert again.predict_proba(found).tolist() == once.predict_proba(found).tolist()


def test_a_naming_without_words() -> None:
    (document,) = documents("Ada Moss left.")
    with pytest.raises(ValueError, match="no token lies in 3–4"):
        TowardTarget(VOCABULARY).fit([(document, 3, 4)], ["neutral"])


def test_vectors_of_a_convolution_join_those_of_the_vocabulary() -> None:
    learned = TypeWeights(
        np.arange(12, dtype="f4").reshape(6, 2),
        np.zeros((1, 2), dtype="f4"),
        np.zeros((1, 2), dtype="f4"),
        np.zeros((len(SHAPES), 2), dtype="f4"),
        np.zeros((2, 2), dtype="f4"),
    )
    vectors = WordVectors(VOCABULARY, learned)
    assert vectors.of(["booed"]).tolist() == [[4, 5, -1, 0]]
    weights = np.array([[1], [0], [10], [0]], dtype="f4")
    analysis = VOCABULARY.analyse(["booed", "cheered"])
    folded = vectors.type_weights(weights).fold(analysis, VOCABULARY.vectors)
    assert folded.tolist() == [[4 - 10], [2 + 10]]
