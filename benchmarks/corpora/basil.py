"""BASIL (Fan et al., EMNLP 2019): the same events in three outlets, with biased spans.

``articles/YEAR/NAME.json`` beside ``annotations/YEAR/NAME_ann.json``; the offsets of an
annotation count code points into one sentence of the article.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slantwise.errors import InputError


@dataclass(frozen=True)
class BasilSpan:
    """A biased span of one sentence."""

    sentence: int  # -1 for the title
    start: int
    end: int
    lexical: bool
    quoted: bool


@dataclass(frozen=True)
class BasilArticle:
    """An article as its sentences, by paragraph, with the spans that were annotated."""

    article_id: str
    event: str
    outlet: str
    title: str
    paragraphs: tuple[tuple[str, ...], ...]
    spans: tuple[BasilSpan, ...]

    @property
    def sentences(self) -> list[str]:
        """All sentences of the body, in order."""
        return [sentence for paragraph in self.paragraphs for sentence in paragraph]


def read_basil(folder: Path) -> list[BasilArticle]:
    """Read the articles and their annotations, in the order of their paths."""
    paths = sorted((folder / "articles").glob("*/*.json"))
    if not paths:
        raise InputError(f"{folder / 'articles'}: no YEAR/NAME.json in it; is it BASIL?")
    return [
        _article(path, folder / "annotations" / path.parent.name / f"{path.stem}_ann.json")
        for path in paths
    ]


def _article(path: Path, annotations: Path) -> BasilArticle:
    if not annotations.is_file():
        raise InputError(f"{annotations}: no such file beside {path}")
    try:
        article = json.loads(path.read_text(encoding="utf-8"))
        labels = json.loads(annotations.read_text(encoding="utf-8"))["phrase-level-annotations"]
        paragraphs = tuple(tuple(paragraph) for paragraph in article["body-paragraphs"])
        return BasilArticle(
            article["uuid"],
            article["triplet-uuid"],
            article["source"],
            article["title"],
            paragraphs,
            tuple(_span(label) for label in labels),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path}: not an article of BASIL with its annotations ({error!r})"
        ) from error


def _span(label: dict[str, Any]) -> BasilSpan:
    identity = label["id"]
    sentence = -1 if identity == "title" else int(identity.removeprefix("p"))
    return BasilSpan(
        sentence, label["start"], label["end"], label["bias"] == "lex", label["quote"] == "yes"
    )
