"""An article and its spans as brat's standoff: a text, and lines that point into it.

The format of the brat rapid annotation tool (Stenetorp et al., EACL 2012): ``T`` lines
are text-bound, with offsets in code points into the ``.txt`` file; ``A`` lines are their
attributes, ``#`` lines notes. A span that runs over a line break is written in pieces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from slantwise.records import LABELS, VALENCES, VOICES

BRAT_CONFIGURATION = (
    "[entities]\n"
    + "\n".join(LABELS)
    + "\n\n[relations]\n\n[events]\n\n[attributes]\n"
    + f"Voice\tArg:<ENTITY>, Value:{'|'.join(VOICES)}\n"
    + f"Valence\tArg:<ENTITY>, Value:{'|'.join(VALENCES)}\n"
)
_UNSAFE = re.compile(r"[^\w.-]+")
_BREAK = re.compile(r"[\r\n]+")


@dataclass(frozen=True, slots=True)
class Standoff:
    """The contents of the ``.txt`` and the ``.ann`` file of an article."""

    text: str
    annotations: str


def standoff(article: Mapping[str, Any], spans: Sequence[Mapping[str, Any]]) -> Standoff:
    """Write an article: its title, if it has one, on the first line, then its text.

    Parameters
    ----------
    article : mapping with ``title`` and ``text``
    spans : sequence of mappings, rows of the spans table as plain values
    """
    title, body = str(article.get("title") or ""), str(article.get("text") or "")
    text = f"{title}\n\n{body}" if title else body
    shift = {"title": 0, "text": len(text) - len(body)}
    lines, n_attributes = [], 0
    ordered = sorted(spans, key=lambda span: (shift[span["field"]] + span["start"], span["end"]))
    for number, span in enumerate(ordered, start=1):
        start, end = (int(span[name]) + shift[span["field"]] for name in ("start", "end"))
        pieces = list(_pieces(text, start, end))
        places = ";".join(f"{first} {last}" for first, last in pieces)
        words = " ".join(text[first:last] for first, last in pieces)
        lines.append(f"T{number}\t{span['label']} {places}\t{words}")
        for name, value in (("Voice", span["voice"]), ("Valence", span.get("valence"))):
            if value:
                n_attributes += 1
                lines.append(f"A{n_attributes}\t{name} T{number} {value}")
        lines.append(f"#{number}\tAnnotatorNotes T{number}\t{_note(span)}")
    return Standoff(text, "".join(f"{line}\n" for line in lines))


def standoff_names(article_ids: Sequence[str]) -> list[str]:
    """Name the files of articles: safe on any system, each its own, the same every time.

    >>> standoff_names(["a/b", "a:b", ""])
    ['a-b', 'a-b-2', 'article']
    """
    names: list[str] = []
    taken: set[str] = set()
    for article_id in article_ids:
        base = _UNSAFE.sub("-", article_id).strip(".-")[:100] or "article"
        name, number = base, 1
        while name.casefold() in taken:
            number += 1
            name = f"{base}-{number}"
        taken.add(name.casefold())
        names.append(name)
    return names


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    pieces, at = [], start
    for gap in _BREAK.finditer(text, start, end):
        if gap.start() > at:
            pieces.append((at, gap.start()))
        at = gap.end()
    if at < end:
        pieces.append((at, end))
    return pieces


def _note(span: Mapping[str, Any]) -> str:
    parts = [f"certainty {span['score']:.2f}"]
    for name in ("speaker", "target", "actor"):
        if span.get(name):
            parts.append(f"{name}: {span[name]}")
    if span.get("evidence"):
        parts.append("why: " + ", ".join(span["evidence"]))
    return " ".join("; ".join(parts).split())
