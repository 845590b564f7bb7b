"""The README's tables, written from benchmarks/results.

``python -m benchmarks.tables`` renders them between the README's two marks;
``--check`` only says whether they are up to date, with exit code 1 if not.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.common import RESULTS

README = Path(__file__).parents[1] / "README.md"
START, END = "<!-- tables: start -->", "<!-- tables: end -->"

Result = Mapping[str, Any]
MODELS = ("fast", "accurate")
# benchmark -> what it measures, and figure -> what it is called in the table
SHOWN: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "framing": (
        "framed spans, development gold",
        {
            "span_f1": "span F1 (partial overlap)",
            "span_precision": "span precision",
            "span_recall": "span recall",
            "labelled_span_f1": "labelled span F1",
            "count_ratio": "predicted to gold spans",
            "label_accuracy": "label accuracy, matched spans",
            "voice_accuracy": "voice accuracy, matched spans",
            "target_accuracy": "target accuracy, matched spans",
            "valence_macro_f1": "valence macro F1, matched spans",
            "precision_at_default": "precision at the default thresholds",
            "recall_at_default": "recall at the default thresholds",
            "outlet_folds.span_f1": "span F1, training outlets left out",
            "outlet_folds.calibration_error": "calibration error, outlets left out",
        },
    ),
    "babe": (
        "biased sentences (BABE)",
        {
            "macro_f1": "macro F1, 5 folds",
            "auc": "AUC, 5 folds",
            "outlet_out_macro_f1": "macro F1, outlets left out",
            "outlet_out_auc": "AUC, outlets left out",
            "word_f1": "biased words F1",
        },
    ),
    "ptc": (
        "propaganda (PTC, 5 folds by article)",
        {
            "si_f1": "span identification F1",
            "si_precision": "span identification precision",
            "si_recall": "span identification recall",
            "tc_micro_f1": "technique micro F1",
        },
    ),
    "basil": (
        "lexical bias (BASIL, never trained on)",
        {"lexical_sentence_f1": "sentence F1", "voice_accuracy": "quote or not, gold spans"},
    ),
    "polnear": (
        "attribution (PolNeAR, dev)",
        {
            "content_token_f1": "content tokens F1",
            "direct_token_f1": "direct content F1",
            "indirect_token_f1": "indirect content F1",
            "source_f1": "sources F1",
        },
    ),
    "newsmtsc": (
        "how a sentence speaks of a marked target (NewsMTSC)",
        {"macro_f1": "macro F1", "accuracy": "accuracy"},
    ),
    "events": (
        "articles grouped by story (SEESAW and BASIL)",
        {"b3_f1": "B-cubed F1", "pairwise_f1": "pairwise F1"},
    ),
    "behaviour": (
        "minimal pairs, swaps, wire copy",
        {
            "pair_order": "loaded version scores higher",
            "pair_crossing": "loaded version crosses the threshold",
            "swap_invariance": "same spans after a swap",
            "wire_rate": "flagged spans per 1,000 words, wire",
            "opinion_rate": "flagged spans per 1,000 words, opinion",
        },
    ),
    "genre": ("news or opinion, outlets not trained on", {"macro_f1": "macro F1"}),
    "throughput": (
        "speed and memory",
        {
            "articles_per_s_1": "articles a second, 1 process",
            "articles_per_s_2": "articles a second, 2 processes",
            "regex_ratio_1": "one pass of a token regex / pipeline, 1 process",
            "regex_ratio_2": "one pass of a token regex / pipeline, 2 processes",
            "tfidf_ratio": "TF-IDF sentence scoring / pipeline",
            "relating_ms_per_article": "copies and events, milliseconds an article",
            "peak_pss_mb": "peak memory, MB",
        },
    ),
}


def rendered(results: Sequence[Result]) -> str:
    """Render all tables as Markdown."""
    if not results:
        return "*No measurement is kept yet.*"
    models = [name for name in MODELS if any(one["model"] == name for one in results)]
    lines = [
        f"| what | figure | {' | '.join(f'`{name}`' for name in models)} |",
        "|---" * (2 + len(models)) + "|",
    ]
    for benchmark, (title, figures) in SHOWN.items():
        here = {one["model"]: one["metrics"] for one in results if one["benchmark"] == benchmark}
        for figure, meaning in figures.items():
            cells = [_cell(here.get(name, {}), figure) for name in models]
            if any(cells):
                lines.append(f"| {title} | {meaning} | {' | '.join(cells)} |")
                title = ""
    lines += ["", *_by_label(results), *_sources(results)]
    return "\n".join(lines).rstrip()


def _cell(metrics: Mapping[str, Any], figure: str) -> str:
    *path, name = figure.split(".")
    for step in path:
        metrics = metrics.get(step, {})
    value = metrics.get(name)
    if value is None:
        return ""
    low, high = metrics.get(f"{name}_low"), metrics.get(f"{name}_high")
    between = "" if low is None or high is None else f" ({_short(low)}–{_short(high)})"
    return _short(value) + between


def _short(value: float) -> str:
    """Write a number as tables do: a share without its zero."""
    if value >= 10:
        return f"{value:,.0f}"
    return f"{value:.3f}".removeprefix("0") if value < 1 else f"{value:.2f}"


def _by_label(results: Sequence[Result]) -> Iterator[str]:
    for one in results:
        if one["benchmark"] == "framing" and one["metrics"].get("labels"):
            yield f"| label, model `{one['model']}` | gold spans | F1 | precision | recall |"
            yield "|---|---|---|---|---|"
            for label, row in one["metrics"]["labels"].items():
                cells = [_cell(row, figure) for figure in ("f1", "precision", "recall")]
                yield f"| `{label}` | {row['n_gold']} | {' | '.join(cells)} |"
            yield ""


def _sources(results: Sequence[Result]) -> Iterator[str]:
    yield "| measured with | model | model file | commit |"
    yield "|---|---|---|---|"
    for one in results:
        yield (
            f"| `benchmarks.{one['benchmark']}` | `{one['model']}` | "
            f"`{one['model_hash'][:12]}` | `{one['commit'][:10]}` |"
        )


def read_results(folder: Path = RESULTS) -> list[Result]:
    """Read what is kept, in the order of the tables."""
    order = list(SHOWN)
    results = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]
    known = [one for one in results if one["benchmark"] in order and one["model"] in MODELS]
    return sorted(
        known, key=lambda one: (order.index(one["benchmark"]), MODELS.index(one["model"]))
    )


def replaced(readme: str, tables: str) -> str:
    """Put tables between the marks of a README.

    Raises
    ------
    ValueError
        If the two marks don't stand there, once each and in order.
    """
    if (
        readme.count(START) != 1
        or readme.count(END) != 1
        or readme.index(START) > readme.index(END)
    ):
        raise ValueError(f"the README needs the line {START} and, further down, the line {END}")
    before, _, rest = readme.partition(START)
    return f"{before}{START}\n{tables}\n{END}{rest.partition(END)[2]}"


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``python -m benchmarks.tables``."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tables", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if out of date")
    parser.add_argument("--readme", type=Path, default=README, metavar="FILE")
    parser.add_argument("--results", type=Path, default=RESULTS, metavar="DIR")
    args = parser.parse_args(argv)
    readme = args.readme.read_text(encoding="utf-8")
    try:
        wanted = replaced(readme, rendered(read_results(args.results)))
    except ValueError as error:
        print(f"{parser.prog}: {args.readme}: {error}", file=sys.stderr)
        return 1
    if wanted == readme:
        return 0
    if args.check:
        print(f"{args.readme}: out of date; run python -m benchmarks.tables", file=sys.stderr)
        return 1
    args.readme.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
