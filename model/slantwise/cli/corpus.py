"""``slantwise score``, ``slantwise profile`` and ``slantwise report``."""

from __future__ import annotations

import argparse
import math
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from slantwise.cli.options import (
    add_codebook_options,
    add_least_score,
    add_model_option,
    add_reading_options,
    jobs,
    mapping_of,
    the_model,
)
from slantwise.cli.terminal import count, note, progress_bar, write
from slantwise.errors import ScoresError, SlantwiseError, UsageError
from slantwise.in_words import one_line

if TYPE_CHECKING:
    from slantwise.cli.options import Commands, Parser
    from slantwise.model import FramingModel

_LONG = 600.0  # seconds that are worth a word beforehand


def add_score(commands: Commands, common: Parser) -> None:
    """Add ``slantwise score``."""
    parser = commands.add_parser(
        "score",
        parents=[common],
        help="score a corpus into a folder",
        description="Labels all articles of a corpus and writes Parquet tables of spans and "
        "articles,\nwith a manifest and the records that could not be read.",
        epilog="Examples:\n"
        "  slantwise score corpus.parquet --output scores --jobs 4\n"
        "  slantwise score export.csv --column outlet=source --column text=body "
        "--output scores\n"
        "  slantwise score corpus.parquet --output scores --resume    (after an interruption)",
    )
    _add_inputs(parser, nargs="+")
    parser.add_argument("--output", required=True, metavar="DIR", help="folder for the results")
    _add_worker_options(parser)
    existing = parser.add_mutually_exclusive_group()
    existing.add_argument(
        "--resume", action="store_true", help="go on with an interrupted run in DIR"
    )
    existing.add_argument("--overwrite", action="store_true", help="replace the results in DIR")
    parser.add_argument(
        "--no-text",
        action="store_true",
        help="leave the articles' text out of the results; reports need it",
    )
    parser.add_argument(
        "--no-events",
        action="store_true",
        help="don't look for copies and events, which takes some milliseconds an article",
    )
    add_model_option(parser)
    add_codebook_options(parser)
    add_reading_options(parser)
    parser.set_defaults(run=run_score)


def run_score(args: argparse.Namespace) -> int:
    """Score a corpus into a folder; return the number of rejected records."""
    try:
        manifest = _score(
            args,
            args.sources,
            Path(args.output),
            resume=args.resume,
            overwrite=args.overwrite,
            keep_text=not args.no_text,
            relate=not args.no_events,
        )
    except BaseException:
        if _is_unfinished(Path(args.output)):
            instead = " in place of --overwrite" if args.overwrite else ""
            args.resume_hint = f"; finished parts are kept, go on with --resume{instead}"
        raise
    counts, timings = manifest["counts"], manifest["timings"]
    note(
        f"{count(counts['articles'], 'article')}, {count(counts['spans'], 'span')} in "
        f"{timings['seconds']:,.1f} s -> {args.output}"
    )
    if counts["parts_kept"]:
        note(f"{counts['parts_kept']:,} of {count(counts['parts'], 'part')} kept from before")
    if counts["rejected"]:
        listed = Path(args.output, "rejected.jsonl")
        note(f"{count(counts['rejected'], 'record')} rejected: {listed}")
    return int(counts["rejected"])


def _is_unfinished(folder: Path) -> bool:
    from slantwise.scores import read_manifest

    try:
        return read_manifest(folder).get("status") == "unfinished"
    except ScoresError:
        return False


