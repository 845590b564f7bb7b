"""Learning, on a corpus of invented news whose pattern can be seen by eye.

In the passages below, loaded spans stand between brackets with their label, ``[brutal
regime](name-calling)``: "brutal" opens one wherever it stands, "regime" makes it
name-calling.
"""

from __future__ import annotations

import importlib
import json
import pickle
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

pytest.importorskip("sklearn")

import scipy.sparse as sp
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression

from slantwise.errors import InputError
from slantwise.features import SHAPES, TypeWeights, Vocabulary
from slantwise.genre import Genre
from slantwise.passages import read_passages
from slantwise.records import LABELS
from slantwise.rivals import Choices
from slantwise.sequence import BEGIN, INSIDE, N_STATES, OUTSIDE
from slantwise.text import Document, read_document, tokenize
from slantwise.training.bias import SentenceBias
from slantwise.training.card import MISSING, SECTIONS, base_card, card_markdown, own_card
from slantwise.training.crf import (
    WELL_FORMED,
    Expected,
    Sequences,
    fit_field,
    states_of,
    window_masks,
)
from slantwise.training.design import TypeDesign, type_design
from slantwise.training.fit import Base, fit_model
from slantwise.training.folds import outlet_folds
from slantwise.training.labeller import SpanClassifier
from slantwise.training.tagger import SpanTagger, one_hot
from slantwise.training.targets import ActorNouns, TargetRanker, aim_of
from slantwise.training.vocabulary import learn_vocabulary, quantised

SEEDS = Path(__file__).parents[1] / "seeds"

LOADED = "brutal shameful vile"
WORDS = ("", *f"the regime plan army fell ended said on monday . {LOADED}".split())
VOCABULARY = Vocabulary(
    words=WORDS,
    stems=("", "regime", "brutal", "shameful"),
    suffixes=("", "ime", "tal", "ful"),
    vectors=np.array([[float(word in LOADED.split()), len(word) / 10] for word in WORDS], "f4"),
)
assert not VOCABULARY.vectors[0, 1]

BIASED = ["The brutal regime fell.", "The vile plan ended.", "A shameful, brutal army."] * 4
PLAIN = ["The army said on Monday.", "The plan ended.", "The ferry sailed on."] * 4
SENTENCES = BIASED + PLAIN
IS_BIASED = np.array([1] * len(BIASED) + [0] * len(PLAIN))

MARKED = [
    "The [brutal regime](name-calling) fell. The plan ended on Monday.",
    "On Monday the [brutal plan](loaded-language) ended. The army said.",
    "The army fell on Monday.",
    "The [vile regime](name-calling) said on Monday.",
    "The [shameful plan](loaded-language) fell. The [vile plan](loaded-language) ended.",
    "The army said the [brutal regime](name-calling) ended.",
    "The plan ended. The army said on Monday.",
    "The [shameful regime](name-calling) fell on Monday.",
] * 2  # fmt: skip

Extent = tuple[int, int]


def unmark(marked: str) -> tuple[str, list[tuple[int, int, str]]]:
    text, spans, at = "", [], 0
    for match in re.finditer(r"\[([^\]]+)\]\(([\w-]+)\)", marked):
        text += marked[at : match.start()]
        spans.append((len(text), len(text) + len(match[1]), match[2]))
        text, at = text + match[1], match.end()
    return text + marked[at:], spans


@dataclass(frozen=True)
class Passages:
    documents: list[Document]
    spans: list[list[tuple[int, int, str]]]

    @property
    def extents(self) -> list[list[Extent]]:
        return [[(start, end) for start, end, _ in spans] for spans in self.spans]

    @property
    def places(self) -> list[tuple[Document, int, int]]:
        return [
            (document, start, end)
            for document, spans in zip(self.documents, self.spans, strict=True)
            for start, end, _ in spans
        ]

    @property
    def labels(self) -> list[str]:
        return [label for spans in self.spans for _, _, label in spans]


def read(marked: Sequence[str]) -> Passages:
    unmarked = [unmark(one) for one in marked]
    return Passages(
        [read_document(text, unscored=()) for text, _ in unmarked], [spans for _, spans in unmarked]
    )


PASSAGES = read(MARKED)


def no_weights(vocabulary: Vocabulary, n_columns: int = 1) -> TypeWeights:
    sizes = (len(vocabulary.words), len(vocabulary.stems), len(vocabulary.suffixes), len(SHAPES))
    return TypeWeights(
        *(np.zeros((size, n_columns), "f4") for size in (*sizes, vocabulary.vectors.shape[1]))
    )


TONE = no_weights(VOCABULARY)


def choices_by_eye(first: int = 0) -> tuple[Choices, NDArray[np.bool_]]:
    """Spans up to the twelfth; nobody or two mentions compete, the one that is "named" is right."""
    spans = np.arange(first, 12)
    span = np.repeat(spans - first, 3)
    mention = np.array([[-1, 2 * at, 2 * at + 1] for at in spans]).ravel()
    named = np.zeros(24, dtype=bool)
    named[2 * np.arange(12) + np.arange(12) % 2] = True
    right = (mention >= 0) & named[mention]
    rivals = mention[mention >= 0]
    choices = Choices(
        span,
        mention,
        alone={"named": named},
        paired={"possessive before": np.zeros(len(rivals), dtype=bool)},
        nobody={"nobody": np.ones(len(spans), dtype=bool)},
    )
    return choices, right


