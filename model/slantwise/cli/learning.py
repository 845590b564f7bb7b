"""``slantwise train`` and ``slantwise evaluate``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from slantwise.cli.options import add_model_option, the_model
from slantwise.cli.terminal import note, write
from slantwise.errors import InputError, UsageError

if TYPE_CHECKING:
    from slantwise.cli.options import Commands, Parser


def add_train(commands: Commands, common: Parser) -> None:
    """Add ``slantwise train``."""
    parser = commands.add_parser(
        "train",
        parents=[common],
        help="fit a model on labelled passages of your own",
        description="Fits a model on labelled passages, one JSON object a line, and writes it.",
        epilog="Examples:\n"
        "  slantwise train labelled.jsonl --output my.model\n"
        "  slantwise label article.txt --model my.model",
    )
    parser.add_argument("labelled", metavar="LABELLED.jsonl", help="passages with their spans")
    parser.add_argument("--output", required=True, metavar="MODEL", help="the model to write")
    parser.set_defaults(run=run_train)


def run_train(args: argparse.Namespace) -> int:
    """Fit a model and write it."""
    labelled, output = _existing(args.labelled), Path(args.output)
    if not output.absolute().parent.is_dir():
        raise UsageError(f"the output's folder {output.absolute().parent} doesn't exist")
    from slantwise.training import train

    train(labelled, output)
    note(f"model -> {output}")
    return 0


def add_evaluate(commands: Commands, common: Parser) -> None:
    """Add ``slantwise evaluate``."""
    parser = commands.add_parser(
        "evaluate",
        parents=[common],
        help="measure a model on labelled passages",
        description="Labels passages whose spans are known and prints how well a model does.",
        epilog="Example:\n  slantwise evaluate labelled.jsonl --model my.model",
    )
    parser.add_argument("labelled", metavar="LABELLED.jsonl", help="passages with their spans")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--errors",
        metavar="FILE",
        help="also add the model's error counts to FILE, which `slantwise profile --errors` reads",
    )
    add_model_option(parser)
    parser.set_defaults(run=run_evaluate)


def run_evaluate(args: argparse.Namespace) -> int:
    """Measure a model and print its metrics."""
    labelled = _existing(args.labelled)
    from slantwise.evaluation import evaluate

    model = the_model(args.model)
    metrics = evaluate(model, labelled)
    if args.errors:
        from slantwise.accuracy import write_accuracy
        from slantwise.error_counts import measure_errors

        write_accuracy(args.errors, model.hash, measure_errors(model, labelled))
    if args.json:
        write(json.dumps(metrics, ensure_ascii=False, default=float) + "\n")
        return 0
    rows = list(_flat(metrics))
    width = max((len(name) for name, _ in rows), default=0)
    for name, value in rows:
        shown = f"{value:.3f}" if isinstance(value, float) else value
        write(f"{name:<{width}}  {shown}\n")
    return 0


def _flat(metrics: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    for name, value in metrics.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _existing(path: str) -> Path:
    if not Path(path).is_file():
        raise InputError(f"{path}: no such file")
    return Path(path)
