"""Reading articles: from files, folders, URLs and standard input to `Article`."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain

from slantwise.errors import UsageError
from slantwise.reading import formats, streams
from slantwise.reading.csv_rows import read_csv
from slantwise.reading.dates import iso_date
from slantwise.reading.files import InputFile, list_files, require_local
from slantwise.reading.rows import MissingColumn, Row, printable, reason
from slantwise.reading.values import kind, require_writable, scalar, words
from slantwise.records import Article, Rejected

FIELDS = ("article_id", "outlet", "date", "title", "url", "event", "text")

_log = logging.getLogger("slantwise")
_ROWS_LOOKED_AT = 100  # for a mapped column, which a sparse record may leave out


def read_articles(
    *sources: str | os.PathLike[str],
    columns: Mapping[str, str] | None = None,
    outlet: str | None = None,
    on_reject: Callable[[Rejected], None] | None = None,
) -> Iterator[Article]:
    """Read articles one after the other, from any number of sources.

    Parameters
    ----------
    *sources
        Files (``.txt``, ``.html``, ``.jsonl``, ``.csv``, ``.parquet``), folders of
        them, URLs that fsspec knows, or ``"-"`` for standard input. Text, HTML, JSON
        lines and CSV may be packed with gzip or zstd.
    columns
        The names that your columns have: ``{"outlet": "source"}``.
    outlet
        The outlet of articles that name none.
    on_reject
        Called with each record that can't be read; by default a warning is logged.

    Returns
    -------
    Iterator of Article
        Their `article_id` is unique: a missing one is made from the name of the file
        and the place in it, a repeated one gets a number ("a", "a#2").

    Raises
    ------
    UsageError
        If no source is given, or `columns` names something that isn't there.
    InputError
        If a source doesn't exist or is of a kind that isn't read.
    NothingToRead
        If a folder holds no file that is read.

    Examples
    --------
    >>> for article in read_articles("corpus.parquet"):  # doctest: +SKIP
    ...     print(article.outlet, article.title)
    """
    mapping = dict(columns or {})
    unknown = sorted(set(mapping) - set(FIELDS))
    if unknown:
        raise UsageError(
            f"no such column to map: {', '.join(map(repr, unknown))}; "
            f"there are {', '.join(FIELDS)}. Columns found under other names are carried along."
        )
    if not sources:
        raise UsageError("no source of articles: give at least one file, folder, URL or '-'")
    for source in sources:
        if not isinstance(source, str | os.PathLike):
            raise UsageError(
                f"a source is a path, a URL or '-', not a {type(source).__name__}; "
                "give several one by one: read_articles(*paths)"
            )
        path = os.fspath(source).removeprefix("file://")
        if path != streams.STDIN and "://" not in path:
            require_local(path)
    return _accepted(_read_sources(sources, mapping, outlet or ""), on_reject or _log_rejected)


def read_file(
    file: InputFile, columns: Mapping[str, str] | None = None, outlet: str = ""
) -> Iterator[Article | Rejected]:
    """Read one file; ids are as its records have them, and may repeat."""
    source = printable(file.path)
    mapping = columns or {}
    empty = True
    try:
        for row in _checked(_rows(file, source, mapping), file, source, mapping):
            empty = False
            if isinstance(row, Rejected):
                yield row
                continue
            try:
                article = _article(_named(row, file, mapping, outlet), _made_id(row, file))
            except (OSError, ValueError) as error:
                yield Rejected(source, row.place, reason(error))
            else:
                yield article
    except MissingColumn as error:
        if "text" in mapping:
            raise UsageError(f"{source}: {error}") from error
        yield Rejected(source, "", f"{error}. Say which is the text, as in text=body")
    except OSError as error:
        yield Rejected(source, "", reason(error))
    else:
        if empty:
            yield Rejected(source, "", "no text: it holds no article")


def _read_sources(
    sources: Iterable[str | os.PathLike[str]], columns: Mapping[str, str], outlet: str
) -> Iterator[Article | Rejected]:
    for source in sources:
        for file in list_files(source):
            if isinstance(file, Rejected):
                yield file
            else:
                yield from read_file(file, columns, outlet)


def _rows(file: InputFile, source: str, columns: Mapping[str, str]) -> Iterator[Row | Rejected]:
    required = columns.get("text", "text")
    if file.format == "parquet":
        with streams.open_random(file.path) as random_access:
            yield from formats.read_parquet(random_access, source, required)
        return
    with streams.open_bytes(file.path) as stream:
        if file.format == "csv":
            yield from read_csv(stream, source, required)
        elif file.format == "jsonl":
            yield from formats.read_jsonl(streams.lines(stream), source)
        elif file.format == "html":
            yield from formats.read_html(stream, source)
        elif file.format == "text":
            yield from formats.read_text(stream, source)
        else:
            yield from formats.read_guessed(stream, source)


def _checked(
    rows: Iterator[Row | Rejected], file: InputFile, source: str, columns: Mapping[str, str]
) -> Iterator[Row | Rejected]:
    """Pass rows on once every mapped column has been seen; raise UsageError if one isn't."""
    head: list[Row | Rejected] = []
    found: dict[str, None] = {}
    missing = set(columns.values())
    while missing and len(head) < _ROWS_LOOKED_AT and (row := next(rows, None)):
        head.append(row)
        if isinstance(row, Row):
            # A text file has no columns but those of its row in articles.csv.
            found |= dict.fromkeys(row.fields if row.number else file.metadata)
            missing -= found.keys()
    if missing and found:
        raise UsageError(f"{source}: {MissingColumn(min(missing), found)}")
    return chain(head, rows)