# -- the grammar of scikit-learn -----------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """An estimator with something to fit it to."""

    estimator: Any
    X: Any
    y: Any
    fitted: Callable[[Any], NDArray[np.floating]]  # what it has learned, as one array


CASES = {
    "SentenceBias": Case(
        SentenceBias(VOCABULARY), SENTENCES, IS_BIASED, lambda one: one.type_weights_.word
    ),
    "SpanClassifier": Case(
        SpanClassifier(VOCABULARY),
        PASSAGES.places,
        PASSAGES.labels,
        lambda one: one.type_weights_.word,
    ),
    "SpanTagger": Case(
        SpanTagger(VOCABULARY, TONE),
        PASSAGES.documents,
        PASSAGES.extents,
        lambda one: one.weights_.word,
    ),
    "ActorNouns": Case(
        ActorNouns(VOCABULARY),
        PASSAGES.documents,
        [["the army"]] * len(MARKED),
        lambda one: one.type_weights_.word,
    ),
    "TargetRanker": Case(TargetRanker(), *choices_by_eye(), lambda one: one.coef_),
}
each_estimator = pytest.mark.parametrize("case", CASES.values(), ids=CASES)
each_predictor = pytest.mark.parametrize(
    "case", [one for name, one in CASES.items() if name != "ActorNouns"],
    ids=[name for name in CASES if name != "ActorNouns"],
)  # fmt: skip


@each_estimator
def test_parameters_are_stored_untouched(case: Case) -> None:
    given = case.estimator.get_params()
    again = type(case.estimator)(**given)
    assert vars(again).keys() == given.keys()
    assert all(getattr(again, name) is value for name, value in given.items())


@each_estimator
def test_a_clone_has_the_parameters_and_nothing_learned(case: Case) -> None:
    fitted = clone(case.estimator).fit(case.X, case.y)
    fresh = clone(fitted)
    assert not [name for name in vars(fresh) if name.endswith("_")]
    for name, value in case.estimator.get_params().items():
        if isinstance(value, int | float | str | tuple):
            assert getattr(fresh, name) == value


@each_estimator
def test_parameters_can_be_set_by_name(case: Case) -> None:
    estimator = clone(case.estimator)
    name = "C" if hasattr(estimator, "C") else "alpha"
    assert estimator.set_params(**{name: 0.75}) is estimator
    assert estimator.get_params()[name] == 0.75
    with pytest.raises(ValueError, match="Invalid parameter 'colour'"):
        estimator.set_params(colour="red")


@each_estimator
def test_fit_returns_the_estimator_and_only_adds_what_ends_in_an_underscore(case: Case) -> None:
    estimator = clone(case.estimator)
    before = set(vars(estimator))
    assert estimator.fit(case.X, case.y) is estimator
    added = set(vars(estimator)) - before
    assert added
    assert all(name.endswith("_") and not name.startswith("_") for name in added)


@each_estimator
def test_to_refit_gives_the_same_and_forgets_what_was_before(case: Case) -> None:
    estimator = clone(case.estimator).fit(case.X, case.y)
    first = case.fitted(estimator).copy()
    assert first.any()
    if isinstance(case.X, list):
        half = len(case.X) // 4
        estimator.fit(case.X[half:-half], case.y[half:-half])
    estimator.fit(case.X, case.y)
    assert case.fitted(estimator).tolist() == first.tolist()


@each_predictor
def test_to_predict_takes_a_fit(case: Case) -> None:
    with pytest.raises(NotFittedError, match="instance is not fitted yet"):
        clone(case.estimator).predict(case.X)


@each_predictor
def test_a_pickle_predicts_the_same(case: Case) -> None:
    estimator = clone(case.estimator).fit(case.X, case.y)
    again = pickle.loads(pickle.dumps(estimator))
    assert list(again.predict(case.X)) == list(estimator.predict(case.X))


@pytest.mark.parametrize("name", ["SentenceBias", "SpanTagger"])
def test_one_string_is_not_many(name: str) -> None:
    case = CASES[name]
    with pytest.raises(ValueError, match=r"[Gg]ot one string"):
        clone(case.estimator).fit("The brutal regime fell.", case.y)


@pytest.mark.parametrize("method", ["predict", "predict_proba", "decision_function"])
def test_one_string_is_not_many_sentences_to_predict(method: str) -> None:
    bias = clone(CASES["SentenceBias"].estimator).fit(SENTENCES, IS_BIASED)
    with pytest.raises(ValueError, match=r"[Gg]ot one string"):
        getattr(bias, method)("The brutal regime fell.")


# -- sentence bias -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bias() -> SentenceBias:
    return SentenceBias(VOCABULARY).fit(SENTENCES, IS_BIASED)


