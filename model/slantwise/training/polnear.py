"""PolNeAR (Newell et al., LREC 2018): who says what in political news.

``data/PART/text/NAME.txt`` with ``data/PART/attributions/NAME_ANNOTATOR.ann`` in brat's
standoff format; where several annotators read an article, the first counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from slantwise.errors import InputError

_DROPPED = ("Discuss", "Discard")
_BEGINS = re.compile(r"([TE])\d+\t")  # the words of an annotation may go over several lines
Range = tuple[int, int]


@dataclass(frozen=True)
class GoldAttribution:
    """One attribution: its content, source and cue, each in pieces or missing but the first."""

    content: tuple[Range, ...]
    source: tuple[Range, ...]
    cue: tuple[Range, ...] = ()


@dataclass(frozen=True)
class PolnearArticle:
    """An article with its attributions."""

    name: str
    text: str
    attributions: tuple[GoldAttribution, ...]


def read_polnear(folder: Path, part: str) -> list[PolnearArticle]:
    """Read the articles of one part, in the order of their names.

    Raises
    ------
    InputError
        If there is no text, no annotation beside it, or one that can't be read.
    """
    here = folder / "data" / part if (folder / "data" / part).is_dir() else folder
    texts = sorted((here / "text").rglob("*.txt"))
    if not texts:
        raise InputError(f"{here / 'text'}: no text in it; is it the PolNeAR corpus?")
    annotations: dict[str, Path] = {}
    for path in sorted((here / "attributions").rglob("*.ann")):
        annotations.setdefault(path.stem.rpartition("_")[0], path)
    articles = []
    for path in texts:
        if path.stem in annotations:
            with path.open(encoding="utf-8", newline="") as file:
                text = file.read()
            articles.append(PolnearArticle(path.stem, text, _attributions(annotations[path.stem])))
    if not articles:
        raise InputError(f"{here / 'attributions'}: no annotation of a text beside it")
    return articles


def _attributions(path: Path) -> tuple[GoldAttribution, ...]:
    spans: dict[str, tuple[str, tuple[Range, ...]]] = {}
    events = []
    # The words of an annotation may hold line separators of their own.
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        begins = _BEGINS.match(line)
        if begins is None:
            continue
        try:
            if begins[1] == "T":
                name, described = line.split("\t")[:2]
                kind, _, offsets = described.partition(" ")
                spans[name] = (kind, _ranges(offsets))
            else:
                events.append([part.split(":") for part in line.split("\t")[1].split()])
        except (ValueError, IndexError) as error:
            raise InputError(f"{path}, line {number}: not brat's format ({error})") from error
    found = []
    for (trigger, _), *arguments in events:
        if trigger.startswith(_DROPPED):
            continue
        content, source, cue = (
            _gathered(arguments, spans, role) for role in ("Content", "Source", "Cue")
        )
        if content:
            found.append(GoldAttribution(content, source, cue))
    return tuple(found)


def _ranges(offsets: str) -> tuple[Range, ...]:
    pieces = [piece.split() for piece in offsets.split(";")]
    return tuple((int(start), int(end)) for start, end in pieces)


def _gathered(
    arguments: list[list[str]], spans: Mapping[str, tuple[str, tuple[Range, ...]]], role: str
) -> tuple[Range, ...]:
    return tuple(
        extent
        for name, span in arguments
        if name.rstrip("0123456789") == role and span in spans
        for extent in spans[span][1]
    )
