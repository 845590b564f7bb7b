"""BABE: the official layout, biased words, folds, and both heads on invented sentences."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny_model import tiny_model

pytest.importorskip("sklearn")

import benchmarks.common as common
from benchmarks import babe
from benchmarks.babe_features import Features, summary
from benchmarks.babe_heads import (
    SentenceHead,
    WordHead,
    evening_weights,
    folds_of_outlets,
    random_folds,
)
from benchmarks.corpora.babe import Sentence, biased_ranges, read_babe, token_flags
from slantwise.errors import InputError
from slantwise.text import tokenize

HEADER = "text;news_link;outlet;topic;type;label_bias;label_opinion;biased_words"


def row(text: str, outlet: str, label: str, words: str, number: int = 0) -> str:
    return f'"{text}";https://harbour.example/{number};{outlet};dam;left;{label};;{words}'


def babe_folder(folder: Path, rows: list[str]) -> Path:
    folder.mkdir(exist_ok=True)
    content = "\r\n".join([HEADER, *rows]) + "\r\n"
    (folder / "final_labels_SG2.csv").write_bytes(b"\xef\xbb\xbf" + content.encode())
    return folder


def invented(n: int = 40) -> list[str]:
    rows = []
    for number in range(n):
        outlet = ("Harbour Wire", "Dike Post", "Sorn Gazette")[number % 3]
        place = ("Monday", "Tuesday", "the bay", "the dam", "Kestria")[number % 5]
        if number % 2:
            word = ("brutal", "vile", "shameful")[number % 3]
            text = f"The {word} plan of {place} fell."
            rows.append(row(text, outlet, "Biased", f"['{word}']", number))
        else:
            rows.append(row(f"The plan of {place} fell.", outlet, "Non-biased", "[]", number))
    return rows


# -- the layout ------------------------------------------------------------------------------


def test_the_official_layout_is_read(tmp_path: Path) -> None:
    rows = [
        row('""A vile; plan,"" he said.', "Dike Post", "Biased", "\"['vile', 'plan,']\""),
        row("Rain fell.", "Harbour Wire", "Non-biased", "[]"),
        row("Who knows.", "Harbour Wire", "No agreement", "[]"),
    ]
    first, second = read_babe(babe_folder(tmp_path, rows))
    assert first.text == '"A vile; plan," he said.'
    assert first.biased and not second.biased
    assert first.biased_words == ("vile", "plan,")
    assert (first.outlet, first.url) == ("Dike Post", "https://harbour.example/0")


@pytest.mark.parametrize(
    ("rows", "match"),
    [
        ([row("A", "B", "Biased", "nonsense[")], "row 2: SyntaxError"),
        ([row("A", "B", "Biased", "['a']"), row("A", "B", "Biased", "7")], "row 3: TypeError"),
        ([row("A", "B", "No agreement", "[]")], "no sentence that is labelled"),
    ],
)
def test_a_broken_row_is_named(tmp_path: Path, rows: list[str], match: str) -> None:
    with pytest.raises(InputError, match=match):
        read_babe(babe_folder(tmp_path, rows))


def test_other_columns_are_not_babe(tmp_path: Path) -> None:
    (tmp_path / "final_labels_SG2.csv").write_text("text;label\nRain;1\n")
    with pytest.raises(InputError, match=r"row 2: KeyError\('label_bias'\)"):
        read_babe(tmp_path)


def test_a_folder_without_the_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"final_labels_SG2\.csv: no such file"):
        read_babe(tmp_path)


@pytest.mark.parametrize(
    ("text", "words", "flagged"),
    [
        ("A vile, Vile plan.", ("vile",), ["vile", "Vile"]),
        ("A vilest plan.", ("vile",), []),
        ("Tear-jerking, far-left plans.", ("far-left",), ["far", "left"]),
        ("A truly vile plan.", ("truly vile", "vile plan"), ["truly", "vile", "plan"]),
        ("The so-called plan.", ("so called",), ["so", "called"]),
        ("A plan.", ("…",), []),
        ("A plan.", ("",), []),
    ],
)
def test_biased_words_are_found_wherever_they_stand(
    text: str, words: tuple[str, ...], flagged: list[str]
) -> None:
    sentence = Sentence(text, "", "", True, words)
    tokens = tokenize(text)
    flags = token_flags(tokens, biased_ranges(sentence))
    assert [word for word, flag in zip(tokens.words, flags, strict=True) if flag] == flagged


# -- folds -----------------------------------------------------------------------------------


def test_outlets_are_left_out_whole() -> None:
    sentences = [
        Sentence("", outlet, "", True, ())
        for outlet, n in (("Dike Post", 100), ("Sorn Gazette", 99), ("Harbour Wire", 120))
        for _ in range(n)
    ]
    splits = {name: (seen, unseen) for name, seen, unseen in babe.outlets_left_out(sentences)}
    assert set(splits) == {"Dike Post", "Harbour Wire"}
    for name, (seen, unseen) in splits.items():
        assert {sentences[at].outlet for at in unseen} == {name}
        assert name not in {sentences[at].outlet for at in seen}
        assert len(seen) + len(unseen) == 319


def test_the_folds_are_those_of_the_paper() -> None:
    from sklearn.model_selection import StratifiedKFold

    biased = np.arange(50) % 3 == 0
    papers = StratifiedKFold(5, shuffle=True, random_state=42).split(np.zeros(50), biased)
    for (_, seen, unseen), (theirs, rest) in zip(babe.paper_folds(biased), papers, strict=True):
        assert (seen.tolist(), unseen.tolist()) == (theirs.tolist(), rest.tolist())


# -- heads -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def features(tmp_path_factory: pytest.TempPathFactory) -> Features:
    folder = babe_folder(tmp_path_factory.mktemp("babe"), invented())
    return Features(tiny_model(), read_babe(folder))


def test_words_are_learned(features: Features) -> None:
    seen, unseen = np.arange(30), np.arange(30, 40)
    head = WordHead().fit(features, seen)
    threshold = head.threshold(features, seen, head.out_of_fold(features, seen))
    for at, chances in zip(unseen, head.chances(features, unseen), strict=True):
        assert ((chances >= threshold) == features.biased_tokens[at]).all()


def test_out_of_fold_chances_come_from_other_sentences(features: Features) -> None:
    # The only biased sentence of its kind can't be told by a head that has not seen it.
    rows = np.arange(30)
    head = WordHead().fit(features, rows)
    within = head.out_of_fold(features, rows)
    assert [len(one) for one in within] == [len(flags) for flags in features.biased_tokens[:30]]
    assert np.concatenate(within).tolist() != np.concatenate(head.chances(features, rows)).tolist()


def test_sentences_are_learned(features: Features) -> None:
    seen, unseen = np.arange(30), np.arange(30, 40)
    words = WordHead().fit(features, seen)
    folds = random_folds(features, seen)
    head = SentenceHead().fit(features, seen, words.out_of_fold(features, seen), folds)
    scores = head.decision_function(features, unseen, words.chances(features, unseen))
    assert ((scores > 0) == features.biased[unseen]).all()


def test_a_sentence_is_judged_by_itself_alone(features: Features) -> None:
    seen, unseen = np.arange(30), np.arange(30, 40)
    words = WordHead().fit(features, seen)
    folds = random_folds(features, seen)
    head = SentenceHead().fit(features, seen, words.out_of_fold(features, seen), folds)
    together = head.decision_function(features, unseen, words.chances(features, unseen))
    alone = [
        head.decision_function(features, one, words.chances(features, one))[0]
        for one in unseen[:, None]
    ]
    assert together == pytest.approx(np.array(alone))


def test_the_folds_of_a_head_keep_outlets_whole(features: Features) -> None:
    rows = np.arange(5, 40)
    splits = folds_of_outlets(features, rows)
    assert sorted(at for _, unseen in splits for at in unseen) == list(range(35))
    for seen, unseen in splits:
        outlets = [{features.sentences[at].outlet for at in rows[part]} for part in (seen, unseen)]
        assert not outlets[0] & outlets[1]


def test_even_weights_hide_which_outlet_is_biased() -> None:
    outlets = ["A"] * 4 + ["B"] * 16
    biased = np.array([True, False, False, False] + [True] * 12 + [False] * 4)
    weights = evening_weights(outlets, biased)
    of = {
        (outlet, value): sum(
            w for w, o, b in zip(weights, outlets, biased, strict=True) if (o, b) == (outlet, value)
        )
        for outlet in "AB"
        for value in (True, False)
    }
    assert of["A", True] == pytest.approx(of["A", False])
    assert of["B", True] == pytest.approx(of["B", False])
    assert of["B", True] == pytest.approx(2 * of["A", True])  # the root of four times as many
    assert weights.mean() == pytest.approx(1)


def test_the_summary_of_a_sentence() -> None:
    first, top, total = summary(np.array([0.5, 0.1, 0.5, 0.5]))
    assert (first, top) == (0.0, 0.0)
    assert total == pytest.approx(np.log(1.601))


# -- the whole -------------------------------------------------------------------------------


def measured(folder: Path, capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, Any]:
    assert babe.main(["--data", str(folder), "--json", *more]) == 0
    metrics: dict[str, Any] = json.loads(capsys.readouterr().out)
    return metrics


@pytest.fixture(autouse=True)
def embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(common, "load_model", lambda _: tiny_model())


def test_babe_in_folds_and_with_outlets_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(babe, "_FEWEST", 14)
    folder = babe_folder(tmp_path / "babe", invented())
    metrics = measured(folder, capsys, "--predictions", str(tmp_path / "out"))
    assert metrics["macro_f1"] == metrics["auc"] == metrics["outlet_out_auc"] == 1
    assert metrics["word_f1"] > 0.9
    assert set(metrics["outlets"]) == {f"Harbour Wire{end}" for end in ("", "_low", "_high")}
    assert metrics["n_sentences"] == 40
    rows = [json.loads(line) for line in (tmp_path / "out" / "babe.jsonl").read_text().splitlines()]
    assert len([one for one in rows if one["split"].startswith("fold")]) == 40
    assert len([one for one in rows if one["split"] == "Harbour Wire"]) == 14


def test_babe_on_a_test_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = babe_folder(tmp_path / "babe", invented())
    # Labelled the other way round: whoever fits on it too would not fail so.
    turned = [
        row("The vile plan of the bay fell.", "Dike Post", "Non-biased", "[]"),
        row("The plan of the bay fell.", "Dike Post", "Biased", "['plan']"),
    ] * 3
    test = babe_folder(tmp_path / "test", turned)
    metrics = measured(folder, capsys, "--test", str(test))
    assert metrics["macro_f1"] == metrics["auc"] == metrics["word_f1"] == 0
    assert "outlet_out_macro_f1" not in metrics
