"""Scoring a corpus into a folder: part by part, by several workers, resumable.

The articles are cut into chunks by a rule that knows nothing of workers, and each chunk
becomes one part of each table, so that the folder is the same whatever the number of
workers and however often the run was interrupted.
"""

from __future__ import annotations

import json
import logging
import re
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from slantwise.articles import read_articles
from slantwise.errors import NothingToRead, UsageError
from slantwise.parts import KINDS, PartWriter, align, columns_of, write_atomically
from slantwise.records import Rejected
from slantwise.relations import COPIES, EVENTS, Gathering, as_parquet
from slantwise.scores import read_manifest
from slantwise.sharing import SHARED_MODEL
from slantwise.workers import BACKENDS, Chunks, work

if TYPE_CHECKING:
    from slantwise.model import FramingModel

_CHUNK_ARTICLES = 256
_BESIDE = ("manifest.json", "rejected.jsonl", EVENTS, COPIES)
_PASSWORD = re.compile(r"(?<=://)[^/@]+@")

logger = logging.getLogger(__name__)


def score_to_folder(
    model: FramingModel,
    sources: str | Path | Sequence[str | Path],
    output: str | Path,
    *,
    columns: Mapping[str, str] | None = None,
    outlet: str | None = None,
    n_jobs: int = 1,
    backend: str = "loky",
    resume: bool = False,
    overwrite: bool = False,
    keep_text: bool = True,
    relate: bool = True,
    chunk_articles: int = _CHUNK_ARTICLES,
    progress: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """Score articles into a folder of Parquet parts, in constant memory.

    Parameters
    ----------
    model : what labels the articles
    sources : files, folders, URLs or ``-`` for standard input
    output : the folder for the results; with the backend dask, one that all workers see
    columns : field -> column of the input
    outlet : the outlet of articles that name none
    n_jobs : number of workers; -1 for one a core
    backend : ``loky`` (processes), ``threading`` or ``dask``
    resume : keep the parts of an earlier run that are made from the same articles
    overwrite : replace an earlier run
    keep_text : whether the articles' text is written too
    relate : whether copies and events are looked for, over the whole corpus
    chunk_articles : most articles in one part
    progress : called with the number of articles of each part, as it is done

    Returns
    -------
    dict, the contents of ``manifest.json``

    Raises
    ------
    UsageError : the output holds something, or an option can't be
    NothingToRead : not one article could be read
    """
    from slantwise import __version__

    _check_options(n_jobs, backend, chunk_articles)
    sources = [sources] if isinstance(sources, str | Path) else list(sources)
    folder = Path(output)
    _check_place(folder, sources)
    _check_folder(folder, model, resume, overwrite)

    started, clock = datetime.now(UTC), time.perf_counter()
    with _Rejections() as rejections:
        articles = read_articles(*sources, columns=columns, outlet=outlet, on_reject=rejections.add)
        first = next(articles, None)  # before anything is removed
        if first is None:
            raise NothingToRead(
                f"no article in {', '.join(map(str, sources))}: {rejections.summary()}"
            )
        _prepare(folder, resume)
        rejections.write_to(folder / "rejected.jsonl")
        manifest: dict[str, Any] = {
            "slantwise": __version__,
            "status": "unfinished",
            "model": {"name": model.name, "hash": model.hash},
            "thresholds": dict(model.thresholds),
            "codebook": model.codebook.as_settings(),
            "sources": [_PASSWORD.sub("", str(source)) for source in sources],
            "options": {"columns": dict(columns or {}), "outlet": outlet, "text": keep_text},
        }
        _write_manifest(folder, manifest)
        writer = PartWriter(
            folder, __version__, made_by(model), dict(model.thresholds), keep_text, resume
        )
        gathering = Gathering(folder) if relate else None
        coming = chain([first], articles)
        chunks = Chunks(gathering.watch(coming) if gathering else coming, chunk_articles)
        parts = []
        for part in work(writer, model, chunks, n_jobs, backend):
            parts.append(part)
            if progress is not None:
                progress(part.n_articles)
        chunks.check()

    parts = list(align(folder, parts, keep_text))
    _remove(folder, from_index=len(parts))
    relations = _write_relations(folder, gathering)
    seconds = time.perf_counter() - clock
    n_articles = sum(part.n_articles for part in parts)
    manifest |= {
        "status": "finished",
        "counts": {
            "articles": n_articles,
            "spans": sum(part.n_spans for part in parts),
            "words": sum(part.n_words for part in parts),
            "outlet_words": sum(part.n_outlet_words for part in parts),
            "not_english": sum(part.n_not_english for part in parts),
            "rejected": rejections.count,
            "parts": len(parts),
            "parts_kept": sum(part.kept for part in parts),
        },
        "related": relations,
        "timings": {
            "started": started.isoformat(timespec="seconds"),
            "seconds": round(seconds, 3),
            "articles_per_second": round(n_articles / seconds, 1),
        },
        "columns": columns_of(parts),
        "parts": [dict(part.files) for part in parts],
    }
    _write_manifest(folder, manifest)
    if others := manifest["counts"]["not_english"]:
        logger.warning(
            "%s of %s articles are not in English: they are labelled, but the labels are "
            "made for English; profiles leave them out",
            f"{others:,}",
            f"{n_articles:,}",
        )
    return manifest


def _write_relations(folder: Path, gathering: Gathering | None) -> dict[str, int]:
    """Write events and copies, and return how many there are; nothing where none were sought."""
    if gathering is None:
        for name in (EVENTS, COPIES):
            (folder / name).unlink(missing_ok=True)
        return {}
    relations = gathering.relations()
    write_atomically(folder / EVENTS, as_parquet(relations.events))
    write_atomically(folder / COPIES, as_parquet(relations.copies))
    return dict(relations.counts)


def made_by(model: FramingModel) -> str:
    """Return what parts are signed with: the model's hash, and the codebook where there is one."""
    codebook = model.codebook.as_settings()
    return model.hash + json.dumps(codebook, sort_keys=True) if codebook else model.hash


def _check_options(n_jobs: int, backend: str, chunk_articles: int) -> None:
    if n_jobs == 0 or n_jobs < -1:
        raise UsageError(f"the number of jobs is {n_jobs}; give 1 or more, or -1 for all cores")
    if backend not in BACKENDS:
        raise UsageError(f"no backend {backend!r}; there are {', '.join(BACKENDS)}")
    if backend == "dask" and find_spec("distributed") is None:
        raise UsageError(
            "the backend dask needs the package distributed: pip install 'slantwise[dask]', "
            "or use the backend loky"
        )
    if chunk_articles < 1:
        raise UsageError(f"a part can't hold {chunk_articles} articles; give 1 or more")


def _check_place(folder: Path, sources: Sequence[str | Path]) -> None:
    """Refuse an output that the next run would read as articles."""
    for source in sources:
        if Path(source).is_dir() and folder.resolve().is_relative_to(Path(source).resolve()):
            raise UsageError(
                f"the output {folder} lies in the input {source} and would be read as articles; "
                "name a folder outside of it"
            )


def _check_folder(folder: Path, model: FramingModel, resume: bool, overwrite: bool) -> None:
    if resume and overwrite:
        raise UsageError("resume and overwrite exclude each other")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"the output {folder} is a file; name a folder")
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not (folder / "manifest.json").exists():
        raise UsageError(f"{folder} holds other things than scores; name a new or empty folder")
    if not (resume or overwrite):
        raise UsageError(
            f"{folder} holds scores already: add --resume to go on with an interrupted run, "
            "--overwrite to replace it, or name another folder"
        )
    if resume:
        earlier = read_manifest(folder).get("model") or {}
        if earlier.get("hash") != model.hash:
            raise UsageError(
                f"{folder} was begun with the model {earlier.get('name')} "
                f"{str(earlier.get('hash'))[:12]}, not with {model.name} {model.hash[:12]}: "
                "go on with that model, or use --overwrite"
            )