def add_profile(commands: Commands, common: Parser) -> None:
    """Add ``slantwise profile``."""
    parser = commands.add_parser(
        "profile",
        parents=[common],
        help="framing per outlet, with intervals",
        description="Summarises scores per outlet, or per any other column: how much loaded "
        "framing,\nof which kind, in whose voice, with intervals.",
        epilog="Examples:\n"
        "  slantwise profile scores\n"
        "  slantwise profile scores --by month --format csv > months.csv\n"
        "  slantwise profile scores --event harbour-strike\n"
        "  slantwise profile scores --of actors --actors actors.yaml\n"
        "  slantwise profile scores --of namings --format csv",
    )
    parser.add_argument("directory", metavar="DIR", help="a folder that `slantwise score` wrote")
    parser.add_argument(
        "--by",
        default="outlet",
        metavar="COLUMN",
        help="outlet (the default), month, or any column of the articles",
    )
    parser.add_argument("--event", metavar="ID", help="only articles on this event")
    parser.add_argument("--genre", choices=("news", "opinion"), help="only articles of this genre")
    parser.add_argument(
        "--min-articles",
        type=int,
        default=3,
        metavar="N",
        help="groups with fewer are marked and not ranked (default: 3)",
    )
    parser.add_argument(
        "--include-copies", action="store_true", help="count copied articles as the outlet's own"
    )
    parser.add_argument(
        "--include-other-languages", action="store_true", help="count articles not in English"
    )
    parser.add_argument(
        "--errors",
        metavar="FILE",
        help="correct rates by error counts that `slantwise evaluate --errors FILE` wrote; "
        "without, by those known of an embedded model",
    )
    parser.add_argument(
        "--of",
        choices=("framing", "actors", "namings"),
        default="framing",
        help="how much framing (the default), of which actors, or what they are called",
    )
    parser.add_argument(
        "--actors", metavar="FILE", help="actors.yaml, with --of actors and --of namings"
    )
    parser.add_argument(
        "--format",
        choices=("table", "csv", "json"),
        default="table",
        help="how to print it (default: table)",
    )
    add_least_score(parser)
    parser.set_defaults(run=run_profile)


def run_profile(args: argparse.Namespace) -> int:
    """Print a profile of scores."""
    from slantwise.accuracy import read_accuracy
    from slantwise.outlets import profile
    from slantwise.scores import read_scores

    if args.of != "framing":
        write(_of_actors(args))
        return 0
    if args.actors is not None:
        raise UsageError(
            "--actors says who is who in --of actors and --of namings; add one of them"
        )
    scores = read_scores(args.directory, text=False)
    model_hash = str((scores.manifest.get("model") or {}).get("hash", ""))
    found = profile(
        scores,
        by=args.by,
        event=args.event,
        genre=args.genre,
        min_score=args.min_score,
        min_articles=args.min_articles,
        include_copies=args.include_copies,
        include_other_languages=args.include_other_languages,
        accuracy=read_accuracy(args.errors, model_hash) if args.errors else None,
    )
    text = {"table": found.__str__, "csv": found.to_csv, "json": found.to_json}[args.format]()
    write(text if text.endswith("\n") else text + "\n")
    return 0


def _of_actors(args: argparse.Namespace) -> str:
    """Return who is framed, or how everybody is called, as it is printed."""
    from slantwise.naming import actor_matrix, naming_table
    from slantwise.scores import read_scores
    from slantwise.tallies import on_event

    scores = read_scores(args.directory)
    if args.event is not None:
        articles = scores.articles.reset_index(drop=True)
        scores = replace(scores, articles=articles[on_event(articles, args.event)])
    if args.of == "actors":
        matrix = actor_matrix(scores, args.by, actors=args.actors, min_score=args.min_score)
        frame = matrix.to_frame()
    else:
        frame = naming_table(scores, args.by, actors=args.actors)
    if args.format == "csv":
        return str(frame.to_csv(index=False))
    if args.format == "json":
        return str(frame.to_json(orient="records", force_ascii=False, indent=2)) + "\n"
    for name in frame.select_dtypes(object):
        frame[name] = [one_line(str(value)) for value in frame[name]]
    return str(frame.to_string(index=False, float_format="{:.2f}".format, na_rep="–")) + "\n"


def add_report(commands: Commands, common: Parser) -> None:
    """Add ``slantwise report``."""
    parser = commands.add_parser(
        "report",
        parents=[common],
        help="one page that shows it all",
        description="Writes one self-contained page: outlets compared, and articles with their "
        "spans.\nTakes scores, or articles, which it scores first.",
        epilog="Examples:\n"
        "  slantwise report scores --output report.html\n"
        "  slantwise report corpus.jsonl --output report.html",
    )
    parser.add_argument(
        "sources",
        nargs="+",
        metavar="DIR or INPUT",
        help="a folder that `slantwise score` wrote, or articles as `slantwise score` takes them",
    )
    parser.add_argument("--output", required=True, metavar="FILE", help="the page to write")
    parser.add_argument("--title", help="the title of the page")
    add_least_score(parser)
    _add_worker_options(parser)
    add_model_option(parser)
    add_codebook_options(parser)
    add_reading_options(parser)
    parser.set_defaults(run=run_report)