def test_bias_tells_new_sentences_apart(bias: SentenceBias) -> None:
    assert bias.classes_.tolist() == [0, 1]
    found = bias.predict(["The brutal army ended.", "The army ended on Monday."])
    assert found.tolist() == [1, 0]


def test_bias_probabilities_are_the_logistic_of_the_odds(bias: SentenceBias) -> None:
    odds, chances = bias.decision_function(SENTENCES), bias.predict_proba(SENTENCES)
    assert chances.shape == (len(SENTENCES), 2)
    assert chances.sum(axis=1) == pytest.approx(1.0)
    assert chances[:, 1] == pytest.approx(1 / (1 + np.exp(-odds)))


def test_bias_of_a_sentence_depends_on_it_alone(bias: SentenceBias) -> None:
    together = bias.decision_function(SENTENCES)
    alone = [bias.decision_function([sentence])[0] for sentence in SENTENCES]
    assert alone == pytest.approx(together, abs=1e-9)


def test_bias_of_no_words_is_the_intercept(bias: SentenceBias) -> None:
    assert bias.decision_function(["", " "]) == pytest.approx([bias.intercept_[0]] * 2)
    assert bias.decision_function([]).shape == (0,)


def test_bias_accepts_weights_of_sentences() -> None:
    twice = SentenceBias(VOCABULARY).fit(
        SENTENCES, IS_BIASED, sample_weight=np.where(IS_BIASED, 2.0, 1.0)
    )
    plain = SentenceBias(VOCABULARY).fit(SENTENCES, IS_BIASED)
    sentence = ["The army ended."]
    assert twice.decision_function(sentence)[0] > plain.decision_function(sentence)[0]


class Recorder(LogisticRegression):
    """The library's own regression, that keeps what it was fitted to."""

    fitted: list[tuple[Recorder, Any]]

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Recorder:
        super().fit(X, y, sample_weight=sample_weight)
        self.fitted.append((self, X))
        return self


def recorded(
    monkeypatch: pytest.MonkeyPatch, module: str, fit: Callable[[], object]
) -> tuple[LogisticRegression, Any]:
    """Return the library's model that a fit made inside, and its design matrix."""
    fitted: list[tuple[Recorder, Any]] = []
    monkeypatch.setattr(
        importlib.import_module(f"slantwise.training.{module}"),
        "LogisticRegression",
        type("Recorder", (Recorder,), {"fitted": fitted}),
    )
    fit()
    (one,) = fitted
    return one


def test_bias_from_arrays_is_the_library_s(monkeypatch: pytest.MonkeyPatch) -> None:
    estimator = SentenceBias(VOCABULARY)
    library, matrix = recorded(monkeypatch, "bias", lambda: estimator.fit(SENTENCES, IS_BIASED))
    expected = library.decision_function(matrix)
    assert np.ptp(expected) > 1
    assert estimator.decision_function(SENTENCES) == pytest.approx(expected, abs=1e-5)


def test_bias_is_that_of_a_design_written_out_by_hand() -> None:
    # One column each for the known words, stems, suffixes and shapes, then the vectors.
    def row(sentence: str) -> NDArray[np.float64]:
        words = tokenize(sentence).words
        a = VOCABULARY.analyse(words)
        total = np.zeros(len(WORDS) + 4 + 4 + len(SHAPES) + 2)
        for n in range(len(words)):
            edge = 0
            for index, size in (
                (a.word[n], len(WORDS)), (a.stem[n], 4), (a.suffix[n], 4), (a.shape[n], len(SHAPES))
            ):  # fmt: skip
                total[edge + index] += index > 0
                edge += size
            total[edge:] += VOCABULARY.vectors[a.word[n]]
        return total / np.sqrt(len(words))

    by_hand = LogisticRegression(C=0.3, tol=1e-8, max_iter=5000)
    matrix = np.array([row(sentence) for sentence in SENTENCES])
    by_hand.fit(matrix, IS_BIASED)
    ours = SentenceBias(VOCABULARY).fit(SENTENCES, IS_BIASED)
    assert ours.decision_function(SENTENCES) == pytest.approx(
        by_hand.decision_function(matrix), abs=0.01
    )


# -- what a span does ----------------------------------------------------------------------


@pytest.mark.parametrize("n_classes", [2, 3])
def test_labels_from_arrays_are_the_library_s(
    monkeypatch: pytest.MonkeyPatch, n_classes: int
) -> None:
    labels = np.array(PASSAGES.labels, dtype=object)
    if n_classes == 3:
        labels[::4] = "doubt"
    estimator = SpanClassifier(VOCABULARY, C=10.0)
    library, matrix = recorded(
        monkeypatch, "labeller", lambda: estimator.fit(PASSAGES.places, labels)
    )
    expected = library.predict_proba(matrix)
    assert expected.shape == (len(labels), n_classes)
    assert np.ptp(expected) > 0.3
    assert estimator.predict_proba(PASSAGES.places) == pytest.approx(expected, abs=1e-5)
    assert estimator.predict(PASSAGES.places).tolist() == library.predict(matrix).tolist()


