"""Sentences of several articles as weighted words, so that two tellings can be compared.

A word counts by how few of the sentences at hand have it, and by how rare it is in news;
words of the same act ("captured", "liberated", "fell") also meet in the act's name, since
that is what outlets word differently.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slantwise.features import stem
from slantwise.sketches import rarities, word_hashes

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ACT_SHARE = 0.8  # how much an act's name counts beside a word as rare
_PAIR_SHARE = 0.6
LEAST_RARITY = 1.2  # words that tell anything have this rarity in news
LEAST_RARITY_SAID = 0.4  # in an utterance "one way or another" tells something, too


@dataclass(frozen=True, slots=True)
class Word:
    """A content word of a sentence, in code points of its field."""

    start: int
    end: int
    stem: str
    rarity: float
    name: bool  # capitalised


def content_words(
    text: str, start: int, end: int, least_rarity: float = LEAST_RARITY
) -> list[Word]:
    """Return the words of a sentence that tell something, in order.

    >>> [word.stem for word in content_words("The army captured Saraqib.", 0, 26)]
    ['army', 'captur', 'saraqib']
    """
    found = list(_WORD.finditer(text, start, end))
    words = [match.group() for match in found]
    rare = rarities().words.of(word_hashes(words)).tolist() if words else []
    return [
        Word(match.start(), match.end(), _plain(word), rarity, word[0].isupper())
        for match, word, rarity in zip(found, words, rare, strict=True)
        if rarity >= least_rarity
    ]


def _plain(word: str) -> str:
    lower = word.lower()
    return stem(lower[:-2] if lower.endswith(("'s", "’s")) else lower)


@cache
def _acts() -> dict[str, tuple[str, ...]]:
    """Return the acts that each word may name."""
    stored = json.loads(files("slantwise").joinpath("data", "acts.json").read_text("utf-8"))
    acts: dict[str, set[str]] = {}
    for act, words in stored.items():
        for word in words.split():
            acts.setdefault(stem(word), set()).add(act)
    return {word: tuple(sorted(found)) for word, found in acts.items()}


def acts_of(words: Sequence[Word]) -> frozenset[str]:
    """Return what acts the words of a sentence name."""
    acts = _acts()
    return frozenset(act for word in words for act in acts.get(word.stem, ()))


def names_of(words: Sequence[Word]) -> frozenset[str]:
    """Return the capitalised words of a sentence, as stems."""
    return frozenset(word.stem for word in words if word.name)


def actors_of(words: Sequence[Word]) -> frozenset[str]:
    """Return pairs of neighbouring words that name an actor: "Syrian army"."""
    return frozenset(
        f"{one.stem} {other.stem}"
        for one, other in pairwise(words)
        if one.name and other.start == one.end + 1
    )


def passage_matrix(passages: Sequence[Sequence[Word]]) -> Any:
    """Return one row of unit length a sentence, a sparse array."""
    from scipy.sparse import csr_array

    columns: dict[str, int] = {}
    rows: list[dict[int, float]] = []
    for words in passages:
        row: dict[int, float] = {}
        for feature, weight in _features(words):
            column = columns.setdefault(feature, len(columns))
            row[column] = max(row.get(column, 0.0), weight)
        rows.append(row)
    indptr = np.concatenate([[0], np.cumsum([len(row) for row in rows], dtype=np.int64)])
    indices = np.array([column for row in rows for column in row], np.int64)
    data = np.array([weight for row in rows for weight in row.values()], np.float64)
    holders = np.bincount(indices, minlength=max(len(columns), 1))
    data *= np.log((len(rows) + 1) / holders[indices])
    matrix = csr_array((data, indices, indptr), shape=(len(rows), max(len(columns), 1)))
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    scale: NDArray[np.float64] = 1 / np.where(norms == 0, 1, norms)
    matrix.data *= np.repeat(scale, np.diff(matrix.indptr))
    return matrix


def _features(words: Sequence[Word]) -> list[tuple[str, float]]:
    acts = _acts()
    features = []
    for at, word in enumerate(words):
        weight = word.rarity**0.5
        features.append((word.stem, weight))
        features += [(f"@{act}", _ACT_SHARE * weight) for act in acts.get(word.stem, ())]
        if at:
            before = words[at - 1]
            pair = min(weight, before.rarity**0.5)
            features.append((f"{before.stem} {word.stem}", _PAIR_SHARE * pair))
    return features