def _named(row: Row, file: InputFile, columns: Mapping[str, str], outlet: str) -> dict[str, object]:
    """Return the values of a row under our names, with what else is known of its file.

    What stands nearer to the article wins, except that a web page's own account of
    itself comes last: it was guessed from the page.
    """
    known = _renamed(file.metadata, columns)
    if row.number:
        return _merged({"outlet": outlet}, known, _renamed(row.fields, columns))
    return {**_merged(row.fields, {"outlet": outlet}, known), "text": row.fields["text"]}


def _renamed(fields: Mapping[str, object], columns: Mapping[str, str]) -> dict[str, object]:
    taken = {*FIELDS, *columns.values()}
    named = {name: value for name, value in fields.items() if name not in taken}
    for name in FIELDS:
        column = columns.get(name, name)
        if column in fields:
            named[name] = fields[column]
    return named


def _merged(*layers: Mapping[str, object]) -> dict[str, object]:
    """Lay mappings over each other; what is empty covers nothing."""
    merged: dict[str, object] = {}
    for layer in layers:
        for name, value in layer.items():
            empty = value is None or (isinstance(value, str) and not value.strip())
            if not empty or name not in merged:
                merged[name] = value
    return merged


def _made_id(row: Row, file: InputFile) -> str:
    return f"{file.name}#{row.number}" if row.number else file.stem


def _article(fields: Mapping[str, object], made_id: str) -> Article:
    """Build an article; OSError and ValueError say why these values can't be one."""
    text = fields.get("text")
    if isinstance(text, bytes):
        text = streams.decode(text)
    if text is not None and not isinstance(text, str):
        raise ValueError(f"text is {kind(text)}, not a string")
    if not text or text.isspace():
        raise ValueError("no text")
    if "\0" in text:
        raise ValueError(f"not text: a NUL character at {text.index(chr(0))}")
    known = {name: words(name, fields.get(name)) for name in FIELDS if name != "text"}
    known["date"] = iso_date(fields.get("date") or "")
    extra = {name: scalar(value) for name, value in fields.items() if name not in FIELDS}
    for name, value in {"text": text, **known, **extra}.items():
        require_writable(name, value)
    return Article(
        text=text,
        article_id=known["article_id"].strip() or made_id,
        outlet=known["outlet"].strip(),
        date=known["date"],
        title=known["title"],
        url=known["url"].strip(),
        event=known["event"].strip(),
        extra=extra,
    )


def _accepted(
    records: Iterable[Article | Rejected], on_reject: Callable[[Rejected], None]
) -> Iterator[Article]:
    """Pass articles on, each under an id of its own, and hand rejections over."""
    times: dict[str, int] = {}  # that an id has been given
    repeated = 0
    for record in records:
        if isinstance(record, Rejected):
            on_reject(record)
            continue
        article_id = record.article_id
        while article_id in times:
            times[record.article_id] += 1
            article_id = f"{record.article_id}#{times[record.article_id]}"
        times[article_id] = 1
        if article_id == record.article_id:
            yield record
            continue
        repeated += 1
        if repeated == 1:
            _log.warning(
                "article_id %r comes more than once: the next is called %r, and so on",
                record.article_id,
                article_id,
            )
        yield replace(record, article_id=article_id)
    if repeated > 1:
        _log.warning("%d articles had an article_id that was taken already", repeated)


def _log_rejected(rejected: Rejected) -> None:
    place = f", {rejected.place}" if rejected.place else ""
    _log.warning("not read: %s%s: %s", rejected.source, place, rejected.reason)