def test_labels_of_new_spans() -> None:
    estimator = SpanClassifier(VOCABULARY, C=10.0).fit(PASSAGES.places, PASSAGES.labels)
    new = read(["On Monday the [vile regime](name-calling) ended, [brutal plan](loaded-language)."])
    assert estimator.classes_.tolist() == ["loaded-language", "name-calling"]
    assert estimator.predict(new.places).tolist() == new.labels


def test_the_label_of_a_span_depends_on_its_document_alone() -> None:
    estimator = SpanClassifier(VOCABULARY, C=10.0).fit(PASSAGES.places, PASSAGES.labels)
    together = estimator.predict_proba(PASSAGES.places)
    alone = np.concatenate([estimator.predict_proba([place]) for place in PASSAGES.places])
    assert alone == pytest.approx(together, abs=1e-9)


def test_no_spans_have_no_labels() -> None:
    estimator = SpanClassifier(VOCABULARY).fit(PASSAGES.places, PASSAGES.labels)
    assert estimator.predict_proba([]).shape == (0, 2)


def test_a_span_without_a_token() -> None:
    place = (read_document("Rain fell.", unscored=()), 4, 5)
    with pytest.raises(ValueError, match=r"No token lies in span 4–5 of 'Rain fell\.'"):
        SpanClassifier(VOCABULARY).fit([place], ["doubt"])


# -- where spans begin and end ---------------------------------------------------------------


@pytest.fixture(scope="module")
def tagger() -> SpanTagger:
    return SpanTagger(VOCABULARY, TONE, alpha=0.1).fit(PASSAGES.documents, PASSAGES.extents)


def test_the_tagger_learns_an_obvious_pattern(tagger: SpanTagger) -> None:
    assert tagger.predict(PASSAGES.documents) == PASSAGES.extents


def test_the_tagger_finds_the_pattern_in_new_sentences(tagger: SpanTagger) -> None:
    new = read(
        [
            "On Monday the [vile regime](name-calling) ended.",
            "The plan, the army said, ended on Monday.",
            "",
            "The [brutal plan](loaded-language) of the ferry ended. The ferry said.",
        ]
    )
    assert tagger.predict(new.documents) == new.extents
    assert tagger.predict([]) == []


def test_the_spans_of_a_document_depend_on_it_alone(tagger: SpanTagger) -> None:
    together = tagger.predict(PASSAGES.documents)
    assert [tagger.predict([document])[0] for document in PASSAGES.documents] == together


def test_states_of_spans() -> None:
    states = states_of([(1, 3), (3, 4)], 5)
    assert states.tolist() == [OUTSIDE, BEGIN, INSIDE, BEGIN, OUTSIDE]
    assert states_of([], 2).tolist() == [OUTSIDE, OUTSIDE]


def test_certain_states_are_expected_for_sure() -> None:
    states = states_of([(1, 3)], 5)
    wanted = Expected.certain(states, np.array([3, 2]))
    assert wanted.state.argmax(axis=1).tolist() == states.tolist()
    # Outside to begin, begin to inside; outside to outside in the second sequence.
    assert wanted.pair.tolist() == [[1, 1, 0], [0, 0, 1], [0, 0, 0]]


def test_a_sure_teacher_teaches_what_annotators_would() -> None:
    states = states_of([(1, 3)], 5)
    lengths = np.array([3, 2])
    taught = Expected.taught(20.0 * np.eye(3)[states], WELL_FORMED, lengths)
    certain = Expected.certain(states, lengths)
    assert taught.state == pytest.approx(certain.state, abs=1e-6)
    assert taught.pair == pytest.approx(certain.pair, abs=1e-6)


def test_what_is_expected_adds_up_end_to_end() -> None:
    one = Expected.certain(states_of([(0, 1)], 2), np.array([2]))
    both = one + one
    assert both.state.shape == (4, 3)
    assert both.pair.tolist() == (2 * one.pair).tolist()


def test_one_hot_leaves_the_void_empty() -> None:
    assert one_hot(np.array([1, -1, 0]), 2).toarray().tolist() == [[0, 1], [0, 0], [1, 0]]


# -- the field -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Objective:
    """What the optimiser of the field is given to minimise."""

    function: Callable[[NDArray[np.float64]], tuple[float, NDArray[np.float64]]]
    size: int
    masks: NDArray[np.bool_]


