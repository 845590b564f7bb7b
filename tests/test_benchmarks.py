"""What all benchmarks share, the tables of the README, and measuring framing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tiny_model import MARKED, labelled, tiny_model, write

pytest.importorskip("sklearn")

import benchmarks.common as common
from benchmarks import framing, tables
from benchmarks.common import Run, keep, lines_of, main_of, parser_of

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def corpora(tmp_path: Path) -> Path:
    """A folder laid out like the corpora, with passages of our own."""
    write(
        tmp_path / "framing_gold.jsonl",
        labelled(["The [vile regime](name-calling) fell.", "The plan ended on Monday."]),
    )
    write(tmp_path / "framing_train.jsonl", labelled(MARKED * 4))
    return tmp_path


@pytest.fixture(autouse=True)
def embedded(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Put the tiny model in place of the embedded ones; yield what was asked for."""
    asked: list[str] = []

    def load_model(name: str) -> Any:
        asked.append(name)
        return tiny_model()

    monkeypatch.setattr(common, "load_model", load_model)
    yield asked


# -- options, printing, keeping --------------------------------------------------------------


def run(*argv: str, metrics: dict[str, Any] | None = None) -> int:
    return main_of("some", parser_of("some", "Some."), lambda _: metrics or {"f1": 0.5}, argv)


def test_the_fast_model_is_measured_unless_another_is_named(
    tmp_path: Path, embedded: list[str]
) -> None:
    assert run("--data", str(tmp_path)) == 0
    assert run("--data", str(tmp_path), "--model", "accurate") == 0
    assert embedded == ["fast", "accurate"]


def test_json_is_one_object(tmp_path: Path, capsys: Capture) -> None:
    metrics = {"f1": 0.5, "f1_low": None, "labels": {"doubt": {"f1": 0.25}}}
    assert run("--data", str(tmp_path), "--json", metrics=metrics) == 0
    assert json.loads(capsys.readouterr().out) == metrics


def test_figures_are_printed_with_their_intervals(tmp_path: Path, capsys: Capture) -> None:
    metrics = {"f1": 0.5, "f1_low": 0.25, "f1_high": 0.75, "n": 3, "labels": {"doubt": None}}
    assert run("--data", str(tmp_path), metrics=metrics) == 0
    assert capsys.readouterr().out.splitlines() == [
        "f1      0.500  (0.250 to 0.750)",
        "n       3",
        "labels",
        "  doubt  –",
    ]


def test_a_figure_that_only_ends_like_a_bound_is_shown() -> None:
    assert list(lines_of({"tide_low": 1.0})) == ["tide_low  1.000"]


def test_a_missing_folder_is_one_line_and_1(tmp_path: Path, capsys: Capture) -> None:
    assert run("--data", str(tmp_path / "nowhere")) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("python -m benchmarks.some: ") and "nowhere: no such file" in err


def test_figures_on_a_test_set_are_not_kept(tmp_path: Path, capsys: Capture) -> None:
    assert run("--data", str(tmp_path), "--test", str(tmp_path), "--save") == 2
    assert "leave out --test" in capsys.readouterr().err


def test_figures_are_kept_with_commit_and_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(common, "RESULTS", tmp_path / "results")
    assert run("--data", str(tmp_path), "--save") == 0
    kept = json.loads((tmp_path / "results" / "some-tiny.json").read_text())
    assert kept["metrics"] == {"f1": 0.5}
    assert (kept["benchmark"], kept["model"]) == ("some", "tiny")
    assert kept["model_hash"] == tiny_model().hash
    assert kept["commit"] == common.commit()


def test_predictions_are_written_only_when_asked_for(tmp_path: Path) -> None:
    args = parser_of("some", "").parse_args(["--data", str(tmp_path)])
    rows: list[Any] = [{"a": "é"}, ("1", 2, 3)]
    Run(tmp_path, None, tiny_model(), None, args).write("p.tsv", rows)
    assert list(tmp_path.iterdir()) == []
    Run(tmp_path, None, tiny_model(), tmp_path / "p", args).write("p.tsv", rows)
    assert (tmp_path / "p" / "p.tsv").read_text("utf-8") == '{"a": "é"}\n1\t2\t3\n'


# -- framing ---------------------------------------------------------------------------------


def test_framing_is_measured_on_the_gold(corpora: Path, capsys: Capture) -> None:
    assert framing.main(["--data", str(corpora), "--json"]) == 0
    metrics = json.loads(capsys.readouterr().out)
    assert (metrics["n_articles"], metrics["n_gold"]) == (2, 1)
    assert metrics["span_f1"] == 1
    assert "outlet_folds" not in metrics


def test_framing_is_measured_on_the_test_set_instead(
    corpora: Path, tmp_path: Path, capsys: Capture
) -> None:
    test = tmp_path / "test"
    test.mkdir()
    write(test / "framing_gold.jsonl", labelled(["The plan ended. The army fell."] * 3))
    out = tmp_path / "out"
    args = ["--data", str(corpora), "--test", str(test), "--predictions", str(out), "--json"]
    assert framing.main(args) == 0
    metrics = json.loads(capsys.readouterr().out)
    assert (metrics["n_articles"], metrics["n_gold"]) == (3, 0)
    rows = [json.loads(line) for line in (out / "framing.jsonl").read_text().splitlines()]
    assert len(rows) == metrics["n_candidates"]


