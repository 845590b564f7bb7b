"""Word types of a process: each written down once, and found again by a hash of its letters.

To cut a thousand words out of an article, one Python string after another, takes longer
than everything that numpy does to find them. Hashing all words of a text is a few passes
over its code points, and a word type that was met before is a string that exists already.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

UNMET = 0  # the number of words that are not written down
_LONGEST = 32  # code points of a word that is hashed
_MOST_TYPES = 300_000  # an archive of noise must not fill the memory
LONGEST_TEXT = 1 << 16  # code points of a text whose words are hashed
# A polynomial modulo 2^64 over the code points (Karp and Rabin, 1987): a running sum gives
# that of any word. Odd, so that its powers can be divided by.
_BASE = 0x9E3779B97F4A7C15 | 1
_SPREAD = np.uint64(0xD6E8FEB86659FD93)  # multiplied with, so that the high bits name a place


class Met(NamedTuple):
    """The words of a text: as strings, and their numbers."""

    words: list[str]
    number: NDArray[np.int32]  # (n_words,), ``UNMET`` where a word is not written down


@dataclass(slots=True)
class _Table:
    """An open hash table; a place whose number is 0 is empty."""

    keys: NDArray[np.uint64]
    numbers: NDArray[np.int32]

    @classmethod
    def of_size(cls, bits: int) -> _Table:
        return cls(np.zeros(1 << bits, np.uint64), np.zeros(1 << bits, np.int32))

    def __len__(self) -> int:
        return len(self.keys)

    def find(self, keys: NDArray[np.uint64]) -> NDArray[np.int32]:
        """Return the number of each key, ``UNMET`` where it is not here."""
        place = self._places(keys)
        found = self.numbers[place]
        other = np.flatnonzero((self.keys[place] != keys) & (found != UNMET))
        while len(other):
            place[other] = (place[other] + 1) & (len(self) - 1)
            found[other] = self.numbers[place[other]]
            other = other[(self.keys[place[other]] != keys[other]) & (found[other] != UNMET)]
        return found

    def add(self, keys: NDArray[np.uint64], numbers: NDArray[np.int32]) -> None:
        """Write down keys that are not here, each once."""
        place = self._places(keys)
        left = np.arange(len(keys))
        while len(left):
            free = left[self.numbers[place[left]] == UNMET]
            self.numbers[place[free]] = numbers[free]
            won = free[self.numbers[place[free]] == numbers[free]]  # of several at one place
            self.keys[place[won]] = keys[won]
            left = left[self.numbers[place[left]] != numbers[left]]
            place[left] = (place[left] + 1) & (len(self) - 1)

    def _places(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        shift = np.uint64(65 - len(self).bit_length())
        return ((keys * _SPREAD) >> shift).astype(np.int64)


class WordTypes:
    """The word types met so far, numbered from 1 on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._table = _Table.of_size(17)
        self._written = np.full(1 << 16, None, dtype=object)
        self._count = 1
        exponents = np.full(LONGEST_TEXT, _BASE, dtype=np.uint64)
        exponents[0] = 1
        self._power = np.cumprod(exponents)
        exponents[1:] = pow(_BASE, -1, 1 << 64)
        self._inverse = np.cumprod(exponents)

    def meet(
        self,
        text: str,
        codes: NDArray[np.uint32],
        start: NDArray[np.int64],
        end: NDArray[np.int64],
    ) -> Met:
        """Return the words of a text, new ones written down first.

        Parameters
        ----------
        text : str of at most ``LONGEST_TEXT`` code points
        codes : ndarray of shape (len(text),)
            Its code points.
        start, end : ndarray of shape (n_words,)
        """
        running = np.zeros(len(codes) + 1, dtype=np.uint64)
        np.cumsum(self._power[: len(codes)] * codes, out=running[1:])
        keys = (running[end] - running[start]) * self._inverse[start]
        with self._lock:
            number = self._table.find(keys)
            number[end - start > _LONGEST] = UNMET
            words: list[str] = self._written[number].tolist()
            unmet = np.flatnonzero(number == UNMET)
            if len(unmet):
                for at in unmet.tolist():
                    words[at] = text[start[at] : end[at]]
                short = unmet[(end - start)[unmet] <= _LONGEST]
                number[short] = self._add(keys[short], [words[at] for at in short.tolist()])
        return Met(words, number)

    def _add(self, keys: NDArray[np.uint64], words: list[str]) -> NDArray[np.int32]:
        """Write down words, which may repeat, and return their numbers."""
        new, places, of_each = np.unique(keys, return_index=True, return_inverse=True)
        end = self._count + len(new)
        if end > _MOST_TYPES:
            return np.full(len(keys), UNMET, dtype=np.int32)
        while end > len(self._written):
            self._grow()
        numbers = np.arange(self._count, end, dtype=np.int32)
        for number, place in zip(numbers.tolist(), places.tolist(), strict=True):
            self._written[number] = words[place]
        self._table.add(new, numbers)
        self._count = end
        return numbers[of_each]

    def _grow(self) -> None:
        self._written = np.append(self._written, np.full(len(self._written), None, dtype=object))
        old, self._table = self._table, _Table.of_size(len(self._table).bit_length())
        filled = np.flatnonzero(old.numbers)
        self._table.add(old.keys[filled], old.numbers[filled])


@cache
def word_types() -> WordTypes:
    """Return those of this process."""
    return WordTypes()
