"""Labelled passages: what a model is fitted to and measured on.

JSON lines, a passage each, with ``text``, ``outlet`` and ``spans``; a span has
``start``, ``end`` (half-open code points into the text), ``label``, ``voice``,
``speaker``, ``target`` and ``valence``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slantwise.errors import InputError
from slantwise.records import LABELS, VALENCES, VOICES
from slantwise.text import Document, read_document


@dataclass(frozen=True)
class Passage:
    """A labelled passage, read."""

    document: Document
    outlet: str
    spans: list[Mapping[str, Any]]
    article_id: str = ""

    @property
    def extents(self) -> list[tuple[int, int]]:
        """Code-point ranges of its spans."""
        return [(span["start"], span["end"]) for span in self.spans]


def read_passages(path: str | Path, *, independent: bool = False) -> list[Passage]:
    """Read labelled passages, one JSON object a line.

    Parameters
    ----------
    path : str or Path
    independent : bool
        Leave out passages marked ``overlaps_other_sets``, whose article also
        stands in a corpus that a benchmark measures on.

    Raises
    ------
    InputError
        If a line is broken; it names the line and what is wrong with it.
    """
    passages = []
    number = 0
    try:
        with open(path, encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise ValueError("not a JSON object")
                if not (independent and row.get("overlaps_other_sets")):
                    passages.append(labelled_passage(row, f"line {number}"))
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 ({error})") from error
    except KeyError as error:
        raise InputError(f"{path}, line {number}: {error} is missing") from error
    except (ValueError, TypeError) as error:
        raise InputError(f"{path}, line {number}: {error}") from error
    if not passages:
        raise InputError(f"{path}: no labelled passage in it")
    return passages


def labelled_passage(row: Mapping[str, Any], place: str) -> Passage:
    """Read one row; ``place`` names it where it has no name of its own.

    Raises
    ------
    ValueError, TypeError or KeyError
        If it says what can't be.
    """
    text, spans = row["text"], row["spans"]
    if not isinstance(text, str):
        raise TypeError(f"the text is {text!r}, not a string")
    text.encode("utf-8")  # half a surrogate pair could not be written again
    if not isinstance(spans, list):
        raise TypeError(f"the spans are {spans!r}, not a list")
    for span in spans:
        _check(span, text)
    # Passages are labelled as they stand, so nothing in them counts as boilerplate.
    return Passage(
        read_document(text, unscored=()),
        row.get("outlet") or "",
        list(spans),
        str(row.get("article_id") or row.get("passage_id") or place),
    )


def _check(span: Mapping[str, Any], text: str) -> None:
    start, end = span["start"], span["end"]
    if not 0 <= start < end <= len(text):
        raise ValueError(f"span {start}–{end} is no range of a text of {len(text)} code points")
    if not text[start:end].strip():
        raise ValueError(f"span {start}–{end} is white space")
    if text[start:end] != span.get("text", text[start:end]):
        raise ValueError(f"span {start}–{end} does not read {span['text']!r}")
    for name, known in (("label", LABELS), ("voice", VOICES), ("valence", (*VALENCES, None))):
        if (value := span[name] if name != "valence" else span.get(name)) not in known:
            raise ValueError(f"unknown {name} {value!r}; {name}s are {', '.join(map(str, known))}")
