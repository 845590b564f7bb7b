"""Sketches of a whole corpus, kept in a temporary file so that memory stays small."""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, overload

import numpy as np

from slantwise.sketches import Sketch

_ALIGNED = 8  # bytes
# The arrays of a sketch, with their types, in the order in which they are written.
_ARRAYS = (
    ("words", np.uint32), ("counts", np.uint8), ("pairs", np.uint32), ("days", np.uint32),
    ("day_counts", np.uint8), ("title", np.uint32), ("shingles", np.uint64),
)  # fmt: skip


class Spool(Sequence[Sketch]):
    """Sketches in the order they were added; reads what it needs from its file.

    Parameters
    ----------
    folder : where the temporary file goes; the system's place for them if None
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)
        weakref.finalize(self, self._file.close)  # a run that fails doesn't ask for it back
        self._size = 0
        self._about: list[tuple[str, int, int, tuple[int, ...]]] = []
        self._bytes: Any = None

    def add(self, sketch: Sketch) -> None:
        """Add a sketch at the end."""
        arrays = [getattr(sketch, name) for name, _ in _ARRAYS]
        lengths = tuple(len(array) for array in arrays)
        self._about.append((sketch.key, sketch.day, self._size, lengths))
        for array in arrays:
            data = array.tobytes()
            self._file.write(data + bytes(-len(data) % _ALIGNED))
            self._size += len(data) + -len(data) % _ALIGNED
        self._bytes = None

    def __len__(self) -> int:
        return len(self._about)

    @overload
    def __getitem__(self, at: int) -> Sketch: ...
    @overload
    def __getitem__(self, at: slice) -> list[Sketch]: ...
    def __getitem__(self, at: int | slice) -> Sketch | list[Sketch]:
        """Return one sketch, whose arrays lie in the file, or several."""
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self)))]
        if self._bytes is None:
            self._file.flush()
            self._bytes = np.memmap(self._file, np.uint8, "r") if self._size else np.zeros(0)
        key, day, place, lengths = self._about[at]
        arrays: dict[str, Any] = {}
        for (name, kind), length in zip(_ARRAYS, lengths, strict=True):
            size = length * np.dtype(kind).itemsize
            arrays[name] = (
                np.frombuffer(self._bytes, kind, length, place) if length else np.zeros(0, kind)
            )
            place += size + -size % _ALIGNED
        return Sketch(key, day, **arrays)

    def __iter__(self) -> Iterator[Sketch]:
        return (self[at] for at in range(len(self)))

    def close(self) -> None:
        """Give the file back."""
        self._bytes = None
        self._file.close()
