"""Who is named: the phrases of a text that may name an actor.

A mention is a run of capitalised words without titles ("Hulusi Akar"), a noun
that is known to name people or institutions, with the name before it ("the
Syrian army", "protesters"), or a pronoun that stands for somebody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slantwise.cues import cue_book

_BOOK = cue_book()
_TITLES = _BOOK.words["titles"] | frozenset("mr mrs ms dr sen rep gov gen lt col sgt rev".split())
_CLOSED = frozenset().union(
    *(
        _BOOK.words[name]
        for name in (
            *("determiners", "pronouns", "prepositions", "clause_starts"),
            *("auxiliaries", "adverbs", "time_words"),
        )
    )
)
_PRONOUNS = frozenset("he she they we us them him".split())
_LINKS = frozenset("of for al bin el de la van von ul".split())
_GLUE = frozenset("-‑.&'’")
_ARTICLES = frozenset(("the", "a", "an"))
# Log odds of naming an actor from which a lower-case noun is a mention: by itself, and after a
# name ("Syrian army"). Low, since what is no mention can't be a target.
_BY_ITSELF = -1.5
_AFTER_A_NAME = -3.0


@dataclass(frozen=True, slots=True)
class Mentions:
    """Mentions in the order of the text: parallel arrays of shape (n_mentions,)."""

    first: NDArray[np.int64]  # rows of the layout's tokens, half-open
    last: NDArray[np.int64]
    phrase: NDArray[np.int64]  # where it begins with its titles: "President Ada Moss"
    named: NDArray[np.bool_]  # holds a capitalised word
    pronoun: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.first)

    def extent(self, number: int) -> tuple[int, int]:
        """Return the tokens of one mention."""
        return int(self.first[number]), int(self.last[number])


def find_mentions(
    words: Sequence[str], opens: NDArray[np.bool_], actor: NDArray[np.floating]
) -> Mentions:
    """Find the mentions of one text.

    Parameters
    ----------
    words : sequence of str of length n_tokens
    opens : ndarray of shape (n_tokens,)
        Whether the token is the first of its sentence.
    actor : ndarray of shape (n_tokens,)
        Log odds that a noun names an actor.
    """
    found: list[tuple[int, int, int, bool, bool]] = []
    at, n_words = 0, len(words)
    likely, possible = (actor >= _BY_ITSELF).tolist(), (actor >= _AFTER_A_NAME).tolist()
    opening = opens.tolist()
    while at < n_words:
        word = words[at]
        lower = word.lower()
        if lower in _PRONOUNS and not word.isupper():
            found.append((at, at + 1, at, False, True))
            at += 1
        elif word[:1].isupper() and not (lower in _CLOSED and (opening[at] or not word.isupper())):
            end = _name_end(words, opening, at)
            start = _without_titles(words, at, end)
            if end < n_words and not opening[end] and words[end].islower() and possible[end]:
                end += 1  # "Syrian army", "Obama administration"
                found.append((start - _has_article(words, start), end, at, True, False))
            else:
                found.append((start, end, at, True, False))
            at = end
        elif likely[at] and word.islower() and lower not in _CLOSED and len(word) > 2:
            found.append((at - _has_article(words, at), at + 1, at, False, False))
            at += 1
        else:
            at += 1
    table = np.array(found, dtype=np.int64).reshape(-1, 5)
    return Mentions(table[:, 0], table[:, 1], table[:, 2], table[:, 3] > 0, table[:, 4] > 0)


def _name_end(words: Sequence[str], opening: Sequence[bool], at: int) -> int:
    end = at + 1
    while end < len(words) and not opening[end]:
        word = words[end]
        if word[:1].isupper() and word.lower() not in _CLOSED:
            end += 1
        elif (
            (word in _GLUE or word in _LINKS)
            and end + 1 < len(words)
            and words[end + 1][:1].isupper()
            and (words[end + 1].lower() not in _CLOSED or len(words[end + 1]) == 1)
            and not (word == "." and len(words[end - 1]) > 4)
        ):
            end += 2
        else:
            break
    # "U.S.": the last full stop belongs to it.
    if end < len(words) and words[end] == "." and len(words[end - 1]) == 1 and end - at >= 3:
        end += 1
    return end


def _without_titles(words: Sequence[str], start: int, end: int) -> int:
    """Return where the name begins: after the last title that a word of it follows."""
    name = start
    for at in range(start, end - 1):
        if words[at].lower() in _TITLES and words[at + 1] not in _LINKS:
            name = at + 1
    while name < end - 1 and words[name] in _GLUE:
        name += 1
    return name


def _has_article(words: Sequence[str], at: int) -> int:
    return int(at > 0 and words[at - 1].lower() in _ARTICLES)
