"""Propaganda Techniques Corpus, version 2 (Da San Martino et al., EMNLP 2019).

``train-articles/articleID.txt`` with one label file an article in
``train-labels-task-si/`` and ``train-labels-task-flc-tc/``. Offsets are code points into
the file as it is, line ends untranslated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from slantwise.errors import InputError

ARTICLES, SPANS, TECHNIQUES = "train-articles", "train-labels-task-si", "train-labels-task-flc-tc"
_NAME = re.compile(r"article(\d+)")
_SHINGLE = 8  # words
# Two articles that share so much of the shorter one tell the same story in the same words.
_SHARED = 0.3


@dataclass(frozen=True)
class PropagandaArticle:
    """An article with its spans, merged, and its spans by technique, which may overlap."""

    article_id: str
    text: str
    spans: tuple[tuple[int, int], ...]
    techniques: tuple[tuple[int, int, str], ...]


def read_ptc(folder: Path) -> list[PropagandaArticle]:
    """Read the articles with both kinds of labels, in the order of their ids."""
    paths = sorted((folder / ARTICLES).glob("article*.txt"))
    if not paths:
        raise InputError(f"{folder / ARTICLES}: no articleID.txt in it; is it the PTC corpus?")
    articles = []
    for path in paths:
        article_id = _NAME.fullmatch(path.stem)
        if article_id is None:
            raise InputError(f"{path}: not named articleID.txt")
        with path.open(encoding="utf-8", newline="") as file:
            text = file.read()
        spans = _rows(folder / SPANS / f"{path.stem}.task-si.labels", 3)
        techniques = _rows(folder / TECHNIQUES / f"{path.stem}.task-flc-tc.labels", 4)
        articles.append(
            PropagandaArticle(
                article_id[1],
                text,
                tuple(merged([(int(row[1]), int(row[2])) for row in spans])),
                tuple((int(row[2]), int(row[3]), row[1]) for row in techniques),
            )
        )
    return articles


def _rows(path: Path, n_columns: int) -> list[list[str]]:
    if not path.is_file():
        raise InputError(f"{path}: no such file; an article without labels has an empty one")
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line]
    for number, row in enumerate(rows, start=1):
        if len(row) != n_columns or not (row[-1].isdecimal() and row[-2].isdecimal()):
            raise InputError(f"{path}, line {number}: not {n_columns} columns that end in offsets")
    return rows


def merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Merge spans that overlap, as the official scorer of span identification does.

    >>> merged([(5, 9), (0, 6), (9, 12)])
    [(0, 9), (9, 12)]
    """
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def story_groups(texts: list[str]) -> NDArray[np.int64]:
    """Return the group of each text; texts that share three tenths of their shingles are one group.

    Broder, "On the resemblance and containment of documents" (1997), with containment in
    the shorter text, joined by union-find.

    >>> copied = "one two three four five six seven eight nine ten"
    >>> story_groups([copied, "a b c d e f g h i j", copied + " eleven"]).tolist()
    [0, 1, 0]
    """
    holders: dict[tuple[str, ...], list[int]] = {}
    size = np.zeros(len(texts), dtype=np.int64)
    for number, text in enumerate(texts):
        words = re.findall(r"\w+", text.lower())
        shingles = {tuple(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1)}
        size[number] = len(shingles)
        for shingle in shingles:
            holders.setdefault(shingle, []).append(number)
    shared: dict[tuple[int, int], int] = {}
    for texts_here in holders.values():
        for at, one in enumerate(texts_here):
            for other in texts_here[at + 1 :]:
                shared[one, other] = shared.get((one, other), 0) + 1
    group = list(range(len(texts)))

    def root(number: int) -> int:
        while group[number] != number:
            group[number] = group[group[number]]
            number = group[number]
        return number

    for (one, other), count in sorted(shared.items()):
        if count >= _SHARED * min(size[one], size[other]):
            low, high = sorted((root(one), root(other)))
            group[high] = low
    return np.array([root(number) for number in range(len(texts))])
