"""``slantwise contrast``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from slantwise.cli.options import add_least_score
from slantwise.cli.terminal import write

if TYPE_CHECKING:
    from slantwise.cli.options import Commands, Parser


def add_contrast(commands: Commands, common: Parser) -> None:
    """Add ``slantwise contrast``."""
    parser = commands.add_parser(
        "contrast",
        parents=[common],
        help="outlets side by side on the same event",
        description="Lays outlets side by side: passages that tell the same thing, words that "
        "set an\noutlet apart, and what one reports and others leave out.",
        epilog="Examples:\n"
        "  slantwise contrast scores\n"
        "  slantwise contrast scores --event harbour-strike --format html > contrast.html",
    )
    parser.add_argument("directory", metavar="DIR", help="a folder that `slantwise score` wrote")
    parser.add_argument(
        "--event",
        metavar="ID",
        help="the event; without it all articles if they are few, else the event that most "
        "outlets report",
    )
    parser.add_argument(
        "--format",
        choices=("text", "json", "html"),
        default="text",
        help="how to print it (default: text)",
    )
    add_least_score(parser)
    parser.set_defaults(run=run_contrast)


def run_contrast(args: argparse.Namespace) -> int:
    """Print a contrast of scores."""
    from slantwise.scores import read_scores
    from slantwise.side_by_side import contrast

    found = contrast(read_scores(args.directory), args.event, min_score=args.min_score)
    text = {"text": found.__str__, "json": found.to_json, "html": found.to_html}[args.format]()
    write(text if text.endswith("\n") else text + "\n")
    return 0