def _prepare(folder: Path, resume: bool) -> None:
    for kind in KINDS:
        (folder / kind).mkdir(parents=True, exist_ok=True)
    if not resume:
        _remove(folder, from_index=0)
    for name in _BESIDE:  # of the run before; an old manifest must not speak for new parts
        (folder / name).unlink(missing_ok=True)


def _remove(folder: Path, from_index: int) -> None:
    """Remove parts from an index on, and what an interrupted run left half written."""
    for leftover in folder.glob("*/.part-*.tmp"):
        leftover.unlink()
    for leftover in folder.glob(f"{SHARED_MODEL}*"):
        shutil.rmtree(leftover)
    for path in folder.glob("*/part-*.parquet"):
        number = path.stem.removeprefix("part-")
        if number.isdecimal() and int(number) >= from_index:
            path.unlink()


def _write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    text = json.dumps(manifest, ensure_ascii=False, indent=2, default=str) + "\n"
    write_atomically(folder / "manifest.json", text.encode("utf-8", "backslashreplace"))


class _Rejections:
    """Counts rejected records, and writes them once there is a folder for them."""

    def __init__(self) -> None:
        self.count = 0
        self._waiting: list[Rejected] = []
        self._file: TextIO | None = None

    def __enter__(self) -> _Rejections:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, rejected: Rejected) -> None:
        self.count += 1
        logger.info("%s, %s: %s", rejected.source, rejected.place, rejected.reason)
        self._waiting.append(rejected)
        if self._file is not None:
            self._write()

    def write_to(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", errors="backslashreplace")
        self._write()

    def summary(self) -> str:
        if not self._waiting:
            return "nothing in it looks like one"
        first = self._waiting[0]
        place = f"{first.source}, {first.place}" if first.place else first.source
        return f"all {self.count:,} records were rejected, the first ({place}): {first.reason}"

    def _write(self) -> None:
        assert self._file is not None
        for rejected in self._waiting:
            self._file.write(json.dumps(asdict(rejected), ensure_ascii=False) + "\n")
        self._waiting.clear()
