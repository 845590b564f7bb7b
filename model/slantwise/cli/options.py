"""Options that several commands share, and how their values are read."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from slantwise.errors import UsageError

if TYPE_CHECKING:
    from slantwise.model import FramingModel

    Commands = argparse._SubParsersAction["Parser"]

STDIN = "-"


class Parser(argparse.ArgumentParser):
    """A parser that takes options in full and keeps the line breaks of its help."""

    def __init__(self, **settings: Any) -> None:
        settings.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how the command is used, and exit with 2."""
        self.exit(2, f"{self.prog}: {message}\n{self.format_usage()}")


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from slantwise import __version__

        sys.stdout.write(f"slantwise {__version__}\n")
        parser.exit()


def common_options() -> Parser:
    """Return the options that go before or after any command."""
    # SUPPRESS: what stands before the command isn't undone by the command's own defaults.
    common = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    group = common.add_argument_group("everywhere")
    group.add_argument("--quiet", action="store_true", help="say nothing but errors")
    group.add_argument("--verbose", action="store_true", help="say more, with errors in full")
    group.add_argument("--version", action=_Version, nargs=0, help="print the version")
    return common


def add_reading_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how articles are read."""
    group = parser.add_argument_group("reading")
    group.add_argument(
        "--outlet", metavar="NAME", help="the outlet of articles that don't name theirs"
    )
    group.add_argument(
        "--column",
        action="append",
        default=[],
        type=column_mapping,
        metavar="FIELD=COLUMN",
        dest="columns",
        help="the name a field has in your data, as in --column outlet=source; repeatable",
    )


def add_model_option(parser: argparse.ArgumentParser) -> None:
    """Add the option that says which model labels."""
    parser.add_argument(
        "--model", metavar="NAME or PATH", help="an embedded model, or the path of your own"
    )


def add_codebook_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that name an analyst's codebook."""
    group = parser.add_argument_group("codebook")
    group.add_argument(
        "--actors",
        metavar="FILE",
        help="actors.yaml: the one name of each actor, with aliases, kind and side",
    )
    group.add_argument(
        "--terms",
        metavar="FILE",
        help="terms.yaml: words that always or never count as framing, by label",
    )


def add_least_score(parser: argparse.ArgumentParser) -> None:
    """Add the option that replaces the operating thresholds."""
    parser.add_argument(
        "--min-score",
        type=probability,
        metavar="P",
        help="count spans with this score or more (0 to 1); without it, each label "
        "has a threshold of its own that puts precision first",
    )


def column_mapping(value: str) -> tuple[str, str]:
    """Read ``outlet=source``."""
    from slantwise.articles import FIELDS

    field, equals, column = value.partition("=")
    if not equals or not column or field not in FIELDS:
        raise argparse.ArgumentTypeError(
            f"{value!r} isn't FIELD=COLUMN, as in outlet=source; the fields are {', '.join(FIELDS)}"
        )
    return field, column


def probability(value: str) -> float:
    """Read a number from 0 to 1."""
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"{value!r} isn't a number from 0 to 1")
    return number


def jobs(value: str) -> int:
    """Read a number of workers: 1 or more, or -1 for one a core."""
    try:
        number = int(value)
    except ValueError:
        number = 0
    if number < 1 and number != -1:
        raise argparse.ArgumentTypeError(f"{value!r} isn't 1 or more, or -1 for one a core")
    return number


def mapping_of(columns: list[tuple[str, str]]) -> dict[str, str]:
    """Gather ``--column`` options."""
    mapping: dict[str, str] = {}
    for field, column in columns:
        if mapping.setdefault(field, column) != column:
            raise UsageError(
                f"--column names two columns for {field}: {mapping[field]} and {column}"
            )
    return mapping


def the_model(
    name_or_path: str | None, actors: str | None = None, terms: str | None = None
) -> FramingModel:
    """Load the model that was asked for, or the default one, with a codebook if any."""
    from slantwise.model import load_model

    model = load_model() if name_or_path is None else load_model(name_or_path)
    return model if actors is None and terms is None else model.with_codebook(actors, terms)
