"""SEESAW (Zhang et al., EMNLP 2022): the same story in three outlets.

``articles/TRIPLET_story_DOCUMENT_number.json`` holds the title and the sentences.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from slantwise.errors import InputError

_NAME = re.compile(r"TRIPLET_(\d+)_DOCUMENT_\d+")


@dataclass(frozen=True)
class SeesawArticle:
    """An article and the number of its story."""

    article_id: str
    story: str
    title: str
    sentences: tuple[str, ...]


def read_seesaw(folder: Path) -> list[SeesawArticle]:
    """Read the articles, in the order of their names.

    Raises
    ------
    InputError
        If there are none, or one has another layout.
    """
    paths = sorted((folder / "articles").glob("TRIPLET_*.json"))
    if not paths:
        raise InputError(f"{folder / 'articles'}: no TRIPLET_*.json in it; is it SEESAW?")
    return [_article(path) for path in paths]


def _article(path: Path) -> SeesawArticle:
    name = _NAME.fullmatch(path.stem)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if name is None:
            raise ValueError("the name isn't TRIPLET_story_DOCUMENT_number")
        sentences = tuple(sentence["text"] for sentence in content["text"])
        return SeesawArticle(path.stem, name[1], content["title"], sentences)
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: not an article of SEESAW ({error!r})") from error