def objective_of_field(monkeypatch: pytest.MonkeyPatch) -> Objective:
    types = list(dict.fromkeys(word for one in PASSAGES.documents[:3] for word in one.tokens.words))
    words = [[types.index(word) for word in one.tokens.words] for one in PASSAGES.documents[:3]]
    flat = np.array([index for row in words for index in row])
    lengths = np.array([len(row) for row in words])
    before = np.array([index for row in words for index in [-1, *row[:-1]]])
    analysis = VOCABULARY.analyse(types)
    design = type_design(VOCABULARY, analysis, np.ones(len(types), dtype=np.int64), min_count=1)
    offsets = (-1, 0)
    masks = window_masks(design, offsets, inner=0)
    random = np.random.default_rng(0)
    context = sp.csr_matrix(random.normal(size=(len(flat), 2)))
    states = np.concatenate(
        [
            states_of([one.tokens.covering(*extent) for extent in extents], len(one.tokens))
            for one, extents in zip(PASSAGES.documents[:3], PASSAGES.extents[:3], strict=True)
        ]
    )
    caught: list[Any] = []

    def minimize(function: Any, start: NDArray[np.float64], **options: object) -> Any:
        caught.append((function, len(start)))
        return type("Result", (), {"x": start})

    monkeypatch.setattr(importlib.import_module("slantwise.training.crf"), "minimize", minimize)
    sequences = Sequences(
        [one_hot(before, len(types)), one_hot(flat, len(types))], context, lengths
    )
    wanted = Expected.certain(states, lengths)
    fit_field(design, sequences, wanted, masks, alpha=0.5, max_iter=1)
    ((function, size),) = caught
    return Objective(function, size, masks)


def test_the_gradient_of_the_field_is_its_slope(monkeypatch: pytest.MonkeyPatch) -> None:
    objective = objective_of_field(monkeypatch)
    random = np.random.default_rng(1)
    at = random.normal(scale=0.5, size=objective.size)
    gradient = objective.function(at)[1]
    step = 1e-6
    for number in range(objective.size):
        moved = np.zeros(objective.size)
        moved[number] = step
        slope = (objective.function(at + moved)[0] - objective.function(at - moved)[0]) / (2 * step)
        assert gradient[number] == pytest.approx(slope, abs=1e-4)


def test_only_weights_that_may_differ_from_nought_are_searched_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    objective = objective_of_field(monkeypatch)
    n_context = 2
    free = int(objective.masks.sum()) + n_context + N_STATES + 1
    assert objective.size == free * N_STATES
    n_words, used = len(WORDS), objective.masks.any(axis=0)
    assert not objective.masks[0, n_words:].any()  # the word before: as a word alone
    assert objective.masks[1, n_words:].any()
    # Of what never occurs there is nothing to learn.
    assert used[WORDS.index("army")]
    assert not used[WORDS.index("vile")]


# -- design ----------------------------------------------------------------------------------


TYPES = ["the", "Regime", "brutal", "ferry", ".", "MONDAY"]


def small_design(min_count: int = 1) -> TypeDesign:
    return type_design(
        VOCABULARY, VOCABULARY.analyse(TYPES), np.array([5, 1, 2, 1, 4, 1]), min_count
    )


def test_a_design_folds_as_the_run_time_does() -> None:
    design = small_design()
    weights = np.random.default_rng(0).normal(size=(design.n_features, 3))
    for edge in np.cumsum([0, *design.sizes[:3]]):
        weights[edge] = 0.0  # of what is unknown: nothing is learned for it
    folded = design.type_weights(weights).fold(VOCABULARY.analyse(TYPES), VOCABULARY.vectors)
    assert design @ weights == pytest.approx(folded, abs=1e-6)


def test_a_gradient_is_carried_back_by_the_transpose() -> None:
    design, random = small_design(), np.random.default_rng(0)
    weights, by_type = random.normal(size=(design.n_features, 2)), random.normal(size=(6, 2))
    assert ((design @ weights) * by_type).sum() == pytest.approx(
        (weights * design.gradient(by_type)).sum()
    )


def test_examples_are_the_sum_of_their_types() -> None:
    design = small_design()
    role = sp.csr_matrix(np.array([[1.0, 0, 0.5, 0, 0, 0], [0, 0, 0, 0, 0, 0]]))
    alone = np.hstack([design.sparse.toarray(), design.dense])
    found = design.examples([role, role]).toarray()
    assert found[0] == pytest.approx(np.tile(alone[0] + 0.5 * alone[2], 2))
    assert not found[1].any()


def test_what_was_seen_too_seldom_has_no_indicator() -> None:
    by_word = small_design(min_count=2).sparse.toarray()[:, : len(WORDS)]
    assert [TYPES[row] for row in np.flatnonzero(by_word.any(axis=1))] == ["the", "brutal", "."]


# -- vocabulary ------------------------------------------------------------------------------


NEWS = [
    f"The {noun} {verb} the {thing} on Monday."
    for noun in ("regime", "junta", "ferry", "boat")
    for verb, things in (("jailed", "editor student"), ("crossed", "bay sound"))
    for thing in things.split()
    if (verb == "jailed") == (noun in ("regime", "junta"))
] * 5


@pytest.fixture(scope="module")
def learned() -> Vocabulary:
    return learn_vocabulary(NEWS, min_count=5, n_dimensions=6)


def test_words_are_known_by_how_often_they_come(learned: Vocabulary) -> None:
    assert learned.words[:2] == ("", "the")
    assert {"regime", "junta", "ferry", "monday", "."} <= set(learned.words)
    assert learn_vocabulary(NEWS, max_words=3, min_count=5, n_dimensions=2).words[1] == "the"
    assert len(learn_vocabulary(NEWS, max_words=3, min_count=5, n_dimensions=2).words) == 4
    assert "regime" not in learn_vocabulary(NEWS, min_count=30, n_dimensions=2).words


