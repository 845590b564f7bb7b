"""The command line: options, output, messages and exit codes."""

from __future__ import annotations

import csv
import importlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from regime_model import RegimeModel

from slantwise.cli import build_parser, main
from slantwise.cli.terminal import messages, progress_bar
from slantwise.errors import ModelError, UsageError
from slantwise.records import LABELS, VOICES
from slantwise.scheme import SCHEME, VOICE_SCHEME
from slantwise.scores import read_scores
from slantwise.tables import SPAN_COLUMNS

COMMANDS = (
    "label", "score", "profile", "contrast", "report", "sample", "agreement", "export", "train",
    "evaluate", "labels",
)  # fmt: skip
TEXT = 'The regime fell, the regime\'s last ship left. "This regime," the envoy said.'

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Put the model of the tests in place of the real ones; return what was asked for."""
    asked: list[tuple[str, ...]] = []

    def load_model(*name: str) -> RegimeModel:
        asked.append(name)
        if name == ("nowhere",):
            raise ModelError("no model 'nowhere'")
        return RegimeModel(fails_on="poisoned")

    replace_function(monkeypatch, "slantwise.model", "load_model", load_model)
    return asked


def replace_function(
    monkeypatch: pytest.MonkeyPatch, module: str, name: str, function: Callable[..., Any]
) -> None:
    # Not by dotted name: the package has functions that are called like its modules.
    monkeypatch.setattr(importlib.import_module(module), name, function)


@pytest.fixture
def article(tmp_path: Path) -> str:
    path = tmp_path / "article.txt"
    path.write_text(TEXT)
    return str(path)


@pytest.fixture
def corpus(tmp_path: Path) -> str:
    path = tmp_path / "corpus.jsonl"
    records = [
        {"article_id": f"a{n}", "text": TEXT, "source": f"Paper {n % 2}", "date": "2031-05-02"}
        for n in range(4)
    ]
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return str(path)


@pytest.fixture
def with_broken_line(corpus: str) -> str:
    with open(corpus, "a") as file:
        file.write("{broken\n")
    return corpus


@pytest.fixture
def scores(corpus: str, tmp_path: Path) -> str:
    folder = str(tmp_path / "scores")
    assert main(["score", corpus, "--column", "outlet=source", "--output", folder]) == 0
    return folder


def run_process(*args: str, **settings: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "slantwise", *args], capture_output=True, text=True, **settings
    )


# -- everywhere ------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str, capsys: Capture) -> None:
    assert main([command, "--help"]) == 0
    out = capsys.readouterr().out
    assert "Example" in out
    assert f"slantwise {command} " in out
    assert "--quiet" in out and "--verbose" in out and "--version" in out


def test_help_names_every_command(capsys: Capture) -> None:
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    assert all(f"    {command}" in out for command in COMMANDS)


@pytest.mark.parametrize("args", [["--version"], ["label", "--version"], ["--version", "label"]])
def test_version_everywhere(args: list[str], capsys: Capture) -> None:
    assert main(args) == 0
    assert capsys.readouterr().out.startswith("slantwise ")


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["lable"],
        ["label", "--colour"],
        ["label", "--format", "pdf", "x.txt"],
        ["label", "--min-score", "60", "x.txt"],
        ["label", "--min-score", "high", "x.txt"],
        ["label", "--min-s", "0.5", "x.txt"],
        ["score", "x.csv"],
        ["score", "x.csv", "--output", "d", "--jobs", "0"],
        ["score", "x.csv", "--output", "d", "--resume", "--overwrite"],
        ["profile"],
        ["profile", "d", "--genre", "sport"],
        ["sample", "d", "--per-label", "0", "--output", "sheet.csv"],
        ["agreement"],
        ["export", "d", "--format", "xml", "--output", "o"],
        ["train", "x.jsonl"],
        ["labels", "--quiet", "--verbose"],
        ["--quiet", "labels", "--verbose"],
    ],
)
def test_wrong_usage_is_2_with_a_message_and_no_result(args: list[str], capsys: Capture) -> None:
    assert main(args) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("slantwise")
    assert "Traceback" not in err


@pytest.mark.parametrize("mapping", ["outlet", "outlet=", "paper=source", "=source"])
def test_a_column_mapping_that_cannot_be_names_the_fields(mapping: str, capsys: Capture) -> None:
    assert main(["score", "x.csv", "--output", "d", "--column", mapping]) == 2
    err = capsys.readouterr().err
    assert mapping in err
    assert "article_id, outlet, date, title, url, event, text" in err


def test_a_column_that_is_not_in_the_data(corpus: str, tmp_path: Path, capsys: Capture) -> None:
    args = ["score", corpus, "--output", str(tmp_path / "s"), "--column", "outlet=paper"]
    assert main(args) == 2
    assert "paper" in capsys.readouterr().err


def test_one_field_cannot_have_two_columns(corpus: str, tmp_path: Path, capsys: Capture) -> None:
    columns = ["--column", "outlet=source", "--column", "outlet=article_id"]
    assert main(["score", corpus, "--output", str(tmp_path / "s"), *columns]) == 2
    assert "two columns for outlet: source and article_id" in capsys.readouterr().err


def test_an_error_of_ours_is_one_line_and_1(article: str, capsys: Capture) -> None:
    assert main(["label", article, "--model", "nowhere"]) == 1
    assert capsys.readouterr().err == "slantwise label: no model 'nowhere'\n"


def test_an_unexpected_error_is_one_line_and_1(tmp_path: Path, capsys: Capture) -> None:
    poisoned = tmp_path / "poisoned.txt"
    poisoned.write_text("A poison regime.")
    assert main(["label", str(poisoned)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err == ("slantwise label: ZeroDivisionError: deliberate (--verbose shows where)\n")


@pytest.mark.parametrize("before", [True, False])
def test_verbose_shows_where_it_happened(tmp_path: Path, capsys: Capture, before: bool) -> None:
    poisoned = tmp_path / "poisoned.txt"
    poisoned.write_text("A poison regime.")
    args = ["label", str(poisoned)]
    assert main(["--verbose", *args] if before else [*args, "--verbose"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_an_input_that_is_not_there(tmp_path: Path, capsys: Capture) -> None:
    assert main(["label", str(tmp_path / "nowhere.txt")]) == 1
    assert "nowhere.txt" in capsys.readouterr().err


def test_the_command_runs_as_a_module() -> None:
    done = run_process("labels", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)


def test_starting_up_imports_nothing_heavy() -> None:
    heavy = {"pandas", "pyarrow", "rich", "joblib", "sklearn", "scipy", "jinja2", "trafilatura"}
    code = (
        "import sys; from slantwise.cli import main; main(['--help']); "
        f"print(sorted({heavy!r} & sys.modules.keys()), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr == "[]\n"


def test_labelling_text_imports_no_tables(article: str) -> None:
    code = (
        f"import sys; sys.path.append({os.fspath(Path(__file__).parent)!r}); "
        "import slantwise.model, regime_model; from slantwise.cli import main; "
        "slantwise.model.load_model = regime_model.RegimeModel; "
        f"main(['label', {article!r}, '--format', 'jsonl']); "
        "print(sorted({'pandas', 'pyarrow', 'sklearn'} & sys.modules.keys()), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr == "[]\n"
    assert len(done.stdout.splitlines()) == 2


@pytest.mark.skipif(os.name == "nt", reason="pipes close otherwise there")
def test_a_reader_that_leaves_early_is_no_error() -> None:
    script = f'"{sys.executable}" -m slantwise labels --format json | true; echo ${{PIPESTATUS[0]}}'
    for _ in range(3):
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True)
        assert (done.stdout, done.stderr) == ("0\n", "")


def test_the_handler_goes_with_the_command(capsys: Capture) -> None:
    for _ in range(2):
        with messages(quiet=False, verbose=False):
            importlib.import_module("logging").getLogger("slantwise").warning("once")
    assert capsys.readouterr().err == "once\nonce\n"


# -- label -----------------------------------------------------------------------------


def test_jsonl_is_one_object_a_span_with_the_contract_columns(
    article: str, capsys: Capture
) -> None:
    assert main(["label", article, "--format", "jsonl", "--outlet", "Harbour Wire"]) == 0
    out, err = capsys.readouterr()
    rows = [json.loads(line) for line in out.splitlines()]
    assert [list(row) for row in rows] == [list(SPAN_COLUMNS)] * 2
    assert [row["score"] for row in rows] == [0.9, 0.6]
    assert {row["outlet"] for row in rows} == {"Harbour Wire"}
    assert [TEXT[row["start"] : row["end"]] for row in rows] == ["regime", "regime"]
    assert "“regime”" in out  # as written, not as escapes
    assert err == ""


@pytest.mark.parametrize(("least", "n_spans"), [("0.1", 3), ("0.7", 1), ("1", 0)])
def test_min_score_replaces_the_thresholds(
    article: str, capsys: Capture, least: str, n_spans: int
) -> None:
    assert main(["label", article, "--format", "jsonl", "--min-score", least]) == 0
    assert len(capsys.readouterr().out.splitlines()) == n_spans


def test_text_shows_the_article(article: str, capsys: Capture) -> None:
    assert main(["label", article]) == 0
    out = capsys.readouterr().out
    assert "envoy said" in out
    assert "\x1b" not in out  # no terminal, no colour


def test_html_escapes_what_the_article_says(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "article.txt"
    path.write_text("The regime <script>alert(1)</script> fell & rose.")
    assert main(["label", str(path), "--format", "html"]) == 0
    out = capsys.readouterr().out
    assert "regime" in out
    assert "<script>alert" not in out


def test_standard_input_is_read_when_no_file_is_named(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for args in (["label", "--format", "jsonl"], ["label", "-", "--format", "jsonl"]):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
        assert main(args) == 0
        assert len(capsys.readouterr().out.splitlines()) == 2


def test_a_terminal_as_standard_input_is_wrong_usage(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: True))
    assert main(["label"]) == 2
    assert "cat article.txt | slantwise label -" in capsys.readouterr().err


def test_label_with_rejected_records_is_3(with_broken_line: str, capsys: Capture) -> None:
    assert main(["label", with_broken_line, "--format", "jsonl"]) == 3
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 8
    assert "rejected" in err and "line 5" in err


def test_quiet_leaves_out_warnings(with_broken_line: str, capsys: Capture) -> None:
    assert main(["--quiet", "label", with_broken_line, "--format", "jsonl"]) == 3
    assert capsys.readouterr().err == ""


def test_label_without_one_readable_article_is_1(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "empty.txt").write_text("")
    assert main(["label", str(tmp_path / "empty.txt")]) == 1
    assert "no article could be read" in capsys.readouterr().err


def test_the_default_model_is_left_to_load_model(
    article: str, loaded: list[tuple[str, ...]]
) -> None:
    main(["label", article])
    main(["label", article, "--model", "my.model"])
    assert loaded == [(), ("my.model",)]


# -- score -----------------------------------------------------------------------------


def test_score_writes_the_folder_and_says_so(corpus: str, tmp_path: Path, capsys: Capture) -> None:
    output = tmp_path / "scores"
    assert main(["score", corpus, "--output", str(output), "--column", "outlet=source"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("4 articles, 12 spans in ")
    assert str(output) in err
    read = read_scores(output)
    assert read.articles["outlet"].tolist() == ["Paper 0", "Paper 1", "Paper 0", "Paper 1"]


def test_score_with_jobs_gives_the_same(corpus: str, tmp_path: Path, scores: str) -> None:
    args = ["--column", "outlet=source", "--jobs", "2", "--backend", "threading"]
    assert main(["score", corpus, "--output", str(tmp_path / "two"), *args]) == 0
    one, two = (Path(f, "spans", "part-00000.parquet") for f in (scores, tmp_path / "two"))
    assert one.read_bytes() == two.read_bytes()


def test_score_with_rejected_records_is_3(
    with_broken_line: str, tmp_path: Path, capsys: Capture
) -> None:
    assert main(["score", with_broken_line, "--output", str(tmp_path / "s")]) == 3
    assert "1 record rejected: " in capsys.readouterr().err
    assert "line 5" in (tmp_path / "s" / "rejected.jsonl").read_text()


def test_score_quietly_says_nothing(corpus: str, tmp_path: Path, capsys: Capture) -> None:
    assert main(["score", corpus, "--output", str(tmp_path / "s"), "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


def test_score_never_writes_over_results_unasked(corpus: str, scores: str, capsys: Capture) -> None:
    args = ["score", corpus, "--column", "outlet=source", "--output", scores]
    assert main(args) == 2
    err = capsys.readouterr().err
    assert "--resume" in err and "--overwrite" in err
    assert main([*args, "--resume"]) == 0
    assert "1 of 1 part kept from before" in capsys.readouterr().err
    assert main([*args, "--overwrite", "--no-text"]) == 0
    assert "text" not in read_scores(scores).articles


def test_an_interrupted_score_says_how_to_go_on(
    corpus: str, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(RegimeModel, "label", interrupt)
    args = ["score", corpus, "--output", str(tmp_path / "s")]
    assert main([*args, "--overwrite"]) == 130
    assert capsys.readouterr().err == (
        "interrupted; finished parts are kept, go on with --resume in place of --overwrite\n"
    )
    monkeypatch.undo()


def test_an_interruption_elsewhere_is_130(
    article: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(RegimeModel, "label", interrupt)
    assert main(["label", article]) == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_no_progress_bar_without_a_terminal() -> None:
    with progress_bar("scoring", shown=True) as progress:
        assert progress is None


def test_a_progress_bar_in_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with progress_bar("scoring", shown=True) as progress:
        assert progress is not None
        progress(1234)
    assert "1,234 articles" in terminal.getvalue()


# -- profile and report ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("format", "method"), [("table", "__str__"), ("csv", "to_csv"), ("json", "to_json")]
)
def test_profile_passes_its_options_on(
    scores: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch, format: str, method: str
) -> None:
    calls: list[dict[str, object]] = []

    class Profile:
        def __str__(self) -> str:
            return "__str__"

        def to_csv(self) -> str:
            return "to_csv\n"

        def to_json(self) -> str:
            return "to_json"

    def profile(scores: object, **options: object) -> Profile:
        calls.append(options)
        return Profile()

    replace_function(monkeypatch, "slantwise.outlets", "profile", profile)
    capsys.readouterr()
    args = ["--by", "month", "--event", "e1", "--min-score", "0.4", "--format", format]
    args += ["--genre", "news", "--min-articles", "5", "--include-copies"]
    assert main(["profile", scores, *args]) == 0
    assert capsys.readouterr() == (f"{method}\n", "")
    assert calls == [
        {"by": "month", "event": "e1", "genre": "news", "min_score": 0.4, "min_articles": 5,
         "include_copies": True, "include_other_languages": False, "accuracy": None}
    ]  # fmt: skip


def test_a_sheet_is_drawn_filled_and_judged(scores: str, tmp_path: Path, capsys: Capture) -> None:
    sheet = tmp_path / "sheet.csv"
    drawn = ["sample", scores, "--per-label", "2", "--output", str(sheet), "--show-label"]
    assert main(drawn) == 0
    lines = sheet.read_text("utf-8-sig").splitlines()
    column = lines[0].split(",").index("framing")
    assert len(lines) > 1
    rows = list(csv.reader(lines))
    for row in rows[1:]:
        row[column] = "yes"
    with sheet.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    capsys.readouterr()
    assert main(["agreement", str(sheet), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["n_items"] == len(rows) - 1
    assert found["precision"][-1]["framing"] == 1.0


def test_scores_are_exported(scores: str, tmp_path: Path, capsys: Capture) -> None:
    assert main(["export", scores, "--format", "csv", "--output", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / "spans.csv").is_file()
    assert main(["export", scores, "--format", "csv", "--output", str(tmp_path / "out")]) == 2
    assert "holds something already" in capsys.readouterr().err


def test_profile_of_no_scores_is_1(tmp_path: Path, capsys: Capture) -> None:
    assert main(["profile", str(tmp_path)]) == 1
    assert "slantwise score INPUT --output DIR" in capsys.readouterr().err


@pytest.fixture
def reported(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, dict[str, object]]]:
    calls: list[tuple[Any, dict[str, object]]] = []

    def report(scores: Any, path: Path, **options: object) -> None:
        path.write_text("<!doctype html>")
        calls.append((scores, options))

    replace_function(monkeypatch, "slantwise.report_page", "report", report)
    return calls


def test_report_of_scores(
    scores: str, tmp_path: Path, capsys: Capture, reported: list[tuple[Any, dict[str, object]]]
) -> None:
    page = tmp_path / "report.html"
    args = ["--output", str(page), "--title", "Harbours", "--min-score", "0.4"]
    assert main(["report", scores, *args]) == 0
    assert page.exists()
    assert str(page) in capsys.readouterr().err
    ((read, options),) = reported
    assert len(read.articles) == 4
    assert options == {"title": "Harbours", "min_score": 0.4}


def test_report_of_articles_scores_them_first(
    with_broken_line: str, tmp_path: Path, reported: list[tuple[Any, dict[str, object]]]
) -> None:
    page = tmp_path / "report.html"
    args = ["--column", "outlet=source", "--output", str(page)]
    assert main(["report", with_broken_line, *args]) == 3
    ((read, _),) = reported
    assert sorted(set(read.articles["outlet"])) == ["Paper 0", "Paper 1"]


def test_report_takes_one_folder_of_scores_alone(
    scores: str, corpus: str, tmp_path: Path, capsys: Capture
) -> None:
    assert main(["report", corpus, scores, "--output", str(tmp_path / "r.html")]) == 2
    assert "one folder of scores, alone" in capsys.readouterr().err


def test_report_looks_at_its_output_before_it_works(
    corpus: str, tmp_path: Path, capsys: Capture, loaded: list[tuple[str, ...]]
) -> None:
    assert main(["report", corpus, "--output", str(tmp_path)]) == 2
    assert main(["report", corpus, "--output", str(tmp_path / "no" / "r.html")]) == 2
    assert "doesn't exist" in capsys.readouterr().err
    assert loaded == []


# -- train and evaluate ------------------------------------------------------------------


def test_train_fits_and_writes(
    corpus: str, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[object, ...]] = []
    replace_function(monkeypatch, "slantwise.training", "train", lambda *args: calls.append(args))
    output = tmp_path / "my.model"
    assert main(["train", corpus, "--output", str(output)]) == 0
    assert calls == [(Path(corpus), output)]
    assert capsys.readouterr().out == ""


def test_train_and_evaluate_need_their_file(tmp_path: Path, capsys: Capture) -> None:
    nowhere = str(tmp_path / "nowhere.jsonl")
    assert main(["train", nowhere, "--output", str(tmp_path / "m")]) == 1
    assert main(["evaluate", nowhere]) == 1
    assert capsys.readouterr().err.count("nowhere.jsonl: no such file") == 2


@pytest.mark.parametrize("as_json", [True, False])
def test_evaluate_prints_the_metrics(
    corpus: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch, as_json: bool
) -> None:
    metrics = {"span_f1": 0.51234, "n": 12, "labels": {"doubt": {"f1": 0.25}}}
    replace_function(monkeypatch, "slantwise.evaluation", "evaluate", lambda *_: metrics)
    assert main(["evaluate", corpus, *(["--json"] if as_json else [])]) == 0
    out = capsys.readouterr().out
    if as_json:
        assert json.loads(out) == metrics
    else:
        assert [line.split() for line in out.splitlines()] == [
            ["span_f1", "0.512"],
            ["n", "12"],
            ["labels.doubt.f1", "0.250"],
        ]


# -- labels --------------------------------------------------------------------------------


def test_the_scheme_defines_every_label_and_voice() -> None:
    assert tuple(SCHEME) == LABELS
    assert tuple(voice.voice for voice in VOICE_SCHEME) == VOICES
    assert all("[" in one.example and "]" in one.example for one in SCHEME.values())


def test_labels_prints_all_definitions(capsys: Capture) -> None:
    assert main(["labels"]) == 0
    out = capsys.readouterr().out
    assert all(f"\n{label}\n" in f"\n{out}" for label in LABELS)
    assert all(len(line) <= 100 for line in out.splitlines())


def test_labels_as_json(capsys: Capture) -> None:
    assert main(["labels", "--format", "json"]) == 0
    scheme = json.loads(capsys.readouterr().out)
    assert [one["label"] for one in scheme["labels"]] == list(LABELS)
    assert scheme["labels"][0].keys() == {"label", "what", "example", "not_this"}
    assert [voice["voice"] for voice in scheme["voices"]] == list(VOICES)


def test_the_parser_knows_only_commands_that_exist() -> None:
    (action,) = (a for a in build_parser()._actions if a.dest == "command")
    assert tuple(action.choices or ()) == COMMANDS


def test_usage_error_is_an_error_of_value() -> None:
    assert issubclass(UsageError, ValueError)
