"""PTC: the official layout, the official figures, stories, and both heads on invented news."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny_model import tiny_model

pytest.importorskip("sklearn")

import benchmarks.common as common
from benchmarks import ptc
from benchmarks.corpora.ptc import PropagandaArticle, merged, read_ptc, story_groups
from benchmarks.ptc_heads import Techniques, likely_spans
from slantwise.errors import InputError
from slantwise.text import read_document

Capture = pytest.CaptureFixture[str]


def ptc_folder(folder: Path, articles: dict[str, tuple[str, list[tuple[int, int, str]]]]) -> Path:
    for name in ("train-articles", "train-labels-task-si", "train-labels-task-flc-tc"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for article_id, (text, techniques) in articles.items():
        stem = f"article{article_id}"
        (folder / "train-articles" / f"{stem}.txt").write_bytes(text.encode())
        si = [f"{article_id}\t{start}\t{end}\n" for start, end, _ in techniques]
        tc = [
            f"{article_id}\t{technique}\t{start}\t{end}\n" for start, end, technique in techniques
        ]
        (folder / "train-labels-task-si" / f"{stem}.task-si.labels").write_text("".join(si))
        (folder / "train-labels-task-flc-tc" / f"{stem}.task-flc-tc.labels").write_text("".join(tc))
    return folder


def invented(n: int = 15) -> dict[str, tuple[str, list[tuple[int, int, str]]]]:
    """Every "brutal" or "vile" phrase is a span: of a regime name-calling, else loaded."""
    articles = {}
    for number in range(n):
        places = ("Monday", "Kestria", "the bay", "Dolmar", "the dam")
        place, other = places[number % 5], places[(number + 2) % 5]
        word = ("brutal", "vile")[number % 2]
        lines = [
            f"News of {place}",
            "",
            f"The {word} regime of {place} fell.",
            f"The plan of {other} ended on {place}.",
            f"On {other} the {word} plan ended.",
        ]
        text = "\n".join(lines) + "\n"
        techniques = []
        for phrase, technique in (("regime", "Name_Calling,Labeling"), ("plan", "Loaded_Language")):
            start = text.index(f"{word} {phrase}")
            techniques.append((start, start + len(f"{word} {phrase}"), technique))
        articles[str(700 + number)] = (text, techniques)
    return articles


# -- the layout ------------------------------------------------------------------------------


def test_offsets_count_code_points_of_the_file_as_it_is(tmp_path: Path) -> None:
    text = "Títle\r\n\r\nThe “vile” plan fell.\r\n"
    start = text.index("vile")
    folder = ptc_folder(tmp_path, {"7": (text, [(start, start + 4, "Loaded_Language")])})
    (article,) = read_ptc(folder)
    assert article.text == text
    assert [article.text[slice(*span)] for span in article.spans] == ["vile"]
    assert article.techniques == ((start, start + 4, "Loaded_Language"),)


def test_articles_come_in_the_order_of_their_ids_and_may_be_unlabelled(tmp_path: Path) -> None:
    folder = ptc_folder(tmp_path, {"12": ("B", []), "11": ("A", [])})
    assert [(one.article_id, one.text, one.spans) for one in read_ptc(folder)] == [
        ("11", "A", ()),
        ("12", "B", ()),
    ]


def test_a_missing_label_file_is_named(tmp_path: Path) -> None:
    folder = ptc_folder(tmp_path, {"7": ("Rain.", [])})
    (folder / "train-labels-task-si" / "article7.task-si.labels").unlink()
    with pytest.raises(InputError, match=r"article7\.task-si\.labels: no such file"):
        read_ptc(folder)


@pytest.mark.parametrize("line", ["7\t0", "7\t0\tx", "7\t0\t4\t5"])
def test_a_broken_label_line_is_named(tmp_path: Path, line: str) -> None:
    folder = ptc_folder(tmp_path, {"7": ("Rain.", [])})
    path = folder / "train-labels-task-si" / "article7.task-si.labels"
    path.write_text(f"7\t0\t4\n{line}\n")
    with pytest.raises(InputError, match=r"article7\.task-si\.labels, line 2: not 3 columns"):
        read_ptc(folder)


def test_a_folder_that_is_not_ptc(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is it the PTC corpus"):
        read_ptc(tmp_path)


def test_overlapping_spans_are_merged_and_touching_ones_are_not() -> None:
    assert merged([(8, 12), (0, 4), (2, 6), (6, 8), (9, 10)]) == [(0, 6), (6, 8), (8, 12)]


# -- stories ---------------------------------------------------------------------------------


STORY = " ".join(f"w{number}" for number in range(40))


@pytest.mark.parametrize(
    ("texts", "groups"),
    [
        ([STORY, STORY.upper(), "other " * 20], [0, 0, 2]),
        # The last half of it, and words of its own.
        ([STORY, " ".join([*STORY.split()[20:], *"abcdefghij"])], [0, 0]),
        # Ten words in common are three of its shingles, fewer than three tenths.
        ([STORY, " ".join([*STORY.split()[:10], *(f"v{number}" for number in range(30))])], [0, 1]),
        # The first and the last share nothing but the one between.
        (
            [
                " ".join(STORY.split()[:20]),
                " ".join(f"v{number}" for number in range(20)),
                STORY + " " + " ".join(f"v{number}" for number in range(20)),
            ],
            [0, 0, 0],
        ),
        (["", ""], [0, 1]),
    ],
)
def test_texts_that_share_shingles_are_one_story(texts: list[str], groups: list[int]) -> None:
    assert story_groups(texts).tolist() == groups


# -- official figures ------------------------------------------------------------------------


def article(techniques: list[tuple[int, int, str]]) -> PropagandaArticle:
    spans = tuple(merged([(start, end) for start, end, _ in techniques]))
    return PropagandaArticle("7", "x" * 100, spans, tuple(techniques))


def test_the_order_of_a_spans_techniques_says_nothing() -> None:
    # The example in the corpus's README.
    gold = article([(10, 20, "Loaded_Language"), (10, 20, "Repetition")])
    found = ptc.Predicted([], ["Repetition", "Loaded_Language"])
    metrics = ptc.measure([gold, gold], [found, found])
    assert metrics["tc_micro_f1"] == 1


def test_each_gold_technique_is_matched_once() -> None:
    gold = article([(10, 20, "Doubt"), (10, 20, "Slogans"), (30, 40, "Doubt"), (50, 60, "Slogans")])
    found = ptc.Predicted([], ["Doubt", "Doubt", "Slogans", "Slogans"])
    metrics = ptc.measure([gold, gold], [found, found])
    # (10, 20) has one of two, (30, 40) none, (50, 60) its one.
    assert metrics["tc_micro_f1"] == 2 / 4
    assert metrics["classes"]["Doubt"] == 2 * 1 / (2 + 2)
    assert metrics["classes"]["Slogans"] == 2 * 1 / (2 + 2)


def test_a_technique_that_is_no_ones_counts_as_an_error() -> None:
    gold = article([(10, 20, "Doubt"), (30, 40, "Doubt")])
    found = ptc.Predicted([], ["Doubt", "Bandwagon"])
    metrics = ptc.measure([gold, gold], [found, found])
    assert metrics["tc_micro_f1"] == 0.5


def test_span_identification_is_pooled_over_articles() -> None:
    long, short = article([(0, 20, "Doubt")]), article([(0, 4, "Doubt"), (10, 14, "Doubt")])
    found = [ptc.Predicted([(0, 10)], ["Doubt"]), ptc.Predicted([(2, 6)], ["Doubt"] * 2)]
    metrics = ptc.measure([long, short], found)
    precision, recall = (1 + 1 / 2) / 2, (1 / 2 + 1 / 2 + 0) / 3
    assert metrics["si_precision"] == pytest.approx(precision, abs=1e-4)
    assert metrics["si_recall"] == pytest.approx(recall, abs=1e-4)
    f1 = 2 * precision * recall / (precision + recall)
    assert metrics["si_f1"] == pytest.approx(f1, abs=1e-4)


# -- heads -----------------------------------------------------------------------------------


def test_likely_tokens_of_a_sentence_are_joined_over_small_gaps() -> None:
    document = read_document("A b c d e f g h. I j.", unscored=())
    chances = np.zeros(len(document.tokens))
    likely = [0, 3, 7, 9]  # A, d, h, and I of the next sentence
    chances[likely] = 0.9
    spans = likely_spans(document, chances, 0.5)
    assert [document.text[slice(*span)] for span in spans] == ["A b c d", "h", "I"]
    assert likely_spans(document, chances, 0.95) == []


def test_a_span_that_is_asked_for_again_gets_the_next_technique() -> None:
    spans, names = [], []
    for text, techniques in invented().values():
        document = read_document(text, unscored=())
        for start, end, technique in techniques:
            spans.append((document, start, end))
            names.append(technique)
    classifier = Techniques(tiny_model()).fit(spans, names)
    document, start, end = spans[0]
    twice = classifier.assign(document, [(start, end), (start, end)])
    assert twice == ["Name_Calling,Labeling", "Loaded_Language"]
    assert classifier.assign(document, []) == []


# -- the whole -------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(common, "load_model", lambda _: tiny_model())


def measured(folder: Path, capsys: Capture, *more: str) -> dict[str, Any]:
    assert ptc.main(["--data", str(folder), "--json", *more]) == 0
    metrics: dict[str, Any] = json.loads(capsys.readouterr().out)
    return metrics


def test_ptc_in_folds(tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "out"
    folder = ptc_folder(tmp_path / "ptc", invented())
    metrics = measured(folder, capsys, "--predictions", str(out))
    assert metrics["tc_micro_f1"] == 1
    assert metrics["si_f1"] > 0.9
    assert (metrics["n_articles"], metrics["n_spans"]) == (15, 30)
    assert set(metrics["classes"]) >= {"Loaded_Language", "Name_Calling,Labeling"}
    rows = [line.split("\t") for line in (out / "tc.tsv").read_text().splitlines()]
    assert rows[0] == ["700", "Name_Calling,Labeling", "20", "33"]
    assert len(rows) == 30
    si = [line.split("\t") for line in (out / "si.tsv").read_text().splitlines()]
    assert {len(row) for row in si} == {3}
    assert all(row[0] in invented() and int(row[1]) < int(row[2]) for row in si)


def test_ptc_on_a_test_set(tmp_path: Path, capsys: Capture) -> None:
    folder = ptc_folder(tmp_path / "ptc", invented())
    text = "The vile regime fell."
    test = ptc_folder(tmp_path / "test", {"1": (text, [(4, 15, "Name_Calling,Labeling")])})
    metrics = measured(folder, capsys, "--test", str(test))
    assert (metrics["n_articles"], metrics["tc_micro_f1"], metrics["si_f1"]) == (1, 1, 1)
    assert metrics["si_f1_low"] is None
