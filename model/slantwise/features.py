"""Word types: what is known of a word by itself, analysed once and cached.

Everything slantwise learns is linear in the word types around a token. A type
is analysed into a word, a stem, a suffix, a shape and a vector; the weights of
every learned part are folded over that analysis into one row of numbers per
type. Scoring a token then is a few array gathers.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from slantwise.traits import Traits, traits_of
from slantwise.words import UNMET

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int32]

_BLOCK = 256  # word types that are folded at once
UNKNOWN = 0  # index of whatever a vocabulary does not hold
SHAPES = ("", "lower", "capital", "upper", "digit", "mixed", "mark", "quote", "stop")
_QUOTE_MARKS = frozenset("\"'“”‘’«»„‚‹›`")
_STOPS = frozenset(".!?…")
_SUFFIXES = (
    *("ations", "iness", "ation", "ities", "ingly", "ments"),
    *("edly", "ness", "ings", "ists", "isms", "ment"),
    *("ity", "ing", "ist", "ism", "ers", "ies", "ied", "est"),
    *("er", "ed", "ly", "es", "al", "ic"),
    "s",
)


def stem(word: str) -> str:
    """Return a lower-case word without its commonest English endings.

    >>> stem("slamming"), stem("terrorists"), stem("news")
    ('slamm', 'terror', 'news')
    """
    if len(word) <= 4 or not word.endswith(_SUFFIXES):
        return word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            return word[: -len(suffix)]
    return word


def shape(word: str) -> str:
    """Return which of ``SHAPES`` a token has.

    >>> [shape(word) for word in ("Ankara", "NATO", "said", "2020", "Covid19", ",")]
    ['capital', 'upper', 'lower', 'digit', 'mixed', 'mark']
    """
    if word.isdigit():
        return "digit"
    if not (word[0].isalnum() or word[0] == "_"):
        return "quote" if word in _QUOTE_MARKS else "stop" if word in _STOPS else "mark"
    if not word.isalpha():
        return "mixed"
    if word.isupper() and len(word) > 1:
        return "upper"
    return "capital" if word[0].isupper() else "lower"


@dataclass(frozen=True, slots=True)
class Analysis:
    """Word types taken apart: parallel index arrays of shape (n_types,)."""

    word: IntArray
    stem: IntArray
    suffix: IntArray
    shape: IntArray

    def __len__(self) -> int:
        return len(self.word)


@dataclass(frozen=True)
class Vocabulary:
    """Known words, stems and suffixes, with a vector for every known word.

    ``words[UNKNOWN]``, ``stems[UNKNOWN]`` and ``suffixes[UNKNOWN]`` are "".
    """

    words: tuple[str, ...]
    stems: tuple[str, ...]
    suffixes: tuple[str, ...]
    vectors: FloatArray  # (len(words), n_dimensions); row UNKNOWN is zero

    def __post_init__(self) -> None:
        for name in ("words", "stems", "suffixes"):
            index = {entry: number for number, entry in enumerate(getattr(self, name))}
            object.__setattr__(self, f"_{name}", index)

    def analyse(self, types: Sequence[str]) -> Analysis:
        """Take word types apart.

        Parameters
        ----------
        types : sequence of str
            Non-empty tokens as written.
        """
        words: dict[str, int] = self._words  # type: ignore[attr-defined]
        stems: dict[str, int] = self._stems  # type: ignore[attr-defined]
        suffixes: dict[str, int] = self._suffixes  # type: ignore[attr-defined]
        lower = [written.lower() for written in types]
        return Analysis(
            np.array([words.get(word, UNKNOWN) for word in lower], dtype=np.int32),
            np.array([stems.get(stem(word), UNKNOWN) for word in lower], dtype=np.int32),
            np.array([suffixes.get(word[-3:], UNKNOWN) for word in lower], dtype=np.int32),
            np.array([SHAPES.index(shape(written)) for written in types], dtype=np.int32),
        )


@dataclass(frozen=True, slots=True)
class TypeWeights:
    """A linear map from the analysis of a word type to some columns.

    ``word`` has shape (n_words, n_columns), the others accordingly; ``vector``
    has shape (n_dimensions, n_columns).
    """

    word: FloatArray
    stem: FloatArray
    suffix: FloatArray
    shape: FloatArray
    vector: FloatArray

    BLOCKS: ClassVar = ("word", "stem", "suffix", "shape", "vector")

    @property
    def n_columns(self) -> int:
        """Number of columns a type is mapped to."""
        return int(self.word.shape[1])

    def fold(self, analysis: Analysis, vectors: FloatArray) -> FloatArray:
        """Return the columns of each analysed type, shape (n_types, n_columns)."""
        return (
            self.word[analysis.word]
            + self.stem[analysis.stem]
            + self.suffix[analysis.suffix]
            + self.shape[analysis.shape]
            + product(vectors[analysis.word], self.vector)
        )


def product(rows: FloatArray, matrix: FloatArray) -> FloatArray:
    """Return ``rows @ matrix``, each row to the last bit the same in any company.

    How a matrix product is rounded depends on its shape, so all have the same.
    """
    result = np.empty((len(rows), matrix.shape[1]), dtype=np.float32)
    whole = len(rows) - len(rows) % _BLOCK
    block = np.zeros((_BLOCK, rows.shape[1]), dtype=rows.dtype)
    in_one_piece = rows.flags.c_contiguous
    for low in range(0, whole, _BLOCK):
        some = rows[low : low + _BLOCK]
        if not in_one_piece:
            block[:] = some
        np.matmul(some if in_one_piece else block, matrix, out=result[low : low + _BLOCK])
    if whole < len(rows):
        block[: len(rows) - whole] = rows[whole:]
        result[whole:] = (block @ matrix)[: len(rows) - whole]
    return result


class TypeTable:
    """The word types met so far, each analysed once and folded for every learned part.

    Row 0 stands for the void before and after a sentence: all its columns are 0.

    Parameters
    ----------
    vocabulary : Vocabulary
    weights : mapping of str to TypeWeights
        One entry for each learned part.
    """

    # Beyond this the table starts afresh: an archive of noise must not fill the memory.
    MAX_TYPES = 400_000

    def __init__(self, vocabulary: Vocabulary, weights: Mapping[str, TypeWeights]) -> None:
        self.vocabulary = vocabulary
        self.weights = dict(weights)
        self._lock = threading.Lock()
        self._clear()

    def __getstate__(self) -> dict[str, object]:
        return {"vocabulary": self.vocabulary, "weights": self.weights}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__init__(**state)  # type: ignore[misc]

    def _clear(self) -> None:
        self._index = _Numbers()
        self._row_of = np.zeros(1024, dtype=np.int32)  # by the number of a word type
        self._count = 1  # row 0 is the void
        self._word = np.zeros(1024, dtype=np.int32)
        self._traits = np.zeros(1024, dtype=np.uint32)
        self._columns = {
            name: np.zeros((1024, part.n_columns), dtype=np.float32)
            for name, part in self.weights.items()
        }

    def look_up(self, words: Sequence[str], number: IntArray | None = None) -> TypeRows:
        """Return the rows of these tokens in the table, new types added first.

        Parameters
        ----------
        words : sequence of str of length n_tokens
        number : ndarray of shape (n_tokens,), optional
            Their numbers in `slantwise.words`, by which they are found sooner.
        """
        with self._lock:
            rows = self._rows(words, number)
            if len(self._index) > self.MAX_TYPES:
                self._clear()
                rows = self._rows(words, number)
            if len(self._index) >= self._count:
                self._add(list(islice(self._index, self._count - 1, None)))
            return TypeRows(rows, self._word, self._traits, dict(self._columns))

    def _rows(self, words: Sequence[str], number: IntArray | None) -> IntArray:
        if number is None:
            return self._index.rows(words)
        self._row_of = _grown(self._row_of, int(number.max(initial=0)) + 1)
        rows = self._row_of[number]
        unknown = np.flatnonzero(rows == 0)
        if len(unknown):
            rows[unknown] = self._index.rows([words[at] for at in unknown.tolist()])
            self._row_of[number[unknown]] = rows[unknown]
            self._row_of[UNMET] = 0
        return rows

    def _add(self, types: list[str]) -> None:
        analysis = self.vocabulary.analyse(types)
        new = slice(self._count, self._count + len(types))
        self._count = new.stop
        self._word = _grown(self._word, new.stop)
        self._word[new] = analysis.word
        self._traits = _grown(self._traits, new.stop)
        self._traits[new] = traits_of(types)
        for name, part in self.weights.items():
            self._columns[name] = _grown(self._columns[name], new.stop)
            self._columns[name][new] = part.fold(analysis, self.vocabulary.vectors)


class _Numbers(dict[str, int]):
    """Numbers words from 1 on as they come: one look at each finds the new ones too."""

    def rows(self, words: Sequence[str]) -> IntArray:
        return np.fromiter(map(self.__getitem__, words), dtype=np.int32, count=len(words))

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self) + 1
        return number


def _grown(array: NDArray[Any], needed: int) -> NDArray[Any]:
    """Return the array with room for ``needed`` rows, doubled so that growth stays cheap."""
    if needed <= len(array):
        return array
    room = np.zeros((max(needed, 2 * len(array)), *array.shape[1:]), dtype=array.dtype)
    room[: len(array)] = array
    return room


@dataclass(frozen=True, slots=True)
class TypeRows:
    """Tokens as rows of a :class:`TypeTable`."""

    row: IntArray  # (n_tokens,)
    _word: IntArray  # (n_types,), index into the vocabulary's words
    _traits: Traits  # (n_types,)
    _columns: Mapping[str, FloatArray]
    answers: FloatArray | None = None  # (n_tokens, n_answers), of an encoder where there is one

    @property
    def word(self) -> IntArray:
        """The vocabulary's index of each token, shape (n_tokens,)."""
        return self._word[self.row]

    @property
    def traits(self) -> Traits:
        """What is known of each token by itself, shape (n_tokens,); see `slantwise.traits`."""
        return self._traits[self.row]

    @property
    def traits_of_types(self) -> Traits:
        """The same of every type, shape (n_types,)."""
        return self._traits

    def columns(self, part: str) -> FloatArray:
        """Columns of every type for one learned part, shape (n_types, n_columns)."""
        return self._columns[part]
