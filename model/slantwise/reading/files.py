"""Which files a source stands for: one file, a folder of them, a URL, standard input."""

from __future__ import annotations

import os
import posixpath
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from slantwise.errors import InputError, NothingToRead
from slantwise.reading import streams
from slantwise.reading.csv_rows import csv_columns, read_csv
from slantwise.reading.rows import Row, printable, reason
from slantwise.records import Rejected

INDEX = "articles.csv"  # beside text files: one row a file, with its metadata
FORMATS: Mapping[str, str] = MappingProxyType(
    {
        ".txt": "text",
        ".html": "html",
        ".htm": "html",
        ".jsonl": "jsonl",
        ".ndjson": "jsonl",
        ".csv": "csv",
        ".tsv": "csv",
        ".parquet": "parquet",
    }
)
ACCEPTED = (
    "accepted are .txt, .html, .jsonl, .csv (also as .gz or .zst) and .parquet files, "
    "folders of them, URLs, and '-' for standard input"
)
_PACKED = (".gz", ".zst")
_SINGLE = ("text", "html")  # formats of one article a file
_SKIPPED_FOLDERS = ("__MACOSX",)


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file to read, and what is known of it before it is opened."""

    path: str  # local path, URL or "-"
    name: str  # within its source, with slashes; article ids are made from it
    format: str  # "text", "html", "jsonl", "csv", "parquet", or "guess" for "-"
    metadata: Mapping[str, str] = field(default_factory=dict)  # columns that hold for it

    @property
    def stem(self) -> str:
        """The name without the endings that tell the format."""
        return _split(self.name)[0]


def list_files(source: str | os.PathLike[str]) -> Iterator[InputFile | Rejected]:
    """List the files of a source, folders in sorted order.

    Raises
    ------
    InputError
        If there is no such file, or its ending is none that is read.
    NothingToRead
        If a folder holds no file that is read.
    """
    path = os.fspath(source).removeprefix("file://")
    if path == streams.STDIN and isinstance(source, str):
        yield InputFile(path, "stdin", "guess")
    elif "://" in path:
        yield from _list_url(path)
    elif os.path.isdir(path):
        yield from _folder(path, *_walk(path))
    else:
        require_local(path)
        yield InputFile(path, printable(os.path.basename(path)), _named_format(path))


def require_local(path: str) -> None:
    """Raise InputError unless a local path exists."""
    if not os.path.exists(path):
        shown = path if len(path) < 100 else path[:97] + "..."
        raise InputError(
            f"no such file or folder: {shown!r}; {ACCEPTED}. "
            "Text itself goes through standard input."
        )


def _split(name: str) -> tuple[str, str]:
    """Return a name without its known endings, and the format they tell ("" if none)."""
    stem, ending = posixpath.splitext(name)
    packed = ending.lower() in _PACKED
    if packed:
        stem, ending = posixpath.splitext(stem)
    known = FORMATS.get(ending.lower(), "")
    if not known or (packed and known == "parquet"):
        return name, ""
    return stem, known


def _named_format(path: str) -> str:
    """Return the format of a file that the user named."""
    head = path.partition("::")[0]
    web = head.startswith(("http://", "https://"))
    name = re.split("[?#]", head, maxsplit=1)[0] if web else head
    known = _split(name)[1]
    ending = posixpath.splitext(name)[1]
    if known:
        return known
    if web:
        return "html"
    if not ending or ending.lower() in _PACKED:
        return "guess"
    if ending.lower() == ".json":
        raise InputError(
            f"{path!r} is JSON; {ACCEPTED}. If every line of it is an object, "
            "give it through standard input."
        )
    raise InputError(f"{path!r} ends in {ending!r}; {ACCEPTED}.")


def _walk(folder: str) -> tuple[list[str], list[Rejected]]:
    """Return the regular files under a folder, by relative path, and what can't be read."""
    files: list[str] = []
    problems: list[Rejected] = []
    waiting = [""]
    visited = set()  # a link may lead to a folder that is read already
    while waiting:
        inside = waiting.pop()
        here = os.path.join(folder, inside)
        try:
            status = os.stat(here)
            identity = (status.st_dev, status.st_ino)
            if identity in visited:
                continue
            visited.add(identity)
            names = sorted(os.listdir(here))
        except OSError as error:
            problems.append(Rejected(printable(here), "", reason(error)))
            continue
        folders = []
        for name in names:
            if name.startswith(".") or name in _SKIPPED_FOLDERS:
                continue
            relative = posixpath.join(inside, name)
            full = os.path.join(here, name)
            try:
                mode = os.stat(full).st_mode
            except OSError as error:
                if _split(name)[1]:
                    problems.append(Rejected(printable(full), "", reason(error)))
                continue
            if stat.S_ISDIR(mode):
                folders.append(relative)
            elif stat.S_ISREG(mode):
                files.append(relative)
            elif _split(name)[1]:
                problems.append(Rejected(printable(full), "", "not a regular file"))
        waiting.extend(reversed(folders))
    return files, problems


