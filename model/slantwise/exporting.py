"""Scores for other programs: tables, W3C Web Annotations, and brat's standoff files."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slantwise.annotations import annotation_collection
from slantwise.errors import UsageError
from slantwise.spreadsheets import as_csv
from slantwise.standoff import BRAT_CONFIGURATION, standoff, standoff_names
from slantwise.tallies import strings

if TYPE_CHECKING:
    import pandas as pd

    from slantwise.scores import Scores

__all__ = ["FORMATS", "export"]


def export(
    scores: Scores, directory: str | Path, format: str, *, min_score: float | None = None
) -> list[Path]:
    """Write the spans that count, and their articles, for another program.

    =================  ==================================================================
    format             what is written
    =================  ==================================================================
    ``csv``            ``spans.csv`` and ``articles.csv``, formulas made harmless
    ``parquet``        ``spans.parquet`` and ``articles.parquet``
    ``json``           ``spans.json`` and ``articles.json``, an array of objects each
    ``webannotation``  ``annotations.jsonld``, a W3C Web Annotation collection
    ``brat``           ``ARTICLE.txt`` and ``ARTICLE.ann`` (standoff) for every article,
                       with ``annotation.conf``
    =================  ==================================================================

    Parameters
    ----------
    scores : Scores
    directory : str or Path
        The folder to write; new or empty.
    format : str
    min_score : float, optional
        Least score of a span, in place of its label's operating threshold.

    Returns
    -------
    list of Path, the files that were written; of brat's the folder alone

    Raises
    ------
    UsageError
        If there is no such format, the folder holds something, or brat has no text.
    """
    if format not in FORMATS:
        raise UsageError(f"no format {format!r}; there are {', '.join(FORMATS)}")
    folder = Path(directory)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} holds something already; name a new or empty folder")
    spans = scores.counted(min_score)
    if format == "brat" and strings(scores.articles, "text").eq("").all():
        raise UsageError("the scores hold no text, which brat needs; score without --no-text")
    folder.mkdir(parents=True, exist_ok=True)
    return FORMATS[format](folder, spans, scores)


def _csv(folder: Path, spans: pd.DataFrame, scores: Scores) -> list[Path]:
    # With a byte order mark, by which spreadsheets know UTF-8.
    return [
        _write(folder / f"{name}.csv", "\ufeff" + as_csv(frame))
        for name, frame in (("spans", spans), ("articles", scores.articles))
    ]


def _parquet(folder: Path, spans: pd.DataFrame, scores: Scores) -> list[Path]:
    paths = []
    for name, frame in (("spans", spans), ("articles", scores.articles)):
        paths.append(folder / f"{name}.parquet")
        frame.to_parquet(paths[-1], index=False)
    return paths


def _json(folder: Path, spans: pd.DataFrame, scores: Scores) -> list[Path]:
    paths = []
    for name, frame in (("spans", spans), ("articles", scores.articles)):
        rows = (json.dumps(row, ensure_ascii=False) for row in _plain_rows(frame))
        paths.append(_write(folder / f"{name}.json", "[\n" + ",\n".join(rows) + "\n]\n"))
    return paths


def _web_annotation(folder: Path, spans: pd.DataFrame, scores: Scores) -> list[Path]:
    articles = {str(row["article_id"]): row for row in _plain_rows(scores.articles)}
    model = scores.manifest.get("model") or {}
    collection = annotation_collection(_plain_rows(spans), articles, model)
    text = json.dumps(collection, ensure_ascii=False, indent=1)
    return [_write(folder / "annotations.jsonld", text + "\n")]


def _brat(folder: Path, spans: pd.DataFrame, scores: Scores) -> list[Path]:
    of_article: dict[str, list[dict[str, Any]]] = {}
    for span in _plain_rows(spans):
        of_article.setdefault(str(span["article_id"]), []).append(span)
    articles = _plain_rows(scores.articles)
    names = standoff_names([str(row["article_id"]) for row in articles])
    for name, article in zip(names, articles, strict=True):
        found = standoff(article, of_article.get(str(article["article_id"]), []))
        _write(folder / f"{name}.txt", found.text)
        _write(folder / f"{name}.ann", found.annotations)
    _write(folder / "annotation.conf", BRAT_CONFIGURATION)
    return [folder]


FORMATS: Mapping[str, Callable[[Path, Any, Any], list[Path]]] = {
    "csv": _csv,
    "parquet": _parquet,
    "json": _json,
    "webannotation": _web_annotation,
    "brat": _brat,
}


def _write(path: Path, text: str) -> Path:
    path.write_bytes(text.encode("utf-8", "replace"))  # line ends as they are, for offsets
    return path


def _plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows of values that JSON has."""
    plain = frame.astype(object)
    rows = []
    for row in plain.to_dict("records"):
        rows.append({str(name): _plain(value) for name, value in row.items()})
    return rows


def _plain(value: Any) -> Any:
    if hasattr(value, "tolist"):  # of NumPy
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if value is None or value != value or str(value) == "<NA>":
        return None
    return value if isinstance(value, str | int | float | bool) else str(value)