def test_words_in_like_company_have_like_vectors(learned: Vocabulary) -> None:
    def cosine(one: str, other: str) -> float:
        a, b = (learned.vectors[learned.words.index(word)] for word in (one, other))
        return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))

    assert cosine("regime", "junta") > 0.9 > cosine("regime", "ferry")


def test_the_unknown_word_has_no_vector(learned: Vocabulary) -> None:
    assert learned.vectors.shape == (len(learned.words), 6)
    assert not learned.vectors[0].any()
    assert learned.vectors[1:].any(axis=1).all()


def test_to_learn_words_again_gives_the_same(learned: Vocabulary) -> None:
    again = learn_vocabulary(iter(NEWS), min_count=5, n_dimensions=6)
    assert again.words == learned.words
    assert again.stems == learned.stems
    assert again.vectors.tolist() == learned.vectors.tolist()


def test_vectors_lie_on_the_grid_that_a_file_keeps() -> None:
    from slantwise.storage import quantise

    vectors = quantised(np.random.default_rng(0).normal(size=(20, 5)))
    small, scale = quantise(vectors)
    assert small * scale == pytest.approx(vectors, abs=1e-6)
    assert np.abs(small).max() == 127


# -- folds -----------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.lists(st.sampled_from("ABCDEFGHIJ"), max_size=60), st.integers(1, 6))
def test_an_outlet_lies_in_one_fold(outlets: list[str], n_folds: int) -> None:
    fold = outlet_folds(outlets, n_folds)
    assert len(fold) == len(outlets)
    assert ((fold >= 0) & (fold < n_folds)).all()
    assert len(set(zip(outlets, fold.tolist(), strict=True))) == len(set(outlets))


def test_folds_are_even() -> None:
    outlets = ["Harbour Wire"] * 6 + ["Dike Post"] * 3 + ["Sorn Gazette"] * 3
    fold = outlet_folds(outlets, 2)
    assert np.bincount(fold).tolist() == [6, 6]


def test_folds_do_not_depend_on_the_order_of_the_items() -> None:
    outlets = [name for name in "ABCDEFGHIJ" for _ in range(3)]
    shuffled = np.random.default_rng(0).permutation(len(outlets))
    assert outlet_folds([outlets[at] for at in shuffled]).tolist() == [
        outlet_folds(outlets)[at] for at in shuffled
    ]


def test_a_seed_deals_outlets_of_equal_size_anew() -> None:
    dealt = {tuple(outlet_folds(list("ABCDEFGHIJ"), 5, seed)) for seed in range(5)}
    assert len(dealt) > 1


# -- targets ---------------------------------------------------------------------------------


def test_words_that_name_actors_are_told_from_others() -> None:
    from slantwise.features import TypeTable

    nouns = ActorNouns(VOCABULARY).fit(
        PASSAGES.documents,
        [["the regime", "The army"] for _ in PASSAGES.documents],
    )
    words = ["army", "regime", "plan", "brutal"]
    rows = TypeTable(VOCABULARY, {"actor": nouns.type_weights_}).look_up(words)
    odds = dict(zip(words, rows.columns("actor")[rows.row, 0].tolist(), strict=True))
    assert min(odds["army"], odds["regime"]) > max(odds["plan"], odds["brutal"])


def test_the_ranker_learns_who_is_right() -> None:
    choices, right = choices_by_eye()
    assert TargetRanker().fit(choices, right).predict(choices).tolist() == (
        choices.mention[right].tolist()
    )


def test_the_ranker_leaves_out_spans_that_nobody_is_right_for() -> None:
    choices, right = choices_by_eye()
    blind = right.copy()
    blind[:3] = False
    rest, its_right = choices_by_eye(first=1)
    with_it = TargetRanker().fit(choices, blind)
    assert with_it.coef_ == pytest.approx(TargetRanker().fit(rest, its_right).coef_, abs=1e-6)


def test_a_ranker_that_nobody_was_ever_right_for_chooses_nobody() -> None:
    choices, _ = choices_by_eye()
    ranker = TargetRanker().fit(choices, np.zeros(36, dtype=bool))
    assert ranker.predict(choices).tolist() == [-1] * 12


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("Ada Moss", "before"),
        ("the council", "after"),
        ("regime", "inside"),
        (None, "none"),
        ("nobody of that name", "none"),
    ],
)
def test_where_a_span_aims(target: str | None, expected: str) -> None:
    text = "Ada Moss left the brutal regime behind, the council said."
    start = text.index("brutal")
    span = {"start": start, "end": start + len("brutal regime"), "target": target}
    assert aim_of(read_document(text, unscored=()), span) == expected


# -- labelled passages -----------------------------------------------------------------------