def test_framing_is_compared_with_another_model(
    corpora: Path, tmp_path: Path, capsys: Capture
) -> None:
    tiny_model().save(tmp_path / "same.slantwise")
    against = ["--against", str(tmp_path / "same.slantwise")]
    assert framing.main(["--data", str(corpora), *against, "--json"]) == 0
    metrics = json.loads(capsys.readouterr().out)
    assert metrics["difference"]["span_f1"] == 0 == metrics["difference"]["span_f1_high"]


def test_framing_refits_in_folds_of_outlets(corpora: Path, capsys: Capture) -> None:
    assert framing.main(["--data", str(corpora), "--folds", "--json"]) == 0
    folds = json.loads(capsys.readouterr().out)["outlet_folds"]
    assert folds["span_f1"] > 0.9  # the pattern is the same everywhere
    assert folds["span_f1_low"] <= folds["span_f1"] <= folds["span_f1_high"]
    assert folds["n_candidates"] >= len(labelled(MARKED * 4)) // 2


# -- tables ----------------------------------------------------------------------------------


METRICS = {
    "span_f1": 0.5432,
    "span_f1_low": 0.5,
    "span_f1_high": 0.6,
    "count_ratio": 1.0,
    "label_accuracy": None,
    "outlet_folds": {"span_f1": 0.4},
    "labels": {"doubt": {"f1": 0.25, "precision": 0.5, "recall": 0.125, "n_gold": 8}},
}


def kept(folder: Path, benchmark: str, model: str, metrics: dict[str, Any]) -> None:
    folder.mkdir(exist_ok=True)
    content = {"benchmark": benchmark, "model": model, "model_hash": "c0ffee" * 6,
               "commit": "1234567890abcdef", "metrics": metrics}  # fmt: skip
    (folder / f"{benchmark}-{model}.json").write_text(json.dumps(content))


@pytest.fixture
def readme(tmp_path: Path) -> Path:
    path = tmp_path / "README.md"
    path.write_text(f"# Some\n\n{tables.START}\nstale\n{tables.END}\n\nThe end.\n")
    return path


def render(readme: Path, *more: str) -> int:
    return tables.main(["--readme", str(readme), "--results", str(readme.parent / "r"), *more])


def test_tables_come_from_what_is_kept(readme: Path) -> None:
    kept(readme.parent / "r", "framing", "fast", METRICS)
    kept(readme.parent / "r", "throughput", "fast", {"articles_per_s_1": 321.7})
    assert render(readme) == 0
    text = readme.read_text()
    assert text.startswith("# Some\n") and text.endswith("\n\nThe end.\n")
    assert "stale" not in text
    lines = text.splitlines()
    title = "framed spans, development gold"
    assert f"| {title} | span F1 (partial overlap) | .543 (.500–.600) |" in lines
    assert "|  | predicted to gold spans | 1.00 |" in lines
    assert "|  | span F1, training outlets left out | .400 |" in lines
    assert "label accuracy" not in text
    assert "| speed and memory | articles a second, 1 process | 322 |" in lines
    assert "| `doubt` | 8 | .250 | .500 | .125 |" in lines
    assert "| `benchmarks.framing` | `fast` | `c0ffeec0ffee` | `1234567890` |" in lines


def test_models_stand_side_by_side(readme: Path) -> None:
    kept(readme.parent / "r", "ptc", "accurate", {"si_f1": 0.4})
    kept(readme.parent / "r", "ptc", "fast", {"si_f1": 0.3, "tc_micro_f1": 0.5})
    assert render(readme) == 0
    lines = readme.read_text().splitlines()
    assert "| what | figure | `fast` | `accurate` |" in lines
    ptc = "propaganda (PTC, 5 folds by article)"
    assert f"| {ptc} | span identification F1 | .300 | .400 |" in lines
    assert "|  | technique micro F1 | .500 |  |" in lines


def test_check_says_whether_they_are_up_to_date(readme: Path, capsys: Capture) -> None:
    kept(readme.parent / "r", "framing", "fast", METRICS)
    before = readme.read_text()
    assert render(readme, "--check") == 1
    assert readme.read_text() == before
    assert "out of date" in capsys.readouterr().err
    assert render(readme) == 0
    assert render(readme, "--check") == 0
    kept(readme.parent / "r", "framing", "fast", {**METRICS, "span_f1": 0.1})
    assert render(readme, "--check") == 1


@pytest.mark.parametrize(
    "text",
    ["# Some\n", f"{tables.END}\n{tables.START}\n", f"{tables.START}\n" * 2 + f"{tables.END}\n"],
)
def test_a_readme_without_the_marks(readme: Path, capsys: Capture, text: str) -> None:
    readme.write_text(text)
    assert render(readme) == 1
    assert "<!-- tables: start -->" in capsys.readouterr().err
    assert readme.read_text() == text


def test_figures_kept_of_other_models_stay_out(readme: Path) -> None:
    kept(readme.parent / "r", "framing", "my own", METRICS)
    assert render(readme) == 0
    assert "No measurement is kept yet" in readme.read_text()


def test_keep_returns_where(tmp_path: Path) -> None:
    path = keep("some", tiny_model(), {"f1": 1.0}, tmp_path)
    assert path == tmp_path / "some-tiny.json"
