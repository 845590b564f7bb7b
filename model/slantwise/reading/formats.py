"""One reader per format: a stream in, rows and rejections out (CSV: :mod:`.csv_rows`).

A row is a mapping of column names to values as the file has them; what they mean
is the business of :mod:`slantwise.articles`. A reader never raises for what a file
holds: a row that can't be read becomes a :class:`~slantwise.records.Rejected`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import IO, TYPE_CHECKING, Any

from slantwise.reading import streams
from slantwise.reading.rows import MissingColumn, Row, after, reason, too_long, unique
from slantwise.reading.streams import Line
from slantwise.records import Rejected

if TYPE_CHECKING:
    import pyarrow as pa

_INDEX = "__index_level_"  # what the columns begin with that hold the index of a pandas frame


def read_text(stream: IO[bytes], source: str) -> Iterator[Row | Rejected]:
    """Read a text file as one article, exactly as decoded."""
    try:
        yield Row({"text": streams.decode(*_whole(stream))})
    except OSError as error:
        yield Rejected(source, "", reason(error))


def read_html(stream: IO[bytes], source: str) -> Iterator[Row | Rejected]:
    """Read a web page as one article: its main text and what it says of itself."""
    from slantwise.reading.webpage import extract

    try:
        yield Row(extract(*_whole(stream)))
    except OSError as error:
        yield Rejected(source, "", reason(error))


def read_jsonl(lines: Iterable[Line], source: str) -> Iterator[Row | Rejected]:
    """Read JSON lines; empty lines are passed over."""
    number = 0
    try:
        for line in lines:
            number = line.number
            if not line.data.strip():
                continue
            try:
                yield Row(json_object(line), number, "line")
            except (OSError, ValueError) as error:
                yield Rejected(source, f"line {number}", reason(error))
    except OSError as error:
        yield Rejected(source, after("line", number), reason(error))


def read_guessed(stream: IO[bytes], source: str) -> Iterator[Row | Rejected]:
    """Read JSON lines if the first line that isn't empty is an object, else one text."""
    lines = streams.lines(stream)
    first: list[Line] = []
    try:
        for line in lines:
            first.append(line)
            size = line.offset + len(line.data)
            if line.data.strip() or size > streams.MAX_ARTICLE_BYTES:
                break
    except OSError as error:
        yield Rejected(source, "", reason(error))
        return
    if first and first[-1].data.lstrip().startswith(b"{") and _is_object(first[-1]):
        yield from read_jsonl(chain(first, lines), source)
        return
    try:
        yield Row({"text": streams.decode(*_whole(stream, first))})
    except OSError as error:
        yield Rejected(source, "", reason(error))


def _is_object(line: Line) -> bool:
    try:
        json_object(line)
    except (OSError, ValueError):
        return False
    return True


def json_object(line: Line) -> dict[str, object]:
    """Parse one line that is a JSON object.

    Raises
    ------
    OSError
        If the line isn't UTF-8 or is too long.
    ValueError
        If it isn't JSON or isn't an object.
    """
    if line.too_long:
        raise OSError(too_long())
    text = streams.decode(line.data, line.offset)
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise ValueError("not JSON that can be read: nested too deeply") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at column {error.colno}") from error
    if not isinstance(value, dict):
        raise ValueError(f"a JSON {_json_kind(value)}, not an object with a 'text'")
    return value


def read_parquet(
    stream: IO[bytes],
    source: str,
    required: str = "text",
    row_groups: Iterable[int] | None = None,
) -> Iterator[Row | Rejected]:
    """Read Parquet in batches, all row groups or some.

    A damaged row group is rejected, and reading goes on at the next one.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(stream)
        names = unique(file.schema_arrow.names)
        if required not in names:
            raise MissingColumn(required, names)
        sizes = [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]
    except (OSError, pa.ArrowException) as error:
        yield Rejected(source, "", f"damaged or not Parquet: {reason(error)}")
        return
    for group in range(len(sizes)) if row_groups is None else row_groups:
        number = sum(sizes[:group])
        try:
            for batch in file.iter_batches(batch_size=256, row_groups=[group]):
                for found in _parquet_rows(batch, names, source, number):
                    number += 1
                    yield found
        except (OSError, pa.ArrowException) as error:
            last = sum(sizes[: group + 1])
            yield Rejected(source, f"rows {number + 1}-{last}", f"damaged: {reason(error)}")


def _parquet_rows(
    batch: pa.RecordBatch, names: list[str], source: str, before: int
) -> Iterator[Row | Rejected]:
    """Yield the rows of a batch: column by column unless a value can't be read."""
    # The index of a pandas frame is no column of it.
    kept = [at for at, name in enumerate(names) if name and not name.startswith(_INDEX)]
    try:
        columns = [batch.column(at).to_pylist() for at in kept]
    except (ValueError, OverflowError):
        for row in range(batch.num_rows):
            yield _parquet_row(batch, row, names, source, before + row + 1)
        return
    named = [names[at] for at in kept]
    for row in range(batch.num_rows):
        fields = {name: column[row] for name, column in zip(named, columns, strict=True)}
        yield Row(fields, before + row + 1, "row")


def _parquet_row(
    batch: pa.RecordBatch, row: int, names: list[str], source: str, number: int
) -> Row | Rejected:
    fields: dict[str, object] = {}
    for name, column in zip(names, batch.columns, strict=True):
        if not name or name.startswith(_INDEX):
            continue
        try:
            fields[name] = column[row].as_py()
        except UnicodeDecodeError:
            return Rejected(source, f"row {number}", f"{name} is not UTF-8")
        except (ValueError, OverflowError) as error:  # a date that Python can't hold
            return Rejected(source, f"row {number}", f"{name} can't be read: {error}")
    return Row(fields, number, "row")


def _whole(stream: IO[bytes], first: Iterable[Line] = ()) -> tuple[bytes, int]:
    """Return the bytes of a file without a mark, and the offset at which they begin."""
    head = list(first)
    data = b"".join(line.data for line in head)
    data += stream.read(max(0, streams.MAX_ARTICLE_BYTES + 1 - len(data)))
    if len(data) > streams.MAX_ARTICLE_BYTES:
        raise OSError(too_long())
    if head:
        return data, head[0].offset
    offset, data = streams.unmarked(data)
    return data, offset


def _json_kind(value: Any) -> str:
    kinds = {list: "array", str: "string", bool: "boolean", type(None): "null"}
    return kinds.get(type(value), "number")
