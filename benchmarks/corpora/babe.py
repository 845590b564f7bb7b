"""BABE (Spinde et al., Findings of EMNLP 2021): sentences that experts judged biased or not.

``final_labels_SG2.csv``: semicolons between columns, UTF-8 with a byte-order mark, the
biased words as a list literal of Python.
"""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from slantwise.errors import InputError
from slantwise.text import Tokens, tokenize

FILE = "final_labels_SG2.csv"
_BIASED = {"Biased": True, "Non-biased": False}


@dataclass(frozen=True)
class Sentence:
    """A sentence with the experts' judgement."""

    text: str
    outlet: str
    url: str
    biased: bool
    biased_words: tuple[str, ...]


def read_babe(folder: Path) -> list[Sentence]:
    """Read the sentences whose label the experts agreed on."""
    path = folder / FILE
    if not path.is_file():
        raise InputError(f"{path}: no such file; BABE's publishers distribute it under this name")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    sentences = []
    for number, row in enumerate(rows, start=2):
        try:
            if row["label_bias"] in _BIASED:
                words = tuple(str(word) for word in ast.literal_eval(row["biased_words"]))
                sentences.append(
                    Sentence(
                        row["text"],
                        row["outlet"],
                        row["news_link"],
                        _BIASED[row["label_bias"]],
                        words,
                    )
                )
        except (KeyError, ValueError, SyntaxError, TypeError) as error:
            raise InputError(f"{path}, row {number}: {error!r}") from error
    if not sentences:
        raise InputError(f"{path}: no sentence that is labelled Biased or Non-biased")
    return sentences


def biased_ranges(sentence: Sentence) -> list[tuple[int, int]]:
    """Return the code-point ranges of the biased words, wherever they stand in the sentence.

    >>> biased_ranges(Sentence("A vile, Vile plan.", "", "", True, ("vile",)))
    [(2, 6), (8, 12)]
    """
    found = []
    for phrase in sentence.biased_words:
        if inner := r"\W+".join(map(re.escape, tokenize_words(phrase))):
            pattern = rf"(?<!\w){inner}(?!\w)"
            found += [match.span() for match in re.finditer(pattern, sentence.text, re.IGNORECASE)]
    return _joined(found)


def tokenize_words(phrase: str) -> list[str]:
    """Return the words of a phrase without marks."""
    return [word for word in tokenize(phrase).words if word[0].isalnum()]


def token_flags(tokens: Tokens, ranges: Sequence[tuple[int, int]]) -> NDArray[np.bool_]:
    """Return which tokens lie in one of the ranges; marks never do."""
    flags = np.zeros(len(tokens), dtype=bool)
    for start, end in ranges:
        first, last = tokens.covering(start, end)
        flags[first:last] = True
    flags &= np.array([word[0].isalnum() for word in tokens.words], dtype=bool)
    return flags


def _joined(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
