"""The command line: parses, runs one command, and turns errors into exit codes.

0 done, 1 failed, 2 wrong usage, 3 done with rejected records; 130 interrupted.
Whatever is slow to import is imported inside the command that needs it.
"""

from __future__ import annotations

import argparse
import traceback
from collections.abc import Sequence

from slantwise.cli import checking, comparing, corpus, labelling, learning
from slantwise.cli.options import Parser, common_options
from slantwise.cli.terminal import ReaderLeft, abandon_output, flush, messages, say
from slantwise.errors import SlantwiseError, UsageError

DONE, FAILED, WRONG_USAGE, DONE_WITH_REJECTED, INTERRUPTED = 0, 1, 2, 3, 130

__all__ = ["build_parser", "main"]


def build_parser() -> argparse.ArgumentParser:
    """Build the parser of all commands."""
    common = common_options()
    parser = Parser(
        prog="slantwise",
        parents=[common],
        description="Finds loaded framing in news: which words take a side, who says them, "
        "and how outlets differ.",
        epilog="Try: slantwise label article.txt\n"
        "     slantwise score corpus.jsonl --output scores && slantwise profile scores\n\n"
        "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done with rejected records.",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    labelling.add_label(commands, common)
    corpus.add_score(commands, common)
    corpus.add_profile(commands, common)
    comparing.add_contrast(commands, common)
    corpus.add_report(commands, common)
    checking.add_sample(commands, common)
    checking.add_agreement(commands, common)
    checking.add_export(commands, common)
    learning.add_train(commands, common)
    learning.add_evaluate(commands, common)
    labelling.add_labels(commands, common)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : the arguments after the program's name; those of the process if None

    Returns
    -------
    int, the exit code
    """
    parser = build_parser()
    try:
        args = parser.parse_args(argv)
        args.quiet, args.verbose = "quiet" in args, "verbose" in args
        if args.command is None:
            parser.error("say a command, such as `slantwise label article.txt`; see --help")
        if args.quiet and args.verbose:
            parser.error("--quiet and --verbose exclude each other")
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else DONE
    with messages(quiet=args.quiet, verbose=args.verbose):
        return _run(args)


def _run(args: argparse.Namespace) -> int:
    try:
        n_rejected: int = args.run(args)
        flush()
    except ReaderLeft:  # `slantwise label corpus.jsonl | head`
        abandon_output()
        return DONE
    except UsageError as error:
        say(f"slantwise {args.command}: {error}")
        return WRONG_USAGE
    except KeyboardInterrupt:
        say(f"interrupted{getattr(args, 'resume_hint', '')}")
        return INTERRUPTED
    except Exception as error:
        if args.verbose:
            say(traceback.format_exc().rstrip())
        known = isinstance(error, SlantwiseError)
        what = str(error) if known else f"{type(error).__name__}: {error}"
        more = "" if known or args.verbose else " (--verbose shows where)"
        hint = getattr(args, "resume_hint", "")
        say(f"slantwise {args.command}: {' '.join(what.split())}{more}{hint}")
        return FAILED
    return DONE_WITH_REJECTED if n_rejected else DONE
