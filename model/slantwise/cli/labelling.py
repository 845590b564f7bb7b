"""``slantwise label`` and ``slantwise labels``."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from textwrap import indent, wrap
from typing import TYPE_CHECKING

from slantwise.cli.options import (
    STDIN,
    add_codebook_options,
    add_least_score,
    add_model_option,
    add_reading_options,
    mapping_of,
    the_model,
)
from slantwise.cli.terminal import flush, write
from slantwise.errors import NothingToRead, UsageError
from slantwise.records import Rejected

if TYPE_CHECKING:
    from slantwise.cli.options import Commands, Parser
    from slantwise.model import LabelledArticle

logger = logging.getLogger(__name__)

_PAGE_BEFORE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Labelled articles</title></head>
<body>
"""
_PAGE_AFTER = "</body>\n</html>\n"


def add_label(commands: Commands, common: Parser) -> None:
    """Add ``slantwise label``."""
    parser = commands.add_parser(
        "label",
        parents=[common],
        help="label articles and print them",
        description="Labels articles and prints them with their loaded spans: highlighted in "
        "a terminal,\none JSON object a span, or a page of HTML.",
        epilog="Examples:\n"
        '  slantwise label article.txt --outlet "Harbour Wire"\n'
        "  slantwise label corpus.jsonl --format jsonl --min-score 0.5 > spans.jsonl\n"
        "  cat article.txt | slantwise label -",
    )
    parser.add_argument(
        "sources",
        nargs="*",
        metavar="FILE",
        help="articles: .txt, .html, .jsonl, .csv, .parquet, a folder, a URL, or - for "
        "standard input (the default when something is piped in)",
    )
    parser.add_argument(
        "--format",
        choices=("text", "jsonl", "html"),
        default="text",
        help="how to print them (default: text)",
    )
    add_least_score(parser)
    add_model_option(parser)
    add_codebook_options(parser)
    add_reading_options(parser)
    parser.set_defaults(run=run_label)


def run_label(args: argparse.Namespace) -> int:
    """Label articles and print them; return the number of rejected records."""
    if not args.sources and sys.stdin.isatty():
        raise UsageError("name a file, or pipe an article in: cat article.txt | slantwise label -")
    from slantwise.articles import read_articles
    from slantwise.tables import at_threshold

    rejected: list[Rejected] = []

    def reject(record: Rejected) -> None:
        rejected.append(record)
        place = f"{record.source}, {record.place}" if record.place else record.source
        logger.warning("rejected: %s: %s", place, record.reason)

    model = the_model(args.model, args.actors, args.terms)
    articles = read_articles(
        *(args.sources or [STDIN]),
        columns=mapping_of(args.columns),
        outlet=args.outlet,
        on_reject=reject,
    )

    def counted() -> Iterator[LabelledArticle]:
        for one in model.label_many(articles):
            counts = at_threshold(
                [span.label for span in one.spans],
                [span.score for span in one.spans],
                model.thresholds,
                args.min_score,
            )
            spans = [span for span, keep in zip(one.spans, counts, strict=True) if keep]
            yield replace(one, spans=spans)

    shown = {"jsonl": _as_json, "html": _as_html, "text": _as_text}[args.format]
    before, after = (_PAGE_BEFORE, _PAGE_AFTER) if args.format == "html" else ("", "")
    n_articles = 0
    for n_articles, labelled in enumerate(counted(), start=1):
        if n_articles == 1:
            write(before)
        write(shown(labelled))
        flush()
    if not n_articles:
        raise NothingToRead("no article could be read")
    write(after)
    return len(rejected)


def _as_json(labelled: LabelledArticle) -> str:
    from slantwise.tables import SPAN_COLUMNS

    lines = []
    for span in labelled.spans:
        row = {name: getattr(span, name) for name in SPAN_COLUMNS}
        row["score"] = round(span.score, 6)
        lines.append(json.dumps(row, ensure_ascii=False) + "\n")
    return "".join(lines)


def _as_text(labelled: LabelledArticle) -> str:
    from slantwise.highlight import article_terminal

    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return str(article_terminal(labelled, colour=colour)) + "\n"


def _as_html(labelled: LabelledArticle) -> str:
    from slantwise.highlight import article_html

    return str(article_html(labelled)) + "\n"


def add_labels(commands: Commands, common: Parser) -> None:
    """Add ``slantwise labels``."""
    parser = commands.add_parser(
        "labels",
        parents=[common],
        help="print the label scheme",
        description="Prints what each label and each voice means, with invented examples.",
        epilog="Example:\n  slantwise labels --format json",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    parser.set_defaults(run=run_labels)


def run_labels(args: argparse.Namespace) -> int:
    """Print the label scheme."""
    from slantwise.scheme import SCHEME, VOICE_SCHEME

    if args.format == "json":
        scheme = {
            "labels": [asdict(one) for one in SCHEME.values()],
            "voices": [asdict(voice) for voice in VOICE_SCHEME],
        }
        write(json.dumps(scheme, ensure_ascii=False, indent=2) + "\n")
        return 0
    for one in SCHEME.values():
        lines = (one.what, f"Example: {one.example}", f"Not this: {one.not_this}")
        write(f"{one.label}\n{''.join(map(_paragraph, lines))}\n")
    write("Each span has a voice:\n")
    for voice in VOICE_SCHEME:
        write(f"  {voice.voice:<10}{voice.when}\n")
    return 0


def _paragraph(text: str) -> str:
    return indent("\n".join(wrap(text, 84)), "    ") + "\n"