def run_report(args: argparse.Namespace) -> int:
    """Write a report; return the number of records rejected on the way."""
    from slantwise.naming import with_actors
    from slantwise.report_page import report
    from slantwise.scores import read_scores

    page = Path(args.output)
    if page.is_dir():
        raise UsageError(f"the output {page} is a folder; name a file such as report.html")
    if not page.absolute().parent.is_dir():
        raise UsageError(f"the output's folder {page.absolute().parent} doesn't exist")

    scored = [source for source in args.sources if Path(source, "manifest.json").is_file()]
    if scored and len(args.sources) > 1:
        raise UsageError(f"{scored[0]} holds scores; a report takes one folder of scores, alone")
    rejected = 0
    if scored:
        if args.terms is not None:
            raise UsageError(
                f"{scored[0]} holds scores already, and terms say what is scored: give --terms to "
                "`slantwise score`"
            )
        scores = read_scores(scored[0])
        if args.actors is not None:
            scores = with_actors(scores, args.actors)
    else:
        with TemporaryDirectory(prefix="slantwise-") as folder:
            manifest = _score(args, args.sources, Path(folder))
            rejected = manifest["counts"]["rejected"]
            scores = read_scores(folder)
            if rejected:
                first = Path(folder, "rejected.jsonl").read_text("utf-8").splitlines()[0]
                note(f"{count(rejected, 'record')} rejected, the first: {first}")
    report(scores, page, title=args.title, min_score=args.min_score)
    note(f"{count(len(scores.articles), 'article')} -> {page}")
    return int(rejected)


def _add_inputs(parser: Parser, nargs: str) -> None:
    parser.add_argument(
        "sources",
        nargs=nargs,
        metavar="INPUT",
        help="articles: .txt, .html, .jsonl, .csv, .parquet, a folder of these, a URL, "
        "or - for standard input",
    )


def _add_worker_options(parser: Parser) -> None:
    parser.add_argument(
        "--jobs",
        type=jobs,
        default=1,
        metavar="N",
        help="number of workers; -1 for one a core (default: 1); the results are the same",
    )
    parser.add_argument(
        "--backend",
        choices=("loky", "threading", "dask"),
        default="loky",
        help="kind of worker: processes, threads, or a Dask cluster (default: loky)",
    )


def _tell_time(
    model: FramingModel,
    faster: FramingModel,
    sources: list[str],
    columns: Mapping[str, str],
    n_jobs: int,
) -> None:
    """Say beforehand that a corpus will take long, and how long a faster model would."""
    from slantwise.estimate import seconds_to_score

    if n_jobs < 1:
        n_jobs = os.cpu_count() or 1
    try:
        times = seconds_to_score([model, faster], sources, columns=columns, n_jobs=n_jobs)
    except SlantwiseError:
        return  # what is wrong with the input is told when it is scored
    if times is not None and times[0] > _LONG:
        note(
            f"this will take about {in_minutes(times[0])} with the {model.name!r} model; "
            f"--model {faster.name} would take about {in_minutes(times[1])}"
        )


def in_minutes(seconds: float) -> str:
    """Write a time as a reader plans with it.

    >>> in_minutes(70), in_minutes(4000), in_minutes(9000)
    ('2 minutes', '67 minutes', '2.5 hours')
    """
    if seconds >= 2 * 3600:
        return f"{seconds / 3600:,.1f} hours"
    return count(math.ceil(seconds / 60), "minute")


def _score(
    args: argparse.Namespace, sources: list[str], folder: Path, **options: Any
) -> dict[str, Any]:
    from slantwise.batch import score_to_folder

    columns = mapping_of(args.columns)
    model = the_model(args.model, args.actors, args.terms)
    if model.base is not None:
        _tell_time(model, model.base, sources, columns, args.jobs)
    with progress_bar("scoring", shown=not args.quiet) as progress:
        return score_to_folder(
            model,
            sources,
            folder,
            columns=columns,
            outlet=args.outlet,
            n_jobs=args.jobs,
            backend=args.backend,
            progress=progress,
            **options,
        )
