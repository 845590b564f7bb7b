"""Labelled articles as rows: the columns of spans and articles, and nothing else.

Everything that leaves slantwise as a table passes through :func:`tables`, so that a
frame in a notebook and a Parquet part on disk hold the same columns.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from slantwise.errors import ScoresError, UsageError
from slantwise.records import Article, Span

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from slantwise.model import LabelledArticle

SPAN_COLUMNS: Mapping[str, str] = {
    "article_id": "string",
    "outlet": "string",
    "date": "string",
    "field": "string",
    "start": "int64",
    "end": "int64",
    "text": "string",
    "label": "string",
    "score": "float32",
    "voice": "string",
    "speaker": "string",
    "speaker_name": "string",
    "target": "string",
    "actor": "string",
    "valence": "string",
    "sentence_start": "int64",
    "sentence_end": "int64",
    "evidence": "list<string>",
}
ARTICLE_COLUMNS: Mapping[str, str] = {
    "article_id": "string",
    "outlet": "string",
    "date": "string",
    "title": "string",
    "url": "string",
    "n_words": "int64",
    "n_outlet_words": "int64",
    "n_spans": "int64",
    "n_outlet_spans": "int64",
    "outlet_density": "float64",  # own-voice spans per 1,000 own-voice words
    "bias": "float32",
    "genre": "string",
    "genre_score": "float32",
    "event": "string",
    "language": "string",
    "copied_from": "string",
    "text": "string",
    "n_quote_words": "int64",
    "n_reported_words": "int64",
    "speakers": "list<string>",  # who is quoted and reported, whoever has most words first
    "speaker_words": "list<int64>",  # and how many words of each
}
_FROM_RECORD = ("article_id", "outlet", "date", "title", "url", "event", "text")
_FROM_MODEL = (
    "n_words",
    "n_outlet_words",
    "n_quote_words",
    "n_reported_words",
    "bias",
    "genre",
    "genre_score",
    "language",
)
_LISTS = ("evidence", "speakers", "speaker_words")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_EMPTY_CELLS = ("nan", "NaT", "<NA>")  # how pandas writes a missing value
_ROWS_AT_ONCE = 1000  # labelled articles held as objects while frames are built


def at_threshold(
    labels: Sequence[str],
    scores: ArrayLike,
    thresholds: Mapping[str, float],
    min_score: float | None = None,
) -> NDArray[np.bool_]:
    """Tell which spans count: the one place that compares a score with a threshold.

    Both sides are compared as float32, the type that scores are stored in, so that a
    span counts alike before and after it went through a file.

    >>> at_threshold(["doubt", "doubt"], [0.7, 0.6], {"doubt": 0.7}).tolist()
    [True, False]
    """
    values = np.asarray(scores, dtype=np.float32)
    if min_score is not None:
        if not 0 <= min_score <= 1:
            raise UsageError(f"the least score is {min_score}; it must lie between 0 and 1")
        return np.asarray(values >= np.float32(min_score))
    if unknown := sorted(set(labels) - thresholds.keys()):
        raise ScoresError(
            f"no operating threshold for the label {', '.join(map(repr, unknown))}: "
            "score again with this version, or say a least score (--min-score)"
        )
    least = np.array([thresholds[label] for label in labels], dtype=np.float32)
    return np.asarray(values >= least)


def frames(
    labelled: Iterable[LabelledArticle], thresholds: Mapping[str, float]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Turn labelled articles into the frames of spans and of articles."""
    import pyarrow as pa

    waiting = iter(labelled)
    pairs = [tables(list(islice(waiting, _ROWS_AT_ONCE)), thresholds)]
    while batch := list(islice(waiting, _ROWS_AT_ONCE)):
        pairs.append(tables(batch, thresholds))
    spans, articles = (
        pa.concat_tables(part, promote_options="default") for part in zip(*pairs, strict=True)
    )
    return to_frame(spans), to_frame(articles)


def span_frame(spans: Iterable[Span]) -> pd.DataFrame:
    """Turn spans into a frame with the columns of the spans table."""
    return to_frame(_span_table(list(spans)))