def _list_url(url: str) -> Iterator[InputFile | Rejected]:
    filesystem, inner = streams.remote(url)
    head, chained, rest = url.partition("::")
    web = head.startswith(("http://", "https://"))  # whose pages list as folders of their links
    try:
        is_folder = not web and filesystem.isdir(inner)
        found = filesystem.find(inner) if is_folder else []
        exists = is_folder or filesystem.exists(inner)
    except Exception as error:  # whatever the client of this protocol raises
        raise InputError(f"can't open {url!r}: {reason(error)}") from error
    if not exists:
        raise InputError(f"no such file: {url!r}; {ACCEPTED}.")
    if not is_folder:
        yield InputFile(url, posixpath.basename(inner.rstrip("/")) or "page", _named_format(url))
        return
    root = inner.rstrip("/") + "/" if inner else ""
    files = [path.removeprefix(root).lstrip("/") for path in found]
    files = [path for path in files if not re.search(r"(^|/)\.", path)]
    base = head if head.endswith("/") else head + "/"
    yield from _folder(base, files, [], chained + rest)


def _folder(
    base: str, files: list[str], problems: list[Rejected], suffix: str = ""
) -> Iterator[InputFile | Rejected]:
    """Turn the files of a folder into inputs; an index there says what is an article."""

    def place(relative: str) -> str:
        joined = base + relative if "://" in base else os.path.join(base, relative)
        return joined + suffix

    present = set(files)
    listed: dict[str, Mapping[str, str]] = {}
    indexed: set[str] = set()  # folders with an index
    nothing = True
    for path in sorted(files, key=_by_folder):
        if posixpath.basename(path) == INDEX:
            rows = _index(place(path))
            if rows is not None:
                indexed.add(posixpath.dirname(path))
            for row in rows or ():
                bad = row if isinstance(row, Rejected) else _list(row, path, present, listed)
                if bad:
                    problems.append(replace(bad, source=printable(place(path))))
    for path in sorted(files, key=_by_folder):
        folder = posixpath.dirname(path)
        known = _split(path)[1]
        if posixpath.basename(path) == INDEX and folder in indexed:
            continue
        if path in listed:
            known = known or "text"
        elif not known or (known not in _SINGLE and _under(folder, indexed)):
            continue
        nothing = False
        yield InputFile(place(path), printable(path), known, listed.get(path, {}))
    yield from problems
    if nothing and not problems:
        endings = sorted({posixpath.splitext(path)[1] or "(no ending)" for path in files})
        there = f"{len(files)} files ending in {', '.join(endings[:6])}" if files else "no file"
        raise NothingToRead(f"nothing to read in {base!r}: it holds {there}; {ACCEPTED}.")


def _by_folder(path: str) -> list[str]:
    return path.split("/")


def _under(folder: str, indexed: set[str]) -> bool:
    while folder not in indexed:
        if not folder:
            return False
        folder = posixpath.dirname(folder)
    return True


def _index(path: str) -> list[Row | Rejected] | None:
    """Read an index; None is a table of articles that only has its name."""
    try:
        with streams.open_bytes(path) as stream:
            names = csv_columns(stream)
        if names and ("file" not in names or "text" in names):
            return None
        with streams.open_bytes(path) as stream:
            return list(read_csv(stream, printable(path), required="file"))
    except OSError as error:
        return [Rejected(printable(path), "", reason(error))]


def _list(
    row: Row, index: str, present: set[str], listed: dict[str, Mapping[str, str]]
) -> Rejected | None:
    """Enter one row of an index under the file it names, or say why not."""
    name = str(row.fields["file"]).strip()
    path = posixpath.normpath(posixpath.join(posixpath.dirname(index), name.replace("\\", "/")))
    if not name:
        return Rejected(index, row.place, "names no file")
    if path not in present:
        return Rejected(index, row.place, f"lists {name!r}, and there is no such file here")
    if path in listed:
        return Rejected(index, row.place, f"lists {name!r} a second time")
    if not _split(path)[1] and posixpath.splitext(path)[1]:
        return Rejected(index, row.place, f"lists {name!r}; {ACCEPTED}")
    listed[path] = {key: str(value) for key, value in row.fields.items() if key != "file"}
    return None
