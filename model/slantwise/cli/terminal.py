"""What the command line says: results to stdout, messages and progress to stderr."""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

logger = logging.getLogger("slantwise")


class ReaderLeft(Exception):
    """Whoever read our standard output has gone, as ``head`` does."""


def write(text: str) -> None:
    """Write a part of the result to stdout."""
    try:
        sys.stdout.write(text)
    except BrokenPipeError as error:
        raise ReaderLeft from error


def flush() -> None:
    """Write out what is left in the buffer of stdout."""
    try:
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise ReaderLeft from error


def abandon_output() -> None:
    """Let the interpreter's last flush of a closed pipe go nowhere."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def say(message: str) -> None:
    """Write a message to stderr."""
    with suppress(BrokenPipeError):
        sys.stderr.write(message + "\n")


def note(message: str) -> None:
    """Write a message to stderr that --quiet leaves out."""
    if logger.isEnabledFor(logging.WARNING):
        say(message)


def count(number: int, noun: str) -> str:
    """Write a number with its noun.

    >>> count(1, "article"), count(1234, "span")
    ('1 article', '1,234 spans')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


class _Messages(logging.Handler):
    """Writes log records to whatever stderr is at that moment: a progress bar moves it."""

    def emit(self, record: logging.LogRecord) -> None:
        say(self.format(record))


@contextmanager
def messages(*, quiet: bool, verbose: bool) -> Iterator[None]:
    """Show what the package logs, as much of it as was asked for."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # JSON and HTML are UTF-8 wherever they are piped to; a terminal knows its own.
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")
    handler, level = _Messages(), logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.ERROR if quiet else logging.DEBUG if verbose else logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(level)
        logger.removeHandler(handler)


@contextmanager
def progress_bar(title: str, *, shown: bool) -> Iterator[Callable[[int], None] | None]:
    """Yield a function that moves a bar on by a number of articles; None without a terminal."""
    if not shown or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} articles{task.fields[rate]}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task(title, total=None, rate="")  # a stream: nobody knows its length

        def advance(articles: int) -> None:
            bar.advance(task, articles)
            if speed := bar.tasks[0].speed:
                bar.update(task, rate=f", {speed:,.0f} a second")

        yield advance