def tables(
    labelled: Sequence[LabelledArticle], thresholds: Mapping[str, float], keep_text: bool = True
) -> tuple[pa.Table, pa.Table]:
    """Turn labelled articles into Arrow tables of spans and of articles."""
    import pyarrow as pa

    spans = [span for one in labelled for span in one.spans]
    owner = np.repeat(np.arange(len(labelled)), [len(one.spans) for one in labelled])
    counted = at_threshold([s.label for s in spans], [s.score for s in spans], thresholds)
    own = counted & np.array([span.own_voice for span in spans], dtype=bool)

    articles = [one.article for one in labelled]
    columns: dict[str, Any] = {name: [getattr(a, name) for a in articles] for name in _FROM_RECORD}
    columns |= {name: [getattr(one, name) for one in labelled] for name in _FROM_MODEL}
    columns["n_spans"] = np.bincount(owner[counted], minlength=len(labelled))
    columns["n_outlet_spans"] = np.bincount(owner[own], minlength=len(labelled))
    columns["outlet_density"] = [
        1000 * float(n_spans) / n_words if n_words else None
        for n_spans, n_words in zip(
            columns["n_outlet_spans"], columns["n_outlet_words"], strict=True
        )
    ]
    ranked = [sorted(one.speakers.items(), key=lambda pair: -pair[1]) for one in labelled]
    columns["speakers"] = [[name for name, _ in one] for one in ranked]
    columns["speaker_words"] = [[n_words for _, n_words in one] for one in ranked]
    columns["copied_from"] = [None] * len(labelled)
    types = article_columns(articles, keep_text)
    for source, name in extra_names(articles).items():
        columns[name] = [_as_string(a.extra.get(source)) for a in articles]
    return _span_table(spans), pa.table(
        {name: _arrow(columns[name], kind) for name, kind in types.items()}
    )


def article_columns(articles: Sequence[Article], keep_text: bool = True) -> dict[str, str]:
    """Name the columns, with their types, that these articles fill."""
    own = {name: kind for name, kind in ARTICLE_COLUMNS.items() if keep_text or name != "text"}
    return own | dict.fromkeys(extra_names(articles).values(), "string")


def extra_names(articles: Iterable[Article]) -> dict[str, str]:
    """Map each further input column to its output name, in order of appearance.

    >>> extra_names([Article("...", extra={"country": "NL", "bias": "left"})])
    {'country': 'country', 'bias': 'input_bias'}
    """
    given = dict.fromkeys(chain.from_iterable(article.extra for article in articles))
    names: dict[str, str] = {}
    for source in given:
        name = source
        while name in ARTICLE_COLUMNS or (name != source and name in given):
            name = f"input_{name}"
        names[source] = name
    return names


def to_frame(table: pa.Table) -> pd.DataFrame:
    """Turn an Arrow table into a frame whose lists are Python lists."""
    frame: pd.DataFrame = table.to_pandas()
    for name in _LISTS:
        if name in table.column_names:
            frame[name] = table[name].to_pylist()
    return frame


def _span_table(spans: Sequence[Span]) -> pa.Table:
    import pyarrow as pa

    return pa.table(
        {
            name: _arrow([getattr(span, name) for span in spans], kind)
            for name, kind in SPAN_COLUMNS.items()
        }
    )


def _arrow(values: Any, kind: str) -> pa.Array:
    import pyarrow as pa

    item = kind.removeprefix("list<").removesuffix(">")
    arrow_type = getattr(pa, item)() if item == kind else pa.list_(getattr(pa, item)())
    try:
        return pa.array(values, arrow_type)
    except UnicodeEncodeError:  # half of a surrogate pair, which UTF-8 can't hold
        return pa.array([_without_surrogates(value) for value in values], arrow_type)


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return _LONE_SURROGATE.sub("\ufffd", value)  # one for one: offsets stay
    if isinstance(value, list | tuple):
        return [_without_surrogates(item) for item in value]
    return value


def _as_string(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool | dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    written = str(value)
    return None if written in _EMPTY_CELLS else written
