"""What all measurements share: options, printing, keeping results, writing predictions."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slantwise.errors import InputError, SlantwiseError, UsageError
from slantwise.model import FramingModel, load_model

RESULTS = Path(__file__).parent / "results"
Metrics = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """One measurement that was asked for."""

    data: Path
    test: Path | None
    model: FramingModel
    predictions: Path | None
    options: argparse.Namespace

    @property
    def measured(self) -> Path:
        """The folder that is measured on."""
        return self.test or self.data

    def write(self, name: str, rows: Iterable[Mapping[str, Any] | Sequence[Any]]) -> None:
        """Write predictions, if asked for: JSON lines of mappings, else tab-separated."""
        if self.predictions is None:
            return
        self.predictions.mkdir(parents=True, exist_ok=True)
        with (self.predictions / name).open("w", encoding="utf-8") as file:
            for row in rows:
                if isinstance(row, Mapping):
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
                else:
                    file.write("\t".join(map(str, row)) + "\n")


def parser_of(name: str, description: str, *, test: bool = True) -> argparse.ArgumentParser:
    """Return the parser of ``python -m benchmarks.NAME``."""
    parser = argparse.ArgumentParser(
        prog=f"python -m benchmarks.{name}",
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--data", type=Path, required=True, metavar="DIR")
    if test:
        parser.add_argument(
            "--test", type=Path, metavar="DIR", help="measure on this folder, laid out like --data"
        )
    parser.add_argument("--model", default="fast", metavar="NAME or PATH", help="default: fast")
    parser.add_argument(
        "--predictions", type=Path, metavar="DIR", help="write what was predicted, too"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--save", action="store_true", help="keep the figures in benchmarks/results"
    )
    return parser


def main_of(
    name: str,
    parser: argparse.ArgumentParser,
    measure: Callable[[Run], Metrics],
    argv: Sequence[str] | None = None,
) -> int:
    """Parse, measure, print and keep; return the exit code."""
    args = parser.parse_args(argv)
    try:
        test = getattr(args, "test", None)
        for path in (args.data, test):
            if path is not None and not path.exists():
                raise InputError(f"{path}: no such file or folder")
        model = load_model(args.model)
        run = Run(args.data, test, model, args.predictions, args)
        metrics = measure(run)
        if args.save:
            if test is not None:
                raise UsageError("--save keeps the figures on --data; leave out --test")
            keep(name, model, metrics)
    except (SlantwiseError, OSError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2 if isinstance(error, UsageError) else 1
    if args.json:
        print(json.dumps(metrics, ensure_ascii=False, allow_nan=False))
    else:
        print("\n".join(lines_of(metrics)))
    return 0


def keep(name: str, model: FramingModel, metrics: Metrics, folder: Path | None = None) -> Path:
    """Write the last measured figures with the commit and the model's hash."""
    folder = folder or RESULTS
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{model.name}.json"
    content = {
        "benchmark": name,
        "model": model.name,
        "model_hash": model.hash,
        "commit": commit(),
        "metrics": metrics,
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return path


def commit() -> str:
    """Return the commit that is checked out, with a plus sign if files differ from it."""
    found = [
        subprocess.run(["git", *command], cwd=Path(__file__).parent, capture_output=True, text=True)
        for command in (["rev-parse", "HEAD"], ["status", "--porcelain", "-uno"])
    ]
    if found[0].returncode:
        return ""
    return found[0].stdout.strip() + ("+" if found[1].stdout.strip() else "")


def lines_of(metrics: Mapping[str, Any], indent: str = "") -> Iterable[str]:
    """Yield one line a figure, its interval beside it."""
    shown = [
        name
        for name in metrics
        if not (name.endswith(("_low", "_high")) and name.rsplit("_", 1)[0] in metrics)
    ]
    width = max((len(name) for name in shown), default=0)
    for name in shown:
        value = metrics[name]
        if isinstance(value, Mapping):
            yield f"{indent}{name}"
            yield from lines_of(value, indent + "  ")
            continue
        text = "–" if value is None else f"{value:.3f}" if isinstance(value, float) else f"{value}"
        low, high = metrics.get(f"{name}_low"), metrics.get(f"{name}_high")
        between = f"  ({low:.3f} to {high:.3f})" if low is not None and high is not None else ""
        yield f"{indent}{name:<{width}}  {text}{between}"
