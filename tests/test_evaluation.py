"""Measuring: figures of passages judged by hand, and of a tiny model."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tiny_model import MARKED, labelled, tiny_model, write

from slantwise.errors import InputError
from slantwise.evaluation import Judged, Tally, are_right, compare, evaluate, judge, measure
from slantwise.passages import Passage, read_passages
from slantwise.records import LABELS, Span

TEXT = "The vile regime fell, a brutal end. Olund praised the brave guards of Kestria."
SEEDS = Path(__file__).parents[1] / "seeds"


def gold(words: str, label: str, target: str | None, valence: str | None, **more: Any) -> Any:
    start = TEXT.index(words)
    span = {"start": start, "end": start + len(words), "text": words, "label": label}
    return {
        **span,
        "voice": "outlet",
        "speaker": None,
        "target": target,
        "valence": valence,
        **more,
    }


def found(words: str, label: str, score: float = 0.9, **more: Any) -> Judged:
    start = TEXT.index(words)
    known: dict[str, Any] = {
        "voice": "outlet",
        "speaker": None,
        "target": None,
        "valence": None,
        **more,
    }
    span = Span(
        article_id="a", outlet="", date="", field="text", start=start, end=start + len(words),
        text=words, label=label, score=score, speaker_name=None, actor=None,
        sentence_start=0, sentence_end=len(TEXT), **known,
    )  # fmt: skip
    return Judged(span, chance=score)


SPANS = [
    gold("vile regime", "name-calling", "the regime", "negative"),
    gold("brutal", "loaded-language", None, None),
    gold("brave guards", "flag-waving", "the guards of Kestria", "positive", voice="reported"),
]
JUDGED = [
    # Both words: the same label, target (without its article) and valence.
    found("vile regime", "name-calling", target="regime", valence="negative"),
    # Twice as long as the gold span, another label.
    found("brutal end", "exaggeration", 0.4),
    # One word of two, right but for the voice and the valence.
    found("brave", "flag-waving", 0.6, target="guards", valence="negative"),
    found("Olund", "doubt", 0.05),
]
THRESHOLDS = dict.fromkeys(LABELS, 0.5)


def passage(article_id: str = "a", spans: list[Any] = SPANS) -> Passage:
    from slantwise.text import read_document

    return Passage(read_document(TEXT, unscored=()), "Harbour Wire", spans, article_id)


@pytest.fixture(scope="module")
def metrics() -> dict[str, Any]:
    # Twice the same article, so that every replicate gives the same figures.
    return measure([passage("a"), passage("b")], [JUDGED, JUDGED], THRESHOLDS, 0.3)


def test_span_figures(metrics: dict[str, Any]) -> None:
    precision = (1 + len("brutal") / len("brutal end") + 1) / 3
    recall = (1 + 1 + len("brave") / len("brave guards")) / 3
    assert metrics["span_precision"] == pytest.approx(precision, abs=1e-4)
    assert metrics["span_recall"] == pytest.approx(recall, abs=1e-4)
    f1 = 2 * precision * recall / (precision + recall)
    assert metrics["span_f1"] == pytest.approx(f1, abs=1e-4)
    assert metrics["count_ratio"] == 1


def test_labelled_span_f1_leaves_out_other_labels(metrics: dict[str, Any]) -> None:
    precision, recall = 2 / 3, (1 + len("brave") / len("brave guards")) / 3
    f1 = 2 * precision * recall / (precision + recall)
    assert metrics["labelled_span_f1"] == pytest.approx(f1, abs=1e-4)


def test_token_f1(metrics: dict[str, Any]) -> None:
    # vile regime | brutal end | brave against vile regime | brutal | brave guards
    assert metrics["token_f1"] == pytest.approx(2 * 4 / (5 + 5))


def test_figures_of_matched_spans(metrics: dict[str, Any]) -> None:
    assert metrics["label_accuracy"] == pytest.approx(2 / 3, abs=1e-4)
    assert metrics["voice_accuracy"] == pytest.approx(2 / 3, abs=1e-4)
    assert metrics["target_accuracy"] == 1
    # negative: 1 of 2 found, all of 1; positive: none; null: 1 of 1.
    assert metrics["valence_macro_f1"] == pytest.approx((2 / 3 + 0 + 1) / 3, abs=1e-4)


def test_figures_at_the_default_thresholds(metrics: dict[str, Any]) -> None:
    assert metrics["precision_at_default"] == 1
    recall = (1 + len("brave") / len("brave guards")) / 3
    assert metrics["recall_at_default"] == pytest.approx(recall, abs=1e-4)


def test_figures_of_each_label(metrics: dict[str, Any]) -> None:
    labels = metrics["labels"]
    assert list(labels) == ["name-calling", "loaded-language", "exaggeration", "flag-waving"]
    assert (labels["name-calling"]["f1"], labels["name-calling"]["n_gold"]) == (1, 2)
    assert (labels["loaded-language"]["recall"], labels["loaded-language"]["n_predicted"]) == (0, 0)
    assert (labels["exaggeration"]["precision"], labels["exaggeration"]["n_gold"]) == (0, 0)
    assert labels["flag-waving"]["recall"] == pytest.approx(5 / 12, abs=1e-4)


def test_every_figure_has_an_interval(metrics: dict[str, Any]) -> None:
    counted = {"labels", "n_candidates", "n_articles", "n_gold", "n_predicted"}
    names = {name for name in metrics if not name.endswith(("_low", "_high"))} - counted
    assert len(names) == 13
    for name in names:
        assert metrics[f"{name}_low"] == metrics[name] == metrics[f"{name}_high"]


def test_intervals_resample_articles() -> None:
    passages = [passage("a"), passage("b"), passage("c")]
    wide = measure(passages, [JUDGED, JUDGED, []], THRESHOLDS, 0.3)
    assert wide["span_recall_low"] == 0 < wide["span_recall"] < wide["span_recall_high"]
    # Passages of one article go together.
    one = [passage("a"), passage("a"), passage("a")]
    together = measure(one, [JUDGED, JUDGED, []], THRESHOLDS, 0.3)
    assert together["span_recall"] == wide["span_recall"]
    assert together["span_recall_low"] is None
    assert together["n_articles"] == 1


def test_candidates_are_right_with_label_and_half_the_words() -> None:
    candidates = [
        *JUDGED,
        found("brutal end", "loaded-language"),
        found("The vile regime fell", "name-calling"),
        found("vile", "name-calling"),
    ]
    # "brave" is 5 of 12 characters, "brutal" 6 of 10, "vile regime" 11 of 20, "vile" 4 of 11.
    expected = [True, False, False, False, True, True, False]
    assert are_right([passage()], [candidates]) == expected


def test_the_calibration_error_is_over_all_candidates(metrics: dict[str, Any]) -> None:
    # .9 right, .4, .6 and .05 wrong, each in a bin of its own.
    assert metrics["calibration_error"] == pytest.approx((0.1 + 0.4 + 0.6 + 0.05) / 4, abs=1e-4)
    assert metrics["n_candidates"] == 8


def test_models_are_compared_on_the_same_articles() -> None:
    passages = [passage("a"), passage("b")]
    good = Tally.of(passages, [JUDGED, JUDGED], THRESHOLDS, 0.3)
    poor = Tally.of(passages, [JUDGED, JUDGED], THRESHOLDS, 0.5)  # without "brutal end"
    found = compare(good, poor)
    assert found["span_recall"] == found["span_recall_low"] == pytest.approx(1 / 3, abs=1e-4)
    assert found["label_accuracy"] == pytest.approx(2 / 3 - 1, abs=1e-4)
    assert set(compare(good, good).values()) == {0.0}


def test_passages_without_a_span() -> None:
    nothing = measure([passage("a", []), passage("b", [])], [[], []], THRESHOLDS, 0.3)
    assert nothing["span_f1"] == 0
    assert nothing["label_accuracy"] is None
    assert nothing["count_ratio"] is None
    assert nothing["labels"] == {}


# -- of a model ------------------------------------------------------------------------------


def test_a_model_is_judged_as_it_labels(tmp_path: Path) -> None:
    model = tiny_model()
    passages = read_passages(write(tmp_path / "labelled.jsonl", labelled(MARKED)))
    judged = judge(model, passages)
    assert sum(map(len, judged)) >= 7
    for one, candidates in zip(passages, judged, strict=True):
        spans = model.label(one.document.text).spans
        kept = [found.span for found in candidates if found.span.score >= 0.1]
        # What a passage is judged by has no article, in which an actor would have a name.
        here = {"score": 0, "actor": None, "article_id": one.article_id, "outlet": one.outlet}
        assert [replace(span, **here) for span in spans] == [replace(span, **here) for span in kept]
        assert [span.score for span in kept] == pytest.approx([span.score for span in spans])


def test_a_model_that_learned_the_pattern_finds_it(tmp_path: Path) -> None:
    unseen = [
        "On Monday the [vile regime](name-calling) ended. The army fell.",
        "The [brutal plan](loaded-language) fell on Monday.",
        "The plan fell on Monday.",
    ]
    metrics = evaluate(tiny_model(), write(tmp_path / "labelled.jsonl", labelled(unseen)))
    assert metrics["span_f1"] == 1
    assert metrics["labelled_span_f1"] == 1
    assert metrics["n_articles"] == 3
    json.dumps(metrics, allow_nan=False)


def test_passages_are_scored_as_they_stand(tmp_path: Path) -> None:
    # As an article of its own, the line would be left out as a teaser.
    text = "READ MORE: The vile regime fell"
    row = labelled(["READ MORE: The [vile regime](name-calling) fell"])[0]
    assert tiny_model().label(text).spans == []
    passages = read_passages(write(tmp_path / "labelled.jsonl", [row]))
    surest = max(judge(tiny_model(), passages)[0], key=lambda one: one.span.score)
    assert surest.span.text == "vile regime"


def test_the_sample_corpus_can_be_measured() -> None:
    metrics = evaluate(tiny_model(), SEEDS / "labels.jsonl")
    assert metrics["n_articles"] == 15
    assert metrics["n_gold"] == sum(row["n_gold"] for row in metrics["labels"].values())


def test_measuring_needs_no_library_that_learns() -> None:
    code = "import slantwise.evaluation, sys; print({'sklearn', 'scipy'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("set()\n", "")


# -- passages --------------------------------------------------------------------------------


GOOD = labelled(["The [brutal regime](name-calling) fell."])[0]


def with_span(**changes: object) -> dict[str, Any]:
    return {**GOOD, "spans": [{**GOOD["spans"][0], **changes}]}


def test_passages_are_read_with_their_spans(tmp_path: Path) -> None:
    rows = [GOOD, {**GOOD, "article_id": "", "passage_id": "P7", "overlaps_other_sets": True}]
    path = write(tmp_path / "labelled.jsonl", rows)
    path.write_text(path.read_text() + "\n  \n")
    first, second = read_passages(path)
    assert [first.document.text[slice(*extent)] for extent in first.extents] == ["brutal regime"]
    assert (first.article_id, second.article_id) == ("a0", "P7")
    assert first.document.scored.all()
    assert len(read_passages(path, independent=True)) == 1


@pytest.mark.parametrize(
    ("line", "match"),
    [
        ("{broken", "line 2: Expecting property name"),
        ("7", "line 2: not a JSON object"),
        (json.dumps({"spans": []}), "line 2: 'text' is missing"),
        (json.dumps({"text": "Rain fell."}), "line 2: 'spans' is missing"),
        (json.dumps({**GOOD, "text": None}), "line 2: the text is None, not a string"),
        (json.dumps({**GOOD, "spans": 3}), "line 2: the spans are 3, not a list"),
        (json.dumps(with_span(start=5)), "line 2: span 5–17 does not read 'brutal regime'"),
        (json.dumps(with_span(start=-5)), "line 2: span -5–17 is no range of a text of 23 code"),
        (json.dumps(with_span(end=900)), "line 2: span 4–900 is no range"),
        (json.dumps(with_span(end=4)), "line 2: span 4–4 is no range"),
        (json.dumps(with_span(label="sarcasm")), "line 2: unknown label 'sarcasm'; labels are"),
        (json.dumps(with_span(voice="whisper")), "line 2: unknown voice 'whisper'; voices are"),
        (json.dumps(with_span(valence="good")), "line 2: unknown valence 'good'; valences are"),
        ('{"text": "Rain\\ud800 fell.", "spans": []}', "line 2: .*surrogates not allowed"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, match: str) -> None:
    path = tmp_path / "labelled.jsonl"
    path.write_text(json.dumps(GOOD) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=rf"labelled\.jsonl, {match}"):
        read_passages(path)


@pytest.mark.parametrize(
    ("content", "match"), [(b"\n \n", "no labelled passage"), (b"\xff\xfe{}", "not UTF-8")]
)
def test_a_file_without_passages(tmp_path: Path, content: bytes, match: str) -> None:
    path = tmp_path / "labelled.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError, match=rf"labelled\.jsonl: {match}"):
        read_passages(path)
