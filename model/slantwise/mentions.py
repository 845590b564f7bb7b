"""Who is named: the phrases of a text that may name an actor.

A mention is a run of capitalised words without titles ("Hulusi Akar"), a noun
that is known to name people or institutions, with the name before it ("the
Syrian army", "protesters"), or a pronoun that stands for somebody.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slantwise.traits import (
    ARTICLE,
    CAPITAL,
    CLOSED,
    FULL_STOP,
    GLUE,
    LINK,
    LOWER,
    ONE_LETTER,
    OVER_FOUR,
    PERSONAL,
    TITLE,
    UP_TO_TWO,
    UPPER,
    Traits,
)

Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]

# Log odds of naming an actor from which a lower-case noun is a mention: by itself, and after a
# name ("Syrian army"). Low, since what is no mention can't be a target.
_BY_ITSELF = -1.5
_AFTER_A_NAME = -3.0


@dataclass(frozen=True, slots=True)
class Mentions:
    """Mentions in the order of the text: parallel arrays of shape (n_mentions,)."""

    first: Ints  # rows of the layout's tokens, half-open
    last: Ints
    phrase: Ints  # where it begins with its titles: "President Ada Moss"
    named: Flags  # holds a capitalised word
    pronoun: Flags

    def __len__(self) -> int:
        return len(self.first)

    def extent(self, number: int) -> tuple[int, int]:
        """Return the tokens of one mention."""
        return int(self.first[number]), int(self.last[number])


def find_mentions(
    traits: Traits, opens: Flags, begins: Flags, actor: NDArray[np.floating]
) -> Mentions:
    """Find the mentions of texts that lie end to end.

    Parameters
    ----------
    traits : ndarray of shape (n_tokens,)
    opens : ndarray of shape (n_tokens,)
        Whether the token is the first of its sentence.
    begins : ndarray of shape (n_tokens,)
        Whether it is the first of its text.
    actor : ndarray of shape (n_tokens,)
        Log odds that a noun names an actor.
    """
    text = _Text(traits, np.append(opens, True), np.append(begins, True))
    closed, lower = text.has(CLOSED), text.has(LOWER)
    pronoun = text.has(PERSONAL)
    named = text.has(CAPITAL) & ~(closed & (opens | ~text.has(UPPER))) & ~pronoun
    noun = (actor >= _BY_ITSELF) & lower & ~closed & ~text.has(UP_TO_TWO) & ~pronoun & ~named
    at = np.flatnonzero(pronoun | named | noun)
    first, last = at.copy(), at + 1
    names = np.flatnonzero(named[at])
    last[names] = text.name_ends(at[names])
    first[names] = text.without_titles(at[names], last[names])
    # "Syrian army", "Obama administration": a noun after a name belongs to it.
    qualified = np.append(lower & (actor >= _AFTER_A_NAME), False) & ~text.opens
    extended = names[qualified[last[names]]]
    last[extended] += 1
    whole = np.concatenate([extended, np.flatnonzero(noun[at])])
    first[whole] -= text.after_article(first[whole])
    kept = _not_inside(at, last)
    return Mentions(first[kept], last[kept], at[kept], named[at[kept]], pronoun[at[kept]])


def _not_inside(at: Ints, last: Ints) -> Ints:
    """Return which ranges begin after all that were kept before them have ended."""
    kept, done = [], 0
    for number, (begin, end) in enumerate(zip(at.tolist(), last.tolist(), strict=True)):
        if begin >= done:
            kept.append(number)
            done = end
    return np.array(kept, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class _Text:
    """Texts end to end, for questions about many names at once."""

    traits: Traits  # (n_tokens,)
    opens: Flags  # (n_tokens + 1,), one place more: nothing goes on behind the last text
    begins: Flags

    def has(self, trait: np.uint32) -> Flags:
        """Return which tokens have a trait, shape (n_tokens,)."""
        return np.asarray(self.traits & trait > 0)

    def name_ends(self, at: Ints) -> Ints:
        """Return where the names end that begin at these tokens."""
        step = self._steps()
        end = at + 1
        going = np.flatnonzero(step[end])
        while len(going):
            end[going] += step[end[going]]
            going = going[step[end[going]] > 0]
        # "U.S.": the last full stop belongs to it.
        stop = np.append(self.has(FULL_STOP), False) & ~self.begins
        end += stop[end] & self.has(ONE_LETTER)[end - 1] & (end - at >= 3)
        return end

    def _steps(self) -> Ints:
        """Return by how many tokens a name goes on at each place, shape (n_tokens + 1,)."""
        capital, closed = self.has(CAPITAL), self.has(CLOSED)
        step = np.zeros(len(self.traits) + 1, dtype=np.int64)
        follows = capital & (~closed | self.has(ONE_LETTER)) & ~self.begins[:-1]
        joins = self.has(GLUE) | self.has(LINK)
        # A full stop joins after an initial or an abbreviation alone.
        joins[1:] &= ~(self.has(FULL_STOP)[1:] & self.has(OVER_FOUR)[:-1])
        step[:-2] = 2 * (joins[:-1] & follows[1:])
        # "Bashar al-Assad": a small word that a hyphen ties to a name.
        tied = self.has(LINK)[:-2] & self.has(GLUE)[1:-1] & follows[2:]
        step[:-3][tied & ~self.opens[1:-2]] = 3
        step[:-1][capital & ~closed] = 1
        step[self.opens] = 0
        return step

    def without_titles(self, start: Ints, end: Ints) -> Ints:
        """Return where the names begin: after the last title that a word of it follows."""
        places = np.arange(len(self.traits))
        title, link, glue = self.has(TITLE), self.has(LINK), self.has(GLUE)
        title[:-1] &= ~link[1:]
        latest = np.maximum.accumulate(np.where(title, places, -1))
        before = np.maximum(end - 2, start)
        led = (end - start > 1) & (latest[before] >= start)
        name = np.where(led, latest[before] + 1, start)
        word = np.minimum.accumulate(np.where(glue, len(places), places)[::-1])[::-1]
        return np.asarray(np.minimum(word[name], end - 1))

    def after_article(self, at: Ints) -> Flags:
        """Return which of these tokens follow an article."""
        return np.asarray(self.has(ARTICLE)[at - 1] & ~self.begins[at])
