"""``slantwise sample``, ``slantwise agreement`` and ``slantwise export``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from slantwise.cli.options import add_least_score
from slantwise.cli.terminal import count, note, write
from slantwise.errors import UsageError

if TYPE_CHECKING:
    from slantwise.cli.options import Commands, Parser

EXPORTS = ("csv", "parquet", "json", "webannotation", "brat")


def add_sample(commands: Commands, common: Parser) -> None:
    """Add ``slantwise sample``."""
    parser = commands.add_parser(
        "sample",
        parents=[common],
        help="draw a coding sheet from scores",
        description="Draws spans of each label at random, each in its sentence, into a sheet for "
        "people to judge.\nCoders fill the column framing with yes or no, and coded_label and "
        "coded_voice with what they see.",
        epilog="Examples:\n"
        "  slantwise sample scores --per-label 20 --output sheet.csv\n"
        "  slantwise agreement alice.csv bob.csv --key sheet.key.csv",
    )
    parser.add_argument("directory", metavar="DIR", help="a folder that `slantwise score` wrote")
    parser.add_argument(
        "--per-label", type=_number, required=True, metavar="N", help="spans of each label"
    )
    parser.add_argument("--output", required=True, metavar="SHEET", help="the CSV file to write")
    parser.add_argument(
        "--show-label",
        action="store_true",
        help="show coders the model's label and voice; without, these go to a key beside the sheet",
    )
    parser.add_argument(
        "--own-voice", action="store_true", help="only spans in the outlet's own voice"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the draw (default: 0)")
    add_least_score(parser)
    parser.set_defaults(run=run_sample)


def run_sample(args: argparse.Namespace) -> int:
    """Draw a coding sheet and write it."""
    from slantwise.sampling import sample
    from slantwise.scores import read_scores

    sheet = Path(args.output)
    if sheet.is_dir() or not sheet.absolute().parent.is_dir():
        raise UsageError(f"the output {sheet} is a folder, or its folder doesn't exist")
    drawn = sample(
        read_scores(args.directory),
        args.per_label,
        show_label=args.show_label,
        min_score=args.min_score,
        own_voice_only=args.own_voice,
        random_state=args.seed,
    )
    key = drawn.write(sheet)
    note(f"{count(len(drawn.table), 'item')} -> {sheet}")
    if key is not None:
        note(f"what the model says -> {key} (not for coders; `slantwise agreement` needs it)")
    return 0


def add_agreement(commands: Commands, common: Parser) -> None:
    """Add ``slantwise agreement``."""
    parser = commands.add_parser(
        "agreement",
        parents=[common],
        help="precision and agreement from filled coding sheets",
        description="Turns filled sheets, one of each coder, into precision per label and voice "
        "with\n95 % intervals, and Krippendorff's alpha.",
        epilog="Example:\n  slantwise agreement alice.csv bob.csv --key sheet.key.csv",
    )
    parser.add_argument("sheets", nargs="+", metavar="SHEET", help="a filled sheet")
    parser.add_argument(
        "--key", metavar="FILE", help="what the model says (default: beside the first sheet)"
    )
    parser.add_argument(
        "--format",
        choices=("table", "csv", "json"),
        default="table",
        help="how to print it (default: table)",
    )
    parser.set_defaults(run=run_agreement)


def run_agreement(args: argparse.Namespace) -> int:
    """Print what filled sheets say."""
    from slantwise.coding import agreement

    found = agreement(args.sheets, key=args.key)
    text = {"table": found.__str__, "csv": found.to_csv, "json": found.to_json}[args.format]()
    write(text if text.endswith("\n") else text + "\n")
    return 0


def add_export(commands: Commands, common: Parser) -> None:
    """Add ``slantwise export``."""
    parser = commands.add_parser(
        "export",
        parents=[common],
        help="scores for other programs",
        description="Writes the spans that count, and their articles, for other programs:\n"
        "tables (csv, parquet, json), W3C Web Annotations (webannotation), or brat's standoff.",
        epilog="Examples:\n"
        "  slantwise export scores --format csv --output tables\n"
        "  slantwise export scores --format brat --output brat-data",
    )
    parser.add_argument("directory", metavar="DIR", help="a folder that `slantwise score` wrote")
    parser.add_argument("--format", choices=EXPORTS, required=True, help="what to write")
    parser.add_argument(
        "--output", required=True, metavar="FOLDER", help="where; a new or empty folder"
    )
    add_least_score(parser)
    parser.set_defaults(run=run_export)


def run_export(args: argparse.Namespace) -> int:
    """Export scores."""
    from slantwise.exporting import export
    from slantwise.scores import read_scores

    scores = read_scores(args.directory)
    for path in export(scores, args.output, args.format, min_score=args.min_score):
        note(f"-> {path}")
    return 0


def _number(value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise argparse.ArgumentTypeError(f"{value!r} isn't a number from 1")
    return int(value)