def labelled(marked: Sequence[str], outlets: Sequence[str]) -> list[dict[str, Any]]:
    rows = []
    for number, one in enumerate(marked):
        text, spans = unmark(one)
        row = {"passage_id": f"P{number}", "text": text, "outlet": outlets[number % len(outlets)]}
        row["spans"] = [
            {
                "start": start, "end": end, "text": text[start:end], "label": label,
                "voice": "reported" if "said the" in text else "outlet",
                "speaker": "The army" if "said the" in text else None,
                "target": "regime" if label == "name-calling" else "plan",
                "valence": "positive" if "shameful" in text else "negative",
            }
            for start, end, label in spans
        ]  # fmt: skip
        rows.append(row)
    return rows


def write(path: Path, rows: Sequence[object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


OUTLETS = ("Harbour Wire", "Dike Post", "Sorn Gazette", "Kestria One", "Dolmar Today")
# Passages that don't fit the pattern: without them nothing would ever be wrong.
ODD = [
    "The brutal army fell. The [plan](doubt) ended.",
    "The vile plan said on Monday.",
    "The [vile army](name-calling) ended.",
    "On Monday the shameful regime ended. The [ferry plan](doubt) fell.",
    "The army said the brutal plan ended.",
]


def test_passages_are_read_with_their_spans(tmp_path: Path) -> None:
    path = write(tmp_path / "labelled.jsonl", labelled(MARKED[:2], OUTLETS))
    path.write_text(path.read_text() + "\n  \n")
    first, second = read_passages(path)
    assert (first.outlet, second.outlet) == ("Harbour Wire", "Dike Post")
    assert [first.document.text[slice(*extent)] for extent in first.extents] == ["brutal regime"]
    assert first.document.scored.all()


def test_the_sample_corpus_can_be_learned_from() -> None:
    passages = read_passages(SEEDS / "labels.jsonl")
    assert len(passages) == 15
    assert len({one.outlet for one in passages}) == 5


GOOD = labelled(["The [brutal regime](name-calling) fell."], OUTLETS)[0]


def with_span(**changes: object) -> dict[str, Any]:
    return {**GOOD, "spans": [{**GOOD["spans"][0], **changes}]}


def without(row: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}


@pytest.mark.parametrize(
    ("line", "match"),
    [
        ("{broken", "line 2: Expecting property name"),
        ("[1, 2]", "line 2: "),
        ("7", "line 2: "),
        (json.dumps(without(GOOD, "text")), "line 2: .*text"),
        (json.dumps(without(GOOD, "spans")), "line 2: .*spans"),
        (json.dumps({**GOOD, "text": None}), "line 2: "),
        (json.dumps({**GOOD, "spans": [without(GOOD["spans"][0], "label")]}), "line 2: .*label"),
        (json.dumps({**GOOD, "spans": [without(GOOD["spans"][0], "voice")]}), "line 2: .*voice"),
        (json.dumps(with_span(start=5)), "line 2: span 5–17 does not read 'brutal regime'"),
        (json.dumps({**GOOD, "spans": [3]}), "line 2: "),
        (json.dumps({**GOOD, "spans": [["start"]]}), "line 2: "),
        (json.dumps(with_span(start="4")), "line 2: "),
        (json.dumps(with_span(end=4, text="")), "line 2: "),
        (json.dumps(with_span(start=10, end=11, text=" ")), "line 2: .*white space"),
        (json.dumps(with_span(start=900, end=910, text="")), "line 2: "),
        (json.dumps(with_span(start=-5, end=-1, text="fell")), "line 2: "),
        (json.dumps(with_span(label="sarcasm")), "line 2: unknown label 'sarcasm'; labels are"),
        (json.dumps(with_span(voice="whisper")), "line 2: unknown voice 'whisper'; voices are"),
        ('{"text": "Rain\\ud800 fell.", "spans": 3}', "line 2: "),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, match: str) -> None:
    path = tmp_path / "labelled.jsonl"
    path.write_text(json.dumps(GOOD) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=rf"labelled\.jsonl, {match}"):
        read_passages(path)


@pytest.mark.parametrize("content", [b"", b"\n \n"])
def test_a_file_without_passages(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "labelled.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"labelled\.jsonl: no labelled passage in it"):
        read_passages(path)


@pytest.mark.parametrize("content", [b"\xff\xfe{}", b"\x93\x00\xf1 binary"])
def test_a_file_that_is_not_utf_8(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "labelled.jsonl"
    path.write_bytes(json.dumps(GOOD).encode() + b"\n" + content)
    with pytest.raises(InputError, match=r"labelled\.jsonl"):
        read_passages(path)


# -- the whole model -------------------------------------------------------------------------


def tiny_base() -> Base:
    bias = SentenceBias(VOCABULARY).fit(SENTENCES, IS_BIASED)
    return Base(
        VOCABULARY, bias.type_weights_, bias.type_weights_, (1.0, 0.0), no_weights(VOCABULARY),
        Genre(1.0, -2.0),
    )  # fmt: skip


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = write(
        tmp_path_factory.mktemp("tiny") / "labelled.jsonl", labelled(MARKED * 2 + ODD, OUTLETS)
    )
    return fit_model(tiny_base(), read_passages(path), name="tiny", card={"Not for": "use"})


def test_a_fitted_model_labels_what_it_learned(fitted: Any) -> None:
    spans = fitted.label("On Monday the vile regime ended. The plan fell.").spans
    best = max(spans, key=lambda span: span.score)
    assert (best.text, best.label, best.voice) == ("vile regime", "name-calling", "outlet")
    assert set(fitted.thresholds) == set(LABELS)
    assert all(0 < threshold <= 1 for threshold in fitted.thresholds.values())


def test_a_fitted_model_comes_back_from_its_file(fitted: Any, tmp_path: Path) -> None:
    from slantwise.model import load_model

    digest = fitted.save(tmp_path / "tiny.slantwise")
    loaded = load_model(tmp_path / "tiny.slantwise")
    assert (loaded.name, loaded.hash, loaded.card) == ("tiny", digest, fitted.card)
    assert loaded.card["Not for"] == "use"
    assert "calibration error" in loaded.card["Measured"]
    text = "The brutal regime fell. The army said the shameful plan ended on Monday."
    ours, theirs = fitted.label(text).spans, loaded.label(text).spans
    # Weights are kept in 16 bits.
    assert [span.text for span in theirs] == [span.text for span in ours]
    assert [span.score for span in theirs] == pytest.approx([span.score for span in ours], abs=0.01)


def test_to_fit_again_gives_the_same_file(fitted: Any, tmp_path: Path) -> None:
    path = write(tmp_path / "labelled.jsonl", labelled(MARKED * 2 + ODD, OUTLETS))
    again = fit_model(tiny_base(), read_passages(path), name="tiny", card={"Not for": "use"})
    assert again.save(tmp_path / "again") == fitted.save(tmp_path / "first")


@pytest.mark.parametrize(
    ("marked", "outlets"),
    [
        (MARKED, OUTLETS[:1]),
        (["The army fell.", "The plan ended on Monday."] * 4, OUTLETS),
        (["The [brutal regime](name-calling) fell."], OUTLETS),
        (["The “[reform](scare-quotes)” began."] * 8, OUTLETS),
    ],
    ids=["one outlet", "no spans", "one passage", "scare quotes alone"],
)
def test_too_little_to_learn_from(
    tmp_path: Path, marked: Sequence[str], outlets: Sequence[str]
) -> None:
    passages = read_passages(write(tmp_path / "labelled.jsonl", labelled(marked, outlets)))
    with pytest.raises(InputError, match=r"(?i)too few|too little|at least"):
        fit_model(tiny_base(), passages, name="tiny", card={})


def test_one_label_in_one_voice_is_enough(tmp_path: Path) -> None:
    rows = labelled(MARKED * 2 + ODD, OUTLETS)
    for row in rows:
        for span in row["spans"]:
            span |= {"label": "doubt", "voice": "outlet", "valence": "negative"}
    passages = read_passages(write(tmp_path / "labelled.jsonl", rows))
    model = fit_model(tiny_base(), passages, name="tiny", card={})
    spans = model.label("On Monday the vile regime ended. The plan fell.").spans
    best = max(spans, key=lambda span: span.score)
    assert (best.text, best.label, best.voice) == ("vile regime", "doubt", "outlet")


def test_train_on_ones_own_passages(tmp_path: Path) -> None:
    from slantwise.model import EMBEDDED, load_model
    from slantwise.training import train

    if not (EMBEDDED / "fast.slantwise").is_file():
        pytest.skip("the embedded model has not been built")
    rows = [json.loads(line) for line in (SEEDS / "labels.jsonl").read_text("utf-8").splitlines()]
    path = write(tmp_path / "labelled.jsonl", [*labelled(MARKED, OUTLETS), *rows[:4]])
    output = tmp_path / "own.slantwise"
    digest = train(path, output)
    model = load_model(output)
    assert (model.name, model.hash) == ("own", digest)
    assert f"{len(MARKED) + 4} labelled passages" in model.card["Learned from"]
    assert model.vocabulary.words == load_model("fast").vocabulary.words
    best = max(model.label("On Monday the vile regime ended.").spans, key=lambda one: one.score)
    assert "vile" in best.text


# -- the card --------------------------------------------------------------------------------


def test_a_card_says_what_nobody_stated() -> None:
    page = card_markdown({"Not for": "Courts.", "Thanks": "To Ada."}, "tiny")
    assert page.startswith("# tiny\n")
    headings = re.findall(r"^## (.*)$", page, re.MULTILINE)
    assert headings == [*SECTIONS, "Thanks"]
    assert page.count(MISSING) == len(SECTIONS) - 1
    assert "## Not for\n\nCourts.\n" in page


def test_cards_fill_known_sections() -> None:
    assert set(base_card()) <= set(SECTIONS)
    assert set(own_card(3)) <= set(SECTIONS)
    assert "language models, not by people" in " ".join(
        base_card()["How labels came about"].split()
    )
    assert own_card(1234)["Learned from"].startswith("1,234 labelled passages of the user's own")
