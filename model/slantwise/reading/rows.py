"""What every reader yields, and the words for what it can't read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count

from slantwise.reading import streams


@dataclass(frozen=True, slots=True)
class Row:
    """The values of one article, and the place they stand at."""

    fields: Mapping[str, object]
    number: int = 0  # of the line or row, from 1; 0 for a file that is one article
    unit: str = ""  # "line" or "row"

    @property
    def place(self) -> str:
        """The place in words: "line 3", or "" for a whole file."""
        return f"{self.unit} {self.number}" if self.number else ""


class MissingColumn(LookupError):
    """A table lacks the column without which it says nothing."""

    def __init__(self, wanted: str, found: Iterable[str]) -> None:
        names = ", ".join(repr(name) for name in found if name) or "none"
        super().__init__(f"no column {wanted!r}; columns found: {names}")


def unique(names: Iterable[str]) -> list[str]:
    """Return column names with a number on each that repeats: "note", "note.1"."""
    result: list[str] = []
    for name in names:
        free = name
        for n in count(1):
            if not free or free not in result:
                break
            free = f"{name}.{n}"
        result.append(free)
    return result


def reason(error: Exception) -> str:
    """Return what an exception says, in one line and without a file's path."""
    words = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(str(words).split())


def printable(path: str) -> str:
    """Return a path as text that can be written, whatever bytes its name has."""
    return os.fsencode(path).decode("utf-8", "replace")


def too_long() -> str:
    """Say that an article, a line or a row is beyond the limit."""
    return f"longer than {streams.MAX_ARTICLE_BYTES:,} bytes"


def after(unit: str, number: int) -> str:
    """Say where a file stopped being readable: "after line 3"."""
    return f"after {unit} {number}" if number else ""
