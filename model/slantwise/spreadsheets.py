"""CSV that a spreadsheet can open without running what an article says.

A cell that begins with one of ``= + - @``, a tab or a carriage return is a formula to a
spreadsheet; an apostrophe before it makes it text (OWASP, CSV Injection). Numbers stay
numbers. :func:`as_written` takes the apostrophe off again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: object) -> object:
    """Return a cell that a spreadsheet shows and doesn't run.

    >>> harmless("=1+1"), harmless(-1.5), harmless("'quoted'")
    ("'=1+1", -1.5, "'quoted'")
    """
    if isinstance(cell, str) and (cell.lstrip() or cell).startswith(_FORMULA):
        return f"'{cell}"
    return cell


def as_written(cell: str) -> str:
    """Return what a harmless cell was made from.

    >>> as_written("'=1+1"), as_written("'quoted'")
    ('=1+1', "'quoted'")
    """
    return cell[1:] if cell[:1] == "'" and harmless(cell[1:]) == cell else cell


def as_csv(frame: pd.DataFrame) -> str:
    """Return a frame as CSV; missing values are empty, lists are joined by "; "."""
    plain = frame.astype(object).where(frame.notna(), "")
    return csv_of([str(name) for name in plain], plain.itertuples(index=False))


def csv_of(head: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """Return rows as CSV under a head."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([harmless(name) for name in head])
    for row in rows:
        writer.writerow(
            [
                harmless("; ".join(map(str, cell)) if isinstance(cell, list | tuple) else cell)
                for cell in row
            ]
        )
    return out.getvalue()
