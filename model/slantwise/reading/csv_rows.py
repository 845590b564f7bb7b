"""Reading CSV so that a broken row costs that row alone."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from typing import IO

from slantwise.reading import streams
from slantwise.reading.rows import MissingColumn, Row, after, reason, too_long, unique
from slantwise.reading.streams import Line
from slantwise.records import Rejected

_DELIMITERS = ",;\t|"


def read_csv(stream: IO[bytes], source: str, required: str = "text") -> Iterator[Row | Rejected]:
    """Read CSV whose first row names the columns; comma, semicolon, tab or bar.

    A quotation mark that is opened and never closed swallows the rows after it, in
    every parser of this format. Here such a row is rejected alone: reading starts
    again at the line after it.

    Parameters
    ----------
    stream, source
        The bytes, and what to call them.
    required
        The column without which there are no articles.

    Raises
    ------
    MissingColumn
        If the file lacks the required column.
    """
    # A limit of the whole process that guards against damaged files; an article may
    # be longer than its default of 128 KiB. It is only ever raised.
    csv.field_size_limit(max(csv.field_size_limit(), streams.MAX_ARTICLE_BYTES))
    table = _Lines(streams.lines(stream))
    try:
        header = _header(table, required)
        if header is None:
            return
        names, delimiter = header
        if required not in names:
            raise MissingColumn(required, names)
        yield from _csv_rows(table, source, names, delimiter)
    except OSError as error:
        yield Rejected(source, after("line", table.number), reason(error))
    except csv.Error as error:
        yield Rejected(source, "line 1", f"the row of column names is broken: {error}")


def csv_columns(stream: IO[bytes]) -> list[str]:
    """Return the column names of a CSV file; none if it is empty or they are broken."""
    try:
        header = _header(_Lines(streams.lines(stream)), "")
    except (OSError, csv.Error):
        return []
    return header[0] if header else []


def _header(table: _Lines, required: str) -> tuple[list[str], str] | None:
    """Return the column names and the delimiter under which they make most sense."""
    while True:
        table.begin_row()
        try:
            line = next(table)
        except StopIteration:
            return None
        if line.strip():
            break
    found = []
    for delimiter in _DELIMITERS:
        table.give_back(0)
        try:
            names = next(csv.reader(table, delimiter=delimiter, strict=True))
        except csv.Error:
            continue
        found.append((required in names, len(names), delimiter, names))
    if not found:
        raise csv.Error("its quotation marks don't match")
    _, _, delimiter, names = max(found, key=lambda each: each[:2])
    table.give_back(0)
    next(csv.reader(table, delimiter=delimiter, strict=True))
    streams.decode(b"".join(line.data for line in table.taken))
    return unique([name.strip() for name in names]), delimiter


def _csv_rows(
    table: _Lines, source: str, names: list[str], delimiter: str
) -> Iterator[Row | Rejected]:
    reader = csv.reader(table, delimiter=delimiter, strict=True)
    lost: tuple[int, str] | None = None  # first line and reason of a stretch without rows
    spanning, quoting = False, True  # some good row spans lines; every one has a quoted field
    while True:
        table.begin_row()
        problem = ""
        try:
            values = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            values, problem = [], f"broken row: {error}"
        if not problem and not values:
            continue  # an empty line
        first = table.taken[0]
        opens_quote = first.data.startswith(b'"') or f'{delimiter}"'.encode() in first.data
        # The lines after a broken row may be the rest of its text rather than rows.
        prose = lost is not None and (
            len(values) != len(names) or (spanning and quoting and not opens_quote)
        )
        if problem or prose:
            lost = lost or (first.number, problem)
            table.give_back(1)
            reader = csv.reader(table, delimiter=delimiter, strict=True)
            continue
        if lost:
            yield _lost_rows(source, *lost, first.number - 1)
            lost = None
        problem = _row_problem(values, names, table.taken)
        if problem:
            yield Rejected(source, f"line {first.number}", problem)
            continue
        spanning, quoting = spanning or len(table.taken) > 1, quoting and opens_quote
        fields = {name: value for name, value in zip(names, values, strict=False) if name}
        yield Row(fields, first.number, "line")
    if lost:
        yield _lost_rows(source, *lost, table.number)


def _lost_rows(source: str, first: int, problem: str, last: int) -> Rejected:
    place = f"line {first}" if last <= first else f"lines {first}-{last}"
    return Rejected(source, place, problem)


def _row_problem(values: list[str], names: list[str], taken: list[Line]) -> str:
    if any(line.too_long for line in taken):
        return too_long()
    if len(values) < len(names) or any(values[len(names) :]):
        return f"{len(values)} fields where the first row names {len(names)} columns"
    try:
        streams.decode(b"".join(line.data for line in taken), taken[0].offset)
    except OSError as error:
        return reason(error)
    return ""


class _Lines:
    """Lines of a CSV file as text, which one row takes and may give back.

    Rows that are given back are read twice; more than a few times the whole file
    is not allowed, so that no file can make reading it quadratic.
    """

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._waiting: deque[Line] = deque()
        self._size = 0  # bytes that the present row has taken
        self._credit = 16 * streams.MAX_ARTICLE_BYTES
        self.taken: list[Line] = []
        self.number = 0  # of the last line read from the file

    def begin_row(self) -> None:
        self._credit += 4 * self._size
        self.taken, self._size = [], 0

    def give_back(self, kept: int) -> None:
        """Put back all lines of the present row after the first `kept`."""
        back = self.taken[kept:]
        self._waiting.extendleft(reversed(back))
        self._credit -= sum(len(line.data) for line in back)
        self.taken, self._size = self.taken[:kept], 0
        if self._credit < 0:
            raise OSError("too many broken rows to find where the good ones begin")

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self._waiting:
            line = self._waiting.popleft()
        else:
            line = next(self._lines)
            self.number = line.number
        self.taken.append(line)
        self._size += len(line.data)
        if self._size > streams.MAX_ARTICLE_BYTES:
            raise csv.Error(too_long())
        return line.data.decode("utf-8", "surrogateescape")
