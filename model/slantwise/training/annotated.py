"""Annotations that stand apart from the texts they are of.

The texts belong to their publishers and stay in the corpora. A line of JSON has ``article_id``,
``start`` and ``end`` (half-open code points into that article's text), ``sha256`` of those
words, and ``spans`` as a labelled passage has them, from the beginning of the passage.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from slantwise.errors import InputError
from slantwise.passages import Passage, labelled_passage

logger = logging.getLogger(__name__)


def checksum(text: str) -> str:
    """Return the SHA-256 of a text in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_annotated(path: Path, articles: Path) -> list[Passage]:
    """Read annotations and the passages they are of.

    Those whose words are not in the corpus as they were annotated are left out, with a warning.

    Parameters
    ----------
    path : Path
        The annotations.
    articles : Path
        Parquet with ``article_id``, ``outlet`` and ``text``.

    Raises
    ------
    InputError
        If a line is broken, or none fits the corpus.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [_row(path, number, line) for number, line in enumerate(lines, start=1)]
    known = _texts(articles, {row["article_id"] for row in rows})
    passages = []
    for number, row in enumerate(rows, start=1):
        text, outlet = known.get(row["article_id"], ("", ""))
        words = text[row["start"] : row["end"]]
        if checksum(words) != row["sha256"]:
            logger.warning("%s, line %d: not in %s as annotated", path, number, articles)
            continue
        whole = {**row, "text": words, "outlet": outlet}
        try:
            passages.append(labelled_passage(whole, f"line {number}"))
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"{path}, line {number}: {error!r}") from error
    if not passages:
        raise InputError(f"{path}: none of its annotations is of an article in {articles}")
    return passages


def elsewhere(passages: Sequence[Passage], held_out: Sequence[Passage]) -> list[Passage]:
    """Return the passages of outlets from which none is held out."""
    outlets = {one.outlet for one in held_out}
    return [one for one in passages if one.outlet not in outlets]


def _row(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        row: Mapping[str, Any] = json.loads(line)
        return {name: row[name] for name in ("article_id", "start", "end", "sha256", "spans")}
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path}, line {number}: {error!r}") from error


def _texts(articles: Path, wanted: set[str]) -> dict[str, tuple[str, str]]:
    table = pq.read_table(articles, columns=["article_id", "outlet", "text"]).to_pylist()
    return {
        row["article_id"]: (row["text"], row["outlet"] or "")
        for row in table
        if row["article_id"] in wanted
    }
