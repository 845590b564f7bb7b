"""One part of a scored folder: a chunk of articles becomes two Parquet files.

A part carries a signature of what it was made from, so that an interrupted run knows
which parts it can keep. A file is complete as soon as it has its name.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from slantwise.errors import SlantwiseError
from slantwise.records import Article
from slantwise.tables import ARTICLE_COLUMNS, SPAN_COLUMNS, article_columns, extra_names, tables

if TYPE_CHECKING:
    import pyarrow as pa

    from slantwise.model import FramingModel

KINDS = ("spans", "articles")
_SIGNATURE = b"slantwise.signature"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Articles that are scored together."""

    index: int
    articles: list[Article]


@dataclass(frozen=True, slots=True)
class Part:
    """A finished part: what the manifest says of it."""

    index: int
    n_articles: int
    n_spans: int
    n_words: int
    n_outlet_words: int
    n_not_english: int
    kept: bool  # from an earlier run
    extras: tuple[str, ...]  # the further columns that its articles fill
    columns: tuple[str, ...]  # those in its articles' file
    files: Mapping[str, Mapping[str, object]]  # kind -> path, rows, bytes, sha256


@dataclass(frozen=True, slots=True)
class PartWriter:
    """Scores chunks and writes them into a folder."""

    folder: Path
    version: str
    model_hash: str
    thresholds: Mapping[str, float]
    keep_text: bool
    keep_finished: bool  # whether a part that is already there, from the same chunk, stays

    def write(self, chunk: Chunk, model: FramingModel) -> Part:
        """Score one chunk, unless its part is there already."""
        signature = self._signature(chunk)
        part = self._finished(chunk, signature) if self.keep_finished else None
        if part is not None:
            return part
        try:
            labelled = list(model.label_many(chunk.articles))
        except SlantwiseError:
            raise
        except Exception as error:
            first, last = chunk.articles[0].article_id, chunk.articles[-1].article_id
            raise SlantwiseError(
                f"an article from {first!r} to {last!r} could not be labelled: "
                f"{type(error).__name__}: {error}"
            ) from error
        spans, articles = tables(labelled, self.thresholds, self.keep_text)
        files = {
            kind: write_part(self.folder, part_path(kind, chunk.index), table, signature)
            for kind, table in (("spans", spans), ("articles", articles))
        }
        return self._describe(chunk, articles, spans.num_rows, files, kept=False)

    def _finished(self, chunk: Chunk, signature: bytes) -> Part | None:
        """Return the part that an earlier run wrote from the same chunk, if it is sound."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        files: dict[str, Mapping[str, object]] = {}
        read: dict[str, pa.Table] = {}
        for kind in KINDS:
            path = self.folder / part_path(kind, chunk.index)
            try:
                data = path.read_bytes()
                read[kind] = pq.ParquetFile(pa.BufferReader(data)).read()
            except (OSError, pa.ArrowException):
                return None
            if (read[kind].schema.metadata or {}).get(_SIGNATURE) != signature:
                return None
            files[kind] = _describe_file(part_path(kind, chunk.index), read[kind].num_rows, data)
        return self._describe(chunk, read["articles"], read["spans"].num_rows, files, kept=True)

    def _describe(
        self,
        chunk: Chunk,
        articles: pa.Table,
        n_spans: int,
        files: Mapping[str, Mapping[str, object]],
        kept: bool,
    ) -> Part:
        return Part(
            index=chunk.index,
            n_articles=articles.num_rows,
            n_spans=n_spans,
            n_words=sum(articles["n_words"].to_pylist()),
            n_outlet_words=sum(articles["n_outlet_words"].to_pylist()),
            n_not_english=sum(code != "en" for code in articles["language"].to_pylist()),
            kept=kept,
            extras=tuple(extra_names(chunk.articles).values()),
            columns=tuple(articles.column_names),
            files=files,
        )

    def _signature(self, chunk: Chunk) -> bytes:
        made_from = [self.version, self.model_hash, self.keep_text, chunk.index]
        digest = hashlib.blake2b(json.dumps(made_from).encode(), digest_size=16)
        for a in chunk.articles:
            fields = [a.article_id, a.outlet, a.date, a.title, a.url, a.event, a.text, a.extra]
            digest.update(json.dumps(fields, default=str).encode())
        return digest.hexdigest().encode()


def align(folder: Path, parts: Iterable[Part], keep_text: bool) -> Iterator[Part]:
    """Give every part of the articles the same columns, so that they read as one table.

    Records of JSON lines may differ in their columns, and which there are is known only
    at the end; parts that already have them all are left alone.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    parts = list(parts)
    types = article_columns([], keep_text)
    for part in parts:
        types |= dict.fromkeys(part.extras, "string")
    for part in parts:
        if part.columns == tuple(types):
            yield part
            continue
        name = part_path("articles", part.index)
        table = pq.ParquetFile(folder / name).read()
        signature = table.schema.metadata[_SIGNATURE]
        absent = pa.nulls(table.num_rows, pa.string())
        table = pa.table({c: table[c] if c in part.columns else absent for c in types})
        files = {**part.files, "articles": write_part(folder, name, table, signature)}
        yield replace(part, columns=tuple(types), files=files)


def part_path(kind: str, index: int) -> str:
    """Name the file of a part, relative to its folder."""
    return f"{kind}/part-{index:05d}.parquet"


def write_part(folder: Path, name: str, table: pa.Table, signature: bytes) -> dict[str, object]:
    """Write one table as one file, and describe it for the manifest."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    # Without dictionaries: of texts and names that hardly repeat they only take time.
    pq.write_table(
        table.replace_schema_metadata({_SIGNATURE: signature}),
        sink,
        compression="zstd",
        use_dictionary=False,
    )
    data = sink.getvalue().to_pybytes()
    write_atomically(folder / name, data)
    return _describe_file(name, table.num_rows, data)


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file that is either complete or not there."""
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _describe_file(name: str, rows: int, data: bytes) -> dict[str, object]:
    digest = hashlib.sha256(data).hexdigest()
    return {"path": name, "rows": rows, "bytes": len(data), "sha256": digest}


def columns_of(parts: list[Part]) -> dict[str, list[dict[str, str]]]:
    """List the columns of both tables with their types, for the manifest."""
    types = {"spans": dict(SPAN_COLUMNS), "articles": {}}
    for name in parts[0].columns:
        types["articles"][name] = ARTICLE_COLUMNS.get(name, "string")
    return {
        kind: [{"name": name, "type": type_} for name, type_ in columns.items()]
        for kind, columns in types.items()
    }
