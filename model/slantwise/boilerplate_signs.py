"""Cheap signs of boilerplate: which lines are worth the patterns at all.

Most lines of an article are sentences, and trying every pattern on each of them would
take longer than labelling it. Whatever fits a pattern has one of the signs looked for
here, so that nothing is lost; a test draws lines from the patterns themselves.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from slantwise import boilerplate_patterns as patterns

_FIRST = re.compile(r"\W*([^\W\d_]*)")
_ANY, _ALONE, _NONE = range(3)  # what a first word may begin: any pattern, buttons or dates, none


class Signs(NamedTuple):
    """Lines of a text, by number, that hold something rare."""

    cues: frozenset[int]  # one of ``patterns.CUES``
    phrases: frozenset[int]  # one of ``patterns.PHRASES``


def may_fit(text: str, number: int, signs: Signs) -> bool:
    """Return whether a line, the ``number``-th of its article, may fit any pattern."""
    if (
        (number < patterns.TOP and len(text.split()) <= patterns.FEW)
        or len(text) <= patterns.BRIEF
        or text[0] in "[(</"
        or number in signs.phrases
    ):
        return True
    first = _FIRST.match(text)
    begins = _begins(first[1] if first else "")
    return begins == _ANY or (begins == _ALONE and (is_buttons(text) or is_date(text)))


@lru_cache(maxsize=1 << 14)
def _begins(word: str) -> int:
    lower = word.lower()
    if not lower or not lower.isascii() or lower in patterns.BEGINNINGS:
        return _ANY  # digits too: there the word is empty
    if lower.startswith(patterns.GLUED):
        return _ANY
    alone = lower in patterns.BUTTONS or patterns.DATE_WORD.fullmatch(lower)
    return _ALONE if alone else _NONE


def has_cue(text: str, number: int, signs: Signs) -> bool:
    """Return whether a long line opens like a prompt or holds a cue."""
    begun = text.lstrip("-\u2013—•*> ")[: patterns.LONGEST_OPENING].lower()
    return begun.startswith(patterns.OPENINGS.get(begun[:1], ())) or number in signs.cues


def signs_of(text: str, lines: Sequence[tuple[int, int]]) -> Signs:
    """Find cues and phrases in a text; those alone are sought whose triples all occur.

    Parameters
    ----------
    text : str
    lines : sequence of (start, end)
        Code points, in order.
    """
    lower = text.lower()
    if len(lower) != len(text):  # a letter that grows in lower case: offsets would shift
        lower = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
    met = np.zeros(1 << 15, dtype=np.bool_)
    met[_triples(lower)] = True
    met[_NO_TRIPLE] = True
    possible = np.flatnonzero(np.logical_and.reduceat(met[_EVERY_TRIPLE], _EDGES)).tolist()
    starts = [start for start, _ in lines]
    cues: set[int] = set()
    phrases: set[int] = set()
    for number in possible:
        holding = cues if number < len(patterns.CUES) else phrases
        phrase = _SOUGHT[number]
        at = lower.find(phrase)
        while at >= 0:
            line = bisect_right(starts, at) - 1
            if line >= 0 and at + len(phrase) <= lines[line][1]:
                holding.add(line)
            at = lower.find(phrase, at + 1)
    return Signs(frozenset(cues), frozenset(phrases))


def _triples(lower: str) -> NDArray[np.uint16]:
    """Return a number below 2^15 for every three characters in a row."""
    codes = np.frombuffer(lower.encode("latin-1", "replace"), dtype=np.uint8) & 31
    codes = codes.astype(np.uint16)
    return np.asarray((codes[:-2] << 10) | (codes[1:-1] << 5) | codes[2:])


_SOUGHT = (*patterns.CUES, *patterns.PHRASES)
_NO_TRIPLE = np.zeros(1, dtype=np.uint16)  # of a cue that is too short for one
_BY_PHRASE = [_triples(phrase) if len(phrase) > 2 else _NO_TRIPLE for phrase in _SOUGHT]
_EVERY_TRIPLE = np.concatenate(_BY_PHRASE)
_EDGES = np.cumsum([0] + [len(triples) for triples in _BY_PHRASE])[:-1]


def is_buttons(text: str) -> bool:
    """Return whether a line is made of the words of buttons alone."""
    words = []
    for match in patterns.WORD.finditer(text.lower()):
        word = match[0]
        if not (word in patterns.BUTTONS or word.isdigit()):
            return False
        words.append(word)
    return (
        0 < len(words) <= 14
        and any(word in patterns.BUTTONS_ALONE for word in words)
        and not patterns.QUOTE_MARK.search(text)
    )


def is_date(text: str) -> bool:
    """Return whether a line is made of the words of dates and times alone."""
    n_words = 0
    for match in patterns.WORD.finditer(text):
        if not patterns.DATE_WORD.fullmatch(match[0]):
            return False
        n_words += 1
    return 0 < n_words <= 16 and patterns.DATE_CORE.search(text) is not None
