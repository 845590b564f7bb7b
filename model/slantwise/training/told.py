"""What is told of whose words are whose: by PolNeAR, by sentences of ours, by labelled spans."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from slantwise.draft import OUTLET, QUOTE, REPORTED
from slantwise.errors import InputError
from slantwise.passages import Passage
from slantwise.records import VOICES
from slantwise.sequence import N_STATES, OUTSIDE
from slantwise.text import Document, read_document
from slantwise.training.hearing import states_of
from slantwise.training.polnear import GoldAttribution, PolnearArticle, Range
from slantwise.voice import find_voices

_MARKED = re.compile(r"([\[{<])([^\[\]{}<>]+)[\]}>]")
_SLOT = re.compile(r"@(\w+)")
_TIMES = 30  # that each written sentence is filled in
_TIMES_AS_IT_IS = 6  # of a sentence without slots
_SOMEBODYS = (QUOTE, REPORTED)


@dataclass(frozen=True)
class Told:
    """A document, and what is known of its tokens."""

    document: Document
    allowed: NDArray[np.bool_]  # (n_tokens, N_STATES), what each may be
    marked: NDArray[np.bool_]  # (n_tokens, 2), whether it belongs to a source, to a cue
    known: bool  # whether sources and cues were marked


def covered(document: Document, ranges: Iterable[Range]) -> NDArray[np.bool_]:
    """Return which tokens lie in one of the ranges of code points."""
    flags = np.zeros(len(document.tokens), dtype=bool)
    for start, end in ranges:
        first, last = document.tokens.covering(start, end)
        flags[first:last] = True
    return flags


def told_by_article(article: PolnearArticle) -> Told:
    """Take everything for certain: every attribution of the article was marked."""
    document = read_document(article.text, unscored=())
    content, source, cue = (
        covered(document, [extent for one in article.attributions for extent in parts(one)])
        for parts in (_content, _source, _cue)
    )
    opens = np.diff(document.token_sentence, prepend=-1) != 0
    allowed = np.eye(N_STATES, dtype=bool)[states_of(content, opens)]
    return Told(document, allowed, np.column_stack([source, cue]), True)


def _content(one: GoldAttribution) -> tuple[Range, ...]:
    return one.content


def _source(one: GoldAttribution) -> tuple[Range, ...]:
    return one.source


def _cue(one: GoldAttribution) -> tuple[Range, ...]:
    return one.cue


def told_by_passage(passage: Passage) -> Told:
    """Take the voices of labelled spans, where rules say the same, and nothing else.

    Where the two differ the word is often the outlet's, foreign to the source that it is
    reported with: the sentence around it is the source's all the same.
    """
    document = passage.document
    voices = find_voices(document)
    allowed = np.ones((len(document.tokens), N_STATES), dtype=bool)
    for span in passage.spans:
        first, last = document.tokens.covering(span["start"], span["end"])
        voice = VOICES.index(span["voice"])
        if voices.said(span["start"], span["end"])[0] != voice:
            continue
        if voice == OUTLET:
            allowed[first:last, OUTSIDE + 1 :] = False
        elif voice in _SOMEBODYS:
            allowed[first:last, OUTSIDE] = False
    return Told(document, allowed, np.zeros((len(document.tokens), 2), dtype=bool), False)


def read_written_attributions(path: Path, random_state: int = 0) -> list[PolnearArticle]:
    """Read sentences written for training, with their slots filled in.

    ``{…}`` holds what a source says, ``[…]`` the source, ``<…>`` the cue; ``@name`` is filled
    by one of what ``@name = … | …`` lists. A line that begins with ``#`` is a comment.

    Raises
    ------
    InputError
        If a slot has no filler; it names the file, the line and the slot.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    fillers: dict[str, list[str]] = {}
    sentences = []
    for number, line in enumerate(lines, start=1):
        slot, equals, listed = line.partition(" = ")
        if equals and slot.startswith("@"):
            fillers[slot[1:]] = listed.split(" | ")
        elif line.strip() and not line.startswith("#"):
            sentences.append((number, line.strip()))
    rng = np.random.default_rng(random_state)
    articles = []
    for number, line in sentences:
        for slot in _SLOT.findall(line):
            if slot not in fillers:
                raise InputError(f"{path}, line {number}: nothing fills the slot @{slot}")
        for time in range(_TIMES if _SLOT.search(line) else _TIMES_AS_IT_IS):
            articles.append(marked_article(f"{number}.{time}", _filled(line, fillers, rng)))
    return articles


def _filled(line: str, fillers: Mapping[str, Sequence[str]], rng: np.random.Generator) -> str:
    def chosen(found: re.Match[str]) -> str:
        filler = fillers[found[1]]
        written = filler[int(rng.integers(len(filler)))]
        opens = found.start() == 0 or line[: found.start()] == "["
        return written[0].upper() + written[1:] if opens else written

    return _SLOT.sub(chosen, line)


def marked_article(name: str, marked: str) -> PolnearArticle:
    """Return a text with its marks read and taken out, sentence by sentence one attribution.

    >>> marked_article("a", "[Ada] <said> {it was over}.").attributions[0].content
    ((9, 20),)
    """
    text, at = "", 0
    parts: dict[str, list[Range]] = {"{": [], "[": [], "<": []}
    for match in _MARKED.finditer(marked):
        text += marked[at : match.start()]
        parts[match[1]].append((len(text), len(text) + len(match[2])))
        text += match[2]
        at = match.end()
    text += marked[at:]
    found = GoldAttribution(*(tuple(parts[mark]) for mark in "{[<"))
    return PolnearArticle(name, text, (found,) if any(parts.values()) else ())
